package notifyweb_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/i18n"
	"tongxin/internal/notify"
	"tongxin/internal/notify/notifytest"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

// broken is a channel that always says the same no.
type broken struct{ name string }

func (b broken) Name() string { return b.name }
func (broken) Host() string   { return "broken.example" }
func (b broken) Send(context.Context, notify.Letter) (string, error) {
	return "", &notify.Refusal{Class: notify.Provider, Code: "1007", Lasting: true}
}

const key = "a key of the gateway"

func channels() *notify.Channels {
	return &notify.Channels{Site: "https://zx.example.cn", ReceiptKey: []byte(key), Ways: []notify.Channel{broken{notify.ByMail}, broken{notify.BySMS}, broken{notify.ByWeCom}, broken{notify.ByFeishu}}}
}

var ids = regexp.MustCompile(` id="([^"]+)"`)

// sound looks for what no page may have.
func sound(t *testing.T, body string) {
	t.Helper()
	if strings.Contains(body, "⟦") || regexp.MustCompile(`<style|<script>|\sstyle=|\son[a-z]+=`).MatchString(body) {
		t.Errorf("a missing text or inline style:\n%s", body)
	}
	seen := map[string]bool{}
	for _, m := range ids.FindAllStringSubmatch(body, -1) {
		if seen[m[1]] {
			t.Errorf("two elements %q", m[1])
		}
		seen[m[1]] = true
	}
}

func TestThePageOfNotices(t *testing.T) {
	t.Parallel()
	part := channels()
	testkit.EachDB(t, modules(), []any{part}, func(t *testing.T, h *testkit.House) {
		w := world(t, h, 0)
		for _, lang := range i18n.Langs() {
			got := ask(site(w, w.Members[0], web.Prefs{Lang: lang}), "GET", "/account/notices", "")
			if got.Code != 200 || strings.Count(got.Body.String(), `type="radio"`) != 15 || strings.Count(got.Body.String(), `action="/account/notices/`) != 2 {
				t.Errorf("%s: %d, %d radio buttons", lang, got.Code, strings.Count(got.Body.String(), `type="radio"`))
			}
			sound(t, got.Body.String())
		}
		mine := site(w, w.Members[0], web.Prefs{})
		form := url.Values{"_key": {"k1"}, "mail": {"off"}, "sms": {"all"}, "digest": {"1"}, "quiet": {"own"}, "quiet_from": {"22:00"}, "quiet_to": {"06:00"}}
		if got := ask(mine, "POST", "/account/notices", form.Encode()); got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/account/notices?done=notify.choose" {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
		var out notify.ChoiceOut
		if err := json.Unmarshal(ask(mine, "GET", "/api/v1/account/notices", "").Body.Bytes(), &out); err != nil || out.Channels[0].Level != "off" || !out.Digest || out.QuietFrom != "22:00" {
			t.Errorf("%+v %v", out, err)
		}
		// Refused: the page again, with what was typed and the sentence beside it.
		form.Set("quiet_from", "12:00")
		form.Set("_key", "k2")
		got := ask(mine, "POST", "/account/notices", form.Encode())
		if b := got.Body.String(); got.Code != http.StatusUnprocessableEntity || !strings.Contains(b, `value="12:00"`) || !strings.Contains(b, "须在本会的静默时段 21:00 至 07:30 之内") {
			t.Errorf("%d %s", got.Code, b)
		}
		sound(t, got.Body.String())
		got = ask(mine, "POST", "/account/notices/feishu", url.Values{"address": {"@all"}}.Encode())
		if b := got.Body.String(); got.Code != http.StatusUnprocessableEntity || strings.Count(b, `value="@all"`) != 1 || !strings.Contains(b, "只能是一个人的账号") {
			t.Errorf("%d %s", got.Code, b)
		}
		sound(t, got.Body.String())
		if got := ask(mine, "POST", "/account/notices/feishu", url.Values{"address": {"ou_77"}}.Encode()); got.Code != http.StatusSeeOther {
			t.Errorf("%d %s", got.Code, got.Body)
		}
		if b := ask(mine, "GET", "/account/notices?done=notify.set-address", "").Body.String(); !strings.Contains(b, "ou_77") || !strings.Contains(b, "账号已保存") {
			t.Errorf("%s", b)
		}
		if got := ask(mine, "POST", "/account/notices/pigeon", url.Values{"address": {"x"}}.Encode()); got.Code != http.StatusNotFound {
			t.Errorf("an unknown channel: %d", got.Code)
		}
		if got := ask(mine, "POST", "/api/v1/account/notices/wecom", `{"address": "li.si"}`); got.Code != http.StatusOK {
			t.Errorf("by the API: %d %s", got.Code, got.Body)
		}
	})
}

