package handling

import (
	"fmt"
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

//nolint:gochecknoglobals // the arrow table, see doc.go
var nextPromise = map[string][]string{
	PromiseOpen:      {PromiseKept, PromiseCancelled, PromiseReplaced},
	PromiseKept:      {PromiseOpen},
	PromiseCancelled: {},
	PromiseReplaced:  {},
}

// PromiseStates lists the states of a promise.
func PromiseStates() []string {
	return []string{PromiseOpen, PromiseKept, PromiseCancelled, PromiseReplaced}
}

// move follows an arrow, or says that the step is over.
func (p *Promise) move(to string) error {
	if !slices.Contains(nextPromise[p.State], to) {
		return fault.New(fault.Closed, "handling.promise.closed."+p.State)
	}
	p.State = to
	return nil
}

// Awaited reports whether the proposers are asked to confirm that it was kept.
func (p *Promise) Awaited() bool { return p.ConfirmAsked && p.Confirmed == "" }

// InTime reports whether a kept promise was kept by the day that was promised
// first.
func (p *Promise) InTime() bool { return p.State == PromiseKept && p.KeptOn <= p.FirstDueOn }

// Moved reports whether the promise was first made with another date.
func (p *Promise) Moved() bool { return p.FirstDueOn != "" && p.FirstDueOn != p.DueOn }

// Pledge is one promise within its case.
type Pledge struct {
	*Errand
	P *Promise
}

// Object names the promise in the audit record.
func (g *Pledge) Object() (string, string) { return "promise", g.P.ID }

// loadPledge loads a promise within its case, for acts.
func loadPledge(c *app.Call, id string) (*Pledge, error) { return pledgeOf(&c.Look, id) }

func pledgeOf(l *app.Look, promiseID string) (*Pledge, error) {
	w, err := belongs(l, "SELECT case_kind, case_id, assignment_id FROM promise WHERE id = ? AND committee_id = ?", promiseID)
	if err != nil {
		return nil, err
	}
	m, err := matterOf(l, w.kind, w.id)
	if err != nil {
		return nil, err
	}
	p := m.promise(promiseID)
	if p == nil || m.assignment(p.AssignmentID) == nil {
		return nil, missing()
	}
	return m.pledge(p), m.man(l)
}

// promise finds one by id, nil when the case has none such.
func (m *Matter) promise(id string) *Promise {
	i := slices.IndexFunc(m.Promises, func(p Promise) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return &m.Promises[i]
}

// pledge is a promise of the case with its assignment.
func (m *Matter) pledge(p *Promise) *Pledge {
	return &Pledge{&Errand{m, m.assignment(p.AssignmentID)}, p}
}

// told is what facts about the promise say: the unit is the one that answers for
// it now.
func (g *Pledge) told() About {
	b := g.about().ofUnit(g.A)
	b.UnitID, b.UnitName = g.A.keeper(), g.A.keeperName()
	return b
}

// PromiseOut answers acts on a promise.
type PromiseOut struct {
	ID           string `json:"id"`
	CaseKind     string `json:"case_kind"`
	CaseID       string `json:"case_id"`
	State        string `json:"state"`
	Version      int64  `json:"version"`
	ConfirmAsked bool   `json:"confirm_asked,omitempty"` // the proposers are asked to confirm it
	CancelAsked  bool   `json:"cancel_asked,omitempty"`  // the wish to cancel it waits for a decision
}

func (g *Pledge) out() PromiseOut {
	return PromiseOut{g.P.ID, g.Kind, g.ID, g.P.State, g.P.Version, g.P.Awaited(), !g.P.CancelAskedAt.IsZero()}
}

// stillOpen answers acts on a promise that ended, and forms about an older
// version of it.
func (g *Pledge) stillOpen(version int64) error {
	switch {
	case g.P.State != PromiseOpen:
		return fault.New(fault.Closed, "handling.promise.closed."+g.P.State)
	case version != 0 && version != g.P.Version:
		return fault.New(fault.Stale, "fault.stale")
	}
	return nil
}

// What is done with a promise after it was made.
const (
	StepKept      = "kept"
	StepAsked     = "cancel-asked"
	StepRefused   = "cancel-refused"
	StepCancelled = "cancelled"
	StepConfirmed = "confirmed"
	StepDenied    = "denied"
	StepReplaced  = "replaced"
)

// PromiseStep is one thing that was done with a promise.
type PromiseStep struct {
	PromiseID  string     `json:"promise_id"`
	What       string     `json:"what"`
	KeptOn     string     `json:"kept_on,omitempty"`
	Words      string     `json:"words,omitempty"` // evidence or reason
	PersonName string     `json:"person_name"`
	At         store.Time `json:"at"`
}

// between reports whether a step is settled between the unit and who dispatched
// the case; proposers are told of the outcome only.
func (s *PromiseStep) between() bool { return s.What == StepAsked || s.What == StepRefused }

// keep writes the promise as it stands now, and what was done.
func (g *Pledge) keep(c *app.Call, did PromiseStep) error {
	p := g.P
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE promise SET state = ?, unit_id = ?, unit_name = ?, desk_id = ?, kept_on = ?, evidence = ?, reason = ?, ended_by = ?, ended_name = ?, ended_at = ?,
		confirm_asked = ?, confirmed = ?, confirm_words = ?, confirmed_by = ?, confirmed_name = ?, confirmed_at = ?, cancel_asked_at = ?, cancel_asked_name = ?, cancel_reason = ?,
		version = version + 1 WHERE id = ? AND version = ?`,
		p.State, p.UnitID, p.UnitName, p.DeskID, p.KeptOn, p.Evidence, p.Reason, p.endedBy, p.EndedName, p.EndedAt,
		p.ConfirmAsked, p.Confirmed, p.ConfirmWords, p.confirmedBy, p.ConfirmedName, p.ConfirmedAt, p.CancelAskedAt, p.CancelAskedName, p.CancelReason, p.ID, p.Version)
	if err := written(n, err, "promise "+p.ID); err != nil {
		return err
	}
	p.Version++
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO promise_step (id, committee_id, case_kind, case_id, promise_id, what, kept_on, words, person_id, person_name, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id.New(), g.CommitteeID, g.Kind, g.ID, p.ID, did.What, did.KeptOn, did.Words, c.Who().PersonID, c.Who().Name, c.Now())
	if err != nil {
		return fmt.Errorf("note what was done with promise %s: %w", p.ID, err)
	}
	return nil
}

// end ends a promise; a wish to cancel it waits no longer.
func (g *Pledge) end(c *app.Call, state string) error {
	if err := g.P.move(state); err != nil {
		return err
	}
	p := g.P
	p.endedBy, p.EndedName, p.EndedAt = c.Who().PersonID, c.Who().Name, c.Now()
	p.CancelAskedAt, p.CancelAskedName, p.CancelReason = store.Time{}, "", ""
	return nil
}

// PromiseSteps are what was done with the promises of a case, the oldest first.
// Who may see them is for the caller to judge.
func PromiseSteps(l *app.Look, kind, id string) ([]PromiseStep, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *PromiseStep) error {
		return r.Scan(&x.PromiseID, &x.What, &x.KeptOn, &x.Words, &x.PersonName, &x.At)
	}, "SELECT promise_id, what, kept_on, words, person_name, at FROM promise_step WHERE case_kind = ? AND case_id = ? ORDER BY id", kind, id)
	if err != nil {
		return nil, fmt.Errorf("read what was done with the promises of %s %s: %w", kind, id, err)
	}
	return list, nil
}
