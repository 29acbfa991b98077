// Package proposalweb is the pages and JSON routes of proposals: writing and
// signing, the list, the case page with the acts of review, filing in bulk,
// numbers.
//
// What does not live here: rules and data (package proposal), and what is done
// with a case after filing (package handlingweb), which the case page shows.
package proposalweb
