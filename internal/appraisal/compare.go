package appraisal

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// CompareIn asks for two computations side by side: the scheme's own, and that
// of another version ("" and "now": the same scheme computed anew).
type CompareIn struct {
	ID   string `json:"id"`
	With string `json:"with,omitempty"`
}

// Compared are two computations side by side.
type Compared struct {
	Scheme Scheme     `json:"scheme"`
	With   *Scheme    `json:"with,omitempty"` // nil: computed anew
	AsOf   store.Time `json:"as_of"`          // of the other one
	Intact bool       `json:"intact"`         // the snapshot is as it was kept
	Rows   []Beside   `json:"rows"`
	Others []Version  `json:"others"` // versions to compare with
}

// Beside is a unit in both; rank 0 where it has no sheet.
type Beside struct {
	UnitID   string   `json:"unit_id"`
	UnitName string   `json:"unit_name"`
	Rank     int      `json:"rank"`
	Total    Decimal  `json:"total"`
	Rank2    int      `json:"rank2"`
	Total2   Decimal  `json:"total2"`
	Lines    []Change `json:"lines"` // that differ
}

// Change is a line that differs; a value that is missing on one side is zero.
type Change struct {
	Code   string  `json:"code"`
	Name   string  `json:"name"`
	N      int64   `json:"n"`
	D      int64   `json:"d"`
	Points Decimal `json:"points"`
	N2     int64   `json:"n2"`
	D2     int64   `json:"d2"`
	To     Decimal `json:"to"`
}

// Compare puts the results of a scheme beside those of another version, or
// beside what the same scheme gives today. Nothing is changed by it.
var Compare = app.Ask("appraisal.compare", schemeScope, func(l *app.Look, sc access.Scope, in CompareIn) (Compared, error) {
	if !oversees(l.Who()) {
		return Compared{}, notFound()
	}
	s, err := visible(l, sc, in.ID)
	if err != nil {
		return Compared{}, err
	}
	out := Compared{Scheme: *s}
	run, err := runOf(l, s)
	if err != nil {
		return out, err
	}
	if run == nil {
		return out, fault.New(fault.Closed, "appraisal.compare.none")
	}
	mine, err := sheetsOf(l, store.F("x.run_id = ?", run.ID))
	if err != nil {
		return out, err
	}
	sum, err := digest(mine)
	if err != nil {
		return out, err
	}
	out.Intact = sum == run.Digest
	other, terms, err := out.other(l, sc, s, in.With)
	if err != nil {
		return out, err
	}
	out.Rows = beside(run.terms, terms, mine, other)
	all, err := schemesOf(l, sc, s.Year)
	for _, x := range all {
		if x.ID != s.ID && x.RunID != "" && x.State != Discarded {
			out.Others = append(out.Others, Version{x.ID, x.Number, x.State, x.Reason})
		}
	}
	return out, err
})

// other are the sheets to compare with.
func (out *Compared) other(l *app.Look, sc access.Scope, s *Scheme, with string) ([]Sheet, Terms, error) {
	if with == "" || with == "now" {
		run, sheets, err := compute(l, s)
		out.AsOf = run.AsOf
		return sheets, s.Terms, err
	}
	o, err := visible(l, sc, with)
	if err != nil {
		return nil, Terms{}, err
	}
	run, err := runOf(l, o)
	if err != nil {
		return nil, Terms{}, err
	}
	if run == nil {
		return nil, Terms{}, fault.New(fault.Closed, "appraisal.compare.none")
	}
	out.With, out.AsOf = o, run.AsOf
	sheets, err := sheetsOf(l, store.F("x.run_id = ?", run.ID))
	return sheets, run.terms, err
}

// beside puts two sets of sheets side by side, in the order of the first.
func beside(t1, t2 Terms, one, two []Sheet) []Beside {
	second := map[string]Sheet{}
	for _, x := range two {
		second[x.UnitID] = x
	}
	rows := []Beside{}
	for _, x := range one {
		y := second[x.UnitID]
		delete(second, x.UnitID)
		rows = append(rows, Beside{x.UnitID, x.UnitName, x.Rank, x.Total, y.Rank, y.Total, changes(t1, t2, x, y)})
	}
	for _, y := range two {
		if _, left := second[y.UnitID]; left {
			rows = append(rows, Beside{y.UnitID, y.UnitName, 0, 0, y.Rank, y.Total, changes(t1, t2, Sheet{}, y)})
		}
	}
	return rows
}

func changes(t1, t2 Terms, x, y Sheet) []Change {
	list := []Change{}
	for k, l := range x.Lines {
		c := Change{Code: l.Code, Name: t1.Indicators[k].Name, N: l.N, D: l.D, Points: l.Points}
		if j := t2.indicator(l.Code); j >= 0 && j < len(y.Lines) {
			c.N2, c.D2, c.To = y.Lines[j].N, y.Lines[j].D, y.Lines[j].Points
		}
		if c.N != c.N2 || c.D != c.D2 || c.Points != c.To {
			list = append(list, c)
		}
	}
	for j, l := range y.Lines {
		if len(x.Lines) == 0 || t1.indicator(l.Code) < 0 {
			list = append(list, Change{Code: l.Code, Name: t2.Indicators[j].Name, N2: l.N, D2: l.D, To: l.Points})
		}
	}
	return list
}
