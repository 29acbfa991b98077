package handling_test

import (
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
)

// object gives a case back, by the handler of a unit, with the leader's consent.
func (w *city) object(handler, signer access.Actor, c handling.Case, unit, to string) {
	w.t.Helper()
	act(w, handling.Object, handler, handling.ObjectIn{ID: w.assignment(c, unit).ID, Reason: "职能已经划转", Unit: w.Bodies[to]})
	act(w, handling.Consent, signer, handling.ErrandIn{ID: w.assignment(c, unit).ID})
}

// TestTheLongWayThroughTheYear takes one case through everything that goes
// sideways: the wrong unit, a late opinion, more time, a reply sent back, a
// proposer who is not satisfied.
func TestTheLongWayThroughTheYear(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, `{"reading":{"on":true,"workdays":5},"objection":{"workdays":7,"ruling_workdays":5,"silence":true,"unit_most":1,"case_most":2}}`)
		c := w.petition(func(c *handling.Case) { c.Proposers = c.Proposers[:1] })
		w.dispatch(c, w.unit("unitC", handling.Lead), w.unit("unitB", handling.Assist))

		w.At(t, "2026-03-04T09:00")
		act(w, handling.Object, w.HandlerC, handling.ObjectIn{ID: w.assignment(c, "unitC").ID, Reason: "电梯加装由住建部门负责", Unit: "市住房和城乡建设局"})
		w.stands(c, handling.Dispatched, handling.HeldForConsent, "市委宣传部")
		refused(t, try(w, handling.Sign, w.HandlerC, handling.SignIn{ID: w.assignment(c, "unitC").ID, Handler: "甲", Phone: "0000-1234567"}), fault.Closed, "handling.object.waits")
		refused(t, try(w, handling.Consent, w.HandlerC, handling.ErrandIn{ID: w.assignment(c, "unitC").ID}), fault.Forbidden, "handling.signer-only")
		refused(t, try(w, handling.RuleObjection, w.GovDesk, handling.RuleIn{ID: w.assignment(c, "unitC").ID, Ruling: "accepted"}), fault.Closed, "handling.object.unconsented")
		act(w, handling.Consent, w.SignerC, handling.ErrandIn{ID: w.assignment(c, "unitC").ID})
		if s := w.stands(c, handling.Dispatched, handling.HeldForRuling, "市政府督查室"); s.DueOn != "2026-03-11" {
			t.Errorf("to be ruled on by %s", s.DueOn)
		}
		refused(t, try(w, handling.RuleObjection, w.PartyDesk, handling.RuleIn{ID: w.assignment(c, "unitC").ID, Ruling: "accepted"}), fault.NotFound, "fault.not-found")
		refused(t, try(w, handling.RuleObjection, w.Office, handling.RuleIn{ID: w.assignment(c, "unitC").ID, Ruling: "accepted"}), fault.Forbidden, "handling.dispatcher-only")
		old := w.assignment(c, "unitC")
		w.At(t, "2026-03-06T09:00")
		act(w, handling.RuleObjection, w.GovDesk, handling.RuleIn{ID: old.ID, Ruling: handling.Accepted})
		w.sees(c, map[string]bool{"handlerA": true, "handlerB": true, "handlerC": false})

		w.sign(w.HandlerA, c, "unitA")
		w.sign(w.HandlerB, c, "unitB")
		w.contact(w.HandlerA, c, "unitA")
		lead := w.assignment(c, "unitA")
		if lead.DueOn <= old.DueOn {
			t.Errorf("the new unit has until %s, the old one had until %s", lead.DueOn, old.DueOn)
		}
		refused(t, try(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: lead.ID, ReplyText: letter("1号", "B")}), fault.Invalid, "handling.reply.owed")
		refused(t, try(w, handling.Waive, w.HandlerA, handling.WaiveIn{ID: w.assignment(c, "unitB").ID, Reason: "x"}), fault.Closed, "handling.waive.early")
		w.At(t, "2026-04-10T09:00")
		refused(t, try(w, handling.Waive, w.HandlerA, handling.WaiveIn{ID: w.assignment(c, "unitB").ID}), fault.Invalid, "handling.required")
		act(w, handling.Waive, w.HandlerA, handling.WaiveIn{ID: w.assignment(c, "unitB").ID, Reason: "逾期未出意见，已电话沟通"})
		refused(t, try(w, handling.Opine, w.HandlerB, handling.OpineIn{ID: w.assignment(c, "unitB").ID, Number: "1", Text: "迟到的意见"}), fault.Closed, "handling.closed.waived")

		w.At(t, "2026-06-01T09:00")
		refused(t, try(w, handling.Extend, w.HandlerA, handling.ExtendIn{ID: lead.ID, Until: "2026-12-31", Reason: "x"}), fault.Invalid, "handling.extend.stop")
		refused(t, try(w, handling.Extend, w.HandlerA, handling.ExtendIn{ID: lead.ID, Until: lead.DueOn, Reason: "x"}), fault.Invalid, "handling.extend.earlier")
		act(w, handling.Extend, w.HandlerA, handling.ExtendIn{ID: lead.ID, Until: "2026-07-10", Reason: "需要实地勘察"})
		x := w.view(w.GovDesk, c).Extensions[0]
		refused(t, try(w, handling.DecideExtension, w.Office, handling.ExtensionIn{ID: x.ID, Decision: handling.Granted}), fault.Forbidden, "handling.extend.not-yours")
		act(w, handling.DecideExtension, w.GovDesk, handling.ExtensionIn{ID: x.ID, Decision: handling.Granted})
		lead = w.assignment(c, "unitA")
		if lead.DueOn != "2026-07-10" || len(lead.Due.Steps) <= len(old.Due.Steps) {
			t.Errorf("due on %s, %d steps", lead.DueOn, len(lead.Due.Steps))
		}
		refused(t, try(w, handling.Extend, w.HandlerA, handling.ExtendIn{ID: lead.ID, Until: "2026-07-20", Reason: "x"}), fault.Closed, "handling.extend.most")

		w.At(t, "2026-07-01T09:00")
		out := w.issue(w.HandlerA, w.SignerA, c, "unitA", "云建〔2026〕1号", "A")
		w.stands(c, handling.Underway, handling.HeldByReader, "市政府督查室")
		refused(t, try(w, handling.Pass, w.PartyDesk, handling.PassIn{ID: out.ID, Version: out.Version}), fault.NotFound, "fault.not-found")
		back := act(w, handling.SendBack, w.GovDesk, handling.ReturnIn{ID: out.ID, Version: out.Version, Words: "没有回答第二条建议"})
		w.stands(c, handling.Underway, handling.HeldByUnit, "市住房和城乡建设局")
		refused(t, try(w, handling.Pass, w.GovDesk, handling.PassIn{ID: out.ID, Version: back.Version}), fault.NotFound, "fault.not-found")
		sent := act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: lead.ID, Version: back.Version, ReplyText: letter("云建〔2026〕1号", "A")})
		sent = act(w, handling.Issue, w.SignerA, handling.IssueIn{ID: sent.ID, Version: sent.Version})
		refused(t, try(w, handling.Pass, w.GovDesk, handling.PassIn{ID: sent.ID, Version: sent.Version, Class: "B"}), fault.Invalid, "handling.required")
		act(w, handling.Pass, w.GovDesk, handling.PassIn{ID: sent.ID, Version: sent.Version, Class: "B", Reason: "还在计划中"})
		if s := w.stands(c, handling.Replied, handling.HeldByProposers, "林知远"); s.Class != "B" {
			t.Errorf("class %s", s.Class)
		}
		v := w.view(w.Members[0], c)
		if r := v.Replies[0]; r.UnitClass != "A" || r.Class != "B" || r.Returns != 1 || r.Late || len(v.Promises) != 1 {
			t.Errorf("the reply as it went out: %+v, %d promises", r, len(v.Promises))
		}
		if len(v.Objections) > 0 || len(v.Extensions) != 1 || len(v.Readings) > 0 || len(w.view(w.HandlerA, c).Readings) != 2 {
			t.Errorf("a proposer sees %d objections, %d extensions, %d readings", len(v.Objections), len(v.Extensions), len(v.Readings))
		}

		w.At(t, "2026-07-06T09:00")
		act(w, handling.Rate, w.Members[0], handling.RateIn{ID: sent.ID, Attitude: "satisfied", Result: "dissatisfied", Reason: "没有时间表"})
		if s := w.stands(c, handling.Underway, handling.HeldAgain, "市住房和城乡建设局"); s.DueOn != "2026-08-05" {
			t.Errorf("the second reply is due on %s", s.DueOn)
		}
		lead = w.assignment(c, "unitA")
		refused(t, try(w, handling.Object, w.HandlerA, handling.ObjectIn{ID: lead.ID, Reason: "x", Unit: "市财政局"}), fault.Closed, "handling.object.again")
		refused(t, try(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: lead.ID, ReplyText: letter("2号", "A")}), fault.Invalid, "handling.reply.no-contact")
		w.contact(w.HandlerA, c, "unitA")
		again := w.issue(w.HandlerA, w.SignerA, c, "unitA", "云建〔2026〕2号", "A")
		again = act(w, handling.Pass, w.GovDesk, handling.PassIn{ID: again.ID, Version: again.Version})
		refused(t, try(w, handling.Rate, w.Members[0], handling.RateIn{ID: sent.ID, Attitude: "satisfied", Result: "satisfied"}), fault.Closed, "handling.rate.twice")
		act(w, handling.Rate, w.Members[0], handling.RateIn{ID: again.ID, Attitude: "satisfied", Result: "satisfied"})
		w.stands(c, handling.Closed, "", "")
		v = w.view(w.Office, c)
		if v.Outcome != "satisfied" || len(v.Replies) != 2 || v.Replies[1].Purpose != handling.AgainReply || v.Replies[1].Round != 2 {
			t.Errorf("the end: %s, %d replies", v.Outcome, len(v.Replies))
		}
		if v.Promises[0].State != handling.PromiseReplaced || v.Promises[1].State != handling.PromiseOpen {
			t.Errorf("promises: %+v", v.Promises)
		}
		w.tallied()
	})
}

