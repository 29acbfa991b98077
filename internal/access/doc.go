// Package access says who somebody is at this moment (Actor, acting Post), what
// a rule answers (Verdict), and which rows a person may see (Scope).
//
// What does not live here: the rules themselves (beside each action), signing
// in (package identity), and who holds which post (package organization).
package access
