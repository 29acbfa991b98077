package notify_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/notify"
)

// receive hands receipts in as the gateway would.
func (w *texted) receive(t testing.TB, key string, at time.Time, list ...notify.Receipt) error {
	t.Helper()
	body, err := json.Marshal(notify.Receipts{Receipts: list})
	must(t, err)
	h := http.Header{}
	notify.Signed(h, []byte(key), "r1", at, body)
	return notify.TakeReceipts(t.Context(), w.App, h, body)
}

// sentText tells b something by text message and gives the row of it.
func (w *texted) sentText(t testing.TB) entry {
	t.Helper()
	w.press(t, pressed{To: []string{w.b.PersonID}, Urgency: notify.Pressing})
	w.run(t)
	list := w.entries(t)
	return list[len(list)-1]
}

func (w *texted) entry(t testing.TB, id string) entry {
	t.Helper()
	for _, e := range w.entries(t) {
		if e.ID == id {
			return e
		}
	}
	t.Fatalf("no delivery %s", id)
	return entry{}
}

func TestReceiptsMoveForward(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		now := w.Clock.Now
		e := w.sentText(t)
		for i, step := range []struct {
			told           notify.Receipt
			state, receipt string
		}{
			{notify.Receipt{ID: e.ID, State: "bounced"}, "sent", ""}, // a word that nobody knows
			{notify.Receipt{ID: e.Provider, State: notify.Delivered}, "sent", "delivered"},
			{notify.Receipt{ID: e.ID, State: notify.Delivered}, "sent", "delivered"},
			{notify.Receipt{ID: e.ID, State: notify.Failed}, "sent", "delivered"}, // a mistake of the gateway
			{notify.Receipt{ID: e.ID, State: notify.ReadThere}, "sent", "read"},
			{notify.Receipt{ID: e.ID, State: notify.Delivered}, "sent", "read"},
		} {
			must(t, w.receive(t, receiptKey, now(), step.told, step.told))
			if got := w.entry(t, e.ID); got.State != step.state || got.Receipt != step.receipt {
				t.Errorf("step %d %+v: %+v", i, step.told, got)
			}
		}
		traces, err := app.Ask("test.traces", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) ([]notify.Trace, error) {
			return notify.Traces(l, "test.notice", "/cases/1", w.a.PersonID, w.b.PersonID)
		}).Do(t.Context(), w.App, w.GovDesk, struct{}{})
		if err != nil || len(traces) != 1 || traces[0].State != "read" || traces[0].Channel != notify.BySMS || !traces[0].At.Equal(now()) {
			t.Errorf("%+v %v", traces, err)
		}
	})
}

func TestAReceiptFasterThanOurRecord(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		w.gateway.Says(func(_ int, rw http.ResponseWriter) bool { panic(http.ErrAbortHandler) })
		w.press(t, pressed{To: []string{w.b.PersonID}, Urgency: notify.Pressing})
		w.run(t)
		e := w.entries(t)[0]
		must(t, w.receive(t, receiptKey, w.Clock.Now(), notify.Receipt{ID: e.ID, State: notify.Delivered}))
		calls := w.gateway.Calls()
		w.Clock.Advance(time.Hour)
		w.run(t)
		if got := w.entry(t, e.ID); got.State != "sent" || got.Receipt != "delivered" || got.Error != "" || w.gateway.Calls() != calls {
			t.Errorf("%+v, %d calls after %d", got, w.gateway.Calls(), calls)
		}
	})
}

