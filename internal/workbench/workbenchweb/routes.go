package workbenchweb

import (
	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/web"
	"tongxin/internal/workbench"
)

// Routes registers the home page.
func Routes(k *web.Kit, j *api.Kit) {
	k.Page("GET /{$}", home, workbench.Show.Name())
	k.Page("GET /more", func(r *web.Request) (web.Page, error) {
		return web.Page{Title: r.View.T("web.nav.more"), Body: web.MorePage(r.View)}, nil
	})
	api.Get(j, "/api/v1/workbench", workbench.Show)
	k.Menu(web.MenuItem{Key: "workbench.title", Path: "/", Icon: "home", Tab: true})
}

func home(r *web.Request) (web.Page, error) {
	p, err := web.Ask(r, workbench.Show, struct{}{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("workbench.title"), Body: page(r.View, p)}, nil
}

// administers reports whether somebody sees no business by his post.
func administers(who access.Actor) bool {
	return who.Is(access.SystemAdmin, access.SecurityAdmin, access.Auditor)
}
