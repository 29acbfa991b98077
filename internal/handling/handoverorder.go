package handling

import (
	"context"
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// order is a hand-over of some or all of a unit's work to another.
type order struct {
	ID        string
	FromID    string
	FromName  string
	ToID      string
	ToName    string
	Cause     string
	Reason    string
	Reference string
	PersonID  string
	At        store.Time
	DoneAt    store.Time
}

const orderColumns = "id, from_id, from_name, to_id, to_name, cause, reason, reference, person_id, at, done_at"

func scanOrder(r store.Row, o *order) error {
	return r.Scan(&o.ID, &o.FromID, &o.FromName, &o.ToID, &o.ToName, &o.Cause, &o.Reason, &o.Reference, &o.PersonID, &o.At, &o.DoneAt)
}

// why is what each step of the order says.
func (o *order) why() handing { return handing{o.Cause, o.Reason, o.Reference, o.ID, o.PersonID} }

func orderOf(l *app.Look, orderID string) (*order, error) {
	o := &order{}
	err := scanOrder(l.Tx().Row(l.Ctx(), "SELECT "+orderColumns+" FROM hand_over WHERE id = ? AND committee_id = ?", orderID, l.Who().CommitteeID), o)
	if errors.Is(err, store.ErrNone) {
		return nil, missing()
	}
	if err != nil {
		return nil, fmt.Errorf("read hand-over %s: %w", orderID, err)
	}
	return o, nil
}

// place writes an order down; false when it stands there already. which are the
// assignments x that it moves.
func (o *order) place(c *app.Call, which store.Fragment) (placed bool, rows int64, err error) {
	n, err := c.Tx().Exec(c.Ctx(), `INSERT INTO hand_over (id, committee_id, from_id, from_name, to_id, to_name, cause, reason, reference, person_id, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		o.ID, c.Who().CommitteeID, o.FromID, o.FromName, o.ToID, o.ToName, o.Cause, o.Reason, o.Reference, o.PersonID, c.Now())
	if err != nil {
		return false, 0, fmt.Errorf("order the hand-over %s: %w", o.ID, err)
	}
	if n == 0 {
		return false, 0, nil
	}
	q := store.Join(store.F("INSERT INTO hand_over_row (hand_over_id, assignment_id, committee_id) SELECT CAST(? AS TEXT), x.id, x.committee_id FROM assignment x"+theCase+"WHERE", o.ID), which)
	if rows, err = c.Tx().Exec(c.Ctx(), q.SQL, q.Args...); err != nil {
		return false, 0, fmt.Errorf("list what the hand-over %s moves: %w", o.ID, err)
	}
	return true, rows, nil
}

// handedOn is the condition of the assignments x of a unit that go on under
// another: open ones, and answered ones of which something may come.
func handedOn(committee, unit string) store.Fragment {
	return store.F(`x.committee_id = ? AND x.unit_id = ? AND (x.state IN ('dispatched', 'signed') OR x.state = 'answered' AND x.successor_id = '' AND (h.closed_at IS NULL
		OR EXISTS (SELECT 1 FROM reply r WHERE r.assignment_id = x.id AND (r.rating_open OR r.state <> 'issued'))
		OR EXISTS (SELECT 1 FROM promise p WHERE p.assignment_id = x.id AND p.state = 'open')))`, committee, unit)
}

// beginIn orders the hand-over of everything a unit has, after a change of units.
type beginIn struct {
	ID        string `json:"id"` // of the order: known to who orders, so that ordering twice is once
	From      string `json:"from"`
	To        string `json:"to"`
	Cause     string `json:"cause"`
	Reference string `json:"reference"`
	PersonID  string `json:"person_id"`
}

// transfer is a hand-over as the subject of who may order it.
type transfer struct {
	committeeID string
	from        organization.Body
	rows        []transferRow
}

// transferRow is one assignment of a transfer.
type transferRow struct{ id, desk string }

// Object names the unit that gives work away.
func (t *transfer) Object() (string, string) { return "body", t.from.ID }

// beginOrder orders the hand-over of all that a unit has, to the unit that stands for
// its heir today. Ordering it again does nothing.
var beginOrder = app.Define("hand-over.begin",
	func(c *app.Call, in beginIn) (*transfer, error) {
		from, err := organization.BodyOf(&c.Look, in.From)
		return &transfer{committeeID: c.Who().CommitteeID, from: from}, err
	},
	bySystem[*transfer],
	func(c *app.Call, t *transfer, in beginIn) (struct{}, error) {
		to, err := organization.HeirOf(&c.Look, in.To)
		if err != nil || to.ID == t.from.ID {
			return struct{}{}, err
		}
		o := &order{ID: in.ID, FromID: t.from.ID, FromName: t.from.Name, ToID: to.ID, ToName: to.Name, Cause: in.Cause, Reference: in.Reference, PersonID: in.PersonID}
		placed, n, err := o.place(c, handedOn(t.committeeID, t.from.ID))
		if err != nil || !placed {
			return struct{}{}, err
		}
		if t.from.ValidTo != "" {
			if err := o.letSee(c); err != nil {
				return struct{}{}, err
			}
		}
		c.Detail(map[string]any{"to": to.ID, "assignments": n, "cause": in.Cause})
		return struct{}{}, c.Record(HandOverWasAsked{o.ID}, "hand-over", o.ID)
	})

// letSee lets the successor see what a unit that ended had answered and closed
// long ago, in one statement: nothing is to be done there, so no case is kept
// waiting. Whose successor the ended unit was, now has this one.
func (o *order) letSee(c *app.Call) error {
	for _, q := range []store.Fragment{
		store.F("UPDATE assignment SET successor_id = ?, successor_name = ? WHERE committee_id = ? AND successor_id = ?", o.ToID, o.ToName, c.Who().CommitteeID, o.FromID),
		store.F(`UPDATE assignment SET successor_id = ?, successor_name = ? WHERE committee_id = ? AND unit_id = ? AND state = 'answered' AND successor_id = ''
			AND NOT EXISTS (SELECT 1 FROM hand_over_row y WHERE y.hand_over_id = ? AND y.assignment_id = assignment.id)`, o.ToID, o.ToName, c.Who().CommitteeID, o.FromID, o.ID),
		store.F(`INSERT INTO handling_involved (committee_id, case_kind, case_id, body_id) SELECT DISTINCT x.committee_id, x.case_kind, x.case_id, x.successor_id FROM assignment x
			WHERE x.committee_id = ? AND x.successor_id = ? AND x.state <> 'changed' ON CONFLICT (body_id, case_kind, case_id) DO NOTHING`, c.Who().CommitteeID, o.ToID),
		store.F("UPDATE promise SET unit_id = ?, unit_name = ? WHERE committee_id = ? AND unit_id = ? AND state = 'open'", o.ToID, o.ToName, c.Who().CommitteeID, o.FromID),
	} {
		if _, err := c.Tx().Exec(c.Ctx(), q.SQL, q.Args...); err != nil {
			return fmt.Errorf("let %s see the work of %s: %w", o.ToID, o.FromID, err)
		}
	}
	return nil
}

// followIn is one step of an order.
type followIn struct {
	Order      string `json:"order"`
	Assignment string `json:"assignment"`
}

// following is one assignment that follows an order; errand is nil when its
// case is not there any more.
type following struct {
	order  *order
	errand *Errand
	id     string
}

// Object names the assignment.
func (f *following) Object() (string, string) { return "assignment", f.id }

// followOrder carries one step of an order out, in a transaction of its own, so that
// nobody waits for the others. Doing it again does nothing.
var followOrder = app.Define("assignment.follow",
	func(c *app.Call, in followIn) (*following, error) {
		e, err := errandOf(&c.Look, in.Assignment)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		o, err := orderOf(&c.Look, in.Order)
		return &following{o, e, in.Assignment}, err
	},
	bySystem[*following],
	func(c *app.Call, f *following, _ followIn) (struct{}, error) {
		waits, err := f.order.waits(&c.Look, f.id)
		if err != nil || !waits {
			return struct{}{}, err
		}
		outcome, err := f.order.carry(c, f.errand)
		if err != nil {
			return struct{}{}, err
		}
		c.Detail(map[string]string{"order": f.order.ID, "outcome": outcome})
		return struct{}{}, f.order.note(c, f.id, outcome)
	})

// waits reports whether a step was not carried out yet.
func (o *order) waits(l *app.Look, assignmentID string) (bool, error) {
	var n int
	err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM hand_over_row WHERE hand_over_id = ? AND assignment_id = ? AND outcome = ''", o.ID, assignmentID).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look whether %s waits: %w", assignmentID, err)
	}
	return n > 0, nil
}

// carry hands one assignment over, if it is still where the order found it.
func (o *order) carry(c *app.Call, e *Errand) (outcome string, err error) {
	if e == nil || e.A.UnitID != o.FromID {
		return NothingLeft, nil
	}
	to, err := organization.HeirOf(&c.Look, o.ToID)
	if err != nil {
		return "", err
	}
	if to.ValidTo != "" {
		return NotPossible, nil
	}
	if outcome, err = e.handTo(c, to, o.why()); err != nil {
		return "", fmt.Errorf("hand %s over to %s: %w", e.A.ID, to.ID, err)
	}
	return outcome, settle(c, e.Matter)
}

// note writes what became of a step.
func (o *order) note(c *app.Call, assignmentID, outcome string) error {
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE hand_over_row SET outcome = ? WHERE hand_over_id = ? AND assignment_id = ? AND outcome = ''", outcome, o.ID, assignmentID)
	if err != nil {
		return fmt.Errorf("note what became of %s: %w", assignmentID, err)
	}
	return nil
}

// finishOrder ends an order of which nothing waits any more, and tells of it once.
var finishOrder = app.Define("hand-over.finish",
	func(c *app.Call, in followIn) (*following, error) {
		o, err := orderOf(&c.Look, in.Order)
		return &following{order: o, id: in.Order}, err
	},
	bySystem[*following],
	func(c *app.Call, f *following, _ followIn) (struct{}, error) { return struct{}{}, f.order.finish(c) })

func (o *order) finish(c *app.Call) error {
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE hand_over SET done_at = ? WHERE id = ? AND done_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM hand_over_row y WHERE y.hand_over_id = hand_over.id AND y.outcome = '')`, c.Now(), o.ID)
	if err != nil || n == 0 {
		return err
	}
	told := HandOverWasDone{Order: o.ID, FromName: o.FromName, ToUnit: o.ToID}
	err = c.Tx().Row(c.Ctx(), "SELECT COUNT(*) FROM hand_over_row WHERE hand_over_id = ? AND outcome IN ('moved', 'merged')", o.ID).Scan(&told.Moved)
	if err != nil {
		return fmt.Errorf("count what the hand-over %s moved: %w", o.ID, err)
	}
	return c.Record(told, "hand-over", o.ID)
}

// stepsLeft finds what an order has not moved yet; only the clockwork asks.
var stepsLeft = app.Ask("hand-over.left", noRows, func(l *app.Look, _ access.Scope, orderID string) ([]string, error) {
	if !l.Who().Is(access.System) {
		return nil, nil
	}
	list, err := store.List(l.Ctx(), l.Tx(), store.Column[string],
		"SELECT assignment_id FROM hand_over_row WHERE hand_over_id = ? AND committee_id = ? AND outcome = '' ORDER BY assignment_id LIMIT 200", orderID, l.Who().CommitteeID)
	if err != nil {
		return nil, fmt.Errorf("find what is left of hand-over %s: %w", orderID, err)
	}
	return list, nil
})

// carryOut carries an order out step by step. After an interruption it goes on
// where it was.
func carryOut(ctx context.Context, a *app.App, who access.Actor, orderID string) error {
	for {
		list, err := stepsLeft.Do(ctx, a, who, orderID)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			_, err := finishOrder.Do(ctx, a, who, followIn{Order: orderID})
			return err
		}
		for _, x := range list {
			if _, err := followOrder.Do(ctx, a, who, followIn{orderID, x}); err != nil {
				return err
			}
		}
	}
}

// newOrder is an order of a person.
func newOrder(c *app.Call, from, to organization.Body, reason, reference string) *order {
	return &order{ID: id.New(), FromID: from.ID, FromName: from.Name, ToID: to.ID, ToName: to.Name, Cause: CauseOrdered, Reason: reason, Reference: reference, PersonID: c.Who().PersonID}
}
