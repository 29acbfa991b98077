// Package clock says what time it is. Everything that needs the time is
// handed a Clock, so that a test or the demo can set the time by hand.
//
// What does not live here: working days and deadlines (package calendar).
package clock
