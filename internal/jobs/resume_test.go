package jobs_test

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/jobs"
	"tongxin/internal/notify"
	"tongxin/internal/profile"
	"tongxin/internal/seal"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

func TestStoppedInTheMiddleAndTakenUpAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		job := w.start(w.Office, things(150)...)
		ctx, stop := context.WithCancel(t.Context())
		var ran atomic.Int64
		w.onRun(func(markIn) {
			if ran.Add(1) == 70 {
				stop()
			}
		})
		_ = jobs.Work(ctx, w.App)
		j := w.show(w.Office, jobs.ShowIn{ID: job})
		if j.Done == 0 || j.Left() == 0 {
			t.Fatalf("nothing is left to take up: %+v", j.Job)
		}
		if n := w.number("SELECT COUNT(*) FROM job_row WHERE state = 'running'"); n != 0 {
			t.Errorf("an orderly stop left %d rows claimed", n)
		}
		w.agree(job)
		w.work()
		w.want(job, jobs.Done, 150, 0, 0)
		w.once(150)
		if n := w.number("SELECT MAX(tries) FROM job_row"); n > 2 {
			t.Errorf("an orderly stop cost a row %d tries", n)
		}
	})
}

func TestPowerCutAndTakenUpAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		const total = 2*jobs.ClaimAtOnce + 36
		job := w.start(w.Office, things(total)...)
		for range 2 {
			if n, err := jobs.Crash(t.Context(), w.App, job, 20); err != nil || n != 20 {
				t.Fatal(n, err)
			}
		}
		w.work() // the claims of the dead still hold
		w.want(job, jobs.Running, 36, 0, 0)
		w.work()
		w.want(job, jobs.Running, 36, 0, 0)
		w.Clock.Advance(jobs.Lease + time.Second)
		w.work()
		w.want(job, jobs.Done, total, 0, 0)
		w.once(total)
	})
}

func TestARowThatEndsItsNodeIsGivenUp(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		job := w.start(w.Office, things(1)...)
		for range 5 {
			if _, err := jobs.Crash(t.Context(), w.App, job, 0); err != nil {
				t.Fatal(err)
			}
			w.Clock.Advance(jobs.Lease + time.Second)
		}
		w.work()
		w.want(job, jobs.Done, 0, 1, 0)
		if f := w.show(w.Office, jobs.ShowIn{ID: job}).Rows[0].Faults[0]; f.Key != "jobs.row.gave-up" {
			t.Errorf("the row says %q", f.Key)
		}
	})
}

func TestTwoNodes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		keeper, err := seal.Memory()
		if err != nil {
			t.Fatal(err)
		}
		almanac, err := calendar.NewAlmanac()
		if err != nil {
			t.Fatal(err)
		}
		other, err := app.Open(t.Context(), w.Address, store.Options{Readers: 2, Pool: 4}, app.Options{Clock: w.Clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
			Modules: append(testkit.Base(), modules()...), Parts: []any{keeper, almanac, profile.NewBook(), jobs.Register(bulkMark)}})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = other.Close() }()
		a, b := w.start(w.Office, things(300)...), w.start(w.GovDesk, markIn{Thing: "desk"})
		var wg sync.WaitGroup
		for _, node := range []*app.App{w.App, other} {
			wg.Go(func() {
				if err := jobs.Work(t.Context(), node); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		w.work()
		w.want(a, jobs.Done, 300, 0, 0)
		if n := w.number("SELECT done FROM job WHERE id = ?", b); n != 1 {
			t.Error("the second job is not done")
		}
		w.once(301)
	})
}

func TestEachRowIsClaimedByOneNodeOnly(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		job := w.start(w.Office, things(400)...)
		var ran atomic.Int64
		w.onRun(func(markIn) { ran.Add(1) })
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := jobs.Work(t.Context(), w.App); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		w.work()
		w.want(job, jobs.Done, 400, 0, 0)
		w.once(400)
		if n := ran.Load(); n != 400 {
			t.Errorf("400 rows were run %d times", n)
		}
	})
}

func TestAShortJobDoesNotWaitForALongOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		long := w.start(w.Office, things(600)...)
		short := w.start(w.GovDesk, markIn{Thing: "short", How: "wrong"})
		var left atomic.Int64
		left.Store(-1)
		w.onRun(func(in markIn) {
			if in.Thing == "short" {
				left.Store(0)
			} else if left.Load() >= 0 {
				left.Add(1)
			}
		})
		w.work()
		if left.Load() < 300 {
			t.Errorf("the short job ran when %d of 600 rows of the long one were left", left.Load())
		}
		w.want(long, jobs.Done, 600, 0, 0)
		if n := w.number("SELECT failed FROM job WHERE id = ?", short); n != 1 {
			t.Error("the short job did not end")
		}
	})
}

func TestThePostIsLookedUpAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		const total = 2*jobs.ClaimAtOnce + 36
		job := w.start(w.Office, things(total)...)
		if err := jobs.Step(t.Context(), w.App, job); err != nil {
			t.Fatal(err)
		}
		if _, err := jobs.Crash(t.Context(), w.App, job, 5); err != nil {
			t.Fatal(err)
		}
		w.change("UPDATE post SET valid_to = '2026-01-11' WHERE id = ?", w.Office.Post.ID)
		w.Clock.Advance(jobs.Lease + time.Second)
		w.work()
		if n := len(w.marks()); n != jobs.ClaimAtOnce+5 {
			t.Errorf("%d things are marked after the post ended", n)
		}
		seen := w.show(w.Chief, jobs.ShowIn{ID: job, State: jobs.RowFailed})
		if seen.Failed != total-jobs.ClaimAtOnce || seen.State != jobs.Done {
			t.Errorf("the job is %+v", seen.Job)
		}
		for key, want := range map[string]int64{"jobs.row.unknown": jobs.ClaimAtOnce, "jobs.gone.post": total - 2*jobs.ClaimAtOnce} {
			if n := w.number("SELECT COUNT(*) FROM job_row WHERE state = 'failed' AND faults LIKE ?", "%"+key+"%"); n != want {
				t.Errorf("%s is the reason of %d rows, want %d", key, n, want)
			}
		}
		again, err := jobs.Again.Do(t.Context(), w.App, w.Chief, jobs.AgainIn{ID: job})
		if err != nil {
			t.Fatal(err)
		}
		if n := w.number("SELECT total FROM job WHERE id = ?", again.ID); n != total-2*jobs.ClaimAtOnce {
			t.Errorf("%d rows are run again; those that may have been done must not", n)
		}
	})
}

func TestASuspendedAccountRunsNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		job := w.start(w.Office, things(10)...)
		w.change("UPDATE account SET state = 'suspended' WHERE person_id = ?", w.Office.PersonID)
		w.work()
		w.want(job, jobs.Done, 0, 10, 0)
		if f := w.show(w.Chief, jobs.ShowIn{ID: job}).Rows[0].Faults[0]; f.Key != "jobs.gone.account" {
			t.Errorf("the reason is %q", f.Key)
		}
		if len(w.marks()) != 0 {
			t.Error("something was done")
		}
	})
}

func TestAJobThatNobodyRanForDays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		job := w.start(w.Office, things(100)...)
		if _, err := jobs.Crash(t.Context(), w.App, job, 10); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(6 * 24 * time.Hour)
		w.work()
		w.want(job, jobs.Stopped, 0, jobs.ClaimAtOnce, 100-jobs.ClaimAtOnce)
		if j := w.show(w.Office, jobs.ShowIn{ID: job}); !j.StoppedByItself() {
			t.Error("somebody is said to have stopped it")
		}
		w.once(10)
		w.Clock.Advance(91 * 24 * time.Hour)
		if err := jobs.Forget(t.Context(), w.App); err != nil {
			t.Fatal(err)
		}
		if _, err := jobs.Show.Do(t.Context(), w.App, w.Office, jobs.ShowIn{ID: job}); !fault.Is(err, fault.NotFound) {
			t.Errorf("after 90 days: %v", err)
		}
		if n := w.number("SELECT COUNT(*) FROM job_row"); n != 0 {
			t.Errorf("%d rows are kept", n)
		}
	})
}

func TestItBeginsAtOnce(t *testing.T) {
	t.Parallel()
	m, h := jobs.Module(), &hook{}
	m.Tasks[0].Every = time.Hour // so that only being woken helps
	w := &city{testkit.NewWorld(t, testkit.Open(t, store.SQLite, []app.Module{m, notify.Module(jobs.Notices()...), sample()}, []any{jobs.Register(bulkMark), h})), t, h}
	began := make(chan string, 2)
	w.onRun(func(in markIn) { began <- in.Thing })
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { w.App.Behind(ctx) })
	defer wg.Wait()
	defer stop()
	for _, name := range []string{"first", "second"} { // the first may be found when the clockwork begins
		w.start(w.Office, markIn{Thing: name})
		select {
		case got := <-began:
			if got != name {
				t.Errorf("%s ran, want %s", got, name)
			}
		case <-time.After(time.Minute):
			t.Fatalf("the %s job did not begin", name)
		}
	}
}
