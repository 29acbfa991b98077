package jobs

import (
	"context"
	"encoding/json"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
)

// Kind is an action that may be done to many things; only Of makes one.
type Kind interface {
	// Name is the kind's name, and the message key of its word.
	Name() string
	// perform does the act for one row.
	perform(ctx context.Context, a *app.App, who access.Actor, input []byte) error
}

// Bulk is a kind whose rows have inputs of type In.
type Bulk[In any] struct {
	name string
	do   func(context.Context, *app.App, access.Actor, In) error
}

// Of makes a kind of an action. name is the message key of its word, such as
// handling.bulk.dispatch, and never changes once published. An action whose
// answers are not kept (Unkept) stops the program at start.
func Of[In any, S app.Subject, Out any](a *app.Action[In, S, Out], name string) *Bulk[In] {
	if a == nil || name == "" || !a.Repeats() {
		panic("jobs: kind " + name + " lacks its name, or an action that repeats with its key")
	}
	return &Bulk[In]{name, func(ctx context.Context, p *app.App, who access.Actor, in In) error {
		_, err := a.Do(ctx, p, who, in)
		return err
	}}
}

// Name is the kind's name, and the message key of its word.
func (b *Bulk[In]) Name() string { return b.name }

func (b *Bulk[In]) perform(ctx context.Context, a *app.App, who access.Actor, input []byte) (err error) {
	defer func() {
		if p := recover(); p != nil { // one row's mistake of ours costs one row
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	var in In
	if err := json.Unmarshal(input, &in); err != nil {
		return fmt.Errorf("read the input of a row: %w", err)
	}
	return b.do(ctx, a, who, in)
}

// Kinds are the kinds that the house knows, by name. Package site hands them
// over as a part.
type Kinds map[string]Kind

// Register lists the kinds of the house. Two of one name stop the program at
// start.
func Register(list ...Kind) Kinds {
	all := Kinds{}
	for _, k := range list {
		if all[k.Name()] != nil {
			panic("jobs: two kinds are called " + k.Name())
		}
		all[k.Name()] = k
	}
	return all
}
