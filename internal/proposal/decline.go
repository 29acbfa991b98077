package proposal

import (
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
)

// DeclineIn refuses to file a proposal.
type DeclineIn struct {
	ID      string `json:"id"`
	Version int64  `json:"version,omitempty"`
	Reason  string `json:"reason"`          // code of the committee's rules
	Words   string `json:"words,omitempty"` // told to the proposer with the reason
}

// Decline ends a proposal without filing, with a coded reason of which the
// proposer is told (不予立案).
var Decline = app.Define("proposal.decline", func(c *app.Call, in DeclineIn) (*Proposal, error) { return claim(c, in.ID) }, mayDecide, decline)

// WasDeclined is the fact that a proposal was not filed.
type WasDeclined struct {
	Reason string `json:"reason"`
}

// FactName implements app.Fact.
func (WasDeclined) FactName() string { return "proposal.declined" }

func decline(c *app.Call, p *Proposal, in DeclineIn) (Moved, error) {
	if err := underReview(p, in.Version); err != nil {
		return Moved{}, err
	}
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return Moved{}, err
	}
	in.Words = clean(in.Words)
	var problems fault.Problems
	offered(&problems, "reason", in.Reason, rules.Proposal.NotFiledReasons, true)
	words(&problems, "words", in.Words, false)
	if err := problems.Err(); err != nil {
		return Moved{}, err
	}
	return end(c, p, ending{NotFiled, VerdictNot, in.Reason, in.Words, WasDeclined{in.Reason}})
}
