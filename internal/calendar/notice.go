package calendar

import (
	"strings"
	"time"

	"tongxin/internal/fault"
)

// Kind tells which way a day departs from the plain week.
type Kind string

// The kinds of exception.
const (
	Holiday Kind = "holiday" // 放假: nobody works, whatever the weekday
	Makeup  Kind = "makeup"  // 调休上班: a Saturday or Sunday that is worked
)

// Exception is one day that a notice names.
type Exception struct {
	On   Date   `json:"on"`
	Kind Kind   `json:"kind"`
	Name string `json:"name,omitempty"` // the holiday in the notice's own words (春节); may be empty for a make-up day
}

// Notice is the State Council's arrangement for one year.
type Notice struct {
	Year       int         `json:"year"`
	Number     string      `json:"number"` // document number, or the date of issue where that is all we have
	Exceptions []Exception `json:"exceptions"`
}

// Check tells a person everything that is wrong with a notice: a day named
// twice, a day far from the year, a make-up day that is worked anyway, a
// holiday without name. It answers a fault.Invalid with field "exceptions".
func (n Notice) Check() error {
	var p fault.Problems
	p.Check(n.Year >= 2000 && n.Year <= 9998, "year", "calendar.notice.year")
	seen := make(map[Date]bool, len(n.Exceptions))
	for _, e := range n.Exceptions {
		n.check(&p, e, seen[e.On])
		seen[e.On] = true
	}
	return p.Err()
}

func (n Notice) check(p *fault.Problems, e Exception, twice bool) {
	const field = "exceptions"
	p.Check(e.Kind == Holiday || e.Kind == Makeup, field, "calendar.notice.kind", "on", e.On)
	p.Check(!twice, field, "calendar.notice.twice", "on", e.On)
	p.Check(n.covers(e.On), field, "calendar.notice.other-year", "on", e.On, "year", n.Year)
	if e.Kind == Holiday {
		p.Check(strings.TrimSpace(e.Name) != "", field, "calendar.notice.name", "on", e.On)
	}
	if e.Kind == Makeup {
		p.Check(isWeekend(e.On), field, "calendar.notice.makeup-weekday", "on", e.On)
	}
}

// covers allows the neighbouring weeks: the notice of 2023 begins on 31 December
// 2022, and a long New Year may end in another year's January.
func (n Notice) covers(on Date) bool {
	year, month, _ := on.Civil()
	return year == n.Year || year == n.Year-1 && month == time.December || year == n.Year+1 && month == time.January
}

func isWeekend(d Date) bool {
	day := d.Weekday()
	return day == time.Saturday || day == time.Sunday
}
