package app_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// note is a small domain: a note that members may add.
type note struct{ ID string }

func (n note) Object() (string, string) { return "note", n.ID }

type addIn struct {
	ID   string `json:"id"`
	Fail bool   `json:"fail"`
}

type addOut struct {
	Count int `json:"count"`
}

type added struct {
	Text string `json:"text"`
}

func (added) FactName() string { return "note.added" }

var errBroken = errors.New("broken")

var add = app.Define("note.add",
	func(_ *app.Call, in addIn) (note, error) {
		if in.ID == "nothing" {
			return note{}, fault.New(fault.NotFound, "fault.not-found")
		}
		return note{in.ID}, nil
	},
	func(who access.Actor, n note) access.Verdict {
		switch {
		case n.ID == "hidden":
			return access.Hide()
		case who.Is(access.Member):
			return access.Allow()
		default:
			return access.Deny("access.denied")
		}
	},
	func(c *app.Call, n note, in addIn) (addOut, error) {
		if _, err := c.Tx().Exec(c.Ctx(), "INSERT INTO note (id) VALUES (?)", n.ID+c.Who().Via.RequestID); err != nil {
			return addOut{}, err
		}
		if err := c.Record(added{in.ID}, "note", n.ID); err != nil {
			return addOut{}, err
		}
		if in.Fail {
			return addOut{}, errBroken
		}
		var out addOut
		return out, c.Tx().Row(c.Ctx(), "SELECT COUNT(*) FROM note").Scan(&out.Count)
	})

type tally struct {
	Notes, Facts, Done, Refused, Hidden int
}

var look = app.Ask("note.look", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, _ struct{}) (tally, error) {
		var x tally
		err := l.Tx().Row(l.Ctx(), `SELECT (SELECT COUNT(*) FROM note), (SELECT COUNT(*) FROM fact WHERE kind = 'note.added'),
			(SELECT COUNT(*) FROM audit_entry WHERE action = 'note.add' AND result = 'done'),
			(SELECT COUNT(*) FROM audit_entry WHERE action = 'note.add' AND result = 'refused'),
			(SELECT COUNT(*) FROM audit_entry WHERE action = 'note.add' AND result = 'hidden')`).
			Scan(&x.Notes, &x.Facts, &x.Done, &x.Refused, &x.Hidden)
		return x, err
	})

func notes(hear func(app.Heard) error) app.Module {
	m := app.Module{Name: "note", Schema: fstest.MapFS{"schema/209901010000_note.sql": {Data: []byte("-- +goose Up\nCREATE TABLE note (id TEXT PRIMARY KEY);")}}}
	if hear != nil {
		m.Listeners = []app.Listener{{Name: "test", Kinds: []string{"note.added"}, Hear: func(_ context.Context, _ *app.App, f app.Heard) error { return hear(f) }}}
	}
	return m
}

func state(t *testing.T, h *testkit.House) tally {
	t.Helper()
	x, err := look.Do(t.Context(), h.App, access.Actor{}, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestAnActLeavesAllItsTracesOrNone(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, []app.Module{notes(nil)}, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		for _, c := range []struct {
			who  access.Actor
			in   addIn
			kind fault.Kind
			want tally
		}{
			{w.Members[0], addIn{ID: "a"}, -1, tally{1, 1, 1, 0, 0}},
			{w.Members[0], addIn{ID: "b", Fail: true}, fault.Internal, tally{1, 1, 1, 0, 0}},
			{w.Office, addIn{ID: "c"}, fault.Forbidden, tally{1, 1, 1, 1, 0}},
			{w.Members[0], addIn{ID: "hidden"}, fault.NotFound, tally{1, 1, 1, 1, 1}},
			{w.Members[0], addIn{ID: "nothing"}, fault.NotFound, tally{1, 1, 1, 1, 1}},
			{access.Actor{}, addIn{ID: "d"}, fault.Forbidden, tally{1, 1, 1, 2, 1}},
		} {
			_, err := add.Do(t.Context(), h.App, c.who, c.in)
			if (err == nil) != (c.kind == -1) || err != nil && fault.From(err).Kind != c.kind {
				t.Errorf("%s: got %v", c.in.ID, err)
			}
			if got := state(t, h); got != c.want {
				t.Errorf("after %s: %+v, want %+v", c.in.ID, got, c.want)
			}
		}
	})
}

func TestARepetitionHasOneEffectAndTheFirstAnswer(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, []app.Module{notes(nil)}, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		who := testkit.Keyed(w.Members[0], "k1")
		first, err := add.Do(t.Context(), h.App, who, addIn{ID: "a"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := add.Do(t.Context(), h.App, w.Members[1], addIn{ID: "b"}); err != nil {
			t.Fatal(err)
		}
		again, err := add.Do(t.Context(), h.App, who, addIn{ID: "a"})
		if err != nil || again != first {
			t.Errorf("the repetition answered %v %v, first %v", again, err, first)
		}
		if _, err := add.Do(t.Context(), h.App, who, addIn{ID: "other"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("the key for something else answered %v", err)
		}
		// A stranger's same key is another key.
		if _, err := add.Do(t.Context(), h.App, testkit.Keyed(w.Members[2], "k1"), addIn{ID: "c"}); err != nil {
			t.Error(err)
		}
		if got := state(t, h); got.Notes != 3 || got.Done != 3 || got.Facts != 3 {
			t.Errorf("%+v, want three of each", got)
		}
	})
}

func TestAHundredSimultaneousActsOfOneKeyHaveOneEffect(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, []app.Module{notes(nil)}, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() { _, _ = add.Do(t.Context(), h.App, testkit.Keyed(w.Members[0], "once"), addIn{ID: "a"}) })
		}
		wg.Wait()
		if got := state(t, h); got.Notes != 1 || got.Done != 1 || got.Facts != 1 {
			t.Errorf("%+v, want one of each", got)
		}
	})
}