// TestSilenceAccepts: who neither signs nor objects in the window cannot give
// the case back any more, and a reply that runs from sign-for has its clock.
func TestSilenceAccepts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, `{"reply_due":{"base":"sign","months":2,"roll":"forward"}}`)
		c := w.petition()
		w.dispatch(c, w.unit("unitA", handling.Sole))
		if a := w.assignment(c, "unitA"); a.ObjectBy != "2026-03-11" || a.DueOn != "" {
			t.Fatalf("objections until %s, due %q", a.ObjectBy, a.DueOn)
		}
		w.At(t, "2026-03-11T20:00")
		w.tasks(t.Context())
		if a := w.assignment(c, "unitA"); !a.BoundAt.IsZero() || !a.May.Rule == false {
			t.Errorf("bound on the last day: %+v", a.BoundAt)
		}
		w.At(t, "2026-03-12T00:10")
		refused(t, try(w, handling.Object, w.HandlerA, handling.ObjectIn{ID: w.assignment(c, "unitA").ID, Reason: "x", Unit: "市财政局"}), fault.Closed, "handling.object.window")
		w.tasks(t.Context())
		w.tasks(t.Context())
		a := w.assignment(c, "unitA")
		if a.BoundAt.IsZero() || a.State != handling.Sent || a.DueOn != "2026-05-11" || w.facts(c, "assignment.bound") != 1 {
			t.Errorf("after the window: bound %v, %s, due %s, %d facts", a.BoundAt, a.State, a.DueOn, w.facts(c, "assignment.bound"))
		}
		w.stands(c, handling.Dispatched, handling.HeldToSign, "市住房和城乡建设局")
		w.sign(w.HandlerA, c, "unitA")
		w.tallied()
	})
}

