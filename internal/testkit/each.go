package testkit

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/audit"
	"tongxin/internal/blob"
	"tongxin/internal/calendar"
	"tongxin/internal/clock"
	"tongxin/internal/i18n"
	"tongxin/internal/id"
	"tongxin/internal/identity"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/seal"
	"tongxin/internal/store"
	"tongxin/internal/web"
)

// Start is the instant at which every world begins: a Monday morning in
// Beijing, in the middle of collecting for the third session.
var Start = time.Date(2026, 1, 12, 9, 0, 0, 0, clock.Beijing) //nolint:gochecknoglobals // a constant that Go cannot declare

// House is a running product for a test.
type House struct {
	App   *app.App
	Clock *clock.Hand
	Words *i18n.Catalogue
	Blobs blob.Store
	// Address of the database, for tests that open it a second time.
	Address string
	// Heads are the audit checkpoints kept so far.
	mu    sync.Mutex
	heads []audit.Head
}

// Checkpoints lists the audit checkpoints kept so far.
func (h *House) Checkpoints() []audit.Head {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]audit.Head(nil), h.heads...)
}

// Base are the modules that every world has.
func Base() []app.Module {
	return []app.Module{app.Core(), web.Module(), identity.Module(), organization.Module(), profile.Module(), calendar.Module()}
}

// EachDB runs f on SQLite and on PostgreSQL, each with a fresh database of the
// base modules and those given. parts are handed over as app.Options.Parts.
func EachDB(t *testing.T, modules []app.Module, parts []any, f func(t *testing.T, h *House)) {
	t.Helper()
	for _, e := range []store.Engine{store.SQLite, store.Postgres} {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			f(t, Open(t, e, modules, parts))
		})
	}
}

// Open builds a House on a fresh database of one engine.
func Open(t testing.TB, e store.Engine, modules []app.Module, parts []any) *House {
	t.Helper()
	all := append(Base(), modules...)
	address := Fresh(t, e, all)
	h := &House{Clock: clock.At(Start), Address: address, Blobs: blob.Memory()}
	keeper, err := seal.Memory()
	must(t, err)
	almanac, err := calendar.NewAlmanac()
	must(t, err)
	h.App, err = app.Open(t.Context(), address, store.Options{Readers: 3, Pool: 4}, app.Options{
		Clock: h.Clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Modules: all,
		Parts: append([]any{keeper, almanac, profile.NewBook(), h.Blobs}, parts...),
		Checkpoint: func(head audit.Head) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.heads = append(h.heads, head)
			return nil
		},
	})
	must(t, err)
	t.Cleanup(func() { _ = h.App.Close() })
	folders := messageFolders(all)
	h.Words, err = i18n.Load(folders...)
	must(t, err)
	return h
}

// Fresh makes a migrated database and gives its address. A database of the
// same modules is migrated once per test program and copied from then on.
func Fresh(t testing.TB, e store.Engine, modules []app.Module) string {
	t.Helper()
	if e == store.SQLite {
		path := filepath.Join(t.TempDir(), "tongxin.db")
		must(t, os.WriteFile(path, templateFile(t, modules), 0o600))
		return path
	}
	server := os.Getenv("TONGXIN_TEST_POSTGRES")
	if server == "" {
		if os.Getenv("TONGXIN_TEST_STRICT") != "" {
			t.Fatal("TONGXIN_TEST_POSTGRES names no server, and strict tests may not be skipped")
		}
		t.Skip("TONGXIN_TEST_POSTGRES names no server")
	}
	return freshPostgres(t, server, modules)
}

type once struct {
	sync.Once
	file []byte
	name string
	err  error
}

//nolint:gochecknoglobals // per test program
var templates sync.Map

func templateOf(engine store.Engine, modules []app.Module) *once {
	names := make([]string, len(modules))
	for i, m := range modules {
		names[i] = m.Name
	}
	o, _ := templates.LoadOrStore(string(engine)+strings.Join(names, ","), &once{})
	return o.(*once)
}

func templateFile(t testing.TB, modules []app.Module) []byte {
	o := templateOf(store.SQLite, modules)
	o.Do(func() {
		dir, err := os.MkdirTemp("", "tongxin-template")
		if err != nil {
			o.err = err
			return
		}
		defer func() { _ = os.RemoveAll(dir) }()
		path := filepath.Join(dir, "t.db")
		if o.err = app.Migrate(context.Background(), path, modules); o.err != nil {
			return
		}
		o.file, o.err = os.ReadFile(path)
	})
	must(t, o.err)
	return o.file
}

func freshPostgres(t testing.TB, server string, modules []app.Module) string {
	admin, err := sql.Open("pgx", server)
	must(t, err)
	defer func() { _ = admin.Close() }()
	o := templateOf(store.Postgres, modules)
	o.Do(func() {
		o.name = "template_" + id.Random()
		if _, o.err = admin.Exec("CREATE DATABASE " + o.name); o.err == nil {
			o.err = app.Migrate(context.Background(), database(server, o.name), modules)
		}
	})
	must(t, o.err)
	name := "test_" + id.Random()
	_, err = admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + o.name)
	must(t, err)
	t.Cleanup(func() {
		again, err := sql.Open("pgx", server)
		if err == nil {
			_, _ = again.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)")
			_ = again.Close()
		}
	})
	return database(server, name)
}

// database is the address of another database on the same server.
func database(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		panic(fmt.Sprintf("TONGXIN_TEST_POSTGRES: %v", err))
	}
	u.Path = "/" + name
	return u.String()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
