package organizationweb

import (
	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/organization"
	"tongxin/internal/web"
)

// Routes registers the pages and operations of set-up.
func Routes(k *web.Kit, j *api.Kit) {
	k.Menu(
		web.MenuItem{Key: "organization.menu.setup", Path: "/setup", Icon: "gear", Order: 78, Tab: true, For: []access.PostKind{access.SystemAdmin}},
		web.MenuItem{Key: "organization.people.title", Path: "/setup/people", Icon: "people", Order: 79,
			For: []access.PostKind{access.Office, access.Chief, access.SecurityAdmin}},
	)
	k.Open("GET /setup", setupPage)
	web.FormPage(k, "POST /setup", organization.Found, foundPage, web.OpenForm[organization.FoundIn](), web.Again[organization.FoundIn](setupPage))
	committee(k)
	bodies(k)
	changes(k, j)
	people(k)
	roster(k)
	operations(j)
}

func committee(k *web.Kit) {
	k.Page("GET /setup/committee", forAdmin(committeePage), organization.TheCommittee.Name())
	web.Form(k, "POST /setup/committee", organization.ChangeCommittee, func(*web.Request, struct{}) string { return "/setup/committee" },
		web.Again[organization.ChangeCommitteeIn](forAdmin(committeePage)))
	k.Page("GET /setup/terms", forAdmin(termsPage), organization.Terms.Name())
	toTerms := func(*web.Request, organization.SetOut) string { return "/setup/terms" }
	web.Form(k, "POST /setup/terms", organization.SetTerm, toTerms, web.Again[organization.SetTermIn](forAdmin(termsPage)))
	web.Form(k, "POST /setup/sessions", organization.SetSession, toTerms, web.Again[organization.SetSessionIn](forAdmin(termsPage)))
}

func bodies(k *web.Kit) {
	k.Page("GET /setup/bodies", forReaders(bodiesPage), organization.BodyList.Name())
	toKind := func(r *web.Request) string { return "/setup/bodies?kind=" + kindOf(r) }
	web.Form(k, "POST /setup/bodies", organization.AddBody, func(r *web.Request, _ organization.SetOut) string { return toKind(r) },
		web.Again[organization.BodyIn](forAdmin(bodiesPage)))
	web.Form(k, "POST /setup/bodies/paste", organization.AddBodies, func(r *web.Request, _ organization.AddBodiesOut) string { return toKind(r) },
		web.Again[organization.AddBodiesIn](forAdmin(bodiesPage)))
	toList := func(r *web.Request, _ organization.SetOut) string { return toKind(r) }
	web.Form(k, "POST /setup/bodies/{id}", organization.ChangeBody, toList, web.Again[organization.ChangeBodyIn](forAdmin(bodyPage)))
	web.Form(k, "POST /setup/bodies/{id}/close", organization.CloseBody, toList, web.Again[organization.CloseBodyIn](forAdmin(bodyPage)))
}

func people(k *web.Kit) {
	k.Page("GET /setup/people", forReaders(peoplePage), organization.People.Name())
	k.Page("GET /setup/people/new", forAdmin(newPersonPage))
	k.Page("GET /setup/people/{person_id}", forReaders(personPage), organization.ThePerson.Name())
	web.Form(k, "POST /setup/people", organization.AddPerson, func(_ *web.Request, out organization.SetOut) string { return "/setup/people/" + out.ID },
		web.Again[organization.AddPersonIn](forAdmin(newPersonPage)))
	back := func(r *web.Request, _ organization.SetOut) string { return "/setup/people/" + r.Arg("person_id") }
	web.Form(k, "POST /setup/people/{person_id}", organization.ChangePerson, back, web.Again[organization.ChangePersonIn](forAdmin(personPage)))
	web.Form(k, "POST /setup/people/{person_id}/close", organization.ClosePerson, back, web.Again[organization.PersonID](forAdmin(personPage)))
	web.Form(k, "POST /setup/people/{person_id}/return", organization.ReturnPerson, back, web.Again[organization.PersonID](forAdmin(personPage)))
	web.Form(k, "POST /setup/people/{person_id}/posts", organization.GivePost, back, web.Again[organization.GivePostIn](forAdmin(personPage)))
	web.Form(k, "POST /setup/posts/{id}/end", organization.EndPost, back, web.Again[organization.EndPostIn](forAdmin(personPage)))
	web.Form(k, "POST /setup/people/{person_id}/memberships", organization.Enroll, back, web.Again[organization.EnrollIn](forAdmin(personPage)))
	web.Form(k, "POST /setup/memberships/{id}", organization.Enroll, back, web.Again[organization.EnrollIn](forAdmin(personPage)))
	web.Form(k, "POST /setup/memberships/{id}/end", organization.EndMembership, back, web.Again[organization.EndMembershipIn](forAdmin(personPage)))
}

func roster(k *web.Kit) {
	k.Page("GET /setup/roster", rosterPage)
	web.FormPage(k, "POST /setup/roster", organization.ImportRoster, importedPage, web.Limit[organization.ImportRosterIn](3<<20),
		web.Before(readRoster), web.Again[organization.ImportRosterIn](rosterPage))
	web.FormPage(k, "POST /setup/roster/export", organization.ExportRoster, exportedFile, web.Again[organization.ExportRosterIn](rosterPage))
}

func operations(j *api.Kit) {
	api.OpenPost(j, "/api/v1/found", organization.Found)
	api.Get(j, "/api/v1/committee", organization.TheCommittee)
	api.Post(j, "/api/v1/committee", organization.ChangeCommittee)
	api.Get(j, "/api/v1/terms", organization.Terms)
	api.Post(j, "/api/v1/terms", organization.SetTerm)
	api.Post(j, "/api/v1/sessions", organization.SetSession)
	api.Get(j, "/api/v1/bodies", organization.BodyList)
	api.Get(j, "/api/v1/bodies/{id}", organization.TheBody)
	api.Post(j, "/api/v1/bodies", organization.AddBody)
	api.Post(j, "/api/v1/bodies/list", organization.AddBodies)
	api.Post(j, "/api/v1/bodies/{id}", organization.ChangeBody)
	api.Post(j, "/api/v1/bodies/{id}/close", organization.CloseBody)
	api.Get(j, "/api/v1/people", organization.People)
	api.Get(j, "/api/v1/people/{person_id}", organization.ThePerson)
	api.Post(j, "/api/v1/people", organization.AddPerson)
	api.Post(j, "/api/v1/people/{person_id}", organization.ChangePerson)
	api.Post(j, "/api/v1/people/{person_id}/close", organization.ClosePerson)
	api.Post(j, "/api/v1/people/{person_id}/return", organization.ReturnPerson)
	api.Post(j, "/api/v1/people/{person_id}/posts", organization.GivePost)
	api.Post(j, "/api/v1/posts/{id}/end", organization.EndPost)
	api.Post(j, "/api/v1/memberships", organization.Enroll)
	api.Post(j, "/api/v1/memberships/{id}/end", organization.EndMembership)
	api.Get(j, "/api/v1/members", organization.MemberList)
	api.Post(j, "/api/v1/roster", organization.ImportRoster)
	api.Post(j, "/api/v1/roster/export", organization.ExportRoster)
}
