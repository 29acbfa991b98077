package handling

import (
	"embed"
	"time"

	"tongxin/internal/app"
)

//go:embed schema/*.sql
var schema embed.FS

//go:embed messages/*.json
var messages embed.FS

// Module brings handling into the house. ready names the facts of other
// domains by which a case becomes ready for dispatch or changes its number,
// title or proposers, such as proposal.filed; their object is the case.
func Module(ready ...string) app.Module {
	m := app.Module{
		Name: "handling", Schema: schema, Messages: messages,
		Actions: []app.Definition{RouteCases, Dispatch, ChangeUnit, Sign, RecordContact, Opine, Draft, Submit, Return, Issue, Enter, Read, Rate, RateOnPaper, CloseCase,
			lapse, remind, recompute, open},
		Queries:    []app.Question{Show, ShowReply, List, RouteQueue, overdueRatings, ripeForReminding, openIn},
		Relations:  relations(),
		AppendOnly: []string{"rating", "assignment_moved", "handling_contact", "assist_opinion"},
		Personal:   personal(),
		Listeners:  []app.Listener{{Name: "handling.calendar", Kinds: []string{"calendar.changed"}, Hear: hearCalendar}},
		Waits:      waits(), Figures: []app.Figures{figures()}, Dues: []app.Dues{dues()},
		Tasks: []app.Task{
			{Name: "rating.lapse", Every: 10 * time.Minute, Run: lapseAll},
			{Name: "assignment.remind", Every: 10 * time.Minute, Run: remindAll},
		},
	}
	if len(ready) > 0 {
		m.Listeners = append(m.Listeners, app.Listener{Name: "handling.ready", Kinds: ready, Hear: hearReady})
	}
	return m
}

// personal is the register of personal fields (trust.md PII-02).
func personal() []app.Personal {
	return []app.Personal{
		{Table: "assignment", Column: "leader", Purpose: "names who is responsible in the unit", Retention: "as the case"},
		{Table: "assignment", Column: "handler", Purpose: "names whom the proposer can reach in the unit", Retention: "as the case"},
		{Table: "assignment", Column: "phone_sealed", Sealed: true, Purpose: "reaches the handler about the case", Retention: "as the case"},
		{Table: "handling_case", Column: "holder_name", Purpose: "names who has the case in hand", Retention: "as the case"},
		{Table: "handling_contact", Column: "people", Purpose: "names who took part in a contact", Retention: "as the case"},
		{Table: "reply", Column: "entered_by", Purpose: "names who entered a reply that came on paper", Retention: "as the case"},
		{Table: "reply", Column: "signer_name", Purpose: "names who signed the reply", Retention: "permanent"},
		{Table: "rating", Column: "rater_name", Purpose: "names who rated", Retention: "as the case"},
		{Table: "reply_delivery", Column: "name", Purpose: "names to whom the reply was delivered", Retention: "as the case"},
	}
}
