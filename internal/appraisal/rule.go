package appraisal

import (
	"slices"

	"tongxin/internal/fault"
)

// RuleKind is a way in which a value becomes points.
type RuleKind string

// The kinds of rules.
const (
	Linear RuleKind = "linear" // between the points of neighbouring values, level outside
	Steps  RuleKind = "steps"  // the points of the highest value reached, 0 below the first
	Each   RuleKind = "each"   // so many points for each one of the value, from a base
	Bonus  RuleKind = "bonus"  // fixed points once a value is reached
	Direct RuleKind = "direct" // the value is the points: what the office entered
)

// RuleKinds lists the kinds in the order of forms.
func RuleKinds() []RuleKind { return []RuleKind{Linear, Steps, Each, Bonus, Direct} }

// Row gives points at a value.
type Row struct {
	At     Decimal `json:"at"`
	Points Decimal `json:"points"`
}

// Rule turns a value into points, by two decimals.
type Rule struct {
	Kind RuleKind `json:"kind"`
	Rows []Row    `json:"rows,omitempty"` // of linear, steps and bonus, by rising value
	Base Decimal  `json:"base"`           // of each
	Each Decimal  `json:"each"`
}

// points are the points of a value, before cap and floor.
func (r Rule) points(value Decimal) Decimal {
	switch r.Kind {
	case Linear:
		return r.between(value)
	case Steps, Bonus:
		var p Decimal
		for _, x := range r.Rows {
			if value >= x.At {
				p = x.Points
			}
		}
		return p
	case Each:
		return r.Base + quotient(int64(r.Each), int64(value), int64(one))
	default:
		return value
	}
}

func (r Rule) between(value Decimal) Decimal {
	first, last := r.Rows[0], r.Rows[len(r.Rows)-1]
	switch {
	case value <= first.At:
		return first.Points
	case value >= last.At:
		return last.Points
	}
	i := slices.IndexFunc(r.Rows, func(x Row) bool { return x.At >= value })
	a, b := r.Rows[i-1], r.Rows[i]
	return a.Points + quotient(int64(b.Points-a.Points), int64(value-a.At), int64(b.At-a.At))
}

// Slope is the points that one more of the value brings between the first two
// rows of a linear rule; exact tells whether two decimals can write it.
func (r Rule) Slope() (slope Decimal, exact bool) {
	if r.Kind != Linear || len(r.Rows) != 2 {
		return 0, false
	}
	rise, run := int64(r.Rows[1].Points-r.Rows[0].Points), int64(r.Rows[1].At-r.Rows[0].At)
	return quotient(rise, int64(one), run), rise*int64(one)%run == 0
}

// rowsAtMost bounds the rows of a rule.
const rowsAtMost = 10

// check notes what is wrong with a rule.
func (r Rule) check(p *fault.Problems) {
	p.Check(slices.Contains(RuleKinds(), r.Kind), "kind", "appraisal.choose")
	n, ok := len(r.Rows), true
	switch r.Kind {
	case Linear:
		ok = n >= 2
	case Steps:
		ok = n >= 1
	case Bonus:
		ok = n == 1
	case Each:
		p.Check(r.Each != 0, "each", "appraisal.rule.each-needed")
	}
	p.Check(ok && n <= rowsAtMost, "rows.0.at", "appraisal.rule.rows."+string(r.Kind))
	for i := 1; i < n; i++ {
		if r.Rows[i].At <= r.Rows[i-1].At {
			p.Add("rows.0.at", "appraisal.rule.rising")
			return
		}
	}
}
