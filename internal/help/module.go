package help

import (
	"embed"

	"tongxin/internal/app"
)

//go:embed messages/*.json
var messages embed.FS

// Module brings the few words around the texts.
func Module() app.Module { return app.Module{Name: "help", Messages: messages} }
