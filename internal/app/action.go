package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/audit"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// Subject is what an action is about: the thing that the rule looks at.
type Subject interface {
	// Object names the thing in the audit record.
	Object() (kind, id string)
}

// Action is one declared act. S is what it is about, In what the person gives,
// Out the answer. Only Define makes one.
type Action[In any, S Subject, Out any] struct {
	name string
	load func(*Call, In) (S, error)
	rule func(access.Actor, S) access.Verdict
	run  func(*Call, S, In) (Out, error)

	ahead func(context.Context, *App, access.Actor, In) (In, error)
	quiet bool
	// secret: neither input nor answer may be kept, not even as a digest.
	secret bool
}

// Definition is an action without its types, for tables and tests.
type Definition interface {
	// Name is the action's name, such as proposal.submit.
	Name() string
	// Judge asks the rule about a subject of the action's type.
	Judge(who access.Actor, subject any) access.Verdict
	// Input is the type of the input, for the API document.
	Input() reflect.Type
	// Output is the type of the answer.
	Output() reflect.Type
	// Quiet tells that the act leaves no audit row.
	Quiet() bool
}

var actionName = regexp.MustCompile(`^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$`)

// Define declares an action: its name, what it is about, who may, what
// happens. A missing part or a strange name stops the program at start.
func Define[In any, S Subject, Out any](
	name string,
	load func(*Call, In) (S, error),
	rule func(access.Actor, S) access.Verdict,
	run func(*Call, S, In) (Out, error),
) *Action[In, S, Out] {
	if !actionName.MatchString(name) || load == nil || rule == nil || run == nil {
		panic("app: action " + name + " lacks a part")
	}
	return &Action[In, S, Out]{name: name, load: load, rule: rule, run: run}
}

// Quietly declares that an act leaves no audit row, such as noting that a
// session is still in use. The architecture test lists every such act.
func (a *Action[In, S, Out]) Quietly() *Action[In, S, Out] {
	a.quiet = true
	return a
}

// Ahead declares what an act does before its transaction opens, and outside of
// every transaction: checking a password, reading what was uploaded. f completes
// the input or refuses. Within does not call it.
func (a *Action[In, S, Out]) Ahead(f func(context.Context, *App, access.Actor, In) (In, error)) *Action[In, S, Out] {
	a.ahead = f
	return a
}

// Unkept declares that input or answer hold a secret (a password, a code, a
// token), so that nothing of them is kept for repetitions: an idempotency key
// has no effect and a repetition is a second act.
func (a *Action[In, S, Out]) Unkept() *Action[In, S, Out] {
	a.secret = true
	return a
}

// Repeats reports whether a repetition with the same key gives the first
// answer, which it does unless the act is Unkept.
func (a *Action[In, S, Out]) Repeats() bool { return !a.secret }

// Name is the action's name.
func (a *Action[In, S, Out]) Name() string { return a.name }

// Quiet tells that the act leaves no audit row.
func (a *Action[In, S, Out]) Quiet() bool { return a.quiet }

// Input is the type of the input.
func (a *Action[In, S, Out]) Input() reflect.Type { return reflect.TypeFor[In]() }

// Output is the type of the answer.
func (a *Action[In, S, Out]) Output() reflect.Type { return reflect.TypeFor[Out]() }

// May asks the rule, so that a page shows only what may be done.
func (a *Action[In, S, Out]) May(who access.Actor, s S) bool { return a.rule(who, s).Allowed() }

// Judge asks the rule about a subject whose type is known at run time only.
func (a *Action[In, S, Out]) Judge(who access.Actor, subject any) access.Verdict {
	s, ok := subject.(S)
	if !ok {
		panic(fmt.Sprintf("app: %s judges %v, not %T", a.name, reflect.TypeFor[S](), subject))
	}
	return a.rule(who, s)
}

// Do performs the act for who. It returns a fault for what a person can act
// on. A key in who.Via makes a repetition return the first answer.
func (a *Action[In, S, Out]) Do(ctx context.Context, app *App, who access.Actor, in In) (Out, error) {
	var out Out
	var refused *refusal
	if a.ahead != nil {
		ready, err := a.ahead(ctx, app, who, in)
		if err != nil {
			return out, fmt.Errorf("%s: %w", a.name, err)
		}
		in = ready
	}
	err := app.db.Write(ctx, func(t *store.Tx) error {
		refused = nil
		var zero Out
		out = zero
		c := &Call{Look: Look{ctx: ctx, tx: t, app: app, who: who, now: store.Time(app.instant())}, action: a.name}
		return a.within(c, in, &out, &refused)
	})
	if err != nil {
		if first, ok := a.repeated(ctx, app, who, in); ok {
			return first, nil
		}
	}
	if refused == nil { // the no of an act inside this one ends it too
		errors.As(err, &refused)
	}
	if refused != nil && errors.Is(err, refused) {
		return out, app.refuse(ctx, who, *refused)
	}
	if err == nil {
		app.wake()
	}
	return out, err
}

