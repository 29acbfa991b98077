package proposal_test

import (
	"fmt"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/document"
	"tongxin/internal/fault"
	"tongxin/internal/proposal"
	"tongxin/internal/testkit"
)

// TestWhoReadsWhatOfAKeyProposal is the table of what each of those who see a
// key proposal reads of it.
func TestWhoReadsWhatOfAKeyProposal(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		special := testkit.Acting(w.Also(w.t, w.Members[4], access.Convener, "special", "主任"), access.Convener)
		other := w.Also(w.t, w.Members[3], access.Leader, "committee", "副市长")
		other = testkit.Acting(other, access.Leader)
		id := w.filed(1)[0]
		w.dispatched(id)
		w.made(id)
		acts(w, proposal.KeySubmitPlan, w.HandlerA, planOf(id))
		first := supervision(id, w.Bodies["unitC"], "2026-05-15")
		first.HeldOn = "2026-02-02"
		acts(w, proposal.KeySupervise, w.Office, first)
		acts(w, proposal.KeyInstruct, w.Leader, proposal.KeyInstructIn{ID: id, Text: "请财政保障。", Body: w.Bodies["unitB"], DueOn: "2026-05-15"})
		for _, c := range []struct {
			name string
			who  access.Actor
			want string
		}{
			{"office", w.Office, "plan record names instruction requirement follow-up whole"},
			{"chief", w.Chief, "plan record names instruction requirement follow-up whole"},
			{"leader who leads", w.Leader, "plan record names instruction requirement follow-up whole"},
			{"another leader", other, "record requirement whole"},
			{"proposer", w.Members[0], "record names requirement whole"},
			{"reviewer", w.Reviewer, "record requirement whole"},
			{"supervision office of the case", w.GovDesk, "plan record instruction requirement follow-up whole"},
			{"main unit", w.HandlerA, "plan record names requirement whole"},
			{"unit that follows up", w.HandlerB, "plan record names instruction requirement follow-up whole"},
			{"unit that is merely named", w.HandlerC, "requirement"},
			{"assisting committee", special, "record names requirement"},
		} {
			if got := w.reads(c.who, id); got != c.want {
				t.Errorf("%s reads %q, want %q", c.name, got, c.want)
			}
		}
		acts(w, proposal.KeyJudgePlan, w.Office, proposal.KeyJudgePlanIn{ID: id, Verdict: "accepted", Words: "同意。"})
		s := w.shown(w.Members[0], id)
		if s.Plan == nil || s.Plan.Words != "" {
			t.Errorf("the proposer reads the accepted plan as %+v", s.Plan)
		}
		acts(w, proposal.KeyInstruct, other, proposal.KeyInstructIn{ID: id, Text: "阅。", Body: w.Bodies["deskP"], DueOn: "2026-05-16"})
		if got := w.reads(other, id); got != "plan record instruction requirement follow-up whole" {
			t.Errorf("a leader who wrote an instruction reads %q", got)
		}
		if n := len(w.shown(w.PartyDesk, id).Key.Tasks); n != 1 {
			t.Errorf("a supervision office that is merely named sees %d things", n)
		}
	})
}

// reads tells what somebody reads of a key proposal, in words.
func (w *city) reads(who access.Actor, id string) string {
	w.t.Helper()
	s := w.shown(who, id)
	var list []string
	add := func(ok bool, word string) {
		if ok {
			list = append(list, word)
		}
	}
	add(s.Plan != nil, "plan")
	add(len(s.Records) > 0, "record")
	add(len(s.Records) > 0 && s.Records[0].Participants != "", "names")
	add(len(s.Instructions) > 0, "instruction")
	for _, kind := range []string{proposal.DueRequirement, proposal.DueFollowUp} {
		n := 0
		for _, x := range s.Key.Tasks {
			if x.Kind == kind {
				n++
			}
		}
		add(n > 0, strings.ReplaceAll(kind, "_", "-"))
	}
	add(s.Whole, "whole")
	return strings.Join(list, " ")
}

// TestFilesOfASupervision: who reads the names reads the report; staff adds it.
func TestFilesOfASupervision(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		id := w.filed(1)[0]
		w.made(id)
		in := supervision(id, w.Bodies["unitC"], "2026-05-15")
		in.HeldOn = "2026-02-02"
		record := acts(w, proposal.KeySupervise, w.Office, in).Made
		for _, c := range []struct {
			who       access.Actor
			read, may bool
		}{{w.Office, true, true}, {w.Leader, true, false}, {w.Members[0], true, false}, {w.Reviewer, false, false}, {w.HandlerC, false, false}, {w.Members[1], false, false},
			{w.Stranger, false, false}, {w.SysAdmin, false, false}} {
			out, err := document.Listing.Do(w.t.Context(), w.App, c.who, document.ListIn{Kind: proposal.KeyFilesKind, ID: record})
			if (err == nil) != c.read || out.MayAttach != c.may || err != nil && !fault.Is(err, fault.NotFound) {
				t.Errorf("%s (%s): %+v %v", c.who.Name, c.who.Post.Kind, out, err)
			}
		}
		acts(w, proposal.KeyRelease, w.Chief, proposal.KeyReleaseIn{ID: id, Reason: "已并入专项工作。"})
		if out, err := document.Listing.Do(w.t.Context(), w.App, w.Office, document.ListIn{Kind: proposal.KeyFilesKind, ID: record}); err != nil || out.MayAttach {
			t.Errorf("after the release: %+v %v", out, err)
		}
		_, err := document.Listing.Do(w.t.Context(), w.App, w.Office, document.ListIn{Kind: proposal.KeyFilesKind, ID: "none"})
		refused(t, err, fault.NotFound, "fault.not-found")
	})
}

