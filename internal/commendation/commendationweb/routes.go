package commendationweb

import (
	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/commendation"
	"tongxin/internal/web"
)

// Routes registers the pages and operations of commendation.
func Routes(k *web.Kit, j *api.Kit) {
	k.Page("GET /commendations", listPage, "commendation.list")
	k.Page("GET /commendations/new", newPage, "commendation.form")
	k.Page("GET /commendations/{id}", showPage, "commendation.show")
	k.Page("GET /commendations/{id}/edit", editPage)
	k.Page("GET /commendations/{id}/nominate", nominatePage, "commendation.eligible")
	k.Page("GET /commendations/{id}/review", reviewPage)
	k.Page("GET /commendations/{id}/approve", approvePage)
	k.Page("GET /commendations/{id}/winners", winnersPage, "commendation.winners")
	k.Page("GET /commendations/{id}/winners.csv", winnersFile)
	k.Page("GET /commendations/{id}/certificates", certificatesPage)
	k.Page("GET /commendation-candidates/{id}", candidatePage, "commendation.candidate")
	forms(k)
	operations(j)
	k.Menu(web.MenuItem{Key: "commendation.menu", Path: "/commendations", Icon: "check", Order: 56, For: []access.PostKind{
		access.Member, access.Convener, access.Office, access.Chief, access.Reviewer, access.Dispatcher, access.Handler, access.Signer, access.Leader}})
}

func forms(k *web.Kit) {
	web.Form(k, "POST /commendations", commendation.Create, toCampaign, web.Again[commendation.CreateIn](newPage))
	web.Form(k, "POST /commendations/{id}/edit", commendation.Change, toCampaign, web.Again[commendation.ChangeIn](editPage))
	web.Form(k, "POST /commendations/{id}/open", commendation.Open, toCampaign, web.Again[commendation.StageIn](showPage))
	web.Form(k, "POST /commendations/{id}/extend", commendation.Extend, toCampaign, web.Again[commendation.ExtendIn](showPage))
	web.Form(k, "POST /commendations/{id}/close-nominating", commendation.CloseNominating, toCampaign, web.Again[commendation.StageIn](showPage))
	web.Form(k, "POST /commendations/{id}/close-reading", commendation.CloseReading, toCampaign, web.Again[commendation.StageIn](showPage))
	web.Form(k, "POST /commendations/{id}/close-review", commendation.CloseReview, toCampaign, web.Again[commendation.CloseReviewIn](showPage))
	web.Form(k, "POST /commendations/{id}/approve", commendation.Approve, toCampaign, web.Again[commendation.ApproveIn](approvePage))
	web.Form(k, "POST /commendations/{id}/publish", commendation.Publish, toCampaign, web.Again[commendation.StageIn](showPage))
	web.Form(k, "POST /commendations/{id}/announce", commendation.Announce, toCampaign, web.Again[commendation.AnnounceIn](showPage))
	web.Form(k, "POST /commendations/{id}/cancel", commendation.Cancel, toCampaign, web.Again[commendation.CancelIn](showPage))
	web.Form(k, "POST /commendations/{id}/review", commendation.ReviewMany, func(_ *web.Request, o commendation.ReviewManyOut) string {
		return at(o.CampaignID) + "/review"
	}, web.Again[commendation.ReviewManyIn](reviewPage))
	web.Form(k, "POST /commendations/{id}/nominate", commendation.Nominate, toNominating, web.Again[commendation.NominateIn](nominatePage))
	web.Form(k, "POST /commendation-nominations/{id}/withdraw", commendation.Withdraw, toNominating, web.Again[commendation.WithdrawIn](nominateAgain))
	web.Form(k, "POST /commendation-candidates/{id}/read", commendation.Read, toCandidate, web.Again[commendation.ReadIn](candidatePage))
	web.Form(k, "POST /commendation-candidates/{id}/review", commendation.Review, toCandidate, web.Again[commendation.Judgement](candidatePage))
	web.Form(k, "POST /commendation-candidates/{id}/object", commendation.Object, toCandidate, web.Again[commendation.ObjectIn](candidatePage))
	web.Form(k, "POST /commendation-objections/{id}/rule", commendation.Rule, func(_ *web.Request, o commendation.EntryOut) string {
		return at(o.CampaignID)
	}, web.Again[commendation.RuleIn](showAgain))
}

func operations(j *api.Kit) {
	api.Get(j, "/api/v1/commendations", commendation.List)
	api.Get(j, "/api/v1/commendations/form", commendation.Form)
	api.Get(j, "/api/v1/commendations/marks", commendation.Marks)
	api.Get(j, "/api/v1/commendations/{id}", commendation.Show)
	api.Get(j, "/api/v1/commendations/{id}/eligible", commendation.Eligible)
	api.Get(j, "/api/v1/commendations/{id}/winners", commendation.Winners)
	api.Get(j, "/api/v1/commendation-candidates/{id}", commendation.ShowCandidate)
	api.Post(j, "/api/v1/commendations", commendation.Create)
	api.Post(j, "/api/v1/commendations/{id}/change", commendation.Change)
	api.Post(j, "/api/v1/commendations/{id}/open", commendation.Open)
	api.Post(j, "/api/v1/commendations/{id}/extend", commendation.Extend)
	api.Post(j, "/api/v1/commendations/{id}/nominate", commendation.Nominate)
	api.Post(j, "/api/v1/commendation-nominations/{id}/withdraw", commendation.Withdraw)
	api.Post(j, "/api/v1/commendations/{id}/close-nominating", commendation.CloseNominating)
	api.Post(j, "/api/v1/commendation-candidates/{id}/read", commendation.Read)
	api.Post(j, "/api/v1/commendations/{id}/close-reading", commendation.CloseReading)
	api.Post(j, "/api/v1/commendation-candidates/{id}/review", commendation.Review)
	api.Post(j, "/api/v1/commendations/{id}/review", commendation.ReviewMany)
	api.Post(j, "/api/v1/commendations/{id}/close-review", commendation.CloseReview)
	api.Post(j, "/api/v1/commendations/{id}/approve", commendation.Approve)
	api.Post(j, "/api/v1/commendations/{id}/publish", commendation.Publish)
	api.Post(j, "/api/v1/commendation-candidates/{id}/object", commendation.Object)
	api.Post(j, "/api/v1/commendation-objections/{id}/rule", commendation.Rule)
	api.Post(j, "/api/v1/commendations/{id}/announce", commendation.Announce)
	api.Post(j, "/api/v1/commendations/{id}/cancel", commendation.Cancel)
}

// at is the path of a campaign's page.
func at(id string) string { return "/commendations/" + id }

// candidateAt is the path of a candidate's page.
func candidateAt(id string) string { return "/commendation-candidates/" + id }

func toCampaign(_ *web.Request, o commendation.CampaignOut) string { return at(o.ID) }

// toNominating stays with the list, and with what was searched for.
func toNominating(r *web.Request, o commendation.NominateOut) string {
	return nominating(o.CampaignID, r.PostForm.Get("_q"), r.PostForm.Get("_own") != "")
}

func toCandidate(_ *web.Request, o commendation.EntryOut) string { return candidateAt(o.ID) }