// TestRulingsBind: one objection per unit, and after so many moves the dispatch
// is final.
func TestRulingsBind(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c := w.petition()
		w.dispatch(c, w.unit("unitA", handling.Lead), w.unit("unitB", handling.Assist))
		act(w, handling.Object, w.SignerA, handling.ObjectIn{ID: w.assignment(c, "unitA").ID, Reason: "不是我们的", Unit: "市委宣传部"})
		refused(t, try(w, handling.RuleObjection, w.GovDesk, handling.RuleIn{ID: w.assignment(c, "unitA").ID, Ruling: "rejected"}), fault.Invalid, "handling.required")
		due := w.assignment(c, "unitA").DueOn
		act(w, handling.RuleObjection, w.GovDesk, handling.RuleIn{ID: w.assignment(c, "unitA").ID, Ruling: "rejected", Words: "三定方案写明由你局负责"})
		w.stands(c, handling.Dispatched, handling.HeldToSign, "市住房和城乡建设局、市财政局")
		if a := w.assignment(c, "unitA"); a.DueOn != due || a.Objected {
			t.Errorf("after the ruling: due %s, was %s, objected %v", a.DueOn, due, a.Objected)
		}
		refused(t, try(w, handling.Object, w.SignerA, handling.ObjectIn{ID: w.assignment(c, "unitA").ID, Reason: "还是不是", Unit: "市委宣传部"}), fault.Closed, "handling.object.most")

		w.object(w.HandlerB, w.SignerB, c, "unitB", "unitC")
		act(w, handling.RuleObjection, w.GovDesk, handling.RuleIn{ID: w.assignment(c, "unitB").ID, Ruling: "accepted", Release: true})
		w.stands(c, handling.Dispatched, handling.HeldToSign, "市住房和城乡建设局")
		w.sees(c, map[string]bool{"handlerB": false})
		refused(t, try(w, handling.WithdrawObjection, w.HandlerA, handling.ErrandIn{ID: w.assignment(c, "unitA").ID}), fault.Closed, "handling.object.none")
		w.tallied()
	})
}

