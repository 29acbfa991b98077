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
	return app.Module{Name: "profile", Schema: schema, Messages: messages, AppendOnly: []string{"profile_version"}}
}
