package appraisal

import (
	"embed"
	"time"

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
		Actions: []app.Definition{DraftScheme, ChangeScheme, SetIndicator, RemoveIndicator, EnterMarks, Simulate, Publish, Close, Discard, MakeAppeal, RuleAppeal, Adjust,
			SetTerms, openPair, GradeProposal, GradeHandling, reveal,
			DraftMeeting, SetMeeting, OpenMeeting, DropMeeting, GiveAccount, ScoreUnits, CountPaper, Announce, ReportMeeting, Mend, LookBack, CloseMeeting},
		Queries:    []app.Question{Years, Show, ShowSheet, Cases, Compare, Marks, Appeals, TermsNow, Pairs, ShowPair, over, Meetings, ShowMeeting},
		Relations:  relations(),
		AppendOnly: []string{"appraisal_mark", "appraisal_adjustment", "appraisal_run", "appraisal_terms", "appraisal_grading", "appraisal_meeting_sheet", "appraisal_paper"},
		Personal:   personal(),
		Waits:      waits(),
		Listeners:  []app.Listener{{Name: "appraisal.issued", Kinds: []string{"reply.issued"}, Hear: hearIssued}},
		Tasks:      []app.Task{{Name: "appraisal.reveal", Every: 10 * time.Minute, Run: revealAll}},
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
		{Table: "appraisal_terms", Column: "person_name", Purpose: "names who set the terms", Retention: "permanent"},
		{Table: "appraisal_rater", Column: "name", Purpose: "names the proposer who is asked", Retention: "as the case"},
		{Table: "appraisal_grading", Column: "rater_name", Purpose: "names whose grades they are", Retention: "as the case"},
		{Table: "appraisal_grading", Column: "person_name", Purpose: "names who graded for a unit or organisation", Retention: "as the case"},
		{Table: "appraisal_meeting", Column: "created_name", Purpose: "names who prepared the meeting", Retention: "permanent"},
		{Table: "appraisal_meeting", Column: "announced_name", Purpose: "names who announced the result", Retention: "permanent"},
		{Table: "appraisal_meeting_unit", Column: "account_name", Purpose: "names who gave the unit's account", Retention: "permanent"},
		{Table: "appraisal_meeting_unit", Column: "mended_name", Purpose: "names who reported for the unit", Retention: "permanent"},
		{Table: "appraisal_meeting_unit", Column: "looked_name", Purpose: "names who looked back", Retention: "permanent"},
		{Table: "appraisal_participant", Column: "name", Purpose: "names who was asked to score", Retention: "permanent"},
		{Table: "appraisal_paper", Column: "counted_name", Purpose: "names who counted paper sheets", Retention: "permanent"},
		{Table: "appraisal_paper", Column: "checked_name", Purpose: "names who checked the count", Retention: "permanent"},
	}
}
