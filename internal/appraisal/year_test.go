package appraisal_test

import (
	"fmt"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/appraisal"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/id"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// TestAYearFromDraftToItsEnd: a scheme from a sample is changed, tried out,
// published, appealed against, corrected, replaced by a new version, closed.
func TestAYearFromDraftToItsEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.did("unitA", work{main: 50, late: 4, noFace: 1, classA: 30, taken: 80})
		cases := w.did("unitB", work{main: 10, dissatisfied: 1, assist: 5, assistLate: 1})
		w.did("unitC", work{assist: 3})

		s := act(w, appraisal.DraftScheme, w.Office, appraisal.DraftIn{Year: 2026, Copy: "sample:extra"})
		s = act(w, appraisal.SetIndicator, w.Office, appraisal.IndicatorIn{ID: s.ID, Version: s.Version, Code: "k12", Name: "其他加分", Group: "加分", Measure: "entered-points",
			Kind: appraisal.Direct, Cap: "10", Without: appraisal.WithoutZero})
		refused(t, try(w, appraisal.Publish, w.Chief, appraisal.NameIn{ID: s.ID}), fault.Closed, "appraisal.closed.draft")
		s = act(w, appraisal.Simulate, w.Office, appraisal.NameIn{ID: s.ID, Version: s.Version})
		x := ask(w, appraisal.Show, w.Office, appraisal.SchemeAsk{ID: s.ID})
		if x.Scheme.State != appraisal.Simulated || len(x.Rows) != 3 || x.Units != 3 || len(x.Missing) != 1 || x.Missing[0].N != 3 || !x.May.Publish {
			t.Fatalf("simulated: %+v", x)
		}
		refused(t, tryAsk(w, appraisal.Show, w.HandlerA, appraisal.SchemeAsk{ID: s.ID}), fault.NotFound, "fault.not-found")
		refused(t, tryAsk(w, appraisal.ShowSheet, w.HandlerA, appraisal.SheetAsk{ID: s.ID, Unit: w.Bodies["unitA"]}), fault.NotFound, "fault.not-found")

		marks := appraisal.MarksIn{ID: s.ID, Code: "k1", Rows: []appraisal.MarkRow{{Unit: w.Bodies["unitA"], Value: "9", Words: "主要领导领办"}, {Unit: w.Bodies["unitB"], Value: "7.5", Words: "有专班"}, {Unit: w.Bodies["unitC"]}}}
		if out := act(w, appraisal.EnterMarks, w.Office, marks); out.Entered != 2 {
			t.Errorf("entered %d", out.Entered)
		}
		if out := act(w, appraisal.EnterMarks, w.Office, marks); out.Entered != 0 {
			t.Errorf("the same again: %d", out.Entered)
		}
		refused(t, try(w, appraisal.Publish, w.Chief, appraisal.NameIn{ID: s.ID, Version: s.Version}), fault.Stale, "appraisal.publish.moved")
		s = act(w, appraisal.Simulate, w.Office, appraisal.NameIn{ID: s.ID})
		s = act(w, appraisal.Publish, w.Chief, appraisal.NameIn{ID: s.ID, Version: s.Version})
		refused(t, try(w, appraisal.Publish, w.Chief, appraisal.NameIn{ID: s.ID}), fault.Closed, "appraisal.closed.published")
		refused(t, try(w, appraisal.Simulate, w.Chief, appraisal.NameIn{ID: s.ID}), fault.Closed, "appraisal.closed.published")
		refused(t, try(w, appraisal.EnterMarks, w.Chief, marks), fault.Closed, "appraisal.closed.published")
		refused(t, try(w, appraisal.Discard, w.Chief, appraisal.NameIn{ID: s.ID}), fault.Closed, "appraisal.closed.published")

		sheet := ask(w, appraisal.ShowSheet, w.HandlerA, appraisal.SheetAsk{ID: s.ID, Unit: w.Bodies["unitA"]})
		line := func(x appraisal.SheetShown, code string) appraisal.Line {
			for _, l := range x.Sheet.Lines {
				if l.Code == code {
					return l
				}
			}
			t.Fatalf("no line %s", code)
			return appraisal.Line{}
		}
		if l := line(sheet, "k4"); l.N != 46 || l.D != 50 || l.Value.String() != "92" || l.Points.String() != "6" || len(l.Of) != 50 {
			t.Errorf("in time: %+v", l)
		}
		if l := line(sheet, "k1"); l.Words != "主要领导领办" || l.Points.String() != "9" {
			t.Errorf("entered: %+v", l)
		}
		if !sheet.MayAppeal || sheet.MayAdjust || sheet.Scheme.AppealBy <= "2027-01-10" {
			t.Errorf("may appeal until %s: %v", sheet.Scheme.AppealBy, sheet.MayAppeal)
		}
		opened := ask(w, appraisal.Cases, w.SignerA, appraisal.SheetAsk{ID: s.ID, Unit: w.Bodies["unitA"], Code: "k4"})
		late := 0
		for _, c := range opened.Cases {
			if c.N == 0 {
				late++
			}
		}
		if late != 4 || len(opened.Cases) != 50 || opened.Cases[0].Title == "" || !strings.HasPrefix(opened.Cases[0].CaseID, "case-") {
			t.Errorf("%d late of %d", late, len(opened.Cases))
		}
		if got := w.told(w.HandlerA); got["appraisal.notice.published"] != 1 {
			t.Errorf("the unit was told %v", got)
		}
		if got := w.waiting(w.HandlerB); got["appraisal.waits.sheet"] != 1 {
			t.Errorf("waits for unit B: %v", got)
		}

		w.appeals(s, cases)
		w.replaced(s)
	})
}

