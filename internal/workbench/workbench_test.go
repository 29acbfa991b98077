package workbench_test

import (
	"errors"
	"fmt"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
	"tongxin/internal/workbench"
)

// queue answers n things, due on the days given.
func queue(name string, follows bool, n int, due string, kinds ...access.PostKind) app.Waits {
	return app.Waits{Name: name, For: kinds, All: "/" + name, Follows: follows, Find: func(l *app.Look, limit int) ([]app.Waiting, int, error) {
		var list []app.Waiting
		for i := range min(n, limit) {
			list = append(list, app.Waiting{Key: "web.yes", Title: fmt.Sprint(i), Link: "/x", Since: l.Now(), DueOn: due})
		}
		return list, n, nil
	}}
}

func fake() app.Module {
	return app.Module{
		Name: "fake",
		Waits: []app.Waits{
			queue("undated", false, 2, "", access.Member),
			queue("later", false, 7, "2026-03-31", access.Member),
			queue("late", false, 1, "2026-01-08", access.Member),
			queue("empty", false, 0, "", access.Member),
			queue("mine", true, 4, "", access.Member),
			queue("desk", false, 3, "", access.Handler, access.Signer),
			queue("nobody's", false, 9, ""),
		},
		Figures: []app.Figures{{For: []access.PostKind{access.Leader}, Find: func(*app.Look) ([]app.Figure, error) {
			return []app.Figure{{Key: "web.all", N: 5, Link: "/all", Late: true}}, nil
		}}},
		Dues: []app.Dues{
			{For: []access.PostKind{access.Leader}, Find: func(_ *app.Look, from, to string) ([]app.DueDay, error) {
				return []app.DueDay{{On: from, N: 2, Link: "/a"}, {On: to, N: 1}}, nil
			}},
			{For: []access.PostKind{access.Leader, access.Office}, Find: func(_ *app.Look, from, _ string) ([]app.DueDay, error) {
				return []app.DueDay{{On: from, N: 0}}, nil
			}},
			{For: []access.PostKind{access.Leader}, Find: func(_ *app.Look, from, _ string) ([]app.DueDay, error) {
				return []app.DueDay{{On: from, N: 3}}, nil
			}},
		},
		Begins: []app.Begin{{Key: "web.submit", Path: "/new", For: []access.PostKind{access.Member}}},
	}
}

func show(t testing.TB, w *testkit.World, who access.Actor) workbench.Page {
	t.Helper()
	p, err := workbench.Show.Do(t.Context(), w.App, who, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheMostUrgentComesFirst(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, []app.Module{fake(), workbench.Module()}, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		p := show(t, w, w.Members[0])
		var names []string
		for _, g := range p.Groups {
			names = append(names, g.Name)
		}
		if fmt.Sprint(names) != "[late later undated]" || p.Waiting != 10 {
			t.Errorf("%v, %d waiting", names, p.Waiting)
		}
		if g := p.Groups[1]; g.Total != 7 || len(g.Items) != 5 || g.All != "/later" {
			t.Errorf("a long queue: %+v", g)
		}
		// Monday 12 January; due on Thursday the 8th: two working days late.
		if i := p.Groups[0].Items[0]; !i.Late || i.Left != -2 || i.Held != 0 {
			t.Errorf("late: %+v", i)
		}
		if i := p.Groups[1].Items[0]; i.Late || i.Left <= 0 {
			t.Errorf("later: %+v", i)
		}
		if len(p.Follows) != 1 || p.Follows[0].Total != 4 || len(p.Begins) != 1 || len(p.Figures) != 0 || len(p.Days) != 0 {
			t.Errorf("the rest: %+v", p)
		}
	})
}

func TestEachPostHasItsOwn(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, []app.Module{fake(), workbench.Module()}, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		for _, who := range []access.Actor{w.Office, w.SysAdmin, w.SecAdmin, w.Auditor, access.Nobody(access.Via{})} {
			if p := show(t, w, who); p.Waiting != 0 || len(p.Groups)+len(p.Follows)+len(p.Figures)+len(p.Begins)+len(p.Days)+len(p.Hats) != 0 {
				t.Errorf("%s: %+v", who.Name, p)
			}
		}
		p := show(t, w, w.Leader)
		if len(p.Figures) != 1 || len(p.Days) != 30 {
			t.Fatalf("the leader's: %+v", p)
		}
		if d := p.Days[0]; d.On != "2026-01-12" || d.N != 5 || d.Link != "/a" || !d.Workday {
			t.Errorf("today: %+v", d)
		}
		if d := p.Days[29]; d.On != "2026-02-10" || d.N != 1 {
			t.Errorf("the last day: %+v", d)
		}
		if p.Days[5].Workday || p.Days[5].On != "2026-01-17" {
			t.Errorf("a Saturday: %+v", p.Days[5])
		}
	})
}

func TestOtherHatsAreNotForgotten(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, []app.Module{fake(), workbench.Module()}, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		both := w.Also(t, w.Members[0], access.Handler, "unitA", "经办人")
		p := show(t, w, both)
		if p.Waiting != 10 || len(p.Hats) != 1 || p.Hats[0].Waiting != 3 || p.Hats[0].Post.Kind != access.Handler {
			t.Errorf("as a member: %+v", p.Hats)
		}
		p = show(t, w, testkit.Acting(both, access.Handler))
		if p.Waiting != 3 || len(p.Hats) != 1 || p.Hats[0].Waiting != 10 {
			t.Errorf("as a handler: %d, %+v", p.Waiting, p.Hats)
		}
	})
}

func TestAQueueThatFailsIsNamed(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	bad := app.Module{Name: "bad", Waits: []app.Waits{{Name: "bad.queue", For: []access.PostKind{access.Member},
		Find: func(*app.Look, int) ([]app.Waiting, int, error) { return nil, 0, broken }}}}
	h := testkit.Open(t, store.SQLite, []app.Module{bad, workbench.Module()}, nil)
	w := testkit.NewWorld(t, h)
	if _, err := workbench.Show.Do(t.Context(), w.App, w.Members[0], struct{}{}); !errors.Is(err, broken) {
		t.Errorf("swallowed: %v", err)
	}
}

func TestNobodyActsInAPostHeLacks(t *testing.T) {
	t.Parallel()
	h := testkit.Open(t, store.SQLite, nil, nil)
	w := testkit.NewWorld(t, h)
	q := app.Ask("test.acting", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, post string) (access.Actor, error) {
		return l.Acting(post).Who(), nil
	})
	if who, err := q.Do(t.Context(), w.App, w.Members[0], w.Chief.Post.ID); err != nil || who.SignedIn() {
		t.Errorf("a member acts as %+v %v", who, err)
	}
}
