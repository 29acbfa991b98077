package organization

import (
	"embed"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
)

// Idle ends a session that nobody used for this long (trust.md AUTH-07),
// whatever post its person acts in. API tokens have a seen_at far ahead instead.
const Idle = 30 * time.Minute

//go:embed schema/*.sql
var schema embed.FS

//go:embed messages/*.json
var messages embed.FS

// Module brings the committee's make-up into the house.
func Module() app.Module {
	return app.Module{Name: "organization", Schema: schema, Messages: messages,
		Actions: []app.Definition{Found, ChangeCommittee, SetTerm, SetSession, AddBody, AddBodies, ChangeBody, CloseBody, AddPerson, ChangePerson,
			ClosePerson, ReturnPerson, GivePost, EndPost, Enroll, EndMembership, ImportRoster, ExportRoster,
			RenameBody, MergeBodies, SplitBody, EndBody},
		Queries: []app.Question{resolve, founded, TheCommittee, Terms, BodyList, TheBody, People, ThePerson, MemberList,
			TheStory, BodiesChanging},
		AppendOnly: []string{"body_named", "body_heir"},
		Relations:  relations(),
		Personal: []app.Personal{
			{Table: "membership", Column: "workplace", Purpose: "names the member's work in lists and on proposals", Retention: "permanent"},
			{Table: "membership", Column: "remark", Purpose: "notes of the office about the membership", Retention: "term"},
		},
	}
}

// relations are the rows of the permission table.
func relations() []app.Relation {
	var list []app.Relation
	both := func(subject func(committeeID string) any, actions ...app.Definition) {
		for _, a := range actions {
			list = append(list,
				app.Relation{Action: a.Name(), Name: "own committee", Subject: func(who access.Actor) any { return subject(who.CommitteeID) }},
				app.Relation{Action: a.Name(), Name: "stranger", Subject: func(access.Actor) any { return subject("elsewhere") }})
		}
	}
	both(func(k string) any { return thing{committeeID: k} }, Found, ChangeCommittee, SetTerm, SetSession, AddBody, AddBodies, AddPerson, ImportRoster, ExportRoster)
	both(func(k string) any { return bodySubject{thing: thing{committeeID: k}} }, ChangeBody, CloseBody, RenameBody, SplitBody, EndBody)
	both(func(k string) any { return bodiesSubject{thing: thing{committeeID: k}} }, MergeBodies)
	both(func(k string) any { return personSubject{thing: thing{committeeID: k}} }, ChangePerson, ClosePerson, ReturnPerson, GivePost)
	both(func(k string) any { return enrollSubject{personSubject: personSubject{thing: thing{committeeID: k}}} }, Enroll)
	both(func(k string) any { return postSubject{thing: thing{committeeID: k}} }, EndPost)
	both(func(k string) any { return membershipSubject{thing: thing{committeeID: k}} }, EndMembership)
	return list
}
