package identityweb

import (
	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/identity"
	"tongxin/internal/web"
)

// Routes registers the pages and operations of signing in.
func Routes(k *web.Kit, j *api.Kit) {
	k.Menu(web.MenuItem{Key: "identity.menu.accounts", Path: "/accounts", Icon: "people", Order: 80,
		For: []access.PostKind{access.SystemAdmin, access.SecurityAdmin}})
	doors(k)
	ownPages(k)
	accountPages(k)
	operations(j)
}

// doors are the pages before somebody has signed in.
func doors(k *web.Kit) {
	k.Open("GET /sign-in", signInPage)
	web.FormPage(k, "POST /sign-in", identity.SignIn, welcome, web.OpenForm[identity.SignInIn](), web.Again[identity.SignInIn](signInPage))
	k.Open("GET /claim", claimPage)
	web.FormPage(k, "POST /claim", identity.Claim, welcome, web.OpenForm[identity.ClaimIn](), web.Again[identity.ClaimIn](claimPage))
	k.Open("POST /preferences", preferences, identity.SetPreferences.Name())
}

func ownPages(k *web.Kit) {
	web.FormPage(k, "POST /sign-out", identity.SignOut, func(r *web.Request, _ struct{}) (web.Page, error) {
		r.SetSession("")
		return web.See("/sign-in?done=" + identity.SignOut.Name()), nil
	})
	web.FormPage(k, "POST /acting-post", identity.ActAs, func(*web.Request, struct{}) (web.Page, error) { return web.See("/"), nil })
	k.Page("GET /account", accountPage, identity.Own().Name())
	toAccount := func(*web.Request, struct{}) string { return "/account" }
	web.Form(k, "POST /account/contact", identity.ChangeContact, toAccount, web.Again[identity.ContactIn](accountPage))
	web.Form(k, "POST /account/password", identity.ChangePassword, toAccount, web.Again[identity.ChangePasswordIn](accountPage))
	web.FormPage(k, "POST /account/tokens", identity.MakeToken, tokenPage, web.Again[identity.MakeTokenIn](accountPage))
	web.Form(k, "POST /account/tokens/{id}/end", identity.EndToken, func(r *web.Request, _ struct{}) string { return back(r) })
	web.Form(k, "POST /sessions/{id}/end", identity.EndSession, func(r *web.Request, _ struct{}) string { return back(r) })
}

func accountPages(k *web.Kit) {
	k.Page("GET /accounts", accountsPage, identity.Accounts().Name())
	k.Page("GET /accounts/{person_id}", personPage, identity.SessionsOf().Name())
	web.FormPage(k, "POST /accounts/codes", identity.IssueCodes, slipsPage, web.Again[identity.IssueCodesIn](accountsPage))
	k.Large("POST /accounts/slips.csv", sheetLimit, sheetFile)
	toPerson := func(r *web.Request, _ struct{}) string { return "/accounts/" + r.PathValue("person_id") }
	web.Form(k, "POST /accounts/{person_id}/unlock", identity.Unlock, toPerson, web.Again[identity.PersonID](personPage))
	web.Form(k, "POST /accounts/{person_id}/suspend", identity.Suspend, toPerson, web.Again[identity.PersonID](personPage))
	web.Form(k, "POST /accounts/{person_id}/restore", identity.Restore, toPerson, web.Again[identity.PersonID](personPage))
}

func operations(j *api.Kit) {
	api.OpenPost(j, "/api/v1/sign-in", identity.SignIn)
	api.OpenPost(j, "/api/v1/claim", identity.Claim)
	api.Post(j, "/api/v1/sign-out", identity.SignOut)
	api.Get(j, "/api/v1/account", identity.Own())
	api.Post(j, "/api/v1/account/preferences", identity.SetPreferences)
	api.Post(j, "/api/v1/account/acting-post", identity.ActAs)
	api.Post(j, "/api/v1/account/contact", identity.ChangeContact)
	api.Post(j, "/api/v1/account/password", identity.ChangePassword)
	api.Post(j, "/api/v1/account/tokens", identity.MakeToken)
	api.Post(j, "/api/v1/account/tokens/{id}/end", identity.EndToken)
	api.Post(j, "/api/v1/sessions/{id}/end", identity.EndSession)
	api.Get(j, "/api/v1/accounts", identity.Accounts())
	api.Get(j, "/api/v1/accounts/{person_id}/sessions", identity.SessionsOf())
	api.Post(j, "/api/v1/accounts/codes", identity.IssueCodes)
	api.Post(j, "/api/v1/accounts/{person_id}/unlock", identity.Unlock)
	api.Post(j, "/api/v1/accounts/{person_id}/suspend", identity.Suspend)
	api.Post(j, "/api/v1/accounts/{person_id}/restore", identity.Restore)
}
