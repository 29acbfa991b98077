package appraisal_test

import (
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/appraisal"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/id"
	"tongxin/internal/testkit"
)

// issued writes a case that unit A answered today to two members, and tells of
// it; it gives the assignment.
func (w *city) issued(unit string, proposers ...access.Actor) string {
	w.t.Helper()
	list := work{main: 1}.records(unit)
	list[0].Ratings = nil
	w.inside(w.Office, func(c *app.Call) error {
		if err := w.write(c, unit, list); err != nil {
			return err
		}
		var reply string
		if err := c.Tx().Row(c.Ctx(), "SELECT id FROM reply WHERE assignment_id = ?", list[0].ID).Scan(&reply); err != nil {
			return err
		}
		if _, err := c.Tx().Exec(c.Ctx(), "UPDATE reply SET issued_at = ? WHERE id = ?", c.Now(), reply); err != nil {
			return err
		}
		for i, m := range proposers {
			key, body := m.PersonID, false
			if m.Post.Kind == access.Convener {
				key, body = m.Post.BodyID, true
			}
			if _, err := c.Tx().Exec(c.Ctx(), `INSERT INTO reply_delivery (reply_id, proposer_id, committee_id, case_kind, case_id, is_body, name, is_lead, rates, position, delivered_at) VALUES (?, ?, ?, 'proposal', '', ?, ?, ?, TRUE, ?, ?)`,
				reply, key, w.CommitteeID, body, m.Name, i == 0, i, c.Now()); err != nil {
				return err
			}
		}
		return c.Record(handling.WasIssued{ReplyID: reply}, "proposal", "case")
	})
	w.CaughtUp(w.t)
	return list[0].ID
}

func marks(aspects []appraisal.Aspect, mark string) []appraisal.AspectIn {
	var list []appraisal.AspectIn
	for _, a := range aspects {
		list = append(list, appraisal.AspectIn{Aspect: a.Code, Mark: mark})
	}
	return list
}

// TestBackToBack: neither side sees the other's before all are in.
func TestBackToBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.At(t, "2026-05-20T09:00")
		pair := w.issued("unitA", w.Members[0], w.Convener)
		terms := ask(w, appraisal.TermsNow, w.Office, struct{}{})
		see := func(who access.Actor) appraisal.PairShownOut {
			t.Helper()
			return ask(w, appraisal.ShowPair, who, appraisal.PairAsk{ID: pair})
		}
		if p := see(w.HandlerA); !p.MayProposal || p.MayHandling || p.Raters != 2 || p.Until != "2026-06-17" || len(p.Given) != 0 {
			t.Fatalf("for the unit: %+v", p)
		}
		for _, who := range []access.Actor{w.HandlerA, w.Members[0], w.Convener} {
			if got := w.waiting(who); got["appraisal.waits.two-way"] != 1 {
				t.Errorf("waits for %s: %v", who.Name, got)
			}
		}
		proposal, handled := marks(terms.Proposal, "82"), marks(terms.Handling, "95")
		refused(t, try(w, appraisal.GradeProposal, w.HandlerA, appraisal.GradeIn{ID: pair, Marks: proposal[1:]}), fault.Invalid, "appraisal.two.each")
		refused(t, try(w, appraisal.GradeProposal, w.HandlerA, appraisal.GradeIn{ID: pair, Marks: marks(terms.Proposal, "83")}), fault.Invalid, "appraisal.choose")
		refused(t, try(w, appraisal.GradeProposal, w.HandlerA, appraisal.GradeIn{ID: pair, Marks: marks(terms.Proposal, "101")}), fault.Invalid, "appraisal.two.mark")
		refused(t, try(w, appraisal.GradeProposal, w.HandlerB, appraisal.GradeIn{ID: pair, Marks: proposal}), fault.NotFound, "fault.not-found")
		refused(t, try(w, appraisal.GradeProposal, w.Office, appraisal.GradeIn{ID: pair, Marks: proposal}), fault.Forbidden, "appraisal.two.unit-only")
		refused(t, try(w, appraisal.GradeHandling, w.Office, appraisal.GradeIn{ID: pair, Marks: handled}), fault.Forbidden, "appraisal.two.proposers-only")
		refused(t, try(w, appraisal.GradeHandling, w.Members[1], appraisal.GradeIn{ID: pair, Marks: handled}), fault.NotFound, "fault.not-found")
		own := w.Also(t, w.Members[0], access.Leader, "unitA", "副局长")
		refused(t, try(w, appraisal.GradeHandling, own, appraisal.GradeIn{ID: pair, Marks: handled}), fault.Forbidden, "appraisal.two.own-unit")
		insider := w.Also(t, w.Members[0], access.Handler, "unitA", "处长")
		refused(t, try(w, appraisal.GradeProposal, testkit.Acting(insider, access.Handler), appraisal.GradeIn{ID: pair, Marks: proposal}), fault.Forbidden, "appraisal.two.own-case")

		proposal[0].Mark = "95"
		if out := act(w, appraisal.GradeProposal, w.HandlerA, appraisal.GradeIn{ID: pair, Marks: proposal, Words: "建议具体。"}); out.Average.String() != "84.6" || out.State != appraisal.PairOpen {
			t.Errorf("graded: %+v", out)
		}
		refused(t, try(w, appraisal.GradeProposal, w.SignerA, appraisal.GradeIn{ID: pair, Marks: proposal}), fault.Closed, "appraisal.two.twice")
		for _, who := range []access.Actor{w.Members[0], w.Convener, w.Office, w.Leader, w.GovDesk} {
			if p := see(who); len(p.Given) != 0 || p.Proposal != nil || !p.UnitIn {
				t.Errorf("%s reads the unit's side: %+v", who.Name, p)
			}
		}
		act(w, appraisal.GradeHandling, w.Members[0], appraisal.GradeIn{ID: pair, Marks: handled})
		if p := see(w.HandlerA); len(p.Given) != 1 || p.Given[0].Side != appraisal.UnitSide {
			t.Errorf("the unit reads %+v", p.Given)
		}
		if p := see(w.Convener); len(p.Given) != 0 {
			t.Errorf("another proposer reads %+v", p.Given)
		}
		out := act(w, appraisal.GradeHandling, w.Convener, appraisal.GradeIn{ID: pair, Marks: marks(terms.Handling, "67")})
		if out.State != appraisal.PairShown {
			t.Errorf("all are in: %+v", out)
		}
		for _, who := range []access.Actor{w.HandlerA, w.Members[0], w.Convener, w.Office, w.GovDesk} {
			if p := see(who); len(p.Given) != 3 || p.Proposal.String() != "84.6" || p.Handling.String() != "81" || p.Given[0].Word != "良好" {
				t.Errorf("%s reads %+v", who.Name, p)
			}
			if got := w.waiting(who); got["appraisal.waits.two-way"] != 0 {
				t.Errorf("still waits for %s: %v", who.Name, got)
			}
		}
		if w.told(w.Members[0])["appraisal.notice.shown"] != 1 || w.told(w.SignerA)["appraisal.notice.shown"] != 1 {
			t.Error("not told that it is shown")
		}
		for _, who := range []access.Actor{w.HandlerB, w.PartyDesk, w.Members[2], w.Stranger, w.SysAdmin, access.Nobody(access.Via{})} {
			refused(t, tryAsk(w, appraisal.ShowPair, who, appraisal.PairAsk{ID: pair}), fault.NotFound, "fault.not-found")
		}
	})
}

