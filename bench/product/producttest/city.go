// Package producttest makes a small database with the product's own tables, for tests that
// must not wait for the product.
//
// What does not live here: the demo city (package product).
package producttest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	_ "modernc.org/sqlite" // registers "sqlite"
)

// City makes a database with the product's own tables and a few proposals in them.
func City(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "city.db")
	db := Open(t, path)
	defer func() { _ = db.Close() }()
	_, here, _, _ := runtime.Caller(0)
	files, err := filepath.Glob(filepath.Join(filepath.Dir(here), "../../../internal/*/schema/*.sql"))
	if err != nil || len(files) < 5 {
		t.Fatalf("schema of the product: %d files, %v", len(files), err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		Do(t, db, string(text))
	}
	for i, state := range []string{"draft", "submitted", "filed", "closed"} {
		id := fmt.Sprintf("06g00000000000000000000%03d", i)
		number, handedIn := "NULL", "1000"
		if i >= 2 {
			number = fmt.Sprint(i)
		}
		if i == 0 {
			handedIn = "NULL"
		}
		Do(t, db, fmt.Sprintf(`INSERT INTO proposal (id, committee_id, session_id, state, number, title, category, kind, author_id, lead_name, due_on, created_at, saved_at, submitted_at, revision)
			VALUES ('%s', 'city', 's1', '%s', %s, 'title', 'livelihood', 'individual', 'person', 'name', '2026-03-31', 1, 1, %s, 1)`, id, state, number, handedIn))
		Do(t, db, fmt.Sprintf(`INSERT INTO proposal_text (proposal_id, revision, kind, title, background, person_id, at) VALUES ('%s', 1, 'submitted', 't', '%080d', 'person', 1)`, id, 0))
	}
	for _, q := range []string{
		`INSERT INTO proposal_disposition (id, committee_id, session_id, proposal_id, disposition, person_id, valid_from) VALUES ('06g0000000000000000000disp', 'city', 's1', '06g00000000000000000000003', 'filed', 'person', 1)`,
		`INSERT INTO proposal_counter VALUES ('s1', 'number', 3)`,
		`INSERT INTO assignment (id, committee_id, case_kind, case_id, unit_id, unit_name, role, position, channel, dispatched_by, dispatched_at, state, sign_by, sign_due, valid_from, phone_sealed)
			VALUES ('06g000000000000000000assig', 'city', 'proposal', '06g00000000000000000000003', 'unit', 'u', 'sole', 1, 'direct', 'person', 1, 'answered', '', '', 1, 'box')`,
		`INSERT INTO reply (id, committee_id, case_kind, case_id, assignment_id, unit_id, unit_name, round, state, number, year, drafted_by, saved_at)
			VALUES ('06g000000000000000000reply', 'city', 'proposal', '06g00000000000000000000003', '06g000000000000000000assig', 'unit', 'u', 1, 'issued', '12', 2026, 'person', 1)`,
		`INSERT INTO reply_item VALUES ('06g000000000000000000reply', 1, 'adopted', 'yes')`,
		`INSERT INTO audit_unsealed VALUES ('06g00000000000000000000003', 'city')`,
	} {
		Do(t, db, q)
	}
	return path
}

// Open opens a database on one connection.
func Open(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	return db
}

// Do runs a statement, or fails the test.
func Do(t *testing.T, db *sql.DB, q string) {
	t.Helper()
	if _, err := db.ExecContext(context.Background(), q); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
}
