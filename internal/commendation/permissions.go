package commendation

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
)

// relations are the rows of the permission table.
func relations() []app.Relation {
	list := ofCampaigns()
	for _, t := range []struct {
		name string
		tie  Tie
	}{{"no relation", Stranger}, {"own", Himself}, {"own unit's", Colleague}} {
		for _, k := range Kinds() {
			nominates := func(who access.Actor) any {
				_, ok := nominatorOf(who)
				return &bid{g: sample(who, Nominating, k), nominates: ok, record: Record{Tie: t.tie}}
			}
			list = append(list, app.Relation{Action: Nominate.Name(), Name: t.name + " " + string(k), Subject: nominates})
		}
		list = append(list,
			app.Relation{Action: Read.Name(), Name: t.name, Subject: func(who access.Actor) any { return sampleEntry(who, Reading, t.tie) }},
			app.Relation{Action: Review.Name(), Name: t.name, Subject: func(who access.Actor) any { return sampleEntry(who, Reviewing, t.tie) }},
			app.Relation{Action: Object.Name(), Name: t.name, Subject: func(who access.Actor) any { return sampleEntry(who, Noticed, t.tie) }},
			app.Relation{Action: Rule.Name(), Name: t.name, Subject: func(who access.Actor) any { return &dispute{entry: sampleEntry(who, Noticed, t.tie)} }})
	}
	return append(list,
		app.Relation{Action: Review.Name(), Name: "seat in the committee", Subject: func(who access.Actor) any {
			x := sampleEntry(who, Reviewing, Stranger)
			x.g.seat = true
			return x
		}},
		app.Relation{Action: Rule.Name(), Name: "own objection", Subject: func(who access.Actor) any {
			return &dispute{sampleEntry(who, Noticed, Stranger), Objection{Objector: who.Name, personID: who.PersonID}}
		}},
		app.Relation{Action: Withdraw.Name(), Name: "nominator", Subject: func(who access.Actor) any {
			as, _ := nominatorOf(who)
			return &given{sample(who, Nominating, OfProposals), Nomination{nominatorID: as.ID}}
		}},
		app.Relation{Action: Withdraw.Name(), Name: "another's", Subject: func(who access.Actor) any {
			return &given{sample(who, Nominating, OfProposals), Nomination{nominatorID: "somebody else"}}
		}},
		app.Relation{Action: Nominate.Name(), Name: "stranger", Subject: func(access.Actor) any { return &bid{g: elsewhere(Nominating), nominates: true} }},
		app.Relation{Action: Withdraw.Name(), Name: "stranger", Subject: func(who access.Actor) any {
			as, _ := nominatorOf(who)
			return &given{elsewhere(Nominating), Nomination{nominatorID: as.ID}}
		}},
		app.Relation{Action: Read.Name(), Name: "stranger", Subject: func(access.Actor) any { return &entry{g: elsewhere(Reading), d: &Candidate{}} }},
		app.Relation{Action: Review.Name(), Name: "stranger", Subject: func(access.Actor) any { return &entry{g: elsewhere(Reviewing), d: &Candidate{}} }},
		app.Relation{Action: Object.Name(), Name: "stranger", Subject: func(access.Actor) any { return &entry{g: elsewhere(Noticed), d: &Candidate{}} }},
		app.Relation{Action: Object.Name(), Name: "before the notice", Subject: func(who access.Actor) any { return sampleEntry(who, Approved, Stranger) }},
		app.Relation{Action: Rule.Name(), Name: "stranger", Subject: func(access.Actor) any { return &dispute{entry: &entry{g: elsewhere(Noticed), d: &Candidate{}}} }})
}

// ofCampaigns are the rows of what is done with a whole campaign.
func ofCampaigns() []app.Relation {
	var list []app.Relation
	for _, a := range []struct {
		name string
		at   Stage
	}{
		{Create.Name(), Draft}, {Change.Name(), Draft}, {Open.Name(), Draft}, {Extend.Name(), Nominating}, {CloseNominating.Name(), Nominating},
		{CloseReading.Name(), Reading}, {ReviewMany.Name(), Reviewing}, {CloseReview.Name(), Reviewing}, {Approve.Name(), Approval},
		{Publish.Name(), Approved}, {Announce.Name(), Noticed}, {Cancel.Name(), Nominating},
	} {
		list = append(list,
			app.Relation{Action: a.name, Name: "own committee", Subject: func(who access.Actor) any { return sample(who, a.at, OfProposals) }},
			app.Relation{Action: a.name, Name: "stranger", Subject: func(access.Actor) any { return elsewhere(a.at) }})
	}
	return list
}

func sample(who access.Actor, at Stage, k Kind) *Campaign {
	return &Campaign{ID: "sample", CommitteeID: who.CommitteeID, Kind: k, Stage: at, Rules: DefaultRules(k)}
}

func elsewhere(at Stage) *Campaign {
	return &Campaign{ID: "sample", CommitteeID: "elsewhere", Kind: OfProposals, Stage: at}
}

func sampleEntry(who access.Actor, at Stage, t Tie) *entry {
	return &entry{sample(who, at, OfUnits), &Candidate{ID: "sample"}, t}
}
