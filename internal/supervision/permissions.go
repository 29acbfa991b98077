package supervision

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/handling"
)

// relations are the rows of the permission table: how the one who acts stands
// to an assignment, and to a chase or an instruction about it.
func relations() []app.Relation {
	var list []app.Relation
	for _, s := range stands() {
		list = append(list,
			app.Relation{Action: Send.Name(), Name: s.name, Subject: func(who access.Actor) any { return &pile{asked: 1, items: []*Item{s.item(who)}} }},
			app.Relation{Action: Instruct.Name(), Name: s.name, Subject: func(who access.Actor) any { return s.item(who) }},
			app.Relation{Action: Receive.Name(), Name: s.name, Subject: func(who access.Actor) any { return s.chase(who) }},
			app.Relation{Action: Answer.Name(), Name: s.name, Subject: func(who access.Actor) any { return s.chase(who) }},
			app.Relation{Action: Report.Name(), Name: s.name, Subject: func(who access.Actor) any { return s.instruction(who) }})
	}
	return append(list,
		app.Relation{Action: Send.Name(), Name: "nothing-chosen", Subject: func(access.Actor) any { return &pile{} }},
		app.Relation{Action: Send.Name(), Name: "unknown", Subject: func(access.Actor) any { return &pile{asked: 1, gone: []string{"sample"}} }},
		app.Relation{Action: settle.Name(), Name: "anybody", Subject: func(access.Actor) any { return theCase{} }},
		app.Relation{Action: overdue.Name(), Name: "anybody", Subject: func(who access.Actor) any { return stand{}.chase(who) }},
		app.Relation{Action: tellWeek.Name(), Name: "anybody", Subject: func(access.Actor) any { return digest{} }})
}

// stand is how somebody stands to an assignment.
type stand struct {
	name                            string
	unit, desk, direct              bool
	unmanned, elsewhere, toTheDesks bool
}

func stands() []stand {
	return []stand{
		{name: "own-unit", unit: true},
		{name: "own-desk", desk: true},
		{name: "own-desk-asked", desk: true, toTheDesks: true},
		{name: "unit-without-account", desk: true, unmanned: true},
		{name: "direct", direct: true},
		{name: "direct-asked", direct: true, toTheDesks: true},
		{name: "stranger"},
		{name: "other-committee", elsewhere: true},
	}
}

// place gives committee, unit and desk.
func (s stand) place(who access.Actor) (committee, unit, desk string) {
	committee, unit, desk = who.CommitteeID, "unit", "desk"
	if s.elsewhere || committee == "" {
		committee = "elsewhere"
	}
	if s.unit {
		unit = who.Post.BodyID
	}
	switch {
	case s.desk:
		desk = who.Post.BodyID
	case s.direct:
		desk = ""
	}
	return committee, unit, desk
}

func (s stand) item(who access.Actor) *Item {
	x := &Item{ID: "sample", State: handling.SignedFor, Role: handling.Sole, Awaits: ToReply}
	x.committeeID, x.UnitID, x.DeskID = s.place(who)
	return x
}

func (s stand) chase(who access.Actor) *Chase {
	x := &Chase{ID: "sample", unmanned: s.unmanned}
	x.committeeID, x.UnitID, x.DeskID = s.place(who)
	x.FromDesk, x.heir = x.DeskID, x.UnitID
	return x
}

func (s stand) instruction(who access.Actor) *Instruction {
	x := &Instruction{ID: "sample", To: ForUnit, unmanned: s.unmanned}
	x.committeeID, x.UnitID, x.DeskID = s.place(who)
	x.heir = x.UnitID
	if s.toTheDesks {
		x.To = ForDesk
	}
	return x
}
