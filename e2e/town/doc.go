// Package town sets a committee up through the JSON operations, in seconds, and opens a
// browser for each of its people: for journeys that begin where an ordinary day begins.
//
// What does not live here: setting a committee up by its pages (package journey does), and
// what happens in the town (each journey's own).
package town