// TestALeadThatGoesToAnAssistingUnit leaves that unit with one part, the lead.
func TestALeadThatGoesToAnAssistingUnit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c := w.petition()
		w.dispatch(c, w.unit("unitA", handling.Lead), w.unit("unitB", handling.Assist), w.unit("unitC", handling.Assist))
		w.object(w.HandlerA, w.SignerA, c, "unitA", "unitB")
		act(w, handling.RuleObjection, w.GovDesk, handling.RuleIn{ID: w.assignment(c, "unitA").ID, Ruling: "accepted"})
		v := w.view(w.Office, c)
		if len(v.Assignments) != 2 || w.assignment(c, "unitB").Role != handling.Lead || w.assignment(c, "unitC").Role != handling.Assist {
			t.Errorf("%+v", v.Assignments)
		}
		w.object(w.HandlerB, w.SignerB, c, "unitB", "unitA")
		act(w, handling.RuleObjection, w.GovDesk, handling.RuleIn{ID: w.assignment(c, "unitB").ID, Ruling: "accepted", Unit: "市委宣传部"})
		refused(t, try(w, handling.Object, w.SignerC, handling.ObjectIn{ID: w.assignment(c, "unitC").ID, Reason: "x", Unit: "市财政局"}), fault.Closed, "handling.object.binds")
		w.tallied()
	})
}

