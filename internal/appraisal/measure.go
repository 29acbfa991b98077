package appraisal

import (
	"slices"

	"tongxin/internal/calendar"
	"tongxin/internal/handling"
)

// Unit is in what a measure is counted.
type Unit string

// The units.
const (
	Percent Unit = "percent" // 100 · numerator / denominator
	Count   Unit = "count"   // the numerator
	Days    Unit = "days"    // numerator / denominator, working days
	Points  Unit = "points"  // what the office entered
)

// Measure (口径) is one way to look at the records of a unit. Its words are the
// message keys appraisal.measure.<code>, and .hint for what is counted over what.
type Measure struct {
	Code string   `json:"code"`
	Unit Unit     `json:"unit"`
	Of   []string `json:"of"` // whose work it can look at
	// Entered measures are not computed: the office enters them per unit.
	Entered bool `json:"entered,omitempty"`
	// gone measures look at assignments too that another unit took over.
	gone bool
	// count gives what a record adds to numerator and denominator; a record with
	// denominator 0 is none of its cases.
	count func(t Time, r *Record) (n, d int64)
}

// Key is the message key of the measure's name.
func (m Measure) Key() string { return "appraisal.measure." + m.Code }

// EnteredPoints and EnteredCount are the measures that the office enters.
const (
	EnteredPoints = "entered-points"
	EnteredCount  = "entered-count"
)

// Measures lists every measure, in the order of forms. A new one is one line
// here, its two texts, and what it needs of Record.
func Measures() []Measure {
	main, both, assist := []string{OfMain}, []string{OfMain, OfAssist, OfAll}, []string{OfAssist}
	return []Measure{
		{Code: "sign-on-time", Unit: Percent, Of: both, count: signOnTime},
		{Code: "reply-on-time", Unit: Percent, Of: main, count: replyOnTime},
		{Code: "replies-late", Unit: Count, Of: main, count: func(t Time, r *Record) (int64, int64) {
			n, d := replyOnTime(t, r)
			return d - n, 1
		}},
		{Code: "reply-days", Unit: Days, Of: main, count: replyDays},
		{Code: "face-to-face", Unit: Percent, Of: main, count: faceToFace},
		{Code: "contact-in-time", Unit: Percent, Of: main, count: contactInTime},
		{Code: "result-satisfied", Unit: Percent, Of: main, count: forms(func(x Rated) bool { return pleased(x.Result) })},
		{Code: "result-fully", Unit: Percent, Of: main, count: forms(func(x Rated) bool { return x.Result == satisfied })},
		{Code: "attitude-satisfied", Unit: Percent, Of: main, count: forms(func(x Rated) bool { return pleased(x.Attitude) })},
		{Code: "attitude-fully", Unit: Percent, Of: main, count: forms(func(x Rated) bool { return x.Attitude == satisfied })},
		{Code: "dissatisfied", Unit: Count, Of: main, count: dissatisfiedForms},
		{Code: "class-a", Unit: Percent, Of: main, count: classes("A")},
		{Code: "class-ab", Unit: Percent, Of: main, count: classes("A", "B")},
		{Code: "items-taken", Unit: Percent, Of: main, count: itemsTaken},
		{Code: "public", Unit: Percent, Of: main, count: madePublic},
		{Code: "second-handlings", Unit: Count, Of: main, count: times(func(r *Record) int64 { return r.Again })},
		{Code: "replies-returned", Unit: Count, Of: main, count: times(func(r *Record) int64 { return r.Returned })},
		{Code: "chases", Unit: Count, Of: both, count: times(func(r *Record) int64 { return r.Chased })},
		{Code: "promises-kept", Unit: Percent, Of: main, count: promisesKept},
		{Code: "promises-late", Unit: Count, Of: main, count: func(t Time, r *Record) (int64, int64) {
			n, d := promisesKept(t, r)
			return d - n, 1
		}},
		{Code: "objections", Unit: Count, Of: both, gone: true, count: times(func(r *Record) int64 { return r.Objected })},
		{Code: "objections-rejected", Unit: Count, Of: both, gone: true, count: times(func(r *Record) int64 { return r.Rejected })},
		{Code: "opinion-on-time", Unit: Percent, Of: assist, count: opinionOnTime},
		{Code: "opinions-late", Unit: Count, Of: assist, count: func(t Time, r *Record) (int64, int64) {
			n, d := opinionOnTime(t, r)
			return d - n, 1
		}},
		{Code: "cases", Unit: Count, Of: both, count: func(Time, *Record) (int64, int64) { return 1, 1 }},
		{Code: EnteredPoints, Unit: Points, Of: []string{OfAll}, Entered: true},
		{Code: EnteredCount, Unit: Count, Of: []string{OfAll}, Entered: true},
	}
}

// measureOf finds a measure by its code.
func measureOf(code string) (Measure, bool) {
	list := Measures()
	i := slices.IndexFunc(list, func(m Measure) bool { return m.Code == code })
	if i < 0 {
		return Measure{}, false
	}
	return list[i], true
}

