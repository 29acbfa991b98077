package appraisal

import (
	"slices"

	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// State is how far a version of a scheme has come.
type State string

// The states.
const (
	Draft      State = "draft"      // being written
	Simulated  State = "simulated"  // tried out on the records as it stands
	Published  State = "published"  // in force; units see their sheets
	Superseded State = "superseded" // a later version took its place
	Closed     State = "closed"     // the year is over; nothing is corrected any more
	Discarded  State = "discarded"  // dropped before it was published
)

// States lists the states.
func States() []State {
	return []State{Draft, Simulated, Published, Superseded, Closed, Discarded}
}

//nolint:gochecknoglobals // the arrow table
var next = map[State][]State{
	Draft:      {Draft, Simulated, Discarded},
	Simulated:  {Draft, Simulated, Published, Discarded},
	Published:  {Superseded, Closed},
	Superseded: {},
	Closed:     {},
	Discarded:  {},
}

// move follows an arrow, or says that the step is over.
func (s *Scheme) move(to State) error {
	if !slices.Contains(next[s.State], to) {
		return fault.New(fault.Closed, "appraisal.closed."+string(s.State))
	}
	s.State = to
	return nil
}

// Announced reports whether units may know of the version.
func (s *Scheme) Announced() bool {
	return s.State == Published || s.State == Superseded || s.State == Closed
}

// Whose work an indicator looks at.
const (
	OfMain   = "main"   // what the unit answers itself: 主办、独办、分办
	OfAssist = "assist" // 会办
	OfAll    = "all"
)

// Works lists them in the order of forms.
func Works() []string { return []string{OfMain, OfAssist, OfAll} }

// What an indicator gives when a unit has too few cases for it.
const (
	WithoutFull  = "full"  // the full mark
	WithoutZero  = "zero"  // nothing
	WithoutShare = "share" // as the unit did in the rest of the group, else in the rest of the scheme
)

// Withouts lists them in the order of forms.
func Withouts() []string { return []string{WithoutFull, WithoutZero, WithoutShare} }

// Indicator (指标) is one line of a scheme.
type Indicator struct {
	Code     string  `json:"code"` // never changes within a year: versions are compared by it
	Name     string  `json:"name"`
	Group    string  `json:"group"`
	Measure  string  `json:"measure"`
	Of       string  `json:"of"`
	Rule     Rule    `json:"rule"`
	Full     Decimal `json:"full"` // 0 for what is only deducted or added
	Cap      Decimal `json:"cap"`
	Floor    Decimal `json:"floor"`
	MinCases int     `json:"min_cases"` // fewer cases are too few to count
	Without  string  `json:"without"`   // what then
	Note     string  `json:"note,omitempty"`
}

// Level (等次) is the word for totals from a mark on.
type Level struct {
	Name string  `json:"name"`
	From Decimal `json:"from"`
}

// levelOf is the word for a total; levels stand from the highest down.
func levelOf(levels []Level, total Decimal) string {
	for _, l := range levels {
		if total >= l.From {
			return l.Name
		}
	}
	return ""
}

// Terms are what a scheme says; they are kept as one JSON text.
type Terms struct {
	Indicators     []Indicator `json:"indicators"`
	Levels         []Level     `json:"levels"`
	AppealWorkdays int         `json:"appeal_workdays"` // from publishing; 0: no appeals
}

// Groups lists the groups in the order of their first indicators.
func (t Terms) Groups() []string {
	var list []string
	for _, i := range t.Indicators {
		if !slices.Contains(list, i.Group) {
			list = append(list, i.Group)
		}
	}
	return list
}

// Full is the sum of the full marks, of one group or with "" of all.
func (t Terms) Full(group string) Decimal {
	var sum Decimal
	for _, i := range t.Indicators {
		if group == "" || i.Group == group {
			sum += i.Full
		}
	}
	return sum
}

// indicator finds one by its code; -1 without it.
func (t Terms) indicator(code string) int {
	return slices.IndexFunc(t.Indicators, func(i Indicator) bool { return i.Code == code })
}

// Scheme (考核办法) is one version of a year's scheme.
type Scheme struct {
	ID          string `json:"id"`
	CommitteeID string `json:"-"`
	Year        int    `json:"year"`
	Number      int    `json:"number"` // of the version within the year
	State       State  `json:"state"`
	Title       string `json:"title"`
	From        string `json:"from"`  // cases dispatched from this day
	To          string `json:"to"`    // to this day are looked at
	Until       string `json:"until"` // what happened until the end of this day counts
	Terms
	Reason        string     `json:"reason,omitempty"` // of a version after the first published one
	BasedOn       string     `json:"based_on,omitempty"`
	RunID         string     `json:"run_id,omitempty"`    // the last simulation, or what was published
	AppealBy      string     `json:"appeal_by,omitempty"` // last day for appeals
	CreatedName   string     `json:"created_name"`
	CreatedAt     store.Time `json:"created_at"`
	ChangedAt     store.Time `json:"changed_at"`
	PublishedName string     `json:"published_name,omitempty"`
	PublishedAt   store.Time `json:"published_at"`
	ClosedAt      store.Time `json:"closed_at"`
	Version       int64      `json:"version"`
}

// Object names the scheme in the audit record.
func (s *Scheme) Object() (string, string) { return "appraisal-scheme", s.ID }
