package notify_test

import (
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/notify"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// happened is a fact that a test makes; To are those to be told.
type happened struct {
	Name  string   `json:"-"`
	To    []string `json:"to"`
	Title string   `json:"title"`
}

func (h happened) FactName() string { return h.Name }
func (h happened) Object() (string, string) {
	return "test", "case-1"
}

// occur records a fact by an act of who.
func occur(t testing.TB, w *testkit.World, who access.Actor, h happened) {
	t.Helper()
	act := app.Define("test.occur", func(_ *app.Call, in happened) (happened, error) { return in, nil }, access.Public[happened],
		func(c *app.Call, s happened, _ happened) (struct{}, error) {
			return struct{}{}, c.Record(s, "test", "case-1")
		})
	if _, err := act.Do(t.Context(), w.App, who, h); err != nil {
		t.Fatal(err)
	}
}

// rules tell those whom the fact names.
func rules() []notify.Rule {
	return []notify.Rule{
		{Fact: "test.happened", Notices: func(_ *app.Look, f app.Heard) ([]notify.Notice, error) {
			h, err := notify.Body[happened](f)
			return []notify.Notice{{To: h.To, Key: "test.notice", Args: []string{"title", h.Title, "due", "2026-03-31"}, Link: "/cases/1"}}, err
		}},
		{Fact: "test.gone", Notices: func(*app.Look, app.Heard) ([]notify.Notice, error) {
			return nil, fault.New(fault.NotFound, "fault.not-found")
		}},
		{Fact: "test.odd", Notices: func(*app.Look, app.Heard) ([]notify.Notice, error) {
			return []notify.Notice{{To: []string{"x"}, Key: "test.notice", Args: []string{"title"}}}, nil
		}},
	}
}

func modules() []app.Module { return []app.Module{notify.Module(rules()...)} }

func inbox(t testing.TB, w *testkit.World, who access.Actor, in notify.InboxIn) notify.InboxOut {
	t.Helper()
	out, err := notify.Inbox.Do(t.Context(), w.App, who, in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// deaf makes a listener forget what it heard, as a crash before its cursor was
// kept would.
func deaf(t testing.TB, w *testkit.World) {
	t.Helper()
	type none struct{ happened }
	act := app.Define("test.forget", func(*app.Call, none) (happened, error) { return happened{}, nil }, access.Public[happened],
		func(c *app.Call, _ happened, _ none) (struct{}, error) {
			_, err := c.Tx().Exec(c.Ctx(), "DELETE FROM fact_cursor")
			return struct{}{}, err
		})
	if _, err := act.Do(t.Context(), w.App, access.Actor{}, none{}); err != nil {
		t.Fatal(err)
	}
}

func TestAFactHeardTwiceIsToldOnce(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, modules(), nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		a, b := w.Members[0], w.Members[1]
		// The one who did it is not told; a person named twice is told once.
		occur(t, w, w.Office, happened{Name: "test.happened", Title: "关于路灯的提案", To: []string{a.PersonID, b.PersonID, a.PersonID, w.Office.PersonID, ""}})
		w.CaughtUp(t)
		for range 3 {
			deaf(t, w)
			w.CaughtUp(t)
		}
		for _, who := range []access.Actor{a, b} {
			out := inbox(t, w, who, notify.InboxIn{})
			if out.Total != 1 || out.Unread != 1 || len(out.Messages) != 1 {
				t.Fatalf("%s has %+v", who.Name, out)
			}
			m := out.Messages[0]
			if m.Key != "test.notice" || m.Link != "/cases/1" || !slices.Equal(m.Args, []string{"title", "关于路灯的提案", "due", "2026-03-31"}) || !m.At.Equal(w.Clock.Now()) {
				t.Errorf("told %+v", m)
			}
		}
		if out := inbox(t, w, w.Office, notify.InboxIn{}); out.Total != 0 {
			t.Errorf("who did it was told: %+v", out)
		}
	})
}

func TestReadingIsOneSOwn(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, modules(), nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		a, b := w.Members[0], w.Members[1]
		occur(t, w, w.Office, happened{Name: "test.happened", To: []string{a.PersonID}})
		w.CaughtUp(t)
		id := inbox(t, w, a, notify.InboxIn{}).Messages[0].ID
		for _, who := range []access.Actor{b, w.Chief, w.SysAdmin, w.Stranger, access.Machine(w.CommitteeID, "notify"), access.Nobody(access.Via{})} {
			if _, err := notify.Read.Do(t.Context(), w.App, who, notify.ReadIn{ID: id}); kind(err) != fault.NotFound {
				t.Errorf("%q opened somebody else's message: %v", who.Name, err)
			}
			if out := inbox(t, w, who, notify.InboxIn{}); out.Total != 0 || out.Unread != 0 {
				t.Errorf("%q sees %+v", who.Name, out)
			}
		}
		for _, odd := range []string{"", "x", "'; DROP TABLE message; --", string(make([]byte, 5000))} {
			_, err := notify.Read.Do(t.Context(), w.App, a, notify.ReadIn{ID: odd})
			if h.App.Engine() == store.Postgres && len(odd) == 5000 && err != nil {
				continue // PostgreSQL refuses NUL bytes before it looks
			}
			if kind(err) != fault.NotFound {
				t.Errorf("message %.20q: %v", odd, err)
			}
		}
		// Acting in another post it is still his own; opening twice keeps the first time.
		opened := w.Clock.Now()
		for range 2 {
			out, err := notify.Read.Do(t.Context(), w.App, a, notify.ReadIn{ID: id})
			if err != nil || out.Link != "/cases/1" {
				t.Fatalf("opened: %+v %v", out, err)
			}
			w.Clock.Advance(time.Hour)
		}
		out := inbox(t, w, a, notify.InboxIn{})
		if out.Unread != 0 || out.Total != 1 || !out.Messages[0].ReadAt.Equal(opened) {
			t.Errorf("after opening: %+v", out)
		}
	})
}

