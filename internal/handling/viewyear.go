package handling

import (
	"slices"

	"tongxin/internal/access"
)

// viewYear adds the rarer records as far as somebody may see them: proposers
// see that more time was granted, second handlings, last words and promises,
// but not what units and supervision offices settle between themselves.
func (m *Matter) viewYear(k *clockOf, who access.Actor, v *View) {
	v.Rehandlings, v.LastWords = m.Rehandlings, m.LastWords
	v.Promises = m.viewPromises(k, who)
	if m.proposer(who) != nil {
		for _, x := range m.Extensions {
			if a := m.assignment(x.AssignmentID); x.Decision == Granted && a != nil && a.Role.Main() {
				v.Extensions = append(v.Extensions, x)
			}
		}
		return
	}
	v.Objections, v.Extensions = m.Objections, m.Extensions
	for _, x := range m.Countersigns {
		if l := m.letterBy(x.ReplyID); l != nil && (l.reads(who) || office(who)) {
			v.Countersigns = append(v.Countersigns, x)
		}
	}
	for _, x := range m.Readings {
		if l := m.letterBy(x.ReplyID); l != nil && (l.reads(who) || office(who) || (&Errand{m, l.A}).keeps(who)) {
			v.Readings = append(v.Readings, x)
		}
	}
}

// letterBy finds a reply with its assignment.
func (m *Matter) letterBy(replyID string) *Letter {
	r := m.reply(replyID)
	if r == nil {
		return nil
	}
	a := m.assignment(r.AssignmentID)
	if a == nil {
		return nil
	}
	return &Letter{m, a, r}
}

// shownReply is the reply of an assignment that somebody is led to: the one that
// is being written where he may read it, else the one issued last.
func (m *Matter) shownReply(who access.Actor, e *Errand) *Reply {
	if r := m.workOn(e.A.ID); r != nil && (&Letter{m, e.A, r}).reads(who) {
		return r
	}
	return m.issuedOf(e.A.ID)
}

// mayUnit asks the rules, and whether the step is open.
func (m *Matter) mayUnit(k *clockOf, who access.Actor, e *Errand) MayUnit {
	a, r, o := e.A, m.workOn(e.A.ID), m.objection(e.A.ID)
	may := MayUnit{
		Sign:       a.State == Sent && o == nil && Sign.May(who, e),
		Contact:    a.State != Sent && a.State != Waived && m.Row.ClosedAt.IsZero() && RecordContact.May(who, e),
		Opine:      a.State == SignedFor && o == nil && Opine.May(who, e),
		Draft:      o == nil && (a.State == SignedFor && (r == nil || r.State == Drafted) || r != nil && r.Purpose == FollowUp && r.State == Drafted) && Draft.May(who, e),
		Enter:      a.Owes() && (r == nil || r.State != Reading) && Enter.May(who, e),
		ChangeUnit: a.State == Sent && o == nil && ChangeUnit.May(who, e),

		Object:         a.Owes() && e.objectable(k) == nil && Object.May(who, e),
		Consent:        o != nil && o.ConsentedAt.IsZero() && Consent.May(who, e),
		WithdrawObject: o != nil && WithdrawObjection.May(who, e),
		Rule:           o != nil && !o.ConsentedAt.IsZero() && RuleObjection.May(who, e),
		Extend:         o == nil && e.extendable(k) == nil && Extend.May(who, e),
		Waive:          m.mayWaive(k, who, e),
		FollowUp:       a.State == Answered && r == nil && BeginFollowUp.May(who, e),
	}
	if x := m.extension(a.ID); x != nil {
		may.Decide = DecideExtension.May(who, &Prolonging{e, x})
	}
	m.mayLetter(who, e, r, &may)
	return may
}

// mayWaive: who dispatched the case at any time, the lead once it is late.
func (m *Matter) mayWaive(k *clockOf, who access.Actor, e *Errand) bool {
	if e.A.Role != Assist || !e.A.Owes() && !e.agreesLate() || !Waive.May(who, e) {
		return false
	}
	_, late := k.left(e.A.DueOn)
	return late && e.A.Owes() || e.keeps(who)
}

// mayLetter adds what may be done with the replies of an assignment.
func (m *Matter) mayLetter(who access.Actor, e *Errand, work *Reply, may *MayUnit) {
	if work != nil {
		t := &Letter{m, e.A, work}
		may.SignOff = work.State == Signing && Issue.May(who, t)
		may.Recall = (work.State == Signing || work.State == Countersigning) && Recall.May(who, t)
		may.Drop = work.Purpose == FollowUp && work.State == Drafted && !t.wasRead() && DropFollowUp.May(who, t)
		may.Pass = work.State == Reading && Pass.May(who, t)
		may.Dispute = work.State == Countersigning && m.disputed(work.ID) && DecideDispute.May(who, t)
		if x := m.assisting(who); x != nil && work.State == Countersigning {
			may.Countersign = slices.ContainsFunc(m.countersigns(work.ID), func(s *Countersign) bool { return s.AssignmentID == x.ID && s.Answer == "" })
		}
	}
	rated := m.newest(e.A.ID, func(r *Reply) bool { return r.State == Issued && r.Purpose != FollowUp })
	if rated == nil {
		return
	}
	t := &Letter{m, e.A, rated}
	if d := t.receipt(who); d != nil {
		may.Rate = rated.RatingOpen && !d.Rated && Rate.May(who, t)
	}
	may.OnPaper = len(rated.awaited()) > 0 && RateOnPaper.May(who, t)
}
