package commendation_test

import (
	"sync"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/commendation"
	"tongxin/internal/fault"
)

// TestUnits: who may be nominated follows from the records, nobody nominates,
// reads or reviews his own unit, whichever hat he wears, and a score is asked for.
func TestUnits(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		t := w.t.(*testing.T)
		for n := 1; n <= 3; n++ {
			w.petition(n, petition{author: w.Members[0], unit: "unitA"})
			w.petition(10+n, petition{author: w.Members[0], unit: "unitB", late: n == 1})
		}
		w.petition(20, petition{author: w.Members[0], unit: "unitC"})
		id := w.opened(commendation.OfUnits, func(in *commendation.CreateIn) {
			in.ScoreLeast = 80
			in.Quotas = append(in.Quotas, commendation.Quota{By: commendation.ByUnit, Number: 1})
		})
		reasons := map[string]string{}
		for _, x := range ask(w, commendation.Eligible, w.Office, commendation.EligibleIn{ID: id, All: true}).Lines {
			reasons[x.Name] = ""
			for _, y := range x.Against {
				reasons[x.Name] += y.Key
			}
		}
		if reasons["市住房和城乡建设局"] != "" || reasons["市财政局"] != "commendation.why.late" || reasons["市委宣传部"] != "commendation.why.few-cases" {
			t.Errorf("%v", reasons)
		}
		in := commendation.NominateIn{ID: id, Subject: w.Bodies["unitA"], Reason: "好"}
		refused(t, try(w, commendation.Nominate, w.HandlerA, in), fault.Forbidden, "commendation.own.nominate")
		both := w.Also(t, w.Members[1], access.Signer, "unitA", "副局长")
		refused(t, try(w, commendation.Nominate, both, in), fault.Forbidden, "commendation.own.nominate")
		w.nominate(w.Members[0], id, w.Bodies["unitA"])
		refused(t, try(w, commendation.Nominate, w.Members[2], commendation.NominateIn{ID: id, Subject: w.Bodies["unitB"], Reason: "好"}), fault.Invalid, "commendation.why.late")
		w.closed(id)
		d := w.candidate(id, w.Bodies["unitA"])
		own := w.Also(t, w.Office, access.Handler, "unitA", "经办人")
		read := commendation.ReadIn{ID: d.ID, Words: "领导重视。", Verdict: commendation.PassReading, Version: d.Version}
		refused(t, try(w, commendation.Read, own, read), fault.Forbidden, "commendation.own.read")
		refused(t, try(w, commendation.Read, w.Chief, read), fault.Invalid, "commendation.score.needed")
		for score, key := range map[string]string{"79.99": "commendation.score.low", "9x": "commendation.score.form", "1000": "commendation.score.form", "-1": "commendation.score.form", "90.123": "commendation.score.form"} {
			read.Score = score
			refused(t, try(w, commendation.Read, w.Chief, read), fault.Invalid, key)
		}
		read.Score = "92.5"
		act(w, commendation.Read, w.Chief, read)
		act(w, commendation.CloseReading, w.Office, commendation.StageIn{ID: id})
		if got := w.candidate(id, w.Bodies["unitA"]); got.Score != "92.5" {
			t.Errorf("score %q", got.Score)
		}
		ownChief := w.Also(t, w.Chief, access.Signer, "unitA", "兼职")
		refused(t, try(w, commendation.Review, ownChief, commendation.Judgement{ID: d.ID, Vote: "yes"}), fault.Forbidden, "commendation.own.review")
		refused(t, try(w, commendation.ReviewMany, ownChief, commendation.ReviewManyIn{ID: id, Rows: []commendation.Judgement{{ID: d.ID, Vote: "yes"}}}), fault.Forbidden, "commendation.own.review")
		refused(t, try(w, commendation.ReviewMany, w.Reviewer, commendation.ReviewManyIn{ID: id, Rows: []commendation.Judgement{{ID: d.ID, Vote: "perhaps"}}}), fault.Invalid, "commendation.choose")
		// The same vote six times at once counts once.
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				_, _ = commendation.Review.Do(t.Context(), w.App, w.Reviewer, commendation.Judgement{ID: d.ID, Vote: "yes"})
			})
		}
		wg.Wait()
		act(w, commendation.CloseReview, w.Chief, commendation.CloseReviewIn{ID: id, Reason: "一人回避"})
		act(w, commendation.Approve, w.Chief, w.approve(id))
		act(w, commendation.Publish, w.Office, commendation.StageIn{ID: id})
		objected := commendation.ObjectIn{ID: d.ID, Words: "来电反映", Objector: "一位市民", ReceivedOn: "2026-11-08"}
		refused(t, try(w, commendation.Object, w.Office, objected), fault.Invalid, "commendation.object.when")
		objected.ReceivedOn = "2026-11-09"
		act(w, commendation.Object, w.Office, objected)
		o := w.shown(id).Objections[0]
		if o.Objector != "一位市民" || o.EnteredBy != w.Office.Name {
			t.Errorf("%+v", o)
		}
		refused(t, try(w, commendation.Rule, ownChief, commendation.RuleIn{ID: o.ID, Ruling: commendation.Dismissed, Words: "x"}), fault.Forbidden, "commendation.own.rule")
		act(w, commendation.Rule, w.Chief, commendation.RuleIn{ID: o.ID, Ruling: commendation.Dismissed, Words: "经核实不属实。"})
		act(w, commendation.Object, w.Chief, commendation.ObjectIn{ID: d.ID, Words: "我有不同意见"})
		refused(t, try(w, commendation.Rule, w.Chief, commendation.RuleIn{ID: w.shown(id).Objections[1].ID, Ruling: commendation.Dismissed, Words: "x"}), fault.Forbidden, "commendation.own.objection")
		act(w, commendation.Rule, w.Office, commendation.RuleIn{ID: w.shown(id).Objections[1].ID, Ruling: commendation.Dismissed, Words: "已说明。"})
		w.At(t, "2026-11-17T09:00")
		act(w, commendation.Announce, w.Chief, commendation.AnnounceIn{ID: id, Occasion: "全会"})
		w.CaughtUp(t)
		if n := w.number("SELECT COUNT(*) FROM message WHERE person_id = ? AND kind = 'commendation.notice.won.unit'", w.SignerA.PersonID); n != 1 {
			t.Errorf("the unit has %d messages", n)
		}
	})
}

