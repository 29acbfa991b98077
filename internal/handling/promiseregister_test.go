package handling_test

import (
	"fmt"
	"slices"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
)

func (w *city) register(who access.Actor, in handling.PromisesIn) handling.Promises {
	w.t.Helper()
	out, err := handling.ListPromises.Do(w.t.Context(), w.App, who, in)
	w.ok(err)
	return out
}

func (w *city) lookBack(who access.Actor, in handling.LookBackIn) handling.LookBackOut {
	w.t.Helper()
	out, err := handling.LookBack.Do(w.t.Context(), w.App, who, in)
	w.ok(err)
	return out
}

// ofParty is a case of another unit, given by the Party's supervision office,
// and of a party as proposer.
func (w *city) ofParty(day string) handling.Case {
	w.t.Helper()
	c := w.petition(func(c *handling.Case) {
		c.Proposers = []handling.Proposer{{BodyID: w.Bodies["party"], Name: "民建云州市委员会", Lead: true}}
	})
	act(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["deskP"], Rows: []handling.CaseRow{{Kind: c.Kind, ID: c.ID}}})
	act(w, handling.Dispatch, w.PartyDesk, handling.DispatchIn{Rows: []handling.CaseRow{{Kind: c.Kind, ID: c.ID, Units: []handling.UnitRole{w.unit("unitC", handling.Sole)}}}})
	w.sign(w.HandlerC, c, "unitC")
	act(w, handling.RecordContact, w.HandlerC, handling.ContactIn{ID: w.assignment(c, "unitC").ID, Form: "meeting", HeldOn: w.Clock.Now().Format("2006-01-02"),
		Proposers: []string{w.Bodies["party"]}, Notes: "座谈"})
	out := act(w, handling.Submit, w.HandlerC, handling.SubmitIn{ID: w.assignment(c, "unitC").ID, ReplyText: promising(c.ID, day)})
	act(w, handling.Issue, w.SignerC, handling.IssueIn{ID: out.ID, Version: out.Version})
	return c
}

// TestEachSeesHisPartOfTheRegister: list, single promise and rule agree for
// everybody about every promise.
func TestEachSeesHisPartOfTheRegister(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		_, ours := w.promised("2026-06-30", "2026-07-31")
		theirs := w.view(w.Office, w.ofParty("2026-06-30")).Promises
		all := slices.Concat(ours, theirs)
		for name, x := range map[string]struct {
			who  access.Actor
			want int
		}{
			"the unit": {w.HandlerA, 2}, "its leader": {w.SignerA, 2}, "another unit": {w.HandlerB, 0}, "the Party's unit": {w.SignerC, 1},
			"the government's desk": {w.GovDesk, 2}, "the Party's desk": {w.PartyDesk, 1}, "the office": {w.Office, 3}, "the chief": {w.Chief, 3}, "a leader": {w.Leader, 3},
			"a proposer": {w.Members[0], 2}, "a co-signer": {w.Members[1], 2}, "another member": {w.Members[4], 0}, "the convener": {w.Convener, 1},
			"an administrator": {w.SysAdmin, 0}, "the auditor": {w.Auditor, 0}, "another committee": {w.Stranger, 0},
		} {
			t.Run(name, func(t *testing.T) {
				out := w.register(x.who, handling.PromisesIn{})
				if out.Total != x.want || len(out.Lines) != x.want || out.Tally.Open != x.want {
					t.Errorf("sees %d (%d lines, tab %d), want %d", out.Total, len(out.Lines), out.Tally.Open, x.want)
				}
				if b := w.lookBack(x.who, handling.LookBackIn{Year: 2026}); b.Total.Made != x.want {
					t.Errorf("looks back at %d, want %d", b.Total.Made, x.want)
				}
				for _, p := range all {
					_, err := handling.ShowPromise.Do(t.Context(), w.App, x.who, handling.ReadIn{ID: p.ID})
					listed := slices.ContainsFunc(out.Lines, func(l handling.PromiseLine) bool { return l.ID == p.ID })
					if listed != (err == nil) || err != nil && !fault.Is(err, fault.NotFound) {
						t.Errorf("promise of %s: listed %v, opened: %v", p.UnitName, listed, err)
					}
				}
			})
		}
	})
}

