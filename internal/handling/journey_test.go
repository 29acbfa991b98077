package handling_test

import (
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/testkit"
)

// TestOneCaseFromDispatchToItsEnd: two units, one of them assisting, and two
// proposers who both rate.
func TestOneCaseFromDispatchToItsEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c := w.petition()
		w.stands(c, handling.Filed, handling.HeldByOffice, "")
		act(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["deskG"], Rows: []handling.CaseRow{{Kind: c.Kind, ID: c.ID,
			Units: []handling.UnitRole{{Unit: "市住房和城乡建设局", Role: handling.Lead}}}}})
		w.stands(c, handling.Filed, handling.HeldByDesk, "市政府督查室")
		act(w, handling.Dispatch, w.GovDesk, handling.DispatchIn{Rows: []handling.CaseRow{{Kind: c.Kind, ID: c.ID,
			Units: []handling.UnitRole{{Unit: "市住房和城乡建设局", Role: handling.Lead}, {}, w.unit("unitB", handling.Assist)}}}})
		s := w.stands(c, handling.Dispatched, handling.HeldToSign, "市住房和城乡建设局、市财政局")
		if s.DueOn != "2026-03-11" || s.LeadUnit != w.Bodies["unitA"] {
			t.Errorf("to be signed for by %s, lead %s", s.DueOn, s.LeadName)
		}
		w.sign(w.HandlerA, c, "unitA")
		w.stands(c, handling.Underway, handling.HeldToSign, "市财政局")
		w.sign(w.HandlerB, c, "unitB")
		w.stands(c, handling.Underway, handling.HeldForOpinion, "市财政局")
		lead := w.assignment(c, "unitA")
		if lead.DueOn != "2026-06-02" || len(lead.Due.Steps) == 0 || lead.Channel != "government" || lead.Phone != "0000-1234567" {
			t.Errorf("the lead's assignment: %+v", lead)
		}
		refused(t, try(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: lead.ID, ReplyText: letter("云建提〔2026〕1号", "A")}), fault.Invalid, "handling.reply.no-contact")
		w.contact(w.HandlerA, c, "unitA")
		act(w, handling.Opine, w.HandlerB, handling.OpineIn{ID: w.assignment(c, "unitB").ID, Number: "云财提函〔2026〕3号", Text: "资金可以保障。"})
		w.stands(c, handling.Underway, handling.HeldByUnit, "市住房和城乡建设局")
		d := act(w, handling.Draft, w.HandlerA, handling.DraftIn{ID: lead.ID, ReplyText: handling.ReplyText{Body: "初稿"}})
		out := act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: lead.ID, Version: d.Version, ReplyText: letter("云建提〔2026〕1号", "A")})
		w.stands(c, handling.Underway, handling.HeldBySigner, "市住房和城乡建设局")
		back := act(w, handling.Return, w.SignerA, handling.ReturnIn{ID: out.ID, Version: out.Version, Words: "请补充时间表。"})
		w.stands(c, handling.Underway, handling.HeldByUnit, "市住房和城乡建设局")
		again := act(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: lead.ID, Version: back.Version, ReplyText: letter("云建提〔2026〕1号", "A")})
		issued := act(w, handling.Issue, w.SignerA, handling.IssueIn{ID: again.ID, Version: again.Version})
		s = w.stands(c, handling.Replied, handling.HeldByProposers, "林知远、周若水")
		if s.Class != "A" || s.DueOn != "2026-03-23" {
			t.Errorf("class %s, ratings until %s", s.Class, s.DueOn)
		}
		r := handling.ReadIn{ID: issued.ID}
		first := act(w, handling.Read, w.Members[0], r)
		w.Clock.Advance(3600e9)
		if second := act(w, handling.Read, w.Members[0], r); !second.ReadAt.Equal(first.ReadAt.Time) {
			t.Errorf("read at %v, and again at %v", first.ReadAt, second.ReadAt)
		}
		act(w, handling.Rate, w.Members[0], handling.RateIn{ID: issued.ID, Attitude: "satisfied", Result: "basically", Contacted: "yes"})
		w.stands(c, handling.Replied, handling.HeldByProposers, "周若水")
		act(w, handling.RateOnPaper, w.Office, handling.PaperIn{RateIn: handling.RateIn{ID: issued.ID, Attitude: "satisfied", Result: "satisfied"}, Rater: w.Members[1].PersonID})
		w.stands(c, handling.Closed, "", "")
		v := w.view(w.Office, c)
		if v.Outcome != "basically" || len(v.Replies[0].Ratings) != 2 || v.Replies[0].Ratings[1].EnteredBy != w.Office.Name || v.Replies[0].Ratings[1].Channel != "paper" {
			t.Errorf("the end: %s %+v", v.Outcome, v.Replies)
		}
		for fact, n := range map[string]int{"assignment.routed": 1, "assignment.dispatched": 2, "assignment.signed": 2, "contact.recorded": 1, "reply.issued": 1, "reply.rated": 2, "case.closed": 1} {
			if got := w.facts(c, fact); got != n {
				t.Errorf("%d facts %s, want %d", got, fact, n)
			}
		}
		w.CaughtUp(t)
		n, found, err := w.App.Verify(t.Context(), w.Checkpoints())
		if err != nil || len(found) > 0 || n == 0 {
			t.Errorf("audit: %d %v %v", n, found, err)
		}
	})
}

