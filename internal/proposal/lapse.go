package proposal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// LapseIn names a proposal whose invitations are over.
type LapseIn struct {
	ID string `json:"id"`
}

// Lapse ends the unanswered invitations of one proposal after the cut-off. Only
// the clockwork does it.
var Lapse = app.Define("proposal.lapse", loadForLapse, mayLapse, lapse)

func loadForLapse(c *app.Call, in LapseIn) (*Proposal, error) { return claim(c, in.ID) }

func mayLapse(who access.Actor, p *Proposal) access.Verdict {
	if who.CommitteeID != p.CommitteeID {
		return access.Hide()
	}
	if !who.Is(access.System) && !maySee(who, p) {
		return access.Hide()
	}
	return access.When(who.Is(access.System), "access.denied")
}

func lapse(c *app.Call, p *Proposal, _ LapseIn) (Done, error) {
	until, err := signUntil(&c.Look, p)
	if err != nil {
		return Done{}, err
	}
	if until.IsZero() || !c.Now().After(until.Time) {
		return Done{}, fault.New(fault.Closed, "proposal.cosign.open")
	}
	return Done{p.ID}, settleSigners(c, p)
}

type lapsing struct{ committee, id string }

// lapsed finds what the clockwork must end, in every committee.
var lapsed = app.Ask("proposal.lapsed", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, _ struct{}) ([]lapsing, error) {
		return store.List(l.Ctx(), l.Tx(), func(r store.Row, x *lapsing) error { return r.Scan(&x.committee, &x.id) },
			`SELECT DISTINCT p.committee_id, p.id FROM proposal_signer g JOIN proposal p ON p.id = g.proposal_id JOIN term_session s ON s.id = p.session_id
			WHERE g.state = 'invited' AND p.timing = 'session' AND s.cutoff_at < ? ORDER BY p.id LIMIT 500`, l.Now())
	})

// lapseTask ends the invitations of proposals whose session was cut off.
func lapseTask() app.Task {
	return app.Task{Name: "proposal.lapse", Every: time.Minute, Run: func(ctx context.Context, a *app.App) error {
		list, err := lapsed.Do(ctx, a, access.Machine("", "proposal-lapse"), struct{}{})
		if err != nil {
			return fmt.Errorf("look for lapsed invitations: %w", err)
		}
		var errs []error
		for _, x := range list {
			_, err := Lapse.Do(ctx, a, access.Machine(x.committee, "proposal-lapse"), LapseIn{x.id})
			if err != nil && !fault.Is(err, fault.Closed) {
				errs = append(errs, fmt.Errorf("end the invitations of %s: %w", x.id, err))
			}
		}
		return errors.Join(errs...)
	}}
}
