package document

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/blob"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// Received is an upload that passed every gate and lies in the file store, but
// belongs to nothing yet.
type Received struct {
	Name string
	Type string // media type by content
	Scan string // what the scanner said: clean or not-scanned

	engine string
	ref    blob.Ref
}

// Sum is the digest of the content.
func (r Received) Sum() string { return r.ref.SHA256 }

// Receive judges an upload and puts it into the file store, outside any
// transaction. limit is its largest size in bytes. Whoever calls it calls
// Abandon afterwards, whatever became of the act. What is wrong with the file is
// a fault of field "files" with a sentence.
func Receive(ctx context.Context, a *app.App, name string, content io.Reader, limit int64) (Received, error) {
	r := Received{Name: blob.CleanName(name)}
	if limit <= 0 || limit > MostBytes {
		limit = MostBytes
	}
	in, size, err := spool(ctx, content, limit)
	if err != nil {
		return r, sentence(err, r.Name, limit)
	}
	defer drop(in)
	kind, err := blob.Sniff(r.Name, nil, in, size)
	if err != nil {
		return r, sentence(err, r.Name, limit)
	}
	r.Type = kind.MediaType()
	if err := checkMarks(r.Name, kind, in, size); err != nil {
		return r, err
	}
	if err := r.scan(ctx, a, io.NewSectionReader(in, 0, size)); err != nil {
		return r, err
	}
	err = r.keep(ctx, a, kind, io.NewSectionReader(in, 0, size))
	return r, sentence(err, r.Name, limit)
}

// keep puts the file into the store, a picture without what the camera wrote
// beside it.
func (r *Received) keep(ctx context.Context, a *app.App, kind blob.Kind, content io.Reader) error {
	files, ok := app.PartOf[blob.Store](a)
	if !ok {
		return errors.New("keep upload: no file store")
	}
	clean, w := io.Pipe()
	go func() { _ = w.CloseWithError(blob.CleanImage(kind, content, w)) }()
	ref, err := files.Put(ctx, clean, MostBytes)
	_ = clean.Close() // lets the cleaning end when Put gave up first
	r.ref = ref
	return err
}

// scan asks the scanner the committee has. A scanner that cannot answer
// refuses the upload for now; none at all is written down as such.
func (r *Received) scan(ctx context.Context, a *app.App, content io.Reader) error {
	scanner, ok := app.PartOf[blob.Scanner](a)
	if !ok {
		scanner = blob.NoScanner
	}
	v, err := scanner(ctx, content)
	if err != nil {
		return fault.New(fault.Unavailable, "document.scan-failed").Because(err)
	}
	if v.Finding == blob.Infected {
		return fault.Field("files", "document.infected", "name", r.Name).Because(errors.New(v.Engine + ": " + v.Threat))
	}
	r.Scan, r.engine = v.Finding.String(), v.Engine
	return nil
}

// spool copies the upload to a nameless temporary file, because judging needs
// to read it in any order and memory is dear.
func spool(ctx context.Context, content io.Reader, limit int64) (*os.File, int64, error) {
	f, err := os.CreateTemp("", "tongxin-upload-*")
	if err != nil {
		return nil, 0, fmt.Errorf("spool upload: %w", err)
	}
	n, err := io.Copy(f, io.LimitReader(ctxReader{ctx, content}, limit+1))
	if err == nil && n > limit {
		err = blob.ErrTooLarge
	}
	if err != nil {
		drop(f)
		return nil, 0, fmt.Errorf("spool upload: %w", err)
	}
	return f, n, nil
}

func drop(f *os.File) {
	_ = f.Close()
	_ = os.Remove(f.Name())
}

type ctxReader struct {
	ctx context.Context //nolint:containedctx // lives as long as the copy
	r   io.Reader
}

func (c ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// sentence tells a person what is wrong with the file.
func sentence(err error, name string, limit int64) error {
	key := ""
	switch {
	case err == nil:
		return nil
	case errors.Is(err, blob.ErrTooLarge):
		return &fault.Error{Kind: fault.TooLarge, Key: "document.too-large", Args: []any{"name", name, "max", limit >> 20}, Field: "files"}
	case errors.Is(err, blob.ErrKind):
		key = "document.kind"
	case errors.Is(err, blob.ErrBomb):
		key = "document.harmful"
	case errors.Is(err, blob.ErrMismatch):
		key = "document.mismatch"
	case onDisk(err):
		return fault.New(fault.Unavailable, "fault.unavailable").Because(err)
	default:
		return err
	}
	return fault.Field("files", key, "name", name).Because(err)
}

// onDisk: the file system did not do what it was asked, such as when it is full.
func onDisk(err error) bool {
	path, link := (*fs.PathError)(nil), (*os.LinkError)(nil)
	return errors.As(err, &path) || errors.As(err, &link)
}

// Abandon removes received files that no act named: it was refused, or was a
// repetition. Files that were named stay. It is called after the act ended.
func Abandon(ctx context.Context, a *app.App, received ...Received) error {
	files, ok := app.PartOf[blob.Store](a)
	if !ok || len(received) == 0 {
		return nil
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer stop()
	var ids []string
	for _, r := range received {
		if r.ref.ID != "" {
			ids = append(ids, r.ref.ID)
		}
	}
	named, err := namedBlobs.Do(ctx, a, access.Machine("", "document"), ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !named[id] {
			if err := files.Remove(ctx, blob.Ref{ID: id}); err != nil {
				return err
			}
		}
	}
	return nil
}

// namedBlobs tells which files of the store belong to something. Only the
// machine asks.
var namedBlobs = app.Ask("document.named", machineOnly, func(l *app.Look, _ access.Scope, ids []string) (map[string]bool, error) {
	named := map[string]bool{}
	if len(ids) == 0 {
		return named, nil
	}
	q := store.Join(store.F("SELECT blob_id FROM attachment WHERE"), store.In("blob_id", ids...))
	list, err := store.List(l.Ctx(), l.Tx(), store.Column[string], q.SQL, q.Args...)
	for _, id := range list {
		named[id] = true
	}
	return named, err
})

// machineOnly: the question looks at ids of files, never at rows of a committee.
func machineOnly(access.Actor) access.Scope { return access.Nothing() }
