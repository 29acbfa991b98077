package handling

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
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
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE assignment SET state = ?, valid_to = ?, note = ?, version = version + 1 WHERE id = ? AND version = ?",
		string(Changed), c.Now(), reason, old.ID, old.Version)
	if err := written(n, err, "assignment "+old.ID); err != nil {
		return Progress{}, err
	}
	if err := release(c, e.Matter, old.UnitID); err != nil {
		return Progress{}, err
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return Progress{}, err
	}
	a := &Assignment{UnitID: unit.ID, UnitName: unit.Name, Role: old.Role, Position: old.Position, Note: reason, Version: 1}
	if err := assign(c, k, e.Matter, a, sender{old.DeskID, old.DeskName, old.Channel}); err != nil {
		return Progress{}, err
	}
	if err := e.record(c, WasChanged{e.about().ofUnit(&old), unit.ID}); err != nil {
		return Progress{}, fmt.Errorf("change the unit of %s: %w", old.ID, err)
	}
	c.Detail(map[string]any{"from": old.UnitID, "to": unit.ID})
	now := &Errand{e.Matter, a}
	return now.progress(), settle(c, e.Matter)
}