// TestCountersigning: everybody agrees, or who dispatched the case decides, and
// the decision binds.
func TestCountersigning(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, `{"together":{"required":true,"countersign":true,"countersign_days":5}}`)
		c := w.petition()
		w.dispatch(c, w.unit("unitA", handling.Lead), w.unit("unitB", handling.Assist), w.unit("unitC", handling.Assist))
		for _, u := range []struct {
			who  access.Actor
			unit string
		}{{w.HandlerB, "unitB"}, {w.HandlerC, "unitC"}} {
			w.sign(u.who, c, u.unit)
			act(w, handling.Opine, u.who, handling.OpineIn{ID: w.assignment(c, u.unit).ID, Number: "1号", Text: "同意"})
		}
		w.sign(w.HandlerA, c, "unitA")
		w.contact(w.HandlerA, c, "unitA")
		a := w.assignment(c, "unitA")
		out := act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: a.ID, ReplyText: letter("1号", "A")})
		w.stands(c, handling.Underway, handling.HeldToAgree, "市财政局、市委宣传部")
		refused(t, try(w, handling.Issue, w.SignerA, handling.IssueIn{ID: out.ID, Version: out.Version}), fault.Closed, "handling.reply.closed.countersigning")
		if _, err := handling.ShowReply.Do(t.Context(), w.App, w.GovDesk, handling.ReadIn{ID: out.ID}); !fault.Is(err, fault.NotFound) {
			t.Errorf("the desk reads a draft that nobody disputes: %v", err)
		}
		act(w, handling.CountersignReply, w.HandlerB, handling.CountersignIn{ID: out.ID, Answer: handling.Agreed})
		refused(t, try(w, handling.CountersignReply, w.SignerB, handling.CountersignIn{ID: out.ID, Answer: handling.Disagreed, Words: "x"}), fault.Closed, "handling.countersign.twice")
		refused(t, try(w, handling.CountersignReply, w.HandlerC, handling.CountersignIn{ID: out.ID, Answer: handling.Disagreed}), fault.Invalid, "handling.required")
		refused(t, try(w, handling.CountersignReply, w.HandlerA, handling.CountersignIn{ID: out.ID, Answer: handling.Agreed}), fault.Forbidden, "handling.countersign.assist-only")
		act(w, handling.CountersignReply, w.HandlerC, handling.CountersignIn{ID: out.ID, Answer: handling.Disagreed, Words: "资金口径不对"})
		w.stands(c, handling.Underway, handling.HeldForDecision, "市政府督查室")
		revised := act(w, handling.DecideDispute, w.GovDesk, handling.DisputeIn{ID: out.ID, Decision: handling.Revise, Words: "请按财政口径修改"})
		w.stands(c, handling.Underway, handling.HeldByUnit, "市住房和城乡建设局")
		out = act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: a.ID, Version: revised.Version, ReplyText: letter("1号", "A")})
		act(w, handling.CountersignReply, w.HandlerC, handling.CountersignIn{ID: out.ID, Answer: handling.Disagreed, Words: "仍不同意"})
		act(w, handling.Waive, w.GovDesk, handling.WaiveIn{ID: w.assignment(c, "unitB").ID, Reason: "x"})
		out = act(w, handling.DecideDispute, w.GovDesk, handling.DisputeIn{ID: out.ID, Decision: handling.Stands, Words: "按主办意见办"})
		w.stands(c, handling.Underway, handling.HeldBySigner, "市住房和城乡建设局")
		recalled := act(w, handling.Recall, w.HandlerA, handling.RecallIn{ID: out.ID})
		w.stands(c, handling.Underway, handling.HeldByUnit, "市住房和城乡建设局")
		if recalled.State != handling.Drafted {
			t.Errorf("recalled: %+v", recalled)
		}
		w.tallied()
	})
}

