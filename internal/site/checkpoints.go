package site

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"tongxin/internal/audit"
	"tongxin/internal/seal"
)

// Checkpoints keeps the ends of the audit chains outside the database, each
// signed, one JSON line after another (trust.md AUD-04).
type Checkpoints struct {
	Path string
	keys *seal.Keeper
	mu   sync.Mutex
}

type mark struct {
	audit.Head
	Signature seal.Signature `json:"signature"`
}

func (m mark) text() []byte {
	return fmt.Appendf(nil, "tongxin audit checkpoint\n%s\n%d\n%s", m.CommitteeID, m.Seq, m.ChainHash)
}

// Keep appends a head and waits for the disk.
func (c *Checkpoints) Keep(h audit.Head) error {
	m := mark{Head: h}
	var err error
	if m.Signature, err = c.keys.Sign(m.text()); err != nil {
		return fmt.Errorf("sign the audit checkpoint: %w", err)
	}
	line, err := json.Marshal(m)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	f, err := os.OpenFile(c.Path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	end, err := whole(f)
	if err != nil {
		return errors.Join(err, f.Close())
	}
	if _, err = f.WriteAt(append(line, '\n'), end); err == nil {
		err = f.Sync()
	}
	if err != nil { // a full disk takes half a line
		err = errors.Join(err, f.Truncate(end))
	}
	return errors.Join(err, f.Close())
}

// whole cuts off a line that a power cut left without its end, so that the next
// one does not grow onto it, and gives the size of what is left.
func whole(f *os.File) (int64, error) {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, fmt.Errorf("read the audit checkpoints: %w", err)
	}
	last := make([]byte, min(size, longestLine))
	if _, err := f.ReadAt(last, size-int64(len(last))); err != nil && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("read the audit checkpoints: %w", err)
	}
	end := size - int64(len(last)) + int64(bytes.LastIndexByte(last, '\n')+1)
	if end == size {
		return end, nil
	}
	return end, f.Truncate(end)
}

// longestLine is far more bytes than a checkpoint has.
const longestLine = 64 << 10

// Read gives the kept heads, after checking every signature. It also tells
// when the last line is torn, which a power cut may leave and which is no
// tampering by itself.
func (c *Checkpoints) Read() (heads []audit.Head, torn bool, err error) {
	f, err := os.Open(c.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read audit checkpoints: %w", err)
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	n := 0
	for lines.Scan() {
		n++
		if torn {
			return nil, true, fmt.Errorf("audit checkpoint %d: not readable", n-1)
		}
		var m mark
		if json.Unmarshal(lines.Bytes(), &m) != nil {
			torn = true
			continue
		}
		if err := c.keys.Verify(m.text(), m.Signature); err != nil {
			return nil, false, fmt.Errorf("audit checkpoint %d: %w", n, err)
		}
		heads = append(heads, m.Head)
	}
	return heads, torn, lines.Err()
}
