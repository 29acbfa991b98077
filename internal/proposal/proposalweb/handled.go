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
	return around{below: handlingweb.Section(r.View, h, before(r.View, s)), side: handlingweb.Aside(r.View, h), acts: handlingweb.Acts(h)}, nil
}

// before are the lines of the proposal's own course, for the one course of the
// case; facts without a sentence are not shown.
func before(v web.View, s *proposal.Shown) []handlingweb.Event {
	var list []handlingweb.Event
	for _, e := range s.Timeline {
		if key := eventKey(e); v.Has(key) {
			list = append(list, handlingweb.Event{At: e.At.Time, Who: e.By, Text: v.T(key)})
		}
	}
	return list
}
