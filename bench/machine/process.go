package machine

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of /proc/<pid>/stat: USER_HZ is 100 on every Linux Go runs on.
const tick = 10 * time.Millisecond

var errStat = errors.New("not a line of /proc/<pid>/stat")

// CPU is the processor time, user and system, that a process has used so far.
func CPU(pid int) (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("read the processor time of %d: %w", pid, err)
	}
	return cpuOf(string(b))
}

// cpuOf reads fields 14 and 15. The second field, the name, may hold anything, so counting
// begins behind its closing bracket.
func cpuOf(stat string) (time.Duration, error) {
	end := strings.LastIndexByte(stat, ')')
	if end < 0 {
		return 0, errStat
	}
	fields := strings.Fields(stat[end+1:])
	if len(fields) < 13 {
		return 0, errStat
	}
	var sum time.Duration
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%w: %w", errStat, err)
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}

// Settle waits until a process has nothing left to do, so that what it does behind its
// answers is counted too, and gives its processor time. It waits no longer than most.
func Settle(pid int, most time.Duration) (time.Duration, error) {
	const look = 150 * time.Millisecond
	before, err := CPU(pid)
	for end := time.Now().Add(most); err == nil && time.Now().Before(end); {
		time.Sleep(look)
		var now time.Duration
		if now, err = CPU(pid); now-before <= tick {
			return now, err
		}
		before = now
	}
	return before, err
}
