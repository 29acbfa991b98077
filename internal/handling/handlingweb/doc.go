// Package handlingweb holds the pages of handling: what a case page shows of
// it (Section) and offers to do (Aside), the lists of units and of those who
// dispatch, writing a reply, reading it as a letter, rating it.
//
// What does not live here: rules of any kind (package handling) and the rest
// of a case's page (its domain).
package handlingweb
