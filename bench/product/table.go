package product

import (
	"fmt"
	"strings"
)

// table is a table whose rows belong to proposals.
type table struct {
	name    string
	columns []column
	key     string   // the only column of the primary key, when it is "id"
	indexes []string // statements that make them
}

type column struct {
	name   string
	text   bool
	mapped bool  // holds ids of rows that are copied along
	shift  int64 // added once per copy, where a number must not come twice
	suffix bool  // takes the copy's number, where a text must not come twice
	cut    bool  // only its beginning is copied
	sealed bool  // encrypted for one row only, so that a copy has none
}

func (t *table) column(name string) *column {
	for i := range t.columns {
		if t.columns[i].name == name {
			return &t.columns[i]
		}
	}
	return nil
}

// of is the condition for rows of the family, "" when nothing refers to it.
func (t *table) of() string {
	var list []string
	for _, c := range t.columns {
		if c.mapped {
			list = append(list, fmt.Sprintf(`"%s" IN (SELECT id FROM family)`, c.name))
		}
	}
	return strings.Join(list, " OR ")
}

// copies is above the ids of all copies and below those of all rows that were made.
const copies = "01"

// value is what a copy holds in the column; s is the row copied, n the number of the copy.
func (c column) value() string {
	name := fmt.Sprintf(`s."%s"`, c.name)
	switch {
	case c.mapped:
		// An id begins with its time; copies begin with their number, so that they are
		// older than every row that was made.
		return fmt.Sprintf(`CASE WHEN %[1]s IN (SELECT id FROM family) THEN printf('%%08x', series.n) || substr(%[1]s, 9) ELSE %[1]s END`, name)
	case c.shift > 0:
		return fmt.Sprintf("%s + series.n * %d", name, c.shift)
	case c.suffix:
		return fmt.Sprintf("CASE WHEN %[1]s = '' THEN '' ELSE %[1]s || '-' || series.n END", name)
	case c.sealed:
		return "''"
	case c.cut:
		return fmt.Sprintf("substr(%s, 1, 30)", name)
	default:
		return name
	}
}

// copy is the statement that makes all copies of the table's rows, in the order of ids.
func (t *table) copy() string {
	var names, values []string
	for _, c := range t.columns {
		names = append(names, `"`+c.name+`"`)
		values = append(values, c.value())
	}
	return fmt.Sprintf(`INSERT INTO "%[1]s" (%[2]s) SELECT %[3]s FROM series CROSS JOIN "seed_%[1]s" AS s ORDER BY series.rowid`,
		t.name, strings.Join(names, ", "), strings.Join(values, ", "))
}

func (m *multiplier) look(name string) (*table, error) {
	t := &table{name: name}
	rows, err := m.db.QueryContext(m.ctx, "SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid", name)
	if err != nil {
		return nil, fmt.Errorf("look at table %s: %w", name, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var c column
		var kind string
		var pk int
		if err := rows.Scan(&c.name, &kind, &pk); err != nil {
			return nil, fmt.Errorf("look at table %s: %w", name, err)
		}
		c.text = strings.EqualFold(kind, "TEXT")
		c.sealed = strings.HasSuffix(c.name, "_sealed")
		if pk > 0 && c.name == "id" && c.text {
			t.key = c.name
		}
		t.columns = append(t.columns, c)
	}
	return t, rows.Err()
}

// plan decides what changes in each copy beside ids: what must not come twice.
func (m *multiplier) plan() error {
	for _, t := range m.tables {
		if m.size.Lean && t.name == "proposal_text" {
			for _, name := range []string{"background", "analysis", "measures", "basis"} {
				t.column(name).cut = true
			}
		}
		indexes, err := m.words(`SELECT name FROM pragma_index_list(?) WHERE "unique" = 1`, t.name)
		if err != nil {
			return err
		}
		for _, index := range indexes {
			if err := m.keepUnique(t, index); err != nil {
				return err
			}
		}
		if t.indexes, err = m.words("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", t.name); err != nil {
			return err
		}
	}
	return nil
}

// keepUnique makes the last column of a unique index differ between copies, when no id in
// it does.
func (m *multiplier) keepUnique(t *table, index string) error {
	names, err := m.words("SELECT name FROM pragma_index_info(?) ORDER BY seqno", index)
	if err != nil {
		return err
	}
	for _, name := range names {
		if t.column(name).mapped {
			return nil
		}
	}
	last := t.column(names[len(names)-1])
	if last.text {
		last.suffix = true
		return nil
	}
	most, err := m.number(fmt.Sprintf(`SELECT MAX("%s") FROM "%s"`, last.name, t.name))
	last.shift = most + 1
	return err
}

// copy writes the copies. Indexes are made anew afterwards, which is faster than keeping
// them while rows come.
func (m *multiplier) copy() error {
	if err := m.exec("CREATE TEMP TABLE series (n INTEGER)"); err != nil {
		return err
	}
	if err := m.exec(`INSERT INTO series WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?)
		SELECT n FROM c WHERE ? > 0`, m.copies, m.copies); err != nil {
		return err
	}
	for _, t := range m.tables {
		drop, err := m.words(`SELECT 'DROP INDEX "' || name || '"' FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`, t.name)
		if err != nil {
			return err
		}
		for _, q := range append(append(drop, t.copy()), t.indexes...) {
			if err := m.exec(q); err != nil {
				return err
			}
		}
	}
	return nil
}

// count writes the totals and the last numbers anew, as the product keeps them.
func (m *multiplier) count() error {
	for _, q := range []string{
		"DELETE FROM proposal_tally",
		`INSERT INTO proposal_tally (committee_id, session_id, category, state, slot, n)
			SELECT committee_id, session_id, category, CASE WHEN state = 'withdrawn' AND submitted_at IS NULL THEN 'discarded' ELSE state END AS tallied, 0, COUNT(*)
			FROM proposal GROUP BY 1, 2, 3, 4`,
		"DELETE FROM proposal_due_tally",
		`INSERT INTO proposal_due_tally (committee_id, session_id, due_on, slot, n)
			SELECT committee_id, session_id, due_on, 0, COUNT(*) FROM proposal WHERE due_on <> '9999-12-31' GROUP BY 1, 2, 3`,
		`UPDATE proposal_counter SET last = MAX(last, COALESCE((SELECT MAX(number) FROM proposal p WHERE p.session_id = proposal_counter.session_id), 0))
			WHERE series = 'number'`,
	} {
		if err := m.exec(q); err != nil {
			return err
		}
	}
	return nil
}
