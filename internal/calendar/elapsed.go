package calendar

import "time"

// Elapsed counts the working days after the day of from up to and with the day
// of to, in Beijing: what was taken yesterday has been held for one working day.
func Elapsed(from, to time.Time, w *Workdays) int {
	if from.IsZero() || to.IsZero() {
		return 0
	}
	return w.CountWorkdays(DateOf(from, Beijing), DateOf(to, Beijing))
}

// Left counts the working days after today up to and with the last day: 0 on
// the last day, negative by the working days that it is late. Whether it is late
// at all is for [Deadline.Late] to say, as a weekend after the last day adds none.
func Left(today, due Date, w *Workdays) int { return w.CountWorkdays(today, due) }
