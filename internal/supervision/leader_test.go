package supervision_test

import (
	"sync"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/fault"
	"tongxin/internal/supervision"
)

// TestTheWeekIsToldOnce: leaders hear of what is late beyond the profile's days,
// once per ISO week, and of nothing when nothing is.
func TestTheWeekIsToldOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		one := w.toUnit("deskG", "unitA")
		w.toUnit("deskG", "unitA")
		w.toUnit("deskP", "unitC") // all due on Tuesday, the 2nd of June
		weeks := func(at string, want int) {
			t.Helper()
			w.At(t, at)
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					if err := w.App.RunTasks(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			w.CaughtUp(t)
			if got := w.told(w.Leader, "supervision.notice.week"); got != want {
				t.Fatalf("%s: told %d times, want %d", at, got, want)
			}
		}
		weeks("2026-06-03T09:00", 0) // late, but not for long
		weeks("2026-06-15T23:00", 0) // nine working days
		weeks("2026-06-16T00:10", 1) // ten
		weeks("2026-06-21T23:59", 1) // the Sunday of the same week
		weeks("2026-06-22T00:01", 2)
		weeks("2026-06-22T00:02", 2)
		if n := w.count("SELECT late FROM supervision_week WHERE week = '2026-W26'"); n != 3 {
			t.Errorf("the week tells of %d", n)
		}
		a := ask(w, supervision.ForLeader, w.Leader, struct{}{})
		if a.Late != 3 || len(a.Units) != 2 || a.Units[0].N != 2 || a.Units[0].Oldest != "2026-06-02" || a.After != 10 {
			t.Errorf("the leader sees %+v", a)
		}
		if own := ask(w, supervision.ForLeader, w.PartyDesk, struct{}{}); own.Late != 1 {
			t.Errorf("a desk sees %+v", own)
		}
		w.sign(one, "unitA")
		w.exec("UPDATE assignment_tally SET n = 0 WHERE state <> 'answered'")
		weeks("2026-06-29T09:00", 2) // nothing is late any more
		w.rules(1, `{"supervision":{"near_workdays":7,"quiet_workdays":3,"answer_days":5,"leader_after":0}}`)
		w.exec("UPDATE assignment_tally SET n = 1 WHERE state <> 'answered'")
		weeks("2026-07-06T09:00", 2) // never
		// The turn of the year: the 1st of January 2027 belongs to week 53 of 2026.
		w.rules(2, `{"supervision":{"near_workdays":7,"quiet_workdays":3,"answer_days":5,"leader_after":1}}`)
		weeks("2026-12-31T09:00", 3)
		weeks("2027-01-01T09:00", 3)
		weeks("2027-01-04T09:00", 4)
	})
}

