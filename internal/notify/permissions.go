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
		{Action: "notify.choose", Name: "self", Subject: func(who access.Actor) any { return reader{who.PersonID} }},
		{Action: "notify.choose", Name: "stranger", Subject: func(access.Actor) any { return reader{"somebody else"} }},
		{Action: "notify.set-address", Name: "self", Subject: func(who access.Actor) any { return reader{who.PersonID} }},
		{Action: "notify.set-address", Name: "stranger", Subject: func(access.Actor) any { return reader{"somebody else"} }},
		{Action: "notify.import-addresses", Name: "own committee", Subject: func(who access.Actor) any { return house{who.CommitteeID} }},
		{Action: "notify.import-addresses", Name: "stranger", Subject: func(access.Actor) any { return house{"elsewhere"} }},
		{Action: "notify.retry", Name: "own committee", Subject: func(who access.Actor) any { return house{who.CommitteeID} }},
		{Action: "notify.retry", Name: "stranger", Subject: func(access.Actor) any { return house{"elsewhere"} }},
		{Action: "notify.tell", Name: "any", Subject: func(access.Actor) any { return telling{} }},
		{Action: "notify.bundle", Name: "any", Subject: func(access.Actor) any { return outbox{} }},
		{Action: "notify.receive", Name: "any", Subject: func(access.Actor) any { return outbox{} }},
		{Action: "notify.claim", Name: "any", Subject: func(access.Actor) any { return outbox{} }},
		{Action: "notify.settle", Name: "any", Subject: func(access.Actor) any { return outcome{} }},
	}
}
