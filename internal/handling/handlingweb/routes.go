package handlingweb

import (
	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/document"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/web"
)

// Routes registers the pages and operations of handling.
func Routes(k *web.Kit, j *api.Kit) {
	k.Page("GET /assignments", listPage, handling.List.Name())
	k.Page("GET /dispatch", dispatchPage, handling.RouteQueue.Name())
	k.Page("GET /cases/{kind}/{id}", casePage, handling.Show.Name())
	k.Page("GET /cases/{kind}/{id}/reply", replyPage)
	k.Page("GET /replies/{id}", letterPage, handling.ShowReply.Name(), handling.Read.Name())
	k.Page("GET /replies/{id}/print", printPage)
	k.Page("GET /replies/{id}/rate", ratePage)
	forms(k)
	yearForms(k)
	operations(j)
	yearOperations(j)
	bulkForms(k)
	bulkOperations(j)
	handOver(k, j)
	promises(k, j)
	staff := []access.PostKind{access.Office, access.Chief, access.Dispatcher}
	k.Menu(
		web.MenuItem{Key: "handling.menu.dispatch", Path: "/dispatch", Icon: "plus", Tab: true, Order: 40, For: staff},
		web.MenuItem{Key: "handling.menu.assignments", Path: "/assignments", Icon: "check", Tab: true, Order: 41,
			For: append([]access.PostKind{access.Handler, access.Signer}, staff...)},
	)
}

// forms registers the forms of the case page, each shown again there.
func forms(k *web.Kit) {
	web.Form(k, "POST /dispatch/route", handling.RouteCases, toQueue, web.Again[handling.RouteIn](dispatchAgain))
	web.Form(k, "POST /dispatch", handling.Dispatch, toQueue, web.Again[handling.DispatchIn](dispatchAgain))
	web.Form(k, "POST /assignments/{id}/sign", handling.Sign, afterProgress, web.Again[handling.SignIn](caseAgain))
	web.Form(k, "POST /assignments/{id}/opinion", handling.Opine, afterProgress, web.Again[handling.OpineIn](caseAgain))
	web.Form(k, "POST /assignments/{id}/change-unit", handling.ChangeUnit, afterProgress, web.Again[handling.ChangeUnitIn](caseAgain))
	web.Form(k, "POST /assignments/{id}/contact", handling.RecordContact, func(_ *web.Request, o handling.ContactOut) string {
		return handling.PathOf(o.CaseKind, o.CaseID)
	}, web.Again[handling.ContactIn](caseAgain))
	web.Form(k, "POST /cases/{kind}/{id}/close", handling.CloseCase, func(_ *web.Request, o handling.CloseOut) string {
		return handling.PathOf(o.CaseKind, o.CaseID)
	}, web.Again[handling.CloseIn](casePage))
	web.Form(k, "POST /assignments/{id}/reply", handling.Draft, afterDraft, web.Again[handling.DraftIn](replyAgain))
	web.Form(k, "POST /assignments/{id}/submit", handling.Submit, afterReply, web.Again[handling.SubmitIn](replyAgain))
	web.Form(k, "POST /assignments/{id}/enter", handling.Enter, afterReply, web.Again[handling.EnterIn](replyAgain))
	web.FormPage(k, "POST /replies/{id}/issue", handling.Issue, signedOff, web.Again[handling.IssueIn](letterPage))
	web.Form(k, "POST /replies/{id}/return", handling.Return, toLetter, web.Again[handling.ReturnIn](letterPage))
	web.Form(k, "POST /replies/{id}/rate", handling.Rate, afterRating, web.Again[handling.RateIn](ratePage))
	web.Form(k, "POST /replies/{id}/rate-on-paper", handling.RateOnPaper, afterRating, web.Again[handling.PaperIn](letterPage))
}

