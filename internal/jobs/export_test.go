package jobs

import (
	"context"

	"tongxin/internal/access"
	"tongxin/internal/app"
)

// Lease is how long a claim holds.
const Lease = lease

// ClaimAtOnce is the size of a batch.
const ClaimAtOnce = claimAtOnce

// BusyAtMost is how often a row is tried that the database does not take.
const BusyAtMost = busyAtMost

// Crash claims a batch of a job, runs up to n of its rows, and goes away without
// recording anything, as a node does whose power is cut.
func Crash(ctx context.Context, a *app.App, job string, n int) (ran int, err error) {
	b, err := claim.Do(ctx, a, access.Machine("", machine), claimIn{job})
	if err != nil {
		return 0, err
	}
	kinds, _ := app.PartOf[Kinds](a)
	for _, r := range b.Rows[:min(n, len(b.Rows))] {
		b.row(ctx, a, kinds[b.Kind], r)
		ran++
	}
	return ran, nil
}

// Step runs one batch of a job.
func Step(ctx context.Context, a *app.App, job string) error {
	b, err := claim.Do(ctx, a, access.Machine("", machine), claimIn{job})
	if err != nil || len(b.Rows) == 0 {
		return err
	}
	kinds, _ := app.PartOf[Kinds](a)
	_, err = b.run(ctx, a, kinds[b.Kind])
	return err
}

// Forget removes old jobs.
func Forget(ctx context.Context, a *app.App) error { return forgetAll(ctx, a) }
