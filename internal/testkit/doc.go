// Package testkit builds small worlds for tests: a fresh database on both
// engines, a committee with bodies and people in every post, a hand-set clock.
//
// What does not live here: the demo's city (package demo).
package testkit
