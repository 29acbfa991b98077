package profile

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
)

// PreviewIn are deadlines as somebody is filling them in, and the day to
// compute from; today without it.
type PreviewIn struct {
	Deadlines DeadlinesIn `json:"deadlines"`
	From      string      `json:"from"`
}

// Example is what one deadline gives. On is empty when the rule is not right yet.
type Example struct {
	Key   string          `json:"key"`
	On    string          `json:"on"`
	Steps []calendar.Step `json:"steps,omitempty"`
}

// Previewed are the examples, each computed from the same day.
type Previewed struct {
	From  string    `json:"from"`
	Items []Example `json:"items"`
}

// Preview computes what deadlines would give, without changing anything.
var Preview = app.Ask("profile.preview", everybody, preview)

func preview(l *app.Look, s access.Scope, in PreviewIn) (Previewed, error) {
	if len(s.Args()) == 0 {
		return Previewed{}, fault.New(fault.NotFound, "fault.not-found")
	}
	from := calendar.DateOf(l.Now().Time, calendar.Beijing)
	if in.From != "" {
		var err error
		if from, err = calendar.ParseDate(in.From); err != nil {
			return Previewed{}, fault.Field("from", "web.not-a-date")
		}
	}
	days, err := calendar.Current(l)
	if err != nil {
		return Previewed{}, err
	}
	out := Previewed{From: from.String(), Items: []Example{}}
	for _, x := range in.Deadlines.rules() {
		e := Example{Key: x.key}
		if d, err := calendar.Compute(from, x.rule, days); err == nil {
			e.On, e.Steps = d.On.String(), d.Steps
		}
		out.Items = append(out.Items, e)
	}
	return out, nil
}

type keyed struct {
	key  string
	rule calendar.Rule
}

// rules are the deadlines in the order of the page; those that are a mere
// number of working days become rules too.
func (in DeadlinesIn) rules() []keyed {
	days := func(base calendar.Base, n int) calendar.Rule { return calendar.Rule{Base: base, Workdays: n} }
	list := []keyed{
		{"proposal.review_due", in.ReviewDue},
		{"handling.sign_workdays", days(calendar.FromDispatch, in.SignWorkdays)},
		{"handling.contact_workdays", days(calendar.FromDispatch, in.ContactWorkdays)},
		{"handling.assist_due", in.AssistDue},
		{"handling.reply_due", in.ReplyDue},
		{"handling.reply_due_intersession", in.ReplyDueIntersess},
	}
	if in.CollectiveDiffers {
		list = append(list, keyed{"handling.reply_due_collective", in.ReplyDueCollective})
	}
	return append(list, keyed{"handling.rate_workdays", days(calendar.FromIssue, in.RateWorkdays)})
}

// Check tells what is wrong with the deadlines, nil when nothing is.
func (in DeadlinesIn) Check() error {
	var p fault.Problems
	r := Defaults()
	in.apply(&r, &p)
	return p.Err()
}

// DeadlinesOf are the deadlines of rules, as the form shows them.
func DeadlinesOf(r *Rules) DeadlinesIn {
	h := r.Handling
	in := DeadlinesIn{ReviewDue: r.Proposal.ReviewDue, SignWorkdays: h.SignWorkdays, ContactWorkdays: h.ContactWorkdays,
		AssistDue: h.AssistDue, ReplyDue: h.ReplyDue, ReplyDueIntersess: h.ReplyDueIntersess, RateWorkdays: h.RateWorkdays}
	if in.CollectiveDiffers = h.ReplyDueCollective != nil; in.CollectiveDiffers {
		in.ReplyDueCollective = *h.ReplyDueCollective
	} else {
		in.ReplyDueCollective = h.ReplyDue
	}
	return in
}
