// Package machine says what the machine is and what it can do at most: how long the disk
// takes to keep a page, how many commits a bare SQLite makes, how fast an HTTP server that
// does nothing answers. It also reads how much processor time a process used.
//
// What does not live here: anything about the product or its peer.
package machine
