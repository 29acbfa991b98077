package calendar_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongxin/internal/calendar"
	"tongxin/internal/fault"
)

func keys(d calendar.Deadline) (keys []string) {
	for _, s := range d.Steps {
		keys = append(keys, s.Key[len("calendar.step."):])
	}
	return keys
}

func compute(t testing.TB, from string, rule calendar.Rule, w *calendar.Workdays) calendar.Deadline {
	t.Helper()
	d, err := calendar.Compute(day(from), rule, w)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCompute(t *testing.T) {
	t.Parallel()
	w := official(t)
	load := []calendar.Extra{{AtLeast: 50, Days: 15}, {AtLeast: 20, Days: 10}}
	for name, c := range map[string]struct {
		from  string
		rule  calendar.Rule
		want  string
		steps []string
	}{
		"three months": {
			"2025-03-14", calendar.Rule{Months: 3, Roll: calendar.RollNone}, "2025-06-14", []string{"base", "months"},
		},
		"three months rolled over a weekend": {
			"2025-03-14", calendar.Rule{Months: 3, Roll: calendar.RollForward}, "2025-06-16", []string{"base", "months", "rolled"},
		},
		"a month ends short": {
			"2024-01-31", calendar.Rule{Months: 1}, "2024-02-29", []string{"base", "months"},
		},
		"rolled over the National Day": {
			"2025-07-02", calendar.Rule{Months: 3, Roll: calendar.RollForward}, "2025-10-09", []string{"base", "months", "rolled-holiday"},
		},
		"a make-up Sunday is not rolled": {
			"2024-01-18", calendar.Rule{Months: 1, Roll: calendar.RollForward}, "2024-02-18", []string{"base", "months", "makeup"},
		},
		"seven working days": {
			"2024-02-02", calendar.Rule{Workdays: 7}, "2024-02-18", []string{"base", "workdays", "skipped"},
		},
		"seven working days, nothing in the way": {
			"2024-03-11", calendar.Rule{Workdays: 7, Roll: calendar.RollForward}, "2024-03-20", []string{"base", "workdays"},
		},
		"days, then working days": {
			"2024-03-11", calendar.Rule{Days: 4, Workdays: 1}, "2024-03-18", []string{"base", "days", "workdays"},
		},
		"fixed this year": {
			"2026-01-20", calendar.Rule{Fixed: "06-30"}, "2026-06-30", []string{"base", "fixed"},
		},
		"fixed next year": {
			"2025-11-03", calendar.Rule{Fixed: "06-30"}, "2026-06-30", []string{"base", "fixed"},
		},
		"fixed on the starting day means next year": {
			"2025-06-30", calendar.Rule{Fixed: "06-30"}, "2026-06-30", []string{"base", "fixed"},
		},
		"fixed on a leap day": {
			"2025-01-10", calendar.Rule{Fixed: "02-29"}, "2025-02-28", []string{"base", "fixed"},
		},
		"fixed by a full date": {
			"2025-11-03", calendar.Rule{Fixed: "2026-05-10", Roll: calendar.RollForward}, "2026-05-11", []string{"base", "fixed", "rolled"},
		},
		"fixed in the past": {
			"2026-11-03", calendar.Rule{Fixed: "2026-05-10"}, "2026-05-10", []string{"base", "fixed", "past"},
		},
		"load below the first addition": {
			"2025-03-14", calendar.Rule{Months: 3, Extra: load, Load: 19}, "2025-06-14", []string{"base", "months"},
		},
		"load of the first addition": {
			"2025-03-14", calendar.Rule{Months: 3, Extra: load, Load: 20}, "2025-06-24", []string{"base", "months", "extra"},
		},
		"load of the second": {
			"2025-03-14", calendar.Rule{Months: 3, Extra: load, Load: 90}, "2025-06-29", []string{"base", "months", "extra"},
		},
		"a year without notice": {
			"2026-12-30", calendar.Rule{Workdays: 3}, "2027-01-04", []string{"base", "workdays", "unknown-year"},
		},
		"a year without notice that does not matter": {
			"2026-12-30", calendar.Rule{Months: 3}, "2027-03-30", []string{"base", "months"},
		},
		"a year without notice that matters for rolling": {
			"2026-12-30", calendar.Rule{Months: 3, Roll: calendar.RollForward}, "2027-03-30", []string{"base", "months", "unknown-year"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.rule.Base = calendar.FromDispatch
			d := compute(t, c.from, c.rule, w)
			if d.On != day(c.want) || !slices.Equal(keys(d), c.steps) {
				t.Errorf("due on %s by %v, want %s by %v", d.On, keys(d), c.want, c.steps)
			}
			if last := d.Steps[len(d.Steps)-1]; last.On != d.On || d.Calendar != 7 {
				t.Errorf("the explanation ends on %s, calendar %d", last.On, d.Calendar)
			}
		})
	}
}

func TestDeadlineEndsAtMidnightInBeijing(t *testing.T) {
	t.Parallel()
	d := compute(t, "2024-02-02", calendar.Rule{Base: calendar.FromSign, Workdays: 7}, official(t))
	if want := time.Date(2024, 2, 18, 16, 0, 0, 0, time.UTC); !d.At.Equal(want) {
		t.Fatalf("ends at %s, want %s", d.At, want)
	}
	if d.Late(d.At.Add(-time.Millisecond)) || !d.Late(d.At) || (calendar.Deadline{}).Late(d.At) {
		t.Error("late one instant too early or too late")
	}
}

func TestSkippedDaysAreListed(t *testing.T) {
	t.Parallel()
	d := compute(t, "2024-02-02", calendar.Rule{Base: calendar.FromDispatch, Workdays: 8}, official(t))
	want := []calendar.Span{
		{Kind: calendar.Makeup, From: day("2024-02-04"), To: day("2024-02-04")},
		{Kind: calendar.Holiday, Name: "春节", From: day("2024-02-10"), To: day("2024-02-17")},
		{Kind: calendar.Makeup, From: day("2024-02-18"), To: day("2024-02-18")},
	}
	if got := d.Steps[2].Spans; !reflect.DeepEqual(got, want) {
		t.Errorf("listed %+v", got)
	}
}

func TestExtendGoesOnFromTheLastDay(t *testing.T) {
	t.Parallel()
	w := official(t)
	first := compute(t, "2025-03-14", calendar.Rule{Base: calendar.FromDispatch, Months: 3, Roll: calendar.RollForward, Version: 4}, w)
	second, err := calendar.Extend(first, calendar.Rule{Months: 1, Roll: calendar.RollForward}, w)
	if err != nil || second.On != day("2025-07-16") {
		t.Fatalf("extended to %s, %v", second.On, err)
	}
	third, err := calendar.Extend(second, calendar.Rule{Workdays: 10}, w)
	if err != nil || third.On != day("2025-07-30") {
		t.Fatalf("extended again to %s, %v", third.On, err)
	}
	if want := []string{"base", "months", "rolled", "extension", "months", "extension", "workdays"}; !slices.Equal(keys(third), want) {
		t.Errorf("explained by %v", keys(third))
	}
	if len(first.Steps) != 3 || len(first.Extensions) != 0 || len(second.Extensions) != 1 || third.Rule.Version != 4 {
		t.Error("an extension changed the deadline before it")
	}
	if calendar.Same(first, second) || !calendar.Same(third, third) {
		t.Error("Same compares something else than the last day")
	}
}

func TestRecomputeOverAChangedCalendar(t *testing.T) {
	t.Parallel()
	old, changed := official(t), withNotice(t, calendar.Notice{Year: 2027, Exceptions: []calendar.Exception{
		{On: day("2027-01-01"), Kind: calendar.Holiday, Name: "元旦"},
		{On: day("2027-01-02"), Kind: calendar.Holiday, Name: "元旦"},
	}})
	d := compute(t, "2026-12-30", calendar.Rule{Base: calendar.FromDispatch, Workdays: 3}, old)
	d, err := calendar.Extend(d, calendar.Rule{Workdays: 5}, old)
	if err != nil {
		t.Fatal(err)
	}
	again, err := calendar.Recompute(d, changed)
	if err != nil || again.On != d.On.Add(1) || calendar.Same(d, again) || again.Calendar != 8 {
		t.Errorf("recomputed %s to %s under %d, %v", d.On, again.On, again.Calendar, err)
	}
	if slices.Contains(keys(again), "unknown-year") || !slices.Contains(keys(again), "extension") {
		t.Errorf("explained by %v", keys(again))
	}
}

func withNotice(t *testing.T, n calendar.Notice) *calendar.Workdays {
	t.Helper()
	notices, err := calendar.Default()
	if err != nil {
		t.Fatal(err)
	}
	w, err := calendar.NewWorkdays(8, append(notices, n)...)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestDeadlineSurvivesJSON(t *testing.T) {
	t.Parallel()
	w := official(t)
	d := compute(t, "2024-02-02", calendar.Rule{Base: calendar.FromDispatch, Workdays: 8, Version: 3}, w)
	d, err := calendar.Extend(d, calendar.Rule{Fixed: "06-30", Roll: calendar.RollForward}, w)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var back calendar.Deadline
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if !back.At.Equal(d.At) {
		t.Errorf("the instant came back as %s", back.At)
	}
	back.At = d.At // the same instant may carry another pointer to its zone
	if !reflect.DeepEqual(back, d) {
		t.Errorf("came back as %+v, want %+v", back, d)
	}
	again, err := calendar.Recompute(back, w)
	if err != nil || !reflect.DeepEqual(again, d) {
		t.Errorf("recomputed over the same calendar: %+v, %v", again, err)
	}
}

func TestRuleThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	ok := calendar.Rule{Base: calendar.FromDispatch, Months: 3}
	for key, change := range map[string]func(*calendar.Rule){
		"calendar.rule.base":  func(r *calendar.Rule) { r.Base = "moon" },
		"calendar.rule.range": func(r *calendar.Rule) { r.Days = -1 },
		"calendar.rule.roll":  func(r *calendar.Rule) { r.Roll = "back" },
		"calendar.rule.empty": func(r *calendar.Rule) { r.Months = 0 },
		"calendar.rule.fixed": func(r *calendar.Rule) { r.Months, r.Fixed = 0, "06-31" },
		"calendar.rule.both":  func(r *calendar.Rule) { r.Fixed = "06-30" },
		"calendar.rule.extra": func(r *calendar.Rule) { r.Extra = []calendar.Extra{{AtLeast: 20}} },
	} {
		rule := ok
		change(&rule)
		_, err := calendar.Compute(day("2025-03-14"), rule, official(t))
		if !fault.Is(err, fault.Invalid) || fault.From(err).Key != key || fault.From(err).Field == "" {
			t.Errorf("%+v: %v, want %s beside a field", rule, err, key)
		}
	}
	if err := ok.Check(); err != nil {
		t.Errorf("a good rule: %v", err)
	}
	if _, err := calendar.Compute(calendar.Date{}, ok, official(t)); err == nil || fault.Is(err, fault.Invalid) {
		t.Errorf("without a starting day: %v", err)
	}
	if _, err := calendar.Extend(calendar.Deadline{}, ok, official(t)); err == nil {
		t.Error("no deadline was extended")
	}
}

func TestForLoadLeavesTheRuleAlone(t *testing.T) {
	t.Parallel()
	r := calendar.Rule{Base: calendar.FromDispatch, Months: 3}
	if got := r.ForLoad(20); got.Load != 20 || r.Load != 0 {
		t.Errorf("load is %d and %d", got.Load, r.Load)
	}
}

func TestRollingEndsOnAWorkdayAndNeverEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, from := anyWorkdays(t), near(t, "from")
		rule := calendar.Rule{
			Base:     calendar.FromDispatch,
			Months:   rapid.IntRange(0, 6).Draw(t, "months"),
			Days:     rapid.IntRange(0, 60).Draw(t, "days"),
			Workdays: rapid.IntRange(1, 60).Draw(t, "workdays"),
		}
		stays, err1 := calendar.Compute(from, rule, w)
		rule.Roll = calendar.RollForward
		rolls, err2 := calendar.Compute(from, rule, w)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if !w.IsWorkday(rolls.On) || rolls.On.Before(stays.On) || !stays.On.After(from) {
			t.Fatalf("from %s: stays %s, rolls to %s", from, stays.On, rolls.On)
		}
		longer, err := calendar.Extend(rolls, rule, w)
		if err != nil || !longer.On.After(rolls.On) {
			t.Fatalf("%s was extended to %s, %v", rolls.On, longer.On, err)
		}
	})
}

