package jobs

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
)

// relations are the rows of the permission table: how the one who acts stands
// to a job.
func relations() []app.Relation {
	stands := []struct {
		name string
		job  func(who access.Actor) *Job
	}{
		{"own", func(who access.Actor) *Job { return &Job{committeeID: who.CommitteeID, personID: who.PersonID} }},
		{"of-the-office", func(who access.Actor) *Job {
			return &Job{committeeID: who.CommitteeID, personID: "somebody else", postKind: string(access.Office)}
		}},
		{"of-the-same-desk", func(who access.Actor) *Job {
			return &Job{committeeID: who.CommitteeID, personID: "somebody else", postKind: string(access.Dispatcher), bodyID: who.Post.BodyID}
		}},
		{"of-another-desk", func(who access.Actor) *Job {
			return &Job{committeeID: who.CommitteeID, personID: "somebody else", postKind: string(access.Dispatcher), bodyID: "another"}
		}},
		{"stranger", func(who access.Actor) *Job { return &Job{committeeID: who.CommitteeID, personID: "somebody else"} }},
		{"other-committee", func(who access.Actor) *Job {
			return &Job{committeeID: "another", personID: who.PersonID, postKind: string(access.Office)}
		}},
	}
	var list []app.Relation
	for _, s := range stands {
		for _, a := range []string{Stop.Name(), Again.Name()} {
			list = append(list, app.Relation{Action: a, Name: s.name, Subject: func(who access.Actor) any { return s.job(who) }})
		}
	}
	for _, a := range []string{claim.Name(), settle.Name()} {
		list = append(list, app.Relation{Action: a, Name: "any", Subject: func(access.Actor) any { return &Job{} }})
	}
	return append(list, app.Relation{Action: forget.Name(), Name: "any", Subject: func(access.Actor) any { return old{} }})
}
