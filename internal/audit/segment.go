package audit

import (
	"context"
	"fmt"

	"tongxin/internal/store"
)

// Proof is an entry with its place in its committee's chain, and what is wrong
// with it: "" when entry and link are sound, "changed", "moved", or "unsealed"
// while it waits for the sealer.
type Proof struct {
	Entry
	Seq       int64  `json:"seq"`
	ChainHash string `json:"chain_hash"`
	Wrong     string `json:"wrong,omitempty"`
}

// Segment gives the acts that were done on some things of a committee, oldest
// first, each checked on its own: that the entry is what was recorded, and that
// its seal links it to the entry before. Whether nothing was cut off is Verify's
// to say.
func Segment(ctx context.Context, t *store.Tx, committeeID string, objects ...string) ([]Proof, error) {
	before := map[int64]string{}
	q := store.Join(store.F("SELECT "+columns+`, COALESCE(s.seq, 0), COALESCE(s.chain_hash, ''), COALESCE(p.chain_hash, '') FROM audit_entry e
		LEFT JOIN audit_seal s ON s.entry_id = e.id LEFT JOIN audit_seal p ON p.committee_id = s.committee_id AND p.seq = s.seq - 1 WHERE`),
		store.And(store.F("e.committee_id = ?", committeeID), store.In("e.object_id", objects...), store.F("e.result = ?", Done)), store.F("ORDER BY e.id"))
	list, err := store.List(ctx, t, func(r store.Row, x *Proof) error {
		var previous string
		err := r.Scan(&x.ID, &x.CommitteeID, &x.At, &x.PersonID, &x.PostID, &x.PostKind, &x.OnBehalfOf, &x.Action, &x.ObjectKind, &x.ObjectID,
			&x.Result, &x.Reason, &x.Address, &x.Session, &x.RequestID, &x.Detail, &x.ContentHash, &x.Seq, &x.ChainHash, &previous)
		before[x.Seq] = previous
		return err
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("read the audit record of %d things: %w", len(objects), err)
	}
	for i := range list {
		x := &list[i]
		switch {
		case x.hash() != x.ContentHash:
			x.Wrong = "changed"
		case x.Seq == 0:
			x.Wrong = "unsealed"
		case x.ChainHash != link(before[x.Seq], x.ContentHash):
			x.Wrong = "moved"
		}
	}
	return list, nil
}
