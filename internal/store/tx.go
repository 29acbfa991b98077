package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// Tx is a running transaction. It must not be used after its function returned.
type Tx struct {
	engine Engine
	run    runner
	reads  bool // a reading transaction, in which nobody claims
}

// runner is what a *sql.Tx and our pinned connection share.
type runner interface {
	ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row
}

// Row is one row of an answer.
type Row interface{ Scan(dest ...any) error }

// Engine tells which engine runs it; only store, search and jobs may ask.
func (t *Tx) Engine() Engine { return t.engine }

// Exec runs a statement and tells how many rows it touched.
func (t *Tx) Exec(ctx context.Context, q string, args ...any) (int64, error) {
	r, err := t.run.ExecContext(ctx, t.text(q), storable(args)...)
	if err != nil {
		return 0, translate(err)
	}
	return r.RowsAffected()
}

// Row asks for one row; Scan gives ErrNone when there is none.
func (t *Tx) Row(ctx context.Context, q string, args ...any) Row {
	return one{t.run.QueryRowContext(ctx, t.text(q), storable(args)...)}
}

type one struct{ r *sql.Row }

func (o one) Scan(dest ...any) error { return translate(o.r.Scan(dest...)) }

// ErrNone says that there is no such row.
var ErrNone = sql.ErrNoRows

// List asks for rows and reads each with scan.
func List[T any](ctx context.Context, t *Tx, scan func(Row, *T) error, q string, args ...any) ([]T, error) {
	rows, err := t.run.QueryContext(ctx, t.text(q), storable(args)...)
	if err != nil {
		return nil, translate(err)
	}
	defer func() { _ = rows.Close() }()
	list := []T{} // an empty answer is a list too, in JSON as well
	for rows.Next() {
		var v T
		if err := scan(rows, &v); err != nil {
			return nil, fmt.Errorf("read a row: %w", err)
		}
		list = append(list, v)
	}
	return list, translate(rows.Err())
}

// Column reads the single column of each row.
func Column[T any](r Row, v *T) error { return r.Scan(v) }

// Claim makes other writers wait until this transaction ends before they touch
// the same row. On SQLite there is only one writer, so nothing is to be done;
// neither is while only reading, so that a loader may serve acts and queries.
// table and key are words of our own, never of a request.
func (t *Tx) Claim(ctx context.Context, table, key, id string) error {
	if t.engine == SQLite || t.reads {
		return nil
	}
	var x int
	err := t.Row(ctx, "SELECT 1 FROM "+table+" WHERE "+key+" = ? FOR UPDATE", id).Scan(&x)
	if err == ErrNone {
		return nil // the loader says that there is none
	}
	return err
}

// Position gives the place of this transaction in the order in which
// listeners hear of facts: later commits never have a place before one that a
// listener has passed (see Settled).
func (t *Tx) Position(ctx context.Context) (int64, error) {
	q := "SELECT COALESCE(MAX(position), 0) + 1 FROM fact"
	if t.engine == Postgres {
		q = "SELECT pg_current_xact_id()::text::bigint"
	}
	var n int64
	if err := t.Row(ctx, q).Scan(&n); err != nil {
		return 0, fmt.Errorf("take a position: %w", err)
	}
	return n, nil
}

// Settled is a condition on a position column: no transaction that is still
// running can add a row before it.
func (t *Tx) Settled(column string) string {
	if t.engine == SQLite {
		return "1 = 1"
	}
	return column + " < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
}

// texts keeps the rewritten form of each statement; statements are constants
// and a few built ones, so it stays small.
var texts sync.Map //nolint:gochecknoglobals // a cache of pure results

func (t *Tx) text(q string) string {
	if t.engine == SQLite {
		return q
	}
	if s, ok := texts.Load(q); ok {
		return s.(string)
	}
	s := number(q)
	if len(q) < longText { // lists of any length must not pile up
		texts.Store(q, s)
	}
	return s
}

// longText bounds the statements whose rewritten form is kept, in bytes.
const longText = 8 << 10

// storable replaces what PostgreSQL takes for no text at all, NUL and broken
// UTF-8, so that a strange address or field finds nothing instead of failing,
// and both engines keep the same.
func storable(args []any) []any {
	var out []any
	for i, a := range args {
		s, ok := a.(string)
		if !ok || utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
			continue
		}
		if out == nil {
			out = append(out, args...)
		}
		out[i] = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
	}
	if out == nil {
		return args
	}
	return out
}

// number turns ? into $1, $2 … outside quoted text.
func number(q string) string {
	var b strings.Builder
	n, quoted := 0, false
	for i := range len(q) {
		switch {
		case q[i] == '\'':
			quoted = !quoted
			b.WriteByte(q[i])
		case q[i] == '?' && !quoted:
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
		default:
			b.WriteByte(q[i])
		}
	}
	return b.String()
}
