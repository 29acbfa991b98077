package calendar_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongxin/internal/calendar"
	"tongxin/internal/fault"
)

// official is the calendar of 2023 to 2026 as it comes with the program.
func official(t testing.TB) *calendar.Workdays {
	t.Helper()
	notices, err := calendar.Default()
	if err != nil {
		t.Fatal(err)
	}
	w, err := calendar.NewWorkdays(7, notices...)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestDefaultNoticesHoldTheYears(t *testing.T) {
	t.Parallel()
	w := official(t)
	for year, want := range map[int]bool{2022: false, 2023: true, 2024: true, 2025: true, 2026: true, 2027: false} {
		if w.Known(year) != want {
			t.Errorf("Known(%d) = %t", year, !want)
		}
	}
	if w.Version() != 7 {
		t.Errorf("version is %d", w.Version())
	}
	// Days off that the notices give, and weekends they take, year by year.
	for year, want := range map[string][2]int{"2023": {26, 7}, "2024": {28, 8}, "2025": {28, 5}, "2026": {33, 6}} {
		var got [2]int
		for _, e := range w.Exceptions(day(year+"-01-01"), day(year+"-12-31")) {
			if e.Kind == calendar.Holiday {
				got[0]++
			} else {
				got[1]++
			}
		}
		if got != want {
			t.Errorf("%s has %v holidays and make-up days, want %v", year, got, want)
		}
	}
}

// Make-up days only shift work about, so that a full year has its weekdays less
// the statutory holidays: 11 days, from 2025 on 13.
func TestWorkdaysOfAYear(t *testing.T) {
	t.Parallel()
	w := official(t)
	for year, want := range map[string]int{"2023": 260 - 11, "2024": 262 - 11, "2025": 261 - 13, "2026": 261 - 13} {
		first := day(year + "-01-01")
		if got := w.CountWorkdays(first.Add(-1), first.AddMonths(12).Add(-1)); got != want {
			t.Errorf("%s has %d working days, want %d", year, got, want)
		}
	}
}

func TestIsWorkday(t *testing.T) {
	t.Parallel()
	w := official(t)
	for text, want := range map[string]bool{
		"2022-12-31": false, // named by the notice of 2023
		"2023-01-28": true,  // Saturday worked
		"2023-01-29": true,  // Sunday worked
		"2023-09-29": false, // Friday, Mid-Autumn
		"2023-10-07": true,
		"2024-02-04": true,  // Sunday worked before the Spring Festival
		"2024-02-09": true,  // New Year's Eve 2024 was not a holiday by notice
		"2024-02-10": false, // Saturday, first day
		"2024-02-16": false,
		"2024-02-17": false,
		"2024-02-18": true, // Sunday worked after it
		"2024-09-14": true,
		"2024-09-16": false,
		"2025-01-26": true,
		"2025-02-08": true,
		"2025-09-28": true,
		"2025-10-08": false,
		"2025-10-11": true,
		"2026-01-04": true,
		"2026-02-14": true,
		"2026-02-23": false, // Monday, last day of nine
		"2026-09-20": true,
		"2026-07-25": false, // a plain Saturday
		"2026-07-27": true,  // a plain Monday
		"2027-01-01": true,  // no notice yet: a plain Friday
	} {
		if got := w.IsWorkday(day(text)); got != want {
			t.Errorf("IsWorkday(%s) = %t", text, got)
		}
	}
	if w.IsWorkday(calendar.Date{}) {
		t.Error("no date is worked")
	}
}

func TestAddWorkdays(t *testing.T) {
	t.Parallel()
	w := official(t)
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2023-01-20", 1, "2023-01-28"},
		{"2023-01-20", 3, "2023-01-30"},
		{"2023-04-28", 5, "2023-05-09"}, // 4, 5, 6 (Saturday), 8, 9 May
		{"2023-09-28", 1, "2023-10-07"},
		{"2024-02-09", 1, "2024-02-18"}, // straight to the worked Sunday
		{"2024-02-02", 1, "2024-02-04"},
		{"2024-02-02", 7, "2024-02-18"},
		{"2024-02-12", 2, "2024-02-19"}, // from within the holiday
		{"2024-09-13", 2, "2024-09-18"},
		{"2024-09-30", 5, "2024-10-12"},
		{"2025-01-24", 3, "2025-02-05"}, // 26 (Sunday), 27 January, then the festival
		{"2025-09-30", 3, "2025-10-11"},
		{"2026-02-13", 7, "2026-03-02"},
		{"2026-04-02", 60, "2026-07-01"},
		{"2026-07-24", 0, "2026-07-24"},
		{"2026-07-25", 0, "2026-07-25"}, // none added: even a Saturday stays
		{"2024-02-19", -1, "2024-02-18"},
		{"2024-02-18", -1, "2024-02-09"},
		{"2024-02-17", -1, "2024-02-09"},
		{"2024-02-18", -7, "2024-02-02"},
	} {
		if got := w.AddWorkdays(day(c.from), c.n); got != day(c.want) {
			t.Errorf("%s and %d working days = %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestNextWorkdayAndCount(t *testing.T) {
	t.Parallel()
	w := official(t)
	for from, want := range map[string]string{
		"2024-02-10": "2024-02-18", "2024-02-18": "2024-02-18", "2025-10-01": "2025-10-09", "2026-06-20": "2026-06-22",
	} {
		if got := w.NextWorkday(day(from)); got != day(want) {
			t.Errorf("NextWorkday(%s) = %s, want %s", from, got, want)
		}
	}
	if got := w.CountWorkdays(day("2024-02-09"), day("2024-02-19")); got != 2 {
		t.Errorf("over the Spring Festival of 2024 %d days were worked, want 2", got)
	}
	if got := w.CountWorkdays(day("2024-02-19"), day("2024-02-09")); got != -2 {
		t.Errorf("backwards %d, want -2", got)
	}
}

func TestExceptions(t *testing.T) {
	t.Parallel()
	w := official(t)
	got := w.Exceptions(day("2024-02-17"), day("2024-02-18"))
	want := []calendar.Exception{
		{On: day("2024-02-17"), Kind: calendar.Holiday, Name: "春节"},
		{On: day("2024-02-18"), Kind: calendar.Makeup},
	}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("exceptions are %v", got)
	}
	if none := w.Exceptions(day("2024-02-18"), day("2024-02-17")); none != nil {
		t.Errorf("backwards there are %v", none)
	}
	if _, named := w.Exception(day("2024-02-19")); named {
		t.Error("a plain Monday is named")
	}
}

func TestZeroWorkdaysIsAPlainWeek(t *testing.T) {
	t.Parallel()
	var w calendar.Workdays
	if got := w.AddWorkdays(day("2024-02-09"), 1); got != day("2024-02-12") || w.Known(2024) {
		t.Errorf("after Friday comes %s", got)
	}
}

func TestNoticeThatCannotBeRight(t *testing.T) {
	t.Parallel()
	holiday := func(on string) calendar.Exception {
		return calendar.Exception{On: day(on), Kind: calendar.Holiday, Name: "春节"}
	}
	makeup := func(on string) calendar.Exception { return calendar.Exception{On: day(on), Kind: calendar.Makeup} }
	for name, c := range map[string]struct {
		notice calendar.Notice
		key    string
	}{
		"year":    {calendar.Notice{Year: 26}, "calendar.notice.year"},
		"kind":    {calendar.Notice{Year: 2024, Exceptions: []calendar.Exception{{On: day("2024-02-10")}}}, "calendar.notice.kind"},
		"twice":   {calendar.Notice{Year: 2024, Exceptions: []calendar.Exception{holiday("2024-02-10"), makeup("2024-02-10")}}, "calendar.notice.twice"},
		"far":     {calendar.Notice{Year: 2024, Exceptions: []calendar.Exception{holiday("2023-11-30")}}, "calendar.notice.other-year"},
		"no name": {calendar.Notice{Year: 2024, Exceptions: []calendar.Exception{{On: day("2024-02-10"), Kind: calendar.Holiday}}}, "calendar.notice.name"},
		"weekday": {calendar.Notice{Year: 2024, Exceptions: []calendar.Exception{makeup("2024-02-19")}}, "calendar.notice.makeup-weekday"},
	} {
		_, err := calendar.NewWorkdays(1, c.notice)
		if !fault.Is(err, fault.Invalid) || fault.From(err).Key != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
}

func TestTwoNoticesMustAgree(t *testing.T) {
	t.Parallel()
	saturday := day("2023-12-30")
	a := calendar.Notice{Year: 2023, Exceptions: []calendar.Exception{{On: saturday, Kind: calendar.Makeup}}}
	b := calendar.Notice{Year: 2024, Exceptions: []calendar.Exception{{On: saturday, Kind: calendar.Holiday, Name: "元旦"}}}
	if _, err := calendar.NewWorkdays(1, a, b); err == nil {
		t.Error("a day is worked and a holiday")
	}
	w, err := calendar.NewWorkdays(1, a, calendar.Notice{Year: 2024, Exceptions: a.Exceptions})
	if err != nil || len(w.Exceptions(saturday, saturday)) != 1 || w.CountWorkdays(saturday.Add(-1), saturday) != 1 {
		t.Errorf("a day named alike by both: %v", err)
	}
}

func TestParseNoticesRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no JSON":   `{"years":`,
		"no date":   `{"years":[{"year":2027,"holidays":[{"name":"元旦","from":"2027-01-32","to":"2027-01-32"}]}]}`,
		"backwards": `{"years":[{"year":2027,"holidays":[{"name":"元旦","from":"2027-01-03","to":"2027-01-01"}]}]}`,
		"too long":  `{"years":[{"year":2027,"holidays":[{"name":"元旦","from":"2027-01-01","to":"2028-01-01"}]}]}`,
		"empty day": `{"years":[{"year":2027,"holidays":[{"name":"元旦"}]}]}`,
		"weekday":   `{"years":[{"year":2027,"makeups":["2027-01-04"]}]}`,
	} {
		if n, err := calendar.ParseNotices([]byte(text)); err == nil {
			t.Errorf("%s: read %v", name, n)
		}
	}
}

// anyWorkdays makes up a calendar of the years 2024 and 2025.
func anyWorkdays(t *rapid.T) *calendar.Workdays {
	notices := []calendar.Notice{{Year: 2024}, {Year: 2025}}
	for i := range notices {
		first := day("2024-01-01").AddMonths(12 * i)
		for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, 364), 0, 60, rapid.ID).Draw(t, "exceptions") {
			e := calendar.Exception{On: first.Add(n), Kind: calendar.Holiday, Name: "春节"}
			if wd := e.On.Weekday(); (wd == time.Saturday || wd == time.Sunday) && rapid.Bool().Draw(t, "makeup") {
				e.Kind, e.Name = calendar.Makeup, ""
			}
			notices[i].Exceptions = append(notices[i].Exceptions, e)
		}
	}
	w, err := calendar.NewWorkdays(1, notices...)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func near(t *rapid.T, label string) calendar.Date {
	return day("2023-11-01").Add(rapid.IntRange(0, 900).Draw(t, label))
}

func TestCountWorkdaysIsCountingDayByDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, from, to := anyWorkdays(t), near(t, "from"), near(t, "to")
		if to.Before(from) {
			from, to = to, from
		}
		want := 0
		for d := from.Add(1); !d.After(to); d = d.Add(1) {
			if w.IsWorkday(d) {
				want++
			}
		}
		if got := w.CountWorkdays(from, to); got != want {
			t.Fatalf("from %s to %s there are %d working days, want %d", from, to, got, want)
		}
		if got := w.CountWorkdays(to, from); got != -want {
			t.Fatalf("backwards there are %d, want %d", got, -want)
		}
	})
}

func TestAddWorkdaysIsTheInverseOfCounting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, from, n := anyWorkdays(t), near(t, "from"), rapid.IntRange(1, 300).Draw(t, "n")
		to := w.AddWorkdays(from, n)
		if !w.IsWorkday(to) || w.CountWorkdays(from, to) != n {
			t.Fatalf("%s and %d working days is %s: worked %t, counted %d", from, n, to, w.IsWorkday(to), w.CountWorkdays(from, to))
		}
		if !w.AddWorkdays(from, n+1).After(to) || w.AddWorkdays(from.Add(1), n).Before(to) {
			t.Fatalf("%s and %d working days: a longer period or a later start ends earlier", from, n)
		}
		back := w.AddWorkdays(from, -n)
		if !w.IsWorkday(back) || w.CountWorkdays(back.Add(-1), from.Add(-1)) != n {
			t.Fatalf("%s less %d working days is %s", from, n, back)
		}
	})
}

func TestNextWorkdayIsTheFirstThatIsWorked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, d := anyWorkdays(t), near(t, "day")
		want := d
		for !w.IsWorkday(want) {
			want = want.Add(1)
		}
		if got := w.NextWorkday(d); got != want {
			t.Fatalf("NextWorkday(%s) = %s, want %s", d, got, want)
		}
	})
}

func TestErrDateIsNotAFault(t *testing.T) {
	t.Parallel()
	// A wrong date in a form is told by the form's own words, not by ours.
	if _, err := calendar.ParseDate("x"); fault.Is(err, fault.Invalid) || !errors.Is(err, calendar.ErrDate) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkAddWorkdays(b *testing.B) {
	w, from := official(b), day("2024-01-15")
	for b.Loop() {
		w.AddWorkdays(from, 90)
	}
}

func BenchmarkCompute(b *testing.B) {
	w, from := official(b), day("2024-01-15")
	rule := calendar.Rule{Base: calendar.FromDispatch, Workdays: 90}
	for b.Loop() {
		if _, err := calendar.Compute(from, rule, w); err != nil {
			b.Fatal(err)
		}
	}
}
