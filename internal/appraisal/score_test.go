package appraisal_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tongxin/internal/appraisal"
	"tongxin/internal/calendar"
	"tongxin/internal/clock"
	"tongxin/internal/handling"
	"tongxin/internal/store"
)

func on(day string) store.Time {
	var i clock.Instant
	if err := i.UnmarshalText([]byte(day + "T10:00")); err != nil {
		panic(err)
	}
	return i
}

// now is the end of the year that the tables look back on.
func now() appraisal.Time { return appraisal.Time{AsOf: on("2026-12-31"), Days: &calendar.Workdays{}} }

// work is what one unit did: so many cases of each sort.
type work struct {
	main, late, unanswered int // of main, late or not replied though overdue
	noFace                 int // of main, without a contact face to face
	dissatisfied, basic    int // of main, one form each
	classA, classB         int // of main; the others are C
	taken                  int // of two suggestions each of main
	silent                 int // of main: the form did not come back
	assist, assistLate     int
}

// records makes them, the exceptions first.
func (w work) records(unit string) []appraisal.Record {
	var list []appraisal.Record
	for i := range w.main {
		r := appraisal.Record{ID: fmt.Sprintf("%s-m%d", unit, i), UnitID: unit, UnitName: unit, Role: handling.Lead, DispatchedAt: on("2026-03-02"),
			SignBy: "2026-03-11", SignedAt: on("2026-03-03"), ContactBy: "2026-03-23", DueOn: "2026-06-02"}
		r.Contacts = []appraisal.Contacted{{On: "2026-03-10", Face: i >= w.noFace}}
		reply := appraisal.Replied{Round: 1, Class: "C", Publicity: "full", At: on("2026-05-20"), DueOn: r.DueOn, Items: 2}
		if i < w.late {
			reply.At = on("2026-06-03")
		}
		switch {
		case i < w.classA:
			reply.Class = "A"
		case i < w.classA+w.classB:
			reply.Class = "B"
		}
		reply.Taken = int64(min(2, max(0, w.taken-2*i)))
		if i >= w.main-w.unanswered {
			list = append(list, r)
			continue
		}
		r.Replies = []appraisal.Replied{reply}
		grade := "satisfied"
		switch {
		case i < w.dissatisfied:
			grade = "dissatisfied"
		case i < w.dissatisfied+w.basic:
			grade = "basically"
		case i < w.dissatisfied+w.basic+w.silent:
			grade = handling.NoResponse
		}
		r.Ratings = []appraisal.Rated{{Round: 1, Attitude: grade, Result: grade}}
		list = append(list, r)
	}
	for i := range w.assist {
		r := appraisal.Record{ID: fmt.Sprintf("%s-a%d", unit, i), UnitID: unit, UnitName: unit, Role: handling.Assist, DispatchedAt: on("2026-03-02"),
			SignBy: "2026-03-11", SignedAt: on("2026-03-03"), DueOn: "2026-04-01", OpinionAt: on("2026-03-20")}
		if i < w.assistLate {
			r.OpinionAt = on("2026-04-02")
		}
		list = append(list, r)
	}
	return list
}

func sample(t testing.TB, code string) appraisal.Terms {
	t.Helper()
	for _, s := range appraisal.Samples() {
		if s.Code == code {
			return s.Terms
		}
	}
	t.Fatalf("no sample %s", code)
	return appraisal.Terms{}
}

func score(terms appraisal.Terms, w work, marks map[string]map[string]appraisal.Mark) appraisal.Sheet {
	return terms.Score(appraisal.Ledger{Time: now(), Records: w.records("u"), Marks: marks})[0]
}

