package identityweb

import (
	"github.com/a-h/templ"

	"tongxin/internal/identity"
	"tongxin/internal/web"
)

// signInPage is where everybody comes in. Somebody who is in already goes on.
func signInPage(r *web.Request) (web.Page, error) {
	if r.Who.SignedIn() && r.View.Fault == nil {
		return web.See(web.SafeNext(r.Arg("next"))), nil
	}
	return bare(r, "identity.sign-in.title", signIn(r.View, web.SafeNext(r.Arg("next"))))
}

func claimPage(r *web.Request) (web.Page, error) {
	return bare(r, "identity.claim.title", claim(r.View, identity.PolicyOf(r.App)))
}

// bare shows a page before signing in: without menu.
func bare(r *web.Request, title string, body templ.Component) (web.Page, error) {
	words := r.View.T(title)
	return web.Page{Title: words, Bare: true, Body: web.Bare(r.View, words, door(r.View, body))}, nil
}

// welcome gives the browser its session and goes where the person wanted.
func welcome(r *web.Request, out identity.SignedIn) (web.Page, error) {
	r.SetSession(out.Token)
	return web.See(web.SafeNext(r.Arg("next"))), nil
}

// preferences keeps language and size: with the person who is signed in, else
// in the browser.
func preferences(r *web.Request) (web.Page, error) {
	if err := r.ParseForm(); err != nil {
		return web.See("/"), nil
	}
	in := identity.PreferencesIn{Lang: r.Arg("lang"), Elder: r.Arg("elder") == "1"}
	if r.Who.SignedIn() {
		if _, err := identity.SetPreferences.Do(r.Context(), r.App, r.Who, in); err != nil {
			return web.Page{}, err
		}
	}
	elder := "0"
	if in.Elder {
		elder = "1"
	}
	r.SetCookie("elder", elder)
	if in.Lang == "en" || in.Lang == "zh-CN" {
		r.SetCookie("lang", in.Lang)
	}
	return web.See(web.SafeNext(r.Arg("next"))), nil
}

// back returns to the page that the button stood on.
func back(r *web.Request) string {
	if next := r.Arg("next"); next != "" {
		return web.SafeNext(next)
	}
	return "/account"
}
