package proposal_test

import (
	"testing"

	"tongxin/internal/fault"
	"tongxin/internal/proposal"
)

// TestTwelveKeyProposalsThroughALeadersYear: 20 recommended, 15 shortlisted, 13
// kept, 12 approved; plans, two supervisions each, instructions with their
// follow-up, one requirement that is late.
func TestTwelveKeyProposalsThroughALeadersYear(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		w.rules(`{"number":12}`)
		all := w.filed(20)
		w.dispatched(all[:6]...)
		acts(w, proposal.KeyOpen, w.Office, proposal.KeyOpenIn{Session: w.Session})
		w.recommendedByMany(all)
		if n := len(w.selection().Selection.Candidates); n != 20 {
			w.t.Fatalf("%d candidates, want 20", n)
		}
		w.to(proposal.KeyShortlisting)
		w.shortlisted(all[:15]...)
		w.to(proposal.KeyConsulting)
		w.consulted(all[:13]...)
		w.to(proposal.KeyApproving)
		no(w, proposal.KeyApprove, w.Office, w.approving(all[:12]...), fault.Forbidden, "proposal.key.chief-only")
		no(w, proposal.KeyApprove, w.Chief, w.approving(all[:13]...), fault.Invalid, "proposal.key.approve.over")
		acts(w, proposal.KeyApprove, w.Chief, w.approving(all[:12]...))
		w.CaughtUp(w.t)
		s := w.selection()
		if s.Most != 12 || s.InAll != 12 || s.Selection.State != proposal.KeyDecided || len(s.Selection.Decisions) != 1 {
			w.t.Fatalf("decided: %+v", s)
		}
		counts := map[proposal.KeyState]int{}
		for _, x := range s.Selection.Candidates {
			counts[x.State]++
		}
		if counts[proposal.KeyApproved] != 12 || counts[proposal.KeyNotApproved] != 1 || counts[proposal.KeyDropped] != 2 || counts[proposal.KeyPassedOver] != 5 {
			w.t.Fatalf("candidates: %v", counts)
		}
		key := all[:12]
		w.dispatched(key[6:]...)
		w.planned(key)
		w.supervisedTwice(key)
		w.instructed(key)
		w.late(key)
		w.reported(key)
	})
}

// recommendedByMany lets members, the party, the office, a special committee
// and the supervision office recommend.
func (w *city) recommendedByMany(all []string) {
	w.t.Helper()
	in := func(id string) proposal.KeyRecommendIn {
		return proposal.KeyRecommendIn{ID: id, Criteria: []string{"people", "matter"}, Reason: "影响面大。"}
	}
	for i, id := range all {
		switch {
		case i < 6:
			acts(w, proposal.KeyRecommend, w.GovDesk, in(id))
		case i < 10:
			x := in(id)
			x.For = w.Bodies["special"]
			acts(w, proposal.KeyRecommend, w.Office, x)
		case i < 15:
			acts(w, proposal.KeyRecommend, w.Members[i%5], in(id))
		default:
			acts(w, proposal.KeyRecommend, w.Office, in(id))
		}
	}
	acts(w, proposal.KeyRecommend, w.Members[0], in(all[0]))
	no(w, proposal.KeyRecommend, w.Members[1], in(all[0]), fault.NotFound, "fault.not-found")
	no(w, proposal.KeyRecommend, w.HandlerA, in(all[0]), fault.Forbidden, "proposal.key.recommend.not-you")
	kinds := map[string]int{}
	for _, x := range w.selection().Selection.Candidates {
		for _, m := range x.Recommendations {
			kinds[m.Kind]++
		}
	}
	if kinds[proposal.ByDesk] != 6 || kinds[proposal.BySpecialCommittee] != 4 || kinds[proposal.ByMember] != 6 || kinds[proposal.ByOffice] != 5 {
		w.t.Fatalf("who recommended: %v", kinds)
	}
}

