package calendar

import (
	"embed"

	"tongxin/internal/app"
)

//go:embed schema/*.sql
var schema embed.FS

//go:embed messages/*.json
var messages embed.FS

// Module brings the calendar into the house.
func Module() app.Module {
	return app.Module{Name: "calendar", Schema: schema, Messages: messages,
		Actions: []app.Definition{Change}, Queries: []app.Question{Show}, Relations: relations()}
}
