package handlingweb

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/jobs"
	"tongxin/internal/web"
)

// bulkForms registers the pages and forms of bulk dispatch.
func bulkForms(k *web.Kit) {
	k.Page("GET /dispatch/all", planPage, handling.DispatchPlan.Name())
	web.Form(k, "POST /dispatch/all", handling.DispatchAll, func(_ *web.Request, o handling.Started) string { return jobs.PathOf(o.Job) },
		web.Again[handling.DispatchAllIn](planPage))
	k.Page("GET /dispatch/list", sheetPage)
	web.FormPage(k, "POST /dispatch/list", handling.DispatchList, checkedPage, web.Limit[handling.DispatchListIn](handling.SheetBytes+2*handling.ListBytes),
		web.Before(readSheet), web.Again[handling.DispatchListIn](sheetAgain))
}

// bulkOperations registers the same as JSON.
func bulkOperations(j *api.Kit) {
	api.Get(j, "/api/v1/dispatch/plan", handling.DispatchPlan)
	api.Post(j, "/api/v1/dispatch/all", handling.DispatchAll)
	api.Post(j, "/api/v1/dispatch/list", handling.DispatchList)
}

// staffOnly refuses whoever dispatches nothing at all: the pages are not there
// for the others.
func staffOnly(r *web.Request) error {
	if !r.Who.Is(access.Office, access.Chief, access.Dispatcher) {
		return fault.New(fault.NotFound, "fault.not-found")
	}
	return nil
}

// planPage is /dispatch/all: what dispatching everything as proposed would do.
func planPage(r *web.Request) (web.Page, error) {
	if err := staffOnly(r); err != nil {
		return web.Page{}, err
	}
	plan, err := web.Ask(r, handling.DispatchPlan, struct{}{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("handling.bulk.all"), Body: planBody(r.View, plan)}, nil
}

// sheetPage is /dispatch/list: a list is pasted or uploaded.
func sheetPage(r *web.Request) (web.Page, error) {
	if err := staffOnly(r); err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("handling.bulk.list"), Body: sheetBody(r.View)}, nil
}

// sheetAgain shows the form again; what was read from a file stands in it.
func sheetAgain(r *web.Request) (web.Page, error) { return sheetPage(r) }

// readSheet takes the list of the form as text: the file, or what was pasted.
// The second form, after the check, brings the text itself.
func readSheet(r *web.Request, in *handling.DispatchListIn) error {
	f, head, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		if strings.TrimSpace(in.Content) == "" {
			return fault.Field("file", "handling.bulk.list.needed")
		}
		return nil
	}
	if err != nil {
		return fault.Field("file", "handling.bulk.list-unreadable").Because(err)
	}
	defer func() { _ = f.Close() }()
	raw, err := io.ReadAll(io.LimitReader(f, handling.SheetBytes+1))
	if err != nil {
		return fault.Field("file", "handling.bulk.list-unreadable").Because(err)
	}
	if len(raw) > handling.SheetBytes {
		return fault.Field("file", "handling.bulk.list-large", "max", handling.SheetBytes>>20)
	}
	if in.Content, err = handling.ListText(raw); err != nil {
		return err
	}
	in.Name = head.Filename
	r.PostForm.Set("content", in.Content)
	r.PostForm.Set("name", in.Name)
	return nil
}

// checkedPage shows what a list would do, or leads to the job.
func checkedPage(r *web.Request, out handling.ListOut) (web.Page, error) {
	if !out.DryRun {
		return web.See(jobs.PathOf(out.Job) + "?done=" + handling.DispatchList.Name()), nil
	}
	v := r.View
	return web.Page{Title: v.T("handling.bulk.list.checked"), Body: checkedBody(v, out.Plan, r.PostForm.Get("content"), r.PostForm.Get("name"))}, nil
}

// planShown is how many cases of a plan a page lists; those that do not fit are
// all listed.
const planShown = 1000

// parted are the rows that do not fit and those that do.
func parted(p handling.Plan) (against, fitting []handling.Planned) {
	return p.Rows[:p.Against], p.Rows[p.Against:]
}

func planNumbers(p handling.Plan) []any {
	return []any{"total", p.Fitting + p.Against, "fitting", p.Fitting, "against", p.Against, "assignments", p.Assignments}
}
