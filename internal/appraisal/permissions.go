package appraisal

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
)

// relations are the rows of the permission table.
func relations() []app.Relation {
	var list []app.Relation
	for _, a := range []app.Definition{DraftScheme} {
		list = append(list,
			app.Relation{Action: a.Name(), Name: "own-committee", Subject: func(who access.Actor) any { return place{who.CommitteeID} }},
			app.Relation{Action: a.Name(), Name: "stranger", Subject: func(access.Actor) any { return place{"elsewhere"} }})
	}
	for _, a := range []app.Definition{ChangeScheme, SetIndicator, RemoveIndicator, EnterMarks, Simulate, Publish, Close, Discard} {
		for _, s := range []struct {
			name, committee string
			state           State
		}{{"draft", "", Draft}, {"published", "", Published}, {"stranger", "elsewhere", Published}} {
			list = append(list, app.Relation{Action: a.Name(), Name: s.name, Subject: func(who access.Actor) any { return sampleScheme(who, s.committee, s.state) }})
		}
	}
	for _, a := range []app.Definition{MakeAppeal, Adjust, RuleAppeal} {
		list = append(list,
			claimed(a, "own-unit", func(who access.Actor) *Claim {
				return &Claim{Scheme: sampleScheme(who, "", Published), UnitID: who.Post.BodyID, Found: true}
			}),
			claimed(a, "own-unit-unpublished", func(who access.Actor) *Claim {
				return &Claim{Scheme: sampleScheme(who, "", Simulated), UnitID: who.Post.BodyID, Found: true}
			}),
			claimed(a, "other-unit", func(who access.Actor) *Claim {
				return &Claim{Scheme: sampleScheme(who, "", Published), UnitID: "unit", Found: true}
			}),
			claimed(a, "stranger", func(who access.Actor) *Claim {
				return &Claim{Scheme: sampleScheme(who, "elsewhere", Published), UnitID: "unit", Found: true}
			}))
	}
	return list
}

func claimed(a app.Definition, name string, of func(access.Actor) *Claim) app.Relation {
	return app.Relation{Action: a.Name(), Name: name, Subject: func(who access.Actor) any { return of(who) }}
}

// sampleScheme is a scheme of a committee, "" that of the actor.
func sampleScheme(who access.Actor, committee string, state State) *Scheme {
	s := &Scheme{ID: "sample", CommitteeID: who.CommitteeID, State: state}
	if committee != "" || who.CommitteeID == "" {
		s.CommitteeID = "elsewhere"
	}
	return s
}
