package supervision

import (
	"embed"

	"tongxin/internal/app"
)

//go:embed schema/*.sql
var schema embed.FS

//go:embed messages/*.json
var messages embed.FS

// Module brings supervision into the house. Site lends Chased to handling.
func Module() app.Module {
	return app.Module{
		Name: "supervision", Schema: schema, Messages: messages,
		Actions:   []app.Definition{Send, Receive, Answer, Instruct, Report, settle, overdue, tellWeek},
		Queries:   []app.Question{See, Assignments, ShowItem, OfUnit, Prepare, Chases, ShowChase, ShowInstruction, ForLeader, unheard, unsettled, untold},
		Relations: relations(),
		Listeners: []app.Listener{listener()},
		Tasks:     tasks(),
		// Items are closed, last chases and series go on.
		AppendOnly: []string{"supervision_week"},
		Personal: []app.Personal{
			{Table: "chase", Column: "signed_name", Purpose: "names who signed the chase", Retention: "as the case"},
			{Table: "chase", Column: "received_name", Purpose: "names who received the chase", Retention: "as the case"},
			{Table: "chase", Column: "answered_name", Purpose: "names who answered the chase", Retention: "as the case"},
			{Table: "late_instruction", Column: "leader_name", Purpose: "names the leader who wrote the instruction", Retention: "as the case"},
			{Table: "late_instruction", Column: "reported_name", Purpose: "names who reported on the instruction", Retention: "as the case"},
		},
		Waits: waits(), Figures: []app.Figures{figures()}, Dues: []app.Dues{dues()},
	}
}