// TestAnInstructionAndItsReport: on late work only, by a leader only, with a
// report back by those to whom it was given.
func TestAnInstructionAndItsReport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		one := w.toUnit("deskG", "unitA")
		w.sign(one, "unitA")
		in := supervision.InstructIn{ID: one.A, To: supervision.ForUnit, Words: "请局主要负责同志亲自过问。", DueOn: "2026-06-10"}
		refused(t, try(w, supervision.Instruct, w.Leader, in), fault.Closed, "supervision.instruct.not-late")
		w.At(t, "2026-06-03T09:00")
		refused(t, try(w, supervision.Instruct, w.GovDesk, in), fault.Forbidden, "supervision.leader-only")
		refused(t, try(w, supervision.Instruct, w.PartyDesk, in), fault.NotFound, "fault.not-found")
		refused(t, try(w, supervision.Instruct, w.Stranger, in), fault.NotFound, "fault.not-found")
		for _, wrong := range []supervision.InstructIn{{ID: one.A}, {ID: one.A, To: "mayor", Words: "办", DueOn: "2026-06-10"}, {ID: one.A, To: supervision.ForUnit, Words: "办", DueOn: "2026-06-03"},
			{ID: one.A, To: supervision.ForUnit, Words: "办", DueOn: "2031-06-03"}, {ID: one.A, To: supervision.ForUnit, Words: "办", DueOn: "soon"}} {
			if err := try(w, supervision.Instruct, w.Leader, wrong); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", wrong, err)
			}
		}
		id := act(w, supervision.Instruct, w.Leader, in).ID
		w.CaughtUp(t)
		if a, b := w.told(w.HandlerA, "supervision.notice.instructed"), w.told(w.GovDesk, "supervision.notice.instructed-unit"); a != 1 || b != 1 {
			t.Errorf("the unit was told %d times, the desk %d times", a, b)
		}
		report := supervision.ReportIn{ID: id, Words: "已召开专题会，6 月底前答复。"}
		refused(t, try(w, supervision.Report, w.GovDesk, report), fault.Forbidden, "supervision.report.addressee-only")
		refused(t, try(w, supervision.Report, w.HandlerB, report), fault.NotFound, "fault.not-found")
		if x := ask(w, supervision.ShowInstruction, w.SignerA, supervision.ReceiveIn{ID: id}); !x.MayReport || x.LeaderName != w.Leader.Name {
			t.Errorf("the unit sees %+v", x)
		}
		w.At(t, "2026-06-11T08:00")
		if out := act(w, supervision.Report, w.SignerA, report); !out.Late {
			t.Error("the report is not late")
		}
		refused(t, try(w, supervision.Report, w.SignerA, report), fault.Closed, "supervision.report.done")
		w.CaughtUp(t)
		if n := w.told(w.Leader, "supervision.notice.reported"); n != 1 {
			t.Errorf("the leader was told %d times", n)
		}
		in.To, in.DueOn = supervision.ForDesk, "2026-06-30"
		id = act(w, supervision.Instruct, w.Leader, in).ID
		refused(t, try(w, supervision.Report, w.SignerA, supervision.ReportIn{ID: id, Words: "好"}), fault.Forbidden, "supervision.report.addressee-only")
		act(w, supervision.Report, w.GovDesk, supervision.ReportIn{ID: id, Words: "已督促。"})
		if a := ask(w, supervision.ForLeader, w.Leader, struct{}{}); len(a.Instructions) != 2 {
			t.Errorf("%d instructions", len(a.Instructions))
		}
	})
}

// TestWaitsAndDues: chases and instructions stand on the workbench of those who
// must act, with their dates.
func TestWaitsAndDues(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		one, direct := w.toUnit("deskG", "unitA"), w.toUnit("", "unitA")
		w.At(t, "2026-06-03T09:00")
		act(w, supervision.Send, w.GovDesk, note(one.A))
		act(w, supervision.Send, w.Office, letter(direct.A))
		act(w, supervision.Instruct, w.Leader, supervision.InstructIn{ID: one.A, To: supervision.ForUnit, Words: "办", DueOn: "2026-06-10"})
		act(w, supervision.Instruct, w.Leader, supervision.InstructIn{ID: direct.A, To: supervision.ForDesk, Words: "办", DueOn: "2026-06-10"})
		for _, x := range []struct {
			who  access.Actor
			at   string
			want map[string]int
			dues int
		}{
			{w.HandlerA, "2026-06-03T10:00", map[string]int{"supervision.waits.chased": 2, "supervision.waits.instructed": 1}, 4},
			{w.GovDesk, "2026-06-03T10:00", map[string]int{"supervision.waits.unanswered": 1}, 2},
			{w.Office, "2026-06-03T10:00", map[string]int{"supervision.waits.unanswered": 1, "supervision.waits.instructed": 1}, 0},
			{w.Leader, "2026-06-03T10:00", map[string]int{"supervision.waits.instructions": 2}, 4},
			{w.PartyDesk, "2026-06-03T10:00", map[string]int{}, 0},
			{w.GovDesk, "2026-06-11T10:00", map[string]int{"supervision.waits.unanswered": 1, "supervision.waits.overdue": 1}, 2},
			{w.HandlerB, "2026-06-03T10:00", map[string]int{}, 0},
		} {
			w.At(t, x.at)
			got, dues := w.workbench(x.who)
			for name, n := range x.want {
				if got[name] != n {
					t.Errorf("%s at %s: %s is %d, want %d", x.who.Name, x.at, name, got[name], n)
				}
				delete(got, name)
			}
			if len(got) > 0 || dues != x.dues {
				t.Errorf("%s at %s: also %v; %d dates, want %d", x.who.Name, x.at, got, dues, x.dues)
			}
		}
	})
}
