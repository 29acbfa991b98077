// Package commendationweb holds the pages and operations of commendation: the list
// of campaigns, the plan, nominating, reading, reviewing, the decision, public
// notice, the final list and its certificates.
//
// What does not live here: who may do what, and what is counted (package
// commendation).
package commendationweb