// TestTheWindowEnds: what is not in by then stays out, and what is in is shown.
func TestTheWindowEnds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.At(t, "2026-05-20T09:00")
		one, none := w.issued("unitA", w.Members[0]), w.issued("unitB", w.Members[1])
		terms := ask(w, appraisal.TermsNow, w.Office, struct{}{})
		act(w, appraisal.GradeHandling, w.Members[0], appraisal.GradeIn{ID: one, Marks: marks(terms.Handling, "45")})
		w.At(t, "2026-06-17T23:00")
		if err := w.App.RunTasks(t.Context()); err != nil {
			t.Fatal(err)
		}
		if p := ask(w, appraisal.ShowPair, w.HandlerA, appraisal.PairAsk{ID: one}); p.State != appraisal.PairOpen || len(p.Given) != 0 {
			t.Errorf("on the last day: %+v", p)
		}
		w.At(t, "2026-06-18T00:10")
		refused(t, try(w, appraisal.GradeProposal, w.HandlerA, appraisal.GradeIn{ID: one, Marks: marks(terms.Proposal, "82")}), fault.Closed, "appraisal.two.over")
		for range 2 {
			if err := w.App.RunTasks(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if p := ask(w, appraisal.ShowPair, w.HandlerA, appraisal.PairAsk{ID: one}); p.State != appraisal.PairShown || len(p.Given) != 1 || p.Proposal != nil || p.Handling.String() != "45" {
			t.Errorf("after it: %+v", p)
		}
		if w.told(w.HandlerA)["appraisal.notice.shown"] != 1 || w.told(w.HandlerB)["appraisal.notice.shown"] != 0 {
			t.Error("who is told that it is shown")
		}
		if p := ask(w, appraisal.ShowPair, w.Office, appraisal.PairAsk{ID: none}); p.State != appraisal.PairShown || len(p.Given) != 0 {
			t.Errorf("nobody graded: %+v", p)
		}
		if list := ask(w, appraisal.Pairs, w.Office, appraisal.PairsIn{}); list.Total != 2 || len(list.Pairs) != 2 {
			t.Errorf("the list: %+v", list)
		}
		if list := ask(w, appraisal.Pairs, w.Members[0], appraisal.PairsIn{}); list.Total != 1 || list.Pairs[0].HandlingWord != "较差" {
			t.Errorf("his own: %+v", list)
		}
		refused(t, tryAsk(w, appraisal.Pairs, w.Office, appraisal.PairsIn{After: "nonsense"}), fault.Invalid, "appraisal.cursor")
	})
}

