// Package demo makes the fictional city: its committee, its people and its
// proposals in every state, by the same actions that people use, under a
// hand-set clock that runs from the founding to today.
//
// What does not live here: the names and texts (package fiction).
package demo
