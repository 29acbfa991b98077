package calendarweb_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/calendar/calendarweb"
	"tongxin/internal/i18n"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

type acting struct {
	who  access.Actor
	lang i18n.Lang
}

func (a acting) Resolve(context.Context, string, access.Via) (access.Actor, web.Prefs, error) {
	return a.who, web.Prefs{Lang: a.lang}, nil
}

func ask(t *testing.T, w *testkit.World, a acting, method, path string, form url.Values) (int, string) {
	t.Helper()
	k := web.NewKit(w.App, w.Words, a, false)
	calendarweb.Routes(k, api.NewKit(k))
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rec := httptest.NewRecorder()
	k.Handler().ServeHTTP(rec, r)
	body := rec.Body.String()
	if at := strings.Index(body, "⟦"); at >= 0 {
		t.Errorf("%s lacks words: %.80s", path, body[at:])
	}
	return rec.Code, body + rec.Header().Get("Location")
}

func TestThePages(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		for _, lang := range i18n.Langs() {
			for path, want := range map[string]int{"/calendar": 200, "/setup/calendar?year=2026": 200, "/setup/calendar?year=2030": 200, "/setup/calendar/2026": 200, "/setup/calendar/2030": 200,
				"/setup/calendar?year=x": 422, "/setup/calendar?year=1": 422, "/setup/calendar/x": 404, "/api/v1/calendar?year=2026": 200} {
				if code, body := ask(t, w, acting{w.Office, lang}, http.MethodGet, path, nil); code != want {
					t.Errorf("%s: %d %s", path, code, body)
				}
			}
		}
		member := acting{w.Members[0], i18n.Chinese}
		if code, body := ask(t, w, member, http.MethodGet, "/calendar?year=2026", nil); code != http.StatusOK || strings.Contains(body, "/setup/calendar/2026") || !strings.Contains(body, "春节") {
			t.Errorf("a member sees the year: %d", code)
		}
		if code, _ := ask(t, w, member, http.MethodGet, "/setup/calendar/2026", nil); code != http.StatusForbidden {
			t.Errorf("a member gets the form: %d", code)
		}
	})
}

func TestANoticeIsEnteredOnThePage(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		office := acting{w.Office, i18n.Chinese}
		bad := url.Values{"version": {"0"}, "number": {"试号一"}, "holidays.0.name": {"春节"}, "holidays.0.from": {"2027-02-30"}, "makeups": {"2027-02-20", "x"}}
		if code, body := ask(t, w, office, http.MethodPost, "/setup/calendar/2027", bad); code != http.StatusUnprocessableEntity || !strings.Contains(body, "试号一") || !strings.Contains(body, "2027-02-20") {
			t.Errorf("refused: %d", code)
		}
		good := url.Values{"version": {"0"}, "text": {"一、春节：2月5日至11日放假调休，共7天。2月20日（周六）上班。"}}
		code, body := ask(t, w, office, http.MethodPost, "/setup/calendar/2027", good)
		if code != http.StatusSeeOther || !strings.HasSuffix(body, "/setup/calendar?year=2027&done=calendar.change") {
			t.Errorf("entered: %d %s", code, body)
		}
		if _, body = ask(t, w, office, http.MethodGet, "/calendar?year=2027", nil); !strings.Contains(body, "2027年2月5日至2027年2月11日") {
			t.Error("the year does not show it")
		}
		if code, _ = ask(t, w, office, http.MethodPost, "/setup/calendar/2027", good); code != http.StatusConflict {
			t.Errorf("a stale form: %d", code)
		}
	})
}
