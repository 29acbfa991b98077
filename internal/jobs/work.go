package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

const (
	machine = "jobs"
	// lanes claim, run and record on their own, so that one runs while the other
	// records.
	lanes = 2
	// recordWithin bounds the record of what was done when the product stops.
	recordWithin = 5 * time.Second
)

// busyAtMost is how often a row is tried that the database does not take: at the
// pace of the clockwork, about a minute.
const busyAtMost = 12

// Work runs what waits until nothing does, or ctx ends: then rows under way are
// finished and recorded, and the others are given back. A job whose rows the
// database does not take now rests until the next call. Several nodes may work
// at once. The server calls it when a job is asked for, and every few seconds for
// what another node left.
func Work(ctx context.Context, a *app.App) error {
	p := &pass{a: a, rested: map[string]bool{}}
	p.kinds, _ = app.PartOf[Kinds](a)
	errs := make([]error, lanes)
	var wg sync.WaitGroup
	for i := range lanes {
		wg.Go(func() { errs[i] = p.lane(ctx, i) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// pass is one call of Work.
type pass struct {
	a     *app.App
	kinds Kinds

	mu     sync.Mutex
	rested map[string]bool // jobs
}

func (p *pass) rests(job string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rested[job]
}

func (p *pass) rest(job string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rested[job] = true
}

// lane takes a batch of each job in turn, so that a short job does not wait for
// a long one. The lanes begin at different jobs.
func (p *pass) lane(ctx context.Context, from int) error {
	who := access.Machine("", machine)
	for ctx.Err() == nil {
		jobs, err := live.Do(ctx, p.a, who, struct{}{})
		if err != nil {
			return err
		}
		worked := false
		for i := range jobs {
			job := jobs[(i+from)%len(jobs)]
			if p.rests(job) {
				continue
			}
			b, err := claim.Do(ctx, p.a, who, claimIn{job})
			if err != nil {
				return err
			}
			if len(b.Rows) == 0 {
				continue
			}
			worked = true
			busy, err := b.run(ctx, p.a, p.kinds[b.Kind])
			if err != nil {
				return err
			}
			if busy {
				p.rest(job)
			}
		}
		if !worked {
			return nil
		}
	}
	return nil
}

// live are the jobs that are not ended, the oldest first.
var live = app.Ask("job.live", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, _ struct{}) ([]string, error) {
		list, err := store.List(l.Ctx(), l.Tx(), store.Column[string], "SELECT id FROM job WHERE ended_at IS NULL ORDER BY asked_at, id LIMIT 100")
		if err != nil {
			return nil, fmt.Errorf("look for jobs: %w", err)
		}
		return list, nil
	})

// abreast is how many rows of a lane run at once. On SQLite they share a commit,
// and waiting for the disk is most of the time; on PostgreSQL each takes one of
// the connections that the pages want too.
func abreast(e store.Engine) int {
	if e == store.SQLite {
		return 16
	}
	return 6
}

// run does the rows of a batch and records what became of them. busy tells that
// the database did not take some of them now.
func (b *batch) run(ctx context.Context, a *app.App, k Kind) (busy bool, err error) {
	outcomes := make([]outcome, len(b.Rows))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(abreast(a.Engine()), len(b.Rows)) {
		wg.Go(func() {
			for i := range next {
				outcomes[i] = b.row(ctx, a, k, b.Rows[i])
			}
		})
	}
	for i := range b.Rows {
		next <- i
	}
	close(next)
	wg.Wait()
	// What was done must be recorded even when the product stops.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordWithin)
	defer cancel()
	_, err = settle.Do(last, a, access.Machine("", machine), settleIn{b.Job, b.Token, outcomes})
	return slices.ContainsFunc(outcomes, func(o outcome) bool { return o.lost }), err
}

// row does one row as who asked, under its own key.
func (b *batch) row(ctx context.Context, a *app.App, k Kind, r claimed) outcome {
	if ctx.Err() != nil || a.Clock().Now().After(b.until) {
		return outcome{No: r.No, State: RowWaiting}
	}
	if k == nil {
		return outcome{No: r.No, State: RowFailed, faults: said(fault.New(fault.Internal, "jobs.row.kind"))}
	}
	name := b.Job + "/" + strconv.FormatInt(r.No, 10)
	who := b.Who
	who.Via = access.Via{RequestID: "job:" + name, Key: "job/" + name}
	err := k.perform(ctx, a, who, []byte(r.input))
	f := fault.From(err)
	switch {
	case err == nil:
		return outcome{No: r.No, State: RowDone}
	case ctx.Err() != nil && f.Kind == fault.Internal, errors.Is(err, store.ErrClosed):
		return outcome{No: r.No, State: RowWaiting} // its key tells the next worker whether it was done
	case f.Kind == fault.Unavailable && r.tries+1 < busyAtMost:
		return outcome{No: r.No, State: RowWaiting, lost: true}
	case f.Kind == fault.Internal:
		a.Log().Error("a row of a job failed", "kind", b.Kind, "request", who.Via.RequestID, "error", err)
		f = fault.New(fault.Internal, "jobs.row.internal", "request", who.Via.RequestID)
	}
	return outcome{No: r.No, State: RowFailed, faults: said(f)}
}
