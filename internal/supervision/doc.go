// Package supervision watches over the work that units owe (督查): the overview
// of all units in three colours, the page of one unit, chases by hand and by
// formal letter (催办单), instructions of leaders, and their weekly digest.
//
// # Words
//
//	overview     督办总览   every unit × open, near, late, done in time, done late
//	colour       三色       red is late, yellow is due soon, green has time; always with the word
//	chase        催办       a unit is told to answer: a note by hand, or a letter
//	letter       催办单     a chase with a number, to be answered in writing
//	receipt      签收       the unit says that it has the chase
//	instruction  批示       of a leader on an assignment that is late, with a report back
//
// A chase is about one or more assignments of one unit that one office
// dispatched:
//
//	sent ──► received ──► answered (in words, or because everything came that was awaited)
//	  └──────────────────────▲
//
// An assignment that was chased is left in peace for the profile's
// QuietWorkdays: another chase needs a reason, and handling's own reminders
// stay silent ([Chased]).
//
// A supervision office sees and chases what it dispatched and nothing else; the
// committee's office sees everything and may chase everything; a unit sees its own.
//
// The overview reads handling's totals (table assignment_tally), which are kept
// in the same commit as the assignments; the other counts are read when asked for.
//
// What does not live here: deadlines, reminders at the profile's steps and
// everything that a unit does (package handling), and the instructions on key
// proposals (package proposal).
package supervision
