package report_test

import (
	"strings"
	"testing"
	"time"

	"tongxin/bench/load"
	"tongxin/bench/report"
)

func TestSummaryTakesMediansAndRatiosWithinRounds(t *testing.T) {
	t.Parallel()
	first := []report.Round{{PerSecond: 300}, {PerSecond: 100}, {PerSecond: 600}}
	mine := []report.Round{
		{PerSecond: 100, P50: time.Millisecond, CPU: 0.1, Bytes: 10},
		{PerSecond: 50, P50: 3 * time.Millisecond, CPU: 0.5, Bytes: 30},
		{PerSecond: 120, P50: 2 * time.Millisecond, CPU: 0.2, Bytes: 20},
	}
	got := report.Summary("x", mine, first)
	want := report.Row{Name: "x", PerSecond: 100, P50: 2 * time.Millisecond, CPU: 0.2, Bytes: 20, Ratio: 3}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := report.Summary("x", nil, nil); got.Ratio != 0 || got.PerSecond != 0 {
		t.Errorf("nothing measured gave %+v", got)
	}
}

func TestRoundOf(t *testing.T) {
	t.Parallel()
	r := report.RoundOf(load.Result{Elapsed: 2 * time.Second, Latencies: []time.Duration{1, 2, 3, 4}, Bytes: 400}, 8*time.Millisecond, 4*time.Millisecond)
	if r.PerSecond != 2 || r.P50 != 2 || r.P99 != 4 || r.CPU != 2 || r.Behind != 1 || r.Bytes != 100 {
		t.Errorf("got %+v", r)
	}
	if r := report.RoundOf(load.Result{Elapsed: time.Second}, time.Second, 0); r.PerSecond != 0 {
		t.Errorf("a run without answers: %+v", r)
	}
}

func TestTargets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		target report.Target
		miss   string
	}{
		{report.AtLeast("k", "w", 3, 3), ""}, {report.AtLeast("k", "w", 2.4, 3), "20 % short"},
		{report.AtMost("k", "w", 0.2, 0.2, " s"), ""}, {report.AtMost("k", "w", 18, 12, " ms"), "50 % too much"},
	} {
		if c.target.Miss != c.miss {
			t.Errorf("%+v: got %q, want %q", c.target, c.target.Miss, c.miss)
		}
	}
}

func TestDigits(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{250 * time.Microsecond: "250 µs", 1500 * time.Microsecond: "1.50 ms", 123 * time.Millisecond: "123 ms"} {
		if got := report.Duration(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := report.Count(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestPageSaysWhatWasMissed(t *testing.T) {
	t.Parallel()
	r := report.Report{Rounds: 5, Command: "make bench", Day: "2026-01-01", Measures: []report.Measure{{
		Title: "List", Text: []string{"How."}, Rows: []report.Row{{Name: "product", PerSecond: 1234.6, P50: time.Millisecond, Ratio: 2}},
		Targets: []report.Target{report.AtLeast("list", "list page", 2, 12), report.AtMost("p99", "slowest", 3, 12, " ms")},
	}}, Ceilings: []report.Ceiling{{What: "echo", Value: "9"}}, Versions: []report.Version{{Name: "peer", Version: "v1"}}}
	page := r.Page(map[string]string{"list": "Because of this."})
	for _, want := range []string{
		"| list page | ≥ 12.0× | 2.00× | **missed**: 83 % short |", "| slowest | ≤ 12.0 ms | 3.00 ms | met |",
		"Because of this.", "| product | 1,235 | 1.00 ms |", "| echo | 9 |", "| peer | v1 |", "`make bench`",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if page := (report.Report{}).Page(nil); !strings.Contains(page, "Nothing, in this run.") {
		t.Error("a run without misses must say so")
	}
}
