// Package crash ends the product in bad ways while people hand in proposals: kill -9,
// SIGTERM under load, a disk that takes no more. What was acknowledged must be there
// exactly once afterwards, and what was not must be there whole or not at all.
//
// Each client keeps a journal of what it sent and what it was answered, outside of the
// product. The checks read back through the API alone.
//
// What does not live here: faults inside the shared commit (package store) and power
// cuts, which need a file system that forgets.
package crash
