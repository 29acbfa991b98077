package supervision

import (
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/clock"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// never is the due date of what has none, as handling writes it.
const never = "9999-12-31"

// office reports whether somebody works in the committee's proposal office.
func office(who access.Actor) bool { return who.Is(access.Office, access.Chief) }

// unitPost reports whether somebody works in a unit on its cases.
func unitPost(who access.Actor) bool { return who.Is(access.Handler, access.Signer) }

// chaser reports whether somebody holds a post that chases.
func chaser(who access.Actor) bool { return office(who) || who.Is(access.Dispatcher) }

// scopeOf is the part of a table with committee_id, desk_id and unit_id (alias
// a) that somebody watches over: a supervision office what it dispatched, a unit
// its own, the office and leaders everything.
func scopeOf(who access.Actor) access.Scope {
	all := access.Committee("a.committee_id", who.CommitteeID)
	switch {
	case office(who), who.Is(access.Leader, access.System):
		return all
	case who.Is(access.Dispatcher):
		return all.And("a.desk_id = ?", who.Post.BodyID)
	case unitPost(who):
		return all.And("a.unit_id = ?", who.Post.BodyID)
	default:
		return access.Nothing()
	}
}

// watchesAll is scopeOf without the units, for pages about all of them.
func watchesAll(who access.Actor) access.Scope {
	if unitPost(who) {
		return access.Nothing()
	}
	return scopeOf(who)
}

// watches reports whether somebody has pages of supervision at all.
func watches(who access.Actor) bool {
	return who.CommitteeID != "" && (chaser(who) || unitPost(who) || who.Is(access.Leader))
}

func missing() error { return fault.New(fault.NotFound, "fault.not-found") }

// clockOf are the rules and the calendar by which colours are told.
type clockOf struct {
	rules   profile.SupervisionRules
	version int64 // of the rules
	days    *calendar.Workdays
	now     store.Time
	today   calendar.Date
}

func clockNow(l *app.Look) (*clockOf, error) { return clockIn(l, l.Who().CommitteeID) }

// clockIn is clockNow of any committee, for the clockwork.
func clockIn(l *app.Look, committee string) (*clockOf, error) {
	rules, version, err := profile.Of(l, committee)
	if err != nil {
		return nil, err
	}
	days, err := calendar.Of(l, committee)
	if err != nil {
		return nil, err
	}
	return &clockOf{rules.Handling.Supervision, version, days, l.Now(), dayOf(l.Now())}, nil
}

// dayOf is the day of an instant in Beijing.
func dayOf(t store.Time) calendar.Date { return calendar.DateOf(t.Time, calendar.Beijing) }

// nearUntil is the last due date that is near: no more than the profile's
// working days are left until it.
func (k *clockOf) nearUntil() calendar.Date {
	return k.days.AddWorkdays(k.today, max(k.rules.NearWorkdays, 0)+1).Add(-1)
}

// lateSince is the last due date of what is late beyond the profile's days, so
// that leaders are told; no date when they never are.
func (k *clockOf) lateSince() calendar.Date {
	if k.rules.LeaderAfter <= 0 {
		return calendar.Date{}
	}
	// The latest day from which so many working days have passed.
	return k.days.AddWorkdays(k.today.Add(1), -k.rules.LeaderAfter).Add(-1)
}

// left is how many working days remain until a day, negative when late, and
// whether the day is over.
func (k *clockOf) left(on string) (days int, late bool) {
	d, err := calendar.ParseDate(on)
	if err != nil {
		return 0, false
	}
	return calendar.Left(k.today, d, k.days), k.today.After(d)
}

// quiet reports whether something was chased so shortly before that another
// chase needs a reason.
func (k *clockOf) quiet(last store.Time) bool {
	return !last.IsZero() && calendar.Elapsed(last.Time, k.now.Time, k.days) < k.rules.QuietWorkdays
}

// yearOf gives the instants at which a year of Beijing begins and is over.
func yearOf(n int) (from, to store.Time) {
	begin := func(y int) store.Time {
		return clock.InstantOf(time.Date(y, time.January, 1, 0, 0, 0, 0, clock.Beijing))
	}
	return begin(n), begin(n + 1)
}