// appeals: once, in time, answered with words; a correction is a line of its own.
func (w *city) appeals(s appraisal.SchemeOut, cases []appraisal.Record) {
	t, unit := w.t, w.Bodies["unitB"]
	before := ask(w, appraisal.ShowSheet, w.Office, appraisal.SheetAsk{ID: s.ID, Unit: unit})
	in := appraisal.AppealIn{ID: s.ID, Unit: unit, Code: "k8", Reason: "不满意的那件已重新沟通。"}
	refused(t, try(w, appraisal.MakeAppeal, w.HandlerA, in), fault.NotFound, "fault.not-found")
	refused(t, try(w, appraisal.MakeAppeal, w.Office, in), fault.Forbidden, "appraisal.unit-only")
	refused(t, try(w, appraisal.MakeAppeal, w.Members[0], in), fault.NotFound, "fault.not-found")
	refused(t, try(w, appraisal.MakeAppeal, w.HandlerB, appraisal.AppealIn{ID: s.ID, Unit: unit, Code: "k99"}), fault.Invalid, "appraisal.choose")
	out := act(w, appraisal.MakeAppeal, w.HandlerB, in)
	refused(t, try(w, appraisal.MakeAppeal, w.SignerB, in), fault.Closed, "appraisal.appeal.twice")
	if got := w.waiting(w.Office); got["appraisal.waits.appeals"] != 1 {
		t.Errorf("waits for the office: %v", got)
	}
	if list := ask(w, appraisal.Appeals, w.HandlerA, appraisal.AppealsIn{All: true}); len(list) != 0 {
		t.Errorf("another unit reads appeals: %+v", list)
	}
	if list := ask(w, appraisal.Appeals, w.HandlerB, appraisal.AppealsIn{}); len(list) != 1 {
		t.Errorf("its own appeal: %+v", list)
	}
	w.At(t, "2027-02-01T09:00") // after the time for appeals
	refused(t, try(w, appraisal.MakeAppeal, w.HandlerA, appraisal.AppealIn{ID: s.ID, Unit: w.Bodies["unitA"], Reason: "x"}), fault.Closed, "appraisal.appeal.over")
	refused(t, try(w, appraisal.Close, w.Chief, appraisal.NameIn{ID: s.ID}), fault.Closed, "appraisal.appeals-open")
	rule := appraisal.RuleIn{ID: out.ID, Ruling: appraisal.Refused, Points: "2", Words: "x"}
	refused(t, try(w, appraisal.RuleAppeal, w.HandlerB, rule), fault.Forbidden, "appraisal.office-only")
	refused(t, try(w, appraisal.RuleAppeal, w.Office, rule), fault.Invalid, "appraisal.appeal.refused-points")
	refused(t, try(w, appraisal.RuleAppeal, w.Office, appraisal.RuleIn{ID: out.ID, Ruling: "maybe"}), fault.Invalid, "appraisal.choose")
	act(w, appraisal.RuleAppeal, w.Office, appraisal.RuleIn{ID: out.ID, Ruling: appraisal.Upheld, Points: "60", Code: "k8", Words: "经核实，予以更正。"})
	refused(t, try(w, appraisal.RuleAppeal, w.Office, rule), fault.Closed, "appraisal.appeal.ruled")
	after := ask(w, appraisal.ShowSheet, w.HandlerB, appraisal.SheetAsk{ID: s.ID, Unit: unit})
	if after.Total != before.Total+appraisal.Whole(60) || after.Sheet.Total != before.Sheet.Total || len(after.Adjustments) != 1 || after.Adjustments[0].PersonName != w.Office.Name || after.Rank != 1 || before.Rank == 1 {
		t.Errorf("before %s rank %d, after %s rank %d %+v", before.Total, before.Rank, after.Total, after.Rank, after.Adjustments)
	}
	if got := w.told(w.SignerB); got["appraisal.notice.ruled.upheld"] != 1 || got["appraisal.notice.adjusted"] != 1 {
		t.Errorf("the unit was told %v", got)
	}
	adjust := appraisal.AdjustIn{ID: s.ID, Unit: w.Bodies["unitA"], Points: "-0.5", Reason: "复核发现一件未当面沟通"}
	refused(t, try(w, appraisal.Adjust, w.HandlerA, adjust), fault.Forbidden, "appraisal.office-only")
	refused(t, try(w, appraisal.Adjust, w.Office, appraisal.AdjustIn{ID: s.ID, Unit: w.Bodies["unitA"], Points: "0", Reason: "x"}), fault.Invalid, "appraisal.adjust.nothing")
	refused(t, try(w, appraisal.Adjust, w.Office, appraisal.AdjustIn{ID: s.ID, Unit: "nobody", Points: "1", Reason: "x"}), fault.NotFound, "fault.not-found")
	act(w, appraisal.Adjust, testkit.Keyed(w.Office, "twice"), adjust)
	act(w, appraisal.Adjust, testkit.Keyed(w.Office, "twice"), adjust)
	if n := w.number("SELECT COUNT(*) FROM appraisal_adjustment"); n != 2 {
		t.Errorf("%d corrections", n)
	}

	// What happened before the last day and is entered later shows, and changes nothing.
	if x := ask(w, appraisal.Compare, w.Leader, appraisal.CompareIn{ID: s.ID}); !x.Intact || len(x.Rows) != 3 || len(x.Rows[0].Lines)+len(x.Rows[1].Lines)+len(x.Rows[2].Lines) != 0 {
		t.Errorf("computed anew: %+v", x)
	}
	w.inside(w.Office, func(c *app.Call) error {
		_, err := c.Tx().Exec(c.Ctx(), "UPDATE assignment SET valid_to = ? WHERE id = ?", on("2026-11-11"), cases[0].ID)
		return err
	})
	x := ask(w, appraisal.Compare, w.Office, appraisal.CompareIn{ID: s.ID, With: "now"})
	for _, r := range x.Rows {
		if (len(r.Lines) > 0) != (r.UnitID == unit) {
			t.Errorf("%s differs in %+v", r.UnitName, r.Lines)
		}
	}
	if again := ask(w, appraisal.ShowSheet, w.HandlerB, appraisal.SheetAsk{ID: s.ID, Unit: unit}); again.Total != after.Total || again.Sheet.Lines[3].D != after.Sheet.Lines[3].D {
		t.Error("a published sheet changed")
	}
	refused(t, tryAsk(w, appraisal.Compare, w.HandlerB, appraisal.CompareIn{ID: s.ID}), fault.NotFound, "fault.not-found")
}

