package appraisalweb

import (
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/appraisal"
	"tongxin/internal/clock"
	"tongxin/internal/fault"
	"tongxin/internal/web"
)

// Routes registers the pages and operations of the appraisal.
func Routes(k *web.Kit, j *api.Kit) {
	yearPages(k)
	yearForms(k)
	yearOperations(j)
	twoWay(k, j)
	meetings(k, j)
	k.Menu(web.MenuItem{Key: "appraisal.menu", Path: "/appraisal", Icon: "check", Order: 55,
		For: []access.PostKind{access.Office, access.Chief, access.Leader, access.Dispatcher, access.Handler, access.Signer}})
}

func yearPages(k *web.Kit) {
	k.Page("GET /appraisal", indexPage, appraisal.Years.Name())
	k.Page("GET /appraisal/new", newPage)
	k.Page("GET /appraisal/appeals", appealsPage, appraisal.Appeals.Name())
	k.Page("GET /appraisal/schemes/{id}", schemePage, appraisal.Show.Name())
	k.Page("GET /appraisal/schemes/{id}/edit", editPage)
	k.Page("GET /appraisal/schemes/{id}/indicators/{code}", indicatorPage)
	k.Page("GET /appraisal/schemes/{id}/marks/{code}", marksPage, appraisal.Marks.Name())
	k.Page("GET /appraisal/schemes/{id}/compare", comparePage, appraisal.Compare.Name())
	k.Page("GET /appraisal/schemes/{id}/units/{unit}", sheetPage, appraisal.ShowSheet.Name())
	k.Page("GET /appraisal/schemes/{id}/units/{unit}/print", printPage)
	k.Page("GET /appraisal/schemes/{id}/units/{unit}/cases/{code}", casesPage, appraisal.Cases.Name())
}

func yearForms(k *web.Kit) {
	toScheme := func(_ *web.Request, o appraisal.SchemeOut) string { return appraisal.PathOf(o.ID) }
	toSheet := func(_ *web.Request, o appraisal.AppealOut) string { return appraisal.SheetPath(o.SchemeID, o.UnitID) }
	web.Form(k, "POST /appraisal/new", appraisal.DraftScheme, toScheme, web.Again[appraisal.DraftIn](newPage))
	web.Form(k, "POST /appraisal/schemes/{id}/edit", appraisal.ChangeScheme, toScheme, web.Again[appraisal.ChangeIn](editPage))
	web.Form(k, "POST /appraisal/schemes/{id}/indicators", appraisal.SetIndicator, toScheme, web.Again[appraisal.IndicatorIn](indicatorPage))
	web.Form(k, "POST /appraisal/schemes/{id}/indicators/{code}/remove", appraisal.RemoveIndicator, toScheme, web.Again[appraisal.RemoveIn](schemePage))
	web.Form(k, "POST /appraisal/schemes/{id}/marks/{code}", appraisal.EnterMarks, func(_ *web.Request, o appraisal.MarksOut) string { return appraisal.PathOf(o.ID) }, web.Again[appraisal.MarksIn](marksPage))
	web.Form(k, "POST /appraisal/schemes/{id}/simulate", appraisal.Simulate, toScheme, web.Again[appraisal.NameIn](schemePage))
	web.Form(k, "POST /appraisal/schemes/{id}/publish", appraisal.Publish, toScheme, web.Again[appraisal.NameIn](schemePage))
	web.Form(k, "POST /appraisal/schemes/{id}/close", appraisal.Close, toScheme, web.Again[appraisal.NameIn](schemePage))
	web.Form(k, "POST /appraisal/schemes/{id}/discard", appraisal.Discard, toScheme, web.Again[appraisal.NameIn](schemePage))
	web.Form(k, "POST /appraisal/schemes/{id}/units/{unit}/appeal", appraisal.MakeAppeal, toSheet, web.Again[appraisal.AppealIn](sheetPage))
	web.Form(k, "POST /appraisal/schemes/{id}/units/{unit}/adjust", appraisal.Adjust, toSheet, web.Again[appraisal.AdjustIn](sheetPage))
	web.Form(k, "POST /appraisal/appeals/{id}/rule", appraisal.RuleAppeal, toSheet, web.Again[appraisal.RuleIn](ruleAgain))
}

