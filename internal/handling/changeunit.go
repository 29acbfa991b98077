package handling

import (
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
)

// ChangeUnitIn gives an assignment to another unit.
type ChangeUnitIn struct {
	ID      string `json:"id"` // assignment
	Version int64  `json:"version,omitempty"`
	Unit    string `json:"unit"` // id or exact name of the new unit
	Reason  string `json:"reason"`
}

// ChangeUnit gives an assignment to another unit before it was signed for
// (改办). The deadlines run anew; the first unit no longer sees the case.
var ChangeUnit = app.Define("assignment.change-unit",
	func(c *app.Call, in ChangeUnitIn) (*Errand, error) { return loadErrand(c, in.ID) },
	func(who access.Actor, e *Errand) access.Verdict {
		if e.keeps(who) && e.sees(who) {
			return access.Allow()
		}
		return e.otherwise(who, "handling.dispatcher-only")
	}, changeUnit)

func changeUnit(c *app.Call, e *Errand, in ChangeUnitIn) (Progress, error) {
	if err := e.fresh(in.Version); err != nil {
		return Progress{}, err
	}
	old := *e.A
	switch {
	case e.objection(e.A.ID) != nil:
		return Progress{}, fault.New(fault.Closed, "handling.object.waits")
	case e.A.State != Sent: // from then on it takes an objection
		return Progress{}, fault.New(fault.Closed, "handling.closed."+string(e.A.State))
	}
	if err := e.A.move(Changed); err != nil {
		return Progress{}, err
	}
	units, err := unitsOf(&c.Look)
	if err != nil {
		return Progress{}, err
	}
	var p fault.Problems
	reason := words(&p, "reason", in.Reason, noteAtMost, true)
	unit, ok := units[in.Unit]
	p.Check(ok, "unit", "handling.unit-unknown", "name", in.Unit)
	p.Check(!ok || unit.ID != old.UnitID && e.assignmentOf(unit.ID) == nil, "unit", "handling.unit-has-it", "name", unit.Name)
	if err := p.Err(); err != nil {
		return Progress{}, err
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return Progress{}, err
	}
	now, err := e.replace(c, k, &old, unit, reason)
	if err != nil {
		return Progress{}, err
	}
	return now.progress(), settle(c, e.Matter)
}

// replace ends an assignment and gives its role to another unit, whose clocks
// run anew; without a unit the role ends.
func (e *Errand) replace(c *app.Call, k *clockOf, old *Assignment, unit organization.Body, reason string) (*Errand, error) {
	if err := e.end(c, old, reason); err != nil {
		return nil, err
	}
	if err := e.record(c, WasChanged{e.about().ofUnit(old), unit.ID}); err != nil {
		return nil, fmt.Errorf("change the unit of %s: %w", old.ID, err)
	}
	c.Detail(map[string]any{"from": old.UnitID, "to": unit.ID})
	if unit.ID == "" {
		return e, nil
	}
	a := &Assignment{UnitID: unit.ID, UnitName: unit.Name, Role: old.Role, Position: old.Position, Note: reason}
	if err := assign(c, k, e.Matter, a, sender{old.DeskID, old.DeskName, old.Channel}); err != nil {
		return nil, err
	}
	return &Errand{e.Matter, a}, nil
}

// end takes an assignment from its unit, which no longer sees the case. What the
// unit had asked for, and what was asked of it, ends with it.
func (e *Errand) end(c *app.Call, old *Assignment, reason string) error {
	x := &Errand{e.Matter, old}
	if o := e.objection(old.ID); o != nil {
		if err := x.ruled(c, o, Withdrawn, "", ruledTo{}); err != nil {
			return err
		}
	}
	if err := errors.Join(x.moot(c), x.uncountersign(c)); err != nil {
		return err
	}
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE assignment SET state = ?, objected = FALSE, valid_to = ?, note = ?, version = version + 1 WHERE id = ? AND version = ?",
		string(Changed), c.Now(), reason, old.ID, old.Version)
	if err := written(n, err, "assignment "+old.ID); err != nil {
		return err
	}
	old.Version++
	return release(c, e.Matter, old.UnitID)
}
