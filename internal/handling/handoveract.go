package handling

import (
	"fmt"
	"slices"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// HandOverIn gives work of a unit to another.
type HandOverIn struct {
	From      string   `json:"from"`          // id of the unit that gives
	To        string   `json:"to"`            // id or exact name of the unit that takes
	IDs       []string `json:"ids,omitempty"` // assignments
	All       bool     `json:"all,omitempty"` // everything of the unit, as far as one dispatched it
	Reason    string   `json:"reason"`
	Reference string   `json:"reference,omitempty"` // document
}

// HandOverOut is the order; a single case is handed over at once, several
// follow one after another.
type HandOverOut struct {
	ID      string `json:"id"` // of the order, see ShowHandOver
	Ordered int    `json:"ordered"`
}

// HandOver gives open work of a unit to another, with its clocks as they are
// (移交): some cases or all. It is ordered by who dispatched them, or by the
// committee's office.
var HandOver = app.Define("assignment.hand-over", loadTransfer, mayTransfer, handOver)

// handedAtMost bounds the cases that are chosen one by one.
const handedAtMost = 500

func loadTransfer(c *app.Call, in HandOverIn) (*transfer, error) {
	from, err := organization.BodyOf(&c.Look, in.From)
	if err != nil {
		return nil, err
	}
	t := &transfer{committeeID: c.Who().CommitteeID, from: from}
	if len(in.IDs) > handedAtMost {
		return nil, fault.Field("ids", "handling.batch.many", "max", handedAtMost)
	}
	q := store.Join(store.F("SELECT x.id, x.desk_id FROM assignment x"+theCase+"WHERE"), in.which(&c.Look), store.F("ORDER BY x.id"))
	t.rows, err = store.List(c.Ctx(), c.Tx(), func(r store.Row, x *transferRow) error { return r.Scan(&x.id, &x.desk) }, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("read what unit %s has to do: %w", in.From, err)
	}
	return t, nil
}

// which are the assignments x that are meant, as far as they may be handed on.
func (in HandOverIn) which(l *app.Look) store.Fragment {
	chosen := store.Fragment{}
	if !in.All {
		chosen = store.In("x.id", in.IDs...)
	}
	return store.And(handedOn(l.Who().CommitteeID, in.From), ownDesk(l.Who()), chosen)
}

// ownDesk bounds a supervision office to what it dispatched.
func ownDesk(who access.Actor) store.Fragment {
	if who.Is(access.Dispatcher) {
		return store.F("x.desk_id = ?", who.Post.BodyID)
	}
	return store.Fragment{}
}

func mayTransfer(who access.Actor, t *transfer) access.Verdict {
	own := !slices.ContainsFunc(t.rows, func(r transferRow) bool { return !who.In(r.desk) })
	switch {
	case who.CommitteeID == "" || who.CommitteeID != t.committeeID:
		return access.Hide()
	case office(who), who.Is(access.Dispatcher) && own:
		return access.Allow()
	case unitPost(who) && who.In(t.from.ID), who.Is(access.Leader, access.Reviewer):
		return access.Deny("handling.dispatcher-only")
	default:
		return access.Hide()
	}
}

func handOver(c *app.Call, t *transfer, in HandOverIn) (HandOverOut, error) {
	units, err := unitsOf(&c.Look)
	if err != nil {
		return HandOverOut{}, err
	}
	var p fault.Problems
	reason := words(&p, "reason", in.Reason, noteAtMost, true)
	reference := line(&p, "reference", in.Reference, referenceAtMost, false)
	to, ok := units[strings.TrimSpace(in.To)]
	p.Check(ok, "to", "handling.unit-unknown", "name", in.To)
	p.Check(!ok || to.ID != t.from.ID, "to", "handling.hand-over.itself")
	p.Check(in.All || len(in.IDs) > 0, "ids", "handling.batch.none")
	if err := p.Err(); err != nil {
		return HandOverOut{}, err
	}
	if len(t.rows) == 0 {
		return HandOverOut{}, fault.New(fault.Closed, "handling.hand-over.nothing", "unit", t.from.Name)
	}
	o := newOrder(c, t.from, to, reason, reference)
	if _, _, err := o.place(c, in.which(&c.Look)); err != nil {
		return HandOverOut{}, err
	}
	c.Detail(map[string]any{"order": o.ID, "to": to.ID, "assignments": len(t.rows)})
	out := HandOverOut{o.ID, len(t.rows)}
	if len(t.rows) > 1 {
		return out, c.Record(HandOverWasAsked{o.ID}, "hand-over", o.ID)
	}
	e, err := errandOf(&c.Look, t.rows[0].id)
	if err != nil {
		return out, err
	}
	outcome, err := o.carry(c, e)
	if err != nil {
		return out, err
	}
	if err := o.note(c, e.A.ID, outcome); err != nil {
		return out, err
	}
	return out, o.finish(c)
}

const referenceAtMost = 80

// HandOverPlanIn asks what would happen if a unit's work went to another.
type HandOverPlanIn struct {
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
	Orphans bool   `json:"orphans,omitempty"` // units with work that nobody does
}

// HandOverPlan is a hand-over before it is ordered.
type HandOverPlan struct {
	Units  []UnitLoad    `json:"units"` // to choose from: who has work, and how much
	To     []UnitRole    `json:"to"`    // units that may take
	From   *UnitLoad     `json:"from,omitempty"`
	Rows   []PlannedStep `json:"rows"`
	Total  int           `json:"total"`  // rows in all; at most 300 are listed
	Orders []OrderedLine `json:"orders"` // the latest
}

// UnitLoad is a unit with open work.
type UnitLoad struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Open     int    `json:"open"`
	EndedOn  string `json:"ended_on,omitempty"`
	Unmanned bool   `json:"unmanned,omitempty"` // nobody there has a post and an account
}

