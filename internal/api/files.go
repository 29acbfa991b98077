package api

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/web"
)

// Upload registers an action whose JSON operation takes a file as the raw
// body. receive judges the body and fills the input; after, when given, is
// called when the act ended, whatever became of it. query names the
// parameters of the address with a sentence each.
func Upload[In any, S app.Subject, Out any](k *Kit, path string, a *app.Action[In, S, Out], query map[string]string,
	receive func(http.ResponseWriter, *http.Request, access.Actor) (In, error), after func(*http.Request, In)) {
	k.describe("POST", path, false, a.Name(), reflect.TypeFor[struct{}](), a.Output())
	op := k.doc.Paths[path].Post
	for _, name := range slices.Sorted(maps.Keys(query)) {
		sentence := query[name]
		op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: "query", Required: true, Description: sentence, Schema: &huma.Schema{Type: huma.TypeString}})
	}
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
	k.web.Note(web.Route{Pattern: "POST " + path, Serves: a.Name()})
	k.web.Mount("POST "+path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := k.actor(r, false)
		if err != nil {
			k.problem(w, r, err)
			return
		}
		in, err := receive(w, r, who)
		if after != nil {
			defer after(r, in)
		}
		if err == nil {
			var out Out
			if out, err = a.Do(r.Context(), k.web.App, who, in); err == nil {
				write(w, out)
				return
			}
		}
		k.problem(w, r, err)
	}))
}

// Download registers an operation that answers a file. open checks who asks
// and opens it.
func Download(k *Kit, path, name string, open func(*http.Request, access.Actor) (web.File, error)) {
	k.describe("GET", path, false, name, reflect.TypeFor[struct{}](), reflect.TypeFor[struct{}]())
	k.doc.Paths[path].Get.Responses["200"] = &huma.Response{Description: "The file", Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
	k.web.Note(web.Route{Pattern: "GET " + path, Serves: name})
	k.web.Mount("GET "+path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := k.actor(r, false)
		if err != nil {
			k.problem(w, r, err)
			return
		}
		f, err := open(r, who)
		if err != nil {
			k.problem(w, r, err)
			return
		}
		defer func() { _ = f.Body.Close() }()
		h := w.Header()
		h.Set("Content-Type", f.Type)
		h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(f.Name))
		h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
		h.Set("Cache-Control", "no-store")
		if f.Size > 0 {
			h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
		}
		if _, err := io.Copy(w, f.Body); err != nil {
			k.web.App.Log().Warn("a download broke off", "route", r.Pattern, "error", err)
		}
	}))
}
