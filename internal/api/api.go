package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/clock"
	"tongxin/internal/fault"
	"tongxin/internal/i18n"
	"tongxin/internal/web"
)

// Version is the version of the API document. A change of openapi.json
// without a new version fails the test.
const Version = "0.1.0"

// Kit is what JSON operations are registered with.
type Kit struct {
	web *web.Kit
	doc *huma.OpenAPI
}

// NewKit makes the kit beside the page kit.
func NewKit(w *web.Kit) *Kit {
	registry := huma.NewMapRegistry("#/components/schemas/", schemaName)
	k := &Kit{web: w, doc: &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{Title: "Tongxin 同心", Version: Version,
			Description: "One operation per action and query of the pages. Send an Idempotency-Key with every POST; a repetition returns the first answer."},
		Paths: map[string]*huma.PathItem{},
		Components: &huma.Components{Schemas: registry, SecuritySchemes: map[string]*huma.SecurityScheme{
			"bearer": {Type: "http", Scheme: "bearer", Description: "A token made by `tongxin admin token` or on the account page."},
			"cookie": {Type: "apiKey", In: "cookie", Name: "__Host-tongxin"},
		}},
		Security: []map[string][]string{{"bearer": {}}, {"cookie": {}}},
	}}
	registry.RegisterTypeAlias(reflect.TypeFor[clock.Instant](), reflect.TypeFor[*instant]())
	w.Note(web.Route{Pattern: "GET /api/openapi.json", Open: true})
	w.Mount("GET /api/openapi.json", http.HandlerFunc(k.document))
	w.Note(web.Route{Pattern: "/api/", Open: true})
	w.Mount("/api/", http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		k.problem(rw, r, fault.New(fault.NotFound, "fault.not-found"))
	}))
	return k
}

// instant is how an Instant looks in the document: a date-time text or null.
type instant string

// Schema describes it.
func (*instant) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Nullable: true}
}

var plain = regexp.MustCompile(`[^A-Za-z0-9]+`)

// schemaName is the package and type, because domains may use one word twice.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	parts := strings.Split(t.PkgPath(), "/")
	name := t.Name()
	if name == "" {
		return plain.ReplaceAllString(hint, "")
	}
	pkg := parts[len(parts)-1]
	return strings.ToUpper(pkg[:min(1, len(pkg))]) + pkg[min(1, len(pkg)):] + plain.ReplaceAllString(name, "")
}

// Post registers an action as a JSON operation.
func Post[In any, S app.Subject, Out any](k *Kit, path string, a *app.Action[In, S, Out]) {
	post(k, path, false, a)
}

// OpenPost registers an action that needs no session: an open door.
func OpenPost[In any, S app.Subject, Out any](k *Kit, path string, a *app.Action[In, S, Out]) {
	post(k, path, true, a)
}

func post[In any, S app.Subject, Out any](k *Kit, path string, open bool, a *app.Action[In, S, Out]) {
	k.describe("POST", path, open, a.Name(), a.Input(), a.Output())
	k.web.Note(web.Route{Pattern: "POST " + path, Open: open, Serves: a.Name()})
	k.web.Mount("POST "+path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := k.actor(r, open)
		if err != nil {
			k.problem(w, r, err)
			return
		}
		var in In
		if err := read(w, r, &in); err != nil {
			k.problem(w, r, err)
			return
		}
		out, err := a.Do(r.Context(), k.web.App, who, in)
		if err != nil {
			k.problem(w, r, err)
			return
		}
		write(w, out)
	}))
}

// Get registers a query as a JSON operation.
func Get[In, Out any](k *Kit, path string, q *app.Query[In, Out]) {
	k.describe("GET", path, false, q.Name(), q.Input(), q.Output())
	k.web.Note(web.Route{Pattern: "GET " + path, Serves: q.Name()})
	k.web.Mount("GET "+path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := k.actor(r, false)
		if err != nil {
			k.problem(w, r, err)
			return
		}
		var in In
		if err := web.Bind(r.URL.Query(), r.PathValue, &in); err != nil {
			k.problem(w, r, err)
			return
		}
		out, err := q.Do(r.Context(), k.web.App, who, in)
		if err != nil {
			k.problem(w, r, err)
			return
		}
		write(w, out)
	}))
}

func (k *Kit) actor(r *http.Request, open bool) (access.Actor, error) {
	who, _, err := k.web.Sessions.Resolve(r.Context(), k.web.TokenOf(r), web.ViaOf(r))
	web.Known(r, who)
	if err == nil && !open && !who.SignedIn() {
		err = fault.New(fault.Unauthenticated, "access.sign-in")
	}
	return who, err
}

const bodyLimit = 4 << 20

// read fills the input from the JSON body; parts of the path win.
func read(w http.ResponseWriter, r *http.Request, in any) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return fault.New(fault.TooLarge, "web.body-too-large", "max", tooLarge.Limit>>20)
	}
	if err != nil {
		return fault.New(fault.Invalid, "web.form-unreadable").Because(err)
	}
	if len(body) > 0 {
		if err := json.Unmarshal(body, in); err != nil {
			return badJSON(err)
		}
	}
	return web.Bind(nil, r.PathValue, in)
}

// badJSON names the field when the decoder knows it.
func badJSON(err error) error {
	if t := (*json.UnmarshalTypeError)(nil); errors.As(err, &t) {
		return fault.Field(t.Field, "web.form-unreadable").Because(err)
	}
	return fault.New(fault.Invalid, "web.form-unreadable").Because(err)
}

func write(w http.ResponseWriter, out any) {
	b, err := json.Marshal(out)
	if err != nil {
		http.Error(w, "500", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(b)
}

// Problem is the body of a refusal (RFC 9457).
type Problem struct {
	Type    string         `json:"type"`
	Title   string         `json:"title" doc:"A sentence a person can act on, in the language of Accept-Language"`
	Status  int            `json:"status"`
	Key     string         `json:"key" doc:"Stable name of the sentence"`
	Request string         `json:"request"`
	Fields  []ProblemField `json:"fields,omitempty"`
}

// ProblemField is a sentence beside a field.
type ProblemField struct {
	Field string `json:"field"`
	Title string `json:"title"`
	Key   string `json:"key"`
}

func (k *Kit) problem(w http.ResponseWriter, r *http.Request, err error) {
	k.web.Failed(r, err)
	f := fault.From(err)
	words := k.web.Texts.In(i18n.Parse(r.Header.Get("Accept-Language")))
	p := Problem{Type: "about:blank", Title: words.T(f.Key, f.Args...), Status: web.StatusOf(f.Kind), Key: f.Key, Request: r.Header.Get("X-Request-Id")}
	for _, x := range f.All() {
		if x.Field != "" {
			p.Fields = append(p.Fields, ProblemField{x.Field, words.T(x.Key, x.Args...), x.Key})
		}
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}
