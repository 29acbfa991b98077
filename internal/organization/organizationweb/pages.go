package organizationweb

import (
	"io"
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/clock"
	"tongxin/internal/fault"
	"tongxin/internal/identity"
	"tongxin/internal/organization"
	"tongxin/internal/web"
)

// forAdmin shows a page to the system administrator alone.
func forAdmin(h web.Handler) web.Handler {
	return only(h, "organization.only-system-admin", access.SystemAdmin)
}

// forReaders shows a page to those who look after the committee's make-up.
func forReaders(h web.Handler) web.Handler {
	return only(h, "access.denied", access.SystemAdmin, access.SecurityAdmin, access.Office, access.Chief)
}

func only(h web.Handler, key string, kinds ...access.PostKind) web.Handler {
	return func(r *web.Request) (web.Page, error) {
		if !r.Who.Is(kinds...) {
			return web.Page{}, fault.New(fault.Forbidden, key)
		}
		return h(r)
	}
}

// of is the view for one form of a page with several: what was typed into
// another form, and what was wrong there, stays out of it.
func of(v web.View, action string) web.View {
	if v.Failed != action {
		v.Typed, v.Fault = nil, nil
	}
	return v
}

// setupPage founds the committee, or leads to the parts of set-up.
func setupPage(r *web.Request) (web.Page, error) {
	v := r.View
	done, err := organization.Founded(r.Context(), r.App)
	switch {
	case err != nil:
		return web.Page{}, err
	case !done:
		return web.Page{Title: v.T("organization.found.title"), Body: found(v, identity.PolicyOf(r.App))}, nil
	case !r.Who.SignedIn():
		return web.See("/sign-in?next=/setup"), nil
	case !r.Who.Is(access.SystemAdmin):
		return web.Page{}, fault.New(fault.Forbidden, "organization.only-system-admin")
	}
	c, err := web.Ask(r, organization.TheCommittee, struct{}{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: v.T("organization.setup.title"), Body: hub(v, c)}, nil
}

// foundPage signs the system administrator in and shows the two other codes
// once.
func foundPage(r *web.Request, out organization.FoundOut) (web.Page, error) {
	r.SetSession(out.SignedIn.Token)
	address := "http://" + r.Host + "/claim"
	if r.Kit.Secure {
		address = "https://" + r.Host + "/claim"
	}
	return web.Page{Title: r.View.T("organization.found.done"), Body: foundDone(r.View, out, address)}, nil
}

func committeePage(r *web.Request) (web.Page, error) {
	c, err := web.Ask(r, organization.TheCommittee, struct{}{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("organization.setup.committee"), Body: committeeForm(r.View, c)}, nil
}

func termsPage(r *web.Request) (web.Page, error) {
	list, err := web.Ask(r, organization.Terms, struct{}{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("organization.setup.terms"), Body: terms(r.View, list)}, nil
}

// kindOf is the kind of bodies that a page is about; sectors first.
func kindOf(r *web.Request) string {
	kind := r.Arg("kind")
	for _, k := range organization.BodyKinds() {
		if string(k) == kind {
			return kind
		}
	}
	return string(organization.Sector)
}

func bodiesPage(r *web.Request) (web.Page, error) {
	in := organization.BodiesIn{Kind: kindOf(r), Q: r.View.Query.Get("q"), Closed: r.Arg("closed") == "1"}
	list, err := web.Ask(r, organization.BodyList, in)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("organization.body.title"), Body: bodyList(r.View, in, list)}, nil
}

func peoplePage(r *web.Request) (web.Page, error) {
	q := r.URL.Query()
	in := organization.PeopleIn{Q: q.Get("q"), Kind: q.Get("kind"), BodyID: q.Get("body_id"), Left: q.Get("left") == "1", After: q.Get("after")}
	list, err := web.Ask(r, organization.People, in)
	if err != nil {
		return web.Page{}, err
	}
	all, err := web.Ask(r, organization.BodyList, organization.BodiesIn{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("organization.people.title"), Body: peopleList(r.View, in, list, all)}, nil
}

func newPersonPage(r *web.Request) (web.Page, error) {
	return web.Page{Title: r.View.T("organization.people.add"), Body: newPerson(r.View)}, nil
}

// choices are the bodies and terms to choose from on a person's page.
type choices struct {
	bodies []organization.BodyRow
	terms  []organization.Term
}

func personPage(r *web.Request) (web.Page, error) {
	p, err := web.Ask(r, organization.ThePerson, organization.PersonID{PersonID: r.Arg("person_id")})
	if err != nil {
		return web.Page{}, err
	}
	var c choices
	if c.bodies, err = web.Ask(r, organization.BodyList, organization.BodiesIn{}); err != nil {
		return web.Page{}, err
	}
	if c.terms, err = web.Ask(r, organization.Terms, struct{}{}); err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: p.Name, Body: person(r.View, p, c)}, nil
}

func rosterPage(r *web.Request) (web.Page, error) {
	if !r.Who.Is(access.SystemAdmin, access.Office) {
		return web.Page{}, fault.New(fault.Forbidden, "organization.only-office")
	}
	list, err := web.Ask(r, organization.Terms, struct{}{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("organization.roster.title"), Body: rosterForm(r.View, list)}, nil
}

// readRoster takes the file of the form as text; the second form, after the
// check, brings the text itself.
func readRoster(r *web.Request, in *organization.ImportRosterIn) error {
	if in.Content != "" {
		return nil
	}
	f, _, err := r.FormFile("file")
	if err != nil {
		return fault.Field("file", "organization.roster.file-needed").Because(err)
	}
	defer func() { _ = f.Close() }()
	raw, err := io.ReadAll(io.LimitReader(f, 2*organization.RosterBytes))
	if err != nil {
		return fault.Field("file", "organization.roster.unreadable").Because(err)
	}
	in.Content, err = organization.DecodeText(raw)
	return err
}

func importedPage(r *web.Request, out organization.ImportRosterOut) (web.Page, error) {
	v := r.View
	if !out.DryRun {
		return web.Page{Title: v.T("organization.roster.imported"), Body: imported(v, out)}, nil
	}
	content := r.PostForm.Get("content")
	if content == "" {
		var in organization.ImportRosterIn
		if err := readRoster(r, &in); err != nil {
			return web.Page{}, err
		}
		content = in.Content
	}
	return web.Page{Title: v.T("organization.roster.checked"), Body: checked(v, out, content)}, nil
}

func exportedFile(_ *web.Request, out organization.ExportRosterOut) (web.Page, error) {
	return web.Page{File: &web.File{Name: out.Name, Type: "text/csv; charset=utf-8", Body: io.NopCloser(strings.NewReader(out.CSV)), Size: int64(len(out.CSV))}}, nil
}

// number writes a number for a form field, "" for none.
func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// local writes an instant for a datetime-local field.
func local(i clock.Instant) string {
	if i.IsZero() {
		return ""
	}
	return i.In(clock.Beijing).Format("2006-01-02T15:04")
}

// span says from when to when.
func span(v web.View, from, to string) string {
	if to == "" {
		return v.T("organization.person.since", "from", v.Day(from))
	}
	return v.T("organization.person.span", "from", v.Day(from), "to", v.Day(to))
}