// yearForms registers the forms of what goes sideways.
func yearForms(k *web.Kit) {
	web.Form(k, "POST /assignments/{id}/object", handling.Object, afterProgress, web.Again[handling.ObjectIn](caseAgain))
	web.Form(k, "POST /assignments/{id}/consent", handling.Consent, afterProgress, web.Again[handling.ErrandIn](caseAgain))
	web.Form(k, "POST /assignments/{id}/withdraw-objection", handling.WithdrawObjection, afterProgress, web.Again[handling.ErrandIn](caseAgain))
	web.Form(k, "POST /assignments/{id}/rule", handling.RuleObjection, afterProgress, web.Again[handling.RuleIn](caseAgain))
	web.Form(k, "POST /assignments/{id}/extend", handling.Extend, afterProgress, web.Again[handling.ExtendIn](caseAgain))
	web.Form(k, "POST /extensions/{id}/decide", handling.DecideExtension, afterProgress, web.Again[handling.ExtensionIn](caseAgain))
	web.Form(k, "POST /assignments/{id}/waive", handling.Waive, afterProgress, web.Again[handling.WaiveIn](caseAgain))
	web.Form(k, "POST /assignments/{id}/follow-up", handling.BeginFollowUp, func(_ *web.Request, o handling.ReplySaved) string {
		return "/cases/" + o.CaseKind + "/" + o.CaseID + "/reply"
	}, web.Again[handling.FollowUpIn](caseAgain))
	web.Form(k, "POST /cases/{kind}/{id}/last-word", handling.SayLastWord, func(_ *web.Request, o handling.CloseOut) string {
		return handling.PathOf(o.CaseKind, o.CaseID)
	}, web.Again[handling.LastWordIn](casePage))
	web.Form(k, "POST /replies/{id}/countersign", handling.CountersignReply, toCase, web.Again[handling.CountersignIn](letterPage))
	web.Form(k, "POST /replies/{id}/decide-dispute", handling.DecideDispute, toCase, web.Again[handling.DisputeIn](letterPage))
	web.Form(k, "POST /replies/{id}/pass", handling.Pass, toLetter, web.Again[handling.PassIn](letterPage))
	web.Form(k, "POST /replies/{id}/send-back", handling.SendBack, toCase, web.Again[handling.ReturnIn](letterPage))
	web.Form(k, "POST /replies/{id}/recall", handling.Recall, func(_ *web.Request, o handling.ReplySaved) string {
		return "/cases/" + o.CaseKind + "/" + o.CaseID + "/reply"
	}, web.Again[handling.RecallIn](letterPage))
	web.Form(k, "POST /replies/{id}/drop", handling.DropFollowUp, afterProgress, web.Again[handling.RecallIn](letterPage))
}

// toCase leads to the case where the letter may not be read any more.
func toCase(_ *web.Request, o handling.ReplySaved) string {
	return handling.PathOf(o.CaseKind, o.CaseID)
}

// yearOperations registers the same as JSON.
func yearOperations(j *api.Kit) {
	api.Post(j, "/api/v1/assignments/{id}/object", handling.Object)
	api.Post(j, "/api/v1/assignments/{id}/consent", handling.Consent)
	api.Post(j, "/api/v1/assignments/{id}/withdraw-objection", handling.WithdrawObjection)
	api.Post(j, "/api/v1/assignments/{id}/rule", handling.RuleObjection)
	api.Post(j, "/api/v1/assignments/{id}/extend", handling.Extend)
	api.Post(j, "/api/v1/extensions/{id}/decide", handling.DecideExtension)
	api.Post(j, "/api/v1/assignments/{id}/waive", handling.Waive)
	api.Post(j, "/api/v1/assignments/{id}/follow-up", handling.BeginFollowUp)
	api.Post(j, "/api/v1/cases/{kind}/{id}/last-word", handling.SayLastWord)
	api.Post(j, "/api/v1/replies/{id}/countersign", handling.CountersignReply)
	api.Post(j, "/api/v1/replies/{id}/decide-dispute", handling.DecideDispute)
	api.Post(j, "/api/v1/replies/{id}/pass", handling.Pass)
	api.Post(j, "/api/v1/replies/{id}/send-back", handling.SendBack)
	api.Post(j, "/api/v1/replies/{id}/recall", handling.Recall)
	api.Post(j, "/api/v1/replies/{id}/drop", handling.DropFollowUp)
}

