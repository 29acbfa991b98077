package handling

import (
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/organization"
)

// withHandOver adds what happens when units and officers change.
func withHandOver(m app.Module) app.Module {
	m.Actions = append(m.Actions, HandOver, Appoint, beginOrder, followOrder, finishOrder, renameUnit, moveDesk)
	m.Queries = append(m.Queries, PlanHandOver, ShowHandOver, Postings, Orphans, stepsLeft, casesNaming, strayed)
	m.Relations = append(m.Relations, handOverRelations()...)
	m.AppendOnly = append(m.AppendOnly, "assignment_handed", "assignment_officer")
	m.Personal = append(m.Personal,
		app.Personal{Table: "assignment_officer", Column: "leader", Purpose: "names who was responsible in the unit before", Retention: "as the case"},
		app.Personal{Table: "assignment_officer", Column: "handler", Purpose: "names whom the proposer could reach before", Retention: "as the case"},
		app.Personal{Table: "assignment_officer", Column: "becomes", Purpose: "names who came after him", Retention: "as the case"},
		app.Personal{Table: "assignment_officer", Column: "phone_sealed", Sealed: true, Purpose: "reached the handler before", Retention: "as the case"})
	m.Listeners = append(m.Listeners, app.Listener{Name: "handling.bodies", Kinds: bodyFacts(), Hear: hearBodies})
	m.Waits = append(m.Waits, app.Waits{Name: "handling.waits.orphans", For: []access.PostKind{access.Office, access.Dispatcher}, All: "/dispatch/hand-over?orphans=1", Find: orphans})
	m.Tasks = append(m.Tasks, app.Task{Name: "hand-over.gather", Every: 10 * time.Minute, Run: gather})
	return m
}

// handOverRelations are the rows of the permission table.
func handOverRelations() []app.Relation {
	var list []app.Relation
	add := func(a app.Definition, name string, subject func(access.Actor) any) {
		list = append(list, app.Relation{Action: a.Name(), Name: name, Subject: subject})
	}
	of := func(who access.Actor, committee, unit, desk string) any {
		return &transfer{committeeID: committee, from: organization.Body{ID: unit}, rows: []transferRow{{"sample", desk}}}
	}
	add(HandOver, "dispatched-by-own-desk", func(who access.Actor) any { return of(who, who.CommitteeID, "unit", who.Post.BodyID) })
	add(HandOver, "own-unit", func(who access.Actor) any { return of(who, who.CommitteeID, who.Post.BodyID, "desk") })
	add(HandOver, "stranger", func(who access.Actor) any { return of(who, who.CommitteeID, "unit", "desk") })
	add(HandOver, "other-committee", func(who access.Actor) any { return of(who, "elsewhere", "unit", who.Post.BodyID) })
	at := func(committee, unit, desk string, unmanned bool) any {
		return &posting{committeeID: committee, unit: organization.Body{ID: unit}, unmanned: unmanned, rows: []postingRow{{Assignment: Assignment{DeskID: desk}}}}
	}
	add(Appoint, "own-unit", func(who access.Actor) any { return at(who.CommitteeID, who.Post.BodyID, "desk", false) })
	add(Appoint, "dispatched-by-own-desk", func(who access.Actor) any { return at(who.CommitteeID, "unit", who.Post.BodyID, false) })
	add(Appoint, "unit-without-account", func(who access.Actor) any { return at(who.CommitteeID, "unit", who.Post.BodyID, true) })
	add(Appoint, "stranger", func(who access.Actor) any { return at(who.CommitteeID, "unit", "desk", false) })
	add(Appoint, "other-committee", func(who access.Actor) any { return at("elsewhere", who.Post.BodyID, who.Post.BodyID, true) })
	add(beginOrder, "anybody", func(who access.Actor) any { return of(who, who.CommitteeID, "unit", "desk") })
	for _, a := range []app.Definition{followOrder, finishOrder} {
		add(a, "anybody", func(access.Actor) any { return &following{} })
	}
	for _, a := range []app.Definition{renameUnit, moveDesk} {
		add(a, "anybody", func(who access.Actor) any { return stand{}.errand(who).Matter })
	}
	return list
}
