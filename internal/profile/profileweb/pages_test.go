package profileweb_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/i18n"
	"tongxin/internal/profile"
	"tongxin/internal/profile/profileweb"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

// acting lets everybody in as one actor.
type acting struct {
	who  access.Actor
	lang i18n.Lang
}

func (a acting) Resolve(context.Context, string, access.Via) (access.Actor, web.Prefs, error) {
	return a.who, web.Prefs{Lang: a.lang}, nil
}

func site(w *testkit.World, who access.Actor, lang i18n.Lang) http.Handler {
	k := web.NewKit(w.App, w.Words, acting{who, lang}, false)
	profileweb.Routes(k, api.NewKit(k))
	return k.Handler()
}

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	b, err := io.ReadAll(rec.Body)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "⟦") {
		at := strings.Index(string(b), "⟦")
		t.Errorf("%s lacks words: %.80s", path, string(b)[at:])
	}
	return rec.Code, string(b)
}

func post(t *testing.T, h http.Handler, path string, form url.Values) (int, string) {
	t.Helper()
	rec := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	h.ServeHTTP(rec, r)
	return rec.Code, rec.Body.String() + rec.Header().Get("Location")
}

func TestThePages(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		for _, lang := range i18n.Langs() {
			chief := site(w, w.Chief, lang)
			for _, path := range []string{"/setup/rules", "/setup/rules/history", "/api/v1/rules", "/api/v1/rules/history", "/api/v1/rules/preview?from=2026-01-12", "/api/openapi.json"} {
				if code, body := get(t, chief, path); code != http.StatusOK {
					t.Errorf("%s: %d %s", path, code, body)
				}
			}
			for _, s := range profile.Sections() {
				if code, body := get(t, chief, "/setup/rules/"+string(s)); code != http.StatusOK || !strings.Contains(body, `name="_key"`) {
					t.Errorf("%s: %d", s, code)
				}
			}
		}
		member := site(w, w.Members[0], i18n.Chinese)
		for path, want := range map[string]int{"/setup/rules": 200, "/setup/rules/texts": 403, "/setup/rules/history": 404, "/setup/rules/nothing": 404} {
			if code, _ := get(t, member, path); code != want {
				t.Errorf("a member gets %s: %d", path, code)
			}
		}
	})
}

func TestAFormIsSavedRefusedAndTriedOut(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		s := site(w, w.Chief, i18n.Chinese)
		code, body := post(t, s, "/setup/rules/filing", url.Values{"version": {"0"}, "reason": {"甲乙丙"}, "filing.number_width": {"许多"}, "filing.collect_months": {"3"}})
		if code != http.StatusUnprocessableEntity || !strings.Contains(body, "甲乙丙") || !strings.Contains(body, "许多") {
			t.Errorf("a refused form lost what was typed: %d", code)
		}
		form := url.Values{"version": {"0"}, "reason": {"甲乙丙"}, "filing.number_width": {"4"}, "filing.collect_months": {"3"}}
		if code, body = post(t, s, "/setup/rules/filing", form); code != http.StatusSeeOther {
			t.Errorf("saving: %d %s", code, body)
		}
		if code, _ = post(t, s, "/setup/rules/filing", form); code != http.StatusConflict {
			t.Errorf("a stale form: %d", code)
		}
		if _, body = get(t, s, "/setup/rules/history"); !strings.Contains(body, "甲乙丙") || !strings.Contains(body, "案号位数") {
			t.Error("the history tells nothing of it")
		}
		categories := url.Values{"version": {"1"}, "reason": {"增加一类"}}
		for i, c := range profile.Defaults().Proposal.Categories {
			n := "categories." + string(rune('0'+i))
			categories.Set(n+".code", c.Code)
			categories.Set(n+".name", c.Name)
		}
		categories.Set("categories.5.name", "<script>alert(1)</script>")
		categories.Set("categories.5.place", "1")
		if code, body = post(t, s, "/setup/rules/categories", categories); code != http.StatusSeeOther {
			t.Errorf("categories: %d %s", code, body)
		}
		if _, body = get(t, s, "/setup/rules"); strings.Contains(body, "<script>alert") || !strings.Contains(body, "&lt;script&gt;alert") {
			t.Error("a category's words are not inert")
		}
		_, body = get(t, s, "/setup/rules/deadlines?preview=1&deadlines.reply_due.base=dispatch&deadlines.reply_due.workdays=10&reason="+url.QueryEscape("还没想好"))
		if !strings.Contains(body, "2026年1月26日") || !strings.Contains(body, "还没想好") {
			t.Error("trying out shows no example, or forgets what was typed")
		}
	})
}
