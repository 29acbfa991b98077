package organization

import (
	"embed"
	"time"

	"tongxin/internal/app"
)

// Idle ends a session that nobody used for this long (trust.md AUTH-07). API
// tokens have a seen_at far ahead instead.
const Idle = 30 * time.Minute

//go:embed schema/*.sql
var schema embed.FS

//go:embed messages/*.json
var messages embed.FS

// Module brings the committee's make-up into the house.
func Module() app.Module {
	return app.Module{Name: "organization", Schema: schema, Messages: messages}
}
