package notify

import (
	"time"

	"tongxin/internal/clock"
	"tongxin/internal/profile"
)

// window is a part of every day in Beijing, in minutes after midnight; to may
// lie on the next day. Equal ends are no window.
type window struct{ from, to int }

const dayMinutes = 24 * 60

// minuteOf reads 21:00.
func minuteOf(text string) (int, bool) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, false
	}
	return t.Hour()*60 + t.Minute(), true
}

// windowOf reads two times of day; what cannot be read is no window.
func windowOf(from, to string) window {
	a, okA := minuteOf(from)
	b, okB := minuteOf(to)
	if !okA || !okB {
		return window{}
	}
	return window{a, b}
}

// length is the number of minutes.
func (w window) length() int { return (w.to - w.from + dayMinutes) % dayMinutes }

// within tells whether all of w lies in o.
func (w window) within(o window) bool {
	begin := (w.from - o.from + dayMinutes) % dayMinutes
	return begin+w.length() <= o.length()
}

// end is when the window ends that t lies in; false outside of it.
func (w window) end(t time.Time) (time.Time, bool) {
	t = t.In(clock.Beijing)
	since := (t.Hour()*60 + t.Minute() - w.from + dayMinutes) % dayMinutes
	if since >= w.length() {
		return time.Time{}, false
	}
	return t.Truncate(time.Minute).Add(time.Duration(w.length()-since) * time.Minute), true
}

// awake is the first instant from t on that does not lie in all of the windows
// at once: people are told then.
func awake(t time.Time, all ...window) time.Time {
	for range len(all) + 1 {
		first, quiet := time.Time{}, len(all) > 0
		for _, w := range all {
			end, in := w.end(t)
			quiet = quiet && in
			if first.IsZero() || end.Before(first) {
				first = end
			}
		}
		if !quiet {
			return t
		}
		t = first
	}
	return t
}

// digestAfter is the next instant after t at which the digest goes out.
func digestAfter(t time.Time, rules profile.NoticeRules) time.Time {
	at, ok := minuteOf(rules.DigestAt)
	if !ok {
		return t
	}
	t = t.In(clock.Beijing)
	d := time.Date(t.Year(), t.Month(), t.Day(), at/60, at%60, 0, 0, clock.Beijing)
	if !d.After(t) {
		d = d.AddDate(0, 0, 1)
	}
	return d
}
