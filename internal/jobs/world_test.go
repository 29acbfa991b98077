package jobs_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/jobs"
	"tongxin/internal/notify"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// markIn marks a thing; How makes it go wrong.
type markIn struct {
	Thing string `json:"thing"`
	How   string `json:"how,omitempty"`
}

// thing is what is marked.
type thing struct{ name string }

func (t thing) Object() (string, string) { return "thing", t.name }

// hook is called when a row runs; tests lend one.
type hook struct{ run atomic.Pointer[func(markIn)] }

var mark = app.Define("sample.mark",
	func(_ *app.Call, in markIn) (thing, error) {
		if in.How == "hidden" {
			return thing{}, fault.New(fault.NotFound, "fault.not-found")
		}
		return thing{in.Thing}, nil
	},
	func(who access.Actor, t thing) access.Verdict {
		return access.When(who.Is(access.Office, access.Dispatcher) && t.name != "locked", "access.denied")
	},
	func(c *app.Call, _ thing, in markIn) (struct{}, error) {
		if h, ok := app.PartOf[*hook](c.App()); ok {
			if f := h.run.Load(); f != nil {
				(*f)(in)
			}
		}
		switch in.How {
		case "wrong":
			return struct{}{}, fault.Field("thing", "jobs.rows.many", "max", 7)
		case "broken":
			return struct{}{}, errors.New("secret text of an engineer")
		case "panic":
			panic("secret text of an engineer")
		case "busy":
			return struct{}{}, fault.New(fault.Unavailable, "fault.unavailable")
		}
		_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO sample_mark (thing, person_id, post_kind) VALUES (?, ?, ?)", in.Thing, c.Who().PersonID, string(c.Who().Post.Kind))
		return struct{}{}, err
	})

var bulkMark = jobs.Of(mark, "jobs.title")

// manyIn asks to mark many things.
type manyIn struct {
	Title string   `json:"title"`
	Rows  []markIn `json:"rows"`
}

var markMany = app.Define("sample.mark-many",
	func(_ *app.Call, _ manyIn) (thing, error) { return thing{"many"}, nil }, access.Anyone[thing],
	func(c *app.Call, _ thing, in manyIn) (jobs.JobOut, error) {
		var rows []jobs.Row[markIn]
		for _, r := range in.Rows {
			rows = append(rows, jobs.Row[markIn]{Label: "第 " + r.Thing + " 号", Link: "/things/" + r.Thing, In: r})
		}
		id, err := bulkMark.Start(c, jobs.Order[markIn]{Title: in.Title, Rows: rows})
		return jobs.JobOut{ID: id}, err
	})

// change runs a statement, for what no action of these modules does.
var change = app.Define("sample.change",
	func(_ *app.Call, _ []any) (thing, error) { return thing{}, nil }, access.Public[thing],
	func(c *app.Call, _ thing, in []any) (struct{}, error) {
		_, err := c.Tx().Exec(c.Ctx(), in[0].(string), in[1:]...)
		return struct{}{}, err
	})

// marks counts how often each thing was marked.
var marks = app.Ask("sample.marks", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, _ struct{}) (map[string]int, error) {
		all := map[string]int{}
		_, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, _ *struct{}) error {
			var name string
			err := r.Scan(&name)
			all[name]++
			return err
		}, "SELECT thing FROM sample_mark")
		return all, err
	})

// number asks for one number.
var number = app.Ask("sample.number", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, in []any) (n int64, err error) {
		return n, l.Tx().Row(l.Ctx(), in[0].(string), in[1:]...).Scan(&n)
	})

func sample() app.Module {
	return app.Module{Name: "sample", Schema: fstest.MapFS{"schema/209901010000_sample.sql": {Data: []byte(`-- +goose Up
CREATE TABLE sample_mark (thing TEXT NOT NULL, person_id TEXT NOT NULL, post_kind TEXT NOT NULL);`)}}}
}

func modules() []app.Module {
	return []app.Module{jobs.Module(), notify.Module(jobs.Notices()...), sample()}
}

// city is a world in which things can be marked.
type city struct {
	*testkit.World
	t    *testing.T
	hook *hook
}

func each(t *testing.T, f func(t *testing.T, w *city)) {
	t.Helper()
	for _, e := range testkit.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			f(t, build(t, e))
		})
	}
}

func build(t *testing.T, e store.Engine) *city {
	t.Helper()
	h := &hook{}
	return &city{testkit.NewWorld(t, testkit.Open(t, e, modules(), []any{jobs.Register(bulkMark), h})), t, h}
}

func (w *city) onRun(f func(markIn)) { w.hook.run.Store(&f) }

// things are n rows that go well.
func things(n int) []markIn {
	list := make([]markIn, n)
	for i := range list {
		list[i].Thing = fmt.Sprintf("%03d", i+1)
	}
	return list
}

func (w *city) start(who access.Actor, rows ...markIn) string {
	w.t.Helper()
	out, err := markMany.Do(w.t.Context(), w.App, who, manyIn{"清单", rows})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.ID
}

func (w *city) work() {
	w.t.Helper()
	if err := jobs.Work(w.t.Context(), w.App); err != nil {
		w.t.Fatal(err)
	}
}

func (w *city) show(who access.Actor, in jobs.ShowIn) jobs.Shown {
	w.t.Helper()
	out, err := jobs.Show.Do(w.t.Context(), w.App, who, in)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *city) marks() map[string]int {
	w.t.Helper()
	all, err := marks.Do(w.t.Context(), w.App, access.Actor{}, struct{}{})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w *city) number(q string, args ...any) int64 {
	w.t.Helper()
	n, err := number.Do(w.t.Context(), w.App, access.Actor{}, append([]any{q}, args...))
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *city) change(q string, args ...any) {
	w.t.Helper()
	if _, err := change.Do(w.t.Context(), w.App, access.Actor{}, append([]any{q}, args...)); err != nil {
		w.t.Fatal(err)
	}
}

// want checks a job's counters, and that they say what its rows say.
func (w *city) want(job string, state jobs.State, done, failed, unrun int64) {
	w.t.Helper()
	j := w.show(w.Office, jobs.ShowIn{ID: job})
	if j.State != state || j.Done != done || j.Failed != failed || j.Unrun != unrun {
		w.t.Errorf("job is %s: %d done, %d failed, %d unrun; want %s: %d, %d, %d", j.State, j.Done, j.Failed, j.Unrun, state, done, failed, unrun)
	}
	w.agree(job)
}

func (w *city) agree(job string) {
	w.t.Helper()
	j := w.show(w.Office, jobs.ShowIn{ID: job})
	rows := func(state jobs.RowState) int64 {
		return w.number("SELECT COUNT(*) FROM job_row WHERE job_id = ? AND state = ?", job, string(state))
	}
	if rows(jobs.RowDone) != j.Done || rows(jobs.RowFailed) != j.Failed || rows(jobs.RowUnrun) != j.Unrun || rows(jobs.RowWaiting)+rows(jobs.RowRunning) != j.Left() {
		w.t.Errorf("the counters do not say what the rows say: %+v", j.Job)
	}
	if j.Over() != (j.Left() == 0) {
		w.t.Errorf("ended: %v, with %d rows left", j.Over(), j.Left())
	}
}

// once checks that each of n things was marked exactly once.
func (w *city) once(n int) {
	w.t.Helper()
	all := w.marks()
	if len(all) != n {
		w.t.Errorf("%d things are marked, want %d", len(all), n)
	}
	for name, k := range all {
		if k != 1 {
			w.t.Errorf("thing %s is marked %d times", name, k)
		}
	}
}
