package proposalweb

import (
	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/proposal"
	"tongxin/internal/web"
)

// Routes registers every page and JSON route of proposals.
func Routes(k *web.Kit, j *api.Kit) {
	menu(k)
	k.Page("GET /proposals", listPage, "proposal.list")
	k.Page("GET /proposals/{id}", showPage, "proposal.show")
	k.Page("GET /proposals/{id}/word", wordFile)
	k.Page("GET /proposals/{id}/amend", amendPage)
	k.Page("GET /proposals/{id}/correct", correctPage)
	k.Page("GET /proposals/filing", filingPage, "proposal.filing")
	k.Page("GET /proposals/numbers", numbersPage, "proposal.numbers", "proposal.partition")
	reviewForms(k)
	reviewAPI(j)
	writingRoutes(k, j)
	keyRoutes(k, j)
}

func menu(k *web.Kit) {
	k.Menu(
		web.MenuItem{Key: "proposal.menu", Path: "/proposals", Icon: "doc", Tab: true, Order: 20, For: []access.PostKind{
			access.Member, access.Convener, access.Office, access.Chief, access.Reviewer, access.Dispatcher, access.Handler, access.Signer, access.Leader}},
		web.MenuItem{Key: "proposal.menu.write", Path: "/proposals/new", Icon: "pen", Tab: true, Order: 30, For: []access.PostKind{access.Member, access.Convener}},
	)
}

func reviewForms(k *web.Kit) {
	web.Form(k, "POST /proposals/{id}/review", proposal.Review, toShow, web.Again[proposal.ReviewIn](showPage))
	web.Form(k, "POST /proposals/{id}/return", proposal.Return, toShow, web.Again[proposal.ReturnIn](showPage))
	web.Form(k, "POST /proposals/{id}/amend", proposal.Amend, toShow, web.Again[proposal.AmendIn](amendPage))
	web.Form(k, "POST /proposals/{id}/file", proposal.File, toShow, web.Again[proposal.FileIn](showPage))
	web.Form(k, "POST /proposals/{id}/decline", proposal.Decline, toShow, web.Again[proposal.DeclineIn](showPage))
	web.Form(k, "POST /proposals/{id}/convert", proposal.Convert, toShow, web.Again[proposal.ConvertIn](showPage))
	web.Form(k, "POST /proposals/{id}/transfer-up", proposal.TransferUp, toShow, web.Again[proposal.TransferUpIn](showPage))
	web.Form(k, "POST /proposals/{id}/correct", proposal.Correct, toShow, web.Again[proposal.CorrectIn](correctPage))
	web.Form(k, "POST /proposals/filing", proposal.FileMany, func(r *web.Request, _ proposal.FileManyOut) string {
		return "/proposals?state=filed&sort=number"
	}, web.Again[proposal.FileManyIn](filingPage))
}

func reviewAPI(j *api.Kit) {
	api.Get(j, "/api/v1/proposals", proposal.List)
	api.Get(j, "/api/v1/proposals/{id}", proposal.Show)
	api.Get(j, "/api/v1/proposals/filing", proposal.Filing)
	api.Get(j, "/api/v1/proposals/numbers", proposal.Numbers)
	api.Get(j, "/api/v1/proposals/partition", proposal.Partition)
	api.Post(j, "/api/v1/proposals/{id}/review", proposal.Review)
	api.Post(j, "/api/v1/proposals/{id}/return", proposal.Return)
	api.Post(j, "/api/v1/proposals/{id}/amend", proposal.Amend)
	api.Post(j, "/api/v1/proposals/{id}/file", proposal.File)
	api.Post(j, "/api/v1/proposals/{id}/decline", proposal.Decline)
	api.Post(j, "/api/v1/proposals/{id}/convert", proposal.Convert)
	api.Post(j, "/api/v1/proposals/{id}/transfer-up", proposal.TransferUp)
	api.Post(j, "/api/v1/proposals/{id}/correct", proposal.Correct)
	api.Post(j, "/api/v1/proposals/filing", proposal.FileMany)
	api.Post(j, "/api/v1/proposals/recompute-due", proposal.RecomputeDue) // the clockwork's; everybody else is refused
}
