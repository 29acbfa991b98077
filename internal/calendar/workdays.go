package calendar

import (
	"fmt"
	"slices"
	"sort"
	"time"
)

// Workdays knows which days are worked. It does not change once built and may
// be used by many at once. The zero Workdays is a plain week without holidays.
type Workdays struct {
	version    int64
	known      map[int]bool
	exceptions []Exception // every day that a notice names, in order
	shifts     []shift     // those that differ from the plain week, in order
}

// shift is a day at which the count of working days departs from the plain
// week: a holiday on a weekday or a make-up day at the weekend.
type shift struct {
	on     Date
	excess int // working days more than in the plain week, up to and with on
	rank   int // working days since the first day there is, up to and with on
}

// NewWorkdays builds the table of a calendar version from the notices. A day
// that two notices name differently, or a notice that cannot be right, answers
// an error.
func NewWorkdays(version int64, notices ...Notice) (*Workdays, error) {
	w := &Workdays{version: version, known: make(map[int]bool, len(notices))}
	for _, n := range notices {
		if err := n.Check(); err != nil {
			return nil, fmt.Errorf("build calendar %d: notice %d: %w", version, n.Year, err)
		}
		w.known[n.Year] = true
		w.exceptions = append(w.exceptions, n.Exceptions...)
	}
	slices.SortStableFunc(w.exceptions, func(a, b Exception) int { return a.On.Compare(b.On) })
	for i := 1; i < len(w.exceptions); i++ {
		if a, b := w.exceptions[i-1], w.exceptions[i]; a.On == b.On && a.Kind != b.Kind {
			return nil, fmt.Errorf("build calendar %d: %s is both %s and %s", version, a.On, a.Kind, b.Kind)
		}
	}
	sameDay := func(a, b Exception) bool { return a.On == b.On }
	w.exceptions = slices.CompactFunc(w.exceptions, sameDay)
	w.addShifts()
	return w, nil
}

func (w *Workdays) addShifts() {
	excess := 0
	for _, e := range w.exceptions {
		switch weekend := isWeekend(e.On); {
		case e.Kind == Holiday && !weekend:
			excess--
		case e.Kind == Makeup && weekend:
			excess++
		default:
			continue
		}
		w.shifts = append(w.shifts, shift{on: e.On, excess: excess, rank: plainRank(e.On) + excess})
	}
}

// Version is the number of the calendar this table was built from.
func (w *Workdays) Version() int64 { return w.version }

// Known reports whether the year's notice is loaded. For other years a plain
// week is assumed.
func (w *Workdays) Known(year int) bool { return w.known[year] }

// Exception gives what a notice says about a day, if it names it.
func (w *Workdays) Exception(d Date) (e Exception, named bool) {
	i := w.firstException(d)
	if i == len(w.exceptions) || w.exceptions[i].On != d {
		return Exception{}, false
	}
	return w.exceptions[i], true
}

// Exceptions lists the named days from one day to another, both included, in order.
func (w *Workdays) Exceptions(from, to Date) []Exception {
	if from.After(to) {
		return nil
	}
	return slices.Clone(w.exceptions[w.firstException(from):w.firstException(to.Add(1))])
}

func (w *Workdays) firstException(d Date) int {
	return sort.Search(len(w.exceptions), func(i int) bool { return !w.exceptions[i].On.Before(d) })
}

// IsWorkday reports whether the day is worked; no date is not.
func (w *Workdays) IsWorkday(d Date) bool {
	if d.IsZero() {
		return false
	}
	if e, named := w.Exception(d); named {
		return e.Kind == Makeup
	}
	return !isWeekend(d)
}

// AddWorkdays gives the n-th working day after from, which is not counted
// itself; n of 0 gives from, worked or not. A negative n counts backwards: the
// n-th working day before from.
func (w *Workdays) AddWorkdays(from Date, n int) Date {
	switch {
	case n == 0 || from.IsZero():
		return from
	case n > 0:
		return w.ranked(w.rank(from) + n)
	default:
		return w.ranked(w.rank(from.Add(-1)) + n + 1)
	}
}

// NextWorkday gives the day itself when it is worked, else the next that is.
func (w *Workdays) NextWorkday(d Date) Date {
	if d.IsZero() || w.IsWorkday(d) {
		return d
	}
	return w.AddWorkdays(d, 1)
}

// CountWorkdays counts the working days after from up to and with to. When to
// is the earlier one the answer is negative: the days to catch up.
func (w *Workdays) CountWorkdays(from, to Date) int { return w.rank(to) - w.rank(from) }

// rank counts the working days since the first day there is, up to and with d.
// All counting rests on it: a closed formula for the plain week, and one search
// among the shifts.
func (w *Workdays) rank(d Date) int {
	i := sort.Search(len(w.shifts), func(i int) bool { return w.shifts[i].on.After(d) })
	if i == 0 {
		return plainRank(d)
	}
	return plainRank(d) + w.shifts[i-1].excess
}

// ranked gives the earliest day whose rank is r, which is always worked.
func (w *Workdays) ranked(r int) Date {
	i := sort.Search(len(w.shifts), func(i int) bool { return w.shifts[i].rank >= r })
	excess := 0
	if i > 0 {
		excess = w.shifts[i-1].excess
	}
	d := plainRanked(r - excess)
	// The plain week jumps over the weekend; a make-up day in it comes first.
	if i < len(w.shifts) && d.After(w.shifts[i].on) {
		return w.shifts[i].on
	}
	return d
}

const weekLength, weekdays = 7, int(time.Friday)

// plainRank is rank in a plain week; day 1 is a Monday.
func plainRank(d Date) int {
	n := int(d.n)
	return n/weekLength*weekdays + min(n%weekLength, weekdays)
}

func plainRanked(r int) Date {
	r = max(r, 1) - 1
	return clamped(int64(r/weekdays*weekLength + r%weekdays + 1))
}
