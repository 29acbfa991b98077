package appraisalweb

import (
	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/appraisal"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/web"
)

// twoWay registers the two-way appraisal.
func twoWay(k *web.Kit, j *api.Kit) {
	k.Page("GET /appraisal/two-way", pairsPage, appraisal.Pairs.Name())
	k.Page("GET /appraisal/two-way/terms", termsPage, appraisal.TermsNow.Name())
	k.Page("GET /appraisal/two-way/{id}", pairPage, appraisal.ShowPair.Name())
	toPair := func(_ *web.Request, o appraisal.GradeOut) string { return "/appraisal/two-way/" + o.ID }
	web.Form(k, "POST /appraisal/two-way/terms", appraisal.SetTerms, func(*web.Request, appraisal.TwoWay) string { return "/appraisal/two-way" }, web.Again[appraisal.TermsIn](termsPage))
	web.Form(k, "POST /appraisal/two-way/{id}/proposal", appraisal.GradeProposal, toPair, web.Again[appraisal.GradeIn](pairPage))
	web.Form(k, "POST /appraisal/two-way/{id}/handling", appraisal.GradeHandling, toPair, web.Again[appraisal.GradeIn](pairPage))

	api.Get(j, "/api/v1/appraisal/two-way", appraisal.Pairs)
	api.Get(j, "/api/v1/appraisal/two-way/terms", appraisal.TermsNow)
	api.Post(j, "/api/v1/appraisal/two-way/terms", appraisal.SetTerms)
	api.Get(j, "/api/v1/appraisal/two-way/{id}", appraisal.ShowPair)
	api.Post(j, "/api/v1/appraisal/two-way/{id}/proposal", appraisal.GradeProposal)
	api.Post(j, "/api/v1/appraisal/two-way/{id}/handling", appraisal.GradeHandling)
}

// meetings registers the appraisal meetings.
func meetings(k *web.Kit, j *api.Kit) {
	k.Page("GET /appraisal/meetings", meetingsPage, appraisal.Meetings.Name())
	k.Page("GET /appraisal/meetings/new", newMeetingPage)
	k.Page("GET /appraisal/meetings/{id}", meetingPage, appraisal.ShowMeeting.Name())
	k.Page("GET /appraisal/meetings/{id}/edit", editMeetingPage)
	k.Page("GET /appraisal/meetings/{id}/score", scorePage)
	to := func(_ *web.Request, o appraisal.MeetingOut) string { return appraisal.MeetingPath(o.ID) }
	const at = "POST /appraisal/meetings/{id}"
	web.Form(k, "POST /appraisal/meetings/new", appraisal.DraftMeeting, to, web.Again[appraisal.DraftMeetingIn](newMeetingPage))
	web.Form(k, at+"/edit", appraisal.SetMeeting, to, web.Again[appraisal.SetMeetingIn](editMeetingPage))
	web.Form(k, at+"/open", appraisal.OpenMeeting, to, web.Again[appraisal.NameIn](meetingPage))
	web.Form(k, at+"/drop", appraisal.DropMeeting, to, web.Again[appraisal.NameIn](meetingPage))
	web.Form(k, at+"/announce", appraisal.Announce, to, web.Again[appraisal.NameIn](meetingPage))
	web.Form(k, at+"/report", appraisal.ReportMeeting, to, web.Again[appraisal.ReportIn](meetingPage))
	web.Form(k, at+"/close", appraisal.CloseMeeting, to, web.Again[appraisal.NameIn](meetingPage))
	web.Form(k, at+"/score", appraisal.ScoreUnits, to, web.Again[appraisal.ScoreIn](scorePage))
	web.Form(k, at+"/units/{unit}/account", appraisal.GiveAccount, to, web.Again[appraisal.AccountIn](meetingPage))
	web.Form(k, at+"/units/{unit}/mend", appraisal.Mend, to, web.Again[appraisal.AccountIn](meetingPage))
	web.Form(k, at+"/units/{unit}/paper", appraisal.CountPaper, to, web.Again[appraisal.PaperIn](meetingPage))
	web.Form(k, at+"/units/{unit}/look-back", appraisal.LookBack, to, web.Again[appraisal.LookIn](meetingPage))
	meetingOperations(j)
}

