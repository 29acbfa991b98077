package appraisal

import (
	"fmt"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// MarksIn are what the office enters for one indicator, a row per unit; empty
// rows and rows that say what stands already do not count.
type MarksIn struct {
	ID   string    `json:"id"` // scheme
	Code string    `json:"code"`
	Rows []MarkRow `json:"rows"`
}

// MarkRow is what is entered for one unit; Value is a number with two decimals.
type MarkRow struct {
	Unit  string `json:"unit"`
	Value string `json:"value"`
	Words string `json:"words"` // why
}

// MarksOut tells how many were entered.
type MarksOut struct {
	ID      string `json:"id"`
	Entered int    `json:"entered"`
}

// EnterMarks enters what no record tells (录入核查结果). It counts from the next
// simulation on; what was entered before stays in the books.
var EnterMarks = app.Define("appraisal.enter-marks",
	func(c *app.Call, in MarksIn) (*Scheme, error) { return schemeOf(&c.Look, in.ID) },
	manage, enterMarks)

func enterMarks(c *app.Call, s *Scheme, in MarksIn) (MarksOut, error) {
	if err := s.move(s.State); err != nil { // a version that was not published stays as it is
		return MarksOut{}, err
	}
	at := s.indicator(in.Code)
	if at < 0 || !MeasureOf(s.Indicators[at].Measure).Entered {
		return MarksOut{}, notFound()
	}
	units, err := organization.Bodies(&c.Look, organization.Unit)
	if err != nil {
		return MarksOut{}, err
	}
	known := map[string]bool{}
	for _, u := range units {
		known[u.ID] = true
	}
	all, err := marksOf(&c.Look, s)
	if err != nil {
		return MarksOut{}, err
	}
	whole := MeasureOf(s.Indicators[at].Measure).Unit == Count
	out := MarksOut{ID: s.ID}
	var p fault.Problems
	for i, r := range in.Rows {
		if r.Value == "" && r.Words == "" {
			continue
		}
		field := "rows." + strconv.Itoa(i) + "."
		p.Check(known[r.Unit], field+"unit", "appraisal.choose")
		p.Check(r.Value != "", field+"value", "appraisal.required")
		m := Mark{decimal(&p, field+"value", r.Value, 0), words(&p, field+"words", r.Words, true)}
		p.Check(!whole || m.Value >= 0 && m.Value%one == 0, field+"value", "appraisal.count")
		if p.Err() != nil || all[in.Code][r.Unit] == m {
			continue
		}
		out.Entered++
		if _, err := c.Tx().Exec(c.Ctx(), `INSERT INTO appraisal_mark (id, committee_id, year, code, unit_id, value, words, person_id, person_name, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			id.New(), s.CommitteeID, s.Year, in.Code, r.Unit, int64(m.Value), m.Words, c.Who().PersonID, c.Who().Name, c.Now()); err != nil {
			return out, fmt.Errorf("enter a mark of %s: %w", r.Unit, err)
		}
	}
	c.Detail(map[string]any{"code": in.Code, "entered": out.Entered})
	return out, p.Err()
}

// marksOf reads what the office entered for a year, the newest of each.
func marksOf(l *app.Look, s *Scheme) (map[string]map[string]Mark, error) {
	type row struct {
		code, unit string
		Mark
	}
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *row) error {
		return r.Scan(&x.code, &x.unit, (*int64)(&x.Value), &x.Words)
	}, "SELECT code, unit_id, value, words FROM appraisal_mark WHERE committee_id = ? AND year = ? ORDER BY id", s.CommitteeID, s.Year)
	if err != nil {
		return nil, fmt.Errorf("read what was entered for %d: %w", s.Year, err)
	}
	marks := map[string]map[string]Mark{}
	for _, x := range list {
		if marks[x.code] == nil {
			marks[x.code] = map[string]Mark{}
		}
		marks[x.code][x.unit] = x.Mark
	}
	return marks, nil
}

// MarkAsk names an indicator of a scheme.
type MarkAsk struct {
	ID   string `json:"id"`
	Code string `json:"code"`
}

// Marked is what stands entered for one unit.
type Marked struct {
	Unit    string  `json:"unit"`
	Name    string  `json:"name"`
	Value   Decimal `json:"value"`
	Words   string  `json:"words"`
	Entered bool    `json:"entered"`
}

// MarksShown is what stands entered for one indicator.
type MarksShown struct {
	Scheme    Scheme    `json:"scheme"`
	Indicator Indicator `json:"indicator"`
	Units     []Marked  `json:"units"`
}

// Marks tells what the office entered for an indicator; only those who run the
// appraisal, and the leader, ask.
var Marks = app.Ask("appraisal.marks", schemeScope, func(l *app.Look, _ access.Scope, in MarkAsk) (MarksShown, error) {
	if !oversees(l.Who()) {
		return MarksShown{}, notFound()
	}
	s, err := schemeOf(l, in.ID)
	if err != nil {
		return MarksShown{}, err
	}
	at := s.indicator(in.Code)
	if at < 0 || !MeasureOf(s.Indicators[at].Measure).Entered {
		return MarksShown{}, notFound()
	}
	units, err := organization.Bodies(l, organization.Unit)
	if err != nil {
		return MarksShown{}, err
	}
	marks, err := marksOf(l, s)
	out := MarksShown{Scheme: *s, Indicator: s.Indicators[at], Units: make([]Marked, 0, len(units))}
	for _, u := range units {
		m, ok := marks[in.Code][u.ID]
		out.Units = append(out.Units, Marked{u.ID, u.Name, m.Value, m.Words, ok})
	}
	return out, err
})
