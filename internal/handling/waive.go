package handling

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// WaiveIn goes on without an assisting unit.
type WaiveIn struct {
	ID      string `json:"id"` // assignment of the assisting unit
	Version int64  `json:"version,omitempty"`
	Reason  string `json:"reason"`
}

// Waive goes on without the opinion of an assisting unit (免予会办): who
// dispatched the case at any time, the lead once the opinion is late. The unit
// owes nothing any more, which stays on its record. One that gave its opinion
// and does not countersign is let out of countersigning in the same way.
var Waive = app.Define("assignment.waive",
	func(c *app.Call, in WaiveIn) (*Errand, error) { return loadErrand(c, in.ID) },
	func(who access.Actor, e *Errand) access.Verdict {
		switch {
		case e.keeps(who) && e.sees(who), e.leads(who):
			return access.Allow()
		default:
			return e.otherwise(who, "handling.waive.lead-only")
		}
	}, waive)

// leads reports whether somebody works in a unit that answers the case.
func (m *Matter) leads(who access.Actor) bool {
	if !unitPost(who) || who.CommitteeID != m.CommitteeID {
		return false
	}
	a := m.assignmentOf(who.Post.BodyID)
	return a != nil && a.Role.Main()
}

func waive(c *app.Call, e *Errand, in WaiveIn) (Progress, error) {
	if err := e.fresh(in.Version); err != nil {
		return Progress{}, err
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return Progress{}, err
	}
	_, late := k.left(e.A.DueOn)
	switch {
	case e.A.Role != Assist:
		return Progress{}, fault.New(fault.Closed, "handling.waive.main")
	case e.disagrees() && !e.keeps(c.Who()): // the lead does not rid itself of a no
		return Progress{}, fault.New(fault.Closed, "handling.waive.disputed")
	case (e.A.Owes() && !late || e.A.State == Answered) && !e.keeps(c.Who()):
		return Progress{}, fault.New(fault.Closed, "handling.waive.early", "on", e.A.DueOn)
	}
	if e.A.State != Answered || !e.agreesLate() { // who gave an opinion is only let out of countersigning
		if err := e.A.move(Waived); err != nil {
			return Progress{}, err
		}
	}
	var p fault.Problems
	reason := words(&p, "reason", in.Reason, reasonAtMost, true)
	if err := p.Err(); err != nil {
		return Progress{}, err
	}
	if o := e.objection(e.A.ID); o != nil {
		if err := e.ruled(c, o, Withdrawn, "", ruledTo{}); err != nil {
			return Progress{}, err
		}
	}
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE assignment SET state = ?, objected = FALSE, waived_at = ?, waived_by = ?, waived_name = ?, waive_reason = ?, version = version + 1
		WHERE id = ? AND version = ?`, string(e.A.State), c.Now(), c.Who().PersonID, c.Who().Name, reason, e.A.ID, e.A.Version)
	if err := written(n, err, "assignment "+e.A.ID); err != nil {
		return Progress{}, err
	}
	e.A.Version++
	if err := e.moot(c); err != nil {
		return Progress{}, err
	}
	if err := e.uncountersign(c); err != nil {
		return Progress{}, err
	}
	if err := e.record(c, WasWaived{e.about().ofUnit(e.A), e.A.ID, reason}); err != nil {
		return Progress{}, err
	}
	return e.progress(), settle(c, e.Matter)
}

// agreesLate reports whether a draft waits for the unit to countersign it.
func (e *Errand) agreesLate() bool {
	for _, x := range e.Countersigns {
		if x.AssignmentID == e.A.ID && x.Answer == "" {
			return true
		}
	}
	return false
}

// disagrees reports whether the unit said no to a draft, and nobody has decided.
func (e *Errand) disagrees() bool {
	for i := range e.Countersigns {
		if x := &e.Countersigns[i]; x.AssignmentID == e.A.ID && x.Answer == Disagreed {
			return true
		}
	}
	return false
}

// moot ends the wishes of an assignment that is not owed any more.
func (e *Errand) moot(c *app.Call) error {
	if e.extension(e.A.ID) == nil {
		return nil
	}
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE extension SET decision = ?, decided_at = ? WHERE assignment_id = ? AND decision IN ('', 'endorsed')", Void, c.Now(), e.A.ID)
	if err != nil {
		return fmt.Errorf("end the wishes of assignment %s: %w", e.A.ID, err)
	}
	return nil
}
