package app

import (
	"context"
	"fmt"
	"reflect"

	"tongxin/internal/access"
	"tongxin/internal/store"
)

// Query is one declared question. It returns rows only through the scope of
// the one who asks.
type Query[In, Out any] struct {
	name  string
	scope func(access.Actor) access.Scope
	run   func(*Look, access.Scope, In) (Out, error)
}

// Question is a query without its types.
type Question interface {
	Name() string
	Input() reflect.Type
	Output() reflect.Type
}

// Ask declares a query: its name, what each actor may see, how to find it. A
// query about one thing answers fault.NotFound when the scope hides it.
func Ask[In, Out any](name string, scope func(access.Actor) access.Scope, run func(*Look, access.Scope, In) (Out, error)) *Query[In, Out] {
	if !actionName.MatchString(name) || scope == nil || run == nil {
		panic("app: query " + name + " lacks a part")
	}
	return &Query[In, Out]{name, scope, run}
}

// Name is the query's name.
func (q *Query[In, Out]) Name() string { return q.name }

// Input is the type of the input.
func (q *Query[In, Out]) Input() reflect.Type { return reflect.TypeFor[In]() }

// Output is the type of the answer.
func (q *Query[In, Out]) Output() reflect.Type { return reflect.TypeFor[Out]() }

// Do asks for who.
func (q *Query[In, Out]) Do(ctx context.Context, app *App, who access.Actor, in In) (Out, error) {
	var out Out
	err := app.db.Read(ctx, func(t *store.Tx) error {
		l := &Look{ctx: ctx, tx: t, app: app, who: who, now: app.instant()}
		var err error
		out, err = q.In(l, in)
		return err
	})
	return out, err
}

// In asks inside a running query or act.
func (q *Query[In, Out]) In(l *Look, in In) (Out, error) {
	out, err := q.run(l, q.scope(l.who), in)
	if err != nil {
		return out, fmt.Errorf("%s: %w", q.name, err)
	}
	return out, nil
}