func yearOperations(j *api.Kit) {
	api.Get(j, "/api/v1/appraisal/schemes", appraisal.Years)
	api.Post(j, "/api/v1/appraisal/schemes", appraisal.DraftScheme)
	api.Get(j, "/api/v1/appraisal/schemes/{id}", appraisal.Show)
	api.Post(j, "/api/v1/appraisal/schemes/{id}", appraisal.ChangeScheme)
	api.Post(j, "/api/v1/appraisal/schemes/{id}/indicators", appraisal.SetIndicator)
	api.Post(j, "/api/v1/appraisal/schemes/{id}/indicators/{code}/remove", appraisal.RemoveIndicator)
	api.Get(j, "/api/v1/appraisal/schemes/{id}/marks/{code}", appraisal.Marks)
	api.Post(j, "/api/v1/appraisal/schemes/{id}/marks/{code}", appraisal.EnterMarks)
	api.Post(j, "/api/v1/appraisal/schemes/{id}/simulate", appraisal.Simulate)
	api.Post(j, "/api/v1/appraisal/schemes/{id}/publish", appraisal.Publish)
	api.Post(j, "/api/v1/appraisal/schemes/{id}/close", appraisal.Close)
	api.Post(j, "/api/v1/appraisal/schemes/{id}/discard", appraisal.Discard)
	api.Get(j, "/api/v1/appraisal/schemes/{id}/compare", appraisal.Compare)
	api.Get(j, "/api/v1/appraisal/schemes/{id}/units/{unit}", appraisal.ShowSheet)
	api.Get(j, "/api/v1/appraisal/schemes/{id}/units/{unit}/cases/{code}", appraisal.Cases)
	api.Post(j, "/api/v1/appraisal/schemes/{id}/units/{unit}/appeal", appraisal.MakeAppeal)
	api.Post(j, "/api/v1/appraisal/schemes/{id}/units/{unit}/adjust", appraisal.Adjust)
	api.Get(j, "/api/v1/appraisal/appeals", appraisal.Appeals)
	api.Post(j, "/api/v1/appraisal/appeals/{id}/rule", appraisal.RuleAppeal)
}

func manages(who access.Actor) bool { return who.Is(access.Office, access.Chief) }

func oversees(who access.Actor) bool { return manages(who) || who.Is(access.Leader) }

// reads tells whether the yearly scores concern somebody at all.
func reads(who access.Actor) bool {
	return oversees(who) || who.Is(access.Dispatcher, access.Handler, access.Signer)
}

func missingPage() error { return fault.New(fault.NotFound, "fault.not-found") }

// tab is one part of the appraisal.
type tab struct{ key, path string }

func tabsFor(v web.View) []tab {
	var list []tab
	if reads(v.Who) {
		list = append(list, tab{"appraisal.years", "/appraisal"})
	}
	if oversees(v.Who) || v.Who.Is(access.Handler, access.Signer) {
		list = append(list, tab{"appraisal.appeals", "/appraisal/appeals"})
	}
	if reads(v.Who) || grades(v.Who) {
		list = append(list, tab{"appraisal.two", "/appraisal/two-way"})
	}
	if reads(v.Who) || scores(v.Who) {
		list = append(list, tab{"appraisal.meetings", "/appraisal/meetings"})
	}
	return list
}

func indexPage(r *web.Request) (web.Page, error) {
	if !reads(r.Who) {
		return web.Page{}, missingPage()
	}
	years, err := web.Ask(r, appraisal.Years, struct{}{})
	if err != nil {
		return web.Page{}, err
	}
	x := index{years: years, manages: manages(r.Who), oversees: oversees(r.Who)}
	if r.Who.Is(access.Handler, access.Signer) {
		x.unit = r.Who.Post.BodyID
	}
	return web.Page{Title: r.View.T("appraisal.title"), Body: indexBody(r.View, x)}, nil
}

func newPage(r *web.Request) (web.Page, error) {
	if !manages(r.Who) {
		return web.Page{}, missingPage()
	}
	years, err := web.Ask(r, appraisal.Years, struct{}{})
	if err != nil {
		return web.Page{}, err
	}
	year := r.View.Query.Get("year")
	if _, err := strconv.Atoi(year); err != nil {
		// In the first half of a year it is mostly the last one that is scored.
		year = strconv.Itoa(r.App.Clock().Now().In(clock.Beijing).AddDate(0, -6, 0).Year())
	}
	return web.Page{Title: r.View.T("appraisal.new"), Body: newBody(r.View, years.Schemes, year)}, nil
}

