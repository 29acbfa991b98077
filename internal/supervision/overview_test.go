package supervision_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/store"
	"tongxin/internal/supervision"
)

// recount counts what somebody watches over, assignment by assignment.
func (w *city) recount(year int, role, desk string) map[string]supervision.Counts {
	w.t.Helper()
	type row struct {
		unit, role, state, due, desk string
		late                         bool
		at                           store.Time
	}
	var list []row
	var near, today calendar.Date
	w.inside(w.Chief, func(c *app.Call) (err error) {
		days, err := calendar.Current(&c.Look)
		if err != nil {
			return err
		}
		today = calendar.DateOf(c.Now().Time, calendar.Beijing)
		for near = today; calendar.Left(today, near.Add(1), days) <= 7; near = near.Add(1) {
		}
		list, err = store.List(c.Ctx(), c.Tx(), func(r store.Row, x *row) error {
			return r.Scan(&x.unit, &x.role, &x.state, &x.due, &x.desk, &x.late, &x.at)
		},
			"SELECT unit_id, role, state, due_on, desk_id, late, dispatched_at FROM assignment")
		return err
	})
	out := map[string]supervision.Counts{}
	for _, x := range list {
		if calendar.DateOf(x.at.Time, calendar.Beijing).Year() != year || role == supervision.MainOnes && x.role == "assist" || role == supervision.Assists && x.role != "assist" || desk != "*" && desk != x.desk {
			continue
		}
		c := out[x.unit]
		switch {
		case x.state == "answered" && x.late:
			c.DoneLate++
		case x.state == "answered":
			c.Done++
		case x.state != "dispatched" && x.state != "signed":
			continue
		default:
			c.Open++
			if x.due < today.String() {
				c.Late++
			} else if x.due <= near.String() {
				c.Near++
			}
		}
		out[x.unit] = c
	}
	return out
}

// agrees compares the overview of a year and a role with a recount, and its
// numbers with the lists behind them.
func (w *city) agrees(who access.Actor, desk string, year int, role string, whats ...string) {
	w.t.Helper()
	o := ask(w, supervision.See, who, supervision.OverviewIn{Year: year, Role: role, Detail: true})
	want := w.recount(year, role, desk)
	sum := supervision.Counts{}
	for _, u := range o.Units {
		if u.Counts != want[u.UnitID] || u.UnitName == "" {
			w.t.Fatalf("%s, %d %q: %s has %+v, the assignments say %+v", who.Name, year, role, u.UnitName, u.Counts, want[u.UnitID])
		}
		delete(want, u.UnitID)
		sum = supervision.Counts{Open: sum.Open + u.Open, Near: sum.Near + u.Near, Late: sum.Late + u.Late, Done: sum.Done + u.Done, DoneLate: sum.DoneLate + u.DoneLate}
		w.opens(who, year, role, u, whats)
	}
	if len(want) > 0 || sum != o.Total {
		w.t.Fatalf("%s, %d %q: not in the overview %+v; total %+v, sum %+v", who.Name, year, role, want, o.Total, sum)
	}
}

// opens walks down from numbers of a unit, all of them without names.
func (w *city) opens(who access.Actor, year int, role string, u supervision.UnitRow, whats []string) {
	w.t.Helper()
	numbers := map[string]int{supervision.OpenOnes: u.Open, supervision.LateOnes: u.Late, supervision.NearOnes: u.Near, supervision.GreenOnes: u.Green(),
		supervision.DueOnes: u.Late + u.Near, supervision.DoneOnes: u.Done, supervision.DoneLate: u.DoneLate, supervision.AllOnes: u.All()}
	for _, f := range u.Detail.Facets() {
		numbers[f.Name] = f.N
	}
	for what, n := range numbers {
		if len(whats) > 0 && !slices.Contains(whats, what) {
			continue
		}
		got := ask(w, supervision.Assignments, who, supervision.ListIn{What: what, Year: year, Role: role, Unit: u.UnitID})
		if got.Total != n || len(got.Items) != min(n, 50) {
			w.t.Fatalf("%s, %d %q, %s, %s: %d lines of %d, the overview says %d", who.Name, year, role, u.UnitName, what, len(got.Items), got.Total, n)
		}
	}
}

