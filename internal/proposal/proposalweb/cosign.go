package proposalweb

import (
	"tongxin/internal/fault"
	"tongxin/internal/proposal"
	"tongxin/internal/web"
)

// signersPage is /proposals/{id}/signers: whom the author asks to propose with
// him.
func signersPage(r *web.Request) (web.Page, error) {
	q := r.URL.Query().Get("q")
	out, err := web.Ask(r, proposal.Candidates, proposal.CandidatesIn{ID: r.PathValue("id"), Q: q})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: signersWord(r.View, out.Kind), Body: signersBody(r.View, out, q), Keeps: true}, nil
}

// cosignPage is /proposals/{id}/cosign: the text that one is asked to sign.
func cosignPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, proposal.Invitation, proposal.InvitationIn{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: titleOf(r.View, out.Text.Title), Body: cosignBody(r.View, out)}, nil
}

// invitationsPage is /proposals/invitations: what one is asked to sign.
func invitationsPage(r *web.Request) (web.Page, error) {
	list, err := web.Ask(r, proposal.Invitations, struct{}{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("proposal.cosign.title"), Body: invitationsBody(r.View, list)}, nil
}

// amendmentPage is /proposals/{id}/amendment: the office's edits beside the
// proposer's text.
func amendmentPage(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, proposal.PendingAmendment, proposal.AmendmentsIn{ID: r.PathValue("id")})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("proposal.edit.amendment"), Body: amendmentBody(r.View, out)}, nil
}

// enterPage is /proposals/enter: first for whom, then what.
func enterPage(r *web.Request) (web.Page, error) {
	key := r.Arg("for")
	if key == "" {
		return whoPage(r)
	}
	out, err := web.Ask(r, proposal.DraftOf, proposal.DraftOfIn{For: key})
	if fault.Is(err, fault.NotFound) {
		return whoPage(r)
	}
	if err != nil {
		return web.Page{}, err
	}
	if typed := r.PostForm.Get("id"); typed != "" {
		out.ID = typed
	}
	return web.Page{Title: r.View.T("proposal.edit.enter"), Body: enterBody(r.View, sheetOf{DraftOfOut: out, New: true, For: key}), Keeps: true}, nil
}

// whoPage looks for whom staff enters a proposal.
func whoPage(r *web.Request) (web.Page, error) {
	q := r.URL.Query().Get("q")
	out, err := web.Ask(r, proposal.Candidates, proposal.CandidatesIn{Q: q})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("proposal.edit.enter"), Body: whoBody(r.View, out, q)}, nil
}
