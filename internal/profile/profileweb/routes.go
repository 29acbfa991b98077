package profileweb

import (
	"net/url"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
	"tongxin/internal/web"
)

// Routes registers the pages and operations of the rules.
func Routes(k *web.Kit, j *api.Kit) {
	k.Page("GET /setup/rules", overview, profile.Show.Name())
	k.Page("GET /setup/rules/history", history, profile.History.Name(), profile.Show.Name())
	k.Page("GET /setup/rules/{section}", edit, profile.Show.Name(), profile.Preview.Name())
	web.Form(k, "POST /setup/rules/{section}", profile.ChangeRules,
		func(*web.Request, profile.ChangeOut) string { return "/setup/rules" }, web.Again[profile.ChangeIn](edit))

	api.Get(j, "/api/v1/rules", profile.Show)
	api.Get(j, "/api/v1/rules/history", profile.History)
	api.Get(j, "/api/v1/rules/preview", profile.Preview)
	api.Post(j, "/api/v1/rules/{section}", profile.ChangeRules)

	k.Menu(web.MenuItem{Key: "profile.menu", Path: "/setup/rules", Icon: "gear", For: []access.PostKind{access.Chief, access.SystemAdmin}, Order: 82})
}

// mayChange tells whether the person would be let through; the act judges again.
func mayChange(who access.Actor) bool { return who.Is(access.Chief, access.SystemAdmin) }

// mayWatch tells whether the history is shown.
func mayWatch(who access.Actor) bool {
	return who.Is(access.Chief, access.Office, access.Leader, access.SystemAdmin, access.SecurityAdmin, access.Auditor)
}

func overview(r *web.Request) (web.Page, error) {
	s, err := web.Ask(r, profile.Show, profile.ShowIn{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("profile.title"), Body: Overview(r.View, s)}, nil
}

func history(r *web.Request) (web.Page, error) {
	h, err := web.Ask(r, profile.History, profile.HistoryIn{})
	if err != nil {
		return web.Page{}, err
	}
	s, err := web.Ask(r, profile.Show, profile.ShowIn{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("profile.history"), Body: HistoryPage(r.View, h, &s.Rules)}, nil
}

// form is what the page of one section shows.
type form struct {
	section profile.Section
	shown   profile.Shown
	parts   profile.ChangeIn  // the rules as forms show them
	preview profile.Previewed // empty in a section without deadlines
}

func (f form) path() string { return "/setup/rules/" + string(f.section) }

// edit is the form of one section: as stored, as it was typed when the act
// refused, or as it is being tried out.
func edit(r *web.Request) (web.Page, error) {
	f := form{section: profile.Section(r.PathValue("section"))}
	if !slices.Contains(profile.Sections(), f.section) {
		return web.Page{}, fault.New(fault.NotFound, "fault.not-found")
	}
	if !mayChange(r.Who) {
		return web.Page{}, fault.New(fault.Forbidden, "profile.not-yours")
	}
	var err error
	if f.shown, err = web.Ask(r, profile.Show, profile.ShowIn{}); err != nil {
		return web.Page{}, err
	}
	f.parts = profile.FormOf(&f.shown.Rules)
	if f.preview, err = tryOut(r, f); err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("profile.edit-of", "name", r.View.T("profile.section."+string(f.section))), Body: EditPage(r.View, f)}, nil
}

// tryOut computes what the deadlines of the section give that are stored or
// were typed.
func tryOut(r *web.Request, f form) (profile.Previewed, error) {
	in := f.parts
	if r.URL.Query().Get("preview") != "" {
		r.View.Typed = r.URL.Query()
	}
	if r.View.Typed != nil {
		in = profile.ChangeIn{}
		err := web.Bind(r.View.Typed, func(string) string { return "" }, &in)
		if in.Section = f.section; err == nil {
			err = in.Check(&f.shown.Rules)
		}
		if err != nil && r.View.Fault == nil {
			r.View.Fault = fault.From(err)
		}
	}
	in.Section = f.section
	return web.Ask(r, profile.Preview, in.Preview())
}

// nth is what was typed into the field that stands there for the i-th time.
func nth(typed url.Values, field string, i int, stored string) string {
	if typed == nil {
		return stored
	}
	if list := typed[field]; i < len(list) {
		return list[i]
	}
	return ""
}