func TestListenersHearEveryFactInOrderAndAgainAfterAFailure(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	heard := map[string][]string{} // by database
	fails := map[string]int{}
	hear := func(f app.Heard) error {
		mu.Lock()
		defer mu.Unlock()
		if fails[f.CommitteeID] == 0 && f.ObjectID == "n3" {
			fails[f.CommitteeID]++
			return errBroken
		}
		heard[f.CommitteeID] = append(heard[f.CommitteeID], f.ObjectID)
		return nil
	}
	testkit.EachDB(t, []app.Module{notes(hear)}, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		for _, id := range []string{"n1", "n2", "n3", "n4"} {
			if _, err := add.Do(t.Context(), h.App, w.Members[0], addIn{ID: id}); err != nil {
				t.Fatal(err)
			}
		}
		// On PostgreSQL a fact is heard once no older transaction runs on the server.
		var err error
		for end := time.Now().Add(20 * time.Second); err == nil && time.Now().Before(end); {
			err = h.App.CatchUp(t.Context())
		}
		if !errors.Is(err, errBroken) {
			t.Fatalf("the failing listener answered %v", err)
		}
		h.CaughtUp(t)
		mu.Lock()
		defer mu.Unlock()
		seen := map[string]bool{}
		for _, id := range heard[w.CommitteeID] {
			seen[id] = true
		}
		if got := heard[w.CommitteeID]; len(seen) != 4 || got[len(got)-1] != "n4" {
			t.Errorf("heard %v", got)
		}
	})
}

func TestAnActionWithoutARuleStopsTheProgram(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("an action without a rule was defined")
		}
	}()
	app.Define("note.remove", func(*app.Call, addIn) (note, error) { return note{}, nil }, nil,
		func(*app.Call, note, addIn) (addOut, error) { return addOut{}, nil })
}

func TestTheDatabaseKeepsFactsAndAuditRowsAsTheyAre(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, []app.Module{notes(nil)}, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		if _, err := add.Do(t.Context(), h.App, w.Members[0], addIn{ID: "a"}); err != nil {
			t.Fatal(err)
		}
		db, err := store.Open(t.Context(), h.Address, store.Options{Readers: 1, Pool: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		for _, q := range []string{"DELETE FROM fact", "UPDATE audit_entry SET result = 'x'", "DELETE FROM audit_entry"} {
			if err := db.Write(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec(t.Context(), q)
				return err
			}); err == nil {
				t.Errorf("%s was done", q)
			}
		}
	})
}

// within adds a note inside another act.
var within = app.Define("note.within",
	func(_ *app.Call, in addIn) (note, error) { return note{"outer"}, nil }, access.Public[note],
	func(c *app.Call, _ note, in addIn) (addOut, error) { return add.Within(c, in) })

func TestTheNoOfAnActInsideAnotherIsRecorded(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, []app.Module{notes(nil)}, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		if _, err := within.Do(t.Context(), h.App, w.Office, addIn{ID: "a"}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the inner rule answered %v", err)
		}
		if got := state(t, h); got != (tally{Refused: 1}) {
			t.Errorf("%+v, want one refusal and nothing else", got)
		}
	})
}

// TestWhatIsKeptForRepetitionsHidesTheInput: an input may be a phone number, of
// which there are few enough to try all.
func TestWhatIsKeptForRepetitionsHidesTheInput(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, []app.Module{notes(nil)}, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		in := addIn{ID: "13800000000"}
		if _, err := add.Do(t.Context(), h.App, testkit.Keyed(w.Members[0], "k"), in); err != nil {
			t.Fatal(err)
		}
		db, err := store.Open(t.Context(), h.Address, store.Options{Readers: 1, Pool: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		var kept string
		if err := db.Read(t.Context(), func(tx *store.Tx) error {
			return tx.Row(t.Context(), "SELECT input FROM idempotency").Scan(&kept)
		}); err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(b)
		if kept == "" || strings.Contains(kept, hex.EncodeToString(sum[:])) || strings.Contains(kept, base64.RawURLEncoding.EncodeToString(sum[:])) {
			t.Errorf("kept %q, which anybody can compute", kept)
		}
		if _, err := add.Do(t.Context(), h.App, testkit.Keyed(w.Members[0], strings.Repeat("k", 3000)), in); !fault.Is(err, fault.Invalid) {
			t.Errorf("a key of three thousand bytes: %v", err)
		}
	})
}

func TestOldRepetitionsAreForgotten(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, []app.Module{notes(nil)}, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		who := testkit.Keyed(w.Members[0], "k")
		for _, c := range []struct {
			later time.Duration
			id    string
			kind  fault.Kind
		}{{0, "a", -1}, {6 * 24 * time.Hour, "b", fault.Conflict}, {2 * 24 * time.Hour, "b", -1}} {
			h.Clock.Advance(c.later)
			if err := h.App.RunTasks(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := add.Do(t.Context(), h.App, who, addIn{ID: c.id}); (err == nil) != (c.kind == -1) || err != nil && !fault.Is(err, c.kind) {
				t.Errorf("the key for %s %s later: %v", c.id, c.later, err)
			}
		}
	})
}
