package identity

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
)

// relations are the rows of the permission table.
func relations() []app.Relation {
	var list []app.Relation
	add := func(name string, subject func(access.Actor) any, actions ...app.Definition) {
		for _, a := range actions {
			list = append(list, app.Relation{Action: a.Name(), Name: name, Subject: subject})
		}
	}
	add("machine", func(access.Actor) any { return nothing{} }, bootstrap, try, forget)
	self := func(who access.Actor) any { return account{personID: who.PersonID, committeeID: who.CommitteeID} }
	add("self", self, SignIn, Claim, SignOut, touch, ChangePassword, MakeToken, ChangeContact, SetPreferences, ActAs)
	colleague := func(who access.Actor) any { return account{personID: "another", committeeID: who.CommitteeID} }
	add("colleague", colleague, ChangePassword, MakeToken, ChangeContact, SetPreferences, ActAs, Unlock, Suspend, Restore)
	stranger := func(access.Actor) any { return account{personID: "another", committeeID: "elsewhere"} }
	add("stranger", stranger, SignIn, Claim, SignOut, touch, ChangePassword, MakeToken, ChangeContact, SetPreferences, ActAs, Unlock, Suspend, Restore)

	add("self", func(who access.Actor) any { return door{personID: who.PersonID, committeeID: who.CommitteeID} }, EndSession, EndToken)
	add("colleague", func(who access.Actor) any { return door{personID: "another", committeeID: who.CommitteeID} }, EndSession, EndToken)
	add("stranger", func(access.Actor) any { return door{personID: "another", committeeID: "elsewhere"} }, EndSession, EndToken)

	add("own committee", func(who access.Actor) any { return committee{who.CommitteeID} }, IssueCodes)
	add("stranger", func(access.Actor) any { return committee{"elsewhere"} }, IssueCodes)
	return list
}
