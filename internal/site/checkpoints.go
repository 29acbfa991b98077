package site

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
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
	f, err := os.OpenFile(c.Path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}

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
