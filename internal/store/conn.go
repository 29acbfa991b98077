package store

import (
	"context"
	"database/sql"
	"fmt"
	"runtime/debug"
)

// conn is one pinned SQLite connection with its prepared statements.
type conn struct {
	c          *sql.Conn
	statements map[string]*sql.Stmt
	busy       bool
}

// keep bounds the prepared statements of a connection; built statements (bulk
// filters) must not pile up.
const keep = 400

func (c *conn) prepared(ctx context.Context, q string) (*sql.Stmt, error) {
	if s, ok := c.statements[q]; ok {
		return s, nil
	}
	s, err := c.c.PrepareContext(context.WithoutCancel(ctx), q)
	if err != nil {
		return nil, err
	}
	if len(c.statements) >= keep {
		for old, st := range c.statements {
			_ = st.Close()
			delete(c.statements, old)
			break
		}
	}
	c.statements[q] = s
	return s, nil
}

// ExecContext runs a prepared statement.
func (c *conn) ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error) {
	s, err := c.prepared(ctx, q)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// QueryContext asks a prepared statement for rows.
func (c *conn) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	s, err := c.prepared(ctx, q)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// QueryRowContext asks a prepared statement for one row.
func (c *conn) QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row {
	s, err := c.prepared(ctx, q)
	if err != nil {
		return c.c.QueryRowContext(ctx, q, args...) // gives the same error when scanned
	}
	return s.QueryRowContext(ctx, args...)
}

// read runs f between BEGIN and ROLLBACK, so that it sees one state.
func (c *conn) read(ctx context.Context, f func(*Tx) error) error {
	if c.busy {
		return ErrNested
	}
	c.busy = true
	defer func() { c.busy = false }()
	bare := context.WithoutCancel(ctx)
	if _, err := c.ExecContext(bare, "BEGIN"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	err := guard(&Tx{engine: SQLite, run: c}, f)
	if _, e := c.ExecContext(bare, "ROLLBACK"); e != nil && err == nil {
		err = fmt.Errorf("end reading: %w", e)
	}
	return err
}

func panicked(p any) error { return fmt.Errorf("panic: %v\n%s", p, debug.Stack()) }
