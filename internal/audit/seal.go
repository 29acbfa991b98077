package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"tongxin/internal/store"
)

// Head is the end of a committee's chain.
type Head struct {
	CommitteeID string `json:"committee_id"`
	Seq         int64  `json:"seq"`
	ChainHash   string `json:"chain_hash"`
}

type waiting struct{ entryID, committeeID, contentHash string }

// batch bounds the work of one sealing transaction: other writers wait for it.
const batch = 100

// SealWaiting links the entries that wait, oldest first, and returns the heads
// that moved and whether more wait. One sealer runs at a time; should two run,
// the primary key makes one of them fail and try again.
func SealWaiting(ctx context.Context, t *store.Tx) (heads []Head, more bool, err error) {
	list, err := store.List(ctx, t, func(r store.Row, w *waiting) error {
		return r.Scan(&w.entryID, &w.committeeID, &w.contentHash)
	}, `SELECT u.entry_id, u.committee_id, e.content_hash FROM audit_unsealed u JOIN audit_entry e ON e.id = u.entry_id
		ORDER BY u.entry_id LIMIT ?`, batch)
	if err != nil {
		return nil, false, fmt.Errorf("seal audit entries: %w", err)
	}
	last := map[string]*Head{}
	for _, w := range list {
		h := last[w.committeeID]
		if h == nil {
			found, err := HeadOf(ctx, t, w.committeeID)
			if err != nil {
				return nil, false, err
			}
			h = &found
			last[w.committeeID] = h
		}
		h.Seq++
		h.ChainHash = link(h.ChainHash, w.contentHash)
		if err := put(ctx, t, *h, w.entryID); err != nil {
			return nil, false, err
		}
	}
	for _, h := range last {
		heads = append(heads, *h)
	}
	return heads, len(list) == batch, nil
}

func put(ctx context.Context, t *store.Tx, h Head, entryID string) error {
	if _, err := t.Exec(ctx, "INSERT INTO audit_seal (committee_id, seq, entry_id, chain_hash) VALUES (?, ?, ?, ?)",
		h.CommitteeID, h.Seq, entryID, h.ChainHash); err != nil {
		return fmt.Errorf("seal audit entry %s: %w", entryID, err)
	}
	if _, err := t.Exec(ctx, "DELETE FROM audit_unsealed WHERE entry_id = ?", entryID); err != nil {
		return fmt.Errorf("seal audit entry %s: %w", entryID, err)
	}
	return nil
}

// HeadOf is the end of a committee's chain; Seq 0 before the first entry.
func HeadOf(ctx context.Context, t *store.Tx, committeeID string) (Head, error) {
	h := Head{CommitteeID: committeeID}
	err := t.Row(ctx, "SELECT seq, chain_hash FROM audit_seal WHERE committee_id = ? ORDER BY seq DESC LIMIT 1", committeeID).Scan(&h.Seq, &h.ChainHash)
	if errors.Is(err, store.ErrNone) {
		return h, nil
	}
	if err != nil {
		return h, fmt.Errorf("read the end of the audit chain: %w", err)
	}
	return h, nil
}

func link(previous, content string) string {
	sum := sha256.Sum256([]byte(previous + "\n" + content))
	return hex.EncodeToString(sum[:])
}
