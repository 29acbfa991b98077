package product

import (
	"context"
	"database/sql"
	"fmt"
)

// Shape is what of a database the requests must know.
type Shape struct {
	Session    string   // the one with the most proposals
	Categories []string // with more than a page of proposals
	Numbered   []string // states after filing, with more than a page
	Cells      []Cell   // state × category, with more than a page
	Cases      []string // ids of the cases under way or closed that were made by actions
}

// Cell is one total.
type Cell struct{ State, Category string }

// Look reads the shape of a database.
func Look(ctx context.Context, path string) (Shape, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		return Shape{}, fmt.Errorf("look at a database: %w", err)
	}
	defer func() { _ = db.Close() }()
	m := &multiplier{ctx: ctx, db: db}
	var s Shape
	sessions, err := m.words("SELECT session_id FROM proposal_tally WHERE state <> 'draft' GROUP BY session_id ORDER BY SUM(n) DESC LIMIT 1")
	if err != nil || len(sessions) == 0 {
		return s, fmt.Errorf("find the session: %w", err)
	}
	s.Session = sessions[0]
	const page = 30
	if s.Categories, err = m.words("SELECT category FROM proposal_tally WHERE session_id = ? AND state NOT IN ('draft', 'discarded') GROUP BY 1 HAVING SUM(n) > ? ORDER BY 1", s.Session, page); err != nil {
		return s, err
	}
	if s.Numbered, err = m.words(`SELECT state FROM proposal_tally WHERE session_id = ? AND state IN ('filed', 'dispatched', 'handling', 'replied', 'closed')
		GROUP BY 1 HAVING SUM(n) > ? ORDER BY 1`, s.Session, page); err != nil {
		return s, err
	}
	for _, state := range s.Numbered {
		list, err := m.words("SELECT category FROM proposal_tally WHERE session_id = ? AND state = ? GROUP BY 1 HAVING SUM(n) > ? ORDER BY 1", s.Session, state, page)
		if err != nil {
			return s, err
		}
		for _, category := range list {
			s.Cells = append(s.Cells, Cell{state, category})
		}
	}
	s.Cases, err = m.words(`SELECT id FROM proposal WHERE state IN ('dispatched', 'handling', 'replied', 'closed') AND id > ? ORDER BY id`, copies)
	return s, err
}