func TestReadAllStopsAtWhatWasShown(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, modules(), nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		a := w.Members[0]
		for range 3 {
			occur(t, w, w.Office, happened{Name: "test.happened", To: []string{a.PersonID, w.Members[1].PersonID}})
		}
		w.CaughtUp(t)
		newest := inbox(t, w, a, notify.InboxIn{}).Messages[0].ID
		occur(t, w, w.Office, happened{Name: "test.happened", To: []string{a.PersonID}})
		w.CaughtUp(t)
		for i, want := range []int64{3, 0} {
			out, err := notify.ReadAll.Do(t.Context(), w.App, a, notify.ReadAllIn{UpTo: newest})
			if err != nil || out.Marked != want {
				t.Errorf("time %d: marked %+v %v", i, out, err)
			}
		}
		if n := unread(t, w, a); n != 1 {
			t.Errorf("%d unread, the one that came meanwhile", n)
		}
		if out := inbox(t, w, a, notify.InboxIn{Unread: true}); len(out.Messages) != 1 || out.Total != 4 {
			t.Errorf("only unread: %+v", out)
		}
		if n := unread(t, w, w.Members[1]); n != 3 {
			t.Errorf("somebody else has %d unread", n)
		}
		if _, err := notify.ReadAll.Do(t.Context(), w.App, access.Nobody(access.Via{}), notify.ReadAllIn{}); kind(err) != fault.Forbidden {
			t.Errorf("nobody: %v", err)
		}
	})
}

func unread(t testing.TB, w *testkit.World, who access.Actor) int {
	t.Helper()
	n, err := notify.Unread(t.Context(), w.App, who)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheInboxIsTurnedPageByPage(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, modules(), nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		a := w.Members[0]
		for i := range 65 {
			occur(t, w, w.Office, happened{Name: "test.happened", Title: strconv.Itoa(i), To: []string{a.PersonID}})
		}
		w.CaughtUp(t)
		var titles []string
		in := notify.InboxIn{}
		for range 3 {
			out := inbox(t, w, a, in)
			if out.Total != 65 || out.Unread != 65 {
				t.Errorf("totals %d %d", out.Total, out.Unread)
			}
			for _, m := range out.Messages {
				titles = append(titles, m.Args[1])
			}
			in.After = out.Next
		}
		if in.After != "" || len(titles) != 65 || titles[0] != "64" || titles[64] != "0" {
			t.Errorf("%d messages, next %q: %v", len(titles), in.After, titles)
		}
		if out := inbox(t, w, a, notify.InboxIn{After: "' OR 1=1"}); out.Total != 65 {
			t.Errorf("a strange cursor: %+v", out)
		}
	})
}

func TestWhatARuleGetsWrong(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, modules(), nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		a := w.Members[0]
		occur(t, w, w.Office, happened{Name: "test.gone"})
		occur(t, w, w.Office, happened{Name: "test.nobody-speaks-of-it", To: []string{a.PersonID}})
		long := ""
		for range 500 {
			long += "长"
		}
		occur(t, w, w.Office, happened{Name: "test.happened", Title: long, To: []string{a.PersonID}})
		w.CaughtUp(t)
		out := inbox(t, w, a, notify.InboxIn{})
		if out.Total != 1 || len([]rune(out.Messages[0].Args[1])) != 80 {
			t.Errorf("told %+v", out)
		}
		occur(t, w, w.Office, happened{Name: "test.odd"})
		// The listener stumbles until somebody mends the rule; on PostgreSQL it
		// may come to the fact a little later.
		for end := time.Now().Add(20 * time.Second); w.App.CatchUp(t.Context()) == nil; {
			if time.Now().After(end) {
				t.Fatal("a value without its name was swallowed")
			}
		}
	})
}

func TestARuleWithoutAPartStopsTheStart(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a rule without notices was taken")
		}
	}()
	notify.Module(notify.Rule{Fact: "x.y"})
}

func kind(err error) fault.Kind {
	f := (*fault.Error)(nil)
	if !errors.As(err, &f) {
		return -1
	}
	return f.Kind
}
