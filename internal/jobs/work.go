package jobs

import (
	"context"
	"errors"
	"fmt"
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
	// records. abreast is how many rows of a lane run at once: on SQLite rows that
	// run at once share a commit, and waiting for the disk is most of the time.
	lanes   = 2
	abreast = 16
	// recordWithin bounds the record of what was done when the product stops.
	recordWithin = 5 * time.Second
)

// Work runs what waits until nothing does, or ctx ends: then rows under way are
// finished and recorded, and the others are given back. Several nodes may work at
// once. The server calls it when a job is asked for, and every few seconds for
// what another node left.
func Work(ctx context.Context, a *app.App) error {
	kinds, _ := app.PartOf[Kinds](a)
	errs := make([]error, lanes)
	var wg sync.WaitGroup
	for i := range lanes {
		wg.Go(func() { errs[i] = lane(ctx, a, kinds, i) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// lane takes a batch of each job in turn, so that a short job does not wait for
// a long one. The lanes begin at different jobs.
func lane(ctx context.Context, a *app.App, kinds Kinds, from int) error {
	who := access.Machine("", machine)
	for ctx.Err() == nil {
		jobs, err := live.Do(ctx, a, who, struct{}{})
		if err != nil {
			return err
		}
		worked := false
		for i := range jobs {
			b, err := claim.Do(ctx, a, who, claimIn{jobs[(i+from)%len(jobs)]})
			if err != nil {
				return err
			}
			if len(b.Rows) == 0 {
				continue
			}
			worked = true
			if err := b.run(ctx, a, kinds[b.Kind]); err != nil {
				return err
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

// run does the rows of a batch and records what became of them. An error means
// that nothing can be written now and the worker should rest.
func (b *batch) run(ctx context.Context, a *app.App, k Kind) error {
	outcomes := make([]outcome, len(b.Rows))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(abreast, len(b.Rows)) {
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
	if _, err := settle.Do(last, a, access.Machine("", machine), settleIn{b.Job, b.Token, outcomes}); err != nil {
		return err
	}
	for _, o := range outcomes {
		if o.lost {
			return fmt.Errorf("run job %s: %w", b.Job, errRest)
		}
	}
	return nil
}

var errRest = errors.New("the database takes nothing now; the rows wait")

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
	case f.Kind == fault.Unavailable && r.tries+1 < triesAtMost:
		return outcome{No: r.No, State: RowWaiting, lost: true}
	case f.Kind == fault.Internal:
		a.Log().Error("a row of a job failed", "kind", b.Kind, "request", who.Via.RequestID, "error", err)
		f = fault.New(fault.Internal, "jobs.row.internal", "request", who.Via.RequestID)
	}
	return outcome{No: r.No, State: RowFailed, faults: said(f)}
}
