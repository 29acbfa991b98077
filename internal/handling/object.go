package handling

import (
	"cmp"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
)

// ObjectIn gives a case back to who dispatched it.
type ObjectIn struct {
	ID      string `json:"id"` // assignment
	Version int64  `json:"version,omitempty"`
	Reason  string `json:"reason"`
	Unit    string `json:"unit"` // id or exact name of the unit to which the case belongs
}

// Object gives a case back (申请退办) within the window of the profile, with the
// reason and the unit to which it belongs. The handler's wish waits for the
// leader of his unit; the signing leader's own goes out at once. The clock of
// the reply runs on.
var Object = app.Define("assignment.object",
	func(c *app.Call, in ObjectIn) (*Errand, error) { return loadErrand(c, in.ID) },
	mayWork, object)

func object(c *app.Call, e *Errand, in ObjectIn) (Progress, error) {
	if err := e.fresh(in.Version); err != nil {
		return Progress{}, err
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return Progress{}, err
	}
	if err := e.objectable(k); err != nil {
		return Progress{}, err
	}
	units, err := unitsOf(&c.Look)
	if err != nil {
		return Progress{}, err
	}
	var p fault.Problems
	o := Objection{ID: id.New(), AssignmentID: e.A.ID, UnitID: e.A.UnitID, UnitName: e.A.UnitName, DeskID: e.A.DeskID, FiledAt: c.Now()}
	o.Reason = words(&p, "reason", in.Reason, reasonAtMost, true)
	unit, ok := units[in.Unit]
	p.Check(ok, "unit", "handling.unit-unknown", "name", in.Unit)
	p.Check(!ok || unit.ID != e.A.UnitID, "unit", "handling.object.self")
	if err := p.Err(); err != nil {
		return Progress{}, err
	}
	o.ProposedUnit, o.ProposedName = unit.ID, unit.Name
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO objection (id, committee_id, case_kind, case_id, assignment_id, unit_id, unit_name, desk_id, reason, proposed_unit, proposed_name, filed_by, filed_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, o.ID, e.CommitteeID, e.Kind, e.ID, e.A.ID, o.UnitID, o.UnitName, o.DeskID, o.Reason, o.ProposedUnit, o.ProposedName, c.Who().PersonID, o.FiledAt)
	if err != nil {
		return Progress{}, fmt.Errorf("object to assignment %s: %w", e.A.ID, err)
	}
	if err := e.flagObjection(c, true); err != nil {
		return Progress{}, err
	}
	if err := e.did(c, HadObjection); err != nil {
		return Progress{}, err
	}
	e.Objections = append(e.Objections, o)
	if err := e.record(c, WasObjected{e.about().ofUnit(e.A), e.A.ID, o.Reason}); err != nil {
		return Progress{}, err
	}
	if !c.Who().Is(access.Handler) { // the leader himself, or staff for a unit that signed on paper
		if err := e.consent(c, k, &e.Objections[len(e.Objections)-1]); err != nil {
			return Progress{}, err
		}
	}
	return e.progress(), settle(c, e.Matter)
}

// objectable tells why an objection is not open any more, if so.
func (e *Errand) objectable(k *clockOf) error {
	switch r := k.rules.Objection; {
	case !e.A.Owes():
		return fault.New(fault.Closed, "handling.closed."+string(e.A.State))
	case e.objection(e.A.ID) != nil:
		return fault.New(fault.Closed, "handling.object.waits")
	case e.A.Round > 1:
		return fault.New(fault.Closed, "handling.object.again")
	case e.workOn(e.A.ID) != nil && e.workOn(e.A.ID).State != Drafted:
		return fault.New(fault.Closed, "handling.object.replying")
	case !e.A.BoundAt.IsZero() || r.Silence && e.windowOver(k):
		return fault.New(fault.Closed, "handling.object.window", "on", e.window())
	case r.UnitMost > 0 && e.objectionsBy(e.A.UnitID) >= r.UnitMost:
		return fault.New(fault.Closed, "handling.object.most", "n", r.UnitMost)
	case r.CaseMost > 0 && e.bounces() >= r.CaseMost:
		return fault.New(fault.Closed, "handling.object.binds", "n", r.CaseMost)
	}
	return nil
}

// window is the last day on which the unit may object; assignments of before
// there was one could be given back until they were to be signed for.
func (e *Errand) window() string { return cmp.Or(e.A.ObjectBy, e.A.SignBy) }

func (e *Errand) windowOver(k *clockOf) bool {
	_, over := k.left(e.window())
	return over
}

// mustDay reads a date that the house wrote; none is the zero date.
func mustDay(on string) calendar.Date {
	d, err := calendar.ParseDate(on)
	if err != nil {
		return calendar.Date{}
	}
	return d
}

// objectionsBy counts what a unit gave back in this case and did not withdraw.
func (m *Matter) objectionsBy(unitID string) int {
	n := 0
	for _, o := range m.Objections {
		if o.UnitID == unitID && o.Ruling != Withdrawn {
			n++
		}
	}
	return n
}

// bounces counts the rulings by which the case went to another unit.
func (m *Matter) bounces() int {
	n := 0
	for _, o := range m.Objections {
		if o.Ruling == Accepted {
			n++
		}
	}
	return n
}

// flagObjection notes with the assignment whether an objection waits.
func (e *Errand) flagObjection(c *app.Call, waits bool) error {
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE assignment SET objected = ?, version = version + 1 WHERE id = ? AND version = ?", waits, e.A.ID, e.A.Version)
	if err := written(n, err, "assignment "+e.A.ID); err != nil {
		return err
	}
	e.A.Objected = waits
	e.A.Version++
	return nil
}
