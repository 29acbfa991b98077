package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Deadline is the last day for something, and why. It is kept as JSON beside
// the thing that is due.
type Deadline struct {
	On Date `json:"on"` // the last day, which counts in full
	// At is the instant the last day is over: midnight after On in Beijing,
	// which is already late.
	At    time.Time `json:"at"`
	Steps []Step    `json:"steps"`

	// From, Rule and Extensions are what it was computed from.
	From       Date   `json:"from"`
	Rule       Rule   `json:"rule"`
	Extensions []Rule `json:"extensions,omitempty"`
	// Calendar is the version of the working-day calendar that was used.
	Calendar int64 `json:"calendar"`
}

// errNoBase answers a deadline whose starting event has not happened.
var errNoBase = errors.New("no starting day")

// Compute gives the deadline of a rule whose base event happened on a day. It
// answers what [Rule.Check] answers, or a plain error when the day is missing.
func Compute(from Date, rule Rule, w *Workdays) (Deadline, error) {
	if from.IsZero() {
		return Deadline{}, fmt.Errorf("compute deadline: %w", errNoBase)
	}
	if err := rule.Check(); err != nil {
		return Deadline{}, fmt.Errorf("compute deadline: %w", err)
	}
	d := Deadline{From: from, Rule: rule}
	way := walk{w: w, on: from}
	way.note("calendar.step.base", "base", rule.Base.Key())
	d.finish(&way, rule)
	return d, nil
}

// Extend gives the deadline with a further period that runs from its last day,
// whatever the Base of the rule says. The first one is left as it was.
func Extend(d Deadline, rule Rule, w *Workdays) (Deadline, error) {
	if d.On.IsZero() {
		return Deadline{}, fmt.Errorf("extend deadline: %w", errNoBase)
	}
	rule.Base = FromDue
	if err := rule.Check(); err != nil {
		return Deadline{}, fmt.Errorf("extend deadline: %w", err)
	}
	way := walk{w: w, on: d.On, steps: slices.Clone(d.Steps)}
	way.note("calendar.step.extension")
	longer := Deadline{From: d.From, Rule: d.Rule, Extensions: append(slices.Clone(d.Extensions), rule)}
	longer.finish(&way, rule)
	return longer, nil
}

// Recompute computes a deadline again over another calendar, from the rule and
// the extensions it was made with. Compare the two with [Same].
func Recompute(d Deadline, w *Workdays) (Deadline, error) {
	again, err := Compute(d.From, d.Rule, w)
	for _, rule := range d.Extensions {
		if err != nil {
			return Deadline{}, err
		}
		again, err = Extend(again, rule, w)
	}
	return again, err
}

// Same reports whether two deadlines end on the same day, however explained.
func Same(a, b Deadline) bool { return a.On == b.On }

// Late reports whether the deadline has passed at an instant; at At it has.
func (d Deadline) Late(now time.Time) bool { return !d.On.IsZero() && !now.Before(d.At) }

// finish walks the rule and takes over where it ends.
func (d *Deadline) finish(way *walk, rule Rule) {
	way.period(rule)
	way.more(rule)
	way.roll(rule)
	way.warn()
	d.On, d.At, d.Steps, d.Calendar = way.on, way.on.End(Beijing), way.steps, way.w.Version()
}

// walk goes from day to day and writes down why.
type walk struct {
	w     *Workdays
	on    Date
	steps []Step
	// first and last bound the days whose being worked mattered, so that a
	// year without notice is only warned of when it could change the answer.
	first, last Date
}

func (k *walk) note(key string, args ...string) {
	k.steps = append(k.steps, newStep(key, k.on, args...))
}

func (k *walk) period(rule Rule) {
	if rule.Fixed != "" {
		k.fixed(rule.Fixed)
		return
	}
	if rule.Months > 0 {
		k.on = k.on.AddMonths(rule.Months)
		k.note("calendar.step.months", "n", strconv.Itoa(rule.Months))
	}
	if rule.Days > 0 {
		k.on = k.on.Add(rule.Days)
		k.note("calendar.step.days", "n", strconv.Itoa(rule.Days))
	}
	if rule.Workdays > 0 {
		k.workdays(rule.Workdays)
	}
}

func (k *walk) fixed(text string) {
	from := k.on
	on, err := fixedDate(text, from)
	if err != nil {
		return // Check has read the same text
	}
	k.on = on
	k.note("calendar.step.fixed")
	if on.Before(from) {
		k.note("calendar.step.past", "from", from.String())
	}
}

func (k *walk) workdays(n int) {
	from := k.on
	k.on = k.w.AddWorkdays(from, n)
	k.looked(from.Add(1), k.on)
	k.note("calendar.step.workdays", "n", strconv.Itoa(n))
	if spans := spansOf(k.w.Exceptions(from.Add(1), k.on)); len(spans) > 0 {
		k.note("calendar.step.skipped")
		k.steps[len(k.steps)-1].Spans = spans
	}
}

func (k *walk) more(rule Rule) {
	if extra, ok := rule.extra(); ok {
		k.on = k.on.Add(extra.Days)
		k.note("calendar.step.extra", "n", strconv.Itoa(extra.Days),
			"load", strconv.Itoa(rule.Load), "least", strconv.Itoa(extra.AtLeast))
	}
}

// roll moves a last day that is not worked, and says so when only a make-up
// day keeps a weekend from being moved.
func (k *walk) roll(rule Rule) {
	if rule.Roll != RollForward {
		return
	}
	from := k.on
	k.on = k.w.NextWorkday(from)
	k.looked(from, k.on)
	e, named := k.w.Exception(from)
	switch {
	case k.on != from && named:
		k.note("calendar.step.rolled-holiday", "from", from.String(), "name", e.Name)
	case k.on != from:
		k.note("calendar.step.rolled", "from", from.String())
	case named && rule.Workdays == 0:
		k.note("calendar.step.makeup")
	}
}

func (k *walk) looked(from, to Date) {
	if k.first.IsZero() || from.Before(k.first) {
		k.first = from
	}
	if to.After(k.last) {
		k.last = to
	}
}

func (k *walk) warn() {
	if k.first.IsZero() {
		return
	}
	for year := k.first.Year(); year <= k.last.Year(); year++ {
		if !k.w.Known(year) {
			k.note("calendar.step.unknown-year", "year", strconv.Itoa(year))
		}
	}
}
