package supervision

import (
	"cmp"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// UnitLate is how much of a unit is late beyond the profile's days.
type UnitLate struct {
	UnitID   string `json:"unit_id"`
	UnitName string `json:"unit_name"`
	N        int    `json:"n"`
	Oldest   string `json:"oldest,omitempty"` // its earliest due date
}

// Attention is what a leader looks at once a week.
type Attention struct {
	After        int           `json:"after"` // working days late from which leaders are told; 0: never
	Since        string        `json:"since,omitempty"`
	Late         int           `json:"late"`  // assignments late beyond that
	Units        []UnitLate    `json:"units"` // the most late first
	Unanswered   []Chase       `json:"unanswered"`
	UnansweredN  int           `json:"unanswered_n"` // chases whose day passed
	Instructions []Instruction `json:"instructions"` // without a report first
}

// attentionShown is how many chases and instructions stand in the section.
const attentionShown = 10

// ForLeader is what is late beyond the profile's days, which chases nobody
// answered, and what became of instructions.
var ForLeader = app.Ask("supervision.attention", watchesAll, func(l *app.Look, s access.Scope, _ struct{}) (Attention, error) {
	if !watches(l.Who()) || unitPost(l.Who()) {
		return Attention{}, missing()
	}
	k, err := clockNow(l)
	if err != nil {
		return Attention{}, err
	}
	a := Attention{After: k.rules.LeaderAfter, Since: k.lateSince().String()}
	if a.Units, err = lateUnits(l, k, store.F(s.SQL(), s.Args()...)); err != nil {
		return a, err
	}
	for _, u := range a.Units {
		a.Late += u.N
	}
	f := &chaseLister{l: l, k: k, in: ChasesIn{State: Overdues}, size: attentionShown}
	if err := f.find(); err != nil {
		return a, err
	}
	if err := f.count(); err != nil {
		return a, err
	}
	a.Unanswered, a.UnansweredN = f.out.Chases, f.out.Total
	a.Instructions, err = instructionsOf(l, k, store.F("1 = 1"), attentionShown)
	return a, err
})

// lateUnits counts by unit what is late beyond the profile's days, of every year.
func lateUnits(l *app.Look, k *clockOf, scope store.Fragment) ([]UnitLate, error) {
	since := k.lateSince()
	if since.IsZero() {
		return []UnitLate{}, nil
	}
	q := store.Join(store.F("SELECT a.unit_id, b.name, SUM(a.n), MIN(a.mark) FROM assignment_tally a JOIN body b ON b.id = a.unit_id WHERE a.n > 0 AND a.state <> 'answered' AND a.mark <= ? AND", since.String()),
		scope, store.F("GROUP BY a.unit_id, b.name"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, u *UnitLate) error { return r.Scan(&u.UnitID, &u.UnitName, &u.N, &u.Oldest) }, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("count what is late by unit: %w", err)
	}
	slices.SortFunc(list, func(a, b UnitLate) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Oldest, b.Oldest), cmp.Compare(a.UnitID, b.UnitID))
	})
	return list, nil
}
