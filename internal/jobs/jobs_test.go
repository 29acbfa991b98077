package jobs_test

import (
	"encoding/json"
	"strings"
	"testing"

	"tongxin/internal/fault"
	"tongxin/internal/jobs"
	"tongxin/internal/notify"
	"tongxin/internal/testkit"
)

func TestEachRowHasItsResult(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		rows := things(100)
		for i, how := range []string{"wrong", "broken", "panic", "hidden", "busy"} {
			rows[10+i].How = how
		}
		rows[20].Thing = "locked"
		job := w.start(w.Office, rows...)
		w.want(job, jobs.Waiting, 0, 0, 0)
		w.work()
		w.want(job, jobs.Running, 94, 5, 0) // what is busy rests
		for range jobs.BusyAtMost {
			w.work()
		}
		w.want(job, jobs.Done, 94, 6, 0)
		w.once(94)
		out := w.show(w.Office, jobs.ShowIn{ID: job})
		keys := map[int64]string{11: "jobs.rows.many", 12: "jobs.row.internal", 13: "jobs.row.internal", 14: "fault.not-found", 15: "fault.unavailable", 21: "access.denied"}
		for i, r := range out.Rows[:6] {
			if len(r.Faults) != 1 || r.Faults[0].Key != keys[r.No] || r.State != jobs.RowFailed {
				t.Errorf("row %d of the list is %+v", i, r)
			}
		}
		if f := out.Rows[0].Faults[0]; f.Field != "thing" || strings.Join(f.Args, " ") != "max 7" {
			t.Errorf("a fault is kept as %+v", f)
		}
		if f := out.Rows[1].Faults[0]; f.Args[1] != "job:"+job+"/12" {
			t.Errorf("the number for engineers is %v", f.Args)
		}
		b, _ := json.Marshal(out)
		if strings.Contains(string(b), "secret") {
			t.Error("people see the text of an error")
		}
		if r := out.Rows[6]; r.State != jobs.RowDone || r.Label != "第 001 号" || r.Link != "/things/001" || r.EndedAt.IsZero() {
			t.Errorf("the first row that went well is %+v", r)
		}
		if n := w.number("SELECT COUNT(*) FROM job_row WHERE state = 'done' AND input <> ''"); n != 0 {
			t.Errorf("%d inputs are kept that nobody needs", n)
		}
		if n := w.number("SELECT COUNT(*) FROM audit_entry WHERE action = 'sample.mark' AND result = 'done' AND person_id = ? AND post_id = ?", w.Office.PersonID, w.Office.Post.ID); n != 94 {
			t.Errorf("%d rows stand in the audit record as the person's act in his post", n)
		}
	})
}

func TestWhoAskedIsTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		well := w.start(w.Office, things(3)...)
		badly := w.start(w.Office, markIn{"x", "wrong"})
		stopped := w.start(w.Office, things(3)...)
		byChief := w.start(w.Office, things(3)...)
		for _, x := range []struct{ who, job string }{{"office", stopped}, {"chief", byChief}} {
			who := w.Office
			if x.who == "chief" {
				who = w.Chief
			}
			if _, err := jobs.Stop.Do(t.Context(), w.App, who, jobs.JobIn{ID: x.job}); err != nil {
				t.Fatal(err)
			}
		}
		w.work()
		w.CaughtUp(t)
		inbox, err := notify.Inbox.Do(t.Context(), w.App, w.Office, notify.InboxIn{})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, m := range inbox.Messages {
			got[m.Link] = m.Key
		}
		want := map[string]string{jobs.PathOf(well): "jobs.notice.done", jobs.PathOf(badly): "jobs.notice.failed", jobs.PathOf(byChief): "jobs.notice.stopped"}
		if len(got) != len(want) {
			t.Errorf("told: %v", got)
		}
		for link, key := range want {
			if got[link] != key {
				t.Errorf("%s is told as %q, want %q", link, got[link], key)
			}
		}
	})
}

func TestTwiceWithOneKeyIsOneJob(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		who := testkit.Keyed(w.Office, "k1")
		a, b := w.start(who, things(5)...), w.start(who, things(5)...)
		if a != b {
			t.Error("one key made two jobs")
		}
		w.work()
		w.work()
		w.once(5)
		if _, err := markMany.Do(t.Context(), w.App, who, manyIn{"清单", things(6)}); !fault.Is(err, fault.Conflict) {
			t.Errorf("the key with other rows: %v", err)
		}
	})
}

func TestBounds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		many := func(rows ...markIn) error {
			_, err := markMany.Do(t.Context(), w.App, w.Office, manyIn{"", rows})
			return err
		}
		if err := many(); fault.From(err).Key != "jobs.rows.none" {
			t.Errorf("no rows: %v", err)
		}
		if err := many(things(jobs.RowsAtMost + 1)...); fault.From(err).Key != "jobs.rows.many" {
			t.Errorf("too many rows: %v", err)
		}
		if err := many(markIn{Thing: strings.Repeat("长", 30_000)}); !fault.Is(err, fault.TooLarge) {
			t.Errorf("a row that is too large: %v", err)
		}
		wide := things(jobs.RowsAtMost)
		for i := range wide {
			wide[i].How = strings.Repeat("x", 4000)
		}
		if err := many(wide...); !fault.Is(err, fault.TooLarge) {
			t.Errorf("rows that are too large together: %v", err)
		}
		nobody := w.Office
		nobody.Post.ID = ""
		if _, err := markMany.Do(t.Context(), w.App, nobody, manyIn{"", things(1)}); err == nil {
			t.Error("somebody without a post started a job")
		}
		for range 20 {
			if err := many(things(1)...); err != nil {
				t.Fatal(err)
			}
		}
		if err := many(things(1)...); !fault.Is(err, fault.TooMany) {
			t.Errorf("a twenty-first job: %v", err)
		}
		if _, err := markMany.Do(t.Context(), w.App, w.Chief, manyIn{"", things(1)}); err != nil {
			t.Errorf("somebody else's first job: %v", err)
		}
	})
}

func TestFullSize(t *testing.T) {
	t.Parallel()
	w := build(t, "sqlite")
	rows := things(jobs.RowsAtMost)
	rows[4000].Thing = strings.Repeat("很长的标题", 100)
	job := w.start(w.Office, rows...)
	w.work()
	w.want(job, jobs.Done, jobs.RowsAtMost, 0, 0)
	w.once(jobs.RowsAtMost)
	seen := map[int64]bool{}
	in := jobs.ShowIn{ID: job}
	for {
		out := w.show(w.Office, in)
		for _, r := range out.Rows {
			if seen[r.No] {
				t.Fatalf("row %d stands on two pages", r.No)
			}
			if seen[r.No] = true; len([]rune(r.Label)) > 200 {
				t.Errorf("the label of row %d is not cut", r.No)
			}
		}
		if in.After = out.Next; in.After == "" {
			break
		}
	}
	if len(seen) != jobs.RowsAtMost {
		t.Errorf("the pages show %d rows", len(seen))
	}
}