// replaced: a new version needs a reason, supersedes, and the year is closed.
func (w *city) replaced(s appraisal.SchemeOut) {
	t := w.t
	refused(t, try(w, appraisal.DraftScheme, w.Office, appraisal.DraftIn{Year: 2026, Copy: s.ID}), fault.Invalid, "appraisal.reason-needed")
	second := act(w, appraisal.DraftScheme, w.Office, appraisal.DraftIn{Year: 2026, Copy: s.ID, Reason: "面商率口径有误"})
	if x := ask(w, appraisal.Show, w.Office, appraisal.SchemeAsk{ID: second.ID}); x.Scheme.Number != 2 || x.Scheme.BasedOn != s.ID || len(x.Scheme.Indicators) != 12 || len(x.Versions) != 2 {
		t.Errorf("the second version: %+v", x.Scheme)
	}
	second = act(w, appraisal.RemoveIndicator, w.Office, appraisal.RemoveIn{ID: second.ID, Code: "k3", Version: second.Version})
	second = act(w, appraisal.Simulate, w.Office, appraisal.NameIn{ID: second.ID})
	x := ask(w, appraisal.Compare, w.Office, appraisal.CompareIn{ID: second.ID, With: s.ID})
	if x.With == nil || x.With.ID != s.ID || len(x.Rows) != 3 {
		t.Fatalf("side by side: %+v", x)
	}
	for _, r := range x.Rows {
		var more appraisal.Decimal // what is shared out of the group changes with it
		for _, l := range r.Lines {
			more += l.To - l.Points
		}
		if last := r.Lines[len(r.Lines)-1]; last.Code != "k3" || last.D != 0 || r.Total2-r.Total != more {
			t.Errorf("%s differs in %+v", r.UnitName, r.Lines)
		}
	}
	act(w, appraisal.Publish, w.Chief, appraisal.NameIn{ID: second.ID})
	if x := ask(w, appraisal.Show, w.HandlerA, appraisal.SchemeAsk{ID: s.ID}); x.Scheme.State != appraisal.Superseded || len(x.Rows) != 1 || x.May != (appraisal.May{}) {
		t.Errorf("the first version: %s, %d rows", x.Scheme.State, len(x.Rows))
	}
	refused(t, try(w, appraisal.Adjust, w.Office, appraisal.AdjustIn{ID: s.ID, Unit: w.Bodies["unitA"], Points: "1", Reason: "x"}), fault.Closed, "appraisal.closed.superseded")
	refused(t, try(w, appraisal.Close, w.Chief, appraisal.NameIn{ID: second.ID}), fault.Closed, "appraisal.close.early")
	act(w, appraisal.MakeAppeal, w.SignerB, appraisal.AppealIn{ID: second.ID, Unit: w.Bodies["unitB"], Reason: "新版再申诉一次"})
	w.At(t, "2027-06-01T09:00")
	refused(t, try(w, appraisal.Close, w.Chief, appraisal.NameIn{ID: second.ID}), fault.Closed, "appraisal.appeals-open")
	list := ask(w, appraisal.Appeals, w.Leader, appraisal.AppealsIn{})
	act(w, appraisal.RuleAppeal, w.Chief, appraisal.RuleIn{ID: list[0].ID, Ruling: appraisal.Refused, Words: "记录无误。"})
	act(w, appraisal.Close, w.Chief, appraisal.NameIn{ID: second.ID})
	refused(t, try(w, appraisal.Adjust, w.Office, appraisal.AdjustIn{ID: second.ID, Unit: w.Bodies["unitA"], Points: "1", Reason: "x"}), fault.Closed, "appraisal.closed.closed")
	refused(t, try(w, appraisal.DraftScheme, w.Office, appraisal.DraftIn{Year: 2026, Reason: "x"}), fault.Invalid, "appraisal.year-closed")
	w.inside(w.Office, func(c *app.Call) error {
		list, err := appraisal.StandingsOf(&c.Look, 2026)
		if err != nil || len(list) != 3 || list[0].Rank != 1 || list[0].Level == "" {
			t.Errorf("standings: %+v %v", list, err)
		}
		return nil
	})
}

