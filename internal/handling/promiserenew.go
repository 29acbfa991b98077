package handling

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// openPromises are the promises of the assignment that still stand, as lines of
// the draft of a further reply.
func (e *Errand) openPromises() []PromiseText {
	var list []PromiseText
	for _, p := range e.Promises {
		if p.AssignmentID == e.A.ID && p.State == PromiseOpen {
			list = append(list, PromiseText{No: p.No, Text: p.Text, Owner: p.Owner, DueOn: p.DueOn, Renews: p.ID, Was: p.DueOn})
		}
	}
	return list
}

// cleanRenewal reads which earlier promise a line makes anew: one of the same
// unit in this case, and each once.
func (e *Errand) cleanRenewal(field string, x *PromiseText, before []PromiseText, p *fault.Problems) {
	x.Was = ""
	if x.Renews == "" {
		return
	}
	old := e.promise(x.Renews)
	if old == nil || old.AssignmentID != e.A.ID {
		p.Add(field+"renews", "handling.choose")
		return
	}
	x.Was = old.DueOn
	for _, y := range before {
		p.Check(y.Renews != x.Renews, field+"renews", "handling.promise.renew-twice")
	}
}

// unchanged reports whether a line only repeats a promise that stands.
func (m *Matter) unchanged(x PromiseText) bool {
	old := m.promise(x.Renews)
	return old != nil && old.State == PromiseOpen && old.No == x.No && old.Text == x.Text && old.Owner == x.Owner && old.DueOn == x.DueOn
}

// register enters the promises of a reply that goes out. One that is made anew
// replaces the earlier one and keeps its first date; a line that only repeats
// what stands enters nothing.
func (l *Letter) register(c *app.Call) error {
	for _, x := range l.R.Promises {
		if l.R.Purpose == FollowUp && l.unchanged(x) {
			continue
		}
		first, made := x.DueOn, c.Now()
		if old := l.promise(x.Renews); old != nil {
			first, made = old.FirstDueOn, old.FirstMadeAt
			if old.State == PromiseOpen {
				if err := l.pledge(old).replace(c); err != nil {
					return err
				}
			}
		}
		if err := l.enterPromise(c, x, first, made); err != nil {
			return err
		}
	}
	return nil
}

func (l *Letter) enterPromise(c *app.Call, x PromiseText, first string, made store.Time) error {
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO promise (id, committee_id, case_kind, case_id, reply_id, assignment_id, unit_id, unit_name, desk_id, no, body, owner, due_on, made_at, state, renews, first_due_on, first_made_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id.New(), l.CommitteeID, l.Kind, l.ID, l.R.ID, l.A.ID, l.A.keeper(), l.A.keeperName(), l.A.DeskID,
		x.No, x.Text, x.Owner, x.DueOn, c.Now(), PromiseOpen, x.Renews, first, made)
	if err != nil {
		return fmt.Errorf("register a promise of reply %s: %w", l.R.ID, err)
	}
	return nil
}

// replace ends a promise that a later reply answers anew.
func (g *Pledge) replace(c *app.Call) error {
	if err := g.end(c, PromiseReplaced); err != nil {
		return err
	}
	return g.keep(c, PromiseStep{What: StepReplaced})
}
