package calendar

import (
	"cmp"
	"time"

	"tongxin/internal/clock"
)

// Beijing is the zone in which every deadline begins and ends.
var Beijing = clock.Beijing

// Date is a calendar day from 0001-01-01 to 9999-12-31, without time or zone.
// The zero Date is no date: it is written "", kept as NULL and comes before
// every other. Dates may be compared with == and used as map keys.
type Date struct {
	// n counts days; 1 is Monday 0001-01-01, so n%7 is the day of the week.
	n int32
}

const (
	// unixDay is the number of 1970-01-01.
	unixDay = 719163
	lastDay = 3652059 // 9999-12-31
	daySecs = 24 * 60 * 60
)

// NewDate gives the day of a year, month and day of month. A day that does not
// exist (31 February) or a year outside 1 to 9999 answers [ErrDate].
func NewDate(year int, month time.Month, day int) (Date, error) {
	if year < 1 || year > 9999 || month < time.January || month > time.December ||
		day < 1 || day > monthLength(year, month) {
		return Date{}, ErrDate
	}
	return civil(year, month, day), nil
}

// DateOf gives the day that t falls on in a zone; no time gives no date.
func DateOf(t time.Time, zone *time.Location) Date {
	if t.IsZero() {
		return Date{}
	}
	return civil(t.In(zone).Date())
}

// Civil gives year, month and day of month; zeros for no date.
func (d Date) Civil() (year int, month time.Month, day int) {
	if d.IsZero() {
		return 0, 0, 0
	}
	return time.Unix((int64(d.n)-unixDay)*daySecs, 0).UTC().Date()
}

// Year gives the year, 0 for no date.
func (d Date) Year() int {
	year, _, _ := d.Civil()
	return year
}

// Weekday gives the day of the week; it means nothing for no date.
func (d Date) Weekday() time.Weekday { return time.Weekday(d.n % 7) }

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d.n == 0 }

// Add gives the day that many days later, earlier when days is negative. It
// stops at the first and the last day there is; no date stays no date.
func (d Date) Add(days int) Date {
	if d.IsZero() {
		return d
	}
	return clamped(int64(d.n) + int64(days))
}

// AddMonths gives the same day of month that many months later, or the last day
// of a month that is too short: 31 January and one month is 28 or 29 February.
func (d Date) AddMonths(months int) Date {
	if d.IsZero() {
		return d
	}
	year, month, day := d.Civil()
	first := time.Date(year, month+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	year, month, _ = first.Date()
	return civil(year, month, min(day, monthLength(year, month)))
}

// Sub gives the days from e to d; negative when d is earlier.
func (d Date) Sub(e Date) int { return int(d.n) - int(e.n) }

// Compare orders dates: -1 when d is earlier than e, 0 when equal, 1 when later.
func (d Date) Compare(e Date) int { return cmp.Compare(d.n, e.n) }

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.n < e.n }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.n > e.n }

// Start gives the instant at which the day begins in a zone.
func (d Date) Start(zone *time.Location) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	year, month, day := d.Civil()
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}

// End gives the instant at which the day is over in a zone: the following
// midnight, which no longer belongs to it.
func (d Date) End(zone *time.Location) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	year, month, day := d.Civil()
	return time.Date(year, month, day+1, 0, 0, 0, 0, zone)
}

func civil(year int, month time.Month, day int) Date {
	return clamped(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/daySecs + unixDay)
}

func clamped(n int64) Date { return Date{int32(min(max(n, 1), lastDay))} }

func monthLength(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
