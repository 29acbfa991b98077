package workbench

import (
	"embed"

	"tongxin/internal/app"
)

//go:embed messages/*.json
var messages embed.FS

// Module brings the workbench into the house.
func Module() app.Module {
	return app.Module{Name: "workbench", Messages: messages, Queries: []app.Question{Show}}
}
