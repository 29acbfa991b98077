package notifyweb_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/i18n"
	"tongxin/internal/notify"
	"tongxin/internal/notify/notifyweb"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

// always is somebody who is signed in.
type always struct {
	who   access.Actor
	prefs web.Prefs
}

func (a always) Resolve(context.Context, string, access.Via) (access.Actor, web.Prefs, error) {
	return a.who, a.prefs, nil
}

type fact struct{ To string }

func (fact) FactName() string         { return "test.happened" }
func (fact) Object() (string, string) { return "test", "1" }

func world(t *testing.T, h *testkit.House, n int) *testkit.World {
	t.Helper()
	w := testkit.NewWorld(t, h)
	act := app.Define("test.occur", func(_ *app.Call, in fact) (fact, error) { return in, nil }, access.Public[fact],
		func(c *app.Call, f fact, _ fact) (struct{}, error) { return struct{}{}, c.Record(f, "test", "1") })
	for range n {
		if _, err := act.Do(t.Context(), w.App, w.Office, fact{w.Members[0].PersonID}); err != nil {
			t.Fatal(err)
		}
	}
	w.CaughtUp(t)
	return w
}

func modules() []app.Module {
	return []app.Module{notify.Module(notify.Rule{Fact: "test.happened", Notices: func(_ *app.Look, f app.Heard) ([]notify.Notice, error) {
		b, err := notify.Body[fact](f)
		// Any text will do for a sentence; this one has no placeholder to fill.
		return []notify.Notice{{To: []string{b.To}, Key: "web.product", Link: "/cases/1"}}, err
	}})}
}

func site(w *testkit.World, who access.Actor, prefs web.Prefs) http.Handler {
	k := web.NewKit(w.App, w.Words, always{who, prefs}, false)
	notifyweb.Routes(k, api.NewKit(k))
	return k.Handler()
}

func ask(h http.Handler, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if strings.HasPrefix(path, "/api") {
		r.Header.Set("Content-Type", "application/json")
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

func TestTheInboxPage(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, modules(), nil, func(t *testing.T, h *testkit.House) {
		w := world(t, h, 3)
		for _, lang := range i18n.Langs() {
			page := site(w, w.Members[0], web.Prefs{Lang: lang, Unread: 3})
			for _, path := range []string{"/inbox", "/inbox?unread=1", "/inbox?after=zzz", "/inbox?after=%27"} {
				got := ask(page, "GET", path, "")
				if got.Code != 200 || strings.Contains(got.Body.String(), "⟦") {
					t.Errorf("%s in %s: %d", path, lang, got.Code)
				}
			}
			if b := ask(page, "GET", "/inbox", "").Body.String(); strings.Count(b, "t-info") != 3 || !strings.Contains(b, `name="up_to"`) {
				t.Errorf("page in %s: %d bytes", lang, len(b))
			}
			empty := site(w, w.Members[1], web.Prefs{Lang: lang})
			if b := ask(empty, "GET", "/inbox", "").Body.String(); !strings.Contains(b, `class="empty"`) || strings.Contains(b, "up_to") {
				t.Errorf("an empty inbox in %s: %d bytes", lang, len(b))
			}
		}
	})
}

func TestOpeningByFormAndByAPI(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, modules(), nil, func(t *testing.T, h *testkit.House) {
		w := world(t, h, 3)
		mine, other := site(w, w.Members[0], web.Prefs{}), site(w, w.Members[1], web.Prefs{})
		var list notify.InboxOut
		if err := json.Unmarshal(ask(mine, "GET", "/api/v1/inbox", "").Body.Bytes(), &list); err != nil || list.Unread != 3 {
			t.Fatalf("%+v %v", list, err)
		}
		id := list.Messages[0].ID
		for _, p := range []string{"/inbox/" + id, "/api/v1/inbox/" + id + "/read"} {
			if got := ask(other, "POST", p, ""); got.Code != http.StatusNotFound {
				t.Errorf("somebody else's message at %s: %d", p, got.Code)
			}
		}
		if got := ask(mine, "GET", "/inbox/"+id, ""); got.Code != http.StatusMethodNotAllowed {
			t.Errorf("a GET opens a message: %d", got.Code)
		}
		for _, m := range list.Messages[:2] { // two lines of one page, both with the page's key
			got := ask(mine, "POST", "/inbox/"+m.ID, url.Values{"_key": {"K" + m.ID}}.Encode())
			if got.Code != http.StatusSeeOther || !strings.HasPrefix(got.Header().Get("Location"), "/cases/1") {
				t.Errorf("opened: %d %s %s", got.Code, got.Header().Get("Location"), got.Body)
			}
		}
		if b := ask(mine, "GET", "/api/v1/inbox/unread", "").Body.String(); !strings.Contains(b, `"unread":1`) {
			t.Errorf("after opening two: %s", b)
		}
		if got := ask(mine, "POST", "/inbox", "up_to="+id); got.Code != http.StatusSeeOther {
			t.Errorf("mark all: %d %s", got.Code, got.Body)
		}
		if got := ask(mine, "POST", "/api/v1/inbox/read-all", "{}"); !strings.Contains(got.Body.String(), `"marked":0`) {
			t.Errorf("mark all again: %s", got.Body)
		}
	})
}
