package proposal

import (
	"embed"
	"slices"
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
		Actions:    slices.Concat(writing(), reviewing(), keyActs()),
		Queries:    slices.Concat(writingAsks(), asking(), keyAsks()),
		Relations:  slices.Concat(writingRelations(), reviewRelations(), keyRelations()),
		Listeners:  []app.Listener{recomputing(), noticing(), inheriting(), replanning()},
		Tasks:      []app.Task{lapseTask(), keyRemindTask()},
		AppendOnly: []string{"key_decision", "key_consultation", "key_step", "key_record", "key_instruction", "key_report"},
		Personal: append(keyPersonal(), []app.Personal{
			{Table: "proposal", Column: "lead_name", Purpose: "names who proposes", Retention: "permanent"},
			{Table: "proposal", Column: "holder_name", Purpose: "names who has the case in hand", Retention: "as the case"},
			{Table: "proposal_signer", Column: "name", Purpose: "names who proposes together", Retention: "permanent"},
		}...),
		Waits: append(waits(), keyWaits()...), Figures: []app.Figures{figuresOf()}, Dues: []app.Dues{duesOf(), keyDues()}, Begins: begins(),
	}
}
