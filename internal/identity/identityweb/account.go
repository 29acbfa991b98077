package identityweb

import (
	"io"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/fault"
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

// slipSheet are the slips as a file. They are known to this page alone, so it
// carries the file and sends it back when somebody wants to download it.
func slipSheet(v web.View, out identity.IssueCodesOut, address string) string {
	rows := [][]string{{v.T("identity.slips.name"), v.T("identity.slips.login"), v.T("identity.slips.code"), v.T("identity.slips.address"), v.T("identity.slips.until")}}
	for _, s := range out.Slips {
		rows = append(rows, []string{s.Name, s.Login, s.Code, address, v.Date(s.EndsAt.Time)})
	}
	return identity.Sheet(rows)
}

// sheetLimit bounds what the page of slips sends back.
const sheetLimit = 4 << 20

// sheetFile returns the file that the page of slips carries.
func sheetFile(r *web.Request) (web.Page, error) {
	if !r.Who.Is(access.SystemAdmin) {
		return web.Page{}, fault.New(fault.Forbidden, "identity.only-system-admin")
	}
	if err := r.ParseForm(); err != nil {
		return web.Page{}, fault.New(fault.Invalid, "web.form-unreadable").Because(err)
	}
	sheet := r.PostForm.Get("sheet")
	return web.Page{File: &web.File{Name: r.View.T("identity.slips.csv-name") + ".csv", Type: "text/csv; charset=utf-8",
		Body: io.NopCloser(strings.NewReader(sheet)), Size: int64(len(sheet))}}, nil
}