// TestLentScores: a published score is filled in and counts before anybody types.
func TestLentScores(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		w.petition(1, petition{author: w.Members[0], unit: "unitA"})
		id := w.opened(commendation.OfUnits, func(in *commendation.CreateIn) { in.CasesLeast, in.ScoreLeast = 1, 80 })
		w.nominate(w.Members[0], id, w.Bodies["unitA"])
		w.closed(id)
		if got := w.candidate(id, w.Bodies["unitA"]).Score; got != "91.2" {
			w.t.Errorf("score %q", got)
		}
		w.readAll(id)
	}, everyUnit{})
}

// everyUnit lends the same score of every unit.
type everyUnit struct{}

// ScoresOf gives 91.2 to each.
func (everyUnit) ScoresOf(_ *app.Look, _ int, units []string) (map[string]int64, error) {
	m := map[string]int64{}
	for _, u := range units {
		m[u] = 91_20
	}
	return m, nil
}

// TestPeople: a unit nominates its own people, nobody himself; the work is the
// unit's, and who left is dropped with that reason.
func TestPeople(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		t := w.t.(*testing.T)
		w.petition(1, petition{author: w.Members[0], unit: "unitA"})
		w.petition(2, petition{author: w.Members[0], unit: "unitC"})
		id := w.opened(commendation.OfPeople)
		me := commendation.NominateIn{ID: id, Subject: w.HandlerA.PersonID, Reason: "好"}
		refused(t, try(w, commendation.Nominate, w.HandlerA, me), fault.Forbidden, "commendation.own.nominate")
		refused(t, try(w, commendation.Nominate, w.Members[0], commendation.NominateIn{ID: id, Subject: w.Members[1].PersonID, Reason: "好"}), fault.NotFound, "fault.not-found")
		w.nominate(w.SignerA, id, w.HandlerA.PersonID)
		refused(t, try(w, commendation.Nominate, w.HandlerA, commendation.NominateIn{ID: id, Subject: w.HandlerC.PersonID, Reason: "好"}), fault.Closed, "commendation.quota.used")
		w.nominate(w.Members[0], id, w.HandlerC.PersonID)
		if got := ask(w, commendation.Eligible, w.Members[2], commendation.EligibleIn{ID: id, Q: "石砚秋"}).Lines; len(got) != 1 || got[0].Lead != "市住房和城乡建设局" {
			t.Errorf("%+v", got)
		}
		w.exec("UPDATE post SET valid_to = '2026-11-08' WHERE person_id = ?", w.HandlerC.PersonID)
		w.closed(id)
		gone := w.candidate(id, w.HandlerC.PersonID)
		if gone.DroppedAt != commendation.Nominating || gone.Why.Key != "commendation.why.gone" || gone.Name != w.HandlerC.Name {
			t.Errorf("who left: %+v", gone)
		}
		w.readAll(id)
		d := w.candidate(id, w.HandlerA.PersonID)
		act(w, commendation.Review, w.Reviewer, commendation.Judgement{ID: d.ID, Vote: "yes"})
		act(w, commendation.Review, w.Chief, commendation.Judgement{ID: d.ID, Vote: "yes"})
		act(w, commendation.CloseReview, w.Chief, commendation.CloseReviewIn{ID: id})
		act(w, commendation.Approve, w.Chief, w.approve(id))
		act(w, commendation.Publish, w.Office, commendation.StageIn{ID: id})
		w.At(t, "2026-11-17T09:00")
		act(w, commendation.Announce, w.Chief, commendation.AnnounceIn{ID: id, Occasion: "全会"})
		w.CaughtUp(t)
		if n := w.number("SELECT COUNT(*) FROM message WHERE person_id = ? AND kind = 'commendation.notice.won.person'", w.HandlerA.PersonID); n != 1 {
			t.Errorf("%d messages", n)
		}
		if m := ask(w, commendation.Marks, w.HandlerB, commendation.MarksIn{Kind: "person", IDs: []string{w.HandlerA.PersonID}}).Marks; len(m) != 1 {
			t.Errorf("marks %v", m)
		}
	})
}

