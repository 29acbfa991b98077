package handling

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/profile"
)

// relations are the rows of the permission table: how the one who acts stands
// to a case with one unit, whose reply is issued where an act needs one.
func relations() []app.Relation {
	var list []app.Relation
	for _, r := range stands() {
		for _, a := range []string{RouteCases.Name(), Dispatch.Name()} {
			list = append(list, app.Relation{Action: a, Name: r.name, Subject: func(who access.Actor) any { return &Batch{Matters: []*Matter{r.errand(who).Matter}} }})
		}
		list = append(list, app.Relation{Action: CloseCase.Name(), Name: r.name, Subject: func(who access.Actor) any { return r.errand(who).Matter }},
			app.Relation{Action: SayLastWord.Name(), Name: r.name, Subject: func(who access.Actor) any { return r.errand(who).Matter }},
			app.Relation{Action: DecideExtension.Name(), Name: r.name, Subject: func(who access.Actor) any { return r.prolonging(who) }})
		for _, a := range []string{Sign.Name(), RecordContact.Name(), Opine.Name(), Draft.Name(), Submit.Name(), Enter.Name(), ChangeUnit.Name(),
			Object.Name(), Consent.Name(), WithdrawObjection.Name(), RuleObjection.Name(), Extend.Name(), Waive.Name(), BeginFollowUp.Name()} {
			list = append(list, app.Relation{Action: a, Name: r.name, Subject: func(who access.Actor) any { return r.errand(who) }})
		}
		for _, a := range []string{Return.Name(), Issue.Name(), Read.Name(), Rate.Name(), RateOnPaper.Name(),
			Pass.Name(), SendBack.Name(), Recall.Name(), DropFollowUp.Name(), CountersignReply.Name(), DecideDispute.Name()} {
			list = append(list, app.Relation{Action: a, Name: r.name, Subject: func(who access.Actor) any { return r.letter(who) }})
		}
	}
	for _, a := range []string{recompute.Name(), open.Name()} {
		list = append(list, app.Relation{Action: a, Name: "anybody", Subject: func(who access.Actor) any { return stand{}.errand(who).Matter }})
	}
	return append(list,
		app.Relation{Action: bind.Name(), Name: "anybody", Subject: func(who access.Actor) any { return stand{}.errand(who) }},
		app.Relation{Action: remind.Name(), Name: "anybody", Subject: func(who access.Actor) any { return stand{}.errand(who) }},
		app.Relation{Action: lapse.Name(), Name: "anybody", Subject: func(who access.Actor) any { return stand{}.letter(who) }})
}

// stand is how somebody stands to a case.
type stand struct {
	name                            string
	proposer, unit, assists, desk   bool
	unmanned, elsewhere, conflicted bool
	direct                          bool // dispatched by the office itself
	drafted                         bool // the reply is not issued
	reading, countersigning         bool // and is before others
	second                          bool // the extension has the first of two consents
}

func stands() []stand {
	return []stand{
		{name: "proposer", proposer: true},
		{name: "proposer-in-the-unit", proposer: true, conflicted: true},
		{name: "lead-unit", unit: true},
		{name: "lead-unit-draft", unit: true, drafted: true},
		{name: "assisting-unit", assists: true},
		{name: "dispatched-by-own-desk", desk: true},
		{name: "unit-without-account", desk: true, unmanned: true},
		{name: "direct", direct: true},
		{name: "direct-without-account", direct: true, unmanned: true},
		{name: "read-by-own-desk", desk: true, reading: true},
		{name: "countersigning-unit", assists: true, countersigning: true},
		{name: "endorsed-by-desk", desk: true, second: true},
		{name: "stranger"},
		{name: "stranger-draft", drafted: true},
		{name: "other-committee", elsewhere: true},
	}
}

func (s stand) errand(who access.Actor) *Errand {
	m := &Matter{Case: Case{Kind: "sample", ID: "sample", CommitteeID: who.CommitteeID, Ready: true}, Row: Row{Known: true, Stage: Dispatched}}
	if s.elsewhere || who.CommitteeID == "" {
		m.CommitteeID = "elsewhere"
	}
	if s.proposer {
		m.Proposers = []Proposer{{PersonID: who.PersonID, Lead: true}, {BodyID: who.Post.BodyID}}
	}
	a := Assignment{ID: "sample", UnitID: "unit", Role: Lead, State: Sent, DeskID: "desk", unmanned: s.unmanned}
	switch {
	case s.unit:
		a.UnitID = who.Post.BodyID
	case s.assists:
		a.UnitID, a.Role = who.Post.BodyID, Assist
	case s.conflicted:
		a.UnitID = who.Post.BodyID
	}
	switch {
	case s.desk:
		a.DeskID = who.Post.BodyID
	case s.direct:
		a.DeskID = ""
	}
	m.Assignments = []Assignment{a}
	return &Errand{m, &m.Assignments[0]}
}

func (s stand) letter(who access.Actor) *Letter {
	e := s.errand(who)
	r := Reply{ID: "sample", AssignmentID: e.A.ID, UnitID: e.A.UnitID, State: Issued}
	switch {
	case s.drafted:
		r.State = Signing
	case s.reading:
		r.State = Reading
	case s.countersigning:
		r.State = Countersigning
		e.Assignments = append(e.Assignments, Assignment{ID: "lead", UnitID: "lead", Role: Lead, State: SignedFor})
		e.Countersigns = []Countersign{{ReplyID: r.ID, AssignmentID: e.A.ID, UnitID: e.A.UnitID}}
		e.A = &e.Assignments[1]
		r.AssignmentID, r.UnitID = e.A.ID, e.A.UnitID
	}
	for _, p := range e.Proposers {
		r.Deliveries = append(r.Deliveries, Delivery{ProposerID: p.Key(), Rates: true})
	}
	e.Replies = []Reply{r}
	return &Letter{e.Matter, e.A, &e.Replies[0]}
}

func (s stand) prolonging(who access.Actor) *Prolonging {
	e := s.errand(who)
	x := Extension{ID: "sample", AssignmentID: e.A.ID, Approver: profile.ByDispatcher}
	if s.second {
		x.Approver, x.Decision = profile.ByBoth, Endorsed
	}
	e.Extensions = []Extension{x}
	return &Prolonging{e, &e.Extensions[0]}
}
