package handling_test

import (
	"fmt"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/notify"
	"tongxin/internal/organization"
)

// TestTheLastWordComesBeforeTheEnd: where the committee confirms the end, nobody
// closes a case over the chief's last word.
func TestTheLastWordComesBeforeTheEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, allRules[:len(allRules)-1]+`,"closing":"confirmed"}`)
		x := w.way("")
		x.exhausted()
		x.stands(x.c, handling.Replied, handling.HeldForLastWord, "")
		refused(t, try(x.city, handling.CloseCase, x.Office, handling.CloseIn{Kind: x.c.Kind, ID: x.c.ID}), fault.Closed, "handling.close.last-word")
		act(x.city, handling.SayLastWord, x.Chief, handling.LastWordIn{Kind: x.c.Kind, ID: x.c.ID, Decision: handling.LastClose, Words: "到此为止"})
		act(x.city, handling.CloseCase, x.Office, handling.CloseIn{Kind: x.c.Kind, ID: x.c.ID})
	})
}

// TestASecondHandlingTakesAFurtherReplyUp: what was being written as a further
// reply is checked and rated as the reply of the second handling.
func TestASecondHandlingTakesAFurtherReplyUp(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, allRules)
		for _, state := range []handling.ReplyState{handling.Drafted, handling.Signing, handling.Reading} {
			x := w.way(string(state))
			x.issued()
			r := act(x.city, handling.BeginFollowUp, x.HandlerA, handling.FollowUpIn{ID: x.a()})
			if state != handling.Drafted {
				r = act(x.city, handling.Submit, x.HandlerA, handling.SubmitIn{ID: x.a(), Version: r.Version, ReplyText: x.text()})
			}
			if state == handling.Reading {
				act(x.city, handling.Issue, x.SignerA, handling.IssueIn{ID: r.ID, Version: r.Version})
			}
			x.dissatisfied()
			if got := x.work(); got.ID != r.ID || got.Purpose != handling.AgainReply || got.State != handling.Drafted {
				t.Errorf("%s: the further reply is %s, %s", state, got.Purpose, got.State)
			}
			act(x.city, handling.Submit, x.HandlerA, handling.SubmitIn{ID: x.a(), Version: x.work().Version, ReplyText: x.text()})
			act(x.city, handling.CountersignReply, x.HandlerB, handling.CountersignIn{ID: r.ID, Answer: handling.Agreed})
			act(x.city, handling.Issue, x.SignerA, handling.IssueIn{ID: r.ID, Version: x.work().Version})
			act(x.city, handling.Pass, x.GovDesk, handling.PassIn{ID: r.ID, Version: x.work().Version})
			x.stands(x.c, handling.Replied, handling.HeldByProposers, "林知远")
		}
	})
}

// TestAFurtherReplyThatWasReadStays: what came back from a reading is part of the
// record; it is changed and sent again, not thrown away.
func TestAFurtherReplyThatWasReadStays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, allRules)
		x := w.way("")
		x.issued()
		r := act(x.city, handling.BeginFollowUp, x.HandlerA, handling.FollowUpIn{ID: x.a()})
		r = act(x.city, handling.Submit, x.HandlerA, handling.SubmitIn{ID: x.a(), Version: r.Version, ReplyText: x.text()})
		r = act(x.city, handling.Issue, x.SignerA, handling.IssueIn{ID: r.ID, Version: r.Version})
		act(x.city, handling.SendBack, x.GovDesk, handling.ReturnIn{ID: r.ID, Version: r.Version, Words: "补充依据"})
		if x.assignmentOf(x.HandlerA).May.Drop {
			t.Error("it is offered to throw it away")
		}
		refused(t, try(x.city, handling.DropFollowUp, x.HandlerA, handling.RecallIn{ID: r.ID}), fault.Closed, "handling.follow-up.read")
	})
}

func (x *way) assignmentOf(who access.Actor) handling.Assigned {
	for _, a := range x.view(who, x.c).Assignments {
		if a.ID == x.a() {
			return a
		}
	}
	return handling.Assigned{}
}

