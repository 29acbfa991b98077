package proposal

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// CosignIn is the answer of somebody who was invited, to the text he read.
type CosignIn struct {
	ID      string `json:"id"`
	Version int64  `json:"version" doc:"The version that was shown, so that nobody signs what he has not read"`
}

// Cosign signs a proposal that one was invited to (确认联名): a member for
// himself, a convener for his organisation.
var Cosign = app.Define("proposal.cosign", loadForCosign, mayAnswer, cosign)

// RefuseIn declines an invitation.
type RefuseIn struct {
	ID string `json:"id"`
}

// RefuseCosign declines an invitation (婉拒联名).
var RefuseCosign = app.Define("proposal.refuse-cosign", loadForRefuse, mayAnswer, refuseCosign)

func loadForCosign(c *app.Call, in CosignIn) (*Proposal, error) { return claim(c, in.ID) }

func loadForRefuse(c *app.Call, in RefuseIn) (*Proposal, error) { return claim(c, in.ID) }

// mayAnswer: who was ever invited hears why it is too late; for others it is as
// visible as any proposal.
func mayAnswer(who access.Actor, p *Proposal) access.Verdict {
	switch {
	case who.CommitteeID == p.CommitteeID && p.invitation(who) != nil:
		return access.Allow()
	case maySee(who, p):
		return access.Deny("proposal.cosign.not-invited")
	default:
		return access.Hide()
	}
}

func cosign(c *app.Call, p *Proposal, in CosignIn) (Done, error) {
	s, err := answerable(c, p)
	if err != nil {
		return Done{}, err
	}
	if in.Version != p.Version {
		return Done{}, fault.New(fault.Stale, "proposal.cosign.changed")
	}
	if err := answer(c, p, s, Signed); err != nil {
		return Done{}, err
	}
	return Done{p.ID}, c.Record(SignerAnswered{s.ID, true}, caseKind, p.ID)
}

func refuseCosign(c *app.Call, p *Proposal, _ RefuseIn) (Done, error) {
	s, err := answerable(c, p)
	if err != nil {
		return Done{}, err
	}
	if err := answer(c, p, s, Declined); err != nil {
		return Done{}, err
	}
	if err := rekind(c, p, Invited, Signed); err != nil {
		return Done{}, err
	}
	return Done{p.ID}, c.Record(SignerAnswered{s.ID, false}, caseKind, p.ID)
}

// answerable gives the actor's open invitation, or says why it is over.
func answerable(c *app.Call, p *Proposal) (*Signer, error) {
	s := p.invitation(c.Who())
	switch s.State {
	case Signed:
		return nil, fault.New(fault.Closed, "proposal.cosign.signed-already")
	case Declined:
		return nil, fault.New(fault.Closed, "proposal.cosign.declined-already")
	case Lapsed:
		return nil, fault.New(fault.Closed, "proposal.cosign.after-cutoff")
	}
	if p.State != Submitted && !p.editable() {
		return nil, fault.New(fault.Closed, "proposal.cosign.over")
	}
	until, err := signUntil(&c.Look, p)
	if err != nil {
		return nil, err
	}
	if !until.IsZero() && c.Now().After(until.Time) {
		return nil, fault.New(fault.Closed, "proposal.cosign.after-cutoff")
	}
	return s, nil
}

// signUntil is the cut-off for co-signers of a proposal of the session; zero
// where they may sign until it is filed.
func signUntil(l *app.Look, p *Proposal) (store.Time, error) {
	if p.Timing != organization.InSession {
		return store.Time{}, nil
	}
	list, err := organization.Sessions(l)
	if err != nil {
		return store.Time{}, fmt.Errorf("find the cut-off of %s: %w", p.ID, err)
	}
	for _, s := range list {
		if s.ID == p.SessionID {
			return s.CutoffAt, nil
		}
	}
	return store.Time{}, nil
}
