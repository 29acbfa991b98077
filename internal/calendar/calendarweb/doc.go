// Package calendarweb shows a year of working days as twelve small months and
// takes the yearly holiday notice.
//
// What does not live here: reading a notice and counting days (package calendar).
package calendarweb
