package handling

import (
	"cmp"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/id"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// Why work goes from one unit to another.
const (
	CauseOrdered  = "ordered"  // who dispatched it says so
	CauseMerged   = "merged"   // units became one
	CauseSplit    = "split"    // a unit became several
	CauseEnded    = "ended"    // a unit ended
	CauseReopened = "reopened" // an answered case is handled again after its unit had a successor
	CauseRenamed  = "renamed"  // the same unit has another name
)

// What became of work that was handed over.
const (
	WentOver    = "moved"   // the other unit has it, with its clocks
	WentInto    = "merged"  // into what the other unit had to do in the case already
	StaysNoted  = "kept"    // it is answered; the other unit is noted as successor
	NothingLeft = "gone"    // it was done, or had moved, in the meantime
	NotPossible = "refused" // there is no unit that could take it
)

// HadHandOver tells that a case has hand-overs or changes of officers. It lies
// far from the other deeds, which are numbered in their own file.
const HadHandOver Deeds = 1 << 40

// Meeting is what becomes of two assignments of one case that come to one unit.
type Meeting string

// The meetings.
const (
	NoMeeting  Meeting = "moves"    // the unit had nothing to do in the case
	IntoOwn    Meeting = "into-own" // the unit's own assignment goes on, the other ends in it
	TakesOwn   Meeting = "takes"    // the one that comes goes on, the unit's own ends in it
	OneOfBoth  Meeting = "one"      // the one that is further goes on, with the earlier clock
	SideBySide Meeting = "beside"   // both go on: one is answered, the other is not
)

// meet is the rule: who answers himself says there what he would have said as
// an assistant; two of one sort become one; what was answered by a letter of its
// own stays on its own, when it is handled again too; and a duty that is open
// never ends in one that is answered, unless it was to assist and the unit
// answers itself.
//
//	comes (open)   the unit's own         what happens
//	any            none                   it moves
//	assist         lead, separate, sole   into own, whatever its state
//	lead, …        assist                 takes own
//	assist         assist, open           one of both
//	assist         assist, answered       takes own; the opinion given stays in the case
//	lead, …        lead, …, open          one of both, in the first round of both
//	lead, …        lead, …, answered      side by side
func meet(comes *Assignment, own *Assignment) Meeting {
	switch {
	case own == nil:
		return NoMeeting
	case comes.Role == Assist && own.Role.Main():
		return IntoOwn
	case comes.Role.Main() && own.Role == Assist:
		return TakesOwn
	case comes.Role == Assist && !own.Owes():
		return TakesOwn
	case !own.Owes(), comes.Round > 1, own.Round > 1:
		return SideBySide
	default:
		return OneOfBoth
	}
}

// handing is why work is handed over, and by which order.
type handing struct {
	cause, reason, reference, order, person string
}

// ownOf is the assignment of a unit that one which comes would meet: an open
// one that answers, else one that has been answered, else one that assists.
func (m *Matter) ownOf(unitID string, comes *Assignment) *Assignment {
	rank := func(a *Assignment) int {
		switch {
		case a.Role.Main() && a.Owes() && a.Round == 1:
			return 0
		case a.Role.Main():
			return 1
		default:
			return 2
		}
	}
	var own *Assignment
	for _, a := range m.live() {
		if a.UnitID == unitID && a.ID != comes.ID && (own == nil || rank(a) < rank(own)) {
			own = a
		}
	}
	return own
}

// handTo gives an assignment to another unit: open work moves with its clocks,
// answered work stays and notes its successor. The caller settles the case.
func (e *Errand) handTo(c *app.Call, to organization.Body, why handing) (outcome string, err error) {
	a := e.A
	switch {
	case !a.Live() || a.State == Waived || a.UnitID == to.ID || a.SuccessorID == to.ID:
		return NothingLeft, nil
	case !a.Owes():
		return StaysNoted, e.succeededBy(c, to, why)
	}
	from, role := *a, a.Role
	outcome, own := WentOver, e.ownOf(to.ID, a)
	ended, went := (*Assignment)(nil), a
	switch meet(a, own) {
	case IntoOwn:
		ended, went = a, own
	case TakesOwn:
		ended = own
	case OneOfBoth:
		if e.further(own) >= e.further(a) {
			ended, went = a, own
		} else {
			ended = own
		}
	}
	dropped := a.DueOn
	if ended != nil {
		outcome, role = WentInto, went.Role
		if dropped, err = e.merge(c, ended, went, to, why); err != nil {
			return "", err
		}
	}
	if went == a {
		if err := e.move(c, to, why); err != nil {
			return "", err
		}
	}
	if err := e.rightRoles(c); err != nil {
		return "", err
	}
	x := Handed{AssignmentID: from.ID, FromUnit: from.UnitID, From: from.UnitName, ToUnit: to.ID, To: to.Name, Outcome: outcome, RoleWas: role, RoleIs: went.Role, DueOn: dropped}
	if ended != nil {
		x.AssignmentID, x.IntoID = ended.ID, went.ID
	}
	if err := e.noteHanded(c, x, why); err != nil {
		return "", err
	}
	if err := e.inSight(c, from.UnitID, to.ID); err != nil {
		return "", err
	}
	told := e.about()
	told.UnitID, told.UnitName, told.DeskID = to.ID, to.Name, from.DeskID
	return outcome, e.record(c, WasHanded{told, went.ID, from.UnitID, from.UnitName, outcome, why.cause, from.Role.Main()})
}

// move gives an open assignment to a unit as it is. People of the unit before
// answer for it no longer, unless they moved along.
func (e *Errand) move(c *app.Call, to organization.Body, why handing) error {
	a := e.A
	if why.cause == CauseOrdered && a.Handler+a.Leader+a.Section+a.phone != "" {
		if err := e.noteOfficer(c, officer{}, why.reason, why.person); err != nil {
			return err
		}
		a.Leader, a.Section, a.Handler, a.phone = "", "", "", ""
	}
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE assignment SET unit_id = ?, unit_name = ?, successor_id = '', successor_name = '', leader = ?, section = ?, handler = ?, phone_sealed = ?,
		version = version + 1 WHERE id = ? AND version = ?`, to.ID, to.Name, a.Leader, a.Section, a.Handler, a.phone, a.ID, a.Version)
	if err := written(n, err, "assignment "+a.ID); err != nil {
		return err
	}
	a.Version++
	a.UnitID, a.UnitName, a.SuccessorID, a.SuccessorName = to.ID, to.Name, "", ""
	return e.bring(c, a, to)
}

// bring lets what is unfinished of an assignment follow it to a unit: drafts,
// wishes for more time, drafts to countersign, promises. What was issued or
// signed off keeps the name that was signed for. An objection by which the case would have come
// to this very unit is settled.
func (e *Errand) bring(c *app.Call, a *Assignment, to organization.Body) error {
	for _, q := range []string{
		"UPDATE reply SET unit_id = ?, unit_name = ? WHERE assignment_id = ? AND state NOT IN ('issued', 'reading')",
		"UPDATE extension SET unit_id = ?, unit_name = ? WHERE assignment_id = ? AND decision IN ('', 'endorsed')",
		"UPDATE countersign SET unit_id = ?, unit_name = ? WHERE assignment_id = ? AND answer = ''",
		"UPDATE promise SET unit_id = ?, unit_name = ? WHERE assignment_id = ? AND state = 'open'",
	} {
		if _, err := c.Tx().Exec(c.Ctx(), q, to.ID, to.Name, a.ID); err != nil {
			return fmt.Errorf("let the work of assignment %s follow: %w", a.ID, err)
		}
	}
	x := &Errand{e.Matter, a}
	if o := e.objection(a.ID); o != nil && o.ProposedUnit == to.ID {
		if err := x.ruled(c, o, Withdrawn, "", ruledTo{}); err != nil {
			return err
		}
		return x.flagObjection(c, false)
	}
	return nil
}

// rightRoles gives the only unit that is left to answer the role that says so.
func (e *Errand) rightRoles(c *app.Call) error {
	var mains []*Assignment
	role := Sole
	for _, a := range e.live() {
		if a.Role.Main() {
			mains = append(mains, a)
		} else {
			role = Lead
		}
	}
	if len(mains) != 1 || mains[0].Role != Separate {
		return nil
	}
	a := mains[0]
	a.Role = role
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE assignment SET role = ?, version = version + 1 WHERE id = ?", string(role), a.ID); err != nil {
		return fmt.Errorf("change the role of assignment %s: %w", a.ID, err)
	}
	a.Version++
	return nil
}

// inSight lets exactly those bodies see the case that have to do with it.
func (e *Errand) inSight(c *app.Call, bodies ...string) error {
	for _, b := range bodies {
		set := release
		if slices.ContainsFunc(e.live(), func(a *Assignment) bool { return a.UnitID == b || a.SuccessorID == b }) {
			set = involve
		}
		if err := set(c, e.Matter, b); err != nil {
			return err
		}
	}
	return nil
}

// succeededBy notes which unit takes over what may come of answered work.
func (e *Errand) succeededBy(c *app.Call, to organization.Body, why handing) error {
	a := e.A
	was := a.SuccessorID
	a.SuccessorID, a.SuccessorName = to.ID, to.Name
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE assignment SET successor_id = ?, successor_name = ?, version = version + 1 WHERE id = ?", to.ID, to.Name, a.ID); err != nil {
		return fmt.Errorf("note the successor of assignment %s: %w", a.ID, err)
	}
	a.Version++
	if err := e.bring(c, a, to); err != nil {
		return err
	}
	x := Handed{AssignmentID: a.ID, FromUnit: a.UnitID, From: a.UnitName, ToUnit: to.ID, To: to.Name, Outcome: StaysNoted, RoleWas: a.Role, RoleIs: a.Role, DueOn: a.DueOn}
	if err := e.noteHanded(c, x, why); err != nil {
		return err
	}
	return e.inSight(c, slices.Compact([]string{a.UnitID, to.ID, cmp.Or(was, to.ID)})...)
}

// inherit gives an answered assignment that is to be handled again to the unit
// that stands for its own: the successor that was noted, or the heir of a unit
// that ended.
func (e *Errand) inherit(c *app.Call) error {
	to, err := organization.HeirOf(&c.Look, cmp.Or(e.A.SuccessorID, e.A.UnitID))
	if err != nil || to.ID == e.A.UnitID || to.ValidTo != "" {
		return err
	}
	from := *e.A
	why := handing{cause: CauseReopened, person: c.Who().PersonID}
	if err := e.move(c, to, why); err != nil {
		return err
	}
	x := Handed{AssignmentID: from.ID, FromUnit: from.UnitID, From: from.UnitName, ToUnit: to.ID, To: to.Name, Outcome: WentOver, RoleWas: from.Role, RoleIs: from.Role, DueOn: from.DueOn}
	if err := e.noteHanded(c, x, why); err != nil {
		return err
	}
	return e.inSight(c, from.UnitID, to.ID)
}

// keeper is the unit that acts on an assignment: its own, or the one that
// succeeded it after it had answered.
func (a *Assignment) keeper() string { return cmp.Or(a.SuccessorID, a.UnitID) }

// keeperName is the name of the keeper.
func (a *Assignment) keeperName() string {
	if a.SuccessorID == "" {
		return a.UnitName
	}
	return a.SuccessorName
}

// ofOwnUnit reports whether a reply is of a unit in which somebody holds a post,
// or of one that his unit succeeded.
func (l *Letter) ofOwnUnit(who access.Actor) bool {
	return who.HoldsPostIn(l.R.UnitID) || who.HoldsPostIn(l.A.keeper())
}

// succeeds reports whether a unit succeeded another in the case.
func (m *Matter) succeeds(unitID string) bool {
	return unitID != "" && slices.ContainsFunc(m.Assignments, func(a Assignment) bool { return a.Live() && a.SuccessorID == unitID })
}

// Handed is a step of an assignment from one unit to another.
type Handed struct {
	AssignmentID string     `json:"assignment_id"`
	IntoID       string     `json:"into_id,omitempty"` // the assignment into which it was merged
	FromUnit     string     `json:"from_unit"`
	From         string     `json:"from"`
	ToUnit       string     `json:"to_unit"`
	To           string     `json:"to"`
	Outcome      string     `json:"outcome"`
	RoleWas      Role       `json:"role_was"`
	RoleIs       Role       `json:"role_is"`
	DueOn        string     `json:"due_on,omitempty"` // of the clock that moved; merged: of the one that ended
	Cause        string     `json:"cause"`
	Reason       string     `json:"reason,omitempty"`
	Reference    string     `json:"reference,omitempty"`
	At           store.Time `json:"at"`
}

// noteHanded writes a step down for good.
func (e *Errand) noteHanded(c *app.Call, x Handed, why handing) error {
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO assignment_handed (id, committee_id, case_kind, case_id, assignment_id, into_id, from_unit, from_name, to_unit, to_name, outcome, role_was, role_is,
			due_on, cause, reason, reference, hand_over_id, person_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id.New(), e.CommitteeID, e.Kind, e.ID, x.AssignmentID, x.IntoID, x.FromUnit, x.From, x.ToUnit, x.To, x.Outcome, string(x.RoleWas), string(x.RoleIs),
		x.DueOn, why.cause, why.reason, why.reference, why.order, why.person, c.Now())
	if err != nil {
		return fmt.Errorf("note that assignment %s was handed over: %w", x.AssignmentID, err)
	}
	return e.did(c, HadHandOver)
}

// handedOf are the steps of a case from unit to unit, and its changes of
// officers, the oldest first; both empty for most cases.
func (m *Matter) handedOf(l *app.Look) (steps []Handed, officers []Officer, err error) {
	if !m.Row.Deeds.Has(HadHandOver) {
		return nil, nil, nil
	}
	steps, err = store.List(l.Ctx(), l.Tx(), func(r store.Row, x *Handed) error {
		return r.Scan(&x.AssignmentID, &x.IntoID, &x.FromUnit, &x.From, &x.ToUnit, &x.To, &x.Outcome, &x.RoleWas, &x.RoleIs, &x.DueOn, &x.Cause, &x.Reason, &x.Reference, &x.At)
	}, `SELECT assignment_id, into_id, from_unit, from_name, to_unit, to_name, outcome, role_was, role_is, due_on, cause, reason, reference, at
		FROM assignment_handed WHERE case_kind = ? AND case_id = ? ORDER BY id`, m.Kind, m.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("read the hand-overs of %s %s: %w", m.Kind, m.ID, err)
	}
	officers, err = store.List(l.Ctx(), l.Tx(), func(r store.Row, x *Officer) error { return r.Scan(&x.AssignmentID, &x.UnitName, &x.Was, &x.Is, &x.At) },
		"SELECT assignment_id, unit_name, handler, becomes, at FROM assignment_officer WHERE case_kind = ? AND case_id = ? ORDER BY id", m.Kind, m.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("read the officers of %s %s: %w", m.Kind, m.ID, err)
	}
	return steps, officers, nil
}

// viewHanded adds how the case went from unit to unit, and who was reached
// there. Proposers see it of the units that answer them.
func (m *Matter) viewHanded(l *app.Look, v *View) error {
	steps, officers, err := m.handedOf(l)
	if err != nil {
		return err
	}
	me := m.proposer(l.Who()) != nil
	main := func(id string) bool { a := m.assignment(id); return a != nil && a.Role.Main() }
	for _, x := range steps {
		if !me || x.RoleIs.Main() && main(x.AssignmentID) {
			v.Handed = append(v.Handed, x)
		}
	}
	for _, x := range officers {
		if !me || main(x.AssignmentID) {
			v.Officers = append(v.Officers, x)
		}
	}
	return nil
}