// TestSilenceIsAValueOfItsOwn: who does not answer in time is kept as "no
// response", and the case closes.
func TestSilenceIsAValueOfItsOwn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, `{"again":{"on":"never"}}`)
		c := w.petition()
		w.dispatch(c, w.unit("unitA", handling.Sole))
		w.sign(w.HandlerA, c, "unitA")
		w.contact(w.HandlerA, c, "unitA")
		out := w.issue(w.HandlerA, w.SignerA, c, "unitA", "1号", "B")
		act(w, handling.Rate, w.Members[1], handling.RateIn{ID: out.ID, Attitude: "basically", Result: "dissatisfied", Reason: "没有时间表。"})
		w.At(t, "2026-03-23T23:00")
		w.tasks(t.Context())
		w.stands(c, handling.Replied, handling.HeldByProposers, "林知远")
		w.At(t, "2026-03-24T00:10")
		w.tasks(t.Context())
		w.tasks(t.Context())
		w.stands(c, handling.Closed, "", "")
		v := w.view(w.Office, c)
		if v.Outcome != "dissatisfied" || v.Replies[0].Ratings[1].Result != handling.NoResponse || v.Replies[0].Ratings[1].Channel != "lapsed" || len(v.Replies[0].Ratings) != 2 {
			t.Errorf("the end: %s %+v", v.Outcome, v.Replies[0].Ratings)
		}
		refused(t, try(w, handling.Rate, w.Members[0], handling.RateIn{ID: out.ID, Attitude: "satisfied", Result: "satisfied"}), fault.Closed, "handling.rate.twice")
	})
}

// TestSeparateUnitsEachAnswer: the case is answered when both have replied.
func TestSeparateUnitsEachAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c := w.petition(func(c *handling.Case) { c.Proposers = c.Proposers[:1] })
		act(w, handling.RouteCases, w.Chief, handling.RouteIn{Desk: "direct", Rows: []handling.CaseRow{{Kind: c.Kind, ID: c.ID,
			Units: []handling.UnitRole{w.unit("unitA", handling.Separate), w.unit("unitC", handling.Separate)}}}})
		w.sign(w.HandlerA, c, "unitA")
		w.sign(w.SignerC, c, "unitC")
		w.contact(w.HandlerA, c, "unitA")
		w.contact(w.HandlerC, c, "unitC")
		one := w.issue(w.HandlerA, w.SignerA, c, "unitA", "7号", "A")
		w.stands(c, handling.Underway, handling.HeldByUnit, "市委宣传部")
		two := w.issue(w.HandlerC, w.SignerC, c, "unitC", "7号", "C")
		for _, r := range []string{one.ID, two.ID} {
			w.stands(c, handling.Replied, handling.HeldByProposers, "林知远")
			act(w, handling.Rate, w.Members[0], handling.RateIn{ID: r, Attitude: "satisfied", Result: "satisfied"})
		}
		s := w.stands(c, handling.Closed, "", "")
		if s.LeadName != "市住房和城乡建设局、市委宣传部" || s.Class != "A" {
			t.Errorf("%+v", s)
		}
	})
}

// TestAUnitWithoutAccount: staff sign, record contacts and enter the paper
// reply; both names are kept. They may not do so for a unit with an account.
func TestAUnitWithoutAccount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.inside(w.Chief, func(k *app.Call) error {
			w.Bodies["unitD"] = "unit-without-account"
			_, err := k.Tx().Exec(k.Ctx(), "INSERT INTO body (id, committee_id, kind, name, valid_from) VALUES (?, ?, 'unit', '市水文站', '2021-01-01')", w.Bodies["unitD"], w.CommitteeID)
			return err
		})
		c := w.petition(func(c *handling.Case) {
			c.Proposers = []handling.Proposer{{BodyID: w.Bodies["party"], Name: "民建云州市委会", Lead: true}}
			c.Collective = true
		})
		w.dispatch(c, w.unit("unitD", handling.Lead), w.unit("unitB", handling.Assist))
		d, b := w.assignment(c, "unitD"), w.assignment(c, "unitB")
		in := handling.EnterIn{ID: d.ID, Signer: "任远", ReplyText: letter("1号", "A")}
		refused(t, try(w, handling.Enter, w.GovDesk, in), fault.Invalid, "handling.reply.no-contact")
		refused(t, try(w, handling.RecordContact, w.GovDesk, handling.ContactIn{ID: d.ID, Form: "phone", HeldOn: "2026-03-02", Notes: "x"}), fault.Closed, "handling.sign-first")
		act(w, handling.Sign, w.GovDesk, handling.SignIn{ID: d.ID, Handler: "任远", Phone: "0000-7654321"})
		act(w, handling.RecordContact, w.GovDesk, handling.ContactIn{ID: d.ID, Form: "phone", HeldOn: "2026-03-02", Notes: "电话沟通", Consent: true})
		refused(t, try(w, handling.Sign, w.GovDesk, handling.SignIn{ID: b.ID, Handler: "甲", Phone: "0000-7654321"}), fault.Forbidden, "handling.unit-has-account")
		refused(t, try(w, handling.Enter, w.PartyDesk, in), fault.NotFound, "fault.not-found")
		refused(t, try(w, handling.Enter, w.Office, in), fault.Invalid, "handling.reply.owed")
		act(w, handling.Waive, w.GovDesk, handling.WaiveIn{ID: b.ID, Reason: "来函表示无意见"})
		out := act(w, handling.Enter, w.Office, in)
		v := w.view(w.Convener, c)
		if r := v.Replies[0]; r.SignerName != "任远" || r.EnteredBy != w.Office.Name || !r.Entered || len(out.Missing) > 0 {
			t.Errorf("entered: %+v %v", r, out.Missing)
		}
		refused(t, try(w, handling.Rate, w.Members[0], handling.RateIn{ID: out.ID}), fault.NotFound, "fault.not-found")
		act(w, handling.Rate, w.Convener, handling.RateIn{ID: out.ID, Attitude: "satisfied", Result: "satisfied"})
		w.stands(c, handling.Closed, "", "")
	})
}