// TestTheTermsAreTheCommittees: marks instead of levels, other aspects, off;
// what is open keeps the terms it was opened with.
func TestTheTermsAreTheCommittees(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.At(t, "2026-05-20T09:00")
		before := w.issued("unitA", w.Members[0])
		in := appraisal.TermsIn{On: true, Workdays: 5, Mode: appraisal.ByMarks, Proposal: []appraisal.AspectRow{{Code: "science", Name: "科学性"}, {}, {Name: "创新性"}}, Handling: []appraisal.AspectRow{{Name: "实效"}},
			Grades: []appraisal.GradeRow{{"合格", "60", "80"}, {"优良", "85", "95"}}}
		refused(t, try(w, appraisal.SetTerms, w.Leader, in), fault.Forbidden, "appraisal.office-only")
		for key, change := range map[string]func(*appraisal.TermsIn){
			"appraisal.two.workdays":     func(i *appraisal.TermsIn) { i.Workdays = 0 },
			"appraisal.two.aspects":      func(i *appraisal.TermsIn) { i.Handling = nil },
			"appraisal.two.grades":       func(i *appraisal.TermsIn) { i.Grades = i.Grades[:1] },
			"appraisal.two.grades-order": func(i *appraisal.TermsIn) { i.Grades = []appraisal.GradeRow{{"甲", "90", "50"}, {"乙", "60", "80"}} },
			"appraisal.two.aspect-twice": func(i *appraisal.TermsIn) { i.Handling = []appraisal.AspectRow{{Name: "实效"}, {Name: "实效"}} },
			"appraisal.choose":           func(i *appraisal.TermsIn) { i.Mode = "dice" },
			"appraisal.two.mark":         func(i *appraisal.TermsIn) { i.Grades = []appraisal.GradeRow{{"甲", "x", "95"}, {"乙", "60", "80"}} },
		} {
			bad := in
			change(&bad)
			refused(t, try(w, appraisal.SetTerms, w.Office, bad), fault.Invalid, key)
		}
		set := act(w, appraisal.SetTerms, w.Office, in)
		if set.Version != 1 || set.Grades[0].Name != "优良" || len(set.Proposal) != 2 || set.Proposal[1].Code == "" {
			t.Errorf("set: %+v", set)
		}
		refused(t, try(w, appraisal.SetTerms, w.Chief, in), fault.Stale, "fault.stale")
		after := w.issued("unitA", w.Members[0])
		if p := ask(w, appraisal.ShowPair, w.HandlerA, appraisal.PairAsk{ID: before}); p.Terms.Mode != appraisal.ByGrades || len(p.Terms.Proposal) != 5 {
			t.Errorf("opened before: %+v", p.Terms)
		}
		if p := ask(w, appraisal.ShowPair, w.HandlerA, appraisal.PairAsk{ID: after}); p.Terms.Mode != appraisal.ByMarks || p.Until != "2026-05-27" {
			t.Errorf("opened after: %+v until %s", p.Terms, p.Until)
		}
		act(w, appraisal.GradeProposal, w.HandlerA, appraisal.GradeIn{ID: after, Marks: marks(set.Proposal, "73")})
		in.Version, in.On = 1, false
		act(w, appraisal.SetTerms, w.Office, in)
		off := w.issued("unitB", w.Members[0])
		refused(t, tryAsk(w, appraisal.ShowPair, w.Office, appraisal.PairAsk{ID: off}), fault.NotFound, "fault.not-found")
	})
}

// TestOnlyTheFirstReplyOpens: a second reply, or hearing a fact twice, opens nothing.
func TestOnlyTheFirstReplyOpens(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.At(t, "2026-05-20T09:00")
		pair := w.issued("unitA", w.Members[0])
		w.inside(w.Office, func(c *app.Call) error {
			var first string
			if err := c.Tx().Row(c.Ctx(), "SELECT id FROM reply WHERE assignment_id = ?", pair).Scan(&first); err != nil {
				return err
			}
			again := id.New()
			if _, err := c.Tx().Exec(c.Ctx(), `INSERT INTO reply (id, committee_id, case_kind, case_id, assignment_id, unit_id, unit_name, round, state, number, drafted_by, saved_at, issued_at, purpose)
				VALUES (?, ?, 'proposal', '', ?, ?, '', 2, 'issued', '2号', 'x', ?, ?, 'again')`, again, w.CommitteeID, pair, w.Bodies["unitA"], c.Now(), c.Now()); err != nil {
				return err
			}
			for _, r := range []string{first, again, "nothing"} {
				if err := c.Record(handling.WasIssued{ReplyID: r}, "proposal", "case"); err != nil {
					return err
				}
			}
			return nil
		})
		w.CaughtUp(t)
		if n := w.number("SELECT COUNT(*) FROM appraisal_pair"); n != 1 {
			t.Errorf("%d pairs", n)
		}
	})
}
