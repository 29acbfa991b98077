package notifyweb

import (
	"errors"
	"io"
	"net/http"

	"tongxin/internal/fault"
	"tongxin/internal/notify"
	"tongxin/internal/web"
)

func choice(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, notify.Choice, struct{}{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("notify.choice.title"), Body: choicePage(r.View, out)}, nil
}

func running(r *web.Request) (web.Page, error) {
	out, err := web.Ask(r, notify.Deliveries, struct{}{})
	if err != nil {
		return web.Page{}, err
	}
	return web.Page{Title: r.View.T("notify.running.title"), Body: runningPage(r.View, out)}, nil
}

// only is the view for one of several forms of a page: what was typed into
// another one, and what was wrong there, is not its.
func only(v web.View, action string) web.View {
	if v.Failed != action {
		v.Typed, v.Fault = nil, nil
	}
	return v
}

// levels are the choices for a channel.
func levels(v web.View) []web.Option {
	return []web.Option{
		{Value: notify.All, Text: v.T("notify.level.all")},
		{Value: notify.UrgentOnly, Text: v.T("notify.level.urgent"), Hint: v.T("notify.level.urgent-hint")},
		{Value: notify.Nothing, Text: v.T("notify.level.off")},
	}
}

// quiets are the choices for quiet hours.
func quiets(v web.View, out notify.ChoiceOut) []web.Option {
	as := v.T("notify.quiet.committee", "from", out.CommitteeFrom, "to", out.CommitteeTo)
	if out.CommitteeFrom == out.CommitteeTo {
		as = v.T("notify.quiet.committee-none")
	}
	return []web.Option{
		{Value: notify.QuietAsCommittee, Text: as},
		{Value: notify.QuietOwn, Text: v.T("notify.quiet.own")},
		{Value: notify.QuietNone, Text: v.T("notify.quiet.none")},
	}
}

// className is the word for a class of failures; one that a later version
// wrote is shown as it is.
func className(v web.View, class string) string {
	if v.Has("notify.class." + class) {
		return v.T("notify.class." + class)
	}
	return class
}

// classHint is what can be done about it.
func classHint(v web.View, class string) string {
	if v.Has("notify.class." + class + ".hint") {
		return v.T("notify.class." + class + ".hint")
	}
	return ""
}

// receipts is the open door of the SMS gateway. Its signature is checked over
// the bytes of the body, hence no form and no JSON operation. It answers with a
// status and nothing else: to a stranger it tells nothing, and to the gateway
// not whether a message is known.
func receipts(k *web.Kit) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, notify.ReceiptBytes))
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		if err := notify.TakeReceipts(r.Context(), k.App, r.Header, body); err != nil {
			k.Failed(r, err)
			w.WriteHeader(web.StatusOf(fault.From(err).Kind))
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}