func TestALostTextIsSentAgainUnderANewID(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		e := w.sentText(t)
		must(t, w.receive(t, receiptKey, w.Clock.Now(), notify.Receipt{ID: e.ID, State: notify.Failed, Class: "MK:0001"}))
		if got := w.entry(t, e.ID); got.State != "failed" || got.Error != "undelivered:MK:0001" {
			t.Fatalf("%+v", got)
		}
		out, err := notify.Deliveries.Do(t.Context(), w.App, w.SysAdmin, struct{}{})
		if err != nil || len(out.Failures) != 1 || out.Failures[0].N != 1 || out.Failures[0].Class != notify.Undelivered || out.Failures[0].Code != "MK:0001" {
			t.Fatalf("%+v %v", out, err)
		}
		f := out.Failures[0]
		in := notify.RetryIn{Channel: f.Channel, Class: f.Class, Code: f.Code}
		for _, who := range []access.Actor{w.Office, w.Chief, w.SecAdmin, w.Auditor, w.a, w.Stranger, access.Nobody(access.Via{})} {
			if _, err := notify.Retry.Do(t.Context(), w.App, who, in); err == nil {
				t.Errorf("%q sent again", who.Name)
			}
			if out, err := notify.Deliveries.Do(t.Context(), w.App, who, struct{}{}); kind(err) != fault.NotFound || len(out.Failures) > 0 {
				t.Errorf("%q sees %+v %v", who.Name, out, err)
			}
		}
		if out, err := notify.Retry.Do(t.Context(), w.App, w.SysAdmin, in); err != nil || out.Again != 1 {
			t.Fatalf("%+v %v", out, err)
		}
		if _, err := notify.Retry.Do(t.Context(), w.App, w.SysAdmin, in); kind(err) != fault.Stale {
			t.Errorf("twice: %v", err)
		}
		w.run(t)
		texts := w.gateway.Texts()
		if len(texts) != 2 || texts[1].ID != e.ID+".1" {
			t.Fatalf("%+v", texts)
		}
		// A late receipt of the first sending says nothing about the second.
		must(t, w.receive(t, receiptKey, w.Clock.Now(), notify.Receipt{ID: e.ID, State: notify.Failed}))
		if got := w.entry(t, e.ID); got.State != "sent" || got.Receipt != "" {
			t.Errorf("%+v", got)
		}
		must(t, w.receive(t, receiptKey, w.Clock.Now(), notify.Receipt{ID: e.ID + ".1", State: notify.Delivered}))
		if got := w.entry(t, e.ID); got.Receipt != "delivered" {
			t.Errorf("%+v", got)
		}
	})
}

func TestHostileReceipts(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		e := w.sentText(t)
		now := w.Clock.Now()
		w.press(t, pressed{To: []string{w.a.PersonID}})
		w.run(t)
		other := ""
		for _, x := range w.entries(t) {
			if x.Channel == notify.ByWeCom {
				other = x.ID
			}
		}
		good := notify.Receipt{ID: e.ID, State: notify.Failed}
		body, _ := json.Marshal(notify.Receipts{Receipts: []notify.Receipt{good}})
		for name, err := range map[string]error{
			"another key":       w.receive(t, "another key", now, good),
			"the gateway's key": w.receive(t, gatewayKey, now, good),
			"no key":            w.receive(t, "", now, good),
			"of this morning":   w.receive(t, receiptKey, now.Add(-6*time.Minute), good),
			"of tomorrow":       w.receive(t, receiptKey, now.Add(6*time.Minute), good),
			"unsigned":          notify.TakeReceipts(t.Context(), w.App, http.Header{}, body),
			"changed": func() error {
				h := http.Header{}
				notify.Signed(h, []byte(receiptKey), "r1", now, body)
				return notify.TakeReceipts(t.Context(), w.App, h, []byte(strings.Replace(string(body), "failed", "FAILED", 1)))
			}(),
		} {
			if kind(err) != fault.Unauthenticated {
				t.Errorf("%s: %v", name, err)
			}
		}
		// Signed, but of no use: passed over without a word.
		for _, r := range []notify.Receipt{{}, {ID: "x", State: notify.Failed}, {ID: "'; DROP TABLE delivery; --", State: notify.Failed}, {ID: strings.Repeat("x", 5000), State: notify.Failed},
			{ID: other, State: notify.Failed}, {ID: "at-" + other, State: notify.Failed}, {ID: e.ID + ".1", State: notify.Failed}, {ID: e.ID + ".0", State: notify.Failed},
			{ID: e.ID + ".", State: notify.Failed}, {ID: ".1", State: notify.Failed}, {ID: "\x00", State: notify.Failed}} {
			if err := w.receive(t, receiptKey, now, r); err != nil {
				t.Errorf("%.40q: %v", r.ID, err)
			}
		}
		for _, odd := range []string{"", "[]", "{", `{"receipts": [{"id": 7}]}`, "null"} {
			h := http.Header{}
			notify.Signed(h, []byte(receiptKey), "r1", now, []byte(odd))
			if err := notify.TakeReceipts(t.Context(), w.App, h, []byte(odd)); kind(err) != fault.Invalid && err != nil {
				t.Errorf("%q: %v", odd, err)
			}
		}
		if err := w.receive(t, receiptKey, now, make([]notify.Receipt, 501)...); kind(err) != fault.TooLarge {
			t.Errorf("too many: %v", err)
		}
		for _, x := range w.entries(t) {
			if x.State != "sent" || x.Receipt != "" {
				t.Errorf("a hostile receipt had an effect: %+v", x)
			}
		}
		// A class is a word or nothing.
		must(t, w.receive(t, receiptKey, now, notify.Receipt{ID: e.ID, State: notify.Failed, Class: "13800000002 not in service"}))
		if got := w.entry(t, e.ID); got.Error != notify.Undelivered {
			t.Errorf("%+v", got)
		}
		w.ways.ReceiptKey = nil
		if err := w.receive(t, "", now, good); kind(err) != fault.NotFound {
			t.Errorf("without a key: %v", err)
		}
	})
}

