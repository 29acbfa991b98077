package handling

import (
	"context"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// ahead is how many days ahead reminders are looked for: more than any step.
const ahead = 120

// ripe is an assignment of which somebody is to be reminded now.
type ripe struct{ committee, id, what string }

// ripeForReminding finds what has reached a step of the profile of which
// nobody was reminded, in all committees; only the clockwork asks.
var ripeForReminding = app.Ask("assignment.ripe", noRows, func(l *app.Look, _ access.Scope, _ struct{}) ([]ripe, error) {
	if !l.Who().Is(access.System) {
		return nil, nil
	}
	f := &sweep{l: l, clocks: map[string]*clockOf{}}
	until := dayOf(l.Now()).Add(ahead).String()
	if err := f.remember(); err != nil {
		return nil, err
	}
	for _, q := range []store.Fragment{
		store.F("SELECT a.committee_id, a.id, 'sign', a.sign_by, a.dispatched_at FROM assignment a WHERE a.state = 'dispatched' AND a.sign_by <= ?", until),
		store.F("SELECT a.committee_id, a.id, CASE WHEN a.role = 'assist' THEN 'opinion' ELSE 'reply' END, a.due_on, a.dispatched_at FROM assignment a WHERE a.state IN ('dispatched', 'signed') AND a.due_on <= ?", until),
		store.F("SELECT r.committee_id, r.assignment_id, 'rating', r.rate_by, r.issued_at FROM reply r WHERE r.rating_open AND r.rate_by <= ?", until),
	} {
		rows, err := store.List(l.Ctx(), l.Tx(), scanDue, q.SQL, q.Args...)
		if err != nil {
			return nil, fmt.Errorf("find what comes due: %w", err)
		}
		for _, d := range rows {
			if err := f.look(d); err != nil {
				return nil, err
			}
		}
	}
	return f.found, nil
})

// sweep looks through what comes due.
type sweep struct {
	l      *app.Look
	clocks map[string]*clockOf
	done   map[given]bool
	found  []ripe
}

type dueRow struct {
	ripe
	on   string
	from store.Time
}

func scanDue(r store.Row, d *dueRow) error {
	return r.Scan(&d.committee, &d.id, &d.what, &d.on, &d.from)
}

// given is a reminder that was given.
type given struct {
	id, what, on string
	step         int
}

// remember reads the reminders of what may still be open.
func (f *sweep) remember() error {
	list, err := store.List(f.l.Ctx(), f.l.Tx(), func(r store.Row, g *given) error { return r.Scan(&g.id, &g.what, &g.on, &g.step) },
		`SELECT m.assignment_id, m.what, m.due_on, m.step FROM assignment_reminder m JOIN assignment a ON a.id = m.assignment_id
		WHERE a.state IN ('dispatched', 'signed') OR EXISTS (SELECT 1 FROM reply r WHERE r.assignment_id = a.id AND r.rating_open)`)
	if err != nil {
		return fmt.Errorf("read the reminders: %w", err)
	}
	f.done = make(map[given]bool, len(list))
	for _, g := range list {
		f.done[g] = true
	}
	return nil
}

func (f *sweep) look(d dueRow) error {
	k := f.clocks[d.committee]
	if k == nil {
		var err error
		if k, err = clockIn(f.l, d.committee); err != nil {
			return err
		}
		f.clocks[d.committee] = k
	}
	if step, _, ok := k.step(dayOf(d.from), d.on); ok && !f.done[given{d.id, d.what, d.on, step}] {
		f.found = append(f.found, d.ripe)
	}
	return nil
}

// remindAll is the clockwork task.
func remindAll(ctx context.Context, a *app.App) error {
	list, err := ripeForReminding.Do(ctx, a, access.Machine("", machine), struct{}{})
	if err != nil {
		return err
	}
	for _, r := range list {
		_, err := remind.Do(ctx, a, access.Machine(r.committee, machine), remindIn{r.id, r.what})
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}
