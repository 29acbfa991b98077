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
			Object, Consent, WithdrawObjection, RuleObjection, Extend, DecideExtension, Waive, CountersignReply, DecideDispute, Pass, SendBack, Recall,
			SayLastWord, BeginFollowUp, DropFollowUp,
			bind, lapse, remind, recompute, open},
		Queries:    []app.Question{Show, ShowReply, List, RouteQueue, overdueRatings, silentUnits, ripeForReminding, openIn},
		Relations:  relations(),
		AppendOnly: []string{"rating", "assignment_moved", "handling_contact", "assist_opinion", "reply_reading", "rehandling"},
		Personal:   personal(),
		Listeners:  []app.Listener{{Name: "handling.calendar", Kinds: []string{"calendar.changed"}, Hear: hearCalendar}},
		Waits:      waits(), Figures: []app.Figures{figures()}, Dues: []app.Dues{dues()},
		Tasks: []app.Task{
			{Name: "rating.lapse", Every: 10 * time.Minute, Run: lapseAll},
			{Name: "assignment.bind", Every: 10 * time.Minute, Run: bindAll},
			{Name: "assignment.remind", Every: 10 * time.Minute, Run: remindAll},
		},
	}
	m = withPromises(withHandOver(m))
	if len(ready) > 0 {
		m.Listeners = append(m.Listeners, app.Listener{Name: "handling.ready", Kinds: ready, Hear: hearReady})
	}
	return withBulk(m)
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
		{Table: "assignment", Column: "waived_name", Purpose: "names who went on without an opinion", Retention: "as the case"},
		{Table: "objection", Column: "consented_name", Purpose: "names the leader who consented to an objection", Retention: "as the case"},
		{Table: "objection", Column: "ruled_name", Purpose: "names who ruled on an objection", Retention: "as the case"},
		{Table: "extension", Column: "asked_name", Purpose: "names who asked for more time", Retention: "as the case"},
		{Table: "extension", Column: "endorsed_name", Purpose: "names who endorsed it", Retention: "as the case"},
		{Table: "extension", Column: "decided_name", Purpose: "names who decided about it", Retention: "as the case"},
		{Table: "countersign", Column: "person_name", Purpose: "names who countersigned", Retention: "as the case"},
		{Table: "countersign", Column: "decided_name", Purpose: "names who decided a disagreement", Retention: "as the case"},
		{Table: "reply", Column: "reader_name", Purpose: "names who read the reply before it went out", Retention: "as the case"},
		{Table: "reply_reading", Column: "reader_name", Purpose: "names who read the reply before it went out", Retention: "as the case"},
		{Table: "last_word", Column: "ruled_name", Purpose: "names who said the committee's last word", Retention: "as the case"},
		{Table: "reply_promise", Column: "owner", Purpose: "names who answers for a promise", Retention: "as the case"},
		{Table: "promise", Column: "owner", Purpose: "names who answers for a promise", Retention: "as the case"},
		{Table: "promise", Column: "ended_name", Purpose: "names who reported a promise kept or cancelled", Retention: "as the case"},
		{Table: "promise", Column: "confirmed_name", Purpose: "names who confirmed a promise", Retention: "as the case"},
		{Table: "reply_delivery", Column: "name", Purpose: "names to whom the reply was delivered", Retention: "as the case"},
	}
}
