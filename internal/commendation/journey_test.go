package commendation_test

import (
	"slices"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/commendation"
	"tongxin/internal/fault"
)

// TestAYearOfExcellentProposals carries a campaign from the plan to the
// certificates: nominated by members, a party and a unit, one read out, two level
// at the cut, one left out by the Chair's Council, one objection upheld.
func TestAYearOfExcellentProposals(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		t := w.t.(*testing.T)
		ok := []string{"satisfied"}
		for n := 1; n <= 8; n++ {
			w.petition(n, petition{author: w.Members[n%4], unit: "unitA", ratings: ok})
		}
		w.petition(9, petition{author: w.Convener, body: "party", unit: "unitC", ratings: ok})
		w.petition(10, petition{author: w.Members[0], unit: "unitB", ratings: []string{"dissatisfied"}})
		w.petition(11, petition{author: w.Members[0], state: "filed"})

		id := w.opened(commendation.OfProposals, func(in *commendation.CreateIn) { in.Number, in.CollectivePercent = 4, 25 })
		if got := ask(w, commendation.Show, w.Members[0], commendation.ID{ID: id}); got.Left != 5 || !got.Nominates || len(got.Candidates)+len(got.Events) > 0 {
			t.Fatalf("a member sees %+v", got)
		}
		refused(t, try(w, commendation.Nominate, w.Members[0], commendation.NominateIn{ID: id, Subject: w.proposals[10], Reason: "好"}), fault.Invalid, "commendation.why.dissatisfied")
		refused(t, try(w, commendation.Nominate, w.Members[0], commendation.NominateIn{ID: id, Subject: w.proposals[11], Reason: "好"}), fault.Invalid, "commendation.why.not-replied")
		for _, n := range []int{1, 2, 3, 5, 6} { // the fourth and eighth are his own
			w.nominate(w.Members[0], id, w.proposals[n])
		}
		refused(t, try(w, commendation.Nominate, w.Members[0], commendation.NominateIn{ID: id, Subject: w.proposals[7], Reason: "好"}), fault.Closed, "commendation.quota.used")
		w.nominate(w.Members[1], id, w.proposals[1])
		w.nominate(w.Members[1], id, w.proposals[7])
		w.nominate(w.HandlerA, id, w.proposals[8]) // seven... more than five handled: one in five
		w.nominate(w.Convener, id, w.proposals[9])
		waiting(t, w, w.Members[2], "commendation.waits.nominate", 1)
		waiting(t, w, w.Members[0], "commendation.waits.nominate", 0)

		refused(t, try(w, commendation.CloseNominating, w.Office, commendation.StageIn{ID: id}), fault.Closed, "commendation.window.still-open")
		w.closed(id)
		if g := w.shown(id).Campaign; g.Stage != commendation.Reading || g.Most != 4 || g.Base != 11 {
			t.Fatalf("after nominating: %+v", g)
		}
		waiting(t, w, w.Office, "commendation.waits.run", 1)
		refused(t, try(w, commendation.CloseReading, w.Office, commendation.StageIn{ID: id}), fault.Closed, "commendation.unread")
		w.readAll(id, w.proposals[8])

		// Votes: 1 and 9 by both, 2 and 3 and 5 by one each, 6 by none, 7 unjudged.
		vote := func(who access.Actor, yes map[int]string) {
			in := commendation.ReviewManyIn{ID: id, Rows: []commendation.Judgement{{ID: w.candidate(id, w.proposals[7]).ID}}}
			for n, v := range yes {
				in.Rows = append(in.Rows, commendation.Judgement{ID: w.candidate(id, w.proposals[n]).ID, Vote: v})
			}
			if out := act(w, commendation.ReviewMany, who, in); out.Reviewed != len(yes) {
				t.Errorf("%d judged, want %d", out.Reviewed, len(yes))
			}
		}
		waiting(t, w, w.Reviewer, "commendation.waits.review", 1)
		vote(w.Reviewer, map[int]string{1: "yes", 2: "yes", 3: "yes", 5: "yes", 6: "no", 9: "yes"})
		if d := ask(w, commendation.Show, w.Reviewer, commendation.ID{ID: id}).Candidates[0]; d.Votes+d.Points > 0 || !d.Mine {
			t.Errorf("an open review shows %+v", d)
		}
		refused(t, try(w, commendation.Review, w.Reviewer, commendation.Judgement{ID: w.candidate(id, w.proposals[1]).ID, Vote: "no"}), fault.Conflict, "commendation.review.twice")
		refused(t, try(w, commendation.CloseReview, w.Chief, commendation.CloseReviewIn{ID: id}), fault.Invalid, "commendation.review.short")
		vote(w.Chief, map[int]string{1: "yes", 2: "no", 9: "yes"})
		act(w, commendation.CloseReview, w.Chief, commendation.CloseReviewIn{ID: id})
		tied := 0
		for n, want := range map[int]commendation.Stage{1: "", 2: commendation.Reviewing, 3: "", 5: "", 6: commendation.Reviewing, 7: commendation.Reviewing, 8: commendation.Reading, 9: ""} {
			d := w.candidate(id, w.proposals[n])
			if d.DroppedAt != want {
				t.Errorf("number %d is dropped at %q, want %q: %+v", n, d.DroppedAt, want, d)
			}
			if d.DroppedAt != "" && d.Why.Key+d.Why.Words == "" {
				t.Errorf("number %d is dropped without a reason", n)
			}
			if d.Tied {
				tied++
			}
		}
		if tied != 0 {
			t.Errorf("%d are tied though all fit", tied)
		}

		in := w.approve(id, w.proposals[3])
		act(w, commendation.Approve, w.Chief, in)
		act(w, commendation.Publish, w.Office, commendation.StageIn{ID: id})
		if g := w.shown(id).Campaign; g.NoticeUntil != "2026-11-16" || len(g.Notice.Steps) < 2 {
			t.Fatalf("notice until %s: %+v", g.NoticeUntil, g.Notice)
		}
		if got := ask(w, commendation.Winners, w.HandlerB, commendation.ID{ID: id}); len(got.Winners) != 3 {
			t.Errorf("in notice: %+v", got.Winners)
		}
		refused(t, try(w, commendation.Announce, w.Chief, commendation.AnnounceIn{ID: id, Occasion: "全会"}), fault.Closed, "commendation.notice.running")
		five := w.candidate(id, w.proposals[5]).ID
		act(w, commendation.Object, w.Members[4], commendation.ObjectIn{ID: five, Words: "与去年的提案相同。"})
		w.At(t, "2026-11-17T00:01")
		refused(t, try(w, commendation.Object, w.Members[4], commendation.ObjectIn{ID: five, Words: "晚了"}), fault.Closed, "commendation.object.late")
		refused(t, try(w, commendation.Announce, w.Chief, commendation.AnnounceIn{ID: id, Occasion: "全会"}), fault.Closed, "commendation.notice.objections")
		o := w.shown(id).Objections[0]
		refused(t, try(w, commendation.Rule, w.Members[4], commendation.RuleIn{ID: o.ID, Ruling: commendation.Upheld, Words: "x"}), fault.NotFound, "fault.not-found")
		act(w, commendation.Rule, w.Chief, commendation.RuleIn{ID: o.ID, Ruling: commendation.Upheld, Words: "经核实属实。"})
		refused(t, try(w, commendation.Rule, w.Chief, commendation.RuleIn{ID: o.ID, Ruling: commendation.Dismissed, Words: "再想想"}), fault.Closed, "commendation.rule.done")
		waiting(t, w, w.Chief, "commendation.waits.run", 1)
		act(w, commendation.Announce, w.Chief, commendation.AnnounceIn{ID: id, Occasion: "十四届四次会议"})
		w.ended(t, id)
	})
}

