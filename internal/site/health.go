package site

import (
	"context"
	"io"

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

// plain is a text without markup.
type plain string

// Render writes the text.
func (p plain) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(p))
	return err
}
