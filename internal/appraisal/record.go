package appraisal

import (
	"time"

	"tongxin/internal/calendar"
	"tongxin/internal/handling"
	"tongxin/internal/store"
)

// Record is one assignment with what measures look at, as of an instant.
type Record struct {
	ID           string
	UnitID       string
	UnitName     string
	Channel      string
	Role         handling.Role
	WaivedAt     store.Time // from when an assisting opinion was not waited for
	DispatchedAt store.Time
	SignBy       string
	SignedAt     store.Time
	ContactBy    string
	DueOn        string // of the reply or opinion
	Contacts     []Contacted
	Replies      []Replied // issued ones, by round; follow-ups apart
	OpinionAt    store.Time
	Ratings      []Rated // forms, by the round of their reply

	// Gone is an assignment that another unit took over after an objection; only
	// objections look at it.
	Gone     bool
	Objected int64 // objections filed
	Rejected int64 // of them rejected
	Returned int64 // replies sent back by pre-reading
	Again    int64 // second handlings begun
	Promises []Promised
	Chased   int64 // formal letters (催办单) that chased it
}

// Promised is one promise of a reply that still stands or was kept.
type Promised struct {
	DueOn  string
	KeptOn string // "" while it is open
}

// Contacted is one contact with proposers.
type Contacted struct {
	On   string
	Face bool // face to face
}

// Replied is one issued reply; At and DueOn are those of its sign-off.
type Replied struct {
	Round     int64
	Class     string
	Publicity string
	At        store.Time
	DueOn     string
	Items     int64 // numbered suggestions answered
	Taken     int64 // of them adopted or partly adopted
}

// Rated is one form of a proposer; silence is a form that did not come back.
type Rated struct {
	Round            int64
	Attitude, Result string
}

// work is whose work the record is: main or assist.
func (r *Record) work() string {
	if r.Role.Main() {
		return OfMain
	}
	return OfAssist
}

// Time tells measures what day it is and which days are worked.
type Time struct {
	AsOf store.Time
	Days *calendar.Workdays
}

// over reports whether the day had passed as of the instant.
func (t Time) over(day string) bool {
	return day != "" && day < never && day < dayOf(t.AsOf)
}

// never is the due date of what has none.
const never = "9999-12-31"

// dayOf is the day of an instant in Beijing as text; "" for none.
func dayOf(i store.Time) string {
	return calendar.DateOf(i.Time, calendar.Beijing).String()
}

// inTime reports whether something happened by the end of a day; what has no
// deadline is always in time.
func inTime(at store.Time, day string) bool {
	return !at.IsZero() && (day == "" || dayOf(at) <= day)
}

// startOf is the first instant of a day; endOf the first after it.
func startOf(day string) store.Time { return instant(day, 0) }

func endOf(day string) store.Time { return instant(day, 1) }

func instant(day string, plus int) store.Time {
	d, err := calendar.ParseDate(day)
	if err != nil {
		return store.Time{}
	}
	return store.Time{Time: d.Add(plus).Start(calendar.Beijing)}
}

// asOf is until when records count: now, or the end of the scheme's last day
// when that has passed.
func (s *Scheme) asOf(now store.Time) store.Time {
	if end := endOf(s.Until); end.Before(now.Time) {
		return store.Time{Time: end.Add(-time.Millisecond)}
	}
	return now
}
