package identityweb

import (
	"tongxin/internal/identity"
	"tongxin/internal/web"
)

func accountPage(r *web.Request) (web.Page, error) {
	a, err := web.Ask(r, identity.Own(), struct{}{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("identity.account.title"), Body: account(r.View, a, identity.PolicyOf(r.App))}, nil
}

// tokenPage shows a new token once.
func tokenPage(r *web.Request, out identity.SignedIn) (web.Page, error) {
	return web.Page{Title: r.View.T("identity.token.title"), Body: newToken(r.View, out)}, nil
}

func accountsPage(r *web.Request) (web.Page, error) {
	in := identity.AccountsIn{Q: r.URL.Query().Get("q"), State: r.URL.Query().Get("state"), After: r.URL.Query().Get("after")}
	list, err := web.Ask(r, identity.Accounts(), in)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("identity.accounts.title"), Body: accounts(r.View, in, list)}, nil
}

func personPage(r *web.Request) (web.Page, error) {
	s, err := web.Ask(r, identity.SessionsOf(), identity.PersonID{PersonID: r.PathValue("person_id")})
	if err != nil {
		return web.Page{}, err
	}
	list, err := web.Ask(r, identity.Accounts(), identity.AccountsIn{Q: s.Name})
	if err != nil {
		return web.Page{}, err
	}
	row := identity.AccountRow{PersonID: s.PersonID, Name: s.Name}
	for _, x := range list.Rows {
		if x.PersonID == s.PersonID {
			row = x
		}
	}
	return web.Page{Title: r.View.T("identity.person.title", "name", s.Name), Body: person(r.View, row, s)}, nil
}

// slipsPage shows the codes once, to print or to download.
func slipsPage(r *web.Request, out identity.IssueCodesOut) (web.Page, error) {
	address := "http://" + r.Host + "/claim"
	if r.Kit.Secure {
		address = "https://" + r.Host + "/claim"
	}
	return web.Page{Title: r.View.T("identity.slips.title"), Body: slips(r.View, out, address)}, nil
}