// planned: every unit hands its plan in, one goes back and comes again.
func (w *city) planned(key []string) {
	w.t.Helper()
	for i, id := range key {
		s := w.shown(w.HandlerA, id)
		if s.Key.PlanDueOn == "" || len(s.Key.PlanDue.Steps) == 0 || !s.May.Plan {
			w.t.Fatalf("%d: the unit was not asked for a plan: %+v", i, s.Key)
		}
		no(w, proposal.KeySubmitPlan, w.HandlerB, planOf(id), fault.Forbidden, "proposal.key.plan.assist")
		acts(w, proposal.KeySubmitPlan, w.SignerA, planOf(id))
		if i == 0 {
			acts(w, proposal.KeyJudgePlan, w.Office, proposal.KeyJudgePlanIn{ID: id, Verdict: "returned", Words: "请写明责任科室。", DueOn: "2026-03-20"})
			no(w, proposal.KeyJudgePlan, w.Office, proposal.KeyJudgePlanIn{ID: id, Verdict: "accepted"}, fault.Closed, "proposal.key.closed.plan_returned")
			if x := w.tasks(id, proposal.DuePlan); len(x) != 1 || x[0].State != proposal.TaskOpen || x[0].DueOn != "2026-03-20" {
				w.t.Fatalf("the plan is not owed again: %+v", x)
			}
			acts(w, proposal.KeySubmitPlan, w.HandlerA, planOf(id))
		}
		acts(w, proposal.KeyJudgePlan, w.Office, proposal.KeyJudgePlanIn{ID: id, Verdict: "accepted"})
		if x := w.tasks(id, proposal.DueMilestone); len(x) != 2 || x[0].BodyID != w.Bodies["unitA"] {
			w.t.Fatalf("milestones: %+v", x)
		}
	}
}

// supervisedTwice: two supervisions each; the second settles the one that was
// announced. One requirement goes to a unit that does not handle the case.
func (w *city) supervisedTwice(key []string) {
	w.t.Helper()
	for i, id := range key {
		first := supervision(id, "市住房和城乡建设局", "2026-05-15")
		first.HeldOn, first.NextOn = "2026-02-02", "2026-03-10"
		if i == 1 {
			first.Requirements[1] = proposal.KeyRequirement{Text: "做好宣传", Body: w.Bodies["unitC"], DueOn: "2026-05-20"}
		}
		acts(w, proposal.KeySupervise, w.Office, first)
	}
	w.At(w.t, "2026-03-10T15:00")
	for _, id := range key {
		second := supervision(id, w.Bodies["unitB"], "2026-06-01")
		second.HeldOn = "2026-03-10"
		acts(w, proposal.KeySupervise, w.Chief, second)
		s := w.shown(w.Leader, id)
		if len(s.Records) != 2 || s.Key.NextOn() != "" || s.Records[0].HeldOn != "2026-03-10" {
			w.t.Fatalf("supervisions: %+v, next %s", s.Records, s.Key.NextOn())
		}
	}
	s := w.shown(w.HandlerC, key[1])
	if !s.Named || len(s.Key.Tasks) != 1 || len(s.Records) != 0 || s.Plan != nil || s.Holder != "" {
		w.t.Fatalf("a unit that is merely named sees %+v", s)
	}
	no(w, proposal.KeyAnswer, w.HandlerC, proposal.KeyAnswerIn{ID: w.tasks(key[1], proposal.DueRequirement)[0].ID, Outcome: "x"}, fault.NotFound, "fault.not-found")
	acts(w, proposal.KeyAnswer, w.HandlerC, proposal.KeyAnswerIn{ID: s.Key.Tasks[0].ID, Outcome: "已在主要媒体刊发。"})
}

// instructed: the leader writes his own, the office enters one of a leader
// without an account, and both are followed up.
func (w *city) instructed(key []string) {
	w.t.Helper()
	for _, id := range key {
		acts(w, proposal.KeyInstruct, w.Leader, proposal.KeyInstructIn{ID: id, Text: "请市政府督查室跟进。", Body: w.Bodies["deskG"], DueOn: "2026-04-01"})
	}
	acts(w, proposal.KeyInstruct, w.Office, proposal.KeyInstructIn{ID: key[0], Name: "高远", Level: "province", GivenOn: "2026-03-09", Text: "请认真研究。"})
	no(w, proposal.KeyInstruct, w.HandlerA, proposal.KeyInstructIn{ID: key[0], Text: "x"}, fault.Forbidden, "proposal.key.instruct.leader-only")
	s := w.shown(w.Leader, key[0])
	if len(s.Instructions) != 2 || s.Instructions[1].LeaderName != "高远" || !s.Instructions[1].Entered || s.Instructions[0].LeaderName != w.Leader.Name || s.Instructions[0].FollowUp == nil {
		w.t.Fatalf("instructions: %+v", s.Instructions)
	}
	for _, id := range key {
		acts(w, proposal.KeyAnswer, w.GovDesk, proposal.KeyAnswerIn{ID: w.tasks(id, proposal.DueFollowUp)[0].ID, Outcome: "已召开协调会。"})
	}
	w.CaughtUp(w.t)
	if got := w.heard(w.Leader)["followed"]; got != 12 {
		w.t.Errorf("the leader was told of %d follow-ups, want 12", got)
	}
	if n := len(w.shown(w.Members[0], key[0]).Instructions); n != 0 {
		w.t.Errorf("the proposer reads %d instructions", n)
	}
}

