package calendar_test

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongxin/internal/calendar"
)

func day(text string) calendar.Date { return calendar.MustParseDate(text) }

func TestParseDateTakesOneFormOnly(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"0001-01-01", "1999-12-31", "2000-02-29", "2024-02-29", "9999-12-31"} {
		d, err := calendar.ParseDate(good)
		if err != nil || d.String() != good {
			t.Errorf("ParseDate(%q) = %q, %v", good, d, err)
		}
	}
	bad := []string{
		"", "2024", "2024-2-9", "2024/02/09", "2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "2024-00-10",
		"2024-01-00", "0000-01-01", "2024-01-011", " 2024-01-01", "2024-01-01T00:00", "-024-01-01", "２024-01-01", "2024-0a-01",
	}
	for _, text := range bad {
		if d, err := calendar.ParseDate(text); !errors.Is(err, calendar.ErrDate) || !d.IsZero() {
			t.Errorf("ParseDate(%q) = %q, %v; want ErrDate", text, d, err)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"", "2024-02-29", "2023-02-29", "0000-01-01", "9999-12-31", "2024-1-1", "+024-01-01", "2024-01-01\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := calendar.ParseDate(text)
		want, wantErr := time.Parse(time.DateOnly, text)
		if ok := wantErr == nil && want.Year() > 0; ok != (err == nil) {
			t.Fatalf("ParseDate(%q) = %v; the standard library says %v", text, err, wantErr)
		}
		if err == nil && (d.String() != text || !d.Start(time.UTC).Equal(want)) {
			t.Fatalf("ParseDate(%q) = %s", text, d)
		}
	})
}

func TestNewDateRefusesDaysThatDoNotExist(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]int{{2023, 2, 29}, {2024, 0, 1}, {2024, 13, 1}, {0, 1, 1}, {10000, 1, 1}, {2024, 1, 0}} {
		if d, err := calendar.NewDate(c[0], time.Month(c[1]), c[2]); !errors.Is(err, calendar.ErrDate) {
			t.Errorf("NewDate(%v) = %s, %v", c, d, err)
		}
	}
}

func TestAddMonths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2023-01-31", 1, "2023-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", 48, "2028-02-29"},
		{"2025-11-30", 3, "2026-02-28"},
		{"2025-03-15", 3, "2025-06-15"},
		{"2025-12-01", 1, "2026-01-01"},
		{"2025-03-31", -1, "2025-02-28"},
		{"2025-01-15", -13, "2023-12-15"},
		{"2025-05-31", 0, "2025-05-31"},
	} {
		if got := day(c.from).AddMonths(c.months); got != day(c.want) {
			t.Errorf("%s and %d months = %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

func TestDateFollowsTheStandardLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate(t, "day")
		n := rapid.IntRange(-400_000, 400_000).Draw(t, "days")
		std := d.Start(time.UTC)
		if d.Weekday() != std.Weekday() {
			t.Fatalf("%s is a %s, want %s", d, d.Weekday(), std.Weekday())
		}
		later := std.AddDate(0, 0, n)
		if later.Year() < 1 || later.Year() > 9999 {
			t.Skip("outside the calendar")
		}
		got := d.Add(n)
		if got.String() != later.Format(time.DateOnly) || got.Sub(d) != n {
			t.Fatalf("%s and %d days = %s, want %s", d, n, got, later.Format(time.DateOnly))
		}
		if got.Compare(d) != later.Compare(std) || got.Before(d) != (n < 0) || got.After(d) != (n > 0) {
			t.Fatalf("%s and %s are ordered wrongly", got, d)
		}
	})
}

func TestDateStopsAtTheEndsOfTheCalendar(t *testing.T) {
	t.Parallel()
	if got := day("9999-12-30").Add(1 << 40); got != day("9999-12-31") {
		t.Errorf("after the last day comes %s", got)
	}
	if got := day("0001-01-02").Add(-5); got != day("0001-01-01") {
		t.Errorf("before the first day comes %s", got)
	}
	if got := day("9999-12-30").AddMonths(5); got != day("9999-12-31") {
		t.Errorf("months lead past the last day to %s", got)
	}
}

func TestNoDateStaysNoDate(t *testing.T) {
	t.Parallel()
	var none calendar.Date
	value, err := none.Value()
	if none.Add(3) != none || none.AddMonths(3) != none || none.String() != "" || value != nil || err != nil {
		t.Errorf("no date became one: %s, %v, %v", none.Add(3), value, err)
	}
	if !none.Start(time.UTC).IsZero() || !none.End(time.UTC).IsZero() || none.Year() != 0 {
		t.Error("no date has an instant")
	}
	if calendar.DateOf(time.Time{}, calendar.Beijing) != none || !none.Before(day("0001-01-01")) {
		t.Error("no time has a day, or no date is not the first")
	}
}

func TestDateOfDependsOnTheZone(t *testing.T) {
	t.Parallel()
	evening := time.Date(2025, 3, 31, 16, 0, 0, 0, time.UTC)
	if got := calendar.DateOf(evening, calendar.Beijing); got != day("2025-04-01") {
		t.Errorf("midnight in Beijing is on %s", got)
	}
	if got := calendar.DateOf(evening.Add(-1), calendar.Beijing); got != day("2025-03-31") {
		t.Errorf("the instant before is on %s", got)
	}
	if got := day("2025-03-31").End(calendar.Beijing); !got.Equal(evening) {
		t.Errorf("the day ends at %s", got)
	}
}

func TestDateTravelsAsText(t *testing.T) {
	t.Parallel()
	type form struct {
		On  calendar.Date         `json:"on"`
		Off calendar.Date         `json:"off,omitzero"`
		By  map[calendar.Date]int `json:"by"`
	}
	in := form{On: day("2025-03-31"), By: map[calendar.Date]int{day("2025-04-01"): 2}}
	text, err := json.Marshal(in)
	if want := `{"on":"2025-03-31","by":{"2025-04-01":2}}`; err != nil || string(text) != want {
		t.Fatalf("JSON is %s, %v; want %s", text, err, want)
	}
	var out form
	if err := json.Unmarshal(text, &out); err != nil || out.On != in.On || out.By[day("2025-04-01")] != 2 {
		t.Fatalf("read back %+v, %v", out, err)
	}
	if err := json.Unmarshal([]byte(`{"on":"31.3.2025"}`), &out); err == nil {
		t.Error("a wrong date was read")
	}
	if err := json.Unmarshal([]byte(`{"on":""}`), &out); err != nil || !out.On.IsZero() {
		t.Errorf("an empty date gave %s, %v", out.On, err)
	}
}

func TestDateInTheDatabase(t *testing.T) {
	t.Parallel()
	value, err := day("2025-03-31").Value()
	if err != nil || value != driver.Value("2025-03-31") {
		t.Fatalf("Value = %v, %v", value, err)
	}
	for _, c := range []struct {
		column any
		want   string
		fails  bool
	}{
		{column: "2025-03-31", want: "2025-03-31"},
		{column: []byte("2025-03-31"), want: "2025-03-31"},
		{column: ""}, {column: nil},
		{column: "2025-03-31 00:00:00", fails: true},
		{column: int64(20178), fails: true},
	} {
		var d calendar.Date
		if err := d.Scan(c.column); (err != nil) != c.fails || d.String() != c.want {
			t.Errorf("Scan(%v) = %q, %v", c.column, d, err)
		}
	}
}

func anyDate(t *rapid.T, label string) calendar.Date {
	return day("0001-01-01").Add(rapid.IntRange(0, 3_652_058).Draw(t, label))
}
