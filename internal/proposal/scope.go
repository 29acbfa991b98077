package proposal

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// CaseKind is what handling calls a proposal.
const CaseKind = "proposal"

const caseKind = CaseKind

// scopeOf is the part of table proposal (alias p) that somebody may see. It
// says the same as maySee; a property test holds the two together.
func scopeOf(who access.Actor) access.Scope {
	all := access.Committee("p.committee_id", who.CommitteeID)
	switch {
	case who.Is(access.System):
		return all
	case who.Is(access.Office, access.Chief):
		return all.And("p.state <> 'draft' OR p.entered_by = ?", who.PersonID)
	case who.Is(access.Reviewer):
		return all.And("p.state <> 'draft'")
	case who.Is(access.Leader):
		return all.And("p.state IN ('filed', 'dispatched', 'handling', 'replied', 'closed')")
	case who.Is(access.Dispatcher, access.Handler, access.Signer):
		return all.And("p.id IN (SELECT v.case_id FROM handling_involved v WHERE v.case_kind = 'proposal' AND v.body_id = ?)", who.Post.BodyID)
	case who.Is(access.Member, access.Convener):
		return own(all, who)
	default:
		return access.Nothing()
	}
}

// wholeScope is what scopeOf shows of a committee to those who see it whole,
// without the drafts that some of them entered: said so that an index answers.
func wholeScope(who access.Actor) access.Scope {
	if who.Is(access.Leader) || wholeOf(who) == nil {
		return scopeOf(who)
	}
	return access.Committee("p.committee_id", who.CommitteeID).And("p.state <> 'draft'")
}

// own is what somebody proposes himself or is asked to: his own, those he is
// invited to or signed, and for a convener those of his organisation.
func own(all access.Scope, who access.Actor) access.Scope {
	body := ""
	if who.Is(access.Convener) {
		body = who.Post.BodyID
	}
	return all.And(`p.id IN (SELECT a.id FROM proposal a WHERE a.committee_id = ? AND a.author_id = ?
		UNION SELECT s.proposal_id FROM proposal_signer s WHERE s.committee_id = ? AND s.state IN ('invited', 'signed')
			AND (s.signer_id = ? AND s.is_body = FALSE OR s.signer_id = ? AND s.is_body = TRUE))`,
		who.CommitteeID, who.PersonID, who.CommitteeID, who.PersonID, body)
}

// maySee says whether somebody may know of a proposal that was read with its
// signers and, for desks and units, with the bodies it was routed to.
func maySee(who access.Actor, p *Proposal) bool {
	if who.CommitteeID == "" || who.CommitteeID != p.CommitteeID {
		return false
	}
	submitted := p.State != Draft
	switch {
	case who.Is(access.System):
		return true
	case who.Is(access.Office, access.Chief):
		return submitted || p.EnteredBy != "" && p.EnteredBy == who.PersonID
	case who.Is(access.Reviewer):
		return submitted
	case who.Is(access.Leader):
		return p.State.IsFiled()
	case who.Is(access.Dispatcher, access.Handler, access.Signer):
		return slices.Contains(p.Involved, who.Post.BodyID)
	case who.Is(access.Member, access.Convener):
		return proposes(who, p)
	default:
		return false
	}
}

// proposes reports whether somebody is the author, an invited or signed member,
// or a convener of an organisation that proposes.
func proposes(who access.Actor, p *Proposal) bool {
	if p.AuthorID == who.PersonID {
		return true
	}
	for _, s := range p.Signers {
		if s.State != "invited" && s.State != "signed" {
			continue
		}
		if !s.IsBody && s.ID == who.PersonID || s.IsBody && who.Is(access.Convener) && who.In(s.ID) {
			return true
		}
	}
	return false
}

// involve reads to which bodies a proposal was routed, when the one who asks
// stands in a desk or unit; nobody else's sight depends on it.
func involve(l *app.Look, p *Proposal) error {
	if !l.Who().Is(access.Dispatcher, access.Handler, access.Signer) {
		return nil
	}
	list, err := store.List(l.Ctx(), l.Tx(), store.Column[string], "SELECT body_id FROM handling_involved WHERE case_kind = ? AND case_id = ?", caseKind, p.ID)
	if err != nil {
		return fmt.Errorf("read who handles %s: %w", p.ID, err)
	}
	p.Involved = list
	return nil
}
