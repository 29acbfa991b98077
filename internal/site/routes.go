package site

import (
	"tongxin/internal/api"
	"tongxin/internal/appraisal/appraisalweb"
	"tongxin/internal/archive/archiveweb"
	"tongxin/internal/calendar/calendarweb"
	"tongxin/internal/commendation/commendationweb"
	"tongxin/internal/document/documentweb"
	"tongxin/internal/handling/handlingweb"
	"tongxin/internal/help"
	"tongxin/internal/help/helpweb"
	"tongxin/internal/identity/identityweb"
	"tongxin/internal/jobs/jobsweb"
	"tongxin/internal/notify/notifyweb"
	"tongxin/internal/organization/organizationweb"
	"tongxin/internal/profile/profileweb"
	"tongxin/internal/proposal/proposalweb"
	"tongxin/internal/supervision/supervisionweb"
	"tongxin/internal/web"
	"tongxin/internal/web/static"
	"tongxin/internal/workbench/workbenchweb"
)

// routes registers every page and every operation.
func routes(k *web.Kit, j *api.Kit, texts *help.Book) {
	k.Note(web.Route{Pattern: "GET /static/", Open: true})
	k.Mount("GET /static/", static.Handler())
	k.Open("GET /healthz", health)
	k.Open("/", nothing)
	workbenchweb.Routes(k, j)
	identityweb.Routes(k, j)
	organizationweb.Routes(k, j)
	profileweb.Routes(k, j)
	calendarweb.Routes(k, j)
	documentweb.Routes(k, j)
	notifyweb.Routes(k, j)
	jobsweb.Routes(k, j)
	handlingweb.Routes(k, j)
	proposalweb.Routes(k, j)
	supervisionweb.Routes(k, j)
	appraisalweb.Routes(k, j)
	commendationweb.Routes(k, j)
	archiveweb.Routes(k, j)
	helpweb.Routes(k, texts)
}