// TestScoresAndSeats: a special committee reviews by scores; its members see what
// they review, and others do not.
func TestScoresAndSeats(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		t := w.t.(*testing.T)
		w.exec("UPDATE membership SET special_committee_id = ? WHERE person_id IN (?, ?)", w.Bodies["special"], w.Members[2].PersonID, w.Members[3].PersonID)
		w.petition(1, petition{author: w.Members[1]})
		w.petition(2, petition{author: w.Members[2]})
		id := w.opened(commendation.OfProposals, func(in *commendation.CreateIn) {
			in.Number, in.Method, in.Mark, in.ReviewBody, in.CollectivePercent = 2, commendation.ByScore, 60, w.Bodies["special"], 0
		})
		w.nominate(w.Members[0], id, w.proposals[1])
		w.nominate(w.Members[0], id, w.proposals[2])
		w.closed(id)
		w.readAll(id)
		one, two := w.candidate(id, w.proposals[1]).ID, w.candidate(id, w.proposals[2]).ID
		if got := ask(w, commendation.ShowCandidate, w.Members[3], commendation.ID{ID: one}); got.Text == nil || !got.MayReview || got.Sees {
			t.Errorf("a reviewer is shown %+v", got)
		}
		waiting(t, w, w.Members[3], "commendation.waits.review", 1)
		waiting(t, w, w.Members[4], "commendation.waits.review", 0)
		refused(t, try(w, commendation.Review, w.Members[2], commendation.Judgement{ID: two, Score: "90"}), fault.Forbidden, "commendation.own.review")
		for _, score := range []string{"", "101", "-1", "x", "1e2", "60.5"} {
			refused(t, try(w, commendation.Review, w.Members[3], commendation.Judgement{ID: one, Score: score}), fault.Invalid, "commendation.review.score")
		}
		act(w, commendation.ReviewMany, w.Members[3], commendation.ReviewManyIn{ID: id, Rows: []commendation.Judgement{{ID: one, Score: "60"}, {ID: two, Score: "59"}}})
		act(w, commendation.Review, w.Members[2], commendation.Judgement{ID: one, Score: "61"})
		act(w, commendation.CloseReview, w.Chief, commendation.CloseReviewIn{ID: id, Reason: "时间所限"})
		if d := w.candidate(id, w.proposals[1]); d.DroppedAt != "" || d.Points != 121 || d.Votes != 2 {
			t.Errorf("%+v", d)
		}
		if d := w.candidate(id, w.proposals[2]); d.Why.Key != "commendation.why.few-points" {
			t.Errorf("%+v", d)
		}
	})
}
