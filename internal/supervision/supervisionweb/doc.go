// Package supervisionweb shows supervision: the overview of all units and its
// CSV, the lists behind its numbers, the page of a unit, the form of a chase,
// the letter with its receipts, and instructions of leaders.
package supervisionweb