// TestTheRulesOfKeyProposals asks every rule for everybody who stands nearest
// to it, and for strangers.
func TestTheRulesOfKeyProposals(t *testing.T) {
	t.Parallel()
	m := proposal.Module()
	rows := map[string]map[string]bool{}
	acts := map[string]app.Definition{}
	for _, d := range m.Actions {
		acts[d.Name()] = d
	}
	for _, r := range m.Relations {
		if !strings.HasPrefix(r.Action, "key.") {
			continue
		}
		if rows[r.Action] == nil {
			rows[r.Action] = map[string]bool{}
		}
		rows[r.Action][r.Name] = true
		for _, kind := range access.PostKinds() {
			p := access.Post{ID: "post", Kind: kind, BodyID: "body", BodyKind: "committee"}
			who := access.Actor{CommitteeID: "committee", PersonID: "person", Post: p, Posts: []access.Post{p}}
			v := acts[r.Action].Judge(who, r.Subject(who))
			if r.Name == "stranger" && !v.Hidden() && kind != access.System {
				t.Errorf("%s answers a stranger (%s) with %s", r.Action, kind, v)
			}
			admin := kind == access.SystemAdmin || kind == access.SecurityAdmin || kind == access.Auditor
			if admin && !v.Hidden() {
				t.Errorf("%s answers %s with %s", r.Action, kind, v)
			}
		}
	}
	for name := range acts {
		if strings.HasPrefix(name, "key.") && !rows[name]["stranger"] {
			t.Errorf("%s has no row for a stranger", name)
		}
	}
	if len(rows) != 18 {
		t.Errorf("%d acts on key proposals have rows", len(rows))
	}
}

