package profile

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
)

// relations are the rows of the permission table.
func relations() []app.Relation {
	return []app.Relation{
		{Action: ChangeRules.Name(), Name: "own-committee", Subject: func(who access.Actor) any { return &book{committee: who.CommitteeID} }},
		{Action: ChangeRules.Name(), Name: "stranger", Subject: func(access.Actor) any { return &book{committee: "another"} }},
	}
}
