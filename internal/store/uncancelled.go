package store

import (
	"context"
	"database/sql"
)

// uncancelled runs every statement of a group member to its end, whatever
// becomes of the request's context (see group).
type uncancelled struct{ c *conn }

func (u uncancelled) ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error) {
	return u.c.ExecContext(context.WithoutCancel(ctx), q, args...)
}

func (u uncancelled) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	return u.c.QueryContext(context.WithoutCancel(ctx), q, args...)
}

func (u uncancelled) QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row {
	return u.c.QueryRowContext(context.WithoutCancel(ctx), q, args...)
}
