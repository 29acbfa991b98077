package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"tongxin/internal/fault"
)

// TestABrokenGroupRunsEachMemberAgain injects a failure into each step of the
// group's bookkeeping. Whatever breaks, an acknowledged write is there once and
// a refused one is absent.
func TestABrokenGroupRunsEachMemberAgain(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"BEGIN IMMEDIATE", "SAVEPOINT member", "RELEASE member", "ROLLBACK TO member", "COMMIT"} {
		for nth := range 4 {
			t.Run(fmt.Sprintf("%s %d", step, nth), func(t *testing.T) {
				t.Parallel()
				seen := 0
				history(t, 40, func(q string) error {
					if q != step {
						return nil
					}
					seen++
					if seen == nth+1 {
						return errors.New("the disk is gone for a moment")
					}
					return nil
				})
			})
		}
	}
}

// TestAnyPatternOfFailures does the same with random failures.
func TestAnyPatternOfFailures(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		pattern := rapid.SliceOfN(rapid.IntRange(0, 5), 64, 64).Draw(r, "pattern")
		i := 0
		history(t, 12, func(string) error {
			i++
			if pattern[i%len(pattern)] == 0 {
				return errors.New("injected")
			}
			return nil
		})
	})
}

// TestNothingIsWrittenAfterTheDiskFailedToConfirm: the commit that failed is not
// tried again, nor any other; reading goes on, and the health check tells.
func TestNothingIsWrittenAfterTheDiskFailedToConfirm(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, err := Open(ctx, filepath.Join(t.TempDir(), "x.db"), Options{Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	exec := func(q string) error {
		return db.Write(ctx, func(tx *Tx) error {
			_, err := tx.Exec(ctx, q)
			return err
		})
	}
	if err := errors.Join(exec("CREATE TABLE x (id BIGINT)"), exec("INSERT INTO x VALUES (1)"), db.Ping(ctx)); err != nil {
		t.Fatal(err)
	}
	commits := 0
	_ = db.group.alone(ctx, func(*conn) error {
		db.group.broken = func(q string) error {
			if q != "COMMIT" {
				return nil
			}
			commits++
			return errUnsynced
		}
		return nil
	})
	for i := range 3 {
		if err := exec("INSERT INTO x VALUES (2)"); !fault.Is(err, fault.Unavailable) {
			t.Errorf("write %d: %v", i, err)
		}
	}
	if commits != 1 {
		t.Errorf("%d commits were tried, want 1", commits)
	}
	if err := db.Ping(ctx); err == nil {
		t.Error("the health check is content")
	}
	n := 0
	if err := db.Read(ctx, func(tx *Tx) error { return tx.Row(ctx, "SELECT COUNT(*) FROM x").Scan(&n) }); err != nil || n != 1 {
		t.Errorf("%d rows are read, %v", n, err)
	}
}

// history lets n writers write at once while broken breaks steps, and compares
// what they were told with what is in the database.
func history(t *testing.T, n int, broken func(string) error) {
	t.Helper()
	ctx := context.Background()
	db, err := Open(ctx, filepath.Join(t.TempDir(), "x.db"), Options{Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, "CREATE TABLE x (id BIGINT, half BIGINT)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	_ = db.group.alone(ctx, func(*conn) error { db.group.broken = broken; return nil })
	told := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			told[i] = db.Write(ctx, func(tx *Tx) error {
				for half := range 2 {
					if _, err := tx.Exec(ctx, "INSERT INTO x VALUES (?, ?)", i, half); err != nil {
						return err
					}
				}
				if i%5 == 4 {
					return errors.New("refused")
				}
				return nil
			})
		})
	}
	wg.Wait()
	_ = db.group.alone(ctx, func(*conn) error { db.group.broken = nil; return nil })
	_ = db.Read(ctx, func(tx *Tx) error {
		for i := range n {
			var rows int
			if err := tx.Row(ctx, "SELECT COUNT(*) FROM x WHERE id = ?", i).Scan(&rows); err != nil {
				t.Error(err)
			}
			if told[i] == nil && rows != 2 || told[i] != nil && rows != 0 {
				t.Errorf("write %d was told %v and left %d of 2 rows", i, told[i], rows)
			}
		}
		return nil
	})
}

func TestNumberLeavesQuotedTextAlone(t *testing.T) {
	t.Parallel()
	if got := number("a = ? AND b = '?' AND c = ?"); got != "a = $1 AND b = '?' AND c = $2" {
		t.Errorf("got %q", got)
	}
}
