package handling

import (
	"cmp"
	"slices"
	"strings"

	"tongxin/internal/store"
)

// Who holds a case, as message keys of Standing.Holder.
const (
	HeldByOffice    = "handling.holder.office"      // waits for dispatch
	HeldByDesk      = "handling.holder.dispatcher"  // waits at a supervision office
	HeldForConsent  = "handling.holder.consent"     // an objection waits for the unit's own leader
	HeldForRuling   = "handling.holder.ruling"      // an objection waits for who dispatched the case
	HeldToSign      = "handling.holder.sign"        // waits for a unit to sign for it
	HeldForOpinion  = "handling.holder.assist"      // waits for assisting opinions
	HeldByUnit      = "handling.holder.unit"        // a unit writes its reply
	HeldAgain       = "handling.holder.again"       // a unit handles the case a second time
	HeldToAgree     = "handling.holder.countersign" // waits for assisting units to countersign
	HeldForDecision = "handling.holder.dispute"     // units disagree; who dispatched the case decides
	HeldBySigner    = "handling.holder.signing"     // waits for sign-off inside a unit
	HeldByReader    = "handling.holder.reading"     // signed off; who dispatched the case reads it
	HeldByProposers = "handling.holder.proposers"   // waits for ratings
	HeldForLastWord = "handling.holder.last-word"   // the rounds are used up; the committee rules
	HeldToConfirm   = "handling.holder.confirm"     // waits for the committee to confirm the end
)

// Holders lists the keys of Standing.Holder; a closed case has none. Of what is
// due on one day the first one listed is named.
func Holders() []string {
	return []string{HeldByOffice, HeldByDesk, HeldForConsent, HeldForRuling, HeldToSign, HeldForOpinion, HeldByUnit, HeldAgain, HeldToAgree, HeldForDecision,
		HeldBySigner, HeldByReader, HeldByProposers, HeldForLastWord, HeldToConfirm}
}

// Records are what a standing is derived from. The same records always give
// the same standing, whatever the day.
type Records struct {
	OpenedAt     store.Time
	ClosedAt     store.Time
	Closing      string
	Routes       []Route
	Assignments  []Assignment
	Replies      []Reply
	Objections   []Objection
	Countersigns []Countersign
	Rehandlings  []Rehandling
	LastWords    []LastWord
}

// records are the part of a matter that the standing depends on.
func (m *Matter) records() Records {
	return Records{m.Row.OpenedAt, m.Row.ClosedAt, m.Row.Closing, m.Routes, m.Assignments, m.Replies, m.Objections, m.Countersigns, m.Rehandlings, m.LastWords}
}

// Derive tells how a case stands: its stage, who holds it, since when, until
// when.
func Derive(r Records) Standing {
	m := &Matter{Routes: r.Routes, Assignments: r.Assignments, Replies: r.Replies, Objections: r.Objections, Countersigns: r.Countersigns,
		Rehandlings: r.Rehandlings, LastWords: r.LastWords}
	s := Standing{}
	live := m.live()
	m.leadOf(live, &s)
	switch {
	case !r.ClosedAt.IsZero():
		s.Stage, s.HolderSince = Closed, r.ClosedAt
	case len(live) == 0:
		s.Stage, s.Holder, s.HolderSince = Filed, HeldByOffice, r.OpenedAt
		if o := m.openRoute(); o != nil {
			s.Holder, s.HolderName, s.HolderSince = HeldByDesk, o.DeskName, o.At
		}
	case m.answered():
		s.Stage = Replied
		m.awaiting(r.Closing, &s)
	default:
		s.Stage = Dispatched
		if slices.ContainsFunc(live, func(a *Assignment) bool { return a.State != Sent }) {
			s.Stage = Underway
		}
		s.hold(m.duties(live))
	}
	return s
}

// leadOf fills in the main unit and the class on its reply.
func (m *Matter) leadOf(live []*Assignment, s *Standing) {
	var names []string
	for _, a := range live {
		if !a.Role.Main() {
			continue
		}
		names = append(names, a.UnitName)
		if s.LeadUnit == "" {
			s.LeadUnit = a.UnitID
			if r := m.issuedOf(a.ID); r != nil {
				s.Class = r.Class
			}
		}
	}
	s.LeadName = joined(names)
}

// answered reports whether every unit that answers has issued its reply.
func (m *Matter) answered() bool {
	some := false
	for _, a := range m.live() {
		if a.Role.Main() {
			some = true
			if a.State != Answered {
				return false
			}
		}
	}
	return some
}

// awaited are the outstanding ratings of all replies, and until when.
func (m *Matter) awaited() (list []Delivery, by string) {
	for i := range m.Replies {
		w := m.Replies[i].awaited()
		if len(w) > 0 && (by == "" || m.Replies[i].RateBy < by) {
			by = m.Replies[i].RateBy
		}
		list = append(list, w...)
	}
	return list, by
}

