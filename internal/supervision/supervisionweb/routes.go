package supervisionweb

import (
	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/supervision"
	"tongxin/internal/web"
)

// Routes registers the pages and operations of supervision.
func Routes(k *web.Kit, j *api.Kit) {
	k.Page("GET /supervision", overviewPage, supervision.See.Name(), supervision.ForLeader.Name())
	k.Page("GET /supervision/overview.csv", overviewSheet)
	k.Page("GET /supervision/assignments", listPage, supervision.Assignments.Name())
	k.Page("GET /supervision/assignments/{id}", itemPage, supervision.ShowItem.Name())
	k.Page("GET /supervision/units/{id}", unitPage, supervision.OfUnit.Name())
	k.Page("GET /supervision/chases", chasesPage, supervision.Chases.Name())
	k.Page("GET /supervision/chases/new", newPage, supervision.Prepare.Name())
	k.Page("GET /supervision/chases/{id}", chasePage, supervision.ShowChase.Name())
	k.Page("GET /supervision/chases/{id}/print", printPage)
	k.Page("GET /supervision/instructions/{id}", instructionPage, supervision.ShowInstruction.Name())
	web.FormPage(k, "POST /supervision/chases", supervision.Send, sentPage, web.Again[supervision.SendIn](newAgain))
	web.Form(k, "POST /supervision/chases/{id}/receive", supervision.Receive, func(_ *web.Request, o supervision.ReceiveOut) string {
		return supervision.ChaseAt(o.ID)
	}, web.Again[supervision.ReceiveIn](chasePage))
	web.Form(k, "POST /supervision/chases/{id}/answer", supervision.Answer, func(_ *web.Request, o supervision.AnswerOut) string {
		return supervision.ChaseAt(o.ID)
	}, web.Again[supervision.AnswerIn](chasePage))
	web.Form(k, "POST /supervision/assignments/{id}/instruct", supervision.Instruct, func(_ *web.Request, o supervision.InstructOut) string {
		return "/supervision/instructions/" + o.ID
	}, web.Again[supervision.InstructIn](itemPage))
	web.Form(k, "POST /supervision/instructions/{id}/report", supervision.Report, func(_ *web.Request, o supervision.ReportOut) string {
		return "/supervision/instructions/" + o.ID
	}, web.Again[supervision.ReportIn](instructionPage))
	operations(j)
	k.Menu(web.MenuItem{Key: "supervision.menu", Path: "/supervision", Icon: "clock", Order: 41, For: []access.PostKind{
		access.Office, access.Chief, access.Dispatcher, access.Leader, access.Handler, access.Signer}})
}

// operations registers the same as JSON.
func operations(j *api.Kit) {
	api.Get(j, "/api/v1/supervision", supervision.See)
	api.Get(j, "/api/v1/supervision/attention", supervision.ForLeader)
	api.Get(j, "/api/v1/supervision/assignments", supervision.Assignments)
	api.Get(j, "/api/v1/supervision/assignments/{id}", supervision.ShowItem)
	api.Post(j, "/api/v1/supervision/assignments/{id}/instruct", supervision.Instruct)
	api.Get(j, "/api/v1/supervision/units/{id}", supervision.OfUnit)
	api.Get(j, "/api/v1/supervision/chases", supervision.Chases)
	api.Get(j, "/api/v1/supervision/chases/candidates", supervision.Prepare)
	api.Get(j, "/api/v1/supervision/chases/{id}", supervision.ShowChase)
	api.Post(j, "/api/v1/supervision/chases", supervision.Send)
	api.Post(j, "/api/v1/supervision/chases/{id}/receive", supervision.Receive)
	api.Post(j, "/api/v1/supervision/chases/{id}/answer", supervision.Answer)
	api.Get(j, "/api/v1/supervision/instructions/{id}", supervision.ShowInstruction)
	api.Post(j, "/api/v1/supervision/instructions/{id}/report", supervision.Report)
}
