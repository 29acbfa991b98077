package blob

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

// memoryStore keeps files in memory.
type memoryStore struct {
	mu    sync.Mutex
	files map[string]memoryFile
}

type memoryFile struct {
	content []byte
	stored  time.Time
}

// Memory makes a store that forgets everything with the process, for tests.
func Memory() Store { return &memoryStore{files: map[string]memoryFile{}} }

func (s *memoryStore) Put(ctx context.Context, r io.Reader, limit int64) (Ref, error) {
	var b bytes.Buffer
	ref, err := copyCounted(ctx, &b, r, limit)
	if err != nil {
		return Ref{}, fmt.Errorf("put file: %w", err)
	}
	ref.ID = newID()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[ref.ID] = memoryFile{b.Bytes(), time.Now()}
	return ref, nil
}

func (s *memoryStore) Get(ctx context.Context, ref Ref) (io.ReadSeekCloser, error) {
	if err := ready(ctx, ref); err != nil {
		return nil, fmt.Errorf("get file: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, had := s.files[ref.ID]
	if !had {
		return nil, fmt.Errorf("get file %s: %w", ref.ID, ErrNotFound)
	}
	return openMemory{bytes.NewReader(f.content)}, nil
}

func (s *memoryStore) Remove(ctx context.Context, ref Ref) error {
	if err := ready(ctx, ref); err != nil {
		return fmt.Errorf("remove file: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.files, ref.ID)
	return nil
}

func (s *memoryStore) Each(ctx context.Context, visit func(id string, stored time.Time) error) error {
	// The list is copied first, so that visit may remove what it is shown.
	s.mu.Lock()
	list := map[string]time.Time{}
	for id, f := range s.files {
		list[id] = f.stored
	}
	s.mu.Unlock()
	for id, stored := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := visit(id, stored); err != nil {
			return err
		}
	}
	return nil
}

// openMemory gives a bytes.Reader the Close a file has. It also reads at
// offsets, as a file does, which Sniff needs.
type openMemory struct{ *bytes.Reader }

func (openMemory) Close() error { return nil }
