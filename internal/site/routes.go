package site

import (
	"context"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/web"
	"tongxin/internal/web/static"
)

// routes registers every page and every operation.
func routes(k *web.Kit, j *api.Kit) {
	k.Note(web.Route{Pattern: "GET /static/", Open: true})
	k.Mount("GET /static/", static.Handler())
	k.Open("GET /healthz", health)
}

// unread counts the messages of the inbox for the head of every page.
func unread(context.Context, *app.App, access.Actor) (int, error) { return 0, nil }

// lent are the values that one domain lends another.
func lent() []any { return nil }
