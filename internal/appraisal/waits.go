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
		{Name: "appraisal.waits.two-way", For: append([]access.PostKind{access.Member, access.Convener}, unit...), All: "/appraisal/two-way?todo=1", Follows: true, Find: toGrade},
		{Name: "appraisal.waits.score", For: []access.PostKind{access.Member, access.Convener, access.Reviewer, access.Leader, access.Office, access.Chief}, All: "/appraisal/meetings", Find: toScore},
		{Name: "appraisal.waits.mend", For: unit, All: "/appraisal/meetings", Find: toMend},
		{Name: "appraisal.waits.look-back", For: staff, All: "/appraisal/meetings", Find: toLookBack},
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

// toGrade: two-way appraisals that are open for the one who asks.
func toGrade(l *app.Look, limit int) ([]app.Waiting, int, error) {
	where := store.And(store.F("p.committee_id = ?", l.Who().CommitteeID), mineToGrade(l))
	return asked{
		columns: "p.assignment_id, p.title, p.unit_name, p.opened_at, p.until_on", order: "p.until_on, p.assignment_id",
		from: store.Join(store.F("FROM appraisal_pair p WHERE"), where),
		scan: func(r store.Row, w *app.Waiting) error {
			var id, unit string
			err := r.Scan(&id, &w.Title, &unit, &w.Since, &w.DueOn)
			w.Key, w.Args, w.Link = "appraisal.wait.grade-handling", []string{"unit", unit}, "/appraisal/two-way/"+id
			if unitPost(l.Who()) {
				w.Key = "appraisal.wait.grade-proposal"
			}
			return err
		},
	}.find(l, limit)
}

// toScore: meetings that wait for the sheet of the one who asks.
func toScore(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return asked{
		columns: "m.id, m.title, m.held_on, m.created_at", order: "m.held_on, m.id",
		from: store.F(`FROM appraisal_participant t JOIN appraisal_meeting m ON m.id = t.meeting_id WHERE t.committee_id = ? AND t.person_id = ? AND t.done_at IS NULL AND m.state = 'open'`,
			l.Who().CommitteeID, l.Who().PersonID),
		scan: func(r store.Row, w *app.Waiting) error {
			var id string
			err := r.Scan(&id, &w.Title, &w.DueOn, &w.Since)
			w.Key, w.Link = "appraisal.wait.score", MeetingPath(id)+"/score"
			return err
		},
	}.find(l, limit)
}

// toMend: what a unit is asked to mend.
func toMend(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return asked{
		columns: "m.id, m.title, u.mend_by, COALESCE(u.looked_at, m.reported_at)", order: "u.mend_by, m.id",
		from: store.F(`FROM appraisal_meeting_unit u JOIN appraisal_meeting m ON m.id = u.meeting_id WHERE u.committee_id = ? AND u.unit_id = ? AND u.mend_by <> '' AND u.mended_at IS NULL AND m.state = 'reported'`,
			l.Who().CommitteeID, l.Who().Post.BodyID),
		scan: func(r store.Row, w *app.Waiting) error {
			var id string
			err := r.Scan(&id, &w.Title, &w.DueOn, &w.Since)
			w.Key, w.Link = "appraisal.wait.mend", MeetingPath(id)
			return err
		},
	}.find(l, limit)
}

// toLookBack: units that reported what they mended.
func toLookBack(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return asked{
		columns: "m.id, m.title, u.unit_name, u.mended_at", order: "u.mended_at, u.unit_id",
		from: store.F(`FROM appraisal_meeting_unit u JOIN appraisal_meeting m ON m.id = u.meeting_id WHERE u.committee_id = ? AND u.mend_by <> '' AND u.mended_at IS NOT NULL
			AND COALESCE(u.looked_ok, FALSE) = FALSE AND m.state = 'reported'`, l.Who().CommitteeID),
		scan: func(r store.Row, w *app.Waiting) error {
			var id, unit string
			err := r.Scan(&id, &w.Title, &unit, &w.Since)
			w.Key, w.Args, w.Link = "appraisal.wait.look-back", []string{"unit", unit}, MeetingPath(id)
			return err
		},
	}.find(l, limit)
}
