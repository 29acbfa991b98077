package jobs_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/jobs"
	"tongxin/internal/store"
)

func TestStop(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		const total = jobs.ClaimAtOnce + 30
		job := w.start(w.Office, things(total)...)
		if err := jobs.Step(t.Context(), w.App, job); err != nil {
			t.Fatal(err)
		}
		stop := func(who access.Actor) error {
			_, err := jobs.Stop.Do(t.Context(), w.App, who, jobs.JobIn{ID: job})
			return err
		}
		if err := stop(w.Office); err != nil {
			t.Fatal(err)
		}
		w.want(job, jobs.Stopped, jobs.ClaimAtOnce, 0, 30)
		if err := stop(w.Office); !fault.Is(err, fault.Closed) {
			t.Errorf("stopped twice: %v", err)
		}
		w.work()
		w.once(jobs.ClaimAtOnce)
		again, err := jobs.Again.Do(t.Context(), w.App, w.Office, jobs.AgainIn{ID: job, What: jobs.RowUnrun})
		if err != nil {
			t.Fatal(err)
		}
		w.work()
		w.want(again.ID, jobs.Done, 30, 0, 0)
		w.once(total)
		if j := w.show(w.Office, jobs.ShowIn{ID: job}); j.Repeated[jobs.RowUnrun] != again.ID {
			t.Errorf("the job does not know its repetition: %v", j.Repeated)
		}
	})
}

func TestStopWhileRowsAreUnderWay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		job := w.start(w.Office, things(200)...)
		if _, err := jobs.Crash(t.Context(), w.App, job, 10); err != nil {
			t.Fatal(err)
		}
		if _, err := jobs.Stop.Do(t.Context(), w.App, w.Office, jobs.JobIn{ID: job}); err != nil {
			t.Fatal(err)
		}
		if _, err := jobs.Again.Do(t.Context(), w.App, w.Office, jobs.AgainIn{ID: job, What: jobs.RowUnrun}); !fault.Is(err, fault.Closed) {
			t.Errorf("run again while rows are under way: %v", err)
		}
		w.Clock.Advance(jobs.Lease + time.Second)
		w.work() // what had begun is finished
		w.want(job, jobs.Stopped, jobs.ClaimAtOnce, 0, 200-jobs.ClaimAtOnce)
		w.once(jobs.ClaimAtOnce)
	})
}

func TestAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		rows := things(10)
		rows[3].Thing, rows[4].Thing = "locked", "locked"
		job := w.start(w.Office, rows...)
		again := func(who access.Actor, what jobs.RowState) (string, error) {
			out, err := jobs.Again.Do(t.Context(), w.App, who, jobs.AgainIn{ID: job, What: what})
			return out.ID, err
		}
		if _, err := again(w.Office, ""); fault.From(err).Key != "jobs.again.running" {
			t.Errorf("while it waits: %v", err)
		}
		w.work()
		if _, err := again(w.Office, jobs.RowUnrun); fault.From(err).Key != "jobs.again.none" {
			t.Errorf("nothing is unrun: %v", err)
		}
		if _, err := again(w.Office, jobs.RowDone); !fault.Is(err, fault.Invalid) {
			t.Errorf("what is done: %v", err)
		}
		second, err := again(w.Office, "")
		if err != nil {
			t.Fatal(err)
		}
		w.work()
		w.want(second, jobs.Done, 0, 2, 0)
		if _, err := again(w.Office, jobs.RowFailed); fault.From(err).Key != "jobs.again.done" {
			t.Errorf("run again twice: %v", err)
		}
		if j := w.show(w.Office, jobs.ShowIn{ID: second}); j.AgainOf != job || j.Rows[0].Label != "第 locked 号" {
			t.Errorf("the second job is %+v", j)
		}
	})
}

// TestWhoSeesAJob is the table of who may know of a job: the scope of lists and
// pages and the rule of acts say the same.
func TestWhoSeesAJob(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		people := map[string]access.Actor{"office": w.Office, "chief": w.Chief, "gov desk": w.GovDesk, "party desk": w.PartyDesk, "member": w.Members[0],
			"handler": w.HandlerA, "leader": w.Leader, "admin": w.SysAdmin, "auditor": w.Auditor, "stranger": w.Stranger}
		owners := map[string]access.Actor{"office": w.Office, "gov desk": w.GovDesk, "member": w.Members[0]}
		also := map[string]bool{"office by chief": true}
		for owner, who := range owners {
			job := w.start(who, things(1)...)
			for name, viewer := range people {
				want := name == owner || also[owner+" by "+name]
				_, err := jobs.Show.Do(t.Context(), w.App, viewer, jobs.ShowIn{ID: job})
				if (err == nil) != want || err != nil && !fault.Is(err, fault.NotFound) {
					t.Errorf("the job of %s, shown to %s: %v", owner, name, err)
				}
				list, err := jobs.List.Do(t.Context(), w.App, viewer, jobs.ListIn{})
				if err != nil {
					t.Fatal(err)
				}
				found := false
				for _, j := range list.Jobs {
					found = found || j.ID == job
				}
				if found != want {
					t.Errorf("the job of %s in the list of %s: %v", owner, name, found)
				}
				if want {
					continue
				}
				if _, err := jobs.Stop.Do(t.Context(), w.App, viewer, jobs.JobIn{ID: job}); !fault.Is(err, fault.NotFound) {
					t.Errorf("the job of %s, stopped by %s: %v", owner, name, err)
				}
			}
		}
		for _, id := range []string{"", "x", "' OR 1=1 --", "\x00"} {
			if _, err := jobs.Show.Do(t.Context(), w.App, w.Office, jobs.ShowIn{ID: id}); !fault.Is(err, fault.NotFound) {
				t.Errorf("job %q: %v", id, err)
			}
		}
		own := w.start(w.Office, things(1)...)
		for _, in := range []jobs.ShowIn{{ID: own, State: "x"}, {ID: own, After: "x"}, {ID: own, After: "1-x"}} {
			if _, err := jobs.Show.Do(t.Context(), w.App, w.Office, in); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", in, err)
			}
		}
	})
}