// MeasureOf finds a measure by its code; the zero Measure for an unknown one.
func MeasureOf(code string) Measure {
	m, _ := measureOf(code)
	return m
}

// Grades of the profile that measures know; codes never change.
const (
	satisfied = "satisfied"
	basically = "basically"
)

func pleased(grade string) bool { return grade == satisfied || grade == basically }

func yes(ok bool) int64 {
	if ok {
		return 1
	}
	return 0
}

// signOnTime: signed for by the last day, over those signed for or overdue.
func signOnTime(t Time, r *Record) (int64, int64) {
	if r.SignedAt.IsZero() && !t.over(r.SignBy) {
		return 0, 0
	}
	return yes(inTime(r.SignedAt, r.SignBy)), 1
}

// replyOnTime: the first reply by its due date, over those replied or overdue.
func replyOnTime(t Time, r *Record) (int64, int64) {
	if len(r.Replies) == 0 {
		return 0, yes(t.over(r.DueOn))
	}
	first := r.Replies[0]
	return yes(inTime(first.At, first.DueOn)), 1
}

// replyDays: working days from dispatch to the first reply.
func replyDays(t Time, r *Record) (int64, int64) {
	if len(r.Replies) == 0 {
		return 0, 0
	}
	return int64(calendar.Elapsed(r.DispatchedAt.Time, r.Replies[0].At.Time, t.Days)), 1
}

// faceToFace: at least one contact face to face, over those replied or overdue.
func faceToFace(t Time, r *Record) (int64, int64) {
	if len(r.Replies) == 0 && !t.over(r.DueOn) {
		return 0, 0
	}
	return yes(slices.ContainsFunc(r.Contacts, func(c Contacted) bool { return c.Face })), 1
}

// contactInTime: the first contact by its last day, over those contacted or overdue.
func contactInTime(t Time, r *Record) (int64, int64) {
	if r.ContactBy == "" || len(r.Contacts) == 0 && !t.over(r.ContactBy) {
		return 0, 0
	}
	return yes(slices.ContainsFunc(r.Contacts, func(c Contacted) bool { return c.On <= r.ContactBy })), 1
}

// forms counts the returned forms on the last reply that was rated.
func forms(good func(Rated) bool) func(Time, *Record) (int64, int64) {
	return func(_ Time, r *Record) (n, d int64) {
		var last int64
		for _, x := range r.Ratings {
			if x.Result != handling.NoResponse {
				last = max(last, x.Round)
			}
		}
		for _, x := range r.Ratings {
			if x.Round == last && x.Result != handling.NoResponse {
				n, d = n+yes(good(x)), d+1
			}
		}
		return n, d
	}
}

// dissatisfiedForms counts the forms of every round that say dissatisfied.
func dissatisfiedForms(_ Time, r *Record) (n, d int64) {
	for _, x := range r.Ratings {
		n += yes(x.Result == handling.Dissatisfied || x.Attitude == handling.Dissatisfied)
	}
	return n, 1
}

// last is the reply that counts for classes and suggestions: of the last round.
func (r *Record) last() *Replied {
	if len(r.Replies) == 0 {
		return nil
	}
	return &r.Replies[len(r.Replies)-1]
}

func classes(good ...string) func(Time, *Record) (int64, int64) {
	return func(_ Time, r *Record) (int64, int64) {
		x := r.last()
		if x == nil || x.Class == "" {
			return 0, 0
		}
		return yes(slices.Contains(good, x.Class)), 1
	}
}

func itemsTaken(_ Time, r *Record) (int64, int64) {
	if x := r.last(); x != nil {
		return x.Taken, x.Items
	}
	return 0, 0
}

// madePublic: replies public in full or as a summary.
func madePublic(_ Time, r *Record) (int64, int64) {
	x := r.last()
	if x == nil {
		return 0, 0
	}
	return yes(x.Publicity == "full" || x.Publicity == "summary"), 1
}

// times counts how often something happened, over all cases.
func times(of func(*Record) int64) func(Time, *Record) (int64, int64) {
	return func(_ Time, r *Record) (int64, int64) { return of(r), 1 }
}

// promisesKept: promises kept by their date, over those kept or overdue.
func promisesKept(t Time, r *Record) (n, d int64) {
	for _, p := range r.Promises {
		if p.KeptOn == "" && !t.over(p.DueOn) {
			continue
		}
		n, d = n+yes(p.KeptOn != "" && p.KeptOn <= p.DueOn), d+1
	}
	return n, d
}

// opinionOnTime: opinions by their due date, over those given or overdue;
// one that was waived counts only when it was overdue by then.
func opinionOnTime(t Time, r *Record) (int64, int64) {
	switch {
	case !r.OpinionAt.IsZero():
		return yes(inTime(r.OpinionAt, r.DueOn)), 1
	case !r.WaivedAt.IsZero():
		return 0, yes(!inTime(r.WaivedAt, r.DueOn))
	default:
		return 0, yes(t.over(r.DueOn))
	}
}
