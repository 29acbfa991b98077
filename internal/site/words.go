package site

import (
	"embed"

	"tongxin/internal/app"
)

//go:embed messages/*.json
var words embed.FS

// Words brings the words that no domain owns.
func Words() app.Module { return app.Module{Name: "site", Messages: words} }
