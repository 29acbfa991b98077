package proposalweb

import (
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/handling/handlingweb"
	"tongxin/internal/proposal"
	"tongxin/internal/web"
)

// handled asks handling for its part of the page: nothing before filing, and
// nothing for who may see the proposal but not how it is handled.
func handled(r *web.Request, s *proposal.Shown) (around, error) {
	if !s.State.IsFiled() {
		return around{}, nil
	}
	h, err := web.Ask(r, handling.Show, handling.ViewIn{Kind: proposal.CaseKind, ID: s.ID})
	if fault.Is(err, fault.NotFound) {
		return around{}, nil
	}
	if err != nil {
		return around{}, err
	}
	return around{below: handlingweb.Section(r.View, h), side: handlingweb.Aside(r.View, h)}, nil
}