// Within performs the act inside a running act, in its transaction and by its
// actor; rule and audit apply as always.
func (a *Action[In, S, Out]) Within(c *Call, in In) (Out, error) {
	var out Out
	inner := &Call{Look: c.Look, action: a.name, inner: true, position: c.position}
	inner.who.Via.Key = ""
	var refused *refusal
	err := a.within(inner, in, &out, &refused)
	c.position = inner.position
	if refused != nil {
		return out, refused.fault()
	}
	return out, err
}

func (a *Action[In, S, Out]) within(c *Call, in In, out *Out, refused **refusal) error {
	digest, done, err := a.recall(c, in, out)
	if done || err != nil {
		return err
	}
	s, err := a.load(c, in)
	if err != nil {
		return fmt.Errorf("%s: %w", a.name, err)
	}
	kind, id := s.Object()
	if v := a.rule(c.who, s); !v.Allowed() {
		*refused = &refusal{action: a.name, kind: kind, id: id, verdict: v}
		return *refused
	}
	if *out, err = a.run(c, s, in); err != nil {
		return fmt.Errorf("%s %s: %w", a.name, id, err)
	}
	if c.object != "" {
		id = c.object
	}
	return a.finish(c, kind, id, digest, *out)
}

// finish writes the audit row and the answer for repetitions.
func (a *Action[In, S, Out]) finish(c *Call, kind, id, digest string, out Out) error {
	if !a.quiet {
		who := c.who
		if c.committee != "" {
			who.CommitteeID = c.committee
		}
		if c.onBehalf != "" {
			who.OnBehalf = c.onBehalf
		}
		e, err := audit.Of(who, c.now, a.name, kind, id, audit.Done).With(c.detail)
		if err != nil {
			return err
		}
		if err := audit.Append(c.ctx, c.tx, e); err != nil {
			return err
		}
	}
	if digest == "" {
		return nil
	}
	answer, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("%s: keep the answer: %w", a.name, err)
	}
	_, err = c.tx.Exec(c.ctx, "INSERT INTO idempotency (person_id, key, action, input, answer, at) VALUES (?, ?, ?, ?, ?, ?)",
		c.who.PersonID, c.who.Via.Key, a.name, digest, string(answer), c.now)
	if errors.Is(err, store.ErrUnique) {
		// Another node was faster with the same key; its answer stands.
		return fault.New(fault.Stale, "fault.repeat-running")
	}
	return err
}

// repeated gives the first answer when an act failed only because the same
// request was just done: sent twice at once, the later one waits for the
// earlier one's rows and then finds its own work done.
func (a *Action[In, S, Out]) repeated(ctx context.Context, app *App, who access.Actor, in In) (out Out, ok bool) {
	if who.Via.Key == "" || a.secret {
		return out, false
	}
	err := app.db.Read(ctx, func(t *store.Tx) (err error) {
		_, ok, err = a.recall(&Call{Look: Look{ctx: ctx, tx: t, app: app, who: who}, action: a.name}, in, &out)
		return err
	})
	return out, ok && err == nil
}

// recall looks for the first answer to the same key.
func (a *Action[In, S, Out]) recall(c *Call, in In, out *Out) (digest string, done bool, err error) {
	if c.who.Via.Key == "" || a.secret {
		return "", false, nil
	}
	if len(c.who.Via.Key) > keyAtMost {
		return "", false, fault.New(fault.Invalid, "fault.key-long", "max", keyAtMost)
	}
	digests, err := digestsOf(c.app, a.name, in)
	if err != nil {
		return "", false, err
	}
	var action, input, answer string
	err = c.tx.Row(c.ctx, "SELECT action, input, answer FROM idempotency WHERE person_id = ? AND key = ?", c.who.PersonID, c.who.Via.Key).
		Scan(&action, &input, &answer)
	switch {
	case errors.Is(err, store.ErrNone):
		return digests[0], false, nil
	case err != nil:
		return "", false, fmt.Errorf("%s: look for a repetition: %w", a.name, err)
	case action != a.name || !slices.Contains(digests, input):
		return "", false, fault.New(fault.Conflict, "fault.key-reused")
	}
	return digests[0], true, json.Unmarshal([]byte(answer), out)
}
