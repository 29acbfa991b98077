package helpweb

import (
	"cmp"

	"tongxin/internal/access"
	"tongxin/internal/fault"
	"tongxin/internal/help"
	"tongxin/internal/web"
)

// Routes registers the help.
func Routes(k *web.Kit, b *help.Book) {
	k.Open("GET /help", func(r *web.Request) (web.Page, error) { return show(r, b, kindOf(r.Who)) })
	k.Open("GET /help/{kind}", func(r *web.Request) (web.Page, error) { return show(r, b, access.PostKind(r.PathValue("kind"))) })
}

// kindOf is the page that somebody wants first: that of his acting post.
func kindOf(who access.Actor) access.PostKind {
	if !who.SignedIn() {
		return help.Visitor
	}
	return cmp.Or(who.Post.Kind, help.Visitor)
}

func show(r *web.Request, b *help.Book, kind access.PostKind) (web.Page, error) {
	p, ok := b.Page(r.View.Language(), kind)
	if !ok {
		return web.Page{}, fault.New(fault.NotFound, "fault.not-found")
	}
	return web.Page{Title: r.View.T("help.title"), Body: page(r.View, kind, p)}, nil
}

// word is how a page is called in the list.
func word(v web.View, kind access.PostKind) string {
	if kind == help.Visitor {
		return v.T("help.visitor")
	}
	return v.T("post." + string(kind))
}
