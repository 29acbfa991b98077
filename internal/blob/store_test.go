package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"
)

// eachStore runs a test against both stores.
func eachStore(t *testing.T, run func(t *testing.T, s Store)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) { t.Parallel(); run(t, Memory()) })
	t.Run("folder", func(t *testing.T) { t.Parallel(); run(t, inFolder(t)) })
}

func inFolder(t *testing.T) *FolderStore {
	t.Helper()
	s, err := Folder(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ids(t *testing.T, s Store) []string {
	t.Helper()
	var list []string
	if err := s.Each(t.Context(), func(id string, _ time.Time) error { list = append(list, id); return nil }); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestPutGetRemove(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s Store) {
		ctx := t.Context()
		content := []byte("关于祁连山水源涵养的调研报告")
		ref, err := s.Put(ctx, bytes.NewReader(content), 1000)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		if ref.Size != int64(len(content)) || ref.SHA256 != hex.EncodeToString(sum[:]) || checkID(ref.ID) != nil {
			t.Fatalf("%+v", ref)
		}
		f, err := s.Get(ctx, ref)
		if err != nil {
			t.Fatal(err)
		}
		if err := iotest.TestReader(f, content); err != nil {
			t.Error(err)
		}
		if _, reads := f.(io.ReaderAt); !reads {
			t.Error("an opened file cannot be read at offsets")
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if err := Verify(ctx, s, ref); err != nil {
			t.Error(err)
		}
		if got := ids(t, s); len(got) != 1 || got[0] != ref.ID {
			t.Errorf("each: %v", got)
		}
		for range 2 { // the second time nothing is there any more
			if err := s.Remove(ctx, ref); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Get(ctx, ref); !errors.Is(err, ErrNotFound) {
			t.Fatalf("after removal: %v", err)
		}
		if err := Verify(ctx, s, ref); !errors.Is(err, ErrNotFound) || len(ids(t, s)) != 0 {
			t.Fatalf("after removal: %v", err)
		}
	})
}

func TestPutLimit(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s Store) {
		rapid.Check(t, func(r *rapid.T) {
			content := rapid.SliceOfN(rapid.Byte(), 0, 50).Draw(r, "content")
			limit := int64(rapid.IntRange(-1, 50).Draw(r, "limit"))
			before := len(ids(t, s))
			ref, err := s.Put(t.Context(), iotest.OneByteReader(bytes.NewReader(content)), limit)
			if int64(len(content)) <= limit {
				if err != nil || ref.Size != int64(len(content)) || Verify(t.Context(), s, ref) != nil {
					r.Fatalf("refused: %v", err)
				}
				return
			}
			if !errors.Is(err, ErrTooLarge) || ref != (Ref{}) || len(ids(t, s)) != before {
				r.Fatalf("took %d bytes at limit %d: %v", len(content), limit, err)
			}
		})
	})
}

func TestPutFailures(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s Store) {
		broken := errors.New("line dropped")
		half := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))
		if _, err := s.Put(t.Context(), half, 100); !errors.Is(err, broken) {
			t.Errorf("broken reader: %v", err)
		}
		// The line drops exactly at the limit.
		half = io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))
		if _, err := s.Put(t.Context(), half, 4); !errors.Is(err, broken) {
			t.Errorf("broken at the limit: %v", err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Put(gone, strings.NewReader("x"), 100); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		if _, err := s.Get(gone, Ref{}); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		if left := ids(t, s); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
		if f, is := s.(*FolderStore); is {
			if left := files(t, f.root); len(left) != 0 {
				t.Errorf("files left: %v", left)
			}
		}
	})
}

func files(t *testing.T, root string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestForeignIDs(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s Store) {
		for _, id := range []string{
			"", "x", "../../../../etc/passwd", strings.Repeat("A", 32), strings.Repeat("0", 31) + "/",
			strings.Repeat(".", 32), strings.Repeat("0", 33), strings.Repeat("0", 31) + "\x00",
		} {
			if _, err := s.Get(t.Context(), Ref{ID: id}); !errors.Is(err, ErrID) {
				t.Errorf("get %q: %v", id, err)
			}
			if err := s.Remove(t.Context(), Ref{ID: id}); !errors.Is(err, ErrID) {
				t.Errorf("remove %q: %v", id, err)
			}
		}
		if err := s.Remove(t.Context(), Ref{ID: strings.Repeat("0", 32)}); err != nil {
			t.Errorf("removing what never was: %v", err)
		}
	})
}

