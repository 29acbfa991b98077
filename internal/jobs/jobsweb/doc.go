// Package jobsweb shows jobs: the list of them, how far one has come, what
// became of each of its rows.
//
// What does not live here: the pages from which jobs are started (the domain
// whose act it is).
package jobsweb
