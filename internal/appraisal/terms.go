package appraisal

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// Aspect is something that is graded, by a code that never changes.
type Aspect struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Grade is a level by which an aspect may be graded: its mark, and from which
// average on its word is used.
type Grade struct {
	Name string `json:"name"`
	From int    `json:"from"`
	Mark int    `json:"mark"`
}

// How marks are given.
const (
	ByGrades = "grades" // one of the levels, which is easier on the phone
	ByMarks  = "marks"  // 0 to 100
)

// TwoWay are the committee's terms of the two-way appraisal.
type TwoWay struct {
	On       bool     `json:"on"` // new ones are opened
	Workdays int      `json:"workdays"`
	Mode     string   `json:"mode"`
	Proposal []Aspect `json:"proposal"` // that the unit grades
	Handling []Aspect `json:"handling"` // that the proposers grade
	Grades   []Grade  `json:"grades"`   // from the highest down
	Version  int64    `json:"version"`  // 0: the defaults
}

func usualTerms() TwoWay {
	return TwoWay{On: true, Workdays: 20, Mode: ByGrades,
		Proposal: []Aspect{{"science", "科学性"}, {"earnest", "严肃性"}, {"feasible", "可行性"}, {"standard", "规范性"}, {"influence", "影响性"}},
		Handling: []Aspect{{"contact", "沟通协商"}, {"pertinent", "答复针对性"}, {"effect", "落实成效"}},
		Grades:   []Grade{{"优秀", 90, 95}, {"良好", 75, 82}, {"一般", 60, 67}, {"较差", 0, 45}}}
}

// word is the word for an average.
func (t TwoWay) word(average Decimal) string {
	for _, g := range t.Grades {
		if average >= Whole(int64(g.From)) {
			return g.Name
		}
	}
	return ""
}

// termsOf reads the terms of a version; -1 is the newest.
func termsOf(l *app.Look, version int64) (TwoWay, error) {
	t := usualTerms()
	if version == 0 {
		return t, nil
	}
	q, args := "SELECT version, body FROM appraisal_terms WHERE committee_id = ? AND version = ?", []any{l.Who().CommitteeID, version}
	if version < 0 {
		q, args = "SELECT version, body FROM appraisal_terms WHERE committee_id = ? ORDER BY version DESC LIMIT 1", args[:1]
	}
	var body string
	var n int64
	err := l.Tx().Row(l.Ctx(), q, args...).Scan(&n, &body)
	switch {
	case errors.Is(err, store.ErrNone) && version < 0:
		return t, nil
	case err == nil:
		t = TwoWay{}
		err = json.Unmarshal([]byte(body), &t)
		t.Version = n
	}
	if err != nil {
		return t, fmt.Errorf("read the terms of the two-way appraisal: %w", err)
	}
	return t, nil
}

// TermsIn are terms as they are typed; empty rows do not count.
type TermsIn struct {
	Version  int64       `json:"version"`
	On       bool        `json:"on"`
	Workdays int         `json:"workdays"`
	Mode     string      `json:"mode"`
	Proposal []AspectRow `json:"proposal"`
	Handling []AspectRow `json:"handling"`
	Grades   []GradeRow  `json:"grades"`
}

// AspectRow is an aspect as it is typed; a new one has no code.
type AspectRow struct {
	Code string `json:"code,omitempty"`
	Name string `json:"name"`
}

// GradeRow is a level as it is typed.
type GradeRow struct {
	Name string `json:"name"`
	From string `json:"from"`
	Mark string `json:"mark"`
}

