package proposal

import (
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/clock"
	"tongxin/internal/profile"
)

// reviewing are the actions between submitting and filing, and corrections.
func reviewing() []app.Definition {
	return []app.Definition{Review, Return, Amend, File, FileMany, Decline, Convert, TransferUp, Correct, RecomputeDue}
}

// asking are the questions of the lists and the case page.
func asking() []app.Question { return []app.Question{List, Show, Filing, Numbers, Partition} }

// reviewRelations are the rows of the permission table for reviewing.
func reviewRelations() []app.Relation {
	var list []app.Relation
	for _, a := range []string{"proposal.review", "proposal.return"} {
		for _, level := range levels() {
			list = append(list, app.Relation{Action: a, Name: "at " + level, Subject: func(who access.Actor) any { return sample(who, Submitted, level) }})
		}
	}
	for _, a := range []string{"proposal.amend", "proposal.file", "proposal.decline", "proposal.convert", "proposal.transfer-up"} {
		list = append(list,
			app.Relation{Action: a, Name: "under review", Subject: func(who access.Actor) any { return sample(who, Submitted, profile.Final) }},
			app.Relation{Action: a, Name: "author", Subject: func(who access.Actor) any { return written(sample(who, Submitted, profile.Final), who) }})
	}
	for _, a := range []string{"proposal.review", "proposal.return", "proposal.amend", "proposal.file", "proposal.decline", "proposal.convert", "proposal.transfer-up", "proposal.correct"} {
		list = append(list,
			app.Relation{Action: a, Name: "another's draft", Subject: func(who access.Actor) any { return sample(who, Draft, "") }},
			app.Relation{Action: a, Name: "stranger", Subject: func(access.Actor) any { return sample(access.Actor{CommitteeID: "elsewhere"}, Filed, "") }})
	}
	return append(list,
		app.Relation{Action: "proposal.correct", Name: "filed", Subject: func(who access.Actor) any { return sample(who, Filed, "") }},
		app.Relation{Action: "proposal.correct", Name: "author", Subject: func(who access.Actor) any { return written(sample(who, Filed, ""), who) }},
		app.Relation{Action: "proposal.correct", Name: "routed to his body", Subject: func(who access.Actor) any {
			p := sample(who, Dispatched, "")
			p.Involved = []string{who.Post.BodyID}
			return p
		}},
		app.Relation{Action: "proposal.file-many", Name: "under review", Subject: func(who access.Actor) any {
			return Batch{who.CommitteeID, []*Proposal{sample(who, Submitted, profile.Final)}}
		}},
		app.Relation{Action: "proposal.file-many", Name: "stranger", Subject: func(who access.Actor) any {
			return Batch{who.CommitteeID, []*Proposal{sample(access.Actor{CommitteeID: "elsewhere"}, Submitted, profile.Final)}}
		}},
		app.Relation{Action: "proposal.recompute-due", Name: "stranger", Subject: func(who access.Actor) any { return Reviews{committee: who.CommitteeID} }})
}

// sample is somebody else's proposal in the committee of who.
func sample(who access.Actor, state State, level string) *Proposal {
	p := &Proposal{ID: "sample", CommitteeID: who.CommitteeID, State: state, Level: level, Kind: Individual, AuthorID: "somebody else"}
	if state != Draft {
		p.SubmittedAt = clock.InstantOf(time.Date(2026, 1, 12, 9, 0, 0, 0, clock.Beijing))
	}
	return p
}

// written makes a sample the actor's own.
func written(p *Proposal, who access.Actor) *Proposal {
	p.AuthorID = who.PersonID
	return p
}