// TestClosingByTheCommitteesRule: replied closes at once and still asks for
// ratings; confirmed waits for the committee. The rule of the time of dispatch
// holds.
func TestClosingByTheCommitteesRule(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.rules(1, `{"closing":"confirmed"}`)
		confirmed := w.petition()
		w.dispatch(confirmed, w.unit("unitA", handling.Sole))
		w.rules(2, `{"closing":"replied"}`)
		replied := w.petition()
		w.dispatch(replied, w.unit("unitA", handling.Sole))
		var ids []string
		for i, c := range []handling.Case{confirmed, replied} {
			w.sign(w.HandlerA, c, "unitA")
			w.contact(w.HandlerA, c, "unitA")
			refused(t, try(w, handling.CloseCase, w.Chief, handling.CloseIn{Kind: c.Kind, ID: c.ID}), fault.Closed, "handling.close.replies")
			ids = append(ids, w.issue(w.HandlerA, w.SignerA, c, "unitA", []string{"甲", "乙"}[i], "A").ID)
		}
		w.stands(replied, handling.Closed, "", "")
		for _, id := range ids {
			for _, m := range w.Members[:2] {
				act(w, handling.Rate, m, handling.RateIn{ID: id, Attitude: "satisfied", Result: "satisfied"})
			}
		}
		w.stands(confirmed, handling.Replied, handling.HeldToConfirm, "")
		refused(t, try(w, handling.CloseCase, w.SignerA, handling.CloseIn{Kind: "petition", ID: confirmed.ID}), fault.Forbidden, "handling.office-only")
		refused(t, try(w, handling.CloseCase, w.Stranger, handling.CloseIn{Kind: "petition", ID: confirmed.ID}), fault.NotFound, "fault.not-found")
		refused(t, try(w, handling.CloseCase, w.Chief, handling.CloseIn{Kind: "nonsense", ID: confirmed.ID}), fault.NotFound, "fault.not-found")
		act(w, handling.CloseCase, w.Chief, handling.CloseIn{Kind: "petition", ID: confirmed.ID})
		w.stands(confirmed, handling.Closed, "", "")
		refused(t, try(w, handling.CloseCase, w.Chief, handling.CloseIn{Kind: "petition", ID: confirmed.ID}), fault.Closed, "handling.close.done")
		if v := w.view(w.Office, replied); v.Outcome != "satisfied" || w.facts(replied, "case.closed") != 1 {
			t.Errorf("outcome %s", v.Outcome)
		}
	})
}

// TestNobodyRatesHisOwnUnit whichever hat he wears; he is not asked, so that
// the case does not wait for him.
func TestNobodyRatesHisOwnUnit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		deputy := w.Also(t, w.Members[1], access.Leader, "unitA", "副局长")
		c := w.petition()
		w.dispatch(c, w.unit("unitA", handling.Sole))
		w.sign(w.HandlerA, c, "unitA")
		w.contact(w.HandlerA, c, "unitA")
		out := w.issue(w.HandlerA, w.SignerA, c, "unitA", "1号", "A")
		w.stands(c, handling.Replied, handling.HeldByProposers, "林知远")
		in := handling.RateIn{ID: out.ID, Attitude: "satisfied", Result: "satisfied"}
		refused(t, try(w, handling.Rate, deputy, in), fault.Forbidden, "handling.rate.own-unit")
		refused(t, try(w, handling.Rate, testkit.Acting(deputy, access.Leader), in), fault.Forbidden, "handling.proposers-only")
		refused(t, try(w, handling.RateOnPaper, w.Office, handling.PaperIn{RateIn: in, Rater: deputy.PersonID}), fault.Invalid, "handling.rate.rater-own-unit")
		act(w, handling.Rate, w.Members[0], in)
		w.stands(c, handling.Closed, "", "")
	})
}