func TestThePagesWithoutChannels(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, modules(), nil, func(t *testing.T, h *testkit.House) {
		w := world(t, h, 0)
		for _, lang := range i18n.Langs() {
			for path, who := range map[string]access.Actor{"/account/notices": w.Members[0], "/setup/notices": w.SysAdmin} {
				got := ask(site(w, who, web.Prefs{Lang: lang}), "GET", path, "")
				if got.Code != 200 || !strings.Contains(got.Body.String(), `class="empty"`) {
					t.Errorf("%s in %s: %d", path, lang, got.Code)
				}
				sound(t, got.Body.String())
			}
		}
	})
}

func TestTheAdministratorsPage(t *testing.T) {
	t.Parallel()
	for _, e := range testkit.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			part := channels()
			h := testkit.Open(t, e, modules(), []any{part})
			part.Words = h.Words
			runs(t, world(t, h, 3))
		})
	}
}

func runs(t *testing.T, w *testkit.World) {
	t.Helper()
	if err := w.App.RunTasks(t.Context()); err != nil {
		t.Fatal(err)
	}
	admin := site(w, w.SysAdmin, web.Prefs{})
	for _, lang := range i18n.Langs() {
		got := ask(site(w, w.SysAdmin, web.Prefs{Lang: lang}), "GET", "/setup/notices", "")
		if got.Code != 200 || !strings.Contains(got.Body.String(), `value="no-address"`) {
			t.Errorf("%s: %d %s", lang, got.Code, got.Body)
		}
		if strings.Contains(got.Body.String(), w.Members[0].PersonID) || strings.Contains(got.Body.String(), "林知远") {
			t.Error("the page names a recipient")
		}
		sound(t, got.Body.String())
	}
	for name, who := range map[string]http.Handler{"office": site(w, w.Office, web.Prefs{}), "member": site(w, w.Members[0], web.Prefs{}), "auditor": site(w, w.Auditor, web.Prefs{})} {
		for _, p := range []string{"/setup/notices", "/api/v1/deliveries"} {
			if got := ask(who, "GET", p, ""); got.Code != http.StatusNotFound {
				t.Errorf("%s at %s: %d", name, p, got.Code)
			}
		}
		for _, p := range []string{"/setup/notices/retry", "/setup/notices/addresses"} {
			if got := ask(who, "POST", p, "channel=mail&class=no-address&lines=x"); got.Code != http.StatusForbidden && got.Code != http.StatusNotFound {
				t.Errorf("%s at %s: %d", name, p, got.Code)
			}
		}
	}
	form := url.Values{"channel": {"mail"}, "class": {"no-address"}, "_key": {"k"}}.Encode()
	for range 2 { // the same form twice is one act
		if got := ask(admin, "POST", "/setup/notices/retry", form); got.Code != http.StatusSeeOther {
			t.Errorf("%d %s", got.Code, got.Body)
		}
	}
	got := ask(admin, "POST", "/setup/notices/retry", url.Values{"channel": {"mail"}, "class": {"no-address"}, "_key": {"k3"}}.Encode())
	if got.Code != http.StatusConflict || !strings.Contains(got.Body.String(), "没有需要重新发送的了") {
		t.Errorf("nothing left: %d %s", got.Code, got.Body)
	}
	got = ask(admin, "POST", "/setup/notices/addresses", url.Values{"lines": {"13999999999,wecom,x"}}.Encode())
	if b := got.Body.String(); got.Code != http.StatusUnprocessableEntity || !strings.Contains(b, "13999999999,wecom,x</textarea>") || !strings.Contains(b, "第 1 行") {
		t.Errorf("%d %s", got.Code, b)
	}
	sound(t, got.Body.String())
}

func TestTheDoorOfTheGateway(t *testing.T) {
	t.Parallel()
	part := channels()
	testkit.EachDB(t, modules(), []any{part}, func(t *testing.T, h *testkit.House) {
		w := world(t, h, 0)
		handler := site(w, w.Members[0], web.Prefs{})
		try := func(k string, at time.Time, list ...notify.Receipt) int {
			r, err := notifytest.Receipt(t.Context(), "http://zx.example.cn", []byte(k), at, list...)
			if err != nil {
				t.Fatal(err)
			}
			rec := httptest.NewRecorder()
			handler.ServeHTTP(rec, r)
			if rec.Body.Len() > 0 {
				t.Errorf("the door talks: %s", rec.Body)
			}
			return rec.Code
		}
		now := w.Clock.Now()
		unknown := notify.Receipt{ID: "nobody", State: notify.Delivered}
		for i, c := range []struct{ got, want int }{
			{try(key, now, unknown), 204}, {try(key, now, unknown), 204}, {try(key, now), 204}, {try("another", now, unknown), 401}, {try(key, now.Add(-time.Hour), unknown), 401},
			{try(key, now, make([]notify.Receipt, 20_000)...), 413}, {ask(handler, "POST", "/receipts/sms", "").Code, 401}, {ask(handler, "GET", "/receipts/sms", "").Code, 405},
		} {
			if c.got != c.want {
				t.Errorf("case %d: %d, want %d", i, c.got, c.want)
			}
		}
	})
}
