package appraisal

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
)

// relations are the rows of the permission table.
func relations() []app.Relation {
	var list []app.Relation
	for _, a := range []app.Definition{DraftScheme, SetTerms, DraftMeeting, openPair} {
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
	return append(append(list, pairRelations()...), meetingRelations()...)
}

// pairRelations are how somebody stands to a two-way appraisal.
func pairRelations() []app.Relation {
	var list []app.Relation
	for _, a := range []app.Definition{GradeProposal, GradeHandling, reveal} {
		for _, s := range []struct {
			name           string
			unit, proposer bool
			elsewhere      bool
		}{{"unit", true, false, false}, {"proposer", false, true, false}, {"proposer-in-the-unit", true, true, false}, {"neither", false, false, false}, {"stranger", true, true, true}} {
			list = append(list, app.Relation{Action: a.Name(), Name: s.name, Subject: func(who access.Actor) any {
				p := &Pair{ID: "sample", CommitteeID: who.CommitteeID, UnitID: "unit", State: PairOpen}
				if s.elsewhere || who.CommitteeID == "" {
					p.CommitteeID = "elsewhere"
				}
				if s.unit {
					p.UnitID = who.Post.BodyID
				}
				if s.proposer {
					p.raters = []rater{{id: who.PersonID}, {id: who.Post.BodyID, body: true}}
				}
				return p
			}})
		}
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

// meetingRelations are how somebody stands to an appraisal meeting.
func meetingRelations() []app.Relation {
	var list []app.Relation
	for _, a := range []app.Definition{SetMeeting, OpenMeeting, DropMeeting, GiveAccount, ScoreUnits, CountPaper, Announce, ReportMeeting, Mend, LookBack, CloseMeeting} {
		for _, s := range []struct {
			name              string
			unit, participant bool
			state             MeetingState
			elsewhere         bool
		}{{"unit", true, false, MeetingOpen, false}, {"participant", false, true, MeetingOpen, false}, {"neither", false, false, MeetingOpen, false},
			{"both-in-preparation", true, true, MeetingDraft, false}, {"stranger", true, true, MeetingOpen, true}} {
			list = append(list, app.Relation{Action: a.Name(), Name: s.name, Subject: func(who access.Actor) any {
				m := &Meeting{ID: "sample", CommitteeID: who.CommitteeID, State: s.state, Units: []Appraised{{UnitID: "unit"}}}
				if s.elsewhere || who.CommitteeID == "" {
					m.CommitteeID = "elsewhere"
				}
				if s.unit {
					m.Units[0].UnitID = who.Post.BodyID
				}
				if s.participant {
					m.People = []Participating{{PersonID: who.PersonID}}
				}
				return m
			}})
		}
	}
	return list
}
