package web

import (
	"embed"

	"tongxin/internal/app"
)

//go:embed messages/*.json
var messages embed.FS

// Module brings the words of the kit.
func Module() app.Module { return app.Module{Name: "web", Messages: messages} }
