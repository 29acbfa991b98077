package notifyweb

import (
	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/notify"
	"tongxin/internal/web"
)

// Routes registers the inbox, how people want to be told, how the channels do,
// and the door of the SMS gateway. A message is opened by a button, not by a link:
// opening marks it as read, and a GET must change nothing.
func Routes(k *web.Kit, j *api.Kit) {
	k.Page("GET /inbox", inbox, notify.Inbox.Name(), notify.Count.Name())
	web.Form(k, "POST /inbox/{id}", notify.Read, func(_ *web.Request, out notify.ReadOut) string { return out.Link })
	web.Form(k, "POST /inbox", notify.ReadAll, func(*web.Request, notify.ReadAllOut) string { return "/inbox" })

	k.Page("GET /account/notices", choice, notify.Choice.Name())
	web.Form(k, "POST /account/notices", notify.Choose, toChoice, web.Again[notify.ChooseIn](choice))
	web.Form(k, "POST /account/notices/{channel}", notify.SetAddress, toChoice, web.Again[notify.AddressIn](choice))

	k.Page("GET /setup/notices", running, notify.Deliveries.Name())
	web.Form(k, "POST /setup/notices/retry", notify.Retry, func(*web.Request, notify.RetryOut) string { return "/setup/notices" }, web.Again[notify.RetryIn](running))
	web.Form(k, "POST /setup/notices/addresses", notify.ImportAddresses, func(*web.Request, notify.ImportOut) string { return "/setup/notices" }, web.Again[notify.ImportIn](running))
	k.Menu(web.MenuItem{Key: "notify.menu.running", Path: "/setup/notices", Icon: "inbox", Order: 85, For: []access.PostKind{access.SystemAdmin}})

	k.Note(web.Route{Pattern: "POST /receipts/sms", Open: true})
	k.Mount("POST /receipts/sms", receipts(k))

	api.Get(j, "/api/v1/inbox", notify.Inbox)
	api.Get(j, "/api/v1/inbox/unread", notify.Count)
	api.Post(j, "/api/v1/inbox/{id}/read", notify.Read)
	api.Post(j, "/api/v1/inbox/read-all", notify.ReadAll)
	api.Get(j, "/api/v1/account/notices", notify.Choice)
	api.Post(j, "/api/v1/account/notices", notify.Choose)
	api.Post(j, "/api/v1/account/notices/{channel}", notify.SetAddress)
	api.Get(j, "/api/v1/deliveries", notify.Deliveries)
	api.Post(j, "/api/v1/deliveries/retry", notify.Retry)
	api.Post(j, "/api/v1/deliveries/addresses", notify.ImportAddresses)
}

func toChoice(*web.Request, struct{}) string { return "/account/notices" }

func inbox(r *web.Request) (web.Page, error) {
	in := notify.InboxIn{After: r.View.Query.Get("after"), Unread: r.View.Query.Get("unread") != ""}
	out, err := web.Ask(r, notify.Inbox, in)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("notify.inbox.title"), Body: inboxPage(r.View, in, out)}, nil
}