// TestNobodyAgreesToWhatHeHasNotRead: a draft that changed since is another draft.
func TestNobodyAgreesToWhatHeHasNotRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, allRules)
		x := w.way("")
		x.submitted()
		old := x.work().Version
		act(x.city, handling.Recall, x.HandlerA, handling.RecallIn{ID: x.work().ID})
		act(x.city, handling.Submit, x.HandlerA, handling.SubmitIn{ID: x.a(), Version: x.work().Version, ReplyText: x.text()})
		id := x.work().ID
		refused(t, try(x.city, handling.CountersignReply, x.HandlerB, handling.CountersignIn{ID: id, Version: old, Answer: handling.Agreed}), fault.Stale, "fault.stale")
		act(x.city, handling.CountersignReply, x.HandlerB, handling.CountersignIn{ID: id, Version: x.work().Version, Answer: handling.Disagreed, Words: "数字不对"})
		refused(t, try(x.city, handling.DecideDispute, x.GovDesk, handling.DisputeIn{ID: id, Version: old, Decision: handling.Stands, Words: "维持"}), fault.Stale, "fault.stale")
		act(x.city, handling.DecideDispute, x.GovDesk, handling.DisputeIn{ID: id, Version: x.work().Version, Decision: handling.Stands, Words: "维持"})
	})
}

// TestALeadDoesNotRidItselfOfANo: a unit whose opinion is late may be waived by
// the lead, but not when it disagrees with the draft.
func TestALeadDoesNotRidItselfOfANo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, allRules)
		x := w.way("")
		ways()["no-opinion"](x)
		act(x.city, handling.CountersignReply, x.HandlerB, handling.CountersignIn{ID: x.work().ID, Answer: handling.Disagreed, Words: "数字不对"})
		w.At(t, "2026-05-20T09:00")
		refused(t, try(x.city, handling.Waive, x.HandlerA, handling.WaiveIn{ID: x.b(), Reason: "逾期"}), fault.Closed, "handling.waive.disputed")
		act(x.city, handling.Waive, x.GovDesk, handling.WaiveIn{ID: x.b(), Reason: "意见已当面协调"})
	})
}

// TestProposersDoNotReadWhatUnitsSettle: objections, rulings and why a unit was
// let out stay between units and who dispatched to them.
func TestProposersDoNotReadWhatUnitsSettle(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, allRules)
		x := w.way("")
		ways()["both-object"](x)
		act(x.city, handling.Waive, x.GovDesk, handling.WaiveIn{ID: x.b(), Reason: "内部理由"})
		act(x.city, handling.Consent, x.SignerA, handling.ErrandIn{ID: x.a()})
		act(x.city, handling.RuleObjection, x.GovDesk, handling.RuleIn{ID: x.a(), Ruling: handling.Accepted})
		for _, a := range x.view(x.Members[0], x.c).Assignments {
			if a.Objected || a.ObjectBy != "" || a.WaiveReason+a.WaivedName+a.Note != "" || len(a.ObjectDue.Steps) > 0 {
				t.Errorf("a proposer reads %+v", a.Assignment)
			}
		}
		if v := x.view(x.GovDesk, x.c); len(v.Objections) != 2 || v.Objections[0].Ruling == "" || v.Objections[1].Ruling == "" {
			t.Errorf("objections %+v", v.Objections)
		}
	})
}

// TestAChangedCalendarMovesWhatWaitsOfOthers: rulings, countersigning, readings.
func TestAChangedCalendarMovesWhatWaitsOfOthers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, allRules)
		rule, agree, read, further := w.way("甲"), w.way("乙"), w.way("丙"), w.way("丁")
		ways()["to-rule"](rule)
		agree.submitted()
		read.reading()
		further.issued()
		r := act(further.city, handling.BeginFollowUp, further.HandlerA, handling.FollowUpIn{ID: further.a()})
		r = act(further.city, handling.Submit, further.HandlerA, handling.SubmitIn{ID: further.a(), Version: r.Version, ReplyText: further.text()})
		act(further.city, handling.Issue, further.SignerA, handling.IssueIn{ID: r.ID, Version: r.Version})
		days := func() [4]string {
			return [4]string{rule.view(w.Office, rule.c).Objections[0].RuleBy, agree.view(w.Office, agree.c).Countersigns[0].DueOn, read.work().ReadByOn, further.work().ReadByOn}
		}
		was := days()
		w.inside(w.Chief, func(k *app.Call) error {
			_, err := k.Tx().Exec(k.Ctx(), "INSERT INTO calendar_version (committee_id, version) VALUES (?, 1)", w.CommitteeID)
			if err == nil {
				_, err = k.Tx().Exec(k.Ctx(), "INSERT INTO calendar_notice (committee_id, year, notice, version) VALUES (?, 2026, ?, 1)", w.CommitteeID,
					`{"year":2026,"number":"测试通知","exceptions":[{"on":"2026-03-03","kind":"holiday","name":"元旦"}]}`)
			}
			if err == nil {
				err = k.Record(calendarChanged{}, "calendar", "2026")
			}
			return err
		})
		w.CaughtUp(t)
		for i, now := range days() {
			if now <= was[i] {
				t.Errorf("day %d stays %s", i, now)
			}
		}
		if s, _ := rule.standing(rule.c); s.DueOn != days()[0] {
			t.Errorf("the case is held until %s", s.DueOn)
		}
	})
}