// TestWhoReadsWhat asks every question as everybody.
func TestWhoReadsWhat(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.did("unitA", work{main: 3})
		w.did("unitC", work{main: 2})
		s := act(w, appraisal.DraftScheme, w.Office, appraisal.DraftIn{Year: 2026, Copy: "sample:itemwise"})
		act(w, appraisal.Simulate, w.Office, appraisal.NameIn{ID: s.ID})
		nobody := []access.Actor{w.Members[0], w.Convener, w.Reviewer, w.SysAdmin, w.SecAdmin, w.Auditor, w.Stranger, access.Nobody(access.Via{})}
		for _, published := range []bool{false, true} {
			if published {
				act(w, appraisal.Publish, w.Office, appraisal.NameIn{ID: s.ID})
			}
			for name, x := range map[string]struct {
				who  access.Actor
				rows int // of the table, when published
			}{"office": {w.Office, 2}, "chief": {w.Chief, 2}, "leader": {w.Leader, 2}, "unit": {w.SignerA, 1}, "idle unit": {w.HandlerB, 0}, "government": {w.GovDesk, 1}, "party": {w.PartyDesk, 1}} {
				err := tryAsk(w, appraisal.Show, x.who, appraisal.SchemeAsk{ID: s.ID})
				all := name == "office" || name == "chief" || name == "leader"
				if (err == nil) != (published || all) {
					t.Errorf("%s, published %v: %v", name, published, err)
				}
				if err == nil {
					if out := ask(w, appraisal.Show, x.who, appraisal.SchemeAsk{ID: s.ID}); len(out.Rows) != x.rows {
						t.Errorf("%s reads %d rows, want %d", name, len(out.Rows), x.rows)
					}
				}
			}
			for _, who := range nobody {
				if out := ask(w, appraisal.Years, who, struct{}{}); len(out.Schemes) != 0 {
					t.Errorf("%s %s lists schemes", who.Post.Kind, who.Name)
				}
				for _, err := range []error{tryAsk(w, appraisal.Show, who, appraisal.SchemeAsk{ID: s.ID}), tryAsk(w, appraisal.ShowSheet, who, appraisal.SheetAsk{ID: s.ID, Unit: w.Bodies["unitA"]}),
					tryAsk(w, appraisal.Cases, who, appraisal.SheetAsk{ID: s.ID, Unit: w.Bodies["unitA"], Code: "k1"}), tryAsk(w, appraisal.Compare, who, appraisal.CompareIn{ID: s.ID}),
					tryAsk(w, appraisal.Marks, who, appraisal.MarkAsk{ID: s.ID, Code: "k1"}), try(w, appraisal.Simulate, who, appraisal.NameIn{ID: s.ID})} {
					refused(t, err, fault.NotFound, "fault.not-found")
				}
			}
		}
		for unit, who := range map[string]access.Actor{"unitC": w.GovDesk, "unitA": w.PartyDesk} {
			refused(t, tryAsk(w, appraisal.ShowSheet, who, appraisal.SheetAsk{ID: s.ID, Unit: w.Bodies[unit]}), fault.NotFound, "fault.not-found")
		}
		ask(w, appraisal.ShowSheet, w.GovDesk, appraisal.SheetAsk{ID: s.ID, Unit: w.Bodies["unitA"]})
		refused(t, try(w, appraisal.Close, w.Leader, appraisal.NameIn{ID: s.ID}), fault.Forbidden, "appraisal.office-only")
		refused(t, try(w, appraisal.DraftScheme, w.Leader, appraisal.DraftIn{Year: 2027}), fault.Forbidden, "appraisal.office-only")
	})
}

