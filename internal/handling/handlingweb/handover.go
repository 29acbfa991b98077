package handlingweb

import (
	"cmp"
	"net/url"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/handling"
	"tongxin/internal/web"
)

// handOver registers the pages and operations of changing units and officers.
func handOver(k *web.Kit, j *api.Kit) {
	k.Page("GET /dispatch/hand-over", transferPage, handling.PlanHandOver.Name())
	k.Page("GET /dispatch/hand-over/{id}", orderPage, handling.ShowHandOver.Name())
	k.Page("GET /assignments/hand-over", officersPage, handling.Postings.Name())
	web.Form(k, "POST /dispatch/hand-over", handling.HandOver, func(_ *web.Request, o handling.HandOverOut) string { return "/dispatch/hand-over/" + o.ID },
		web.Again[handling.HandOverIn](transferPage))
	web.Form(k, "POST /assignments/hand-over", handling.Appoint, afterAppointing, web.Again[handling.AppointIn](officersPage))
	api.Get(j, "/api/v1/hand-over", handling.PlanHandOver)
	api.Post(j, "/api/v1/hand-over", handling.HandOver)
	api.Get(j, "/api/v1/hand-over/{id}", handling.ShowHandOver)
	api.Get(j, "/api/v1/assignments/officers", handling.Postings)
	api.Post(j, "/api/v1/assignments/officers", handling.Appoint)
	api.Get(j, "/api/v1/assignments/orphans", handling.Orphans)
	k.Menu(
		web.MenuItem{Key: "handling.menu.hand-over", Path: "/dispatch/hand-over", Icon: "people", Order: 74, For: []access.PostKind{access.Office, access.Chief, access.Dispatcher}},
		web.MenuItem{Key: "handling.menu.officers", Path: "/assignments/hand-over", Icon: "people", Order: 74, For: []access.PostKind{access.Handler, access.Signer}},
	)
}

// fieldOr is a field of the refused form, or else of the address.
func fieldOr(r *web.Request, name string) string {
	return cmp.Or(r.PostForm.Get(name), r.View.Query.Get(name))
}

// transferPage is /dispatch/hand-over: from which unit to which, each case with
// what would become of it, and the order.
func transferPage(r *web.Request) (web.Page, error) {
	in := handling.HandOverPlanIn{From: fieldOr(r, "from"), To: fieldOr(r, "to"), Orphans: r.View.Query.Get("orphans") != ""}
	out, err := web.Ask(r, handling.PlanHandOver, in)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("handling.hand-over.title"), Body: transferBody(r.View, in, out)}, nil
}

// orderPage is one order with what became of each case.
func orderPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, handling.ShowHandOver, handling.HandOverID{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("handling.hand-over.title"), Body: orderBody(r.View, out)}, nil
}

// officersPage is /assignments/hand-over: who is reached about the unit's cases.
func officersPage(r *web.Request) (web.Page, error) {
	in := handling.PostingIn{Unit: fieldOr(r, "unit"), Was: fieldOr(r, "was")}
	out, err := web.Ask(r, handling.Postings, in)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("handling.appoint.title"), Body: officersBody(r.View, in, out)}, nil
}

func afterAppointing(r *web.Request, o handling.AppointOut) string {
	if r.Who.In(o.Unit) {
		return "/assignments/hand-over"
	}
	return "/assignments/hand-over?unit=" + url.QueryEscape(o.Unit)
}

// handedEvents are the lines of the course that tell of other units and officers.
func handedEvents(v web.View, x handling.View) []event {
	var list []event
	for _, h := range x.Handed {
		text := v.T("handling.event.handed."+h.Outcome, "from", h.From, "to", h.To)
		if why := whyHanded(v, h); why != "" {
			text = v.T("handling.event.why", "text", text, "why", why)
		}
		list = append(list, event{h.At.Time, h.To, text})
	}
	for _, o := range x.Officers {
		key := "handling.event.officer"
		switch {
		case o.Was == "" && o.Is == "":
			continue
		case o.Was == "":
			key = "handling.event.officer-first"
		case o.Is == "":
			key = "handling.event.officer-none"
		}
		list = append(list, event{o.At.Time, o.UnitName, v.T(key, args(o)...)})
	}
	return list
}

// args are the names that a sentence about an officer has places for.
func args(o handling.Officer) []any {
	switch {
	case o.Was == "":
		return []any{"is", o.Is}
	case o.Is == "":
		return []any{"was", o.Was}
	}
	return []any{"was", o.Was, "is", o.Is}
}

// whyHanded is the reason of a step, with the document where there is one.
func whyHanded(v web.View, h handling.Handed) string {
	why := h.Reason
	if why == "" && h.Cause != handling.CauseRenamed {
		why = v.T("handling.cause." + h.Cause)
	}
	switch {
	case h.Reference == "":
		return why
	case why == "":
		return h.Reference
	}
	return why + "，" + h.Reference
}

// unitChoices are the units that have work, those without anybody first.
func unitChoices(v web.View, out handling.HandOverPlan) []web.Option {
	list := []web.Option{{Text: v.T("handling.hand-over.choose-from")}}
	for _, u := range out.Units {
		list = append(list, web.Option{Value: u.ID, Text: loadWord(v, u)})
	}
	return list
}

func loadWord(v web.View, u handling.UnitLoad) string {
	key := "handling.hand-over.unit.open"
	switch {
	case u.EndedOn != "":
		key = "handling.hand-over.unit.ended"
	case u.Unmanned:
		key = "handling.hand-over.unit.unmanned"
	}
	return v.T(key, "unit", u.Name, "n", u.Open)
}

// takers are the units that may take.
func takers(v web.View, out handling.HandOverPlan) []web.Option {
	list := []web.Option{{Text: v.T("handling.hand-over.choose-to")}}
	for _, u := range out.To {
		list = append(list, web.Option{Value: u.Unit, Text: u.Name})
	}
	return list
}

// willWord says what would become of a case.
func willWord(v web.View, x handling.PlannedStep) string {
	if x.Will == "" {
		return v.T("handling.hand-over.will.choose")
	}
	return v.T("handling.hand-over.will." + string(x.Will))
}

// outcomeWord says what became of a case; its colour is outcomeTone.
func outcomeWord(v web.View, outcome string) string {
	return v.T("handling.hand-over.outcome." + cmp.Or(outcome, "waits"))
}

func outcomeTone(outcome string) string {
	switch outcome {
	case "":
		return "warn"
	case handling.NotPossible:
		return "bad"
	case handling.NothingLeft:
		return "mute"
	default:
		return "ok"
	}
}

// officerChoices are the officers with their cases.
func officerChoices(v web.View, out handling.Posting) []web.Option {
	n := 0
	var list []web.Option
	for _, o := range out.Officers {
		n += o.N
		if o.Name == "" {
			continue // among all of them
		}
		list = append(list, web.Option{Value: o.Name, Text: v.T("handling.appoint.was.one", "name", o.Name, "n", o.N)})
	}
	return append([]web.Option{{Text: v.T("handling.appoint.was.all", "n", n)}}, list...)
}

// peopleHint names who holds a post in the unit.
func peopleHint(v web.View, people []string) string {
	if len(people) == 0 {
		return ""
	}
	return v.T("handling.appoint.people", "names", joinNames(people))
}
