package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"
)

var (
	// ErrTooLarge reports content longer than the limit given to Put.
	ErrTooLarge = errors.New("file is larger than allowed")
	// ErrNotFound reports a file the store does not have.
	ErrNotFound = errors.New("file is not in the store")
	// ErrID reports an id no store has given out.
	ErrID = errors.New("not a file id")
	// ErrDamaged reports content that no longer is what was put.
	ErrDamaged = errors.New("file content is damaged")
)

// Ref names a stored file and says what was stored.
type Ref struct {
	ID     string `json:"id"`     // random, 32 hexadecimal digits
	Size   int64  `json:"size"`   // bytes
	SHA256 string `json:"sha256"` // 64 hexadecimal digits
}

// Store keeps files. All methods may be called at once from many goroutines.
type Store interface {
	// Put stores all of r under a new random id. When r holds more than limit
	// bytes it answers ErrTooLarge and keeps nothing. After a nil error the file
	// survives a power cut.
	Put(ctx context.Context, r io.Reader, limit int64) (Ref, error)
	// Get opens a file by ref.ID; the caller closes it. Errors: ErrNotFound, ErrID.
	Get(ctx context.Context, ref Ref) (io.ReadSeekCloser, error)
	// Remove deletes a file by ref.ID and clears its content. Removing what is
	// gone already succeeds, so that it may be tried again. Errors: ErrID.
	Remove(ctx context.Context, ref Ref) error
	// Each calls visit for every stored file, in no promised order, until it
	// returns an error. Jobs use it to find files no row names.
	Each(ctx context.Context, visit func(id string, stored time.Time) error) error
}

// Verify reads a whole file and answers ErrDamaged when its size or digest is
// not that of ref.
func Verify(ctx context.Context, s Store, ref Ref) error {
	f, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(sum, contextReader{ctx, f})
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("verify file %s: %w", ref.ID, err)
	}
	if n != ref.Size || hex.EncodeToString(sum.Sum(nil)) != ref.SHA256 {
		return fmt.Errorf("verify file %s: %w", ref.ID, ErrDamaged)
	}
	return nil
}

// idSize is the length of an id in bytes: too long to guess or to meet twice.
const idSize = 16

func newID() string {
	b := make([]byte, idSize)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b)
}

// checkID keeps everything but our own ids away from paths.
func checkID(id string) error {
	if len(id) != 2*idSize {
		return ErrID
	}
	for _, c := range []byte(id) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return ErrID
		}
	}
	return nil
}

// copyCounted copies r to w, refusing more than limit bytes, and describes what
// was copied.
func copyCounted(ctx context.Context, w io.Writer, r io.Reader, limit int64) (Ref, error) {
	if limit < 0 {
		return Ref{}, ErrTooLarge
	}
	var sum hash.Hash = sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), contextReader{ctx, io.LimitReader(r, limit)})
	if err != nil {
		return Ref{}, err
	}
	// One byte more tells a file of exactly the limit from a longer one.
	if _, err := io.ReadFull(r, make([]byte, 1)); err == nil {
		return Ref{}, ErrTooLarge
	} else if !errors.Is(err, io.EOF) {
		return Ref{}, err
	}
	return Ref{Size: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, nil
}

// contextReader stops reading when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
