package store

import "database/sql"

// Raw lets the audit verifier read a SQLite database that somebody else
// opened: a copy under examination. It must have one connection.
func Raw(db *sql.DB) *Tx { return &Tx{engine: SQLite, run: db} }