// Orphan reports whether nobody does the unit's work.
func (u UnitLoad) Orphan() bool { return u.EndedOn != "" || u.Unmanned }

// PlannedStep is what would become of one assignment.
type PlannedStep struct {
	ID       string  `json:"id"`
	CaseKind string  `json:"case_kind"`
	CaseID   string  `json:"case_id"`
	Number   string  `json:"number"`
	Title    string  `json:"title"`
	Role     Role    `json:"role"`
	State    State   `json:"state"`
	SignBy   string  `json:"sign_by,omitempty"`
	DueOn    string  `json:"due_on,omitempty"`
	Left     int     `json:"left"`
	Late     bool    `json:"late,omitempty"`
	Handler  string  `json:"handler,omitempty"`
	Will     Meeting `json:"will,omitempty"` // "" while no unit is chosen; kept for answered ones
}

// StaysAnswered is what becomes of answered work: it stays, the successor is noted.
const StaysAnswered Meeting = "kept"

// plannedAtMost bounds the list of one page.
const plannedAtMost = 300

// planners may hand work over: the office everything, a supervision office what
// it dispatched.
func planners(who access.Actor) access.Scope {
	switch all := access.Committee("x.committee_id", who.CommitteeID); {
	case office(who):
		return all
	case who.Is(access.Dispatcher):
		return all.And("x.desk_id = ?", who.Post.BodyID)
	default:
		return access.Nothing()
	}
}

// PlanHandOver shows, before anything is ordered, each case of a unit with its
// role and clock and what would become of it (试算).
var PlanHandOver = app.Ask("assignment.hand-over-plan", planners, func(l *app.Look, s access.Scope, in HandOverPlanIn) (HandOverPlan, error) {
	var out HandOverPlan
	if !office(l.Who()) && !l.Who().Is(access.Dispatcher) {
		return out, missing()
	}
	var err error
	if out.Units, err = unitLoads(l, s, in.Orphans); err != nil {
		return out, err
	}
	if out.Orders, err = latestOrders(l); err != nil {
		return out, err
	}
	list, err := organization.Bodies(l, organization.Unit)
	if err != nil {
		return out, err
	}
	for _, b := range list {
		if b.ID != in.From {
			out.To = append(out.To, UnitRole{Unit: b.ID, Name: b.Name})
		}
	}
	i := slices.IndexFunc(out.Units, func(u UnitLoad) bool { return u.ID == in.From })
	if i < 0 {
		return out, nil
	}
	out.From = &out.Units[i]
	return out, planRows(l, s, in, &out)
})

func planRows(l *app.Look, s access.Scope, in HandOverPlanIn, out *HandOverPlan) error {
	k, err := clockNow(l)
	if err != nil {
		return err
	}
	where := store.And(store.F(s.SQL(), s.Args()...), handedOn(l.Who().CommitteeID, in.From))
	q := store.Join(store.F("SELECT COUNT(*) FROM assignment x"+theCase+"WHERE"), where)
	if err := l.Tx().Row(l.Ctx(), q.SQL, q.Args...).Scan(&out.Total); err != nil {
		return fmt.Errorf("count the work of unit %s: %w", in.From, err)
	}
	q = store.Join(store.F(`SELECT x.id, x.case_kind, x.case_id, h.number, h.title, x.role, x.state, x.sign_by, x.due_on, x.handler, x.round,
		COALESCE((SELECT MIN(CASE WHEN o.role = 'assist' THEN 2 ELSE 0 END + CASE WHEN o.state IN ('dispatched', 'signed') AND o.round = 1 THEN 0 ELSE 1 END) FROM assignment o
			WHERE o.case_kind = x.case_kind AND o.case_id = x.case_id AND o.unit_id = ? AND o.state <> 'changed'), -1)
		FROM assignment x`+theCase+"WHERE", in.To), where, store.F("ORDER BY x.due_on, x.id LIMIT ?", plannedAtMost))
	out.Rows, err = store.List(l.Ctx(), l.Tx(), func(r store.Row, x *PlannedStep) error {
		var own int
		var round int64
		if err := r.Scan(&x.ID, &x.CaseKind, &x.CaseID, &x.Number, &x.Title, &x.Role, &x.State, &x.SignBy, &x.DueOn, &x.Handler, &round, &own); err != nil {
			return err
		}
		if x.DueOn == never {
			x.DueOn = ""
		}
		on := x.DueOn
		if x.State == Sent {
			on = x.SignBy
		}
		x.Left, x.Late = k.left(on)
		if x.State == Answered {
			x.Late = false
		}
		if in.To != "" {
			x.Will = meeting(x, round, own)
		}
		return nil
	}, q.SQL, q.Args...)
	if err != nil {
		return fmt.Errorf("list the work of unit %s: %w", in.From, err)
	}
	return nil
}

// meeting asks the rule about a row and what the other unit has in its case:
// -1 nothing, 0 and 1 one of its own to answer, open or once answered, 2 and 3
// one to assist.
func meeting(x *PlannedStep, round int64, own int) Meeting {
	if x.State == Answered {
		return StaysAnswered
	}
	comes := &Assignment{Role: x.Role, State: x.State, Round: round}
	if own < 0 {
		return meet(comes, nil)
	}
	there := &Assignment{Role: Lead, State: SignedFor, Round: 1}
	if own >= 2 {
		there.Role = Assist
	}
	if own%2 == 1 {
		there.State = Answered
	}
	return meet(comes, there)
}
