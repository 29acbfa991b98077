package notify

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
)

// relations are the rows of the permission table.
func relations() []app.Relation {
	return []app.Relation{
		{Action: "notify.read", Name: "recipient", Subject: func(who access.Actor) any {
			return &Message{committeeID: who.CommitteeID, personID: who.PersonID}
		}},
		{Action: "notify.read", Name: "stranger", Subject: func(who access.Actor) any {
			return &Message{committeeID: who.CommitteeID, personID: "somebody else"}
		}},
		{Action: "notify.read-all", Name: "recipient", Subject: func(who access.Actor) any { return reader{who.PersonID} }},
		{Action: "notify.tell", Name: "any", Subject: func(access.Actor) any { return telling{} }},
		{Action: "notify.claim", Name: "any", Subject: func(access.Actor) any { return outbox{} }},
		{Action: "notify.settle", Name: "any", Subject: func(access.Actor) any { return outcome{} }},
	}
}
