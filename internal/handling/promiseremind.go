package handling

import (
	"context"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// lateEvery is after how many working days a late promise is told of again.
const lateEvery = 15

// Sorts of reminders of a promise.
const (
	remindNear = "near"
	remindLate = "late"
)

// pledgeStep is a reminder of a promise: near, or late by n working days.
type pledgeStep struct {
	what string
	n    int
}

// promises reports whether replies of a class promise something.
func (k *clockOf) promises(class string) bool {
	for _, c := range k.rules.Promise.Classes {
		if c == class {
			return true
		}
	}
	return false
}

// nearUntil is the last day that is near today, by the profile.
func (k *clockOf) nearUntil() calendar.Date { return nearUntil(k.today, k.rules.Promise, k.days) }

// nearUntil is the last day that is at most so many working days ahead.
func nearUntil(today calendar.Date, rule profile.PromiseRules, days *calendar.Workdays) calendar.Date {
	return days.AddWorkdays(today, rule.NearDays+1).Add(-1)
}

// pledgeStep is the reminder that a promise has reached. On the day on which it
// was made nobody is reminded.
func (k *clockOf) pledgeStep(dueOn string, made store.Time) (s pledgeStep, left int, ok bool) {
	on, err := calendar.ParseDate(dueOn)
	if err != nil {
		return s, 0, false
	}
	left = calendar.Left(k.today, on, k.days)
	switch {
	case k.today.After(on):
		return pledgeStep{remindLate, -left / lateEvery * lateEvery}, left, true
	case k.today.After(dayOf(made)) && !on.After(k.nearUntil()):
		return pledgeStep{what: remindNear}, left, true
	}
	return s, left, false
}

// remindPromise reminds of a promise: near its date, on the day after, and then
// every so many working days, each once. Steps that a later one overtook are
// left out.
var remindPromise = app.Define("promise.remind",
	func(c *app.Call, in lapseIn) (*Pledge, error) { return loadPledge(c, in.ID) },
	bySystem[*Pledge],
	func(c *app.Call, g *Pledge, _ lapseIn) (struct{}, error) {
		k, err := clockNow(&c.Look)
		if err != nil {
			return struct{}{}, err
		}
		s, left, ok := k.pledgeStep(g.P.DueOn, g.P.MadeAt)
		if !ok || g.P.State != PromiseOpen {
			return struct{}{}, nil
		}
		n, err := c.Tx().Exec(c.Ctx(), "INSERT INTO promise_reminder (promise_id, what, n, committee_id, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (promise_id, what, n) DO NOTHING",
			g.P.ID, s.what, s.n, g.CommitteeID, c.Now())
		if err != nil {
			return struct{}{}, fmt.Errorf("note a reminder of promise %s: %w", g.P.ID, err)
		}
		if n == 0 {
			return struct{}{}, nil
		}
		c.Detail(map[string]any{"what": s.what, "step": s.n})
		told := g.told()
		if s.what == remindNear {
			return struct{}{}, g.record(c, WasPromiseNear{told, g.P.ID, g.P.DueOn, left})
		}
		if s.n == 0 {
			told = told.forProposers(g.Proposers)
		}
		return struct{}{}, g.record(c, WasPromiseLate{told, g.P.ID, g.P.DueOn, s.n, -left})
	})

// farthest is how many days ahead promises are looked for: more than any
// profile calls near.
const farthest = 500

// ripePromises finds the promises that have reached a step of which nobody was
// reminded, in all committees; only the clockwork asks.
var ripePromises = app.Ask("promise.ripe", noRows, func(l *app.Look, _ access.Scope, _ struct{}) ([]job, error) {
	if !l.Who().Is(access.System) {
		return nil, nil
	}
	f := &pledgeSweep{l: l, clocks: map[string]*clockOf{}}
	if err := f.remember(); err != nil {
		return nil, err
	}
	return f.find()
})

// pledgeSweep looks through the open promises.
type pledgeSweep struct {
	l      *app.Look
	clocks map[string]*clockOf
	done   map[pledgeGiven]bool
}

type pledgeGiven struct {
	id string
	pledgeStep
}

// remember reads the reminders of open promises.
func (f *pledgeSweep) remember() error {
	list, err := store.List(f.l.Ctx(), f.l.Tx(), func(r store.Row, g *pledgeGiven) error { return r.Scan(&g.id, &g.what, &g.n) },
		"SELECT m.promise_id, m.what, m.n FROM promise_reminder m JOIN promise p ON p.id = m.promise_id WHERE p.state = 'open'")
	if err != nil {
		return fmt.Errorf("read the reminders of promises: %w", err)
	}
	f.done = make(map[pledgeGiven]bool, len(list))
	for _, g := range list {
		f.done[g] = true
	}
	return nil
}

type pledgeRow struct {
	job
	dueOn string
	made  store.Time
}

func (f *pledgeSweep) find() ([]job, error) {
	rows, err := store.List(f.l.Ctx(), f.l.Tx(), func(r store.Row, x *pledgeRow) error { return r.Scan(&x.committee, &x.id, &x.dueOn, &x.made) },
		"SELECT committee_id, id, due_on, made_at FROM promise WHERE state = 'open' AND due_on <= ? ORDER BY due_on, id", dayOf(f.l.Now()).Add(farthest).String())
	if err != nil {
		return nil, fmt.Errorf("find promises that come due: %w", err)
	}
	var list []job
	for _, x := range rows {
		k := f.clocks[x.committee]
		if k == nil {
			if k, err = clockIn(f.l, x.committee); err != nil {
				return nil, err
			}
			f.clocks[x.committee] = k
		}
		if s, _, ok := k.pledgeStep(x.dueOn, x.made); ok && !f.done[pledgeGiven{x.id, s}] {
			list = append(list, x.job)
		}
	}
	return list, nil
}

// remindPromises is the clockwork task.
func remindPromises(ctx context.Context, a *app.App) error {
	list, err := ripePromises.Do(ctx, a, access.Machine("", machine), struct{}{})
	if err != nil {
		return err
	}
	for _, j := range list {
		if _, err := remindPromise.Do(ctx, a, access.Machine(j.committee, machine), lapseIn{j.id}); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}
