package audit_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/audit"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

type thing struct{}

func (thing) Object() (string, string) { return "thing", "t" }

var touch = app.Define("thing.touch", func(*app.Call, struct{}) (thing, error) { return thing{}, nil }, access.Anyone[thing],
	func(c *app.Call, _ thing, _ struct{}) (struct{}, error) {
		c.Detail(map[string]int{"n": 1})
		return struct{}{}, nil
	})

// written makes a small committee that acted sixty times, sealed in between.
func written(t *testing.T, e store.Engine) *testkit.World {
	t.Helper()
	w := testkit.NewWorld(t, testkit.Open(t, e, nil, nil))
	for i := range 60 {
		if _, err := touch.Do(t.Context(), w.App, w.Members[i%5], struct{}{}); err != nil {
			t.Fatal(err)
		}
		if i%7 == 0 {
			if err := w.App.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.App.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAChainThatNobodyTouchedVerifies(t *testing.T) {
	t.Parallel()
	for _, e := range []store.Engine{store.SQLite, store.Postgres} {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			w := written(t, e)
			n, found, err := w.App.Verify(t.Context(), w.Checkpoints())
			if err != nil || len(found) != 0 || n < 60 {
				t.Errorf("%d entries: %v %v", n, found, err)
			}
		})
	}
}

// TestRandomTamperingIsFound changes a copy of the database behind the
// product's back, a thousand times in as many ways (trust.md AUD-04).
func TestRandomTamperingIsFound(t *testing.T) {
	t.Parallel()
	w := written(t, store.SQLite)
	marks := w.Checkpoints()
	raw, err := sql.Open("sqlite", w.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	raw.SetMaxOpenConns(1)
	for _, name := range []string{"audit_entry_no_update", "audit_entry_no_delete", "audit_seal_no_update", "audit_seal_no_delete"} {
		if _, err := raw.Exec("DROP TRIGGER " + name); err != nil {
			t.Fatal(err)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 1000 {
		ways := tamperings(r, w.CommitteeID)
		way := ways[i%len(ways)]
		if _, err := raw.Exec("SAVEPOINT before"); err != nil {
			t.Fatal(err)
		}
		for _, q := range strings.Split(way, ";;") {
			if _, err := raw.Exec(q); err != nil {
				t.Fatalf("%s: %v", q, err)
			}
		}
		found := verifyRaw(t, raw, marks)
		if _, err := raw.Exec("ROLLBACK TO before; RELEASE before"); err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 {
			t.Fatalf("tampering %d was not found: %s", i, way)
		}
	}
	if found := verifyRaw(t, raw, marks); len(found) != 0 {
		t.Errorf("the restored chain does not verify: %v", found)
	}
}

func tamperings(r *rand.Rand, committee string) []string {
	nth := fmt.Sprintf("(SELECT entry_id FROM audit_seal WHERE committee_id = '%s' AND seq = %d)", committee, 1+r.IntN(60))
	column := []string{"action", "person_id", "object_id", "result", "detail", "address", "reason", "post_kind", "request_id", "on_behalf_of"}[r.IntN(10)]
	return []string{
		fmt.Sprintf("UPDATE audit_entry SET %s = %s || 'x' WHERE id = %s", column, column, nth),
		fmt.Sprintf("UPDATE audit_entry SET at = at + 1 WHERE id = %s", nth),
		fmt.Sprintf("DELETE FROM audit_entry WHERE id = %s", nth),
		fmt.Sprintf("DELETE FROM audit_seal WHERE committee_id = '%s' AND entry_id = %s", committee, nth),
		fmt.Sprintf("DELETE FROM audit_seal WHERE committee_id = '%s' AND seq > %d;;DELETE FROM audit_entry WHERE id NOT IN (SELECT entry_id FROM audit_seal)", committee, r.IntN(60)),
		fmt.Sprintf("UPDATE audit_seal SET chain_hash = 'f' || substr(chain_hash, 2) || 'x' WHERE committee_id = '%s' AND seq = %d", committee, 1+r.IntN(60)),
		fmt.Sprintf("INSERT INTO audit_entry SELECT id || 'z', committee_id, at, person_id, post_id, post_kind, on_behalf_of, action, object_kind, object_id, result, reason, address, session, request_id, detail, content_hash FROM audit_entry WHERE id = %s", nth),
	}
}

func verifyRaw(t *testing.T, raw *sql.DB, marks []audit.Head) []audit.Finding {
	t.Helper()
	tx := store.Raw(raw)
	_, found, err := audit.Verify(t.Context(), tx, marks)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
