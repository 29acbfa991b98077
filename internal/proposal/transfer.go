package proposal

import (
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// TransferUpIn gives a proposal to the committee above.
type TransferUpIn struct {
	ID      string `json:"id"`
	Version int64  `json:"version,omitempty"`
	Words   string `json:"words"` // why, and to whom; told to the proposer
}

// TransferUp ends a proposal that became one of the higher committee (转上级政协).
var TransferUp = app.Define("proposal.transfer-up", func(c *app.Call, in TransferUpIn) (*Proposal, error) { return claim(c, in.ID) }, mayDecide, transferUp)

// WasTransferredUp is the fact that a proposal went to the committee above.
type WasTransferredUp struct{}

// FactName implements app.Fact.
func (WasTransferredUp) FactName() string { return "proposal.transferred-up" }

func transferUp(c *app.Call, p *Proposal, in TransferUpIn) (Moved, error) {
	if err := underReview(p, in.Version); err != nil {
		return Moved{}, err
	}
	in.Words = clean(in.Words)
	var problems fault.Problems
	words(&problems, "words", in.Words, true)
	if err := problems.Err(); err != nil {
		return Moved{}, err
	}
	return end(c, p, ending{TransferredUp, VerdictUpward, "", in.Words, WasTransferredUp{}})
}
