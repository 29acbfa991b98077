package jobsweb

import (
	"net/url"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/jobs"
	"tongxin/internal/web"
)

// Routes registers the pages and operations of jobs.
func Routes(k *web.Kit, j *api.Kit) {
	k.Page("GET /jobs", listPage, jobs.List.Name())
	k.Page("GET /jobs/{id}", jobPage, jobs.Show.Name())
	k.Page("GET /jobs/{id}/progress", progressPart, jobs.Show.Name())
	web.Form(k, "POST /jobs/{id}/stop", jobs.Stop, toJob, web.Again[jobs.JobIn](jobPage))
	web.Form(k, "POST /jobs/{id}/again", jobs.Again, toJob, web.Again[jobs.AgainIn](jobPage))
	k.Menu(web.MenuItem{Key: "jobs.menu", Path: "/jobs", Icon: "clock", Order: 75, For: []access.PostKind{access.Office, access.Chief, access.Dispatcher}})

	api.Get(j, "/api/v1/jobs", jobs.List)
	api.Get(j, "/api/v1/jobs/{id}", jobs.Show)
	api.Post(j, "/api/v1/jobs/{id}/stop", jobs.Stop)
	api.Post(j, "/api/v1/jobs/{id}/again", jobs.Again)
}

func toJob(_ *web.Request, out jobs.JobOut) string { return jobs.PathOf(out.ID) }

// listPage is /jobs.
func listPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, jobs.List, jobs.ListIn{After: r.View.Query.Get("after")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("jobs.title"), Body: listBody(r.View, out)}, nil
}

// jobPage is /jobs/{id}.
func jobPage(r *web.Request) (web.Page, error) {
	in, out, err := shown(r)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: nameOf(r.View, out.Job), Body: jobBody(r.View, in, out)}, nil
}

// progressPart is the part of the page that a script asks for again and again.
func progressPart(r *web.Request) (web.Page, error) {
	in, out, err := shown(r)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Body: progress(r.View, in, out), Bare: true}, nil
}

func shown(r *web.Request) (jobs.ShowIn, jobs.Shown, error) {
	in := jobs.ShowIn{ID: r.PathValue("id"), State: jobs.RowState(r.View.Query.Get("state")), After: r.View.Query.Get("after")}
	r.View.Path = jobs.PathOf(in.ID) // links lead to the page, from its parts and forms too
	out, err := web.Ask(r, jobs.Show, in)
	return in, out, err
}

// pollPath is where the present part of the page is asked for again.
func pollPath(in jobs.ShowIn) string {
	q := url.Values{}
	if in.State != "" {
		q.Set("state", string(in.State))
	}
	if in.After != "" {
		q.Set("after", in.After)
	}
	path := jobs.PathOf(in.ID) + "/progress"
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}
