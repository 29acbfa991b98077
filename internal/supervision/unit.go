package supervision

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// UnitIn names a unit.
type UnitIn struct {
	ID    string `json:"id"`
	After string `json:"after,omitempty"`
}

// UnitPage is what one unit owes, in three colours, with its chases and the
// instructions of leaders. Items are red first, then yellow, then green.
type UnitPage struct {
	ID           string        `json:"id"`
	Name         string        `json:"name"`
	Counts       Counts        `json:"counts"` // of every year
	NearUntil    string        `json:"near_until"`
	Items        []Item        `json:"assignments"`
	Next         string        `json:"next,omitempty"`
	Chases       []Chase       `json:"chases"` // the latest first
	Instructions []Instruction `json:"instructions"`
	MayChase     bool          `json:"may_chase"`
}

// chasesShown is how many of the latest chases stand on the page of a unit.
const chasesShown = 20

// OfUnit is the page of one unit.
var OfUnit = app.Ask("supervision.unit", scopeOf, func(l *app.Look, s access.Scope, in UnitIn) (UnitPage, error) {
	who := l.Who()
	if !watches(who) || unitPost(who) && !who.In(in.ID) {
		return UnitPage{}, missing()
	}
	b, err := organization.BodyOf(l, in.ID)
	if err != nil {
		return UnitPage{}, err
	}
	if b.Kind != organization.Unit {
		return UnitPage{}, missing()
	}
	k, err := clockNow(l)
	if err != nil {
		return UnitPage{}, err
	}
	u := &unitPage{reader{l, k}, store.F(s.SQL(), s.Args()...), UnitPage{ID: b.ID, Name: b.Name, NearUntil: k.nearUntil().String(), MayChase: chaser(who)}}
	for _, step := range []func() error{u.counts, func() error { return u.items(in.After) }, u.itemChases, u.chases, u.instructions} {
		if err := step(); err != nil {
			return UnitPage{}, fmt.Errorf("read the page of unit %s: %w", b.ID, err)
		}
	}
	return u.out, nil
})

type unitPage struct {
	reader
	scope store.Fragment
	out   UnitPage
}

func (u *unitPage) counts() error {
	today, near := u.k.today.String(), u.k.nearUntil().String()
	q := store.Join(store.F(`SELECT COALESCE(SUM(CASE WHEN a.state <> 'answered' THEN a.n ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN a.state <> 'answered' AND a.mark >= ? AND a.mark <= ? THEN a.n ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN a.state <> 'answered' AND a.mark < ? THEN a.n ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN a.state = 'answered' AND a.mark = 'on' THEN a.n ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN a.state = 'answered' AND a.mark = 'late' THEN a.n ELSE 0 END), 0)
		FROM assignment_tally a WHERE`, today, near, today), store.And(u.scope, store.F("a.unit_id = ?", u.out.ID), store.F("a.n > 0")))
	c := &u.out.Counts
	return u.l.Tx().Row(u.l.Ctx(), q.SQL, q.Args...).Scan(&c.Open, &c.Near, &c.Late, &c.Done, &c.DoneLate)
}

func (u *unitPage) items(after string) error {
	f := &lister{reader: u.reader, scope: u.scope, in: ListIn{What: OpenOnes, Unit: u.out.ID, After: after}, size: pageSize}
	if err := f.check(); err != nil {
		return err
	}
	if err := f.find(); err != nil {
		return err
	}
	u.out.Items, u.out.Next = f.out.Items, f.out.Next
	return u.phones(u.out.Items)
}

// itemChase is a chase of one of the assignments.
type itemChase struct {
	assignment string
	ItemChase
}

func (u *unitPage) itemChases() error {
	at := map[string]int{}
	ids := make([]string, len(u.out.Items))
	for i, x := range u.out.Items {
		ids[i], at[x.ID] = x.ID, i
	}
	q := store.Join(store.F("SELECT i.assignment_id, c.id, c.form, c.year, c.no, c.sent_at FROM chase_item i JOIN chase c ON c.id = i.chase_id WHERE"),
		store.In("i.assignment_id", ids...), store.F("ORDER BY c.sent_at, c.id"))
	list, err := store.List(u.l.Ctx(), u.l.Tx(), func(r store.Row, x *itemChase) error {
		return r.Scan(&x.assignment, &x.ID, &x.Form, &x.Year, &x.No, &x.At)
	}, q.SQL, q.Args...)
	for _, x := range list {
		i := at[x.assignment]
		u.out.Items[i].Chases = append(u.out.Items[i].Chases, x.ItemChase)
	}
	return err
}