// TestWhatTheEditorRefuses: absurd and hostile input, and forms that are stale.
func TestWhatTheEditorRefuses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		for field, in := range map[string]appraisal.DraftIn{"appraisal.year": {Year: 26}, "appraisal.choose": {Year: 2026, Copy: "sample:nonsense"}, "appraisal.too-long": {Year: 2026, Title: strings.Repeat("长", 81)}} {
			refused(t, try(w, appraisal.DraftScheme, w.Office, in), fault.Invalid, field)
		}
		refused(t, try(w, appraisal.DraftScheme, w.Office, appraisal.DraftIn{Year: 2026, Copy: "01JNOTHING"}), fault.Invalid, "appraisal.choose")
		s := act(w, appraisal.DraftScheme, w.Office, appraisal.DraftIn{Year: 2026})
		refused(t, try(w, appraisal.Simulate, w.Office, appraisal.NameIn{ID: s.ID}), fault.Closed, "appraisal.simulate.empty")
		good := appraisal.IndicatorIn{ID: s.ID, Name: "按期答复", Group: "时效", Measure: "reply-on-time", Kind: appraisal.Linear, Full: "20",
			Rows: []appraisal.RowText{{At: "0", Points: "0"}, {}, {At: "100", Points: "20"}}}
		for name, x := range map[string]struct {
			key    string
			change func(*appraisal.IndicatorIn)
		}{
			"no name":             {"appraisal.required", func(i *appraisal.IndicatorIn) { i.Name = " " }},
			"unknown measure":     {"appraisal.choose", func(i *appraisal.IndicatorIn) { i.Measure = "beauty" }},
			"no rule":             {"appraisal.choose", func(i *appraisal.IndicatorIn) { i.Kind = "" }},
			"one row":             {"appraisal.rule.rows.linear", func(i *appraisal.IndicatorIn) { i.Rows = i.Rows[:1] }},
			"falling rows":        {"appraisal.rule.rising", func(i *appraisal.IndicatorIn) { i.Rows = []appraisal.RowText{{"100", "20"}, {"0", "0"}} }},
			"half a row":          {"appraisal.required", func(i *appraisal.IndicatorIn) { i.Rows[2].Points = "" }},
			"no number":           {"appraisal.number", func(i *appraisal.IndicatorIn) { i.Full = "二十" }},
			"floor above cap":     {"appraisal.floor-above", func(i *appraisal.IndicatorIn) { i.Floor = "30" }},
			"no room":             {"appraisal.no-room", func(i *appraisal.IndicatorIn) { i.Full = "" }},
			"full outside":        {"appraisal.full-outside", func(i *appraisal.IndicatorIn) { i.Cap = "10" }},
			"points not entered":  {"appraisal.rule.direct-only", func(i *appraisal.IndicatorIn) { i.Kind = appraisal.Direct }},
			"entered by a rule":   {"appraisal.rule.direct-only", func(i *appraisal.IndicatorIn) { i.Measure = appraisal.EnteredPoints }},
			"nothing for each":    {"appraisal.rule.each-needed", func(i *appraisal.IndicatorIn) { i.Kind = appraisal.Each }},
			"a strange code":      {"appraisal.code", func(i *appraisal.IndicatorIn) { i.Code = "../etc" }},
			"a million rows":      {"appraisal.rule.rows.linear", func(i *appraisal.IndicatorIn) { i.Rows = rows(11) }},
			"cases out of bounds": {"appraisal.min-cases", func(i *appraisal.IndicatorIn) { i.MinCases = -1 }},
		} {
			in := good
			in.Rows = append([]appraisal.RowText(nil), good.Rows...)
			x.change(&in)
			err := try(w, appraisal.SetIndicator, w.Office, in)
			if err == nil {
				t.Fatalf("%s passed", name)
			}
			refused(t, err, fault.Invalid, x.key)
		}
		out := act(w, appraisal.SetIndicator, w.Office, good)
		refused(t, try(w, appraisal.SetIndicator, w.Office, appraisal.IndicatorIn{ID: s.ID, Version: s.Version}), fault.Stale, "fault.stale")
		first := good
		first.Name, first.Position = "排在最前", 1
		act(w, appraisal.SetIndicator, w.Office, first)
		if x := ask(w, appraisal.Show, w.Office, appraisal.SchemeAsk{ID: s.ID}).Scheme; len(x.Indicators) != 2 || x.Indicators[0].Name != "排在最前" || x.Indicators[0].Of != appraisal.OfMain || x.Indicators[0].Code == x.Indicators[1].Code {
			t.Errorf("indicators: %+v", x.Indicators)
		}
		refused(t, try(w, appraisal.RemoveIndicator, w.Office, appraisal.RemoveIn{ID: s.ID, Code: "k9"}), fault.NotFound, "fault.not-found")
		change := appraisal.ChangeIn{ID: s.ID, Title: "考核", From: "2026-01-01", To: "2025-01-01", Until: "x", AppealWorkdays: 99, Levels: []appraisal.LevelRow{{"优", "90"}, {"良", "90"}, {}}}
		for _, key := range []string{"web.not-a-date", "appraisal.appeal-days", "appraisal.levels-twice"} {
			refused(t, try(w, appraisal.ChangeScheme, w.Office, change), fault.Invalid, key)
		}
		change.To, change.Until, change.AppealWorkdays, change.Levels = "2026-12-31", "2027-03-31", 0, []appraisal.LevelRow{{"良", "75"}, {"优", "90"}}
		act(w, appraisal.ChangeScheme, w.Office, change)
		if x := ask(w, appraisal.Show, w.Office, appraisal.SchemeAsk{ID: s.ID}).Scheme; x.Levels[0].Name != "优" || x.Until != "2027-03-31" {
			t.Errorf("levels: %+v", x.Levels)
		}
		w.did("unitA", work{main: 1})
		act(w, appraisal.Simulate, w.Office, appraisal.NameIn{ID: s.ID})
		refused(t, try(w, appraisal.Publish, w.Office, appraisal.NameIn{ID: s.ID}), fault.Closed, "appraisal.publish.early")
		act(w, appraisal.Discard, w.Office, appraisal.NameIn{ID: s.ID})
		refused(t, try(w, appraisal.SetIndicator, w.Office, good), fault.Closed, "appraisal.closed.discarded")
		_ = out
	})
}

