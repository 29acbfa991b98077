// Package report turns what was measured into docs/performance.md: a page that a reader can
// check and repeat, with every missed target said aloud.
//
// What does not live here: measuring (package main), and numbers that were not measured in
// the same run.
package report
