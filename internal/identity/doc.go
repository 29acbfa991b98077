// Package identity knows people, how they sign in, their sessions and their
// API tokens. Personal fields go through package seal.
//
// What does not live here: who serves where and in which post (package
// organization).
package identity
