package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"
	_ "modernc.org/sqlite"             // registers "sqlite"

	"tongxin/internal/clock"
)

// Time is an instant as the database keeps it.
type Time = clock.Instant

// Engine names a database engine.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Options tune a database; zero values are safe.
type Options struct {
	// Readers is the number of reading connections of SQLite.
	Readers int
	// Pool is the number of connections to PostgreSQL.
	Pool int
	// Unsafe switches synchronous off until Sync is called. Only the demo may
	// use it while it makes its city.
	Unsafe bool
}

// DB is an open database. Package app alone holds one.
type DB struct {
	engine  Engine
	pool    *sql.DB    // PostgreSQL
	files   []*sql.DB  // SQLite: the writer's and the readers' handles
	readers chan *conn // SQLite
	group   *group     // SQLite
}

// ErrNested says that a transaction was opened inside a transaction.
var ErrNested = errors.New("a transaction inside a transaction")

// EngineOf tells the engine of an address: a postgres:// URL or a file path.
func EngineOf(address string) Engine {
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return Postgres
	}
	return SQLite
}

// Open opens the database at address. It must have been migrated.
func Open(ctx context.Context, address string, o Options) (*DB, error) {
	if EngineOf(address) == Postgres {
		return openPostgres(ctx, address, o)
	}
	return openSQLite(ctx, address, o)
}

func openPostgres(ctx context.Context, address string, o Options) (*DB, error) {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
	}
	n := o.Pool
	if n == 0 {
		n = 16
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	if err := pool.PingContext(ctx); err != nil {
		_ = pool.Close()
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
	}
	return &DB{engine: Postgres, pool: pool}, nil
}

func openSQLite(ctx context.Context, path string, o Options) (*DB, error) {
	n := o.Readers
	if n == 0 {
		n = 4
	}
	db := &DB{engine: SQLite, readers: make(chan *conn, n)}
	writer, err := db.connect(ctx, path, o.Unsafe, false)
	if err != nil {
		return nil, err
	}
	for range n {
		r, err := db.connect(ctx, path, o.Unsafe, true)
		if err != nil {
			_ = db.Close()
			return nil, err
		}
		db.readers <- r
	}
	db.group = startGroup(writer)
	return db, nil
}

// connect opens one pinned connection; each has its own handle, so that the
// pool of database/sql stays out of the way.
func (db *DB) connect(ctx context.Context, path string, unsafe, reader bool) (*conn, error) {
	h, err := sql.Open("sqlite", sqliteAddress(path, unsafe, reader))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	h.SetMaxOpenConns(1)
	db.files = append(db.files, h)
	c, err := h.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return &conn{c: c, statements: map[string]*sql.Stmt{}}, nil
}

func sqliteAddress(path string, unsafe, reader bool) string {
	q := url.Values{}
	q.Add("_pragma", "busy_timeout(10000)")
	q.Add("_pragma", "journal_mode(WAL)")
	// FULL, always: with NORMAL a power cut loses acknowledged writes (trust.md 0.1).
	sync := "synchronous(FULL)"
	if unsafe {
		sync = "synchronous(OFF)"
	}
	q.Add("_pragma", sync)
	q.Add("_pragma", "foreign_keys(1)")
	q.Add("_pragma", "secure_delete(1)")
	q.Add("_pragma", "cache_size(-32000)")
	q.Add("_pragma", "mmap_size(1073741824)")
	q.Add("_pragma", "temp_store(MEMORY)")
	if reader {
		q.Add("_pragma", "query_only(1)")
	} else {
		q.Add("_pragma", "wal_autocheckpoint(4000)")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// Engine tells which engine it is, for `doctor` and for tests.
func (db *DB) Engine() Engine { return db.engine }

// Sync ends Unsafe: what was written is on the disk when it returns, and every
// later commit waits for the disk.
func (db *DB) Sync(ctx context.Context) error {
	if db.engine == Postgres {
		return nil
	}
	return db.group.alone(ctx, func(c *conn) error {
		for _, q := range []string{"PRAGMA synchronous=FULL", "PRAGMA wal_checkpoint(TRUNCATE)"} {
			if _, err := c.c.ExecContext(ctx, q); err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
		}
		return nil
	})
}

// Close waits for running writes and closes the database.
func (db *DB) Close() error {
	if db.engine == Postgres {
		return db.pool.Close()
	}
	if db.group != nil {
		db.group.stop()
	}
	var errs []error
	for _, h := range db.files {
		errs = append(errs, h.Close())
	}
	return errors.Join(errs...)
}

// Write runs f in a transaction and commits it. An error or a panic of f
// rolls back. f may run more than once (after a serialization failure, or when
// a shared commit was abandoned), so it must not keep what an earlier run made,
// and it must do no I/O of its own. When ctx ends before f began, nothing runs.
func (db *DB) Write(ctx context.Context, f func(*Tx) error) error {
	if db.engine == SQLite {
		return db.group.write(ctx, f)
	}
	var err error
	for range 5 {
		err = db.transact(ctx, f, false)
		if !retryable(err) {
			break
		}
	}
	return translate(err)
}

// Read runs f on one consistent state of the database and changes nothing.
func (db *DB) Read(ctx context.Context, f func(*Tx) error) error {
	if db.engine == Postgres {
		return translate(db.transact(ctx, f, true))
	}
	var c *conn
	select {
	case c = <-db.readers:
	default:
		select {
		case c = <-db.readers:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	defer func() { db.readers <- c }()
	return translate(c.read(ctx, f))
}

func (db *DB) transact(ctx context.Context, f func(*Tx) error, readOnly bool) error {
	level := sql.LevelReadCommitted
	if readOnly {
		level = sql.LevelRepeatableRead
	}
	t, err := db.begin(ctx, &sql.TxOptions{Isolation: level, ReadOnly: readOnly})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := guard(&Tx{engine: Postgres, run: t, reads: readOnly}, f); err != nil {
		return errors.Join(err, ignoreDone(t.Rollback()))
	}
	if err := t.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// begin tries again on a connection that a cancelled request left broken:
// nothing has been asked of it yet.
func (db *DB) begin(ctx context.Context, o *sql.TxOptions) (t *sql.Tx, err error) {
	for range 5 {
		if t, err = db.pool.BeginTx(ctx, o); !errors.Is(err, driver.ErrBadConn) {
			break
		}
	}
	return t, err
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) || err == nil {
		return nil
	}
	return fmt.Errorf("roll back: %w", err)
}

// guard turns a panic of f into an error, so that one request's mistake does
// not end the writer that everybody shares.
func guard(t *Tx, f func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	return f(t)
}

// Ping reports whether the database answers within a second, and takes writes.
func (db *DB) Ping(ctx context.Context) error {
	if db.engine == SQLite {
		if err := db.group.health(); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return db.Read(ctx, func(t *Tx) error {
		var one int
		return t.Row(ctx, "SELECT 1").Scan(&one)
	})
}
