package proposal

import (
	"tongxin/internal/access"
	"tongxin/internal/organization"
)

// Signer states.
const (
	Invited  = "invited"
	Signed   = "signed"
	Declined = "declined"
	Removed  = "removed" // by the author
	Lapsed   = "lapsed"  // not answered before the cut-off
)

// kindOf tells what somebody proposes in his acting post: a member for
// himself, a convener for his organisation. Others write no proposals.
func kindOf(who access.Actor) (Kind, bool) {
	switch {
	case who.Is(access.Member):
		return Individual, true
	case who.Is(access.Convener):
		return collectiveKind(organization.BodyKind(who.Post.BodyKind))
	}
	return "", false
}

// Writes reports whether somebody may write proposals in his acting post.
func Writes(who access.Actor) bool {
	_, ok := kindOf(who)
	return ok
}

// collectiveKind is the kind of proposal that a body hands in.
func collectiveKind(b organization.BodyKind) (Kind, bool) {
	switch b {
	case organization.Party:
		return OfParty, true
	case organization.PeoplesOrganization:
		return OfOrganization, true
	case organization.Sector:
		return OfSector, true
	case organization.Group:
		return OfGroup, true
	case organization.SpecialCommittee:
		return OfCommittee, true
	}
	return "", false
}

// leadBody is the organisation that proposes, nil for members.
func (p *Proposal) leadBody() *Signer {
	if !p.Kind.Collective() || len(p.Signers) == 0 || !p.Signers[0].IsBody {
		return nil
	}
	return &p.Signers[0]
}

// authored reports whether somebody is the proposer in the post he acts in:
// the member himself, or a convener of the organisation.
func authored(who access.Actor, p *Proposal) bool {
	if !who.SignedIn() || who.CommitteeID != p.CommitteeID {
		return false
	}
	if lead := p.leadBody(); lead != nil {
		return who.Is(access.Convener) && who.In(lead.ID)
	}
	return who.Is(access.Member) && who.PersonID == p.AuthorID
}

// enteredFor reports whether somebody is staff who may act for the proposer:
// who entered it, and for what came on paper any clerk of the office.
func enteredFor(who access.Actor, p *Proposal) bool {
	return who.Is(access.Office) && who.CommitteeID == p.CommitteeID && p.EnteredBy != "" && (p.OnPaper || p.EnteredBy == who.PersonID)
}

// mayWrite is the rule of the proposer's own acts: writing, handing in,
// inviting, withdrawing, answering the office's edits.
func mayWrite(who access.Actor, p *Proposal) access.Verdict {
	switch {
	case authored(who, p) || enteredFor(who, p):
		return access.Allow()
	case !maySee(who, p) && (!who.SignedIn() || who.CommitteeID != p.CommitteeID || who.PersonID != p.AuthorID):
		return access.Hide()
	case who.PersonID == p.AuthorID:
		return access.Deny("proposal.other-post")
	default:
		return access.Deny("proposal.author-only")
	}
}

// mayStart is mayWrite where the proposal may be one that is just begun.
func mayStart(who access.Actor, p *Proposal) access.Verdict {
	if p.Version > 0 {
		return mayWrite(who, p)
	}
	_, ok := kindOf(who)
	return access.When(ok, "proposal.members-only")
}

// invitation finds what somebody was asked to sign, in his acting post; nil
// when he was not.
func (p *Proposal) invitation(who access.Actor) *Signer {
	for i := range p.Signers {
		s := &p.Signers[i]
		mine := !s.IsBody && who.Is(access.Member) && s.ID == who.PersonID || s.IsBody && who.Is(access.Convener) && who.In(s.ID)
		if mine && s.State != Removed && s != p.leadBody() {
			return s
		}
	}
	return nil
}

// count tells how many were invited to sign and are in one of the states.
func (p *Proposal) count(states ...string) int {
	n := 0
	for i := range p.Signers {
		for _, x := range states {
			if p.Signers[i].State == x && &p.Signers[i] != p.leadBody() {
				n++
			}
		}
	}
	return n
}

// editable reports whether the proposer may still change the text.
func (p *Proposal) editable() bool { return p.State == Draft || p.State == Returned }
