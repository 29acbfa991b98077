package calendar

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
)

// relations are the rows of the permission table.
func relations() []app.Relation {
	return []app.Relation{
		{Action: Change.Name(), Name: "own-committee", Subject: func(who access.Actor) any { return &wall{committee: who.CommitteeID} }},
		{Action: Change.Name(), Name: "stranger", Subject: func(access.Actor) any { return &wall{committee: "another"} }},
	}
}