func TestPagesOfTheList(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		for i := range 65 {
			if i%15 == 0 {
				w.work()
			}
			w.start(w.Office, things(1)...)
		}
		seen, in := map[string]bool{}, jobs.ListIn{}
		for {
			out, err := jobs.List.Do(t.Context(), w.App, w.Office, in)
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range out.Jobs {
				if seen[j.ID] || j.AskedBy != w.Office.Name || out.Total != 65 {
					t.Errorf("job %+v of %d stands there twice or is not whole", j, out.Total)
				}
				seen[j.ID] = true
			}
			if in.After = out.Next; in.After == "" {
				break
			}
		}
		if len(seen) != 65 {
			t.Errorf("the pages list %d jobs", len(seen))
		}
	})
}

// TestWhateverHappens starts jobs, runs some of their rows, cuts the power, lets
// time pass, ends a post and stops, in any order: the counters always say what
// the rows say, and nothing is done twice.
func TestWhateverHappens(t *testing.T) {
	t.Parallel()
	for _, e := range []store.Engine{store.SQLite, store.Postgres} {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			w := build(t, e)
			name := 0
			rapid.Check(t, func(r *rapid.T) {
				var list []string
				for range rapid.IntRange(1, 10).Draw(r, "steps") {
					switch rapid.IntRange(0, 5).Draw(r, "step") {
					case 0:
						var rows []markIn
						for range rapid.IntRange(1, 80).Draw(r, "rows") {
							name++
							how := rapid.SampledFrom([]string{"", "", "", "", "wrong", "broken", "busy"}).Draw(r, "how")
							rows = append(rows, markIn{fmt.Sprint(name), how})
						}
						list = append(list, w.start(w.Office, rows...))
					case 1, 2, 3:
						if len(list) == 0 {
							continue
						}
						job := rapid.SampledFrom(list).Draw(r, "job")
						act := rapid.SampledFrom([]func() error{
							func() error { return jobs.Step(t.Context(), w.App, job) },
							func() error {
								_, err := jobs.Crash(t.Context(), w.App, job, rapid.IntRange(0, 10).Draw(r, "ran"))
								return err
							},
							func() error {
								_, err := jobs.Stop.Do(t.Context(), w.App, w.Chief, jobs.JobIn{ID: job})
								return err
							},
						}).Draw(r, "act")
						if err := act(); err != nil && !fault.Is(err, fault.Closed) {
							r.Fatal(err)
						}
					default:
						w.Clock.Advance(time.Duration(rapid.IntRange(0, 60).Draw(r, "seconds")) * time.Second)
					}
					for _, job := range list {
						w.agree(job)
					}
				}
				for range 2 * jobs.BusyAtMost {
					if w.number("SELECT COUNT(*) FROM job WHERE ended_at IS NULL") == 0 {
						break
					}
					w.Clock.Advance(jobs.Lease + time.Second)
					w.work()
				}
				for _, job := range list {
					w.agree(job)
					if j := w.show(w.Office, jobs.ShowIn{ID: job}); !j.Over() {
						r.Fatalf("job never ends: %+v", j.Job)
					}
				}
			})
			for thing, n := range w.marks() {
				if n != 1 {
					t.Errorf("thing %s is marked %d times", thing, n)
				}
			}
		})
	}
}

func TestOwnJobsStandOnTheWorkbench(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		find := func(who access.Actor) (keys []string) {
			q := app.Ask("sample.waits", func(access.Actor) access.Scope { return access.Nothing() },
				func(l *app.Look, _ access.Scope, _ struct{}) ([]app.Waiting, error) {
					list, n, err := jobs.Module().Waits[0].Find(l, 5)
					if n != len(list) {
						t.Errorf("%d of %d are listed", len(list), n)
					}
					return list, err
				})
			list, err := q.Do(t.Context(), w.App, who, struct{}{})
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range list {
				keys = append(keys, x.Key)
			}
			return keys
		}
		well, badly := w.start(w.Office, things(2)...), w.start(w.Office, markIn{"x", "wrong"})
		if got := find(w.Office); len(got) != 2 || got[0] != "jobs.wait.running" || len(find(w.Chief)) != 0 {
			t.Errorf("while they wait: %v", got)
		}
		w.work()
		if got := find(w.Office); len(got) != 1 || got[0] != "jobs.wait.failed" {
			t.Errorf("%s and %s ended: %v", well, badly, got)
		}
		if _, err := jobs.Again.Do(t.Context(), w.App, w.Chief, jobs.AgainIn{ID: badly}); err != nil {
			t.Fatal(err)
		}
		if got := find(w.Office); len(got) != 0 {
			t.Errorf("the failed rows are run again: %v", got)
		}
	})
}
