package proposal

import (
	"embed"
	"time"

	"tongxin/internal/app"
)

//go:embed schema/*.sql
var schema embed.FS

//go:embed messages/*.json
var messages embed.FS

// sampleTime stands for some instant in the samples of the permission table.
var sampleTime = time.Date(2026, 1, 12, 9, 0, 0, 0, time.UTC) //nolint:gochecknoglobals // a constant that Go cannot declare

// Module brings proposals into the house.
func Module() app.Module {
	return app.Module{
		Name: "proposal", Schema: schema, Messages: messages,
		Actions:   append(writing(), reviewing()...),
		Queries:   append(writingAsks(), asking()...),
		Relations: append(writingRelations(), reviewRelations()...),
		Listeners: []app.Listener{recomputing()},
		Tasks:     []app.Task{lapseTask()},
		Personal: []app.Personal{
			{Table: "proposal", Column: "lead_name", Purpose: "names who proposes", Retention: "permanent"},
			{Table: "proposal", Column: "holder_name", Purpose: "names who has the case in hand", Retention: "as the case"},
			{Table: "proposal_signer", Column: "name", Purpose: "names who proposes together", Retention: "permanent"},
		},
		Waits: waits(), Figures: []app.Figures{figuresOf()}, Dues: []app.Dues{duesOf()}, Begins: begins(),
	}
}