// TestTheRegisterCounts: every tab, filter and number of the look back is the
// number of rows behind it; pages neither repeat nor leave out.
func TestTheRegisterCounts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		var days []string
		for i := range 34 { // more than a page, several a day
			days = append(days, fmt.Sprintf("2026-%02d-%02d", 4+i/9, 1+i%9*3))
		}
		_, list := w.promised(days...)
		w.ofParty("2026-12-31")
		w.At(t, "2026-05-20T10:00")
		keep := func(i int, on string) {
			act(w, handling.KeepPromise, w.HandlerA, handling.KeepIn{ID: list[i].ID, KeptOn: on, Evidence: "已完成"})
		}
		keep(0, "2026-03-31")
		keep(1, "2026-04-30")
		keep(2, "2026-04-07")
		act(w, handling.ConfirmPromise, w.Members[0], handling.ConfirmIn{ID: list[2].ID, Answer: handling.ConfirmYes})
		act(w, handling.ConfirmPromise, w.Members[0], handling.ConfirmIn{ID: list[0].ID, Answer: handling.ConfirmNo, Words: "没有"})
		act(w, handling.CancelPromise, w.GovDesk, handling.CancelIn{ID: list[3].ID, Reason: "不再需要"})

		seen := map[string]bool{}
		last, pages := "", 0
		for after := ""; ; pages++ {
			out := w.register(w.Office, handling.PromisesIn{After: after})
			if out.Total != 32 || out.Tally.Open != 32 || out.Tally.Kept != 2 || out.Tally.Awaiting != 1 || out.Tally.Cancelled != 1 {
				t.Fatalf("totals: %d, %+v", out.Total, out.Tally)
			}
			for _, x := range out.Lines {
				if seen[x.ID] || x.DueOn < last {
					t.Fatalf("%s stands twice or in the wrong place", x.DueOn)
				}
				seen[x.ID], last = true, x.DueOn
				if x.Late != (x.DueOn < "2026-05-20") || x.Number == "" || x.Title == "" {
					t.Errorf("%+v", x)
				}
			}
			if after = out.Next; after == "" {
				break
			}
		}
		if len(seen) != 32 || pages != 1 {
			t.Errorf("%d rows on %d pages", len(seen), pages+1)
		}

		b := w.lookBack(w.Office, handling.LookBackIn{})
		if b.Year != 2026 || len(b.Units) != 2 || b.Total.Made != 35 {
			t.Fatalf("looking back: %+v", b)
		}
		for _, u := range append(b.Units, b.Total) {
			if sum := u.OnTime + u.Tardy + u.Running + u.Late + u.Cancelled + u.Replaced; sum != u.Made {
				t.Errorf("%s: %d add up to %d", u.UnitName, u.Made, sum)
			}
			for state, n := range map[string]int{handling.PromiseEvery: u.Made, handling.PromiseOnTime: u.OnTime, handling.PromiseTardy: u.Tardy, handling.PromiseRunning: u.Running,
				handling.PromiseLate: u.Late, handling.PromiseCancelled: u.Cancelled, handling.PromiseReplaced: u.Replaced, handling.PromiseProved: u.Proved, handling.PromiseAwaited: u.Awaited,
				handling.PromiseKept: u.Kept(), handling.PromiseOpen: u.Running + u.Late} {
				in := handling.PromisesIn{State: state, Unit: u.UnitID, Year: 2026}
				sheet, err := handling.ExportPromises.Do(t.Context(), w.App, w.Office, in)
				w.ok(err)
				if out := w.register(w.Office, in); out.Total != n || len(sheet.Lines) != n {
					t.Errorf("%s %s: %d, its rows %d, exported %d", u.UnitName, state, n, out.Total, len(sheet.Lines))
				}
			}
		}
		if b.Total.OnTime != 1 || b.Total.Tardy != 1 || b.Total.Proved != 1 || b.Total.Cancelled != 1 || b.Total.Late != 13 || b.Total.Due() != 15 {
			t.Errorf("in total %+v", b.Total)
		}
		for name, x := range map[string]struct {
			in   handling.PromisesIn
			want int
		}{
			"a desk":          {handling.PromisesIn{Desk: w.Bodies["deskP"]}, 1},
			"direct ones":     {handling.PromisesIn{Desk: handling.DeskDirect}, 0},
			"another year":    {handling.PromisesIn{Year: 2025}, 0},
			"a part":          {handling.PromisesIn{Q: "增设路灯"}, 32},
			"a part of a day": {handling.PromisesIn{Q: "2026-12-31"}, 1},
			"a sign":          {handling.PromisesIn{Q: "100%"}, 0},
			"a quote":         {handling.PromisesIn{Q: "' OR 1=1 --"}, 0},
			"an unknown unit": {handling.PromisesIn{Unit: "nothing"}, 0},
		} {
			if out := w.register(w.Office, x.in); out.Total != x.want || out.Tally.Open != x.want {
				t.Errorf("%s: %d, tab %d, want %d", name, out.Total, out.Tally.Open, x.want)
			}
		}
		for name, in := range map[string]handling.PromisesIn{"state": {State: "everything"}, "year": {Year: 99999}, "cursor": {After: "%%"}} {
			_, err := handling.ListPromises.Do(t.Context(), w.App, w.Office, in)
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("a strange %s: %v", name, err)
			}
		}
		if c := w.register(w.Office, handling.PromisesIn{}).PromiseChoices; len(c.Units) != 2 || len(c.Desks) != 2 || !slices.Equal(c.Years, []int{2026}) {
			t.Errorf("to choose from: %+v", c)
		}
	})
}

