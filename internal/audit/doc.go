// Package audit is the append-only record of who did what, when, as whom, from
// where, and how it ended. Entries commit with their content hash in the
// transaction of the act; a sealer links them into one chain per committee
// behind the commit and signs checkpoints outside the database, so that writers
// never queue for the chain's head. Verify finds the first entry that was
// changed, removed, added or moved.
//
// What does not live here: logs for engineers (log/slog), and what listeners
// react to (facts, package app).
package audit
