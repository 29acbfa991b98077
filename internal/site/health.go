package site

import (
	"context"
	"io"
	"net/http"

	"tongxin/internal/fault"
	"tongxin/internal/web"
)

// health answers 200 while the database answers, for the supervisor of the
// machine. It tells nothing else.
func health(r *web.Request) (web.Page, error) {
	if err := r.App.Ping(r.Context()); err != nil {
		return web.Page{}, fault.New(fault.Unavailable, "fault.unavailable").Because(err)
	}
	return web.Page{Bare: true, Body: plain("ok\n")}, nil
}

// nothing answers what no page answers, in the look of the others.
func nothing(r *web.Request) (web.Page, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return web.Page{Bare: true, Status: http.StatusMethodNotAllowed, Body: plain("405\n")}, nil
	}
	return web.Page{}, fault.New(fault.NotFound, "fault.not-found")
}

// plain is a text without markup.
type plain string

// Render writes the text.
func (p plain) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(p))
	return err
}
