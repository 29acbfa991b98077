package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"

	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// eachDB opens a database with one table on both engines.
func eachDB(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	for _, e := range []store.Engine{store.SQLite, store.Postgres} {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			address := testkit.Fresh(t, e, nil)
			schema := fstest.MapFS{"schema/202601010001_x.sql": {Data: []byte(
				"-- +goose Up\nCREATE TABLE x (id TEXT PRIMARY KEY, n BIGINT NOT NULL);\nCREATE TABLE seal (id TEXT PRIMARY KEY);")}}
			if err := store.Migrate(t.Context(), address, []fs.FS{schema}, []string{"seal"}); err != nil {
				t.Fatal(err)
			}
			db, err := store.Open(t.Context(), address, store.Options{Readers: 2, Pool: 8})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			f(t, db)
		})
	}
}

func put(id string, n int) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		_, err := tx.Exec(context.Background(), "INSERT INTO x (id, n) VALUES (?, ?)", id, n)
		return err
	}
}

func count(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	if err := db.Read(t.Context(), func(tx *store.Tx) error {
		return tx.Row(t.Context(), "SELECT COUNT(*) FROM x").Scan(&n)
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAnErrorOrAPanicRollsBackOnlyItsOwnWrite(t *testing.T) {
	t.Parallel()
	eachDB(t, func(t *testing.T, db *store.DB) {
		var wg sync.WaitGroup
		refused := errors.New("refused")
		for i := range 60 {
			wg.Go(func() {
				err := db.Write(t.Context(), func(tx *store.Tx) error {
					if err := put(fmt.Sprint(i), i)(tx); err != nil {
						return err
					}
					switch i % 3 {
					case 1:
						return refused
					case 2:
						panic("a mistake of ours")
					}
					return nil
				})
				if (err == nil) != (i%3 == 0) || i%3 == 1 && !errors.Is(err, refused) {
					t.Errorf("write %d answered %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, db); n != 20 {
			t.Errorf("%d rows, want the 20 that succeeded", n)
		}
	})
}

func TestACancelledRequestNeverTakesOthersAlong(t *testing.T) {
	t.Parallel()
	eachDB(t, func(t *testing.T, db *store.DB) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		acknowledged := map[string]bool{}
		for i := range 120 {
			wg.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				id := fmt.Sprint(i)
				err := db.Write(ctx, func(tx *store.Tx) error {
					if _, err := tx.Exec(ctx, "INSERT INTO x (id, n) VALUES (?, ?)", id, i); err != nil {
						return err
					}
					if i%4 == 0 {
						cancel() // the browser went away in the middle of the act
					}
					_, err := tx.Exec(ctx, "UPDATE x SET n = n + 1 WHERE id = ?", id)
					return err
				})
				if err == nil {
					mu.Lock()
					acknowledged[id] = true
					mu.Unlock()
				} else if i%4 != 0 {
					t.Errorf("write %d failed because of others: %v", i, err)
				}
			})
		}
		wg.Wait()
		rows, err := all(t, db)
		if err != nil {
			t.Fatal(err)
		}
		for id := range acknowledged {
			if rows[id] == 0 {
				t.Errorf("write %s was acknowledged and is lost", id)
			}
		}
		for id := range rows {
			if !acknowledged[id] {
				t.Errorf("write %s was refused and is there", id)
			}
		}
	})
}

func all(t *testing.T, db *store.DB) (map[string]int, error) {
	t.Helper()
	rows := map[string]int{}
	err := db.Read(t.Context(), func(tx *store.Tx) error {
		list, err := store.List(t.Context(), tx, func(r store.Row, v *[2]any) error { return r.Scan(&v[0], &v[1]) }, "SELECT id, n FROM x")
		for _, v := range list {
			rows[fmt.Sprint(v[0])] = 1
		}
		return err
	})
	return rows, err
}

func TestReadersSeeOneStateAndCannotWrite(t *testing.T) {
	t.Parallel()
	eachDB(t, func(t *testing.T, db *store.DB) {
		err := db.Read(t.Context(), func(tx *store.Tx) error {
			var before, after int
			if err := tx.Row(t.Context(), "SELECT COUNT(*) FROM x").Scan(&before); err != nil {
				return err
			}
			if err := db.Write(t.Context(), put("late", 1)); err != nil {
				return err
			}
			if err := tx.Row(t.Context(), "SELECT COUNT(*) FROM x").Scan(&after); err != nil {
				return err
			}
			if before != after {
				t.Errorf("the state changed under a reader: %d, then %d", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Read(t.Context(), put("by reader", 1)); err == nil {
			t.Error("a reader wrote")
		}
		if err := db.Write(t.Context(), put("late", 1)); !errors.Is(err, store.ErrUnique) {
			t.Errorf("the same key again answered %v", err)
		}
	})
}

func TestAppendOnlyTablesRefuseChanges(t *testing.T) {
	t.Parallel()
	eachDB(t, func(t *testing.T, db *store.DB) {
		exec := func(q string) error {
			return db.Write(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec(t.Context(), q)
				return err
			})
		}
		if err := exec("INSERT INTO seal (id) VALUES ('a')"); err != nil {
			t.Fatal(err)
		}
		for _, q := range []string{"UPDATE seal SET id = 'b'", "DELETE FROM seal"} {
			if exec(q) == nil {
				t.Errorf("%s was done", q)
			}
		}
	})
}

func TestFragmentsJoinWithTheirArguments(t *testing.T) {
	t.Parallel()
	q := store.Join(store.F("SELECT * FROM x WHERE"), store.And(store.F("a = ?", 1), store.Fragment{}, store.In("b", "p", "q")), store.F("LIMIT ?", 9))
	if q.SQL != "SELECT * FROM x WHERE (a = ?) AND (b IN (?, ?)) LIMIT ?" || len(q.Args) != 4 || q.Args[3] != 9 {
		t.Errorf("got %q %v", q.SQL, q.Args)
	}
	if store.In("b").SQL != "1 = 0" || store.And().SQL != "1 = 1" {
		t.Error("no values match nothing; no conditions match everything")
	}
}

func TestWritesAfterCloseAreRefused(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "x.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(t.Context(), func(*store.Tx) error { return nil }); err == nil {
		t.Error("a closed database accepted a write")
	}
}

// TestStrangeTextIsKeptAlike: NUL and broken UTF-8 from an address or a field
// find nothing and break nothing, on either engine.
func TestStrangeTextIsKeptAlike(t *testing.T) {
	t.Parallel()
	eachDB(t, func(t *testing.T, db *store.DB) {
		strange := "a\x00b\xffc"
		if err := db.Write(t.Context(), put(strange, 1)); err != nil {
			t.Fatal(err)
		}
		found, err := all(t, db)
		if err != nil || found["a\ufffdb\ufffdc"] != 1 {
			t.Errorf("kept %v %v", found, err)
		}
		if err := db.Read(t.Context(), func(tx *store.Tx) error {
			var n int
			return tx.Row(t.Context(), "SELECT n FROM x WHERE id = ?", "\x00").Scan(&n)
		}); !errors.Is(err, store.ErrNone) {
			t.Errorf("looking for a strange id: %v", err)
		}
	})
}
