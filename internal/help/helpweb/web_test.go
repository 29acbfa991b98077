package helpweb_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/help"
	"tongxin/internal/help/helpweb"
	"tongxin/internal/i18n"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

// as is whoever asks.
type as struct {
	who  access.Actor
	lang i18n.Lang
}

func (a as) Resolve(context.Context, string, access.Via) (access.Actor, web.Prefs, error) {
	return a.who, web.Prefs{Lang: a.lang}, nil
}

func TestHelpIsOpenAndFollowsThePost(t *testing.T) {
	t.Parallel()
	h := testkit.Open(t, store.SQLite, []app.Module{help.Module()}, nil)
	w := testkit.NewWorld(t, h)
	book, err := help.Open()
	if err != nil {
		t.Fatal(err)
	}
	get := func(who access.Actor, lang i18n.Lang, path string) *httptest.ResponseRecorder {
		k := web.NewKit(w.App, w.Words, as{who, lang}, false)
		helpweb.Routes(k, book)
		rec := httptest.NewRecorder()
		k.Handler().ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		return rec
	}
	for _, c := range []struct {
		who        access.Actor
		lang       i18n.Lang
		path, want string
		status     int
	}{
		{access.Nobody(access.Via{}), i18n.Chinese, "/help", "怎样登录", 200},
		{access.Nobody(access.Via{}), i18n.English, "/help", "How to sign in", 200},
		{access.Nobody(access.Via{}), i18n.Chinese, "/help/handler", "承办单位经办人", 200},
		{w.Members[0], i18n.Chinese, "/help", "写一件提案", 200},
		{w.SignerA, i18n.English, "/help", "Signing leaders in a unit", 200},
		{w.Members[0], i18n.Chinese, "/help/chief", "终审和立案", 200},
		{w.Members[0], i18n.Chinese, "/help/system", "没有", 404},
		{w.Members[0], i18n.Chinese, "/help/..%2f..%2fdoc", "没有", 404},
		{w.Members[0], i18n.Chinese, "/help/%3Cscript%3E", "没有", 404},
		{access.Actor{CommitteeID: w.CommitteeID, PersonID: "x", Name: "无职"}, i18n.Chinese, "/help", "怎样登录", 200},
	} {
		rec := get(c.who, c.lang, c.path)
		if rec.Code != c.status || !strings.Contains(rec.Body.String(), c.want) || strings.Contains(rec.Body.String(), "<script>") {
			t.Errorf("%s of %q in %s: %d", c.path, c.who.Name, c.lang, rec.Code)
		}
	}
}
