package product

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	_ "modernc.org/sqlite" // registers "sqlite"
)

// Size is how far a database is multiplied.
type Size struct {
	Proposals int
	// Lean copies what lists read, and texts only in part: beyond a hundred thousand the
	// rows of handling would fill the disk without being read.
	Lean bool
}

var errNoSeeds = errors.New("no proposal that was handed in")

// Multiply copies the proposals of a SQLite database until it holds at least as many as the
// size says, and gives how many it holds. Nobody else may have the database open.
func Multiply(ctx context.Context, path string, size Size) (int, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=foreign_keys(OFF)"+
		"&_pragma=cache_size(-400000)&_pragma=temp_store(MEMORY)&_pragma=locking_mode(EXCLUSIVE)")
	if err != nil {
		return 0, fmt.Errorf("open %d proposals: %w", size.Proposals, err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	m := &multiplier{ctx: ctx, db: db, size: size}
	for _, step := range []func() error{m.sow, m.grow, m.plan, m.copy, m.count} {
		if err := step(); err != nil {
			return 0, fmt.Errorf("multiply to %d proposals: %w", size.Proposals, err)
		}
	}
	var n int
	return n, db.QueryRowContext(ctx, "SELECT COUNT(*) FROM proposal").Scan(&n)
}

type multiplier struct {
	ctx    context.Context
	db     *sql.DB
	size   Size
	tables []*table // those whose rows belong to proposals
	copies int
}

func (m *multiplier) exec(q string, args ...any) error {
	if _, err := m.db.ExecContext(m.ctx, q, args...); err != nil {
		return fmt.Errorf("%.200s: %w", q, err)
	}
	return nil
}

func (m *multiplier) number(q string, args ...any) (int64, error) {
	var n sql.NullInt64
	if err := m.db.QueryRowContext(m.ctx, q, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("%.200s: %w", q, err)
	}
	return n.Int64, nil
}

func (m *multiplier) words(q string, args ...any) ([]string, error) {
	rows, err := m.db.QueryContext(m.ctx, q, args...)
	if err != nil {
		return nil, fmt.Errorf("%.200s: %w", q, err)
	}
	defer func() { _ = rows.Close() }()
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, fmt.Errorf("%.200s: %w", q, err)
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// sow chooses the proposals to copy: those handed in, of the session with the most.
func (m *multiplier) sow() error {
	if err := m.exec("CREATE TEMP TABLE family (id TEXT PRIMARY KEY) WITHOUT ROWID"); err != nil {
		return err
	}
	if err := m.exec(`INSERT INTO family SELECT id FROM proposal WHERE submitted_at IS NOT NULL AND session_id =
		(SELECT session_id FROM proposal WHERE submitted_at IS NOT NULL GROUP BY session_id ORDER BY COUNT(*) DESC LIMIT 1)`); err != nil {
		return err
	}
	seeds, err := m.number("SELECT COUNT(*) FROM family")
	if err != nil || seeds == 0 {
		return errors.Join(err, errNoSeeds)
	}
	have, err := m.number("SELECT COUNT(*) FROM proposal")
	m.copies = max(0, (m.size.Proposals-int(have)+int(seeds)-1)/int(seeds))
	return err
}

// apart are the records that no page of a proposal needs: each would be as long again.
func apart(name string) bool {
	for _, prefix := range []string{"audit_", "fact", "idempotency", "inbox", "mail", "notify", "message", "goose", "sqlite_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return strings.HasSuffix(name, "_tally")
}

// lean are the tables that lists read.
func lean(name string) bool {
	return name == "proposal" || name == "proposal_text" || name == "proposal_disposition"
}

// grow finds whose rows belong to the chosen proposals: a table with a column that holds
// only their ids, or ids of rows found to belong to them.
func (m *multiplier) grow() error {
	names, err := m.words("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for found := true; found; {
		found = false
		for _, name := range names {
			if known[name] || apart(name) || m.size.Lean && !lean(name) {
				continue
			}
			t, err := m.belongs(name)
			if err != nil {
				return err
			}
			if t != nil {
				known[name], found = true, true
				m.tables = append(m.tables, t)
			}
		}
	}
	return nil
}

// belongs gives the table when its rows belong to the family, and takes their ids into it.
func (m *multiplier) belongs(name string) (*table, error) {
	t, err := m.look(name)
	if err != nil {
		return nil, err
	}
	for i := range t.columns {
		c := &t.columns[i]
		if !c.text || name == "proposal" && c.name != "id" {
			continue
		}
		// Rows of the other sessions' proposals may be there too; what tells is that some
		// value is of the family.
		some, err := m.number(fmt.Sprintf(`SELECT EXISTS (SELECT 1 FROM "%s" WHERE "%s" IN (SELECT id FROM family))`, name, c.name))
		if err != nil {
			return nil, err
		}
		c.mapped = some == 1
	}
	where := t.of()
	if where == "" {
		return nil, nil
	}
	if err := m.exec(fmt.Sprintf(`CREATE TEMP TABLE "seed_%s" AS SELECT * FROM "%s" WHERE %s`, name, name, where)); err != nil {
		return nil, err
	}
	if t.key == "" {
		return t, nil
	}
	t.column(t.key).mapped = true
	return t, m.exec(fmt.Sprintf(`INSERT OR IGNORE INTO family SELECT "%s" FROM "seed_%s"`, t.key, name))
}
