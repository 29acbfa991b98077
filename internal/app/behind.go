package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/audit"
	"tongxin/internal/store"
)

// Behind does the work behind the commit until ctx ends: it seals the audit
// chain, lets listeners hear facts, and runs the clockwork.
func (a *App) Behind(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { a.loop(ctx, time.Second, nil, a.sealAll) })
	wg.Go(func() { a.hearLoop(ctx) })
	for _, m := range a.modules {
		for _, t := range m.Tasks {
			wg.Go(func() {
				a.loop(ctx, t.Every, t.Wake, func(ctx context.Context) error { return t.Run(ctx, a) })
			})
		}
	}
	wg.Wait()
}

// CatchUp does once, now, what Behind does all the time: for the demo, tests
// and an orderly stop. Listeners may cause further facts, which are heard too.
func (a *App) CatchUp(ctx context.Context) error {
	if err := a.hearAll(ctx, false); err != nil {
		return err
	}
	return a.sealAll(ctx)
}

// RunTasks runs every clockwork task once, for the demo and for tests.
func (a *App) RunTasks(ctx context.Context) error {
	for _, m := range a.modules {
		for _, t := range m.Tasks {
			if err := t.Run(ctx, a); err != nil {
				return fmt.Errorf("task %s: %w", t.Name, err)
			}
		}
	}
	return nil
}

func (a *App) loop(ctx context.Context, every time.Duration, wake <-chan struct{}, f func(context.Context) error) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := f(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("work behind the commit failed", "error", err)
		}
		select {
		case <-tick.C:
		case <-wake:
		case <-ctx.Done():
			return
		}
	}
}

