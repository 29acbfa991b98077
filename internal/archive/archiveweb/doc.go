// Package archiveweb holds the pages and routes of the archive: the list of a
// session, the sheet of one file with its editions, the register of numbers.
//
// What does not live here: what an act does and who may do it (package archive).
package archiveweb