// TestAbsurdAndHostile: what nobody should send is refused with a sentence, or
// as if the thing were not there.
func TestAbsurdAndHostile(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		all := w.filed(3)
		w.dispatched(all...)
		no(w, proposal.KeyRecommend, w.Office, proposal.KeyRecommendIn{ID: all[0], Criteria: []string{"people"}, Reason: "x"}, fault.Closed, "proposal.key.recommend.not-open")
		no(w, proposal.KeyOpen, w.Office, proposal.KeyOpenIn{Session: "nowhere"}, fault.NotFound, "fault.not-found")
		no(w, proposal.KeyOpen, w.Leader, proposal.KeyOpenIn{Session: w.Session}, fault.NotFound, "fault.not-found")
		no(w, proposal.KeyOpen, w.Office, proposal.KeyOpenIn{Session: w.Session, Year: 26}, fault.Invalid, "proposal.key.open.year")
		w.made(all[:2]...)
		no(w, proposal.KeyOpen, w.Office, proposal.KeyOpenIn{Session: w.Session}, fault.Closed, "proposal.key.open.twice")
		no(w, proposal.KeyRecommend, w.Office, proposal.KeyRecommendIn{ID: all[0], Criteria: []string{"people"}, Reason: "x"}, fault.Closed, "proposal.key.closed.approved")
		no(w, proposal.KeyRecommend, w.Office, proposal.KeyRecommendIn{ID: all[2], Criteria: []string{"people"}, Reason: "x"}, fault.Closed, "proposal.key.closed.decided")
		no(w, proposal.KeyMove, w.Office, proposal.KeyMoveIn{Session: w.Session, To: "recommending"}, fault.Invalid, "proposal.key.words-missing")
		no(w, proposal.KeyMove, w.Office, proposal.KeyMoveIn{Session: w.Session, To: "decided"}, fault.Invalid, "proposal.key.move.unknown")
		no(w, proposal.KeyMove, w.Office, proposal.KeyMoveIn{Session: w.Session, To: "recommending", Reason: "补充", Version: 1}, fault.Stale, "fault.stale")
		id := all[0]
		long := strings.Repeat("长", 4001)
		in := planOf(id)
		in.Text = long
		no(w, proposal.KeySubmitPlan, w.HandlerA, in, fault.Invalid, "proposal.key.words-long")
		in = planOf(id)
		in.Text = "本件属机密★1年"
		no(w, proposal.KeySubmitPlan, w.HandlerA, in, fault.Invalid, "proposal.field.secret")
		in = planOf(id)
		in.Milestones = []proposal.KeyMilestone{{Text: "昨天完成", DueOn: "2026-02-01"}}
		no(w, proposal.KeySubmitPlan, w.HandlerA, in, fault.Invalid, "proposal.key.date-past")
		in.Milestones = nil
		no(w, proposal.KeySubmitPlan, w.HandlerA, in, fault.Invalid, "proposal.key.plan.no-milestone")
		no(w, proposal.KeySubmitPlan, w.Office, planOf(id), fault.Forbidden, "handling.unit-has-account")
		no(w, proposal.KeySubmitPlan, w.HandlerC, planOf(id), fault.NotFound, "fault.not-found")
		no(w, proposal.KeySubmitPlan, w.HandlerA, planOf(all[2]), fault.NotFound, "fault.not-found")
		no(w, proposal.KeyJudgePlan, w.Office, proposal.KeyJudgePlanIn{ID: id, Verdict: "accepted"}, fault.Closed, "proposal.key.closed.plan_awaited")
		no(w, proposal.KeyArrange, w.Office, proposal.KeyArrangeIn{ID: id, Leaders: []proposal.KeyLeader{{PersonID: w.Members[0].PersonID, Organ: "party", Role: "handles"}}}, fault.Invalid, "proposal.key.leader.unknown")
		no(w, proposal.KeyArrange, w.Office, proposal.KeyArrangeIn{ID: id, Leaders: []proposal.KeyLeader{{}, {Name: "高远", Organ: "army", Role: "x"}}}, fault.Invalid, "proposal.key.leader.organ")
		no(w, proposal.KeyArrange, w.Office, proposal.KeyArrangeIn{ID: id}, fault.Invalid, "proposal.key.arrange.no-leader")
		no(w, proposal.KeyArrange, w.Office, proposal.KeyArrangeIn{ID: id, Assist: w.Bodies["unitA"], Leaders: []proposal.KeyLeader{{Name: "高远", Organ: "party", Role: "handles"}}}, fault.Invalid, "proposal.key.assist.unknown")
		s := supervision(id, w.Bodies["unitA"], "2026-05-15")
		s.HeldOn = "2026-02-03"
		no(w, proposal.KeySupervise, w.Office, s, fault.Invalid, "proposal.key.date-future")
		s.HeldOn, s.Form = "2026-02-02", "dinner"
		no(w, proposal.KeySupervise, w.Office, s, fault.Invalid, "proposal.review.not-offered")
		s.Form, s.Version = "visit", 99
		no(w, proposal.KeySupervise, w.Office, s, fault.Stale, "fault.stale")
		s.Version = 0
		no(w, proposal.KeySupervise, w.HandlerA, s, fault.Forbidden, "proposal.key.office-only")
		no(w, proposal.KeySupervise, w.Members[1], s, fault.NotFound, "fault.not-found")
		no(w, proposal.KeyInstruct, w.Leader, proposal.KeyInstructIn{ID: id, Text: "x", Body: w.Bodies["deskG"]}, fault.Invalid, "proposal.key.date-missing")
		no(w, proposal.KeyInstruct, w.Leader, proposal.KeyInstructIn{ID: id, Text: "x", DueOn: "2026-05-01"}, fault.Invalid, "proposal.key.body-missing")
		no(w, proposal.KeyInstruct, w.Leader, proposal.KeyInstructIn{ID: id, Text: "x", Level: "galaxy"}, fault.Invalid, "proposal.review.not-offered")
		no(w, proposal.KeyInstruct, w.Office, proposal.KeyInstructIn{ID: id, Text: "x"}, fault.Invalid, "proposal.key.instruct.who")
		no(w, proposal.KeyTell, w.Office, proposal.KeyReportIn{ID: id, Kind: "result", Receiver: "moon", On: "2026-02-01", Reference: "1", Text: "x"}, fault.Invalid, "proposal.review.not-offered")
		no(w, proposal.KeyTell, w.Office, proposal.KeyReportIn{ID: id, Kind: "result", Receiver: "both", On: "2026-02-01"}, fault.Invalid, "proposal.key.words-missing")
		no(w, proposal.KeyRelease, w.Office, proposal.KeyReleaseIn{ID: id, Reason: "x"}, fault.Forbidden, "proposal.key.chief-only")
		no(w, proposal.KeyAnswer, w.HandlerA, proposal.KeyAnswerIn{ID: w.tasks(id, proposal.DuePlan)[0].ID, Outcome: "x"}, fault.Closed, "proposal.key.answer.plan")
		no(w, proposal.KeyAnswer, w.HandlerA, proposal.KeyAnswerIn{ID: "none", Outcome: "x"}, fault.NotFound, "fault.not-found")
	})
}

// TestTheSameTwice: a repetition with the same key has one effect.
func TestTheSameTwice(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		id := w.filed(1)[0]
		w.made(id)
		in := supervision(id, w.Bodies["unitA"], "2026-05-15")
		in.HeldOn = "2026-02-02"
		who := testkit.Keyed(w.Office, "once")
		first := acts(w, proposal.KeySupervise, who, in)
		if again := acts(w, proposal.KeySupervise, who, in); again != first {
			t.Errorf("answered %+v, then %+v", first, again)
		}
		if n := len(w.tasks(id, proposal.DueRequirement)); n != 1 {
			t.Errorf("%d requirements", n)
		}
		if got := fmt.Sprint(w.facts("key.supervised")); got != "1" {
			t.Errorf("%s facts", got)
		}
	})
}
