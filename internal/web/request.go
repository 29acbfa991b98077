package web

import (
	"net/http"
	"net/url"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/i18n"
	"tongxin/internal/id"
)

// Request is a request with everything a page needs to know about it.
type Request struct {
	*http.Request
	Kit  *Kit
	App  *app.App
	Who  access.Actor
	View View
	w    http.ResponseWriter
}

// Arg is a part of the path, or a field of the query or form.
func (r *Request) Arg(name string) string {
	if v := r.PathValue(name); v != "" {
		return v
	}
	return strings.TrimSpace(r.FormValue(name))
}

// SetSession gives the browser its session token; "" takes it away.
func (r *Request) SetSession(token string) { r.Kit.SetSession(r.w, token) }

// SetCookie keeps a preference of somebody who has not signed in.
func (r *Request) SetCookie(name, value string) {
	http.SetCookie(r.w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, Secure: r.Kit.Secure, SameSite: http.SameSiteLaxMode})
}

// View is what templates see: words, person, what was typed and what was wrong.
type View struct {
	i18n.Words
	Prefs
	Who   access.Actor
	Path  string
	Query url.Values
	Key   string // a fresh idempotency key for the forms of this page
	Fault *fault.Error
	Typed url.Values // what the person typed when the form was refused
	Menu  []MenuItem
	Done  string // name of the action that just succeeded
	// Failed is the path that the refused form was sent to.
	Failed string
}

// Value is what the person typed into a field, or else what is stored.
func (v View) Value(field, stored string) string {
	if v.Typed != nil {
		return v.Typed.Get(field)
	}
	return stored
}

// Ticked is Value for a checkbox or radio button.
func (v View) Ticked(field, value string, stored bool) bool {
	if v.Typed == nil {
		return stored
	}
	for _, x := range v.Typed[field] {
		if x == value {
			return true
		}
	}
	return false
}

// Problem is the sentence beside a field, "" when nothing is wrong with it.
func (v View) Problem(field string) string {
	if v.Fault == nil {
		return ""
	}
	for _, f := range v.Fault.All() {
		if f.Field == field && field != "" {
			return v.T(f.Key, f.Args...)
		}
	}
	return ""
}

// Problems lists every sentence with its field, for the list above the form.
func (v View) Problems() []Problem {
	if v.Fault == nil {
		return nil
	}
	var list []Problem
	for _, f := range v.Fault.All() {
		list = append(list, Problem{Field: f.Field, Text: v.T(f.Key, f.Args...)})
	}
	return list
}

// Problem is one sentence and the field it belongs to.
type Problem struct{ Field, Text string }

// Here reports whether a menu entry is the one of this page: the longest path
// of the menu under which the page lies.
func (v View) Here(path string) bool {
	if !under(v.Path, path) {
		return false
	}
	for _, m := range v.Menu {
		if len(m.Path) > len(path) && under(v.Path, m.Path) {
			return false
		}
	}
	return true
}

func under(page, path string) bool {
	return page == path || path != "/" && strings.HasPrefix(page, path+"/")
}

// With is the address of this page with one query field changed.
func (v View) With(name, value string) string {
	q := url.Values{}
	for k, x := range v.Query {
		q[k] = x
	}
	q.Del("done")
	q.Del("after")
	if value == "" {
		q.Del(name)
	} else {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return v.Path
	}
	return v.Path + "?" + q.Encode()
}

func (k *Kit) request(w http.ResponseWriter, r *http.Request) (*Request, error) {
	who, prefs, err := k.Sessions.Resolve(r.Context(), k.TokenOf(r), ViaOf(r))
	if g, ok := k.Sessions.(Greeter); ok && err == nil && who.SignedIn() {
		prefs, err = g.Greet(r.Context(), who, prefs)
	}
	if err != nil {
		return nil, err
	}
	if prefs.Lang == "" {
		prefs.Lang = langOf(r)
	}
	if c, err := r.Cookie("elder"); err == nil && !who.SignedIn() {
		prefs.Elder = c.Value == "1"
	}
	Known(r, who)
	v := View{Words: k.Texts.In(prefs.Lang), Prefs: prefs, Who: who, Path: r.URL.Path, Key: id.Random(), Menu: k.menuOf(who)}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		v.Query = r.URL.Query()
		if d := v.Query.Get("done"); d != "" && v.Has("done."+d) {
			v.Done = d
		}
	}
	return &Request{Request: r, Kit: k, App: k.App, Who: who, View: v, w: w}, nil
}

func langOf(r *http.Request) i18n.Lang {
	if c, err := r.Cookie("lang"); err == nil {
		return i18n.Parse(c.Value)
	}
	return i18n.Parse(strings.SplitN(r.Header.Get("Accept-Language"), ",", 2)[0])
}