func TestEachStops(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s Store) {
		for range 3 {
			if _, err := s.Put(t.Context(), strings.NewReader("x"), 9); err != nil {
				t.Fatal(err)
			}
		}
		enough, n := errors.New("enough"), 0
		err := s.Each(t.Context(), func(id string, stored time.Time) error {
			n++
			if stored.IsZero() {
				t.Error("no time")
			}
			if err := s.Remove(t.Context(), Ref{ID: id}); err != nil {
				t.Error(err)
			}
			return enough
		})
		if !errors.Is(err, enough) || n != 1 || len(ids(t, s)) != 2 {
			t.Fatalf("%d visits, %v", n, err)
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s Store) {
		var wg sync.WaitGroup
		for g := range 8 {
			wg.Go(func() {
				ref, err := s.Put(t.Context(), strings.NewReader(strings.Repeat("x", g)), 100)
				if err != nil || Verify(t.Context(), s, ref) != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := len(ids(t, s)); n != 8 {
			t.Fatalf("%d files", n)
		}
	})
}

func TestFolderIsPrivateAndTwoLevels(t *testing.T) {
	t.Parallel()
	s := inFolder(t)
	ref, err := s.Put(t.Context(), strings.NewReader("x"), 9)
	if err != nil {
		t.Fatal(err)
	}
	place := filepath.Join(s.root, ref.ID[:2], ref.ID[2:4], ref.ID)
	for path, want := range map[string]fs.FileMode{place: 0o600, filepath.Dir(place): 0o700, filepath.Join(s.root, incoming): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
	// What is not ours is neither listed nor touched.
	if err := os.WriteFile(filepath.Join(s.root, "note.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, s); len(got) != 1 {
		t.Errorf("each: %v", got)
	}
	again, err := Folder(s.root)
	if err != nil || Verify(t.Context(), again, ref) != nil {
		t.Errorf("opened again: %v", err)
	}
}

func TestVerifyNoticesDamage(t *testing.T) {
	t.Parallel()
	s := inFolder(t)
	ref, err := s.Put(t.Context(), strings.NewReader("原件"), 99)
	if err != nil {
		t.Fatal(err)
	}
	for _, damage := range []string{"原佚", "原", "原件x", ""} {
		if err := os.WriteFile(s.path(ref.ID), []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Verify(t.Context(), s, ref); !errors.Is(err, ErrDamaged) {
			t.Errorf("%q: %v", damage, err)
		}
	}
}

// A second name for the same file shows what the disk holds after removal.
func TestRemoveClearsContent(t *testing.T) {
	t.Parallel()
	s := inFolder(t)
	canary := strings.Repeat("canary-13812345678", 10_000)
	ref, err := s.Put(t.Context(), strings.NewReader(canary), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	shadow := filepath.Join(t.TempDir(), "shadow")
	if err := os.Link(s.path(ref.ID), shadow); err != nil {
		t.Fatalf("the test needs a file system with second names: %v", err)
	}
	if err := s.Remove(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadFile(shadow)
	if err != nil || len(left) != len(canary) || len(bytes.Trim(left, "\x00")) != 0 {
		t.Fatalf("content is still there: %v", err)
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()
	s := inFolder(t)
	if _, err := s.Put(t.Context(), strings.NewReader("kept"), 9); err != nil {
		t.Fatal(err)
	}
	old, fresh := filepath.Join(s.root, incoming, "old"), filepath.Join(s.root, incoming, "fresh")
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for path, when := range map[string]time.Time{old: noon.Add(-25 * time.Hour), fresh: noon} {
		if err := errors.Join(os.WriteFile(path, []byte("half"), 0o600), os.Chtimes(path, when, when)); err != nil {
			t.Fatal(err)
		}
	}
	n, err := s.Sweep(t.Context(), noon.Add(-24*time.Hour))
	if n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if left := files(t, s.root); len(left) != 2 {
		t.Fatalf("left: %v", left)
	}
}

func TestFolderThatCannotBe(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Folder(filepath.Join(file, "below")); err == nil {
		t.Fatal("made a folder below a file")
	}
}

func TestScannerDefaults(t *testing.T) {
	t.Parallel()
	v, err := Scanner(NoScanner)(t.Context(), nil)
	if err != nil || v.Finding != NotScanned || v.Finding.String() != "not-scanned" {
		t.Fatalf("%+v, %v", v, err)
	}
	if (Verdict{}).Finding == Clean || Clean.String() != "clean" || Infected.String() != "infected" {
		t.Fatal("findings")
	}
}
