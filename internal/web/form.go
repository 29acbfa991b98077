package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// FormOption changes how a form is received.
type FormOption[In any] func(*formSettings[In])

type formSettings[In any] struct {
	again  Handler
	before func(*Request, *In) error
	limit  int64
	open   bool
}

// Again names the page that is shown again, with what was typed and what is
// wrong, when the action refuses. Without it the error page is shown.
func Again[In any](h Handler) FormOption[In] { return func(s *formSettings[In]) { s.again = h } }

// Before completes the input before the action: reads an upload, for instance.
func Before[In any](f func(*Request, *In) error) FormOption[In] {
	return func(s *formSettings[In]) { s.before = f }
}

// Limit is the largest body in bytes; 1 MiB without it.
func Limit[In any](n int64) FormOption[In] { return func(s *formSettings[In]) { s.limit = n } }

// OpenForm lets people use the form who have not signed in: an open door.
func OpenForm[In any]() FormOption[In] { return func(s *formSettings[In]) { s.open = true } }

// Form registers a form that performs one action. The input is filled from
// path and fields by the json names of In; afterwards done says where to go.
func Form[In any, S app.Subject, Out any](k *Kit, pattern string, a *app.Action[In, S, Out], done func(*Request, Out) string, options ...FormOption[In]) {
	FormPage(k, pattern, a, func(r *Request, out Out) (Page, error) {
		path := done(r, out)
		if strings.Contains(path, "?") {
			return See(path + "&done=" + a.Name()), nil
		}
		return See(path + "?done=" + a.Name()), nil
	}, options...)
}

// FormPage is Form for an answer that is shown at once and never again, such as
// a one-time code, or that is a file.
func FormPage[In any, S app.Subject, Out any](k *Kit, pattern string, a *app.Action[In, S, Out], done func(*Request, Out) (Page, error), options ...FormOption[In]) {
	s := formSettings[In]{limit: bodyLimit}
	for _, o := range options {
		o(&s)
	}
	k.register(pattern, s.open, s.limit, func(r *Request) (Page, error) {
		in, err := receive(r, s)
		if err != nil {
			return refused(r, s.again, err)
		}
		who := r.Who
		if key := r.PostForm.Get("_key"); key != "" {
			who.Via.Key = key
		}
		out, err := a.Do(r.Context(), r.App, who, in)
		if err != nil {
			return refused(r, s.again, err)
		}
		if autosave(r.Request) {
			return saved(r, out)
		}
		return done(r, out)
	}, []string{a.Name()})
}

func receive[In any](r *Request, s formSettings[In]) (In, error) {
	var in In
	err := r.ParseForm()
	if err == nil && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		err = r.ParseMultipartForm(1 << 20)
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return in, fault.New(fault.TooLarge, "web.body-too-large", "max", tooLarge.Limit>>20)
	}
	if err != nil {
		return in, fault.New(fault.Invalid, "web.form-unreadable").Because(err)
	}
	if err := Bind(r.PostForm, r.PathValue, &in); err != nil {
		return in, err
	}
	if s.before != nil {
		return in, s.before(r, &in)
	}
	return in, nil
}

// refused shows the page again with what was typed; what nobody can mend by
// typing shows the error page.
func refused(r *Request, again Handler, err error) (Page, error) {
	f := fault.From(err)
	if again == nil || autosave(r.Request) || f.Kind == fault.Internal || f.Kind == fault.NotFound || f.Kind == fault.Unauthenticated {
		return Page{}, err
	}
	r.Kit.Failed(r.Request, err)
	r.View.Fault = f
	r.View.Typed = r.PostForm
	r.View.Failed = r.URL.Path
	p, pageErr := again(r)
	if pageErr != nil {
		return Page{}, err // the page is gone too: tell why the form failed
	}
	p.Status = StatusOf(f.Kind)
	return p, nil
}

func saved(r *Request, out any) (Page, error) {
	b, err := json.Marshal(out)
	if err != nil {
		return Page{}, err
	}
	r.w.Header().Set("Content-Type", "application/json")
	return Page{Bare: true, Body: raw(b)}, nil
}