// awaiting fills in who holds a case whose replies are all issued.
func (m *Matter) awaiting(closing string, s *Standing) {
	for i := range m.Replies {
		if at := m.Replies[i].IssuedAt; at.After(s.HolderSince.Time) {
			s.HolderSince = at
		}
	}
	list, by := m.awaited()
	if w := m.lastWordAwaited(); w != nil && len(list) == 0 {
		s.Holder, s.HolderSince = HeldForLastWord, w.AskedAt
		return
	}
	if len(list) == 0 {
		s.Holder = HeldToConfirm
		return
	}
	var names []string
	for _, d := range list {
		if !slices.Contains(names, d.Name) {
			names = append(names, d.Name)
		}
	}
	s.Holder, s.HolderName, s.DueOn = HeldByProposers, joined(names), by
}

// duty is something that a unit owes.
type duty struct {
	holder string
	name   string
	since  store.Time
	due    string
}

// duties are what is owed, the most urgent first: by units, and by who rules
// between them. Once every answering unit has its reply in sign-off, opinions
// that never came hold nothing up.
func (m *Matter) duties(live []*Assignment) []duty {
	writing := slices.ContainsFunc(live, func(a *Assignment) bool {
		r := m.replyOf(a.ID)
		return a.Role.Main() && a.State != Answered && (r == nil || r.State == Drafted || r.State == Issued)
	})
	var list []duty
	for _, a := range live {
		if a.Owes() && (a.Role.Main() || writing || a.Objected) {
			list = append(list, m.dutiesOf(a)...)
		}
	}
	order := Holders()
	slices.SortStableFunc(list, func(a, b duty) int {
		return cmp.Or(cmp.Compare(dated(a.due), dated(b.due)), slices.Index(order, a.holder)-slices.Index(order, b.holder))
	})
	return list
}

// dutiesOf are what an assignment that is not answered waits for.
func (m *Matter) dutiesOf(a *Assignment) []duty {
	r := m.replyOf(a.ID)
	if r != nil && r.State == Issued { // of the round before
		r = nil
	}
	o := m.objection(a.ID)
	switch {
	case o != nil && o.ConsentedAt.IsZero():
		return []duty{{HeldForConsent, a.UnitName, o.FiledAt, a.ObjectBy}}
	case o != nil:
		return []duty{{HeldForRuling, a.DeskName, o.ConsentedAt, o.RuleBy}}
	case a.State == Sent:
		return []duty{{HeldToSign, a.UnitName, a.DispatchedAt, a.SignBy}}
	case a.Role == Assist:
		return []duty{{HeldForOpinion, a.UnitName, a.SignedAt, a.DueOn}}
	case r != nil && r.State == Countersigning:
		return m.agreeing(a, r)
	case r != nil && r.State == Signing:
		return []duty{{HeldBySigner, a.UnitName, r.SubmittedAt, a.DueOn}}
	case r != nil && r.State == Reading:
		return []duty{{HeldByReader, a.DeskName, r.SignedOffAt, r.ReadByOn}}
	case a.Round > 1:
		return []duty{{HeldAgain, a.UnitName, m.roundBegan(a), a.DueOn}}
	default:
		return []duty{{HeldByUnit, a.UnitName, a.SignedAt, a.DueOn}}
	}
}

// agreeing is who holds up a draft that assisting units countersign.
func (m *Matter) agreeing(a *Assignment, r *Reply) []duty {
	var list []duty
	var last store.Time
	for _, x := range m.countersigns(r.ID) {
		if x.Answer == "" {
			list = append(list, duty{HeldToAgree, x.UnitName, x.AskedAt, x.DueOn})
		}
		if x.At.After(last.Time) {
			last = x.At
		}
	}
	if len(list) == 0 {
		return []duty{{HeldForDecision, a.DeskName, last, ""}}
	}
	return list
}

// dated sorts what has no date last.
func dated(on string) string {
	if on == "" {
		return never
	}
	return on
}

// hold makes those who owe the most urgent thing the holders.
func (s *Standing) hold(list []duty) {
	if len(list) == 0 {
		return
	}
	first := list[0]
	s.Holder, s.HolderSince, s.DueOn = first.holder, first.since, first.due
	var names []string
	for _, d := range list {
		if d.holder != first.holder {
			continue
		}
		names = append(names, d.name)
		if d.since.Before(s.HolderSince.Time) {
			s.HolderSince = d.since
		}
	}
	s.HolderName = joined(names)
}

// namesAtMost bounds a list of names in one line.
const namesAtMost = 4

// joined writes names as one: 市财政局、市住建局.
func joined(names []string) string {
	if len(names) > namesAtMost {
		return strings.Join(names[:namesAtMost], "、") + "…"
	}
	return strings.Join(names, "、")
}
