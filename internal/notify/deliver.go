package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/identity"
	"tongxin/internal/store"
)

// delivery is a row of the outbox that was claimed, with what the letter needs.
type delivery struct {
	ID          string `json:"id"`
	CommitteeID string `json:"committee_id"`
	MessageID   string `json:"message_id"`
	Tries       int64  `json:"tries"`
	PersonID    string `json:"person_id"`
	Kind        string `json:"kind"`
}

// outbox is what claiming is about.
type outbox struct{}

// Object names the outbox.
func (outbox) Object() (string, string) { return "outbox", "mail" }

const (
	claimAtOnce = 20
	sendWithin  = 30 * time.Second
)

// deliver sends what is due until nothing is. It runs as a clockwork task and
// on several nodes at once.
func deliver(ctx context.Context, a *app.App) error {
	mail, on := app.PartOf[*Mail](a)
	if !on || mail == nil {
		return nil
	}
	if err := mail.check(); err != nil {
		return err
	}
	who := access.Machine("", machine)
	for ctx.Err() == nil {
		n, err := due.Do(ctx, a, who, struct{}{})
		if err != nil || n == 0 {
			return err
		}
		batch, err := claim.Do(ctx, a, who, struct{}{})
		if err != nil {
			return err
		}
		var errs []error
		for _, d := range batch {
			errs = append(errs, mail.send(ctx, a, d)) // one that fails must not hold up the others
		}
		if err := errors.Join(errs...); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// send hands one letter to the server, outside of any transaction, and records
// how it went.
func (m *Mail) send(ctx context.Context, a *app.App, d delivery) error {
	who := access.Machine(d.CommitteeID, machine)
	address, err := addressee.Do(ctx, a, who, d.PersonID)
	if err != nil {
		return err
	}
	result := outcome{ID: d.ID, Tries: d.Tries, Class: NoAddress, Lasting: true}
	if address.Mail != "" {
		within, cancel := context.WithTimeout(ctx, sendWithin)
		defer cancel()
		if err = m.Sender.Send(within, m.letter(d, address)); err == nil {
			result = outcome{ID: d.ID, Tries: d.Tries}
		} else {
			result.Class, result.Lasting = classOf(err)
			a.Log().Warn("a mail was not delivered", "delivery", d.ID, "class", result.Class, "tries", d.Tries)
		}
	}
	// The record of a letter that the server took must not fall to a stop.
	_, err = settle.Do(context.WithoutCancel(ctx), a, who, result)
	return err
}

// due counts what waits, up to one, so that an idle outbox costs no write.
var due = app.Ask("notify.due", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, _ struct{}) (int, error) {
		var n int
		err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM (SELECT 1 FROM delivery WHERE state = 'waiting' AND next_at <= ? LIMIT 1) AS x", l.Now()).Scan(&n)
		if err != nil {
			return 0, fmt.Errorf("look for mail that is due: %w", err)
		}
		return n, nil
	})

// addressee reads the address of a person at the moment of sending.
var addressee = app.Ask("notify.addressee", func(who access.Actor) access.Scope { return access.Committee("committee_id", who.CommitteeID) },
	func(l *app.Look, _ access.Scope, personID string) (identity.Reach, error) {
		return identity.ReachOf(l, personID)
	})

// claim takes what is due: from its commit on no other node takes it until its
// next time, which is when it is tried again if this node dies.
var claim = app.Define("notify.claim",
	func(*app.Call, struct{}) (outbox, error) { return outbox{}, nil },
	bySystem[outbox],
	func(c *app.Call, _ outbox, _ struct{}) ([]delivery, error) {
		_, err := c.Tx().Exec(c.Ctx(), "UPDATE delivery SET state = 'failed', error = ?, ended_at = ? WHERE state = 'waiting' AND next_at <= ? AND tries >= ?",
			GaveUp, c.Now(), c.Now(), triesAtMost)
		if err != nil {
			return nil, fmt.Errorf("give up mail: %w", err)
		}
		list, err := store.List(c.Ctx(), c.Tx(), scanDelivery, `SELECT d.id, d.committee_id, d.message_id, d.tries, m.person_id, m.kind
			FROM delivery d JOIN message m ON m.id = d.message_id
			WHERE d.state = 'waiting' AND d.next_at <= ? ORDER BY d.next_at, d.id LIMIT ?`, c.Now(), claimAtOnce)
		if err != nil {
			return nil, fmt.Errorf("find mail that is due: %w", err)
		}
		return take(c, list)
	}).Quietly()

// take moves each row on; a row that another node moved first is left to it.
func take(c *app.Call, list []delivery) ([]delivery, error) {
	var mine []delivery
	for _, d := range list {
		d.Tries++
		again := store.Time{Time: c.Now().Add(pause(d.Tries))}
		n, err := c.Tx().Exec(c.Ctx(), "UPDATE delivery SET tries = ?, next_at = ? WHERE id = ? AND state = 'waiting' AND tries = ?", d.Tries, again, d.ID, d.Tries-1)
		if err != nil {
			return nil, fmt.Errorf("claim mail %s: %w", d.ID, err)
		}
		if n == 1 {
			mine = append(mine, d)
		}
	}
	return mine, nil
}

func scanDelivery(r store.Row, d *delivery) error {
	return r.Scan(&d.ID, &d.CommitteeID, &d.MessageID, &d.Tries, &d.PersonID, &d.Kind)
}

// outcome is how a try went; Class "" means that the server took the letter.
type outcome struct {
	ID      string `json:"id"`
	Tries   int64  `json:"tries"`
	Class   string `json:"class"`
	Lasting bool   `json:"lasting"`
}

// Object names the delivery.
func (o outcome) Object() (string, string) { return "delivery", o.ID }

// state is what the delivery becomes.
func (o outcome) state() string {
	switch {
	case o.Class == "":
		return "sent"
	case o.Lasting || o.Tries >= triesAtMost:
		return "failed"
	default:
		return "waiting"
	}
}

// settle records how a try went. A delivery that was tried again in the
// meantime keeps the later try's record, unless this one was sent.
var settle = app.Define("notify.settle",
	func(_ *app.Call, in outcome) (outcome, error) { return in, nil },
	bySystem[outcome],
	func(c *app.Call, o outcome, _ outcome) (struct{}, error) {
		var ended store.Time
		if o.state() != "waiting" {
			ended = c.Now()
		}
		_, err := c.Tx().Exec(c.Ctx(), "UPDATE delivery SET state = ?, error = ?, next_at = ?, ended_at = ? WHERE id = ? AND state = 'waiting' AND (tries = ? OR ?)",
			o.state(), o.Class, store.Time{Time: c.Now().Add(pause(o.Tries))}, ended, o.ID, o.Tries, o.Class == "")
		if err != nil {
			return struct{}{}, fmt.Errorf("settle mail %s: %w", o.ID, err)
		}
		return struct{}{}, nil
	}).Quietly()