func TestElapsedAndLeft(t *testing.T) {
	t.Parallel()
	w := official(t)
	at := func(text string) time.Time {
		instant, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return instant
	}
	for _, c := range []struct {
		from, to string
		want     int
	}{
		{"2024-02-09T09:00:00+08:00", "2024-02-09T17:00:00+08:00", 0},
		{"2024-02-09T17:00:00+08:00", "2024-02-18T08:00:00+08:00", 1},
		{"2024-02-08T23:30:00Z", "2024-02-18T08:00:00+08:00", 1}, // already the 9th in Beijing
		{"2024-02-09T09:00:00+08:00", "2024-02-17T09:00:00+08:00", 0},
	} {
		if got := calendar.Elapsed(at(c.from), at(c.to), w); got != c.want {
			t.Errorf("from %s to %s %d working days, want %d", c.from, c.to, got, c.want)
		}
	}
	if got := calendar.Elapsed(time.Time{}, at("2024-02-09T09:00:00+08:00"), w); got != 0 {
		t.Errorf("held since never for %d days", got)
	}
	for today, want := range map[string]int{"2024-02-08": 3, "2024-02-19": 0, "2024-02-21": -2, "2024-02-12": 2} {
		if got := calendar.Left(day(today), day("2024-02-19"), w); got != want {
			t.Errorf("on %s %d working days are left, want %d", today, got, want)
		}
	}
}
