package appraisal

import (
	"tongxin/internal/access"
	"tongxin/internal/organization"
)

// office reports whether somebody runs the appraisal.
func office(who access.Actor) bool { return who.Is(access.Office, access.Chief) }

// unitPost reports whether somebody works in a unit on its cases.
func unitPost(who access.Actor) bool { return who.Is(access.Handler, access.Signer) }

// oversees reports whether somebody reads everything.
func oversees(who access.Actor) bool { return office(who) || who.Is(access.Leader) }

// channelOf is the channel whose units a supervision office looks after.
func channelOf(who access.Actor) string {
	switch organization.BodyKind(who.Post.BodyKind) {
	case organization.SupervisionParty:
		return organization.ByParty
	case organization.SupervisionGovernment:
		return organization.ByGovernment
	}
	return ""
}

// manage is the rule of what the office does with a scheme.
func manage(who access.Actor, s *Scheme) access.Verdict {
	if who.CommitteeID == "" || who.CommitteeID != s.CommitteeID {
		return access.Hide()
	}
	switch {
	case office(who):
		return access.Allow()
	case who.Is(access.Leader), s.Announced() && (unitPost(who) || who.Is(access.Dispatcher)):
		return access.Deny("appraisal.office-only")
	default:
		return access.Hide()
	}
}

// place is where something new is made: a committee.
type place struct{ committeeID string }

// Object names nothing that exists yet.
func (place) Object() (string, string) { return "appraisal", "" }

// begin is the rule of what the office makes anew.
func begin(who access.Actor, p place) access.Verdict {
	if who.CommitteeID == "" || who.CommitteeID != p.committeeID {
		return access.Hide()
	}
	return access.When(office(who), "appraisal.office-only")
}

// schemeScope is the part of appraisal_scheme (alias s) that somebody may see.
func schemeScope(who access.Actor) access.Scope {
	all := access.Committee("s.committee_id", who.CommitteeID)
	switch {
	case oversees(who):
		return all
	case unitPost(who), who.Is(access.Dispatcher):
		return all.And("s.state IN ('published', 'superseded', 'closed')")
	default:
		return access.Nothing()
	}
}

// sheetScope is the part of appraisal_sheet (alias x, its run r) that somebody
// may see: a unit its own, a supervision office those of its channel, once
// they are published.
func sheetScope(who access.Actor) access.Scope {
	all := access.Committee("x.committee_id", who.CommitteeID)
	switch {
	case oversees(who):
		return all
	case unitPost(who):
		return all.And("x.unit_id = ? AND r.kind = 'published'", who.Post.BodyID)
	case who.Is(access.Dispatcher) && channelOf(who) != "":
		return all.And("x.channel = ? AND r.kind = 'published'", channelOf(who))
	default:
		return access.Nothing()
	}
}
