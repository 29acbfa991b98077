// Package organizationweb is the pages and routes of set-up: founding the
// committee, terms and sessions, bodies, people with their posts and
// memberships, and the roster.
//
// What does not live here: accounts and one-time codes (identityweb), the
// committee's rules (profileweb), working days (calendarweb).
package organizationweb
