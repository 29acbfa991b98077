package product

import (
	"context"
	"database/sql"
	"fmt"
)

// Year is a year of assignments that was written past every act.
type Year struct {
	Number      int
	Assignments int
	Units       int
	Open        int
}

// FillYear writes a year of n assignments over a number of units into a database: four of
// five dispatched on ten days after the session, the others on the days of the year; a
// third assists; seven of ten answered, a tenth of those late. Their totals are counted from
// the rows, as the product's own migration counts them. today is the last day of the year
// that is looked at, 2026-06-30.
func FillYear(ctx context.Context, path, today string, n, units int) (Year, error) {
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		return Year{}, fmt.Errorf("fill a year: %w", err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	var y Year
	for _, q := range fillings(today, n, units) {
		if _, err := db.ExecContext(ctx, q.text, q.args...); err != nil {
			return y, fmt.Errorf("fill a year: %s: %w", q.text, err)
		}
	}
	err = db.QueryRowContext(ctx, `SELECT CAST(substr(?, 1, 4) AS INTEGER), SUM(n), COUNT(DISTINCT unit_id), SUM(CASE WHEN state <> 'answered' THEN n ELSE 0 END)
		FROM assignment_tally WHERE year = CAST(substr(?, 1, 4) AS INTEGER)`, today, today).Scan(&y.Number, &y.Assignments, &y.Units, &y.Open)
	if err != nil {
		return y, fmt.Errorf("look at the year: %w", err)
	}
	return y, nil
}

type filling struct {
	text string
	args []any
}

// fillings are the statements that write the year. Days are counted from New Year.
func fillings(today string, n, units int) []filling {
	const number = "WITH RECURSIVE s (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM s WHERE i + 1 < ?) "
	return []filling{
		{"CREATE TEMP TABLE place AS SELECT id AS committee FROM committee ORDER BY id LIMIT 1", nil},
		{"CREATE TEMP TABLE desk AS SELECT id, name FROM body WHERE kind IN ('supervision_party', 'supervision_government') AND valid_to IS NULL ORDER BY kind LIMIT 2", nil},
		{number + `INSERT INTO body (id, committee_id, kind, name, channel, sort, valid_from) SELECT printf('00unit%020d', i), committee, 'unit', printf('第 %d 承办单位', i), 'government', 5000 + i, '2021-01-01'
			FROM s CROSS JOIN place WHERE i >= (SELECT COUNT(*) FROM body WHERE kind = 'unit' AND valid_to IS NULL)`, []any{units}},
		{"CREATE TEMP TABLE unit AS SELECT ROW_NUMBER() OVER (ORDER BY sort, id) - 1 AS no, id, name FROM body WHERE kind = 'unit' AND valid_to IS NULL", nil},
		// Which day of the year each was dispatched on, which unit, desk and part it has.
		{"CREATE TEMP TABLE given (i INTEGER PRIMARY KEY, unit, day, desk, assist, answered, late)", nil},
		{number + `INSERT INTO given SELECT i, (i * 7919) % (SELECT COUNT(*) FROM unit),
			CASE WHEN i % 5 < 4 THEN 40 + (i * 31) % 10 ELSE (i * 97) % (julianday(?) - julianday(substr(?, 1, 4) || '-01-01') + 1) END,
			i % 3, i % 3 = 2, i % 10 < 7, i % 97 < 10 FROM s`, []any{n, today, today}},
		{`INSERT INTO handling_case (case_kind, case_id, committee_id, number, title, stage, opened_at)
			SELECT 'proposal', printf('00case%020d', i), committee, printf('第 %06d 号', i), '关于第 ' || i || ' 件事的提案', 'handling', 0 FROM given CROSS JOIN place WHERE i % 3 = 0`, nil},
		{`INSERT INTO assignment (id, committee_id, case_kind, case_id, unit_id, unit_name, role, position, channel, desk_id, desk_name, dispatched_by, dispatched_at, state, sign_by, sign_due, signed_at,
				due_on, answered_at, late, valid_from)
			SELECT printf('00give%020d', g.i), committee, 'proposal', printf('00case%020d', g.i - g.i % 3), u.id, u.name, CASE WHEN g.assist THEN 'assist' ELSE 'separate' END, g.i % 3, 'government',
				COALESCE(d.id, ''), COALESCE(d.name, ''), '', w.at, CASE WHEN g.answered THEN 'answered' WHEN g.i % 20 = 9 THEN 'dispatched' ELSE 'signed' END,
				date(w.day, '+9 days'), '{}', w.at, date(w.day, CASE WHEN g.assist THEN '+30 days' ELSE '+3 months' END), CASE WHEN g.answered THEN w.at + 86400000 END, g.answered AND g.late, w.at
			FROM given g CROSS JOIN place JOIN unit u ON u.no = g.unit LEFT JOIN desk d ON d.rowid = g.desk
			JOIN (SELECT i, date(substr(?, 1, 4) || '-01-01', '+' || CAST(day AS INTEGER) || ' days') AS day,
				(julianday(substr(?, 1, 4) || '-01-01') + day - 2440587.5) * 86400000 AS at FROM given) w ON w.i = g.i
			WHERE true ON CONFLICT DO NOTHING`, []any{today, today}},
		{"UPDATE assignment SET dispatched_at = CAST(dispatched_at AS INTEGER), signed_at = CAST(signed_at AS INTEGER), answered_at = CAST(answered_at AS INTEGER), valid_from = CAST(valid_from AS INTEGER) WHERE id LIKE '00give%'", nil},
		{"DELETE FROM assignment_tally", nil},
		{`INSERT INTO assignment_tally (committee_id, year, desk_id, unit_id, main, state, mark, n)
			SELECT committee_id, CAST(strftime('%Y', dispatched_at / 1000 + 28800, 'unixepoch') AS INTEGER), desk_id, unit_id, role <> 'assist', state,
				CASE WHEN state <> 'answered' THEN due_on WHEN late THEN 'late' ELSE 'on' END, COUNT(*)
			FROM assignment WHERE state IN ('dispatched', 'signed', 'answered') GROUP BY 1, 2, 3, 4, 5, 6, 7`, nil},
		// What acts leave behind: totals that count nothing any more.
		{`INSERT INTO assignment_tally (committee_id, year, desk_id, unit_id, main, state, mark, n)
			SELECT committee_id, CAST(strftime('%Y', dispatched_at / 1000 + 28800, 'unixepoch') AS INTEGER), desk_id, unit_id, role <> 'assist', 'signed', due_on, 0
			FROM assignment WHERE state = 'answered' GROUP BY 1, 2, 3, 4, 5, 6, 7 ON CONFLICT DO NOTHING`, nil},
	}
}