// operations registers the same as JSON.
func operations(j *api.Kit) {
	api.Post(j, "/api/v1/cases/route", handling.RouteCases)
	api.Post(j, "/api/v1/cases/dispatch", handling.Dispatch)
	api.Get(j, "/api/v1/cases/waiting", handling.RouteQueue)
	api.Get(j, "/api/v1/cases/{kind}/{id}", handling.Show)
	api.Post(j, "/api/v1/cases/{kind}/{id}/close", handling.CloseCase)
	api.Get(j, "/api/v1/assignments", handling.List)
	api.Post(j, "/api/v1/assignments/{id}/sign", handling.Sign)
	api.Post(j, "/api/v1/assignments/{id}/contact", handling.RecordContact)
	api.Post(j, "/api/v1/assignments/{id}/opinion", handling.Opine)
	api.Post(j, "/api/v1/assignments/{id}/change-unit", handling.ChangeUnit)
	api.Post(j, "/api/v1/assignments/{id}/reply", handling.Draft)
	api.Post(j, "/api/v1/assignments/{id}/submit", handling.Submit)
	api.Post(j, "/api/v1/assignments/{id}/enter", handling.Enter)
	api.Get(j, "/api/v1/replies/{id}", handling.ShowReply)
	api.Post(j, "/api/v1/replies/{id}/issue", handling.Issue)
	api.Post(j, "/api/v1/replies/{id}/return", handling.Return)
	api.Post(j, "/api/v1/replies/{id}/read", handling.Read)
	api.Post(j, "/api/v1/replies/{id}/rate", handling.Rate)
	api.Post(j, "/api/v1/replies/{id}/rate-on-paper", handling.RateOnPaper)
}

func toQueue(r *web.Request, _ handling.BatchOut) string {
	if next := web.SafeNext(r.PostForm.Get("_next")); next != "/" {
		return next
	}
	return "/dispatch"
}

func afterProgress(_ *web.Request, o handling.Progress) string {
	return handling.PathOf(o.CaseKind, o.CaseID)
}

// afterDraft stays with the text, or shows it as a letter.
func afterDraft(r *web.Request, o handling.ReplySaved) string {
	if r.PostForm.Get("_next") == "preview" {
		return "/replies/" + o.ID
	}
	return "/cases/" + o.CaseKind + "/" + o.CaseID + "/reply"
}

func afterReply(_ *web.Request, o handling.ReplySaved) string { return "/replies/" + o.ID }

// signedOff says where the letter went: to the proposers, or to its reader first.
func signedOff(_ *web.Request, o handling.ReplySaved) (web.Page, error) {
	done := handling.Issue.Name()
	if o.State == handling.Reading {
		done = "reply.sign-off"
	}
	return web.See("/replies/" + o.ID + "?done=" + done), nil
}

func toLetter(_ *web.Request, o handling.ReplySaved) string { return "/replies/" + o.ID }

func afterRating(_ *web.Request, o handling.RateOut) string { return "/replies/" + o.ReplyID }

// listPage is /assignments.
func listPage(r *web.Request) (web.Page, error) {
	q := r.View.Query
	in := handling.ListIn{State: q.Get("state"), All: q.Get("all") != "", Q: q.Get("q"), Role: handling.Role(q.Get("role")), After: q.Get("after")}
	out, err := web.Ask(r, handling.List, in)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("handling.list.title"), Body: listBody(r.View, in, out)}, nil
}

// dispatchPage is /dispatch: what waits for dispatch. For those who dispatch
// nothing there is no such page.
func dispatchPage(r *web.Request) (web.Page, error) {
	if !r.Who.Is(access.Office, access.Chief, access.Dispatcher) {
		return web.Page{}, fault.New(fault.NotFound, "fault.not-found")
	}
	in := handling.QueueIn{AtDesks: r.View.Query.Get("at_desks") != "", After: r.View.Query.Get("after")}
	out, err := web.Ask(r, handling.RouteQueue, in)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("handling.dispatch.title"), Body: dispatchBody(r.View, in, out)}, nil
}

// dispatchAgain shows what the form came from: the queue, or a single case.
func dispatchAgain(r *web.Request) (web.Page, error) {
	if r.PostForm.Get("_case") != "" {
		return caseAgain(r)
	}
	r.View.Path = "/dispatch"
	return dispatchPage(r)
}

