package handling

import (
	"slices"

	"tongxin/internal/access"
)

// office reports whether somebody works in the committee's proposal office.
func office(who access.Actor) bool { return who.Is(access.Office, access.Chief) }

// unitPost reports whether somebody works in a unit on its cases.
func unitPost(who access.Actor) bool { return who.Is(access.Handler, access.Signer) }

// proposer is as whom somebody proposes the case: himself as a member, or the
// organisation for which he acts; nil for all others.
func (m *Matter) proposer(who access.Actor) *Proposer {
	if who.CommitteeID == "" || who.CommitteeID != m.CommitteeID {
		return nil
	}
	i := slices.IndexFunc(m.Proposers, func(p Proposer) bool {
		return p.PersonID != "" && who.Is(access.Member) && p.PersonID == who.PersonID ||
			p.BodyID != "" && who.Is(access.Convener) && who.In(p.BodyID)
	})
	if i < 0 {
		return nil
	}
	return &m.Proposers[i]
}

// desk reports whether somebody works in a supervision office that the case
// was routed to.
func (m *Matter) desk(who access.Actor) bool {
	if !who.Is(access.Dispatcher) || who.CommitteeID != m.CommitteeID {
		return false
	}
	open := m.openRoute()
	return open != nil && who.In(open.DeskID) || m.dispatchedBy(who.Post.BodyID)
}

func (m *Matter) dispatchedBy(desk string) bool {
	return desk != "" && slices.ContainsFunc(m.Assignments, func(a Assignment) bool { return a.DeskID == desk })
}

// sees says whether somebody may know how the case is handled. It says the
// same as the domain's scope over handling_involved.
func (m *Matter) sees(who access.Actor) bool {
	switch {
	case who.CommitteeID == "" || who.CommitteeID != m.CommitteeID || !m.Ready:
		return false
	case office(who), who.Is(access.Reviewer, access.Leader, access.System):
		return true
	case who.Is(access.Dispatcher):
		return m.desk(who)
	case unitPost(who):
		return m.assignmentOf(who.Post.BodyID) != nil || m.succeeds(who.Post.BodyID)
	default:
		return m.proposer(who) != nil
	}
}

// otherwise is the answer to those who may not: the reason for those who see
// the case, as if it were not there for the others.
func (m *Matter) otherwise(who access.Actor, key string) access.Verdict {
	if m.sees(who) {
		return access.Deny(key)
	}
	return access.Hide()
}

// keeps reports whether somebody dispatched the assignment or stands for who
// did: the supervision office, or the office for direct ones.
func (e *Errand) keeps(who access.Actor) bool {
	if e.CommitteeID != who.CommitteeID {
		return false
	}
	if e.A.DeskID == "" {
		return office(who)
	}
	return who.Is(access.Dispatcher) && who.In(e.A.DeskID)
}

// ownUnit reports whether somebody works in the unit of the assignment.
func (e *Errand) ownUnit(who access.Actor) bool {
	return unitPost(who) && who.CommitteeID == e.CommitteeID && who.In(e.A.keeper()) && e.A.Live()
}

// mayWork is the rule of what a unit does: its own people, and staff for a
// unit in which nobody has an account.
func mayWork(who access.Actor, e *Errand) access.Verdict {
	switch {
	case e.ownUnit(who):
		return access.Allow()
	case who.CommitteeID == e.CommitteeID && (office(who) || e.keeps(who)) && e.A.unmanned:
		return access.Allow()
	case office(who) || e.keeps(who):
		return e.otherwise(who, "handling.unit-has-account")
	default:
		return e.otherwise(who, "handling.unit-only")
	}
}

// mayReply is mayWork of those who write the reply: not staff, who enter what
// came on paper (reply.enter).
func mayReply(who access.Actor, e *Errand) access.Verdict {
	switch {
	case e.ownUnit(who) && e.A.Role.Main():
		return access.Allow()
	case e.ownUnit(who):
		return access.Deny("handling.reply.assist")
	default:
		return e.otherwise(who, "handling.unit-only")
	}
}

// maySignOff is the rule of the signing leader. Nobody outside the unit knows
// of a reply that was not issued.
func maySignOff(who access.Actor, l *Letter) access.Verdict {
	e := &Errand{l.Matter, l.A}
	switch {
	case e.ownUnit(who) && who.Is(access.Signer):
		return access.Allow()
	case e.ownUnit(who):
		return access.Deny("handling.signer-only")
	case l.R.State != Issued:
		return access.Hide()
	default:
		return l.otherwise(who, "handling.signer-only")
	}
}

// reads says whether somebody may read a reply: everybody who sees the case
// once it is issued. Before that its unit, and for their part the assisting
// units that countersign it and who dispatched the case, when it is before them.
func (l *Letter) reads(who access.Actor) bool {
	e := &Errand{l.Matter, l.A}
	switch {
	case l.R.State == Issued:
		return l.sees(who)
	case e.ownUnit(who):
		return true
	case l.R.State == Reading, l.R.State == Countersigning && l.disputed(l.R.ID):
		return e.keeps(who) && l.sees(who) || l.countersigned(who)
	case l.R.State == Countersigning:
		return l.countersigned(who)
	default:
		return false
	}
}

// countersigned reports whether somebody acts for a unit that was asked to
// countersign the reply.
func (l *Letter) countersigned(who access.Actor) bool {
	a := l.assisting(who)
	if a == nil {
		return false
	}
	for _, x := range l.countersigns(l.R.ID) {
		if x.AssignmentID == a.ID {
			return true
		}
	}
	return false
}

// letterless is otherwise for acts on a reply.
func (l *Letter) letterless(who access.Actor, key string) access.Verdict {
	if l.reads(who) {
		return access.Deny(key)
	}
	return access.Hide()
}

// phones says who may read the phone number of a unit's handler.
func (m *Matter) phones(who access.Actor, a *Assignment) bool {
	return office(who) || m.desk(who) || m.proposer(who) != nil || unitPost(who) && (who.In(a.UnitID) || who.In(a.keeper()))
}

// Sees says whether somebody may know how the case is handled.
func (m *Matter) Sees(who access.Actor) bool { return m.sees(who) }

// Proposes reports whether somebody proposes the case, himself or for his
// organisation.
func (m *Matter) Proposes(who access.Actor) bool { return m.proposer(who) != nil }

// Keeps reports whether somebody dispatched the assignment or stands for who did.
func (e *Errand) Keeps(who access.Actor) bool { return e.keeps(who) }

// OwnUnit reports whether somebody works in the unit of the assignment.
func (e *Errand) OwnUnit(who access.Actor) bool { return e.ownUnit(who) }

// Reads says whether somebody may read the reply.
func (l *Letter) Reads(who access.Actor) bool { return l.reads(who) }

// Otherwise is the answer of a rule to those who may not: the reason for those
// who see the case, as if it were not there for the others.
func (m *Matter) Otherwise(who access.Actor, key string) access.Verdict { return m.otherwise(who, key) }
