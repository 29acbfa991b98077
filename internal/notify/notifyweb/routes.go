package notifyweb

import (
	"tongxin/internal/api"
	"tongxin/internal/notify"
	"tongxin/internal/web"
)

// Routes registers the inbox. A message is opened by a button, not by a link:
// opening marks it as read, and a GET must change nothing.
func Routes(k *web.Kit, j *api.Kit) {
	k.Page("GET /inbox", inbox, notify.Inbox.Name(), notify.Count.Name())
	web.Form(k, "POST /inbox/{id}", notify.Read, func(_ *web.Request, out notify.ReadOut) string { return out.Link })
	web.Form(k, "POST /inbox", notify.ReadAll, func(*web.Request, notify.ReadAllOut) string { return "/inbox" })

	api.Get(j, "/api/v1/inbox", notify.Inbox)
	api.Get(j, "/api/v1/inbox/unread", notify.Count)
	api.Post(j, "/api/v1/inbox/{id}/read", notify.Read)
	api.Post(j, "/api/v1/inbox/read-all", notify.ReadAll)
}

func inbox(r *web.Request) (web.Page, error) {
	in := notify.InboxIn{After: r.View.Query.Get("after"), Unread: r.View.Query.Get("unread") != ""}
	out, err := web.Ask(r, notify.Inbox, in)
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("notify.inbox.title"), Body: inboxPage(r.View, in, out)}, nil
}
