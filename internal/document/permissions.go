package document

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
)

// relations are the rows of the permission table. Who may is the answer of the
// thing's owner; the rows show that the acts repeat it.
func relations() []app.Relation {
	answers := []struct {
		name    string
		verdict access.Verdict
	}{{"owner-allows", access.Allow()}, {"owner-denies", access.Deny("access.denied")}, {"stranger", access.Hide()}}
	var list []app.Relation
	for _, a := range answers {
		p := place{kind: "proposal", id: "sample", verdict: a.verdict}
		list = append(list,
			app.Relation{Action: Attach.Name(), Name: a.name, Subject: func(access.Actor) any { return &p }},
			app.Relation{Action: Remove.Name(), Name: a.name, Subject: func(access.Actor) any { return &attached{place: p} }})
	}
	return list
}