func schemePage(r *web.Request) (web.Page, error) {
	x, err := web.Ask(r, appraisal.Show, appraisal.SchemeAsk{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: x.Scheme.Title, Body: schemeBody(r.View, x)}, nil
}

// editable is the scheme of the path when the person may change it now.
func editable(r *web.Request) (appraisal.Scheme, error) {
	x, err := web.Ask(r, appraisal.Show, appraisal.SchemeAsk{ID: r.PathValue("id")})
	if err == nil && !manages(r.Who) {
		err = fault.New(fault.Forbidden, "appraisal.office-only")
	}
	if err == nil && !x.May.Edit {
		err = fault.New(fault.Closed, "appraisal.closed."+string(x.Scheme.State))
	}
	return x.Scheme, err
}

func editPage(r *web.Request) (web.Page, error) {
	s, err := editable(r)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("appraisal.edit"), Body: editBody(r.View, s)}, nil
}

// indicatorPage is the form of an indicator; "new" is one that is made.
func indicatorPage(r *web.Request) (web.Page, error) {
	s, err := editable(r)
	if err != nil {
		return web.Page{}, err
	}
	code := r.Arg("code")
	i, place := appraisal.Indicator{Of: appraisal.OfMain, Without: appraisal.WithoutShare, MinCases: 1, Rule: appraisal.Rule{Kind: appraisal.Linear}}, len(s.Indicators)+1
	for k, x := range s.Indicators {
		if x.Code == code {
			i, place = x, k+1
		}
	}
	if i.Code == "" && code != "new" && code != "" {
		return web.Page{}, missingPage()
	}
	return web.Page{Title: r.View.T("appraisal.indicator"), Body: indicatorBody(r.View, s, i, place)}, nil
}

func marksPage(r *web.Request) (web.Page, error) {
	if _, err := editable(r); err != nil {
		return web.Page{}, err
	}
	x, err := web.Ask(r, appraisal.Marks, appraisal.MarkAsk{ID: r.PathValue("id"), Code: r.PathValue("code")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: x.Indicator.Name, Body: marksBody(r.View, x)}, nil
}

func comparePage(r *web.Request) (web.Page, error) {
	x, err := web.Ask(r, appraisal.Compare, appraisal.CompareIn{ID: r.PathValue("id"), With: r.View.Query.Get("with")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("appraisal.compare"), Body: compareBody(r.View, x)}, nil
}

func sheetPage(r *web.Request) (web.Page, error) {
	return sheetAt(r, r.PathValue("id"), r.PathValue("unit"))
}

// ruleAgain shows the sheet that a ruling was sent from.
func ruleAgain(r *web.Request) (web.Page, error) {
	return sheetAt(r, r.PostForm.Get("_scheme"), r.PostForm.Get("_unit"))
}

func sheetAt(r *web.Request, scheme, unit string) (web.Page, error) {
	x, err := web.Ask(r, appraisal.ShowSheet, appraisal.SheetAsk{ID: scheme, Unit: unit})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: x.Sheet.UnitName, Body: sheetBody(r.View, x)}, nil
}

func printPage(r *web.Request) (web.Page, error) {
	x, err := web.Ask(r, appraisal.ShowSheet, appraisal.SheetAsk{ID: r.PathValue("id"), Unit: r.PathValue("unit")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: x.Sheet.UnitName, Body: web.Bare(r.View, x.Sheet.UnitName, printBody(r.View, x)), Bare: true}, nil
}

func casesPage(r *web.Request) (web.Page, error) {
	x, err := web.Ask(r, appraisal.Cases, appraisal.SheetAsk{ID: r.PathValue("id"), Unit: r.PathValue("unit"), Code: r.PathValue("code")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: x.Indicator.Name, Body: casesBody(r.View, x)}, nil
}

func appealsPage(r *web.Request) (web.Page, error) {
	if !oversees(r.Who) && !r.Who.Is(access.Handler, access.Signer) {
		return web.Page{}, missingPage()
	}
	all := r.View.Query.Get("all") != ""
	list, err := web.Ask(r, appraisal.Appeals, appraisal.AppealsIn{All: all})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("appraisal.appeals"), Body: appealsBody(r.View, list, all, oversees(r.Who))}, nil
}