func dec(t testing.TB, text string) appraisal.Decimal {
	t.Helper()
	d, err := appraisal.ParseDecimal(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestSchemesAsCommitteesUsedThem computes by hand what the samples give.
func TestSchemesAsCommitteesUsedThem(t *testing.T) {
	t.Parallel()
	entered := func(code, value string) map[string]map[string]appraisal.Mark {
		return map[string]map[string]appraisal.Mark{code: {"u": {Value: dec(t, value), Words: "核查"}}}
	}
	for _, x := range []struct {
		name, sample string
		work         work
		marks        map[string]map[string]appraisal.Mark
		want         map[string]string // points by code
		total        string            // "" not looked at
	}{
		{"each case 20 for time, 50 for the reply, 30 for the result", "itemwise",
			work{main: 10, late: 1, noFace: 2, taken: 15, basic: 3, assist: 4, assistLate: 1}, nil,
			// 9/10 in time; 8/10 met; 15 of 20 suggestions; 7 of 10 fully satisfied; 3/4 opinions
			map[string]string{"k1": "18", "k2": "12", "k3": "11.25", "k4": "14", "k5": "21", "k6": "15"}, "91.25"},
		{"everything late gives nothing for time", "itemwise", work{main: 3, late: 3, taken: 6}, nil,
			map[string]string{"k1": "0", "k2": "15", "k3": "15", "k4": "20", "k5": "30"}, ""},
		{"assisting work alone is scored by itself, the rest as far as that went", "itemwise", work{assist: 4, assistLate: 1}, nil,
			map[string]string{"k6": "15", "k1": "15", "k5": "22.5"}, "90"},
		{"one point less per percentage point that was not met", "extra", work{main: 50, noFace: 1}, nil, map[string]string{"k3": "3"}, ""},
		{"five points less and more than that is nothing", "extra", work{main: 50, noFace: 10}, nil, map[string]string{"k3": "0"}, ""},
		{"46 of 50 in time: half a point for each percentage point above 90", "extra", work{main: 50, late: 4}, nil, map[string]string{"k4": "6"}, ""},
		{"overdue without a reply is not in time", "extra", work{main: 50, unanswered: 4}, nil, map[string]string{"k4": "6"}, ""},
		{"what the office entered, and a bonus for many cases", "extra", work{main: 50}, entered("k1", "8.5"), map[string]string{"k1": "8.5", "k11": "5", "k10": "5", "k12": "0"}, ""},
		{"more than the cap counts as the cap", "extra", work{main: 1}, entered("k1", "12"), map[string]string{"k1": "10"}, ""},
		{"three points per item not solved", "deduct", work{main: 20, dissatisfied: 3}, entered("k1", "4"), map[string]string{"k1": "28", "k2": "20", "k3": "20", "k4": "19.4"}, "87.4"},
		{"deductions end at nothing", "deduct", work{main: 20}, entered("k1", "14"), map[string]string{"k1": "0"}, "60"},
		{"deductions beside the marks", "hundred", work{main: 10, late: 2, dissatisfied: 1, taken: 20, classA: 10, assist: 1}, nil,
			map[string]string{"k2": "0", "k8": "7.5", "k11": "-0.5", "k12": "-2", "k7": "10", "k6": "15", "k3": "10"}, ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			s := score(sample(t, x.sample), x.work, x.marks)
			for _, l := range s.Lines {
				if want, ok := x.want[l.Code]; ok && l.Points.String() != want {
					t.Errorf("%s: %d/%d = %s gives %s, want %s", l.Code, l.N, l.D, l.Value, l.Points, want)
				}
			}
			if x.total != "" && s.Total.String() != x.total {
				t.Errorf("in all %s, want %s", s.Total, x.total)
			}
		})
	}
}

// TestPartsOfAPoint is the fourth example: parts of a point for few things each,
// by thresholds.
func TestPartsOfAPoint(t *testing.T) {
	t.Parallel()
	reach := func(at string) appraisal.Rule {
		return appraisal.Rule{Kind: appraisal.Steps, Rows: []appraisal.Row{{At: dec(t, at), Points: dec(t, "0.3")}}}
	}
	terms := appraisal.Terms{Indicators: []appraisal.Indicator{
		{Code: "face", Group: "质量", Measure: "face-to-face", Of: appraisal.OfMain, Full: dec(t, "0.3"), Cap: dec(t, "0.3"), Rule: reach("100")},
		{Code: "pleased", Group: "质量", Measure: "result-satisfied", Of: appraisal.OfMain, Full: dec(t, "0.3"), Cap: dec(t, "0.3"), Rule: reach("98")},
	}}
	if s := score(terms, work{main: 100, dissatisfied: 2}, nil); s.Total.String() != "0.6" {
		t.Errorf("98%% satisfied, all met: %s", s.Total)
	}
	if s := score(terms, work{main: 100, dissatisfied: 3, noFace: 1}, nil); s.Total != 0 {
		t.Errorf("97%%, one not met: %s", s.Total)
	}
	// Who did not answer is not satisfied and not dissatisfied either.
	if s := score(terms, work{main: 100, silent: 60, dissatisfied: 1}, nil); s.Lines[1].D != 40 || s.Lines[1].Value.String() != "97.5" {
		t.Errorf("of 40 returned forms: %d/%d", s.Lines[1].N, s.Lines[1].D)
	}
}

func TestTooFewCases(t *testing.T) {
	t.Parallel()
	one := func(without string) appraisal.Terms {
		return appraisal.Terms{Indicators: []appraisal.Indicator{
			{Code: "a", Group: "一", Measure: "reply-on-time", Of: appraisal.OfMain, Full: dec(t, "20"), Cap: dec(t, "20"), Rule: sample(t, "itemwise").Indicators[0].Rule},
			{Code: "b", Group: "二", Measure: "class-a", Of: appraisal.OfMain, Full: dec(t, "10"), Cap: dec(t, "10"), MinCases: 5, Without: without,
				Rule: appraisal.Rule{Kind: appraisal.Linear, Rows: []appraisal.Row{{}, {At: dec(t, "100"), Points: dec(t, "10")}}}},
		}}
	}
	for without, want := range map[string]string{appraisal.WithoutFull: "10", appraisal.WithoutZero: "0", appraisal.WithoutShare: "7.5"} {
		s := score(one(without), work{main: 4, late: 1, classA: 4}, nil)
		if l := s.Lines[1]; l.How != appraisal.TooFew || l.Points.String() != want || l.Cases != 4 {
			t.Errorf("%s: %+v", without, l)
		}
		if s := score(one(without), work{main: 5, classA: 5}, nil); s.Lines[1].How != appraisal.Counted || s.Total.String() != "30" {
			t.Errorf("enough: %+v", s.Lines[1])
		}
	}
}

func TestRanksAndTies(t *testing.T) {
	t.Parallel()
	terms := sample(t, "deduct")
	var b appraisal.Ledger
	b.Time = now()
	for unit, bad := range map[string]int{"c": 0, "a": 2, "b": 2, "d": 5} {
		b.Records = append(b.Records, work{main: 10, dissatisfied: bad}.records(unit)...)
	}
	var got string
	for _, s := range terms.Score(b) {
		got += fmt.Sprintf("%d%s ", s.Rank, s.UnitID)
	}
	if got != "1c 2a 2b 4d " {
		t.Error(got)
	}
	if n := len(terms.Score(appraisal.Ledger{Time: now()})); n != 0 {
		t.Errorf("%d sheets of nobody", n)
	}
}

func TestDecimals(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"6": "6", "6.50": "6.5", "0.05": "0.05", "-0.2": "-0.2", "−3": "-3", "007": "7", "+1.2": "1.2", " 8 ": "8"} {
		if d, err := appraisal.ParseDecimal(text); err != nil || d.String() != want {
			t.Errorf("%q is %s, %v", text, d, err)
		}
	}
	for _, text := range []string{"", "-", ".", "1.", ".5", "1.234", "1e3", "0x1", "一", "1 2", "99999999999999999999", "1000001", "--1", "NaN"} {
		if d, err := appraisal.ParseDecimal(text); err == nil {
			t.Errorf("%q passed as %s", text, d)
		}
	}
}

