// Package site puts the house together: the list of modules, the parts that
// one domain lends another, the pages, and the running server.
//
// What does not live here: anything a domain could say itself.
package site
