package profile

import (
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
)

// PreviewIn is a section with deadlines as somebody is filling it in, and the
// day to compute from; today without it. Only the part named by Section is
// read; without a name it is that of the deadlines.
type PreviewIn struct {
	Section   Section        `json:"section"`
	Deadlines DeadlinesIn    `json:"deadlines"`
	Objection ObjectionRules `json:"objection"`
	Together  TogetherRules  `json:"together"`
	Reading   ReadingRules   `json:"reading"`
	Again     AgainRules     `json:"again"`
	Promise   PromiseRules   `json:"promise"`
	Key       KeyIn          `json:"key"`
	From      string         `json:"from"`
}

// Example is what one deadline gives. On is empty when the rule is not right yet.
type Example struct {
	Key   string          `json:"key"`
	Load  int             `json:"load,omitempty"` // for a unit with so many cases; 0: whatever it has
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
	if len(s.Args()) == 0 || in.Section != "" && !slices.Contains(Sections(), in.Section) {
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
	for _, x := range in.rules() {
		out.Items = append(out.Items, x.examples(from, days)...)
	}
	return out, nil
}

// keyed is a deadline and the setting that gives it.
type keyed struct {
	key  string
	rule calendar.Rule
	// bare deadlines run from an event that is no base of the calendar, so
	// their first step, which names the base, is left out.
	bare bool
}

// examples are the plain one and one for every addition by load.
func (k keyed) examples(from calendar.Date, days *calendar.Workdays) []Example {
	list := []Example{k.example(from, k.rule.ForLoad(0), days)}
	if len(k.rule.Extra) > ExtrasMost {
		return list // too many; the form says so
	}
	for _, e := range filled(k.rule.Extra) {
		list = append(list, k.example(from, k.rule.ForLoad(e.AtLeast), days))
	}
	return list
}

func (k keyed) example(from calendar.Date, rule calendar.Rule, days *calendar.Workdays) Example {
	e := Example{Key: k.key, Load: rule.Load}
	rule.Extra = filled(rule.Extra)
	d, err := calendar.Compute(from, rule, days)
	if err != nil {
		return e
	}
	if e.On, e.Steps = d.On.String(), d.Steps; k.bare {
		e.Steps = e.Steps[1:]
	}
	return e
}

// worked is a deadline that is a mere number of working days.
func worked(key string, base calendar.Base, n int) keyed {
	return keyed{key: key, rule: calendar.Rule{Base: base, Workdays: n}}
}

// since is worked for an event that is no base of the calendar.
func since(key string, n int) keyed {
	k := worked(key, calendar.FromSubmit, n)
	k.bare = true
	return k
}

// rules are the deadlines of the section in the order of its page.
func (in PreviewIn) rules() []keyed {
	switch in.Section {
	case "", Deadlines:
		return in.Deadlines.rules()
	case Objection:
		return []keyed{worked("handling.objection.workdays", calendar.FromDispatch, in.Objection.Workdays),
			worked("handling.objection.ruling_workdays", calendar.FromObjection, in.Objection.RulingWorkdays)}
	case Together:
		return []keyed{since("handling.together.countersign_days", in.Together.CountersignDays)}
	case Reading:
		return []keyed{since("handling.reading.workdays", in.Reading.Workdays)}
	case Again:
		return []keyed{{key: "handling.again.due", rule: in.Again.Due}}
	case Promise:
		return []keyed{{key: "handling.promise.months_max", rule: calendar.Rule{Base: calendar.FromIssue, Months: in.Promise.MonthsMax}}}
	case Key:
		list := []keyed{since("key.plan_workdays", in.Key.PlanWorkdays)}
		if in.Key.DueDiffers {
			list = append(list, keyed{key: "key.reply_due", rule: in.Key.ReplyDue})
		}
		return list
	default:
		return nil
	}
}

func (in DeadlinesIn) rules() []keyed {
	list := []keyed{
		{key: "proposal.review_due", rule: in.ReviewDue},
		worked("handling.sign_workdays", calendar.FromDispatch, in.SignWorkdays),
		worked("handling.contact_workdays", calendar.FromDispatch, in.ContactWorkdays),
		{key: "handling.assist_due", rule: in.AssistDue},
		{key: "handling.reply_due", rule: in.ReplyDue},
		{key: "handling.reply_due_intersession", rule: in.ReplyDueIntersess},
	}
	if in.CollectiveDiffers {
		list = append(list, keyed{key: "handling.reply_due_collective", rule: in.ReplyDueCollective})
	}
	return append(list, worked("handling.rate_workdays", calendar.FromIssue, in.RateWorkdays))
}

// Preview is the section as a question for [Preview].
func (in ChangeIn) Preview() PreviewIn {
	return PreviewIn{Section: in.Section, Deadlines: in.Deadlines, Objection: in.Objection, Together: in.Together,
		Reading: in.Reading, Again: in.Again, Promise: in.Promise, Key: in.Key}
}
