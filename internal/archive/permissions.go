package archive

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
)

// relations are the rows of the permission table: the own committee, and a
// stranger's.
func relations() []app.Relation {
	var list []app.Relation
	for _, r := range []struct {
		name      string
		committee func(who access.Actor) string
	}{
		{"own committee", func(who access.Actor) string { return who.CommitteeID }},
		{"stranger", func(access.Actor) string { return "elsewhere" }},
	} {
		folder := func(who access.Actor) *Folder {
			return &Folder{File: &File{Kind: "proposal", CaseID: "sample", committeeID: r.committee(who)}, Dossier: &Dossier{}}
		}
		for _, a := range []string{Case.Name(), MakeSupplement.Name(), SetRetention.Name(), Reopen.Name(), note.Name()} {
			list = append(list, app.Relation{Action: a, Name: r.name, Subject: func(who access.Actor) any { return folder(who) }})
		}
		list = append(list,
			app.Relation{Action: Verify.Name(), Name: r.name, Subject: func(who access.Actor) any { return &stored{Folder: *folder(who)} }},
			app.Relation{Action: Many.Name(), Name: r.name, Subject: func(who access.Actor) any { return shelf{r.committee(who)} }},
			app.Relation{Action: reserve.Name(), Name: r.name, Subject: func(who access.Actor) any { return register{r.committee(who)} }},
			app.Relation{Action: pend.Name(), Name: r.name, Subject: func(access.Actor) any { return pile{} }},
			app.Relation{Action: forget.Name(), Name: r.name, Subject: func(access.Actor) any { return pile{} }})
	}
	return list
}
