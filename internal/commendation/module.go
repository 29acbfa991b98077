package commendation

import (
	"embed"

	"tongxin/internal/app"
)

//go:embed schema/*.sql
var schema embed.FS

//go:embed messages/*.json
var messages embed.FS

// Module brings commendation into the house.
func Module() app.Module {
	return app.Module{
		Name: "commendation", Schema: schema, Messages: messages,
		Actions: []app.Definition{Create, Change, Open, Extend, Nominate, Withdraw, CloseNominating, Read, CloseReading,
			Review, ReviewMany, CloseReview, Approve, Publish, Object, Rule, Announce, Cancel},
		Queries:    []app.Question{List, Form, Show, Eligible, ShowCandidate, Winners, Marks},
		Relations:  relations(),
		AppendOnly: []string{"commendation_reading", "commendation_review", "commendation_event"},
		Personal: []app.Personal{
			{Table: "commendation_nomination", Column: "nominator_name", Purpose: "names who nominated", Retention: "permanent"},
			{Table: "commendation_candidate", Column: "name", Purpose: "names who is commended", Retention: "permanent"},
			{Table: "commendation_candidate", Column: "lead_name", Purpose: "names who proposed what is commended", Retention: "permanent"},
			{Table: "commendation_objection", Column: "objector", Purpose: "names who objected during public notice", Retention: "as the campaign"},
		},
		Waits: waits(),
	}
}
