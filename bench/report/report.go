package report

import (
	"fmt"
	"time"

	"tongxin/bench/load"
	"tongxin/bench/machine"
)

// Report is one run of the benchmark.
type Report struct {
	Machine  machine.About
	Versions []Version
	Command  string
	Day      string // of the run
	Took     time.Duration
	Rounds   int
	Ceilings []Ceiling
	Measures []Measure
}

// Version names a part that was measured.
type Version struct{ Name, Version string }

// Ceiling is something that the machine can do at most.
type Ceiling struct{ What, Value string }

// Measure is one comparison.
type Measure struct {
	Title   string
	Text    []string // paragraphs: what exactly was done
	Rows    []Row
	Targets []Target
	Notes   []string // what the numbers do not say by themselves
}

// Row is the medians of one side over the rounds.
type Row struct {
	Name      string
	PerSecond float64
	P50, P99  time.Duration
	CPU       float64 // seconds of the server per 1,000 answers, until it was idle again
	Behind    float64 // the part of CPU after the last answer
	Bytes     int     // of an answer's body, on average
	Ratio     float64 // of the first row's answers per second to this row's, median over rounds; 0 for none
}

// Round is one side's share of one round.
type Round struct {
	PerSecond float64
	P50, P99  time.Duration
	CPU       float64
	Behind    float64
	Bytes     int
}

// RoundOf judges one run; cpu is what the server used for it until it was idle again,
// behind the part of it after the last answer.
func RoundOf(r load.Result, cpu, behind time.Duration) Round {
	n := max(r.Sent(), 1)
	return Round{r.PerSecond(), load.Percentile(r.Latencies, 0.50), load.Percentile(r.Latencies, 0.99),
		per1000(cpu, n), per1000(behind, n), r.Bytes / n}
}

func per1000(d time.Duration, n int) float64 { return d.Seconds() / float64(n) * 1000 }

// Summary is the row of medians of one side; first are the rounds it is compared with, in
// the same order, nil for none.
func Summary(name string, rounds, first []Round) Row {
	pick := func(f func(Round) float64) float64 {
		var list []float64
		for _, r := range rounds {
			list = append(list, f(r))
		}
		return load.Median(list)
	}
	row := Row{
		Name:      name,
		PerSecond: pick(func(r Round) float64 { return r.PerSecond }),
		P50:       time.Duration(pick(func(r Round) float64 { return float64(r.P50) })),
		P99:       time.Duration(pick(func(r Round) float64 { return float64(r.P99) })),
		CPU:       pick(func(r Round) float64 { return r.CPU }),
		Behind:    pick(func(r Round) float64 { return r.Behind }),
		Bytes:     int(pick(func(r Round) float64 { return float64(r.Bytes) })),
	}
	var ratios []float64
	for i := range min(len(first), len(rounds)) {
		if rounds[i].PerSecond > 0 {
			ratios = append(ratios, first[i].PerSecond/rounds[i].PerSecond)
		}
	}
	row.Ratio = load.Median(ratios)
	return row
}

// Target is what the product promised, and what came of it.
type Target struct {
	Key  string // names the words about a miss
	What string
	Want string
	Got  string
	Miss string // by how much it was missed, "" when it was met
}

// AtLeast is a target of so many times the peer.
func AtLeast(key, what string, got, want float64) Target {
	t := Target{Key: key, What: what, Want: fmt.Sprintf("≥ %s×", number(want)), Got: number(got) + "×"}
	if got < want {
		t.Miss = fmt.Sprintf("%.0f %% short", (1-got/want)*100)
	}
	return t
}

// AtMost is a target of at most so much of a unit.
func AtMost(key, what string, got, want float64, unit string) Target {
	t := Target{Key: key, What: what, Want: fmt.Sprintf("≤ %s%s", number(want), unit), Got: number(got) + unit}
	if got > want {
		t.Miss = fmt.Sprintf("%.0f %% too much", (got/want-1)*100)
	}
	return t
}

// number shows three digits that mean something.
func number(x float64) string {
	switch {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	default:
		return fmt.Sprintf("%.2f", x)
	}
}

// Duration shows a time in milliseconds or microseconds.
func Duration(d time.Duration) string {
	if d < time.Millisecond {
		return fmt.Sprintf("%d µs", d.Microseconds())
	}
	return number(float64(d)/float64(time.Millisecond)) + " ms"
}

// Count shows a count with its thousands apart.
func Count(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
