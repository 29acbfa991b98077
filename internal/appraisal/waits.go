package appraisal

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// waits are the queues of the workbench. A queue asks for the acting post; its
// condition is its scope.
func waits() []app.Waits {
	staff, unit := []access.PostKind{access.Office, access.Chief}, []access.PostKind{access.Handler, access.Signer}
	return []app.Waits{
		{Name: "appraisal.waits.appeals", For: staff, All: "/appraisal/appeals", Find: toRule},
		{Name: "appraisal.waits.sheet", For: unit, All: "/appraisal", Follows: true, Find: toLookAt},
	}
}

// asked is one queue: which rows, how they are ordered, and what is said of each.
type asked struct {
	columns, order string
	from           store.Fragment // FROM … WHERE …
	scan           func(store.Row, *app.Waiting) error
}

// find counts the rows and reads the first of them.
func (q asked) find(l *app.Look, limit int) ([]app.Waiting, int, error) {
	var total int
	if err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) "+q.from.SQL, q.from.Args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count what waits: %w", err)
	}
	if total == 0 {
		return nil, 0, nil
	}
	s := store.Join(store.F("SELECT "+q.columns), q.from, store.F("ORDER BY "+q.order+" LIMIT ?", limit))
	list, err := store.List(l.Ctx(), l.Tx(), q.scan, s.SQL, s.Args...)
	if err != nil {
		return nil, 0, fmt.Errorf("list what waits: %w", err)
	}
	return list, total, nil
}

// toRule: appeals that wait for an answer.
func toRule(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return asked{
		columns: "p.scheme_id, p.unit_id, p.unit_name, p.at, s.title", order: "p.at, p.id",
		from: store.F("FROM appraisal_appeal p JOIN appraisal_scheme s ON s.id = p.scheme_id WHERE p.committee_id = ? AND p.ruling = ''", l.Who().CommitteeID),
		scan: func(r store.Row, w *app.Waiting) error {
			var scheme, unit, name string
			err := r.Scan(&scheme, &unit, &name, &w.Since, &w.Title)
			w.Key, w.Args, w.Link = "appraisal.wait.appeal", []string{"unit", name}, SheetPath(scheme, unit)
			return err
		},
	}.find(l, limit)
}

// toLookAt: the unit's own sheet while it may appeal.
func toLookAt(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return asked{
		columns: "s.id, s.title, s.published_at, s.appeal_by", order: "s.appeal_by, s.id",
		from: store.F(`FROM appraisal_scheme s JOIN appraisal_sheet x ON x.run_id = s.run_id AND x.unit_id = ? WHERE s.committee_id = ? AND s.state = 'published' AND s.appeal_by >= ?
			AND NOT EXISTS (SELECT 1 FROM appraisal_appeal p WHERE p.run_id = s.run_id AND p.unit_id = x.unit_id)`, l.Who().Post.BodyID, l.Who().CommitteeID, today(l).String()),
		scan: func(r store.Row, w *app.Waiting) error {
			var scheme string
			err := r.Scan(&scheme, &w.Title, &w.Since, &w.DueOn)
			w.Key, w.Link = "appraisal.wait.sheet", SheetPath(scheme, l.Who().Post.BodyID)
			return err
		},
	}.find(l, limit)
}
