// Package longway takes one case through everything that can happen to it sideways: the
// wrong unit, a late opinion, more time, a reply sent back, a member who is not satisfied,
// a second handling, a promise kept and a promise forgotten, the unit's score of the year,
// the archive. Each page is looked at by the person concerned, at a desk and on a phone.
//
// What does not live here: how a committee is set up and a proposal is written, reviewed
// and filed (package journey), and the key proposals of a year (package keyyear).
package longway
