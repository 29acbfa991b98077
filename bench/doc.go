// Command bench measures the product beside its peer PocketBase and beside what the machine
// can do at most, and writes docs/performance.md.
//
//	make bench                       # about ten minutes
//	make bench BENCH=-quick          # about a minute, to see that it works
//
// Every server is a process of its own on a loopback port with a database that is thrown
// away; sides take turns round by round; medians count. The peer runs inside this binary's
// own second process (the word "peer" on the command line), the product is the binary that
// `make build` makes.
//
// What does not live here: a way to make the product faster. The benchmark uses it as a
// program over its JSON API and as a browser over its pages would.
package main