func (u *unitPage) chases() error {
	f := &chaseLister{l: u.l, k: u.k, in: ChasesIn{State: AllOnes, Unit: u.out.ID}, size: chasesShown}
	if err := f.find(); err != nil {
		return err
	}
	u.out.Chases = f.out.Chases
	return nil
}

func (u *unitPage) instructions() error {
	list, err := instructionsOf(u.l, u.k, store.F("x.unit_id = ?", u.out.ID), chasesShown)
	u.out.Instructions = list
	return err
}

// instructionsOf are the latest instructions of a condition that somebody sees,
// those without a report first.
func instructionsOf(l *app.Look, k *clockOf, which store.Fragment, most int) ([]Instruction, error) {
	whose, err := mine(l)
	if err != nil {
		return nil, err
	}
	q := store.Join(store.F("SELECT "+instructionColumns+" FROM late_instruction x WHERE"), store.And(whose, which),
		store.F("ORDER BY CASE WHEN x.reported_at IS NULL THEN 0 ELSE 1 END, x.given_at DESC, x.id DESC LIMIT ?", most))
	list, err := store.List(l.Ctx(), l.Tx(), k.scanInstruction, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list instructions: %w", err)
	}
	return list, nil
}

// CandidatesIn says what somebody thinks of chasing.
type CandidatesIn struct {
	Unit string   `json:"unit,omitempty"`
	What string   `json:"what,omitempty"` // as of a list; due (late or near) without it
	IDs  []string `json:"ids,omitempty"`  // these and no others
}

// Candidates are assignments that may be chased, by unit, and until when an
// answer would be due.
type Candidates struct {
	Units     []CandidateUnit   `json:"units"`
	More      bool              `json:"more,omitempty"` // there are more than one act chases
	AnswerDue calendar.Deadline `json:"answer_due"`
	Quiet     int               `json:"quiet_workdays"`
}

// CandidateUnit are the assignments of one unit.
type CandidateUnit struct {
	UnitID   string `json:"unit_id"`
	UnitName string `json:"unit_name"`
	Items    []Item `json:"assignments"`
}

// Prepare lists what may be chased, for the form of a chase.
var Prepare = app.Ask("chase.prepare", watchesAll, func(l *app.Look, s access.Scope, in CandidatesIn) (Candidates, error) {
	if !chaser(l.Who()) {
		return Candidates{}, missing()
	}
	k, err := clockNow(l)
	if err != nil {
		return Candidates{}, err
	}
	if in.What == "" {
		in.What = DueOnes
	}
	f := &lister{reader: reader{l, k}, scope: store.F(s.SQL(), s.Args()...), in: ListIn{What: in.What, Unit: in.Unit}, size: sendAtMost}
	if err := f.check(); err != nil {
		return Candidates{}, err
	}
	where := f.filters()
	if len(in.IDs) > 0 {
		where = store.And(f.scope, store.In("a.id", in.IDs[:min(len(in.IDs), sendAtMost)]...))
	}
	list, err := f.list(where, store.F("ORDER BY a.unit_name, a.unit_id, a.due_on, a.id LIMIT ?", sendAtMost+1))
	if err != nil {
		return Candidates{}, fmt.Errorf("list what may be chased: %w", err)
	}
	out := Candidates{Units: []CandidateUnit{}, More: len(list) > sendAtMost, Quiet: k.rules.QuietWorkdays}
	for _, x := range list[:min(len(list), sendAtMost)] {
		if x.MayChase {
			out.add(x)
		}
	}
	out.AnswerDue, err = k.answerDue()
	return out, err
})

func (c *Candidates) add(x Item) {
	if n := len(c.Units); n == 0 || c.Units[n-1].UnitID != x.UnitID {
		c.Units = append(c.Units, CandidateUnit{UnitID: x.UnitID, UnitName: x.UnitName})
	}
	u := &c.Units[len(c.Units)-1]
	u.Items = append(u.Items, x)
}