// TestTheOverviewIsARecount: after random acts of units and offices on random
// days, every number of the overview is the number of assignments.
func TestTheOverviewIsARecount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		w.At(t, "2025-10-09T09:00")
		w.rules(1, `{"again":{"on":"either","due":{"base":"rating","days":30},"rounds":3},"objection":{"workdays":30,"ruling_workdays":5,"unit_most":3,"case_most":5},"reading":{"on":true,"workdays":5}}`)
		walk := &walker{city: w}
		rapid.Check(t, func(r *rapid.T) {
			walk.r = r
			for range 8 {
				walk.step()
			}
			year := rapid.SampledFrom([]int{2025, 2026}).Draw(r, "year")
			role := rapid.SampledFrom([]string{"", supervision.MainOnes, supervision.Assists}).Draw(r, "role")
			what := rapid.SampledFrom([]string{supervision.OpenOnes, supervision.GreenOnes, supervision.NearOnes, supervision.DoneOnes, supervision.Objected, supervision.ChasedOnes}).Draw(r, "what")
			w.agrees(w.Office, "*", year, role, what)
			w.agrees(w.GovDesk, w.Bodies["deskG"], year, role, supervision.LateOnes)
		})
		for _, year := range []int{2025, 2026} {
			w.agrees(w.Office, "*", year, "")
			w.agrees(w.PartyDesk, w.Bodies["deskP"], year, supervision.MainOnes)
		}
		for _, kind := range []string{"objection.ruled", "assignment.waived", "assignment.extended", "case.reopened", "reply.pre-read", "chase.sent"} {
			if w.count("SELECT COUNT(*) FROM fact WHERE kind = ?", kind) == 0 {
				t.Errorf("the walk never came to %s", kind)
			}
		}
	})
}

// walker does random acts of handling; what is not possible is refused.
type walker struct {
	*city
	r     *rapid.T
	cases []handling.Case
	n     int
}

// some are the units that a case goes to at random.
func (w *walker) units() []handling.UnitRole {
	list := []handling.UnitRole{{Unit: w.Bodies["unitA"], Role: handling.Sole}}
	switch rapid.IntRange(0, 3).Draw(w.r, "units") {
	case 1:
		list = []handling.UnitRole{{Unit: w.Bodies["unitB"], Role: handling.Lead}, {Unit: w.Bodies["unitA"], Role: handling.Assist}}
	case 2:
		list = []handling.UnitRole{{Unit: w.Bodies["unitA"], Role: handling.Separate}, {Unit: w.Bodies["unitC"], Role: handling.Separate}}
	case 3:
		list = []handling.UnitRole{{Unit: w.Bodies["unitC"], Role: handling.Lead}, {Unit: w.Bodies["unitB"], Role: handling.Assist}, {Unit: w.Bodies["unitA"], Role: handling.Assist}}
	}
	return list
}

func (w *walker) step() {
	kinds := []string{"give", "days", "sign", "sign", "sign", "reply", "reply", "reply", "opine", "waive", "change", "object", "object", "rule", "extend", "rate", "rate", "chase"}
	kind := rapid.SampledFrom(kinds).Draw(w.r, "act")
	if len(w.cases) == 0 {
		kind = "give"
	}
	switch kind {
	case "give":
		w.cases = append(w.cases, w.give(rapid.SampledFrom([]string{"deskG", "deskP", ""}).Draw(w.r, "desk"), w.units()...))
	case "days":
		if days := rapid.IntRange(1, 9).Draw(w.r, "days"); w.Clock.Now().Year() < 2027 {
			w.Clock.Advance(time.Duration(days) * 24 * time.Hour)
		}
	default:
		w.work(kind)
	}
}

