package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"
)

// Migrate brings the database at address to the newest schema. folders are the
// schema/ folders of the modules; a file's number is its date and minute. A
// file named *.sqlite.sql or *.postgres.sql is for that engine alone.
// appendOnly names the tables whose rows nobody may change or remove.
func Migrate(ctx context.Context, address string, folders []fs.FS, appendOnly []string) error {
	engine := EngineOf(address)
	db, err := openForMigration(engine, address)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	all, err := gather(engine, folders)
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if engine == Postgres {
		dialect = goose.DialectPostgres
	}
	// Domains number their files by date on their own, so an older number may
	// arrive after a newer one.
	p, err := goose.NewProvider(dialect, db, all, goose.WithAllowOutofOrder(true))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return protect(ctx, db, engine, appendOnly)
}

func openForMigration(engine Engine, address string) (*sql.DB, error) {
	if engine == Postgres {
		return sql.Open("pgx", address)
	}
	db, err := sql.Open("sqlite", sqliteAddress(address, false, false))
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// gather puts the schema folders of all modules into one.
func gather(engine Engine, folders []fs.FS) (fs.FS, error) {
	all := fstest.MapFS{}
	for _, f := range folders {
		names, err := fs.Glob(f, "schema/*.sql")
		if err != nil {
			return nil, fmt.Errorf("read migrations: %w", err)
		}
		for _, n := range names {
			if other(engine, n) {
				continue
			}
			raw, err := fs.ReadFile(f, n)
			if err != nil {
				return nil, fmt.Errorf("read migrations: %w", err)
			}
			name := strings.TrimPrefix(n, "schema/")
			if _, twice := all[name]; twice {
				return nil, errors.New("read migrations: two files named " + name)
			}
			all[name] = &fstest.MapFile{Data: raw}
		}
	}
	return all, nil
}

func other(e Engine, name string) bool {
	return e == SQLite && strings.HasSuffix(name, ".postgres.sql") || e == Postgres && strings.HasSuffix(name, ".sqlite.sql")
}

// protect makes the database itself refuse to change or remove rows of the
// append-only tables (trust.md AUD-05).
func protect(ctx context.Context, db *sql.DB, e Engine, tables []string) error {
	var statements []string
	if e == Postgres {
		statements = append(statements, `CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN RAISE EXCEPTION 'append-only table %', TG_TABLE_NAME; END $$`)
	}
	for _, t := range tables {
		if e == Postgres {
			statements = append(statements, "CREATE OR REPLACE TRIGGER "+t+"_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "+t+
				" FOR EACH STATEMENT EXECUTE FUNCTION append_only()")
			continue
		}
		for _, verb := range []string{"UPDATE", "DELETE"} {
			statements = append(statements, "CREATE TRIGGER IF NOT EXISTS "+t+"_no_"+strings.ToLower(verb)+" BEFORE "+verb+" ON "+t+
				" BEGIN SELECT RAISE(ABORT, 'append-only table'); END")
		}
	}
	for _, s := range statements {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("protect tables: %w", err)
		}
	}
	return nil
}