// TestTheLastWord: when the rounds are used up the committee rules, and its
// ruling ends the case or begins one more round.
func TestTheLastWord(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, `{"again":{"on":"either","due":{"base":"rating","days":30},"rounds":1,"ruling":true}}`)
		c := w.petition(func(c *handling.Case) { c.Proposers = c.Proposers[:1] })
		w.dispatch(c, w.unit("unitA", handling.Sole))
		w.sign(w.HandlerA, c, "unitA")
		w.contact(w.HandlerA, c, "unitA")
		one := w.issue(w.HandlerA, w.SignerA, c, "unitA", "1号", "A")
		act(w, handling.Rate, w.Members[0], handling.RateIn{ID: one.ID, Attitude: "dissatisfied", Result: "satisfied", Reason: "没有见面"})
		w.stands(c, handling.Replied, handling.HeldForLastWord, "")
		in := handling.LastWordIn{Kind: c.Kind, ID: c.ID, Decision: handling.LastAgain, Words: "请主要负责人当面沟通"}
		refused(t, try(w, handling.SayLastWord, w.Office, in), fault.Forbidden, "handling.chief-only")
		act(w, handling.SayLastWord, w.Chief, in)
		w.stands(c, handling.Underway, handling.HeldAgain, "市住房和城乡建设局")
		w.contact(w.HandlerA, c, "unitA")
		two := w.issue(w.HandlerA, w.SignerA, c, "unitA", "2号", "A")
		act(w, handling.Rate, w.Members[0], handling.RateIn{ID: two.ID, Attitude: "dissatisfied", Result: "dissatisfied", Reason: "还是没有"})
		w.stands(c, handling.Replied, handling.HeldForLastWord, "")
		act(w, handling.SayLastWord, w.Chief, handling.LastWordIn{Kind: c.Kind, ID: c.ID, Decision: handling.LastClose, Words: "情况属实，条件所限"})
		w.stands(c, handling.Closed, "", "")
		if v := w.view(w.Members[0], c); v.Outcome != "dissatisfied" || v.LastWords[1].Words != "情况属实，条件所限" {
			t.Errorf("the end: %s %+v", v.Outcome, v.LastWords)
		}
		refused(t, try(w, handling.SayLastWord, w.Chief, in), fault.Closed, "handling.last-word.none")
		w.tallied()
	})
}

// TestABecomesA: a follow-up raises the class; the reply of the year keeps its own.
func TestAFollowUpRaisesTheClass(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c := w.petition(func(c *handling.Case) { c.Proposers = c.Proposers[:1] })
		w.dispatch(c, w.unit("unitA", handling.Sole))
		w.sign(w.HandlerA, c, "unitA")
		w.contact(w.HandlerA, c, "unitA")
		one := w.issue(w.HandlerA, w.SignerA, c, "unitA", "1号", "B")
		refused(t, try(w, handling.BeginFollowUp, w.HandlerB, handling.FollowUpIn{ID: w.assignment(c, "unitA").ID}), fault.NotFound, "fault.not-found")
		act(w, handling.Rate, w.Members[0], handling.RateIn{ID: one.ID, Attitude: "satisfied", Result: "satisfied"})
		w.stands(c, handling.Closed, "", "")
		w.At(t, "2026-11-02T09:00")
		a := w.assignment(c, "unitA")
		draft := act(w, handling.BeginFollowUp, w.HandlerA, handling.FollowUpIn{ID: a.ID})
		refused(t, try(w, handling.BeginFollowUp, w.HandlerA, handling.FollowUpIn{ID: a.ID}), fault.Closed, "handling.follow-up.begun")
		act(w, handling.DropFollowUp, w.HandlerA, handling.RecallIn{ID: draft.ID})
		draft = act(w, handling.BeginFollowUp, w.HandlerA, handling.FollowUpIn{ID: a.ID})
		text := letter("云建〔2026〕9号", "A")
		text.Promises = nil
		out := act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: a.ID, Version: draft.Version, ReplyText: text})
		act(w, handling.Issue, w.SignerA, handling.IssueIn{ID: out.ID, Version: out.Version})
		if s := w.stands(c, handling.Closed, "", ""); s.Class != "A" {
			t.Errorf("class %s", s.Class)
		}
		v := w.view(w.Members[0], c)
		if v.Replies[0].Class != "B" || v.Replies[1].Class != "A" || v.Replies[1].Purpose != handling.FollowUp || v.Outcome != "satisfied" {
			t.Errorf("%+v", v.Replies)
		}
		w.tallied()
	})
}

