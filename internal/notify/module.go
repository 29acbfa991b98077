package notify

import (
	"embed"
	"time"

	"tongxin/internal/app"
)

//go:embed schema/*.sql
var schema embed.FS

//go:embed messages/*.json
var messages embed.FS

// Module brings the inbox and mail into the house. rules are those of all
// domains; a committee that has none of them is told nothing.
func Module(rules ...Rule) app.Module {
	return app.Module{
		Name: "notify", Schema: schema, Messages: messages,
		Actions:   []app.Definition{Read, ReadAll, tell, claim, settle},
		Queries:   []app.Question{Inbox, Count},
		Relations: relations(),
		Listeners: []app.Listener{listener(rules)},
		Tasks:     []app.Task{{Name: "notify.deliver", Every: 15 * time.Second, Run: deliver}},
	}
}