func (a *App) hearLoop(ctx context.Context) {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for {
		if err := a.hearAll(ctx, true); err != nil && ctx.Err() == nil {
			a.log.Error("a listener failed; it will hear the fact again", "error", err)
		}
		select {
		case <-a.signal:
			// A little company: what listeners write shares a commit, and those
			// who act do not wait for the writer at every fact.
			select {
			case <-time.After(gather):
			case <-ctx.Done():
				return
			}
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// gather is how long facts are gathered before listeners hear them.
const gather = 100 * time.Millisecond

// sealAll seals until nothing waits, then keeps the heads outside.
func (a *App) sealAll(ctx context.Context) error {
	for {
		var heads []audit.Head
		var more bool
		var waiting bool
		if err := a.db.Read(ctx, func(t *store.Tx) error {
			var n int
			err := t.Row(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM audit_unsealed LIMIT 1) AS x").Scan(&n)
			waiting = n > 0
			return err
		}); err != nil || !waiting {
			return err
		}
		err := a.db.Write(ctx, func(t *store.Tx) error {
			var err error
			heads, more, err = audit.SealWaiting(ctx, t)
			return err
		})
		if err != nil {
			return err
		}
		for _, h := range heads {
			if a.mark != nil {
				if err := a.mark(h); err != nil {
					return fmt.Errorf("keep the audit checkpoint: %w", err)
				}
			}
		}
		if !more {
			return nil
		}
	}
}

// hearAll lets every listener hear what it has not heard yet. lazily leaves the
// cursor of a listener whom nothing concerned in memory: a restart reads the
// facts again, and nothing is written for listeners who hear nothing.
func (a *App) hearAll(ctx context.Context, lazily bool) error {
	var errs []error
	for {
		heard := 0
		for _, m := range a.modules {
			for _, l := range m.Listeners {
				n, err := a.hearSome(ctx, l, lazily)
				heard += n
				if err != nil {
					errs = append(errs, fmt.Errorf("listener %s: %w", l.Name, err))
				}
			}
		}
		if heard == 0 || len(errs) > 0 || ctx.Err() != nil {
			return errors.Join(errs...)
		}
	}
}

const hearAtOnce = 200

func (a *App) hearSome(ctx context.Context, l Listener, lazily bool) (int, error) {
	facts, last, err := a.unheard(ctx, l, lazily)
	if err != nil || last == nil {
		return 0, err
	}
	for _, f := range facts {
		if err := l.Hear(ctx, a, f); err != nil {
			return 0, fmt.Errorf("hear %s %s: %w", f.Kind, f.ObjectID, err)
		}
	}
	c := cursor{l.Name, last.Position, last.ID}
	if !lazily || len(facts) > 0 {
		if _, err = advance.Do(ctx, a, access.Machine("", "listener"), c); err != nil {
			return 0, err
		}
	}
	a.passed.Store(l.Name, c)
	return 1, nil
}

// unheard gives the facts of the listener's kinds after its cursor, and the
// last fact looked at.
func (a *App) unheard(ctx context.Context, l Listener, lazily bool) (facts []Heard, last *Heard, err error) {
	want := map[string]bool{}
	for _, k := range l.Kinds {
		want[k] = true
	}
	err = a.db.Read(ctx, func(t *store.Tx) error {
		facts, last = nil, nil
		c, err := a.heardUpTo(ctx, t, l.Name, lazily)
		if err != nil {
			return err
		}
		all, err := store.List(ctx, t, scanHeard, `SELECT position, id, committee_id, at, kind, object_kind, object_id, person_id, body FROM fact
			WHERE (position, id) > (?, ?) AND `+t.Settled("position")+` ORDER BY position, id LIMIT ?`, c.Position, c.FactID, hearAtOnce)
		if err != nil {
			return err
		}
		for i := range all {
			last = &all[i]
			if want[all[i].Kind] {
				facts = append(facts, all[i])
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read facts: %w", err)
	}
	return facts, last, nil
}

// heardUpTo is the cursor in memory, or the stored one after a start and when
// nothing may be left in memory.
func (a *App) heardUpTo(ctx context.Context, t *store.Tx, listener string, lazily bool) (c cursor, err error) {
	if c, ok := a.passed.Load(listener); ok && lazily {
		return c.(cursor), nil
	}
	err = t.Row(ctx, "SELECT position, fact_id FROM fact_cursor WHERE listener = ?", listener).Scan(&c.Position, &c.FactID)
	if errors.Is(err, store.ErrNone) {
		err = nil
	}
	return c, err
}

func scanHeard(r store.Row, f *Heard) error {
	return r.Scan(&f.Position, &f.ID, &f.CommitteeID, &f.At, &f.Kind, &f.ObjectKind, &f.ObjectID, &f.PersonID, (*[]byte)(&f.Body))
}

// cursor is how far a listener has heard.
type cursor struct {
	Listener string
	Position int64
	FactID   string
}

// Object names the cursor.
func (c cursor) Object() (string, string) { return "listener", c.Listener }

// advance moves a listener's cursor forward, never back.
var advance = Define("listener.advance",
	func(_ *Call, in cursor) (cursor, error) { return in, nil },
	func(who access.Actor, _ cursor) access.Verdict {
		return access.When(who.Is(access.System), "access.denied")
	},
	func(c *Call, _ cursor, in cursor) (struct{}, error) {
		_, err := c.tx.Exec(c.ctx, `INSERT INTO fact_cursor (listener, position, fact_id) VALUES (?, ?, ?)
			ON CONFLICT (listener) DO UPDATE SET position = excluded.position, fact_id = excluded.fact_id
			WHERE (fact_cursor.position, fact_cursor.fact_id) < (excluded.position, excluded.fact_id)`, in.Listener, in.Position, in.FactID)
		return struct{}{}, err
	}).Quietly()

// Core is the module of the house itself.
func Core() Module {
	return Module{Name: "app", Actions: []Definition{advance, forget}, Tasks: []Task{forgetting()}, Relations: []Relation{
		{Action: "listener.advance", Name: "itself", Subject: func(access.Actor) any { return cursor{} }},
		{Action: "repetition.forget", Name: "itself", Subject: func(access.Actor) any { return repetitions{} }},
	}}
}
