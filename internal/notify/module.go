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

// Module brings the inbox and the channels into the house. rules are those of all
// domains; a committee that has none of them is told nothing.
func Module(rules ...Rule) app.Module {
	return app.Module{
		Name: "notify", Schema: schema, Messages: messages,
		Actions:   []app.Definition{Read, ReadAll, Choose, SetAddress, ImportAddresses, Retry, tell, bundle, claim, settle, receive},
		Queries:   []app.Question{Inbox, Count, Choice, Deliveries},
		Relations: relations(),
		Personal: []app.Personal{{Table: "notice_address", Column: "address_sealed", Sealed: true,
			Purpose: "tells the person by WeCom, DingTalk or Feishu", Retention: "term"}},
		Listeners: []app.Listener{listener(rules)},
		Tasks:     []app.Task{{Name: "notify.deliver", Every: 15 * time.Second, Run: deliver}},
	}
}