// late: one requirement is not done in time; everybody concerned is told once.
func (w *city) late(key []string) {
	w.t.Helper()
	for _, id := range key[1:] {
		for _, x := range w.tasks(id, proposal.DueRequirement) {
			if x.State == proposal.TaskOpen && x.BodyID == w.Bodies["unitA"] {
				acts(w, proposal.KeyAnswer, w.HandlerA, proposal.KeyAnswerIn{ID: x.ID, Outcome: "审批时限压缩一半。"})
			}
		}
		acts(w, proposal.KeyAnswer, w.SignerA, proposal.KeyAnswerIn{ID: w.tasks(id, proposal.DueMilestone)[0].ID, Outcome: "摸底完成。"})
	}
	acts(w, proposal.KeyAnswer, w.SignerA, proposal.KeyAnswerIn{ID: w.tasks(key[0], proposal.DueMilestone)[0].ID, Outcome: "摸底完成。"})
	w.At(w.t, "2026-05-11T09:00")
	w.runs()
	w.runs()
	if n := w.heard(w.HandlerA)["near.requirement"]; n != 1 {
		w.t.Errorf("the unit was reminded %d times before the day", n)
	}
	w.At(w.t, "2026-05-18T09:00")
	w.runs()
	w.runs()
	if a, o, l := w.heard(w.HandlerA)["late.requirement"], w.heard(w.Office)["watch"], w.heard(w.Leader)["watch"]; a != 1 || o != 1 || l != 1 {
		w.t.Errorf("told of what is late: unit %d, office %d, leader %d", a, o, l)
	}
	mine := w.list(w.Leader)
	if len(mine.Mine) != 12 || mine.Late != 1 || len(mine.Mine[0].Overdue) != 1 || mine.Mine[0].Overdue[0].Left != -1 || mine.Mine[0].Overdue[0].BodyName != "市住房和城乡建设局" {
		w.t.Fatalf("the leader's list: %d of his own, %d late, %+v", len(mine.Mine), mine.Late, mine.Mine[0].Overdue)
	}
	x := mine.Mine[0].Overdue[0]
	acts(w, proposal.KeyAnswer, w.HandlerA, proposal.KeyAnswerIn{ID: x.ID, Version: x.Version, Outcome: "已经完成。"})
	no(w, proposal.KeyAnswer, w.HandlerA, proposal.KeyAnswerIn{ID: x.ID, Outcome: "再说一遍"}, fault.Closed, "proposal.key.closed.done")
	if n := w.list(w.Leader).Late; n != 0 {
		w.t.Errorf("%d things are still late", n)
	}
	if got := number(w.t, w.World, `SELECT COUNT(*) FROM fact WHERE kind = 'key.answered' AND body LIKE '%"late":true%'`); got != 1 {
		w.t.Errorf("%d answers came late, want 1", got)
	}
}

// reported: the results go to Party and government; the audit record is whole.
func (w *city) reported(key []string) {
	w.t.Helper()
	for i, id := range key {
		acts(w, proposal.KeyTell, w.Office, proposal.KeyReportIn{ID: id, Kind: "result", Receiver: proposal.OrganBoth, On: "2026-05-18", Reference: "云协发〔2026〕12号", Text: "督办取得成效。"})
		if i == 0 {
			acts(w, proposal.KeyTell, w.Office, proposal.KeyReportIn{ID: id, Kind: "press", Receiver: "云州日报", On: "2026-05-17"})
		}
		if s := w.shown(w.Members[i%5], id); s.Key.State != proposal.KeyReported || len(s.Reports) == 0 || s.Key.Records != 2 {
			w.t.Fatalf("reported: %+v", s.Key)
		}
	}
	for kind, n := range map[string]int64{"key.recommended": 21, "key.approved": 12, "key.noticed": 12, "key.plan-submitted": 13, "key.plan-judged": 13, "key.supervised": 24, "key.instructed": 13,
		"key.reported": 13} {
		if got := w.facts(kind); got != n {
			w.t.Errorf("%d facts %s, want %d", got, kind, n)
		}
	}
	w.CaughtUp(w.t)
	n, found, err := w.App.Verify(w.t.Context(), w.Checkpoints())
	if err != nil || len(found) > 0 || n == 0 {
		w.t.Errorf("audit: %d %v %v", n, found, err)
	}
}