// work does one act on one assignment of one case; refusals are fine, anything
// else is not.
func (w *walker) work(kind string) {
	c := rapid.SampledFrom(w.cases[max(0, len(w.cases)-12):]).Draw(w.r, "case")
	v := ask(w.city, handling.Show, w.Office, handling.ViewIn{Kind: c.Kind, ID: c.ID})
	if len(v.Assignments) == 0 {
		return
	}
	a := rapid.SampledFrom(v.Assignments).Draw(w.r, "assignment")
	unit := map[string]string{w.Bodies["unitA"]: "unitA", w.Bodies["unitB"]: "unitB", w.Bodies["unitC"]: "unitC"}[a.UnitID]
	handler, signer := w.people(unit)
	keeper := map[string]access.Actor{w.Bodies["deskG"]: w.GovDesk, w.Bodies["deskP"]: w.PartyDesk, "": w.Office}[a.DeskID]
	w.n++
	var err error
	switch kind {
	case "sign":
		err = try(w.city, handling.Sign, handler, handling.SignIn{ID: a.ID, Handler: "石砚秋", Phone: "0000-1234567"})
	case "opine":
		err = try(w.city, handling.Opine, handler, handling.OpineIn{ID: a.ID, Number: "1号", Text: "同意。"})
	case "waive":
		err = try(w.city, handling.Waive, keeper, handling.WaiveIn{ID: a.ID, Reason: "不再等待。"})
	case "change":
		err = try(w.city, handling.ChangeUnit, keeper, handling.ChangeUnitIn{ID: a.ID, Unit: w.Bodies["unitB"], Reason: "职责调整。"})
	case "object":
		if err = try(w.city, handling.Object, handler, handling.ObjectIn{ID: a.ID, Reason: "不属于我单位职责。", Unit: w.Bodies["unitB"]}); err == nil {
			err = try(w.city, handling.Consent, signer, handling.ErrandIn{ID: a.ID})
		}
		if err == nil && rapid.Bool().Draw(w.r, "at once") {
			err = w.rule(a, keeper)
		}
	case "rule":
		err = w.rule(a, keeper)
	case "extend":
		err = try(w.city, handling.Extend, handler, handling.ExtendIn{ID: a.ID, Until: later(a.DueOn), Reason: "需要协调。"})
		w.decide(c, keeper)
	case "reply":
		err = w.answer(a, handler, signer, keeper)
	case "rate":
		for _, r := range v.Replies {
			err = w.rate(r.ID)
		}
	case "chase":
		err = try(w.city, supervision.Send, keeper, note(a.ID))
	}
	if f := fault.From(err); err != nil && (f.Kind == fault.Internal || f.Kind == fault.Unavailable) {
		w.t.Fatalf("%s: %v", kind, err)
	}
}

// rule rules on an objection, one way or the other.
func (w *walker) rule(a handling.Assigned, keeper access.Actor) error {
	return try(w.city, handling.RuleObjection, keeper, handling.RuleIn{ID: a.ID, Ruling: rapid.SampledFrom([]string{"accepted", "rejected"}).Draw(w.r, "ruling"), Words: "经研究决定。"})
}

// later is a month after a day.
func later(day string) string {
	d, err := calendar.ParseDate(day)
	if err != nil {
		return ""
	}
	return d.AddMonths(1).String()
}

// rate says that a reply satisfied, or that it did not.
func (w *walker) rate(reply string) error {
	return try(w.city, handling.Rate, w.Members[0], handling.RateIn{ID: reply, Attitude: "satisfied", Result: rapid.SampledFrom([]string{"satisfied", "dissatisfied"}).Draw(w.r, "grade"), Reason: "没有时间表。"})
}

// decide grants what was asked for.
func (w *walker) decide(c handling.Case, keeper access.Actor) {
	for _, x := range ask(w.city, handling.Show, w.Office, handling.ViewIn{Kind: c.Kind, ID: c.ID}).Extensions {
		_ = try(w.city, handling.DecideExtension, keeper, handling.ExtensionIn{ID: x.ID, Decision: "granted"})
	}
}

// answer carries a reply as far as it goes: through pre-reading, sometimes back.
func (w *walker) answer(a handling.Assigned, handler, signer, keeper access.Actor) error {
	_ = try(w.city, handling.RecordContact, handler, handling.ContactIn{ID: a.ID, Form: "meeting", HeldOn: w.Clock.Now().Format("2006-01-02"), Proposers: []string{w.Members[0].PersonID}, Notes: "走访。"})
	out, err := handling.Submit.Do(w.t.Context(), w.App, handler, handling.SubmitIn{ID: a.ID, ReplyText: handling.ReplyText{Number: fmt.Sprintf("%d号", w.n), Class: "A", Body: "现答复如下。", Publicity: "full",
		Items: []handling.ItemAnswer{{No: 1, Outcome: "adopted", Answer: "已列入预算。"}}}})
	if err != nil {
		return err
	}
	issued, err := handling.Issue.Do(w.t.Context(), w.App, signer, handling.IssueIn{ID: out.ID, Version: out.Version})
	if err != nil {
		return err
	}
	if rapid.Bool().Draw(w.r, "passes") {
		err := try(w.city, handling.Pass, keeper, handling.PassIn{ID: out.ID, Version: issued.Version})
		_ = w.rate(out.ID)
		return err
	}
	return try(w.city, handling.SendBack, keeper, handling.ReturnIn{ID: out.ID, Version: issued.Version, Words: "请补充时间表。"})
}