func rows(n int) []appraisal.RowText {
	list := make([]appraisal.RowText, n)
	for i := range list {
		list[i] = appraisal.RowText{At: fmt.Sprint(i), Points: fmt.Sprint(i)}
	}
	return list
}

// TestTwoVersionsOfAYearRace: of two drafts begun before either was published
// the second needs to say why.
func TestTwoVersionsOfAYearRace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.did("unitA", work{main: 2})
		one := act(w, appraisal.DraftScheme, w.Office, appraisal.DraftIn{Year: 2026, Copy: "sample:itemwise"})
		two := act(w, appraisal.DraftScheme, w.Chief, appraisal.DraftIn{Year: 2026, Copy: "sample:deduct"})
		for _, s := range []appraisal.SchemeOut{one, two} {
			act(w, appraisal.Simulate, w.Office, appraisal.NameIn{ID: s.ID})
		}
		act(w, appraisal.Publish, w.Office, appraisal.NameIn{ID: one.ID})
		refused(t, try(w, appraisal.Publish, w.Office, appraisal.NameIn{ID: two.ID}), fault.Closed, "appraisal.publish.reason")
		if n := w.number("SELECT COUNT(*) FROM appraisal_sheet"); n != 2 {
			t.Errorf("%d sheets, want one published and one simulated", n)
		}
	})
}

