package appraisal

import (
	"embed"

	"tongxin/internal/app"
)

//go:embed schema/*.sql
var schema embed.FS

//go:embed messages/*.json
var messages embed.FS

// Module brings the appraisal into the house.
func Module() app.Module {
	return app.Module{
		Name: "appraisal", Schema: schema, Messages: messages,
		Actions:    []app.Definition{DraftScheme, ChangeScheme, SetIndicator, RemoveIndicator, EnterMarks, Simulate, Publish, Close, Discard, MakeAppeal, RuleAppeal, Adjust},
		Queries:    []app.Question{Years, Show, ShowSheet, Cases, Compare, Marks, Appeals},
		Relations:  relations(),
		AppendOnly: []string{"appraisal_mark", "appraisal_adjustment", "appraisal_run"},
		Personal:   personal(),
		Waits:      waits(),
	}
}

// personal is the register of personal fields (trust.md PII-02).
func personal() []app.Personal {
	return []app.Personal{
		{Table: "appraisal_scheme", Column: "created_name", Purpose: "names who began the version", Retention: "as the year's appraisal"},
		{Table: "appraisal_scheme", Column: "published_name", Purpose: "names who published it", Retention: "as the year's appraisal"},
		{Table: "appraisal_mark", Column: "person_name", Purpose: "names who entered a finding", Retention: "as the year's appraisal"},
		{Table: "appraisal_appeal", Column: "person_name", Purpose: "names who appealed for the unit", Retention: "as the year's appraisal"},
		{Table: "appraisal_appeal", Column: "ruled_name", Purpose: "names who answered the appeal", Retention: "as the year's appraisal"},
		{Table: "appraisal_adjustment", Column: "person_name", Purpose: "names who corrected a sheet", Retention: "as the year's appraisal"},
	}
}
