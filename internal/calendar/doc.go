// Package calendar counts the committee's time: calendar dates, working days
// with the State Council's holidays (放假) and make-up working days (调休上班),
// and deadlines that explain each step of their own computing.
//
// # Words
//
//	Date       日期       a day without time or zone, text 2006-01-02
//	Notice     放假通知   one year's holidays and make-up working days
//	Workdays   工作日历   the table built from the notices that are loaded
//	Rule       期限规则   how long somebody has, as the committee's own data
//	Deadline   期限       the last day, the instant it ends, and why
//	Step       计算步骤   one line of that explanation
//
// # How days are counted
//
// The starting day is never counted. A period of months ends on the day with
// the same number, or on the last day of a shorter month. A deadline's last day
// counts in full: it is over at the following midnight in Beijing. A year whose
// notice is not loaded is counted with plain weekends, and the deadline says so.
//
// A deadline keeps the rule, the starting day and the extensions it was made
// from, so that a changed calendar can compute it again ([Recompute]) even when
// the committee's rule has changed since.
//
// What does not live here: which rule holds for whom (the committee's profile),
// whose deadline it is and what happens when it passes (package handling), and
// what time it is now (package clock).
package calendar