// BenchmarkYear computes a year of 85 units over 1,150 assignments.
func BenchmarkYear(b *testing.B) {
	h := testkit.Open(b, store.SQLite, modules(), []any{handling.Kinds{}})
	w := &city{testkit.NewWorld(b, h), b}
	w.At(b, "2026-12-31T09:00")
	w.inside(w.Office, func(c *app.Call) error {
		for n := range 85 {
			unit := id.New()
			if _, err := c.Tx().Exec(c.Ctx(), "INSERT INTO body (id, committee_id, kind, name, channel, valid_from) VALUES (?, ?, 'unit', ?, 'government', '2021-01-01')", unit, w.CommitteeID, fmt.Sprint("单位", n)); err != nil {
				return err
			}
			x := work{main: 9, late: n % 3, dissatisfied: n % 2, classA: 5, taken: 12, assist: 4 + n%2, assistLate: 1}
			if err := w.write(c, unit, x.records(unit)); err != nil {
				return err
			}
		}
		return nil
	})
	s := act(w, appraisal.DraftScheme, w.Office, appraisal.DraftIn{Year: 2026, Copy: "sample:hundred"})
	act(w, appraisal.Simulate, w.Office, appraisal.NameIn{ID: s.ID})
	b.Run("simulate", func(b *testing.B) {
		for b.Loop() {
			act(w, appraisal.Simulate, w.Office, appraisal.NameIn{ID: s.ID})
		}
	})
	b.Run("compute anew and compare", func(b *testing.B) {
		for b.Loop() {
			ask(w, appraisal.Compare, w.Office, appraisal.CompareIn{ID: s.ID})
		}
	})
	b.Run("table", func(b *testing.B) {
		for b.Loop() {
			ask(w, appraisal.Show, w.Office, appraisal.SchemeAsk{ID: s.ID})
		}
	})
}
