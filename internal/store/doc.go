// Package store opens the database, SQLite or PostgreSQL, and runs
// transactions on it. Statements are written once, with ? as placeholder, in
// the subset of SQL that both engines share (docs in ARCHITECTURE.md).
//
// On SQLite one writer serves everybody: waiting writes share a commit
// (group.go). On PostgreSQL each write is a transaction of a pool. Callers
// never see the difference.
//
// What does not live here: any table of a domain, and any knowledge of who may
// do what. Only package app holds a *DB.
package store
