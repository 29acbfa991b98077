package profile

import (
	"embed"

	"tongxin/internal/app"
)

//go:embed schema/*.sql
var schema embed.FS

//go:embed messages/*.json
var messages embed.FS

// Module brings the committee's rules into the house.
func Module() app.Module {
	return app.Module{Name: "profile", Schema: schema, Messages: messages, AppendOnly: []string{"profile_version"},
		Actions:   []app.Definition{ChangeRules},
		Queries:   []app.Question{Show, History, Preview},
		Relations: relations(),
		Personal:  []app.Personal{{Table: "profile_version", Column: "person_name", Purpose: "tells who changed the rules", Retention: "permanent"}}}
}
