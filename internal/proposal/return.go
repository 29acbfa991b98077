package proposal

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
)

// ReturnIn sends a proposal back to the proposer for revision.
type ReturnIn struct {
	ID      string `json:"id"`
	Version int64  `json:"version,omitempty"`
	Reason  string `json:"reason"` // code of the committee's rules
	Words   string `json:"words"`  // what the proposer should change
}

// Return sends a proposal back for revision, with a coded reason (退回修改).
var Return = app.Define("proposal.return", func(c *app.Call, in ReturnIn) (*Proposal, error) { return claim(c, in.ID) }, mayReview, giveBack)

// WasReturned is the fact that a proposal went back to its proposer.
type WasReturned struct {
	Level  string `json:"level"`
	Reason string `json:"reason"`
}

// FactName implements app.Fact.
func (WasReturned) FactName() string { return "proposal.returned" }

func giveBack(c *app.Call, p *Proposal, in ReturnIn) (Moved, error) {
	if err := underReview(p, in.Version); err != nil {
		return Moved{}, err
	}
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return Moved{}, err
	}
	in.Words = clean(in.Words)
	var problems fault.Problems
	offered(&problems, "reason", in.Reason, rules.Proposal.ReturnReasons, true)
	words(&problems, "words", in.Words, true)
	if err := problems.Err(); err != nil {
		return Moved{}, err
	}
	if err := record(c, p, SentBack, in.Reason, in.Words); err != nil {
		return Moved{}, err
	}
	was := *p
	if err := p.move(Returned); err != nil {
		return Moved{}, err
	}
	p.Level, p.Pending, p.DueOn = "", 0, Never
	hold(c, p, HeldByProposer, p.LeadName)
	if err := save(c, &was, p); err != nil {
		return Moved{}, err
	}
	c.Detail(map[string]string{"level": was.Level, "reason": in.Reason})
	return moved(p), c.Record(WasReturned{was.Level, in.Reason}, caseKind, p.ID)
}

// mayDecide: final decisions are the director's.
func mayDecide(who access.Actor, p *Proposal) access.Verdict {
	if !maySee(who, p) {
		return access.Hide()
	}
	return access.When(who.Is(access.Chief), "proposal.review.chief-only")
}
