package documentweb

import (
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/audit"
	"tongxin/internal/blob"
	"tongxin/internal/document"
	"tongxin/internal/fault"
	"tongxin/internal/web"
)

// formLimit is one upload at its largest, and the form around it.
const formLimit = document.MostBytes + 1<<20

// Routes registers the pages and operations of attachments.
func Routes(k *web.Kit, j *api.Kit) {
	k.Page("GET /attachments/{kind}/{id}", page, document.Listing.Name())
	k.Page("GET /attachments/{id}", download, document.Show.Name())
	web.Form(k, "POST /attachments/{kind}/{id}", document.Attach, back[document.AttachOut],
		web.Limit[document.AttachIn](formLimit), web.Before(receiveForm), web.Again[document.AttachIn](page))
	web.Form(k, "POST /attachments/{id}/remove", document.Remove, back[document.RemoveOut])

	api.Get(j, "/api/v1/attachments/{kind}/{id}", document.Listing)
	api.Get(j, "/api/v1/attachments/{id}", document.Show)
	api.Upload(j, "/api/v1/attachments/{kind}/{id}", document.Attach, map[string]string{"name": "Name of the file with its ending"},
		func(w http.ResponseWriter, r *http.Request, who access.Actor) (document.AttachIn, error) {
			return receiveBody(w, r, who, k.App)
		},
		func(_ *http.Request, in document.AttachIn) { forget(k.App, in) })
	api.Download(j, "/api/v1/attachments/{id}/content", "document.content", func(r *http.Request, who access.Actor) (web.File, error) {
		return open(r.Context(), k.App, who, r.PathValue("id"))
	})
	api.Post(j, "/api/v1/attachments/{id}/remove", document.Remove)
}

// back returns to the page that showed the files.
func back[Out any](r *web.Request, _ Out) string { return web.SafeNext(r.Arg("next")) }

// receiveForm judges the files of a form. What no act names in the end is
// removed when the request is over.
func receiveForm(r *web.Request, in *document.AttachIn) error {
	in.Sums, in.Files = nil, nil
	if r.MultipartForm == nil {
		return fault.Field("files", "document.none")
	}
	room, err := roomFor(r.Context(), r.App, r.Who, in)
	if err != nil {
		return err
	}
	context.AfterFunc(r.Context(), func() { forget(r.App, *in) })
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	for _, h := range r.MultipartForm.File["files"] {
		if h.Filename == "" && h.Size == 0 {
			continue
		}
		if err := receiveOne(r, h, room.MaxBytes, in); err != nil {
			return err
		}
	}
	return nil
}

func receiveOne(r *web.Request, h *multipart.FileHeader, limit int64, in *document.AttachIn) error {
	f, err := h.Open()
	if err != nil {
		return fault.New(fault.Invalid, "web.form-unreadable").Because(err)
	}
	defer func() { _ = f.Close() }()
	got, err := document.Receive(r.Context(), r.App, h.Filename, f, limit)
	if err != nil {
		return err
	}
	in.Files, in.Sums = append(in.Files, got), append(in.Sums, got.Sum())
	return nil
}

// receiveBody judges a raw upload of the API.
func receiveBody(w http.ResponseWriter, r *http.Request, who access.Actor, a *app.App) (document.AttachIn, error) {
	in := document.AttachIn{Kind: r.PathValue("kind"), ID: r.PathValue("id")}
	room, err := roomFor(r.Context(), a, who, &in)
	if err != nil {
		return in, err
	}
	name := strings.TrimSpace(r.URL.Query().Get("name"))
	if name == "" {
		return in, fault.Field("name", "document.no-name")
	}
	got, err := document.Receive(r.Context(), a, name, http.MaxBytesReader(w, r.Body, document.MostBytes+1), room.MaxBytes)
	if err != nil {
		return in, err
	}
	in.Files, in.Sums = []document.Received{got}, []string{got.Sum()}
	return in, nil
}

// roomFor refuses before anything is read what would be refused anyway.
func roomFor(ctx context.Context, a *app.App, who access.Actor, in *document.AttachIn) (document.List, error) {
	room, err := document.Listing.Do(ctx, a, who, document.ListIn{Kind: in.Kind, ID: in.ID})
	if err == nil && !room.MayAttach {
		// The act itself says why not, and leaves its refusal in the audit record.
		_, err = document.Attach.Do(ctx, a, who, document.AttachIn{Kind: in.Kind, ID: in.ID})
	}
	return room, err
}

func forget(a *app.App, in document.AttachIn) {
	if err := document.Abandon(context.Background(), a, in.Files...); err != nil {
		a.Log().Warn("an upload that nothing names stays in the file store", "error", err)
	}
}

// download serves the content, always as a file to keep.
func download(r *web.Request) (web.Page, error) {
	f, err := open(r.Context(), r.App, r.Who, r.PathValue("id"))
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{File: &f}, nil
}

// open finds a file, records who reads it, and opens it. Attachments may hold
// anything, so every reading is recorded; without the record there is none.
func open(ctx context.Context, a *app.App, who access.Actor, id string) (web.File, error) {
	f, err := document.Show.Do(ctx, a, who, document.FileIn{ID: id})
	if err != nil {
		return web.File{}, err
	}
	files, ok := app.PartOf[blob.Store](a)
	if !ok {
		return web.File{}, errors.New("open attachment: no file store")
	}
	body, err := files.Get(ctx, f.Ref())
	if err != nil {
		return web.File{}, err
	}
	if err := a.Note(ctx, who, "document.read", "attachment", f.ID, audit.Done, ""); err != nil {
		return web.File{}, errors.Join(err, body.Close())
	}
	return web.File{Name: f.Name, Type: f.Type, Body: body, Size: f.Size}, nil
}

// page shows the files of a thing on their own, where an upload was refused or
// no other page shows them.
func page(r *web.Request) (web.Page, error) {
	l, err := web.Ask(r, document.Listing, document.ListIn{Kind: r.PathValue("kind"), ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	next := r.View.Path
	if typed := r.Arg("next"); typed != "" {
		next = web.SafeNext(typed)
	}
	return web.Page{Title: r.View.T("document.title"), Body: Alone(r.View, l, next)}, nil
}
