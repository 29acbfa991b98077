package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// incoming is the folder for files still being written. It lies beside the
// others so that the last rename stays on one file system.
const incoming = "incoming"

// FolderStore keeps files below one folder of the local disk:
// ab/cd/abcd…, two levels, so that no folder grows too large.
type FolderStore struct{ root string }

var _ Store = (*FolderStore)(nil)

// Folder opens a store below dir and makes the folder when it is missing, for
// the owner alone.
func Folder(dir string) (*FolderStore, error) {
	if err := os.MkdirAll(filepath.Join(dir, incoming), 0o700); err != nil {
		return nil, fmt.Errorf("open file folder: %w", err)
	}
	return &FolderStore{root: dir}, nil
}

// Put implements Store. The content is on disk under its final name, and the
// name in its folder, before Put returns.
func (s *FolderStore) Put(ctx context.Context, r io.Reader, limit int64) (Ref, error) {
	id := newID()
	temp := filepath.Join(s.root, incoming, id)
	ref, err := writeTemp(ctx, temp, r, limit)
	if err == nil {
		err = s.settle(temp, id)
	}
	if err != nil {
		return Ref{}, fmt.Errorf("put file: %w", errors.Join(err, eraseIfThere(temp)))
	}
	ref.ID = id
	return ref, nil
}

func writeTemp(ctx context.Context, path string, r io.Reader, limit int64) (Ref, error) {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Ref{}, err
	}
	ref, err := copyCounted(ctx, out, r, limit)
	if err == nil {
		err = out.Sync()
	}
	return ref, errors.Join(err, out.Close())
}

// settle moves a finished file to its place and makes the names on the way
// durable, from the file's folder up to the root.
func (s *FolderStore) settle(temp, id string) error {
	place := s.path(id)
	low := filepath.Dir(place)
	if err := os.MkdirAll(low, 0o700); err != nil {
		return err
	}
	if err := os.Rename(temp, place); err != nil {
		return err
	}
	err := errors.Join(syncFolder(low), syncFolder(filepath.Dir(low)), syncFolder(s.root))
	if err != nil {
		// Not known to be durable, so not promised: take it back.
		return errors.Join(err, eraseIfThere(place))
	}
	return nil
}

// Get implements Store.
func (s *FolderStore) Get(ctx context.Context, ref Ref) (io.ReadSeekCloser, error) {
	if err := ready(ctx, ref); err != nil {
		return nil, fmt.Errorf("get file: %w", err)
	}
	f, err := os.Open(s.path(ref.ID))
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("get file %s: %w", ref.ID, err)
	}
	return f, nil
}

// Remove implements Store. The content is overwritten with zeros before the name
// goes, so that it is not found by reading the disk; on disks that write every
// block anew (SSD, snapshots) only their own means achieve that.
func (s *FolderStore) Remove(ctx context.Context, ref Ref) error {
	if err := ready(ctx, ref); err != nil {
		return fmt.Errorf("remove file: %w", err)
	}
	place := s.path(ref.ID)
	if err := eraseIfThere(place); err != nil {
		return fmt.Errorf("remove file %s: %w", ref.ID, err)
	}
	err := syncFolder(filepath.Dir(place))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove file %s: %w", ref.ID, err)
	}
	return nil
}

// Each implements Store.
func (s *FolderStore) Each(ctx context.Context, visit func(id string, stored time.Time) error) error {
	return filepath.WalkDir(s.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if d.IsDir() && path == filepath.Join(s.root, incoming) {
			return fs.SkipDir
		}
		if !d.Type().IsRegular() || checkID(d.Name()) != nil || path != s.path(d.Name()) {
			return nil
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed while we walked
		}
		if err != nil {
			return err
		}
		return visit(d.Name(), info.ModTime())
	})
}

// Sweep erases what interrupted uploads left behind before the given instant and
// answers how many files that were. Uploads under way are younger and stay.
func (s *FolderStore) Sweep(ctx context.Context, before time.Time) (int, error) {
	list, err := os.ReadDir(filepath.Join(s.root, incoming))
	if err != nil {
		return 0, fmt.Errorf("sweep uploads: %w", err)
	}
	n := 0
	for _, d := range list {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		info, err := d.Info()
		if err != nil || !info.Mode().IsRegular() || !info.ModTime().Before(before) {
			continue
		}
		if err := eraseIfThere(filepath.Join(s.root, incoming, d.Name())); err != nil {
			return n, fmt.Errorf("sweep uploads: %w", err)
		}
		n++
	}
	return n, nil
}

func (s *FolderStore) path(id string) string {
	return filepath.Join(s.root, id[:2], id[2:4], id)
}

func ready(ctx context.Context, ref Ref) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return checkID(ref.ID)
}

// eraseIfThere overwrites a file with zeros and removes it.
func eraseIfThere(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		// On a full or failing disk the removal matters more than the zeros.
		_ = zero(f)
		_ = f.Close()
	}
	err = os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func zero(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	blank := make([]byte, 64*1024)
	for left := info.Size(); left > 0; {
		n, err := f.Write(blank[:min(left, int64(len(blank)))])
		if err != nil {
			return err
		}
		left -= int64(n)
	}
	return f.Sync()
}

func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
