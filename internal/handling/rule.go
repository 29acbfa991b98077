package handling

import (
	"cmp"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
)

// RuleIn rules on an objection.
type RuleIn struct {
	ID      string `json:"id"` // assignment
	Version int64  `json:"version,omitempty"`
	Ruling  string `json:"ruling"`            // accepted or rejected
	Unit    string `json:"unit,omitempty"`    // the unit that gets the case; without one the unit that was proposed
	Release bool   `json:"release,omitempty"` // an assisting unit is let go without another in its place
	Words   string `json:"words,omitempty"`   // required when rejected
}

// RuleObjection rules on an objection (退办裁定): the case goes to another unit,
// whose clocks run anew, or stays. The ruling binds; the unit does not object a
// second time unless the profile allows it.
var RuleObjection = app.Define("assignment.rule",
	func(c *app.Call, in RuleIn) (*Errand, error) { return loadErrand(c, in.ID) },
	mayKeep, ruleObjection)

// mayKeep is the rule of who dispatched an assignment.
func mayKeep(who access.Actor, e *Errand) access.Verdict {
	if e.keeps(who) && e.sees(who) {
		return access.Allow()
	}
	return e.otherwise(who, "handling.dispatcher-only")
}

func ruleObjection(c *app.Call, e *Errand, in RuleIn) (Progress, error) {
	if err := e.fresh(in.Version); err != nil {
		return Progress{}, err
	}
	o := e.objection(e.A.ID)
	switch {
	case o == nil:
		return Progress{}, fault.New(fault.Closed, "handling.object.none")
	case o.ConsentedAt.IsZero():
		return Progress{}, fault.New(fault.Closed, "handling.object.unconsented")
	}
	var p fault.Problems
	said := words(&p, "words", in.Words, textAtMost, in.Ruling == Rejected)
	p.Check(in.Ruling == Accepted || in.Ruling == Rejected, "ruling", "handling.choose")
	unit, inCase := organization.Body{}, (*Assignment)(nil)
	if in.Ruling == Accepted && !(in.Release && e.A.Role == Assist) {
		units, err := unitsOf(&c.Look)
		if err != nil {
			return Progress{}, err
		}
		name := cmp.Or(in.Unit, o.ProposedUnit)
		b, ok := units[name]
		p.Check(ok, "unit", "handling.unit-unknown", "name", name)
		unit, inCase = b, e.assignmentOf(b.ID)
		p.Check(!ok || b.ID != e.A.UnitID, "unit", "handling.object.self")
		p.Check(inCase == nil || !ok || inCase.Role == Assist && e.A.Role.Main() && inCase.Owes(), "unit", "handling.unit-has-it", "name", b.Name)
	}
	if err := p.Err(); err != nil {
		return Progress{}, err
	}
	if err := e.ruled(c, o, in.Ruling, said, ruledTo{unit.ID, unit.Name}); err != nil {
		return Progress{}, err
	}
	if in.Ruling == Rejected {
		if err := e.flagObjection(c, false); err != nil {
			return Progress{}, err
		}
		return e.progress(), settle(c, e.Matter)
	}
	now, err := e.giveTo(c, unit, inCase, cmp.Or(said, o.Reason))
	if err != nil {
		return Progress{}, err
	}
	return now.progress(), settle(c, e.Matter)
}

// giveTo gives the role of an assignment to another unit. A unit that assists
// in the case already gives up that part: nobody holds two.
func (e *Errand) giveTo(c *app.Call, unit organization.Body, inCase *Assignment, reason string) (*Errand, error) {
	k, err := clockNow(&c.Look)
	if err != nil {
		return nil, err
	}
	if inCase != nil {
		if err := e.end(c, inCase, reason); err != nil {
			return nil, err
		}
	}
	old := *e.A
	return e.replace(c, k, &old, unit, short(reason, noteAtMost))
}

// short cuts a text to what a note keeps.
func short(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

// ruledTo is the unit to which a ruling gives the case.
type ruledTo struct{ id, name string }

// ruled writes what became of an objection and tells of it.
func (e *Errand) ruled(c *app.Call, o *Objection, ruling, said string, to ruledTo) error {
	o.Ruling, o.RuledName, o.RuledAt, o.Words = ruling, c.Who().Name, c.Now(), said
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE objection SET ruling = ?, ruled_by = ?, ruled_name = ?, ruled_at = ?, ruling_words = ?, to_unit = ?, to_name = ? WHERE id = ? AND ruling = ''",
		ruling, c.Who().PersonID, o.RuledName, o.RuledAt, said, to.id, to.name, o.ID)
	if err != nil {
		return fmt.Errorf("rule on objection %s: %w", o.ID, err)
	}
	c.Detail(map[string]any{"objection": o.ID, "ruling": ruling, "to": to.id})
	return e.record(c, WasRuled{e.about().ofUnit(e.A), e.A.ID, ruling, to.name, said})
}