func TestImportingNames(t *testing.T) {
	t.Parallel()
	withTexts(t, func(t *testing.T, w *texted) {
		lines := "13800000001,企业微信,zhang.san\n+86 138 0000 0002\tfeishu\tou_0123456789abcdef\n"
		for _, who := range []access.Actor{w.Office, w.SecAdmin, w.a, w.Stranger} {
			if _, err := notify.ImportAddresses.Do(t.Context(), w.App, who, notify.ImportIn{Lines: lines}); err == nil {
				t.Errorf("%q imported", who.Name)
			}
		}
		for _, wrong := range []string{"", "  \n", "13800000001,企业微信", "13800000001,sms,x", "13800000001,wecom,@all", "13800000001,wecom,ALL", "13800000001,wecom,a|b", "13800000001,wecom,a,b",
			"13800000001,wecom,张三", "13999999999,wecom,x", lines + "13800000001,wecom,a b", `"`, strings.Repeat("13800000001,wecom,x\n", 2001)} {
			if _, err := notify.ImportAddresses.Do(t.Context(), w.App, w.SysAdmin, notify.ImportIn{Lines: wrong}); kind(err) != fault.Invalid || fault.From(err).Field != "lines" {
				t.Errorf("%.60q: %v", wrong, err)
			}
		}
		out, err := notify.ImportAddresses.Do(t.Context(), w.App, w.SysAdmin, notify.ImportIn{Lines: "\ufeff" + lines})
		if err != nil || out.Kept != 2 {
			t.Fatalf("%+v %v", out, err)
		}
		mine, err := notify.Choice.Do(t.Context(), w.App, w.a, struct{}{})
		if err != nil || mine.Channels[2].Address != "zhang.san" {
			t.Errorf("%+v %v", mine, err)
		}
		// Another committee's administrator reaches nobody here.
		stranger := w.Stranger
		stranger.Post.Kind = access.SystemAdmin
		if _, err := notify.ImportAddresses.Do(t.Context(), w.App, stranger, notify.ImportIn{Lines: lines}); kind(err) != fault.Invalid {
			t.Errorf("across committees: %v", err)
		}
		for _, bad := range []notify.AddressIn{{Channel: "mail", Address: "x"}, {Channel: "sms", Address: "x"}, {Address: "x"}, {Channel: "wecom", Address: "@all"}, {Channel: "wecom", Address: strings.Repeat("x", 65)}, {Channel: "feishu", Address: `x"></at>`}} {
			if _, err := notify.SetAddress.Do(t.Context(), w.App, w.a, bad); err == nil {
				t.Errorf("%+v was taken", bad)
			}
		}
		_, err = notify.SetAddress.Do(t.Context(), w.App, w.a, notify.AddressIn{Channel: notify.ByWeCom})
		must(t, err)
		if mine, err = notify.Choice.Do(t.Context(), w.App, w.a, struct{}{}); err != nil || mine.Channels[2].Address != "" {
			t.Errorf("it was not taken away: %+v %v", mine, err)
		}
		sealed(t, w)
	})
}

// sealed looks for a name in clear in the database.
func sealed(t *testing.T, w *texted) {
	t.Helper()
	n, err := app.Ask("test.clear", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) (n int, err error) {
		err = l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM notice_address WHERE address_sealed LIKE '%0123456789%' OR address_sealed = ''").Scan(&n)
		return n, err
	}).Do(t.Context(), w.App, access.Actor{}, struct{}{})
	if err != nil || n != 0 {
		t.Errorf("%d names in clear, %v", n, err)
	}
}
