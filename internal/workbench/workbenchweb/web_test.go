package workbenchweb_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/i18n"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
	"tongxin/internal/workbench"
	"tongxin/internal/workbench/workbenchweb"
)

// always is somebody who is signed in.
type always struct {
	who   access.Actor
	prefs web.Prefs
}

func (a always) Resolve(context.Context, string, access.Via) (access.Actor, web.Prefs, error) {
	return a.who, a.prefs, nil
}

func fake() app.Module {
	member := []access.PostKind{access.Member}
	return app.Module{
		Name: "fake",
		Waits: []app.Waits{{Name: "web.all", For: member, All: "/all", Find: func(l *app.Look, limit int) ([]app.Waiting, int, error) {
			var list []app.Waiting
			for _, due := range []string{"2026-01-08", "2026-01-10", "2026-01-12", "2026-01-13", "2026-03-31", ""} {
				list = append(list, app.Waiting{Key: "web.yes", Title: "<b>关于路灯的提案</b>", Link: "/x", Since: store.Time{Time: l.Now().Add(-72 * time.Hour)}, DueOn: due, State: "web.no"})
			}
			return list[:limit], 6, nil
		}}, {Name: "web.none", For: member, Follows: true, Find: func(*app.Look, int) ([]app.Waiting, int, error) {
			return []app.Waiting{{Title: "t", Link: "/x", State: "web.no", Tone: "mute"}}, 1, nil
		}}},
		Figures: []app.Figures{{For: member, Find: func(*app.Look) ([]app.Figure, error) {
			return []app.Figure{{Key: "web.all", N: 5, Link: "/all"}, {Key: "web.none", N: 2, Link: "/late", Late: true}}, nil
		}}},
		Dues: []app.Dues{{For: member, Find: func(_ *app.Look, from, to string) ([]app.DueDay, error) {
			return []app.DueDay{{On: from, N: 2, Link: "/a"}, {On: "2026-01-17", N: 1}, {On: to, N: 1}}, nil
		}}},
		Begins: []app.Begin{{Key: "web.submit", Path: "/new", For: member}},
	}
}

func TestTheHomePage(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, []app.Module{fake(), workbench.Module()}, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		both := w.Also(t, w.Members[0], access.Handler, "unitA", "经办人")
		for _, lang := range i18n.Langs() {
			for _, who := range []access.Actor{w.Members[0], testkit.Acting(both, access.Handler), w.SysAdmin, w.Office} {
				for _, elder := range []bool{false, true} {
					k := web.NewKit(w.App, w.Words, always{who, web.Prefs{Lang: lang, Elder: elder}}, false)
					workbenchweb.Routes(k, api.NewKit(k))
					for _, path := range []string{"/", "/api/v1/workbench"} {
						rec := httptest.NewRecorder()
						k.Handler().ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
						b := rec.Body.String()
						if rec.Code != 200 || strings.Contains(b, "⟦") || strings.Contains(b, "<b>关于") {
							t.Errorf("%s for %s in %s: %d, %d bytes", path, who.Name, lang, rec.Code, len(b))
						}
					}
				}
			}
		}
		k := web.NewKit(w.App, w.Words, always{w.Members[0], web.Prefs{}}, false)
		workbenchweb.Routes(k, api.NewKit(k))
		rec := httptest.NewRecorder()
		k.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
		for _, want := range []string{"有 6 件事等您办理", "已逾期 2 个工作日", "今天截止", "还剩 1 个工作日", "2026年3月31日截止", `class="late"`, "休息日", `href="/new"`, "全部 6 件"} {
			if !strings.Contains(rec.Body.String(), want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		rec = httptest.NewRecorder()
		k.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/no-such-page", nil))
		if rec.Code != 404 {
			t.Errorf("the home page stands everywhere: %d", rec.Code)
		}
	})
}