// SetTerms sets the terms of the two-way appraisal, for what opens from now on
// (设定双向评议).
var SetTerms = app.Define("appraisal.set-terms",
	func(c *app.Call, _ TermsIn) (place, error) {
		if err := c.Tx().Claim(c.Ctx(), "committee", "id", c.Who().CommitteeID); err != nil {
			return place{}, fmt.Errorf("claim the committee: %w", err)
		}
		return place{c.Who().CommitteeID}, nil
	},
	begin,
	func(c *app.Call, _ place, in TermsIn) (TwoWay, error) {
		now, err := termsOf(&c.Look, -1)
		if err != nil {
			return now, err
		}
		if now.Version != in.Version {
			return now, stale()
		}
		t, err := in.read()
		if err != nil {
			return t, err
		}
		t.Version = now.Version + 1
		body, err := json.Marshal(t)
		if err != nil {
			return t, fmt.Errorf("write the terms: %w", err)
		}
		_, err = c.Tx().Exec(c.Ctx(), "INSERT INTO appraisal_terms (committee_id, version, body, person_id, person_name, at) VALUES (?, ?, ?, ?, ?, ?)",
			c.Who().CommitteeID, t.Version, string(body), c.Who().PersonID, c.Who().Name, c.Now())
		if errors.Is(err, store.ErrUnique) {
			return t, stale()
		}
		c.Detail(map[string]any{"version": t.Version, "on": t.On})
		return t, err
	})

const (
	windowAtMost  = 120
	aspectsAtMost = 10
	topMark       = 100
)

func (in TermsIn) read() (TwoWay, error) {
	var p fault.Problems
	t := TwoWay{On: in.On, Workdays: in.Workdays, Mode: in.Mode}
	p.Check(in.Workdays >= 1 && in.Workdays <= windowAtMost, "workdays", "appraisal.two.workdays", "max", windowAtMost)
	p.Check(in.Mode == ByGrades || in.Mode == ByMarks, "mode", "appraisal.choose")
	t.Proposal = readAspects(&p, "proposal", in.Proposal)
	t.Handling = readAspects(&p, "handling", in.Handling)
	for i, r := range in.Grades {
		if r == (GradeRow{}) {
			continue
		}
		at := "grades." + strconv.Itoa(i) + "."
		t.Grades = append(t.Grades, Grade{line(&p, at+"name", r.Name, nameAtMost, true), mark(&p, at+"from", r.From), mark(&p, at+"mark", r.Mark)})
	}
	slices.SortStableFunc(t.Grades, func(a, b Grade) int { return b.From - a.From })
	p.Check(len(t.Grades) >= 2 && len(t.Grades) <= levelsAtMost, "grades.0.name", "appraisal.two.grades", "max", levelsAtMost)
	for i := 1; i < len(t.Grades); i++ {
		p.Check(t.Grades[i].From != t.Grades[i-1].From && t.Grades[i].Mark < t.Grades[i-1].Mark, "grades.0.mark", "appraisal.two.grades-order")
	}
	return t, p.Err()
}

// mark reads a whole mark from 0 to 100.
func mark(p *fault.Problems, field, text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > topMark {
		p.Add(field, "appraisal.two.mark")
		return 0
	}
	return n
}

func readAspects(p *fault.Problems, field string, rows []AspectRow) []Aspect {
	list := []Aspect{}
	taken := map[string]bool{}
	for _, r := range rows {
		taken[r.Code] = true
	}
	for i, r := range rows {
		if r.Name == "" {
			continue // an emptied row is taken out
		}
		at := field + "." + strconv.Itoa(i) + ".name"
		a := Aspect{r.Code, line(p, at, r.Name, nameAtMost, true)}
		for n := 1; a.Code == ""; n++ {
			if code := "a" + strconv.Itoa(n); !taken[code] {
				a.Code, taken[code] = code, true
			}
		}
		p.Check(isCode.MatchString(a.Code) && !slices.ContainsFunc(list, func(x Aspect) bool { return x.Code == a.Code || x.Name == a.Name }), at, "appraisal.two.aspect-twice")
		list = append(list, a)
	}
	p.Check(len(list) > 0 && len(list) <= aspectsAtMost, field+".0.name", "appraisal.two.aspects", "max", aspectsAtMost)
	return list
}

// TermsNow is the query of the terms that hold now; everybody of the committee
// may know them.
var TermsNow = app.Ask("appraisal.terms", func(who access.Actor) access.Scope { return access.Committee("committee_id", who.CommitteeID) },
	func(l *app.Look, _ access.Scope, _ struct{}) (TwoWay, error) {
		if l.Who().CommitteeID == "" {
			return TwoWay{}, notFound()
		}
		return termsOf(l, -1)
	})
