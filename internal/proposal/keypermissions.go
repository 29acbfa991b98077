package proposal

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
)

// keyActs are the acts on key proposals.
func keyActs() []app.Definition {
	return append(append(selectionActs(), KeyRecommend), keyCaseActs()...)
}

// selectionActs are the acts on a selection.
func selectionActs() []app.Definition {
	return []app.Definition{KeyOpen, KeyMove, KeyShortlist, KeyConsult, KeyApprove}
}

// keyCaseActs are the acts on what is a key proposal already.
func keyCaseActs() []app.Definition {
	return []app.Definition{KeyArrange, KeySubmitPlan, KeyJudgePlan, KeySupervise, KeyInstruct, KeyAnswer, KeyChange, KeyTell, KeyRelease, keyNotice, keyRemind, keyRecompute}
}

// keyAsks are the questions about key proposals.
func keyAsks() []app.Question {
	return []app.Question{KeyList, KeyShow, KeySelect, KeyMarkOf, ripeTasks, stepOf, plansAwaited, owedByEnded}
}

// keyRelations are the rows of the permission table for key proposals.
func keyRelations() []app.Relation {
	var list []app.Relation
	row := func(name string, relation string, subject func(access.Actor) any) {
		list = append(list, app.Relation{Action: name, Name: relation, Subject: subject})
	}
	for _, a := range selectionActs() {
		row(a.Name(), "own committee", func(who access.Actor) any { return &KeySelection{ID: "sample", CommitteeID: who.CommitteeID} })
		row(a.Name(), "stranger", func(access.Actor) any { return &KeySelection{ID: "sample", CommitteeID: "elsewhere"} })
	}
	for _, s := range keyStands() {
		for _, a := range keyCaseActs() {
			row(a.Name(), s.name, func(who access.Actor) any { return s.sample(who) })
		}
		if s.recommends {
			row(KeyRecommend.Name(), s.name, func(who access.Actor) any { return &Candidacy{s.sample(who).Proposal, nil} })
		}
	}
	return list
}

// keyStand is how somebody may stand to a key proposal.
type keyStand struct {
	name       string
	recommends bool // a row for recommending too
	change     func(access.Actor, *KeyCase)
}

// sample is a key proposal to which the actor stands so. Something that the
// unit owes is what an act may be about.
func (s keyStand) sample(who access.Actor) *KeyCase {
	task := KeyTask{ID: "task", Kind: DueRequirement, BodyID: "unit", DueOn: "2026-06-01", State: TaskOpen}
	k := &KeyCase{Proposal: sample(who, Dispatched, ""), Key: &Key{ProposalID: "sample", State: KeyUnderway, Plan: PlanAwaited, Tasks: []KeyTask{task}},
		Units: []KeyUnit{{ID: "unit", Name: "unit", Main: true}}, unmanned: map[string]bool{}}
	k.Involved = []string{"unit"}
	k.about = &k.Key.Tasks[0]
	if s.change != nil {
		s.change(who, k)
	}
	return k
}

func keyStands() []keyStand {
	into := func(main bool) func(access.Actor, *KeyCase) {
		return func(who access.Actor, k *KeyCase) {
			k.Units = []KeyUnit{{ID: who.Post.BodyID, Main: main}}
			k.Involved = []string{who.Post.BodyID}
			if main {
				k.about.BodyID = who.Post.BodyID
			}
		}
	}
	return []keyStand{
		{"author", true, func(who access.Actor, k *KeyCase) { written(k.Proposal, who) }},
		{"convener of proposer", true, func(who access.Actor, k *KeyCase) {
			k.Kind, k.Signers = OfParty, []Signer{{ID: who.Post.BodyID, IsBody: true, State: Signed}}
		}},
		{"leads it", false, func(who access.Actor, k *KeyCase) {
			k.Key.Leaders = []KeyLeader{{PersonID: who.PersonID, Organ: OrganParty, Role: LeaderHandles}}
		}},
		{"assisting committee", false, func(who access.Actor, k *KeyCase) { k.Key.AssistID = who.Post.BodyID }},
		{"main unit", true, into(true)},
		{"assisting unit", false, into(false)},
		{"merely named", false, func(who access.Actor, k *KeyCase) { k.about.BodyID = who.Post.BodyID }},
		{"unit without account", false, func(_ access.Actor, k *KeyCase) { k.unmanned["unit"] = true }},
		{"colleague", true, nil},
		{"stranger", true, func(_ access.Actor, k *KeyCase) { k.CommitteeID = "elsewhere" }},
	}
}
