package notify

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

const (
	claimAtOnce = 20
	sendAtOnce  = 4
	sendWithin  = 30 * time.Second
	restAtLeast = 30 * time.Second // of a channel whose provider has had too much at once
)

// deliver sends what is due until nothing is, each channel on its own, so that
// a provider that hangs holds up no other. It runs as a clockwork task and on
// several nodes at once.
func deliver(ctx context.Context, a *app.App) error {
	ways, on := app.PartOf[*Channels](a)
	if !on || ways == nil {
		return nil
	}
	if err := ways.check(); err != nil {
		return err
	}
	if err := makeDigests(ctx, a); err != nil {
		return err
	}
	names, err := due.Do(ctx, a, access.Machine("", machine), struct{}{})
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	errs := make([]error, len(names))
	for i, name := range names {
		wg.Go(func() { errs[i] = ways.empty(ctx, a, name) })
	}
	wg.Wait()
	return errors.Join(append(errs, ctx.Err())...)
}

// makeDigests bundles until no digest is due.
func makeDigests(ctx context.Context, a *app.App) error {
	who := access.Machine("", machine)
	for ctx.Err() == nil {
		some, err := waitsForDigest.Do(ctx, a, who, struct{}{})
		if err != nil || !some {
			return err
		}
		if n, err := bundle.Do(ctx, a, who, struct{}{}); err != nil || n == 0 {
			return err
		}
	}
	return ctx.Err()
}

// waitsForDigest keeps an idle outbox from costing a write.
var waitsForDigest = app.Ask("notify.digests", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, _ struct{}) (bool, error) {
		var n int
		err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM (SELECT 1 FROM delivery WHERE state = 'digest' AND next_at <= ? LIMIT 1) AS x", l.Now()).Scan(&n)
		if err != nil {
			return false, fmt.Errorf("look for digests that are due: %w", err)
		}
		return n > 0, nil
	})

// due lists the channels on which something waits.
var due = app.Ask("notify.due", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, _ struct{}) ([]string, error) {
		list, err := store.List(l.Ctx(), l.Tx(), store.Column[string], "SELECT DISTINCT channel FROM delivery WHERE state = 'waiting' AND next_at <= ?", l.Now())
		if err != nil {
			return nil, fmt.Errorf("look for what is due: %w", err)
		}
		return list, nil
	})

// empty sends what is due on one channel, a batch after the other. When a batch
// went wrong as a whole the rest waits for the next run.
func (ch *Channels) empty(ctx context.Context, a *app.App, name string) error {
	way, known := ch.way(name)
	for ctx.Err() == nil && !ch.rests(name, a.Clock().Now()) {
		got, err := claim.Do(ctx, a, access.Machine("", machine), claimIn{name, known})
		if err != nil || got.Found == 0 {
			return err
		}
		down, err := ch.sendAll(ctx, a, way, got.Mine)
		if err != nil || down {
			return err
		}
	}
	return ctx.Err()
}

// sendAll sends a batch, a few at a time, and tells whether none went out
// because the provider cannot be reached.
func (ch *Channels) sendAll(ctx context.Context, a *app.App, way Channel, batch []delivery) (down bool, err error) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	unreached := 0
	turn := make(chan struct{}, sendAtOnce)
	for _, d := range batch {
		turn <- struct{}{}
		wg.Go(func() {
			defer func() { <-turn }()
			class, err := ch.send(ctx, a, way, d)
			mu.Lock()
			defer mu.Unlock()
			errs = append(errs, err) // one that fails must not hold up the others
			if class == Unreachable || class == Slow || class == Broken || class == Busy {
				unreached++
			}
		})
	}
	wg.Wait()
	return len(batch) > 0 && unreached == len(batch), errors.Join(errs...)
}

// send hands one letter over, outside of any transaction, and records how it
// went.
func (ch *Channels) send(ctx context.Context, a *app.App, way Channel, d delivery) (class string, err error) {
	defer func() {
		if p := recover(); p != nil { // a mistake in a channel: its claim runs out, the server lives
			a.Log().Error("a channel panicked", "channel", d.Channel, "delivery", d.ID)
			class, err = Broken, nil
		}
	}()
	who := access.Machine(d.CommitteeID, machine)
	to, err := addressee.Do(ctx, a, who, d)
	if err != nil {
		return "", err
	}
	result := outcome{ID: d.ID, Tries: d.Tries, Class: NoAddress, Lasting: true}
	if to.Address != "" {
		result = ch.try(ctx, way, d, to)
	}
	if result.kind == Busy {
		ch.leave(d.Channel, a.Clock().Now().Add(max(restAtLeast, time.Duration(result.After)*time.Millisecond)))
	}
	if result.Class != "" {
		a.Log().Warn("a message was not delivered", "channel", d.Channel, "delivery", d.ID, "class", result.Class, "tries", d.Tries)
	}
	// The record of a letter that was taken must not fall to a stop.
	_, err = settle.Do(context.WithoutCancel(ctx), a, who, result)
	return result.kind, err
}

// try sends once. Nothing of the error but its class is kept: its text may
// repeat an address or a key.
func (ch *Channels) try(ctx context.Context, way Channel, d delivery, to reached) outcome {
	within, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	providerID, err := way.Send(within, ch.letter(way, d, to))
	if err == nil {
		return outcome{ID: d.ID, Tries: d.Tries, Provider: short(providerID)}
	}
	r := refusalOf(err)
	return outcome{ID: d.ID, Tries: d.Tries, Class: r.word(), Lasting: r.Lasting, After: int64(r.After / time.Millisecond), kind: r.Class}
}

// addressee reads the address of a person at the moment of sending.
var addressee = app.Ask("notify.addressee", func(who access.Actor) access.Scope { return access.Committee("committee_id", who.CommitteeID) },
	func(l *app.Look, _ access.Scope, d delivery) (reached, error) {
		addresses, reach, err := addressesOf(l, d.PersonID)
		if err != nil {
			return reached{}, err
		}
		to := reached{Address: addresses[d.Channel], Lang: reach.Lang}
		if d.Channel == ByWebhook {
			to.Address = d.PersonID
		}
		if d.Joined == 0 {
			return to, nil
		}
		to.Bundle, err = store.List(l.Ctx(), l.Tx(), func(r store.Row, b *counted) error { return r.Scan(&b.Kind, &b.N) },
			`SELECT m.kind, COUNT(*) FROM delivery d JOIN message m ON m.id = d.message_id WHERE d.id = ? OR d.lead_id = ? GROUP BY m.kind ORDER BY MIN(d.id)`, d.ID, d.ID)
		if err != nil {
			return to, fmt.Errorf("read what a digest tells of: %w", err)
		}
		return to, nil
	})