// TestWhatIsSignedOffKeepsItsName: a letter before its reader goes out under the
// name of the unit whose leader signed it, or comes back to the unit that has the
// case now.
func TestWhatIsSignedOffKeepsItsName(t *testing.T) {
	t.Parallel()
	changing(t, func(t *testing.T, w *city) {
		w.rules(1, allRules)
		for _, back := range []bool{false, true} {
			name := map[bool]string{false: "甲", true: "乙"}[back]
			x := w.way(name)
			x.reading()
			r := x.work()
			act(x.city, handling.HandOver, x.Office, handling.HandOverIn{From: x.Bodies["unitA"], To: x.Bodies["unitD"], All: true, Reason: "职能划转"})
			x.CaughtUp(t)
			if !back {
				act(x.city, handling.Pass, x.GovDesk, handling.PassIn{ID: r.ID, Version: r.Version})
			} else {
				act(x.city, handling.SendBack, x.GovDesk, handling.ReturnIn{ID: r.ID, Version: r.Version, Words: "补充"})
			}
			want := map[bool]string{false: x.Bodies["unitA"], true: x.Bodies["unitD"]}[back]
			if got := x.texts("SELECT unit_id FROM reply WHERE id = ?", r.ID); got[0] != want {
				t.Errorf("sent back %v: the letter is of %s", back, got[0])
			}
		}
	})
}

// TestStaffGoOnWhereAUnitLeftOff: a draft of people who have no account any more
// does not keep the reply from being entered from paper.
func TestStaffGoOnWhereAUnitLeftOff(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, allRules)
		for i, comes := range []func(*way){func(x *way) {
			x.opined()
			act(x.city, handling.Draft, x.HandlerA, handling.DraftIn{ID: x.a(), ReplyText: x.text()})
		}, (*way).submitted, (*way).agreed} {
			x := w.way(fmt.Sprint(i))
			comes(x)
			out := act(x.city, handling.Enter, x.GovDesk, handling.EnterIn{ID: x.a(), Signer: "何承宇", ReplyText: x.text()})
			if out.State != handling.Issued {
				t.Errorf("it is %s", out.State)
			}
			if v := x.view(x.Office, x.c); len(v.Replies) != 1 || !v.Replies[0].Entered || v.Replies[0].SignerName != "何承宇" {
				t.Errorf("%+v", v.Replies)
			}
		}
	})
}

// TestWhoAnswersNowIsTold: what happens with answered work is told to the unit
// that took it over, and not to people who lost it.
func TestWhoAnswersNowIsTold(t *testing.T) {
	t.Parallel()
	changing(t, func(t *testing.T, w *city) {
		w.rules(1, allRules)
		x := w.way("")
		x.issued()
		act(x.city, handling.HandOver, x.Office, handling.HandOverIn{From: x.Bodies["unitA"], To: x.Bodies["unitD"], All: true, Reason: "职能划转"})
		x.CaughtUp(t)
		act(x.city, handling.Rate, x.Members[0], handling.RateIn{ID: x.firstIssued(), Attitude: "satisfied", Result: "satisfied"})
		got := x.texts("SELECT body FROM fact WHERE kind = 'reply.rated' AND object_id = ?", x.c.ID)
		f, err := notify.Body[handling.WasRated](app.Heard{Body: []byte(got[0])})
		x.ok(err)
		if f.UnitID != x.Bodies["unitD"] {
			t.Errorf("the fact is of %s", f.UnitID)
		}
	})
}

// TestADeskDoesNotEndOverAnOpenLetter: what waits to be read in a closed case
// keeps a supervision office from ending without an heir.
func TestADeskDoesNotEndOverAnOpenLetter(t *testing.T) {
	t.Parallel()
	changing(t, func(t *testing.T, w *city) {
		w.rules(1, allRules)
		x := w.way("")
		x.issued()
		act(x.city, handling.Rate, x.Members[0], handling.RateIn{ID: x.firstIssued(), Attitude: "satisfied", Result: "satisfied"})
		x.stands(x.c, handling.Closed, "", "")
		act(x.city, handling.BeginFollowUp, x.HandlerA, handling.FollowUpIn{ID: x.a()})
		desk := x.Bodies["deskG"]
		refused(t, try(x.city, organization.EndBody, x.SysAdmin, organization.EndBodyIn{ID: desk, Reference: "云编办〔2026〕3号", Version: x.version(desk)}), fault.Invalid, "organization.end.burdened")
	})
}
