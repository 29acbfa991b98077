package machine

import (
	"os"
	"testing"
	"time"
)

func TestProcessorTime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		stat string
		want time.Duration
		bad  bool
	}{
		{"12 (a) b) (c) S 1 2 3 4 5 6 7 8 9 10 150 25 0 0 20", 1750 * time.Millisecond, false},
		{"12 (short) S 1 2", 0, true},
		{"nothing", 0, true},
		{"12 (x) S 1 2 3 4 5 6 7 8 9 10 much 25 0 0 20", 0, true},
	} {
		got, err := cpuOf(c.stat)
		if got != c.want && !c.bad || (err != nil) != c.bad {
			t.Errorf("%q: got %v %v, want %v", c.stat, got, err, c.want)
		}
	}
	if _, err := CPU(os.Getpid()); err != nil {
		t.Error(err)
	}
}

func TestDescription(t *testing.T) {
	t.Parallel()
	if got := processor("processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\n"); got != "Some CPU @ 2 GHz" {
		t.Errorf("processor: %q", got)
	}
	if got := memory("MemTotal:       16777216 kB\n"); got != "16 GB" {
		t.Errorf("memory: %q", got)
	}
	if got := release("6.1.0-28-cloud\n"); got != "6.1.0" {
		t.Errorf("release: %q", got)
	}
	if got := load("2.81 8.09 9.87 1/200 77\n"); got != "2.81" {
		t.Errorf("load: %q", got)
	}
	if processor("") != unknown || memory("") != unknown || release("") != unknown || load("") != unknown {
		t.Error("an unreadable machine must be unknown")
	}
}

func TestCeilingsLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	d, err := MeasureDurable(t.Context(), folder, 50*time.Millisecond)
	if err != nil || len(d.Sync) == 0 || len(d.Commits) == 0 || d.PerSecond <= 0 || d.GroupedPer <= 0 {
		t.Fatalf("got %+v, %v", d, err)
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