// ended checks what is left of the journey: figures, marks, facts, messages.
func (w *city) ended(t *testing.T, id string) {
	t.Helper()
	s := w.shown(id)
	want := map[commendation.Stage][3]int{commendation.Nominating: {8, 0, 8}, commendation.Reading: {8, 1, 7}, commendation.Reviewing: {7, 3, 4},
		commendation.Approval: {4, 1, 3}, commendation.Noticed: {3, 1, 2}}
	for _, p := range s.Passages {
		if got := [3]int{p.Entered, p.Dropped, p.Passed}; got != want[p.Stage] || !p.Over {
			t.Errorf("at %s: %v, want %v", p.Stage, got, want[p.Stage])
		}
	}
	marks := ask(w, commendation.Marks, w.Members[3], commendation.MarksIn{Kind: "proposal", IDs: []string{w.proposals[1], w.proposals[5], w.proposals[9]}}).Marks
	if len(marks) != 2 || marks[w.proposals[1]][0].Year != 2026 {
		t.Errorf("marks %+v", marks)
	}
	if n := w.number("SELECT COUNT(*) FROM fact WHERE kind = 'commendation.announced'"); n != 1 {
		t.Errorf("%d facts", n)
	}
	w.CaughtUp(t)
	for key, who := range map[string]access.Actor{"commendation.notice.won.proposal": w.Members[1], "commendation.notice.opened": w.Members[2], "commendation.notice.review": w.Reviewer, "commendation.notice.objected": w.Chief} {
		if n := w.number("SELECT COUNT(*) FROM message WHERE person_id = ? AND kind = ?", who.PersonID, key); n != 1 {
			t.Errorf("%s has %d messages %s: %v", who.Name, n, key, w.texts("SELECT kind FROM message WHERE person_id = ?", who.PersonID))
		}
	}
	if _, found, err := w.App.Verify(t.Context(), w.Checkpoints()); err != nil || len(found) > 0 {
		t.Errorf("audit: %v %v", found, err)
	}
	for _, e := range s.Events {
		if e.By == "" || e.At.IsZero() {
			t.Errorf("an event without who or when: %+v", e)
		}
	}
}

// waiting checks how many things of a queue wait for somebody.
func waiting(t *testing.T, w *city, who access.Actor, queue string, want int) {
	t.Helper()
	got := 0
	for _, q := range commendation.Module().Waits {
		if q.Name != queue || !slices.Contains(q.For, who.Post.Kind) {
			continue
		}
		find := app.Ask("test.waits", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) (int, error) {
			list, n, err := q.Find(l, 5)
			if len(list) != min(n, 5) {
				t.Errorf("%s: %d of %d", queue, len(list), n)
			}
			return n, err
		})
		n, err := find.Do(t.Context(), w.App, who, struct{}{})
		w.must(err)
		got += n
	}
	if got != want {
		t.Errorf("%s for %s: %d, want %d", queue, who.Post.Kind, got, want)
	}
}
