// Package keyyear carries twelve key proposals (重点提案) through a leader's year: from the
// recommendation of a member to the results told to Party and government. What belongs to
// key proposals is done by pages, by everybody at his own screen; the city around them, its
// people, proposals and replies, is made with the JSON operations.
//
// What does not live here: the way of one proposal (package journey).
package keyyear
