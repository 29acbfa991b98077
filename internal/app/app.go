package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"reflect"
	"sync"

	"tongxin/internal/access"
	"tongxin/internal/audit"
	"tongxin/internal/clock"
	"tongxin/internal/store"
)

// App is the running product: database, clock, modules and the parts that one
// domain lends another. Package site builds it.
type App struct {
	db      *store.DB
	clock   clock.Clock
	log     *slog.Logger
	modules []Module
	parts   map[reflect.Type]any
	signal  chan struct{}
	passed  sync.Map // listener → cursor, how far it has heard
	mark    func(audit.Head) error
}

// Options are the parts of an App.
type Options struct {
	Clock   clock.Clock
	Log     *slog.Logger
	Modules []Module
	// Parts are values that domains ask for by type, see Part.
	Parts []any
	// Checkpoint keeps the end of an audit chain outside the database; nil
	// keeps none (tests).
	Checkpoint func(audit.Head) error
}

// Open opens the database and builds the App around it.
func Open(ctx context.Context, address string, s store.Options, o Options) (*App, error) {
	db, err := store.Open(ctx, address, s)
	if err != nil {
		return nil, err
	}
	a := &App{db: db, clock: o.Clock, log: o.Log, modules: o.Modules, parts: map[reflect.Type]any{}, signal: make(chan struct{}, 1), mark: o.Checkpoint}
	if a.clock == nil {
		a.clock = clock.System()
	}
	if a.log == nil {
		a.log = slog.Default()
	}
	for _, p := range o.Parts {
		a.parts[reflect.TypeOf(p)] = p
	}
	return a, nil
}

// Migrate brings the database at address to the schema of the modules.
func Migrate(ctx context.Context, address string, modules []Module) error {
	folders := []fs.FS{audit.Schema, schema}
	only := append(audit.AppendOnly(), "fact")
	for _, m := range modules {
		if m.Schema != nil {
			folders = append(folders, m.Schema)
		}
		only = append(only, m.AppendOnly...)
	}
	return store.Migrate(ctx, address, folders, only)
}

// Part gives a domain something that site handed over, found by its type. A
// missing part is a mistake of ours and stops the request.
func Part[T any](l *Look) T {
	p, ok := PartOf[T](l.app)
	if !ok {
		panic("app: no part of type " + reflect.TypeFor[T]().String())
	}
	return p
}

// PartOf is Part outside a transaction.
func PartOf[T any](a *App) (T, bool) {
	wanted := reflect.TypeFor[T]()
	if wanted.Kind() == reflect.Interface { // parts are kept under what they are
		for _, p := range a.parts {
			if found, ok := p.(T); ok {
				return found, true
			}
		}
	}
	p, ok := a.parts[wanted].(T)
	return p, ok
}

// Clock is the clock of the product.
func (a *App) Clock() clock.Clock { return a.clock }

// Log is the log for engineers.
func (a *App) Log() *slog.Logger { return a.log }

// Modules lists what the house is made of.
func (a *App) Modules() []Module { return a.modules }

// Ping reports whether the database answers.
func (a *App) Ping(ctx context.Context) error { return a.db.Ping(ctx) }

// Engine names the database engine, for `doctor`.
func (a *App) Engine() store.Engine { return a.db.Engine() }

// Settle ends the demo's unsafe writing: everything is on the disk.
func (a *App) Settle(ctx context.Context) error { return a.db.Sync(ctx) }

// Close closes the database after running writes ended.
func (a *App) Close() error { return a.db.Close() }

func (a *App) instant() store.Time { return clock.InstantOf(a.clock.Now()) }

// wake tells the listeners' loop that there may be something to hear.
func (a *App) wake() {
	select {
	case a.signal <- struct{}{}:
	default:
	}
}

// refuse records a rule's no and returns it. When it cannot be recorded the
// person is told to try again: refusals fail closed too (AUD-06).
func (a *App) refuse(ctx context.Context, who access.Actor, r refusal) error {
	result := audit.Refused
	if r.verdict.Hidden() {
		result = audit.Hidden
	}
	e := audit.Of(who, a.instant(), r.action, r.kind, r.id, result)
	e.Reason = r.verdict.Key()
	if err := a.record(ctx, e); err != nil {
		return errors.Join(r.fault(), err)
	}
	return r.fault()
}

func (a *App) record(ctx context.Context, e audit.Entry) error {
	err := a.db.Write(ctx, func(t *store.Tx) error { return audit.Append(ctx, t, e) })
	if err != nil {
		return fmt.Errorf("record %s of %s: %w", e.Result, e.Action, err)
	}
	return nil
}

// Note records on its own that something was tried or read: a failed sign-in,
// a sensitive read. It fails closed: without a record, no reading.
func (a *App) Note(ctx context.Context, who access.Actor, action, kind, id, result, reason string) error {
	e := audit.Of(who, a.instant(), action, kind, id, result)
	e.Reason = reason
	return a.record(ctx, e)
}

// Verify checks the audit chains against the checkpoints.
func (a *App) Verify(ctx context.Context, checkpoints []audit.Head) (n int64, found []audit.Finding, err error) {
	err = a.db.Read(ctx, func(t *store.Tx) error {
		n, found, err = audit.Verify(ctx, t, checkpoints)
		return err
	})
	return n, found, err
}
