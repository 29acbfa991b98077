package proposalweb

import (
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/handling/handlingweb"
	"tongxin/internal/proposal"
	"tongxin/internal/web"
)

// handled asks handling for its part of the page: nothing before filing.
func handled(r *web.Request, s *proposal.Shown) (around, error) {
	if !s.State.IsFiled() {
		return around{}, nil
	}
	x, err := web.Ask(r, handling.Show, handling.ViewIn{Kind: "proposal", ID: s.ID})
	if fault.Is(err, fault.NotFound) { // sees the proposal, not its handling
		return around{}, nil
	}
	if err != nil {
		return around{}, err
	}
	return around{below: handlingweb.Section(r.View, x), side: handlingweb.Aside(r.View, x)}, nil
}
