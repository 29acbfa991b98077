package archiveweb

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/archive"
	"tongxin/internal/audit"
	"tongxin/internal/blob"
	"tongxin/internal/fault"
	"tongxin/internal/jobs"
	"tongxin/internal/web"
)

// Routes registers the pages and operations of the archive.
func Routes(k *web.Kit, j *api.Kit) {
	k.Page("GET /archive", listPage, archive.List.Name())
	k.Page("GET /archive/numbers", numbersPage, archive.Numbers.Name())
	k.Page("GET /archive/{kind}/{id}", showPage, archive.Show.Name())
	k.Page("GET /archive/{kind}/{id}/file/{edition}", filePage, archive.Download.Name())
	web.Form(k, "POST /archive", archive.Many, func(_ *web.Request, o archive.ManyOut) string { return jobs.PathOf(o.Job) }, web.Again[archive.ManyIn](listAgain))
	web.Form(k, "POST /archive/{kind}/{id}", archive.Case, toSheet, web.Again[archive.CaseIn](showPage))
	web.Form(k, "POST /archive/{kind}/{id}/supplement", archive.MakeSupplement, toSheet, web.Again[archive.SupplementIn](showPage))
	web.Form(k, "POST /archive/{kind}/{id}/retention", archive.SetRetention, toSheet, web.Again[archive.RetentionIn](showPage))
	web.Form(k, "POST /archive/{kind}/{id}/reopen", archive.Reopen, toSheet, web.Again[archive.ReopenIn](showPage))
	web.Form(k, "POST /archive/{kind}/{id}/verify", archive.Verify, func(_ *web.Request, o archive.Verified) string { return sheetPath(o.Kind, o.ID) }, web.Again[archive.VerifyIn](showPage))
	operations(j, k.App)
	k.Menu(web.MenuItem{Key: "archive.menu", Path: "/archive", Icon: "doc", Order: 72, For: []access.PostKind{access.Office, access.Chief, access.Leader}})
}

func operations(j *api.Kit, a *app.App) {
	api.Get(j, "/api/v1/archive", archive.List)
	api.Get(j, "/api/v1/archive/numbers", archive.Numbers)
	api.Post(j, "/api/v1/archive/many", archive.Many)
	api.Get(j, "/api/v1/archive/{kind}/{id}", archive.Show)
	api.Post(j, "/api/v1/archive/{kind}/{id}/archive", archive.Case)
	api.Post(j, "/api/v1/archive/{kind}/{id}/supplement", archive.MakeSupplement)
	api.Post(j, "/api/v1/archive/{kind}/{id}/retention", archive.SetRetention)
	api.Post(j, "/api/v1/archive/{kind}/{id}/reopen", archive.Reopen)
	api.Post(j, "/api/v1/archive/{kind}/{id}/verify", archive.Verify)
	api.Download(j, "/api/v1/archive/{kind}/{id}/file/{edition}", archive.Download.Name(), func(r *http.Request, who access.Actor) (web.File, error) {
		return open(r.Context(), a, who, r.PathValue("kind"), r.PathValue("id"), r.PathValue("edition"))
	})
}

func sheetPath(kind, id string) string { return "/archive/" + kind + "/" + id }

func toSheet(_ *web.Request, o archive.Kept) string { return sheetPath(o.Kind, o.ID) }

// listPage is /archive.
func listPage(r *web.Request) (web.Page, error) {
	q := r.View.Query
	return listOf(r, archive.ListIn{Session: q.Get("session"), State: q.Get("state"), After: q.Get("after")})
}

// listAgain shows the list from which a bulk form was sent.
func listAgain(r *web.Request) (web.Page, error) {
	return listOf(r, archive.ListIn{Session: r.PostForm.Get("session")})
}

func listOf(r *web.Request, in archive.ListIn) (web.Page, error) {
	out, err := web.Ask(r, archive.List, in)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("archive.title"), Body: listBody(r.View, in, out)}, nil
}

// numbersPage is /archive/numbers.
func numbersPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, archive.Numbers, struct{}{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("archive.numbers.title"), Body: numbersBody(r.View, out)}, nil
}

// showPage is the sheet of one file; its forms that were refused are shown again
// here.
func showPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, archive.Show, archive.ShowIn{Kind: r.PathValue("kind"), ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: out.Title, Body: sheetBody(r.View, out)}, nil
}

// filePage serves a stored edition as a file to keep.
func filePage(r *web.Request) (web.Page, error) {
	f, err := open(r.Context(), r.App, r.Who, r.PathValue("kind"), r.PathValue("id"), r.PathValue("edition"))
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{File: &f}, nil
}

// open finds an edition, records who reads it, and opens it: without the record
// there is no reading.
func open(ctx context.Context, a *app.App, who access.Actor, kind, id, edition string) (web.File, error) {
	no, err := strconv.ParseInt(edition, 10, 64)
	if err != nil || no < 1 {
		return web.File{}, fault.New(fault.NotFound, "fault.not-found")
	}
	e, err := archive.Download.Do(ctx, a, who, archive.FileIn{Kind: kind, ID: id, Edition: no})
	if err != nil {
		return web.File{}, err
	}
	files, ok := app.PartOf[blob.Store](a)
	if !ok {
		return web.File{}, errors.New("open an archive file: no file store")
	}
	body, err := files.Get(ctx, e.Ref())
	if err != nil {
		return web.File{}, err
	}
	if err := a.Note(ctx, who, "archive.read", "archive", id, audit.Read, ""); err != nil {
		return web.File{}, errors.Join(err, body.Close())
	}
	return web.File{Name: e.ArchiveNumber + "-v" + edition + ".zip", Type: "application/zip", Body: body, Size: e.Size}, nil
}