func meetingOperations(j *api.Kit) {
	const at = "/api/v1/appraisal/meetings/{id}"
	api.Get(j, "/api/v1/appraisal/meetings", appraisal.Meetings)
	api.Post(j, "/api/v1/appraisal/meetings", appraisal.DraftMeeting)
	api.Get(j, at, appraisal.ShowMeeting)
	api.Post(j, at, appraisal.SetMeeting)
	api.Post(j, at+"/open", appraisal.OpenMeeting)
	api.Post(j, at+"/drop", appraisal.DropMeeting)
	api.Post(j, at+"/announce", appraisal.Announce)
	api.Post(j, at+"/report", appraisal.ReportMeeting)
	api.Post(j, at+"/close", appraisal.CloseMeeting)
	api.Post(j, at+"/score", appraisal.ScoreUnits)
	api.Post(j, at+"/units/{unit}/account", appraisal.GiveAccount)
	api.Post(j, at+"/units/{unit}/mend", appraisal.Mend)
	api.Post(j, at+"/units/{unit}/paper", appraisal.CountPaper)
	api.Post(j, at+"/units/{unit}/look-back", appraisal.LookBack)
}

// grades tells whether somebody may be asked to grade.
func grades(who access.Actor) bool {
	return who.Is(access.Handler, access.Signer, access.Member, access.Convener)
}

// scores tells whether somebody may take part in an appraisal meeting.
func scores(who access.Actor) bool {
	return who.Is(access.Member, access.Convener, access.Reviewer)
}

func pairsPage(r *web.Request) (web.Page, error) {
	if !reads(r.Who) && !grades(r.Who) {
		return web.Page{}, missingPage()
	}
	todo := r.View.Query.Get("todo") != ""
	x, err := web.Ask(r, appraisal.Pairs, appraisal.PairsIn{Todo: todo, After: r.View.Query.Get("after")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("appraisal.two"), Body: pairsBody(r.View, x, todo, grades(r.Who), manages(r.Who))}, nil
}

func pairPage(r *web.Request) (web.Page, error) {
	x, err := web.Ask(r, appraisal.ShowPair, appraisal.PairAsk{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: x.Title, Body: pairBody(r.View, x)}, nil
}

func termsPage(r *web.Request) (web.Page, error) {
	if !manages(r.Who) {
		return web.Page{}, missingPage()
	}
	t, err := web.Ask(r, appraisal.TermsNow, struct{}{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("appraisal.two.terms"), Body: termsBody(r.View, t)}, nil
}

func meetingsPage(r *web.Request) (web.Page, error) {
	if !reads(r.Who) && !scores(r.Who) {
		return web.Page{}, missingPage()
	}
	list, err := web.Ask(r, appraisal.Meetings, struct{}{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("appraisal.meetings"), Body: meetingsBody(r.View, list, manages(r.Who))}, nil
}

func newMeetingPage(r *web.Request) (web.Page, error) {
	if !manages(r.Who) {
		return web.Page{}, missingPage()
	}
	return web.Page{Title: r.View.T("appraisal.meeting.new"), Body: newMeetingBody(r.View)}, nil
}

func meetingPage(r *web.Request) (web.Page, error) {
	x, err := web.Ask(r, appraisal.ShowMeeting, appraisal.SchemeAsk{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: x.Title, Body: meetingBody(r.View, x)}, nil
}

func editMeetingPage(r *web.Request) (web.Page, error) {
	x, err := web.Ask(r, appraisal.ShowMeeting, appraisal.SchemeAsk{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	if !manages(r.Who) {
		return web.Page{}, fault.New(fault.Forbidden, "appraisal.office-only")
	}
	if !x.May.Set {
		return web.Page{}, fault.New(fault.Closed, "appraisal.meeting.closed."+string(x.State))
	}
	rows, err := web.Ask(r, organization.BodyList, organization.BodiesIn{Kind: string(organization.Unit)})
	if err != nil {
		return web.Page{}, err
	}
	units := make([]organization.Body, len(rows))
	for i, b := range rows {
		units[i] = b.Body
	}
	return web.Page{Title: r.View.T("appraisal.meeting.edit"), Body: editMeetingBody(r.View, x, units)}, nil
}

func scorePage(r *web.Request) (web.Page, error) {
	x, err := web.Ask(r, appraisal.ShowMeeting, appraisal.SchemeAsk{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	if !x.May.Score {
		if r.View.Fault != nil {
			return web.Page{}, r.View.Fault
		}
		return web.See(appraisal.MeetingPath(x.ID)), nil
	}
	return web.Page{Title: r.View.T("appraisal.meeting.score"), Body: scoreBody(r.View, x)}, nil
}
