package proposal_test

import (
	"slices"
	"testing"

	"tongxin/internal/fault"
	"tongxin/internal/proposal"
)

// arrows are written down a second time, so that a change of the table is seen.
var arrows = map[proposal.State][]proposal.State{
	proposal.Draft: {proposal.Submitted},
	proposal.Submitted: {proposal.Returned, proposal.Withdrawn, proposal.Filed, proposal.NotFiled, proposal.ConvertedOpinion, proposal.ConvertedLetter,
		proposal.TransferredUp},
	proposal.Returned: {proposal.Submitted, proposal.Withdrawn},
}

func TestEveryPairOfStates(t *testing.T) {
	t.Parallel()
	for _, from := range proposal.States() {
		for _, to := range proposal.States() {
			p := proposal.Proposal{State: from}
			err := p.Move(to)
			if slices.Contains(arrows[from], to) {
				if err != nil || p.State != to {
					t.Errorf("%s → %s: state %s, %v", from, to, p.State, err)
				}
				continue
			}
			if !fault.Is(err, fault.Closed) || p.State != from {
				t.Errorf("%s → %s went: state %s, %v", from, to, p.State, err)
			}
		}
	}
	for from := range proposal.Next() {
		if !slices.Contains(proposal.States(), from) {
			t.Errorf("the arrow table knows %s, the list of states does not", from)
		}
	}
}
