// Package load sends requests to a server over a fixed number of kept-alive HTTP/1.1
// connections and says how long each answer took.
//
// The client shares the machine's cores with the server it measures, so it is written for
// little work per request: a request is a slice of bytes made by the caller, an answer is
// read through one buffer and thrown away. What it costs is measured too (package main,
// echo server), and stands in the report.
//
// What does not live here: which requests (package main) and the servers.
package load
