package commendation_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/commendation"
	"tongxin/internal/fault"
)

// TestAQuotaHoldsInACrowd: two people act for one unit and one member taps many
// times at once; nobody ever gets more than his quota.
func TestAQuotaHoldsInACrowd(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		for n := 1; n <= 12; n++ {
			w.petition(n, petition{author: w.Members[1], unit: "unitA"})
		}
		id := w.opened(commendation.OfProposals)
		crowd := func(want int, people ...access.Actor) {
			w.t.Helper()
			var done, closed atomic.Int64
			var wg sync.WaitGroup
			for i := 1; i <= 12; i++ {
				wg.Go(func() {
					_, err := commendation.Nominate.Do(w.t.Context(), w.App, people[i%len(people)], commendation.NominateIn{ID: id, Subject: w.proposals[i], Reason: "好"})
					switch {
					case err == nil:
						done.Add(1)
					case fault.Is(err, fault.Closed):
						closed.Add(1)
					default:
						w.t.Errorf("nominate: %v", err)
					}
				})
			}
			wg.Wait()
			if int(done.Load()) != want || done.Load()+closed.Load() != 12 {
				w.t.Errorf("%d nominated, %d refused, want %d", done.Load(), closed.Load(), want)
			}
		}
		crowd(5, w.Members[0])
		crowd(2, w.HandlerA, w.SignerA) // twelve handled: one in five, shared by the unit
		crowd(1, w.Members[1])          // all are his own
		if n := w.number("SELECT COUNT(*) FROM commendation_nomination"); n != 8 {
			w.t.Errorf("%d nominations", n)
		}
		// The same one twice at once.
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				_, _ = commendation.Nominate.Do(w.t.Context(), w.App, w.Members[2], commendation.NominateIn{ID: id, Subject: w.proposals[1], Reason: "好"})
			})
		}
		wg.Wait()
		if n := w.number("SELECT COUNT(*) FROM commendation_nomination WHERE nominator_id = ?", w.Members[2].PersonID); n != 1 {
			w.t.Errorf("nominated %d times", n)
		}
	})
}

// TestNominating: what a member may nominate, and what not.
func TestNominating(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		t := w.t.(*testing.T)
		me := w.Members[0]
		w.petition(1, petition{author: me})
		w.petition(2, petition{author: me})
		w.petition(3, petition{author: w.Members[1], refused: true})
		w.petition(4, petition{author: w.Members[1], unit: "unitA"})
		w.petition(5, petition{author: w.Convener, body: "party"})
		w.petition(6, petition{author: w.Members[1], state: "draft"})
		id := w.opened(commendation.OfProposals)
		in := func(n int) commendation.NominateIn {
			return commendation.NominateIn{ID: id, Subject: w.proposals[n], Reason: "好"}
		}
		out := w.nominate(me, id, w.proposals[1])
		if out.Left != 4 {
			t.Errorf("%d left", out.Left)
		}
		refused(t, try(w, commendation.Nominate, me, in(2)), fault.Closed, "commendation.quota.own")
		refused(t, try(w, commendation.Nominate, me, in(1)), fault.Conflict, "commendation.nominate.twice")
		refused(t, try(w, commendation.Nominate, me, in(3)), fault.NotFound, "fault.not-found")
		w.nominate(w.Members[1], id, w.proposals[3]) // his own: he sees it
		refused(t, try(w, commendation.Nominate, me, in(6)), fault.NotFound, "fault.not-found")
		refused(t, try(w, commendation.Nominate, me, commendation.NominateIn{ID: id, Subject: "'; --", Reason: "好"}), fault.NotFound, "fault.not-found")
		refused(t, try(w, commendation.Nominate, me, commendation.NominateIn{ID: "none", Subject: w.proposals[4], Reason: "好"}), fault.NotFound, "fault.not-found")
		refused(t, try(w, commendation.Nominate, me, commendation.NominateIn{ID: id, Subject: w.proposals[4], Reason: " \x00"}), fault.Invalid, "commendation.required")
		refused(t, try(w, commendation.Nominate, w.HandlerB, in(4)), fault.Invalid, "commendation.nominate.not-linked")
		w.nominate(w.SignerA, id, w.proposals[4])
		refused(t, try(w, commendation.Nominate, w.Leader, in(4)), fault.Forbidden, "commendation.nominate.not-asked")
		refused(t, try(w, commendation.Nominate, w.Office, in(4)), fault.Forbidden, "commendation.nominate.not-asked")
		for _, who := range []access.Actor{w.Stranger, w.SysAdmin, w.SecAdmin, w.Auditor} {
			refused(t, try(w, commendation.Nominate, who, in(4)), fault.NotFound, "fault.not-found")
		}
		// Whichever hat: the convener of the party that proposes it, as a member.
		both := w.Also(t, w.Members[2], access.Convener, "party", "召集人")
		w.nominate(both, id, w.proposals[5])
		if n := w.number("SELECT COUNT(*) FROM commendation_nomination WHERE nominator_id = ? AND own", both.PersonID); n != 1 {
			t.Error("the proposal of his own party is not counted as his own")
		}

		refused(t, try(w, commendation.Withdraw, w.Members[1], commendation.WithdrawIn{ID: out.ID}), fault.NotFound, "fault.not-found")
		if again := act(w, commendation.Withdraw, me, commendation.WithdrawIn{ID: out.ID}); again.Left != 5 {
			t.Errorf("after withdrawing %d left", again.Left)
		}
		refused(t, try(w, commendation.Withdraw, me, commendation.WithdrawIn{ID: out.ID}), fault.Closed, "commendation.withdraw.done")
		w.nominate(me, id, w.proposals[2])
		w.At(t, "2026-11-07T00:00")
		refused(t, try(w, commendation.Nominate, me, in(4)), fault.Closed, "commendation.nominate.window")
		extended := commendation.ExtendIn{ID: id, ClosesOn: "2026-11-06", Reason: "推荐不足", Version: 2}
		refused(t, try(w, commendation.Extend, w.Office, extended), fault.Invalid, "commendation.window.later")
		extended.ClosesOn, extended.Version = "2026-11-10", 1
		refused(t, try(w, commendation.Extend, w.Office, extended), fault.Stale, "fault.stale")
		extended.Version = 2
		act(w, commendation.Extend, w.Office, extended)
		w.nominate(me, id, w.proposals[4])
	})
}

