package proposal

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
)

// writing are the proposer's acts.
func writing() []app.Definition {
	return []app.Definition{SaveDraft, Submit, Withdraw, Discard, Invite, RemoveSigner, Cosign, RefuseCosign, Enter, ConfirmAmendment, RefuseAmendment, Lapse}
}

// writingAsks are the proposer's questions.
func writingAsks() []app.Question {
	return []app.Question{DraftOf, Receipt, Invitations, Invitation, Candidates, PendingAmendment}
}

// writingRelations are the rows of the permission table for the proposer's acts.
func writingRelations() []app.Relation {
	var list []app.Relation
	for _, d := range writing() {
		for _, r := range standings() {
			list = append(list, app.Relation{Action: d.Name(), Name: r.name, Subject: func(who access.Actor) any { return r.sample(who) }})
		}
	}
	return list
}

type standing struct {
	name   string
	sample func(access.Actor) *Proposal
}

// standings are the ways in which somebody may stand to a proposal before
// filing, each with a sample.
func standings() []standing {
	somebody := func(who access.Actor, s State) *Proposal {
		p := &Proposal{ID: "p", CommitteeID: who.CommitteeID, State: s, Kind: Individual, AuthorID: "other", Version: 1}
		if s != Draft {
			p.SubmittedAt.Time = sampleTime
		}
		return p
	}
	with := func(s State, change func(access.Actor, *Proposal)) func(access.Actor) *Proposal {
		return func(who access.Actor) *Proposal {
			p := somebody(who, s)
			change(who, p)
			return p
		}
	}
	return []standing{
		{"new one", with(Draft, func(who access.Actor, p *Proposal) { *p = *begin(who, "p", p.CreatedAt) })},
		{"author of draft", with(Draft, func(who access.Actor, p *Proposal) { p.AuthorID = who.PersonID })},
		{"author", with(Submitted, func(who access.Actor, p *Proposal) { p.AuthorID = who.PersonID })},
		{"convener of proposer", with(Submitted, func(who access.Actor, p *Proposal) {
			p.Kind, p.Signers = OfParty, []Signer{{ID: who.Post.BodyID, IsBody: true, State: Signed}}
		})},
		{"invited", with(Draft, func(who access.Actor, p *Proposal) { p.Signers = []Signer{{ID: who.PersonID, State: Invited}} })},
		{"invited organisation", with(Draft, func(who access.Actor, p *Proposal) {
			p.Kind, p.Signers = OfParty, []Signer{{ID: "lead", IsBody: true, State: Signed}, {ID: who.Post.BodyID, IsBody: true, State: Invited}}
		})},
		{"invitation lapsed", with(Submitted, func(who access.Actor, p *Proposal) { p.Signers = []Signer{{ID: who.PersonID, State: Lapsed}} })},
		{"entered it", with(Submitted, func(who access.Actor, p *Proposal) { p.EnteredBy = who.PersonID })},
		{"colleague, on paper", with(Submitted, func(_ access.Actor, p *Proposal) { p.EnteredBy, p.OnPaper = "colleague", true })},
		{"stranger to draft", with(Draft, func(access.Actor, *Proposal) {})},
		{"stranger", with(Submitted, func(access.Actor, *Proposal) {})},
		{"other committee", with(Submitted, func(who access.Actor, p *Proposal) { p.CommitteeID, p.AuthorID = "elsewhere", who.PersonID })},
	}
}
