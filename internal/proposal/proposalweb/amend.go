package proposalweb

import (
	"tongxin/internal/fault"
	"tongxin/internal/proposal"
	"tongxin/internal/web"
)

// amendPage is /proposals/{id}/amend: the text as the office edits it.
func amendPage(r *web.Request) (web.Page, error) {
	s, err := web.Ask(r, proposal.Show, proposal.ShowIn{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	if !s.May.Amend && r.View.Fault == nil {
		return web.Page{}, closedTo(s, "proposal.review.closed")
	}
	text := s.Text
	if s.Amended != nil {
		text = s.Amended.Text // a second edit goes on from the first
	}
	return web.Page{Title: r.View.T("proposal.review.amend"), Body: editBody(r.View, s, text, "amend")}, nil
}

// correctPage is /proposals/{id}/correct: a clerical error after filing.
func correctPage(r *web.Request) (web.Page, error) {
	s, err := web.Ask(r, proposal.Show, proposal.ShowIn{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	if !s.May.Correct && r.View.Fault == nil {
		return web.Page{}, closedTo(s, "proposal.correct.not-filed")
	}
	return web.Page{Title: r.View.T("proposal.review.correct"), Body: editBody(r.View, s, s.Text, "correct")}, nil
}

// closedTo says why a page of an act is not shown.
func closedTo(s *proposal.Shown, key string) error {
	if s.May.Any() {
		return fault.New(fault.Closed, key)
	}
	return fault.New(fault.Forbidden, "proposal.review.office-only")
}

// typedItems are the suggestions as typed, or as stored, with empty rows for
// new ones where the number may change.
func typedItems(v web.View, t proposal.Text, extra int) []string {
	if v.Typed != nil {
		t.Items = v.Typed["items"]
	}
	return joinItems(t, extra)
}

// rowsMore: an edit may add suggestions, a correction may not.
func rowsMore(what string) int {
	if what == "amend" {
		return 1
	}
	return 0
}
