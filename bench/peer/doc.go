// Package peer runs PocketBase v0.39.9 from its Go module as the peer of the measurement,
// in a process of its own: a collection of proposals with the same texts, the indexes a
// careful administrator would make, one user who writes and reads.
//
// What does not live here: what is measured (package main).
package peer
