package peer

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
)

// takeOver copies the product's proposals with their texts into the peer, below its API:
// a hundred thousand through the API would take longer than the measurement.
func takeOver(s Settings, user string) error {
	ctx := context.Background()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.Folder, "data.db")+"?_pragma=busy_timeout(10000)&_pragma=cache_size(-200000)")
	if err != nil {
		return fmt.Errorf("open the peer's database: %w", err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "ATTACH DATABASE ? AS product", s.From); err != nil {
		return fmt.Errorf("open the product's database: %w", err)
	}
	if _, err := db.ExecContext(ctx, copyProposals, user); err != nil {
		return fmt.Errorf("take over the proposals: %w", err)
	}
	for _, q := range []string{"DETACH DATABASE product", "PRAGMA wal_checkpoint(TRUNCATE)", "ANALYZE"} {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}

// The ids of PocketBase have 15 letters.
const copyProposals = `INSERT INTO proposals (id, session, state, category, kind, timing, lead_name, holder, holder_name, lead_unit_name, due_on,
		title, body, basis, items, number, author, created, updated)
	SELECT substr(lower(hex(randomblob(8))), 1, 15), p.session_id, p.state, p.category, p.kind, p.timing, p.lead_name, p.holder, p.holder_name,
		p.lead_unit_name, p.due_on, p.title, t.background || t.analysis || t.measures, t.basis, t.items, COALESCE(p.number, 0), ?,
		strftime('%Y-%m-%d %H:%M:%fZ', p.created_at / 1000.0, 'unixepoch'), strftime('%Y-%m-%d %H:%M:%fZ', p.saved_at / 1000.0, 'unixepoch')
	FROM product.proposal p JOIN product.proposal_text t ON t.proposal_id = p.id AND t.revision = p.revision
	WHERE p.submitted_at IS NOT NULL ORDER BY p.id`
