package audit

import (
	"context"
	"fmt"
	"slices"

	"tongxin/internal/store"
)

// Finding is the first thing wrong with a committee's chain.
type Finding struct {
	CommitteeID string
	Seq         int64
	EntryID     string
	What        string // "changed", "removed", "moved", "added", "cut"
}

// String names the finding for the command line.
func (f Finding) String() string {
	return fmt.Sprintf("committee %s, entry %d (%s): %s", f.CommitteeID, f.Seq, f.EntryID, f.What)
}

// sealed is an entry with its place in the chain.
type sealed struct {
	Entry
	seq   int64
	chain string
}

// Verify walks every chain and compares each entry with its seal, and the
// chain with the checkpoints kept outside the database. It returns the number
// of entries read and the findings, none when all is well.
func Verify(ctx context.Context, t *store.Tx, checkpoints []Head) (int64, []Finding, error) {
	committees, err := store.List(ctx, t, store.Column[string],
		"SELECT committee_id FROM audit_seal UNION SELECT committee_id FROM audit_entry")
	if err != nil {
		return 0, nil, fmt.Errorf("verify audit: %w", err)
	}
	for _, h := range checkpoints { // a chain may have been removed altogether
		committees = append(committees, h.CommitteeID)
	}
	slices.Sort(committees)
	var read int64
	var found []Finding
	for _, c := range slices.Compact(committees) {
		n, f, err := verifyChain(ctx, t, c, checkpoints)
		if err != nil {
			return read, found, err
		}
		read += n
		if f != nil {
			found = append(found, *f)
		}
	}
	return read, found, nil
}

func verifyChain(ctx context.Context, t *store.Tx, committee string, checkpoints []Head) (int64, *Finding, error) {
	marks := map[int64]string{}
	var furthest int64
	for _, h := range checkpoints {
		if h.CommitteeID == committee {
			marks[h.Seq] = h.ChainHash
			furthest = max(furthest, h.Seq)
		}
	}
	var at int64
	chain := ""
	for {
		links, err := page(ctx, t, committee, at)
		if err != nil {
			return at, nil, err
		}
		for _, l := range links {
			if what := wrong(l, at, chain, marks); what != "" {
				return at, &Finding{committee, at + 1, l.ID, what}, nil
			}
			at, chain = l.seq, l.chain
		}
		if len(links) < pageSize {
			break
		}
	}
	if at < furthest {
		return at, &Finding{committee, at + 1, "", "cut"}, nil
	}
	stray, err := strayEntry(ctx, t, committee)
	if err != nil || stray == "" {
		return at, nil, err
	}
	return at, &Finding{committee, 0, stray, "added"}, nil
}

func wrong(l sealed, at int64, chain string, marks map[int64]string) string {
	switch {
	case l.seq != at+1 || l.ID == "":
		return "removed"
	case l.hash() != l.ContentHash:
		return "changed"
	case l.chain != link(chain, l.ContentHash):
		return "moved"
	}
	if mark, ok := marks[l.seq]; ok && mark != l.chain {
		return "changed"
	}
	return ""
}

const pageSize = 1000

func page(ctx context.Context, t *store.Tx, committee string, after int64) ([]sealed, error) {
	list, err := store.List(ctx, t, func(r store.Row, l *sealed) error {
		return r.Scan(&l.seq, &l.chain, &l.ID, &l.CommitteeID, &l.At, &l.PersonID, &l.PostID, &l.PostKind, &l.OnBehalfOf, &l.Action,
			&l.ObjectKind, &l.ObjectID, &l.Result, &l.Reason, &l.Address, &l.Session, &l.RequestID, &l.Detail, &l.ContentHash)
	}, `SELECT s.seq, s.chain_hash, COALESCE(e.id, ''), COALESCE(e.committee_id, ''), COALESCE(e.at, 0), COALESCE(e.person_id, ''),
		COALESCE(e.post_id, ''), COALESCE(e.post_kind, ''), COALESCE(e.on_behalf_of, ''), COALESCE(e.action, ''), COALESCE(e.object_kind, ''),
		COALESCE(e.object_id, ''), COALESCE(e.result, ''), COALESCE(e.reason, ''), COALESCE(e.address, ''), COALESCE(e.session, ''),
		COALESCE(e.request_id, ''), COALESCE(e.detail, ''), COALESCE(e.content_hash, '')
		FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry_id WHERE s.committee_id = ? AND s.seq > ? ORDER BY s.seq LIMIT ?`,
		committee, after, pageSize)
	if err != nil {
		return nil, fmt.Errorf("verify audit chain of %s: %w", committee, err)
	}
	return list, nil
}

// strayEntry finds an entry that neither waits for the sealer nor is sealed,
// or that waits though it was changed.
func strayEntry(ctx context.Context, t *store.Tx, committee string) (string, error) {
	list, err := store.List(ctx, t, store.Column[string], `SELECT e.id FROM audit_entry e
		WHERE e.committee_id = ? AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry_id = e.id)
		AND NOT EXISTS (SELECT 1 FROM audit_unsealed u WHERE u.entry_id = e.id) LIMIT 1`, committee)
	if err != nil {
		return "", fmt.Errorf("verify audit entries of %s: %w", committee, err)
	}
	if len(list) == 0 {
		return "", nil
	}
	return list[0], nil
}
