package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/a-h/templ"

	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// Page is the answer to a request: a body within the layout, a bare fragment,
// a redirect, or a file.
type Page struct {
	Title    string // already in the person's language
	Body     templ.Component
	Status   int    // 0 means 200
	Bare     bool   // without the layout: fragments, the sign-in page
	Keeps    bool   // has a form with autosave: the browser is given the person's key
	Redirect string // 303 to this path instead of a body
	File     *File
}

// File is something to download.
type File struct {
	Name string
	Type string
	Body io.ReadCloser
	Size int64
}

// Handler makes a page or says why not.
type Handler func(*Request) (Page, error)

// See is a 303 to a path of our own.
func See(path string) Page { return Page{Redirect: path} }

// Page registers a page for people who signed in.
func (k *Kit) Page(pattern string, h Handler, serves ...string) {
	k.register(pattern, false, bodyLimit, h, serves)
}

// Open registers a page that anybody may open: an open door.
func (k *Kit) Open(pattern string, h Handler, serves ...string) {
	k.register(pattern, true, bodyLimit, h, serves)
}

// Large is Page for a form whose body may be larger, in bytes.
func (k *Kit) Large(pattern string, limit int64, h Handler, serves ...string) {
	k.register(pattern, false, limit, h, serves)
}

// bodyLimit is the largest body in bytes of a request to which no form gave
// another. It holds before anybody signed in and for every method: reading a
// field of the query reads a multipart body too, and what does not fit into
// memory goes to the disk.
const bodyLimit = 1 << 20

func (k *Kit) register(pattern string, open bool, limit int64, h Handler, serves []string) {
	k.Note(Route{Pattern: pattern, Open: open})
	for _, s := range serves {
		k.Note(Route{Pattern: pattern, Open: open, Serves: s})
	}
	k.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		req, err := k.request(w, r)
		if err != nil {
			k.fail(w, r, nil, err)
			return
		}
		if !open && !req.Who.SignedIn() {
			k.askToSignIn(w, req)
			return
		}
		p, err := h(req)
		if err != nil {
			k.fail(w, r, req, err)
			return
		}
		k.answer(w, req, p)
	})
}

// askToSignIn sends people to the sign-in page and back afterwards; a form
// that was sent when the session had ended keeps its text in the browser.
func (k *Kit) askToSignIn(w http.ResponseWriter, r *Request) {
	if autosave(r.Request) {
		problem(w, http.StatusUnauthorized, "access.sign-in", r.View.T("access.sign-in"))
		return
	}
	next := r.URL.RequestURI()
	if r.Method != http.MethodGet {
		next = ownPath(r.Referer())
	}
	http.Redirect(w, r.Request, "/sign-in?next="+url.QueryEscape(next), http.StatusSeeOther)
}

// ownPath is the path of a page of ours, never another host.
func ownPath(address string) string {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	return u.Path
}

// SafeNext is where to go after signing in: a path of ours, or the start page.
func SafeNext(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsFunc(next, misleads) {
		return "/"
	}
	return next
}

// misleads: browsers leave control characters out of an address and read a
// backslash as a slash, so that "/", a tab, "/" and a name is another host.
func misleads(r rune) bool { return r == '\\' || unicode.IsControl(r) }

func (k *Kit) answer(w http.ResponseWriter, r *Request, p Page) {
	w.Header().Set("Cache-Control", "no-store")
	switch {
	case p.Redirect != "":
		http.Redirect(w, r.Request, p.Redirect, http.StatusSeeOther)
	case p.File != nil:
		k.download(w, r, p.File)
	default:
		k.show(w, r, p)
	}
}

func (k *Kit) download(w http.ResponseWriter, r *Request, f *File) {
	defer func() { _ = f.Body.Close() }()
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(f.Name))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	if f.Size > 0 {
		h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	}
	if _, err := io.Copy(w, f.Body); err != nil {
		k.App.Log().Warn("a download broke off", "request", h.Get("X-Request-Id"), "error", err)
	}
}

//nolint:gochecknoglobals // pools hold no state that anybody could see
var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	zips    = sync.Pool{New: func() any {
		z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
		return z
	}}
)

func (k *Kit) show(w http.ResponseWriter, r *Request, p Page) {
	body := p.Body
	if !p.Bare && r.Header.Get("HX-Request") == "" {
		v := r.View
		if !p.Keeps {
			v.SealKey = ""
		}
		body = Layout(v, p.Title, p.Body)
	}
	buf, _ := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	defer buffers.Put(buf)
	if err := body.Render(context.Background(), buf); err != nil {
		k.App.Log().Error("a page could not be rendered", "route", r.Pattern, "error", err)
		http.Error(w, "500", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "text/html; charset=utf-8")
	}
	h.Set("Vary", "Accept-Encoding, Cookie")
	status := p.Status
	if status == 0 {
		status = http.StatusOK
	}
	if buf.Len() < 1400 || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Length", strconv.Itoa(buf.Len()))
		w.WriteHeader(status)
		_, _ = w.Write(buf.Bytes())
		return
	}
	h.Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	z, _ := zips.Get().(*gzip.Writer)
	defer zips.Put(z)
	z.Reset(w)
	_, _ = z.Write(buf.Bytes())
	_ = z.Close()
}

// StatusOf is the HTTP status of a kind of fault.
func StatusOf(kind fault.Kind) int {
	switch kind {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Closed, fault.Stale, fault.Conflict:
		return http.StatusConflict
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// Failed writes to the log what an engineer must see to: a mistake of ours, or a
// database or disk that does not serve.
func (k *Kit) Failed(r *http.Request, err error) {
	if fault.Is(err, fault.Internal) || fault.Is(err, fault.Unavailable) {
		k.App.Log().Error("request failed", "route", r.Pattern, "request", r.Header.Get("X-Request-Id"), "error", err)
	}
}

// fail shows the error page; what an engineer needs goes to the log only.
func (k *Kit) fail(w http.ResponseWriter, r *http.Request, req *Request, err error) {
	k.Failed(r, err)
	f := fault.From(err)
	if req == nil {
		http.Error(w, http.StatusText(StatusOf(f.Kind)), StatusOf(f.Kind))
		return
	}
	if autosave(r) {
		problem(w, StatusOf(f.Kind), f.Key, req.View.T(f.Key, f.Args...))
		return
	}
	v := req.View
	k.answer(w, req, Page{Title: v.T("web.error.title"), Status: StatusOf(f.Kind),
		Body: ErrorPage(v, StatusOf(f.Kind), v.T(f.Key, f.Args...), r.Header.Get("X-Request-Id"))})
}

func autosave(r *http.Request) bool { return r.Header.Get("X-Requested-With") == "autosave" }

// problem answers a script of ours.
func problem(w http.ResponseWriter, status int, key, text string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"status": status, "key": key, "title": text, "detail": text})
}

// Ask runs a query for the one who asks.
func Ask[In, Out any](r *Request, q *app.Query[In, Out], in In) (Out, error) {
	return q.Do(r.Context(), r.App, r.Who, in)
}