// TestPromisesWaitForSomebody: each queue of the workbench holds what its people
// have to do, and the calendar the dates.
func TestPromisesWaitForSomebody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		_, list := w.promised("2026-05-29", "2026-12-31", "2026-06-08")
		w.At(t, "2026-05-20T10:00")
		waits := func(who access.Actor, name string) (keys []string) {
			t.Helper()
			for _, q := range handling.Module().Waits {
				if q.Name != "handling.waits."+name || !who.Is(q.For...) {
					continue
				}
				step := app.Ask("test.waits", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) ([]string, error) {
					found, total, err := q.Find(l, 10)
					if total != len(found) {
						t.Errorf("%s: %d of %d", name, len(found), total)
					}
					var keys []string
					for _, x := range found {
						keys = append(keys, x.Key+" "+x.DueOn)
					}
					return keys, err
				})
				var err error
				keys, err = step.Do(t.Context(), w.App, who, struct{}{})
				w.ok(err)
			}
			return keys
		}
		if got := fmt.Sprint(waits(w.HandlerA, "promise")); got != "[handling.wait.promise 2026-05-29 handling.wait.promise 2026-06-08]" {
			t.Errorf("near: %s", got)
		}
		if n := len(waits(w.GovDesk, "promise-late")) + len(waits(w.HandlerB, "promise")) + len(waits(w.GovDesk, "promise-cancel")) + len(waits(w.Members[0], "promise-confirm")); n != 0 {
			t.Errorf("%d wait for nobody", n)
		}
		act(w, handling.CancelPromise, w.HandlerA, handling.CancelIn{ID: list[0].ID, Reason: "申请"})
		act(w, handling.KeepPromise, w.HandlerA, kept(list[1].ID))
		w.At(t, "2026-06-01T10:00")
		if a, b, c := len(waits(w.GovDesk, "promise-cancel")), len(waits(w.PartyDesk, "promise-cancel")), len(waits(w.Office, "promise-cancel")); a != 1 || b+c != 0 {
			t.Errorf("to decide: %d, %d, %d", a, b, c)
		}
		if a, b := fmt.Sprint(waits(w.GovDesk, "promise-late")), len(waits(w.Office, "promise-late")); a != "[handling.wait.promise-of 2026-05-29]" || b != 1 {
			t.Errorf("late: %s, %d", a, b)
		}
		if got := fmt.Sprint(waits(w.SignerA, "promise")); got != "[handling.wait.promise-late 2026-05-29 handling.wait.promise 2026-06-08]" {
			t.Errorf("late: %s", got)
		}
		if a, b, c := len(waits(w.Members[0], "promise-confirm")), len(waits(w.Members[1], "promise-confirm")), len(waits(w.Members[4], "promise-confirm")); a != 1 || b != 1 || c != 0 {
			t.Errorf("to confirm: %d, %d, %d", a, b, c)
		}
		if n := dueDays(t, w.World, w.Members[0]); n != 1 {
			t.Errorf("%d due in the calendar of a proposer", n)
		}
		act(w, handling.ConfirmPromise, w.Members[0], handling.ConfirmIn{ID: list[1].ID, Answer: handling.ConfirmYes})
		if n := len(waits(w.Members[1], "promise-confirm")); n != 0 {
			t.Errorf("the other is still asked")
		}
	})
}