// TestTwoDecideAboutMoreTime: where the profile wants both, the desk endorses
// and the office decides; a reply that comes first ends the wish.
func TestTwoDecideAboutMoreTime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, `{"extension":{"approver":"both","months":2,"most":2}}`)
		c := w.petition()
		w.dispatch(c, w.unit("unitA", handling.Sole))
		refused(t, try(w, handling.Extend, w.HandlerA, handling.ExtendIn{ID: w.assignment(c, "unitA").ID, Until: "2026-06-20", Reason: "x"}), fault.Closed, "handling.sign-first")
		w.sign(w.HandlerA, c, "unitA")
		a := w.assignment(c, "unitA")
		act(w, handling.Extend, w.HandlerA, handling.ExtendIn{ID: a.ID, Until: "2026-06-20", Reason: "勘察"})
		refused(t, try(w, handling.Extend, w.SignerA, handling.ExtendIn{ID: a.ID, Until: "2026-06-25", Reason: "勘察"}), fault.Closed, "handling.extend.waits")
		x := w.view(w.Office, c).Extensions[0]
		refused(t, try(w, handling.DecideExtension, w.Office, handling.ExtensionIn{ID: x.ID, Decision: handling.Granted}), fault.Forbidden, "handling.extend.not-yours")
		act(w, handling.DecideExtension, w.GovDesk, handling.ExtensionIn{ID: x.ID, Decision: handling.Granted})
		if got := w.assignment(c, "unitA").DueOn; got != a.DueOn {
			t.Errorf("endorsed only, and due on %s", got)
		}
		refused(t, try(w, handling.DecideExtension, w.GovDesk, handling.ExtensionIn{ID: x.ID, Decision: handling.Granted}), fault.Forbidden, "handling.extend.not-yours")
		refused(t, try(w, handling.DecideExtension, w.Chief, handling.ExtensionIn{ID: x.ID, Decision: handling.Refused}), fault.Invalid, "handling.required")
		act(w, handling.DecideExtension, w.Chief, handling.ExtensionIn{ID: x.ID, Decision: handling.Granted, Until: "2026-06-15"})
		if got := w.assignment(c, "unitA").DueOn; got != "2026-06-15" {
			t.Errorf("due on %s", got)
		}
		refused(t, try(w, handling.DecideExtension, w.Chief, handling.ExtensionIn{ID: x.ID, Decision: handling.Granted}), fault.Closed, "handling.extend.decided")
		act(w, handling.Extend, w.HandlerA, handling.ExtendIn{ID: a.ID, Until: "2026-07-20", Reason: "再勘察"})
		w.contact(w.HandlerA, c, "unitA")
		w.issue(w.HandlerA, w.SignerA, c, "unitA", "1号", "A")
		for _, x := range w.view(w.Office, c).Extensions {
			if x.Open() {
				t.Errorf("open after the reply: %+v", x)
			}
		}
		w.tallied()
	})
}

// TestBlindRatings: the unit sees no rating before everybody has rated.
func TestBlindRatings(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, `{"blind":true,"questions":[{"code":"practical","name":"措施是否可行"}]}`)
		c := w.petition()
		w.dispatch(c, w.unit("unitA", handling.Sole))
		w.sign(w.HandlerA, c, "unitA")
		w.contact(w.HandlerA, c, "unitA")
		r := w.issue(w.HandlerA, w.SignerA, c, "unitA", "1号", "A")
		in := handling.RateIn{ID: r.ID, Attitude: "satisfied", Result: "satisfied"}
		refused(t, try(w, handling.Rate, w.Members[0], in), fault.Invalid, "handling.choose")
		in.Answers = []handling.Answer{{Code: "practical", Grade: "basically"}, {Code: "unknown", Grade: "x"}}
		act(w, handling.Rate, w.Members[0], in)
		if got := w.view(w.HandlerA, c).Replies[0].Ratings; len(got) > 0 {
			t.Errorf("the unit sees %+v", got)
		}
		if got := w.view(w.Office, c).Replies[0].Ratings; len(got) != 1 || got[0].Answers["practical"] != "basically" || len(got[0].Answers) != 1 {
			t.Errorf("the office sees %+v", got)
		}
		act(w, handling.Rate, w.Members[1], in)
		if got := w.view(w.HandlerA, c).Replies[0].Ratings; len(got) != 2 {
			t.Errorf("after the last one the unit sees %+v", got)
		}
	})
}