// TestWhatIsListed: members are shown number, title and lead of what may be
// nominated, refused publication left out; units what they handle; the staff all,
// with reasons against each.
func TestWhatIsListed(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		t := w.t.(*testing.T)
		w.petition(1, petition{author: w.Members[0]})
		w.petition(2, petition{author: w.Members[0], refused: true})
		w.petition(3, petition{author: w.Members[1], unit: "unitA"})
		w.petition(4, petition{author: w.Members[1], state: "dispatched"})
		w.petition(5, petition{author: w.Members[1], state: "submitted"})
		w.petition(6, petition{author: w.Members[1], unit: "unitA", ratings: []string{"satisfied", "dissatisfied"}})
		id := w.opened(commendation.OfProposals)
		list := func(who access.Actor, in commendation.EligibleIn) (numbers []int64) {
			in.ID = id
			out := ask(w, commendation.Eligible, who, in)
			for _, x := range out.Lines {
				numbers = append(numbers, x.Number)
				if x.May && len(x.Against) > 0 {
					t.Errorf("%+v may be nominated against %v", x.Record, x.Against)
				}
			}
			if out.Total != len(out.Lines) {
				t.Errorf("total %d of %d", out.Total, len(out.Lines))
			}
			return numbers
		}
		for _, x := range []struct {
			name string
			who  access.Actor
			in   commendation.EligibleIn
			want []int64
		}{
			{"a member", w.Members[2], commendation.EligibleIn{}, []int64{1, 3}},
			{"its author", w.Members[0], commendation.EligibleIn{}, []int64{1, 2, 3}},
			{"one's own, with reasons", w.Members[1], commendation.EligibleIn{Own: true}, []int64{0, 3, 4, 6}},
			{"by number", w.Members[2], commendation.EligibleIn{Q: "第3号"}, []int64{3}},
			{"by title", w.Members[2], commendation.EligibleIn{Q: "事项1"}, []int64{1}},
			{"by nothing", w.Members[2], commendation.EligibleIn{Q: "%"}, nil},
			{"the whole, asked by a member", w.Members[2], commendation.EligibleIn{All: true}, []int64{1, 3}},
			{"a unit", w.HandlerA, commendation.EligibleIn{}, []int64{3}},
			{"a unit without cases", w.HandlerB, commendation.EligibleIn{}, nil},
			{"the office", w.Office, commendation.EligibleIn{}, []int64{1, 2, 3}},
			{"the office, all", w.Office, commendation.EligibleIn{All: true}, []int64{0, 1, 2, 3, 4, 6}},
		} {
			if got := list(x.who, x.in); len(got) != len(x.want) || !equal(got, x.want) {
				t.Errorf("%s: %v, want %v", x.name, got, x.want)
			}
		}
		for _, who := range []access.Actor{w.Leader, w.Reviewer, w.Stranger, w.SysAdmin} {
			_, err := commendation.Eligible.Do(t.Context(), w.App, who, commendation.EligibleIn{ID: id})
			refused(t, err, fault.NotFound, "fault.not-found")
		}
		_, err := commendation.Eligible.Do(t.Context(), w.App, w.Members[0], commendation.EligibleIn{ID: id, After: "x"})
		refused(t, err, fault.Invalid, "commendation.bad-cursor")
	})
}

func equal(a, b []int64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// TestPagesOfAList walks seventy proposals.
func TestPagesOfAList(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		for n := 1; n <= 70; n++ {
			w.petition(n, petition{author: w.Members[n%5]})
		}
		id := w.opened(commendation.OfProposals)
		seen := map[string]bool{}
		for after, pages := "", 0; ; pages++ {
			out := ask(w, commendation.Eligible, w.Members[0], commendation.EligibleIn{ID: id, After: after})
			for _, x := range out.Lines {
				seen[x.ID] = true
			}
			if after = out.Next; after == "" {
				if pages != 2 || out.Total != 70 {
					w.t.Errorf("%d pages of %d", pages+1, out.Total)
				}
				break
			}
		}
		if len(seen) != 70 {
			w.t.Errorf("%d seen", len(seen))
		}
	})
}
