package supervision

import (
	"context"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// machine is the name of the system actor of this package.
const machine = "supervision"

// bySystem is the rule of what only the clockwork does.
func bySystem[S any](who access.Actor, _ S) access.Verdict {
	return access.When(who.Is(access.System), "access.denied")
}

// settleIn names a case in which something happened.
type settleIn struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// theCase is a case whose chases are looked through.
type theCase struct{ kind, id string }

// Object names the case.
func (x theCase) Object() (string, string) { return x.kind, x.id }

type settled struct {
	Items  int `json:"items"`
	Chases int `json:"chases"`
}

// settle notes which assignments of a case did what they were chased for. A
// chase of which nothing is awaited any more was answered by that.
var settle = app.Define("chase.settle",
	func(_ *app.Call, in settleIn) (theCase, error) { return theCase{in.Kind, in.ID}, nil }, bySystem[theCase],
	func(c *app.Call, x theCase, _ settleIn) (settled, error) {
		var out settled
		list, err := store.List(c.Ctx(), c.Tx(), func(r store.Row, s *string) error { return r.Scan(s) },
			"SELECT DISTINCT i.chase_id FROM chase_item i WHERE i.case_kind = ? AND i.case_id = ? AND i.committee_id = ? AND i.settled_at IS NULL ORDER BY i.chase_id", x.kind, x.id, c.Who().CommitteeID)
		if err != nil {
			return out, fmt.Errorf("find the chases of %s: %w", x.id, err)
		}
		for _, chase := range list {
			if err := settleOne(c, chase, x, &out); err != nil {
				return out, err
			}
		}
		return out, nil
	})

// unsettled tells whether something of a case was chased for and has not come;
// only the clockwork asks.
var unsettled = app.Ask("chase.unsettled", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, in settleIn) (bool, error) {
	var n int
	if !l.Who().Is(access.System) {
		return false, nil
	}
	err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM chase_item i WHERE i.case_kind = ? AND i.case_id = ? AND i.settled_at IS NULL", in.Kind, in.ID).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for chases of %s: %w", in.ID, err)
	}
	return n > 0, nil
})

// settleOne looks at one chase. What was signed for stays wanted when the chase
// was about the answer; what another unit took over is not awaited from this one.
func settleOne(c *app.Call, id string, x theCase, out *settled) error {
	k, err := loadChase(c, id)
	if err != nil {
		return err
	}
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE chase_item SET settled_at = ? WHERE chase_id = ? AND case_kind = ? AND case_id = ? AND settled_at IS NULL
		AND EXISTS (SELECT 1 FROM assignment a WHERE a.id = chase_item.assignment_id AND (a.state NOT IN ('dispatched', 'signed') OR a.state = 'signed' AND chase_item.what = 'sign'
			OR a.unit_id NOT IN (?, ?) OR EXISTS (SELECT 1 FROM reply r WHERE r.assignment_id = a.id AND r.state = 'reading')))`, c.Now(), id, x.kind, x.id, k.UnitID, k.heir)
	if err != nil {
		return fmt.Errorf("settle chase %s: %w", id, err)
	}
	out.Items += int(n)
	if n == 0 || !k.AnsweredAt.IsZero() {
		return nil
	}
	var left int
	if err := c.Tx().Row(c.Ctx(), "SELECT COUNT(*) FROM chase_item WHERE chase_id = ? AND settled_at IS NULL", id).Scan(&left); err != nil {
		return fmt.Errorf("count what chase %s awaits: %w", id, err)
	}
	if left > 0 {
		return nil
	}
	out.Chases++
	return k.end(c, ByReply, "")
}

// hear settles chases when something happened in a case.
func hear(ctx context.Context, a *app.App, f app.Heard) error {
	who, in := access.Machine(f.CommitteeID, machine), settleIn{f.ObjectKind, f.ObjectID}
	if some, err := unsettled.Do(ctx, a, who, in); err != nil || !some {
		return err
	}
	_, err := settle.Do(ctx, a, who, in)
	if fault.Is(err, fault.NotFound) {
		return nil // the chase's unit is gone
	}
	return err
}

// listener hears what may be what a chase was about.
func listener() app.Listener {
	return app.Listener{Name: "supervision.settle", Kinds: []string{"assignment.signed", "assignment.opined", "assignment.waived", "assignment.changed", "objection.ruled",
		"assignment.handed", "reply.signed-off", "reply.issued", "case.closed"}, Hear: hear}
}

// overdueIn names a chase whose day passed without an answer.
type overdueIn struct {
	ID string `json:"id"`
}

// overdue tells the sender, once, that a chase was not answered.
var overdue = app.Define("chase.overdue",
	func(c *app.Call, in overdueIn) (*Chase, error) { return loadChase(c, in.ID) }, bySystem[*Chase],
	func(c *app.Call, x *Chase, _ overdueIn) (struct{}, error) {
		if !x.Overdue || !x.overdueAt.IsZero() {
			return struct{}{}, nil
		}
		if _, err := c.Tx().Exec(c.Ctx(), "UPDATE chase SET overdue_at = ? WHERE id = ?", c.Now(), x.ID); err != nil {
			return struct{}{}, fmt.Errorf("note that chase %s has no answer: %w", x.ID, err)
		}
		return struct{}{}, c.Record(WasUnanswered{x.about(), x.AnswerBy}, "chase", x.ID)
	})

// waiting is a chase of any committee.
type waiting struct{ committee, id string }

// unheard finds chases whose day passed, in all committees; only the clockwork
// asks.
var unheard = app.Ask("chase.unheard", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) ([]waiting, error) {
	if !l.Who().Is(access.System) {
		return nil, nil
	}
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, w *waiting) error { return r.Scan(&w.committee, &w.id) },
		"SELECT c.committee_id, c.id FROM chase c WHERE c.answered_at IS NULL AND c.overdue_at IS NULL AND c.answer_by < ? ORDER BY c.answer_by, c.id LIMIT 500", calendar.DateOf(l.Now().Time, calendar.Beijing).String())
	if err != nil {
		return nil, fmt.Errorf("find chases without an answer: %w", err)
	}
	return list, nil
})

// overdueAll is the clockwork task.
func overdueAll(ctx context.Context, a *app.App) error {
	list, err := unheard.Do(ctx, a, access.Machine("", machine), struct{}{})
	if err != nil {
		return err
	}
	for _, w := range list {
		if _, err := overdue.Do(ctx, a, access.Machine(w.committee, machine), overdueIn{w.id}); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}
