// Package identityweb is the pages and routes of signing in: the sign-in page,
// taking over an account, one's own account, and the list of accounts.
//
// What does not live here: who holds which post (organizationweb).
package identityweb