// anIndicator draws an indicator that passes the checks of the form.
func anIndicator(t *rapid.T, code string) appraisal.Indicator {
	ms := slices.DeleteFunc(appraisal.Measures(), func(m appraisal.Measure) bool { return m.Unit == appraisal.Points })
	m := ms[rapid.IntRange(0, len(ms)-1).Draw(t, "measure")]
	some := func(name string) appraisal.Decimal {
		return appraisal.Decimal(rapid.Int64Range(-5000, 15000).Draw(t, name))
	}
	i := appraisal.Indicator{Code: code, Group: fmt.Sprint("g", rapid.IntRange(1, 3).Draw(t, "group")), Measure: m.Code, Of: m.Of[rapid.IntRange(0, len(m.Of)-1).Draw(t, "of")],
		Full: max(0, some("full")), MinCases: rapid.IntRange(0, 6).Draw(t, "min"), Without: rapid.SampledFrom(appraisal.Withouts()).Draw(t, "without")}
	i.Floor = min(i.Full, some("floor"))
	i.Cap = max(i.Full, some("cap"), i.Floor+1)
	i.Rule.Kind = rapid.SampledFrom([]appraisal.RuleKind{appraisal.Linear, appraisal.Steps, appraisal.Each, appraisal.Bonus}).Draw(t, "kind")
	i.Rule.Base, i.Rule.Each = some("base"), some("each")
	at := some("at")
	for range rapid.IntRange(2, 5).Draw(t, "rows") {
		i.Rule.Rows = append(i.Rule.Rows, appraisal.Row{At: at, Points: some("points")})
		at += appraisal.Decimal(rapid.Int64Range(1, 4000).Draw(t, "further"))
	}
	return i
}

func someWork(t *rapid.T) work {
	n := func(name string, most int) int { return rapid.IntRange(0, most).Draw(t, name) }
	w := work{main: n("main", 12), assist: n("assist", 6)}
	w.late, w.noFace, w.unanswered = n("late", w.main), n("no face", w.main), n("unanswered", w.main)
	w.dissatisfied, w.basic, w.silent = n("dissatisfied", w.main), n("basic", w.main), n("silent", w.main)
	w.classA, w.classB, w.taken, w.assistLate = n("a", w.main), n("b", w.main), n("taken", 2*w.main), n("assist late", w.assist)
	return w
}