// casePage is /cases/{kind}/{id}: how a case is handled, without what it is
// about. Forms of the case page that were refused are shown again here.
func casePage(r *web.Request) (web.Page, error) {
	return caseOf(r, r.PathValue("kind"), r.PathValue("id"))
}

// caseAgain shows the case that a form names which was sent to another path.
func caseAgain(r *web.Request) (web.Page, error) {
	return caseOf(r, r.PostForm.Get("_kind"), r.PostForm.Get("_case"))
}

func caseOf(r *web.Request, kind, id string) (web.Page, error) {
	x, err := web.Ask(r, handling.Show, handling.ViewIn{Kind: kind, ID: id})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: x.Title, Body: caseBody(r.View, x)}, nil
}

// replyPage is /cases/{kind}/{id}/reply: the unit writes its reply, or staff
// enter one that came on paper for the assignment that the query names.
func replyPage(r *web.Request) (web.Page, error) {
	return replyOf(r, r.PathValue("kind"), r.PathValue("id"), r.View.Query.Get("for"))
}

func replyAgain(r *web.Request) (web.Page, error) {
	return replyOf(r, r.PostForm.Get("_kind"), r.PostForm.Get("_case"), r.PathValue("id"))
}

func replyOf(r *web.Request, kind, id, assignment string) (web.Page, error) {
	x, err := web.Ask(r, handling.Show, handling.ViewIn{Kind: kind, ID: id})
	if err != nil {
		return web.Page{}, err
	}
	s, ok := sheetOf(x, assignment)
	if !ok {
		if r.View.Fault != nil {
			return web.Page{}, r.View.Fault
		}
		for _, a := range x.Assignments { // sent for sign-off, or issued
			if a.ReplyID != "" && r.Who.In(a.UnitID) {
				return web.See("/replies/" + a.ReplyID), nil
			}
		}
		return web.Page{}, fault.New(fault.Closed, "handling.reply.not-now")
	}
	return web.Page{Title: r.View.T("handling.reply.title"), Body: replyBody(r.View, s), Keeps: true}, nil
}

// letterPage is /replies/{id}. Opening it is the proposer's receipt: the first
// time counts, so doing it again changes nothing.
func letterPage(r *web.Request) (web.Page, error) {
	out, err := letterFor(r)
	if err != nil {
		return web.Page{}, err
	}
	files, err := filesOf(r, "reply", out.Reply.ID)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: letterTitle(r.View, out), Body: letterBody(r.View, out, files)}, nil
}

func printPage(r *web.Request) (web.Page, error) {
	out, err := letterFor(r)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: letterTitle(r.View, out), Body: web.Bare(r.View, letterTitle(r.View, out), printBody(r.View, out)), Bare: true}, nil
}

func letterFor(r *web.Request) (handling.ReplyShown, error) {
	out, err := web.Ask(r, handling.ShowReply, handling.ReadIn{ID: r.PathValue("id")})
	if err != nil || out.Receipt == nil || !out.Receipt.ReadAt.IsZero() {
		return out, err
	}
	read, err := handling.Read.Do(r.Context(), r.App, r.Who, handling.ReadIn{ID: out.Reply.ID})
	out.Receipt.ReadAt = read.ReadAt
	return out, err
}

// ratePage is /replies/{id}/rate.
func ratePage(r *web.Request) (web.Page, error) {
	out, err := letterFor(r)
	if err != nil {
		return web.Page{}, err
	}
	if !out.Handler.May.Rate {
		if r.View.Fault != nil {
			return web.Page{}, r.View.Fault
		}
		return web.See("/replies/" + out.Reply.ID), nil
	}
	return web.Page{Title: r.View.T("handling.rate.title"), Body: rateBody(r.View, out)}, nil
}

// filesOf are the attachments of a thing, nil where the house keeps none.
func filesOf(r *web.Request, kind, id string) (*document.List, error) {
	list, err := web.Ask(r, document.Listing, document.ListIn{Kind: kind, ID: id})
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &list, err
}