// TestWhateverTheScheme: each line lies between floor and cap, groups add up to
// the total, the cases behind a line add up to it, the same records give the
// same sheets, in whatever order they are read.
func TestWhateverTheScheme(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var terms appraisal.Terms
		for n := range rapid.IntRange(1, 6).Draw(t, "indicators") {
			terms.Indicators = append(terms.Indicators, anIndicator(t, fmt.Sprint("k", n)))
		}
		b := appraisal.Ledger{Time: now()}
		for _, u := range []string{"a", "b", "c"} {
			b.Records = append(b.Records, someWork(t).records(u)...)
		}
		sheets := terms.Score(b)
		for _, s := range sheets {
			var lines, groups appraisal.Decimal
			for k, l := range s.Lines {
				i := terms.Indicators[k]
				if l.Points < i.Floor || l.Points > i.Cap {
					t.Fatalf("%s of %s outside %s..%s: %s", i.Code, s.UnitID, i.Floor, i.Cap, l.Points)
				}
				var n, d int64
				for _, c := range l.Of {
					n, d = n+c.N, d+c.D
				}
				unit := appraisal.MeasureOf(i.Measure).Unit
				if n != l.N || unit != appraisal.Count && d != l.D {
					t.Fatalf("%s: %d/%d, its cases %d/%d", i.Measure, l.N, l.D, n, d)
				}
				if unit == appraisal.Percent && (l.N < 0 || l.N > l.D) {
					t.Fatalf("%s: %d of %d", i.Measure, l.N, l.D)
				}
				lines += l.Points
			}
			for _, g := range s.Groups {
				groups += g.Points
			}
			if lines != s.Total || groups != s.Total {
				t.Fatalf("lines %s, groups %s, total %s", lines, groups, s.Total)
			}
		}
		again := appraisal.Ledger{Time: b.Time, Records: slices.Clone(b.Records)}
		if !reflect.DeepEqual(terms.Score(again), sheets) {
			t.Fatal("the same records gave other sheets")
		}
		slices.Reverse(again.Records)
		other := terms.Score(again)
		for k := range other {
			if other[k].UnitID != sheets[k].UnitID || other[k].Total != sheets[k].Total || other[k].Rank != sheets[k].Rank {
				t.Fatal("the order of the records changed the table")
			}
		}
	})
}

// TestLinearIsMonotone: more in time never gives fewer points where the rule
// rises.
func TestLinearIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		i := anIndicator(t, "k")
		i.Measure, i.Of, i.MinCases = "reply-on-time", appraisal.OfMain, 0
		i.Rule.Kind = rapid.SampledFrom([]appraisal.RuleKind{appraisal.Linear, appraisal.Steps}).Draw(t, "rising")
		slices.SortFunc(i.Rule.Rows, func(a, b appraisal.Row) int { return int(a.Points - b.Points) })
		for k, at := 0, appraisal.Decimal(1); k < len(i.Rule.Rows); k++ {
			at += appraisal.Decimal(rapid.Int64Range(1, 3000).Draw(t, "at"))
			i.Rule.Rows[k].At = at
		}
		if i.Rule.Kind == appraisal.Steps && i.Rule.Rows[0].Points < 0 {
			return // below its first step a rule gives 0
		}
		terms := appraisal.Terms{Indicators: []appraisal.Indicator{i}}
		last := appraisal.Decimal(-1 << 40)
		for late := 20; late >= 0; late-- {
			p := score(terms, work{main: 20, late: late}, nil).Total
			if p < last {
				t.Fatalf("%d late gives %s, one more gave %s", late, p, last)
			}
			last = p
		}
	})
}

// TestAnOpinionWaivedWhenItWasLate stays late on the unit's record: being let
// off is no merit. One waived in time is none of the unit's cases.
func TestAnOpinionWaivedWhenItWasLate(t *testing.T) {
	t.Parallel()
	terms := appraisal.Terms{Indicators: []appraisal.Indicator{{Code: "a", Group: "时效", Measure: "opinion-on-time", Of: appraisal.OfAssist, Full: dec(t, "10"), Cap: dec(t, "10"),
		Rule: appraisal.Rule{Kind: appraisal.Linear, Rows: []appraisal.Row{{}, {At: dec(t, "100"), Points: dec(t, "10")}}}}}}
	for waived, cases := range map[string]int64{"2026-03-20": 0, "2026-04-01": 0, "2026-04-08": 1} {
		r := appraisal.Record{ID: "a", UnitID: "u", UnitName: "u", Role: handling.Assist, DispatchedAt: on("2026-03-02"), SignBy: "2026-03-11", SignedAt: on("2026-03-03"),
			DueOn: "2026-04-01", WaivedAt: on(waived)}
		s := terms.Score(appraisal.Ledger{Time: now(), Records: []appraisal.Record{r}})[0]
		if l := s.Lines[0]; l.N != 0 || l.D != cases {
			t.Errorf("waived on %s: %d/%d", waived, l.N, l.D)
		}
	}
}
