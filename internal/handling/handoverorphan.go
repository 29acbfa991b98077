package handling

import (
	"context"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// unmannedUnit is the condition of a unit (alias b) in which nobody holds a post
// with an account that works, on a day.
func unmannedUnit(on string) store.Fragment {
	return store.F(`NOT EXISTS (SELECT 1 FROM post t JOIN account k ON k.person_id = t.person_id WHERE t.committee_id = b.committee_id AND t.body_id = b.id
		AND t.kind IN ('handler', 'signer') AND t.valid_from <= ? AND (t.valid_to IS NULL OR t.valid_to >= ?) AND k.state = 'active')`, on, on)
}

// orphaned is the condition that nobody does the work of a unit (alias b): it
// ended, or nobody holds a post in it. Where people hold posts and only lack an
// account, staff enter what comes on paper; that is no orphan.
func orphaned(on string) store.Fragment {
	return store.F(`b.valid_to IS NOT NULL OR NOT EXISTS (SELECT 1 FROM post t WHERE t.committee_id = b.committee_id AND t.body_id = b.id
		AND t.kind IN ('handler', 'signer') AND t.valid_from <= ? AND (t.valid_to IS NULL OR t.valid_to >= ?))`, on, on)
}

// unitLoads lists the units with open work, those without anybody first; or
// only those.
func unitLoads(l *app.Look, s access.Scope, orphans bool) ([]UnitLoad, error) {
	on := dayOf(l.Now()).String()
	none := unmannedUnit(on)
	mine, lost := store.F(s.SQL(), s.Args()...), store.Fragment{}
	if orphans {
		lost = orphaned(on)
	}
	// Two ways in by an index each: open work by its state, answered work by the
	// cases that are not closed.
	q := store.Join(store.F("SELECT b.id, b.name, COALESCE(b.valid_to, ''), CASE WHEN "+none.SQL+" THEN 1 ELSE 0 END AS unmanned, COUNT(*) FROM (SELECT x.unit_id FROM assignment x WHERE", none.Args...),
		store.And(mine, store.F("x.state IN ('dispatched', 'signed')")),
		store.F("UNION ALL SELECT x.unit_id FROM handling_case h JOIN assignment x ON x.case_kind = h.case_kind AND x.case_id = h.case_id WHERE"),
		store.And(store.F("h.committee_id = ? AND h.stage IN ('dispatched', 'handling', 'replied')", l.Who().CommitteeID), mine, store.F("x.state = 'answered' AND x.successor_id = ''")),
		store.F(") y JOIN body b ON b.id = y.unit_id WHERE"), store.And(lost), store.F("GROUP BY b.id, b.name, b.valid_to, b.sort, b.committee_id ORDER BY b.valid_to IS NULL, unmanned DESC, b.sort, b.id"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, u *UnitLoad) error {
		var none int
		err := r.Scan(&u.ID, &u.Name, &u.EndedOn, &none, &u.Open)
		u.Unmanned = none > 0
		return err
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list units with open work: %w", err)
	}
	return list, nil
}

// orphans is the queue of work that nobody does: for the office all, for a
// supervision office what it dispatched.
func orphans(l *app.Look, limit int) ([]app.Waiting, int, error) {
	lost := orphaned(dayOf(l.Now()).String())
	where := store.And(store.F("x.committee_id = ?", l.Who().CommitteeID), store.F("x.state IN ('dispatched', 'signed')"), ownDesk(l.Who()),
		store.Join(store.F("x.unit_id IN (SELECT b.id FROM body b WHERE b.committee_id = ? AND b.kind = 'unit' AND (", l.Who().CommitteeID), lost, store.F("))")))
	return asked{
		columns: caseColumns + ", x.dispatched_at, x.due_on, x.unit_name, x.unit_id, (SELECT COUNT(*) FROM body e WHERE e.id = x.unit_id AND e.valid_to IS NOT NULL)", order: "x.due_on, x.id",
		from: store.Join(store.F("FROM assignment x"+theCase+"WHERE"), where),
		scan: func(r store.Row, w *app.Waiting) error {
			var unit, unitID string
			var ended int
			err := dressed(r, w, "handling.wait.orphan", &w.Since, &w.DueOn, &unit, &unitID, &ended)
			if ended > 0 {
				w.Key = "handling.wait.orphan-ended"
			}
			w.Args, w.Link = append(w.Args, "unit", unit), handOverPath(unitID, "")
			return err
		},
	}.find(l, limit)
}

// Lost counts open work that nobody does.
type Lost struct {
	Ended    int `json:"ended"`    // units that ended
	Unmanned int `json:"unmanned"` // units in which nobody has a post and an account: the office enters for them
}

// Orphans counts open work that nobody does; for the clockwork of all committees.
var Orphans = app.Ask("assignment.orphans", planners, func(l *app.Look, s access.Scope, _ struct{}) (Lost, error) {
	scope := store.F(s.SQL(), s.Args()...)
	if l.Who().Is(access.System) && l.Who().CommitteeID == "" {
		scope = store.Fragment{}
	}
	var out Lost
	none := unmannedUnit(dayOf(l.Now()).String())
	q := store.Join(store.F("SELECT COUNT(*) FILTER (WHERE b.valid_to IS NOT NULL), COUNT(*) FILTER (WHERE b.valid_to IS NULL AND "+none.SQL+") FROM assignment x JOIN body b ON b.id = x.unit_id WHERE", none.Args...),
		store.And(store.F("x.state IN ('dispatched', 'signed')"), scope))
	if err := l.Tx().Row(l.Ctx(), q.SQL, q.Args...).Scan(&out.Ended, &out.Unmanned); err != nil {
		return out, fmt.Errorf("count work that nobody does: %w", err)
	}
	return out, nil
})

// CountOrphans counts over all committees, for the doctor.
func CountOrphans(ctx context.Context, a *app.App) (Lost, error) {
	return Orphans.Do(ctx, a, access.Machine("", machine), struct{}{})
}

// strayed are units that ended and still have open work, though somebody
// stands for them: a case came back to them in between.
var strayed = app.Ask("hand-over.strayed", noRows, func(l *app.Look, _ access.Scope, _ struct{}) ([]stray, error) {
	if !l.Who().Is(access.System) {
		return nil, nil
	}
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *stray) error { return r.Scan(&x.committee, &x.unit) },
		`SELECT DISTINCT x.committee_id, x.unit_id FROM assignment x JOIN body b ON b.id = x.unit_id
		WHERE x.state IN ('dispatched', 'signed') AND b.valid_to IS NOT NULL
			AND EXISTS (SELECT 1 FROM body_heir e WHERE e.committee_id = b.committee_id AND e.body_id = b.id AND e.is_default)
			AND NOT EXISTS (SELECT 1 FROM hand_over_row y WHERE y.assignment_id = x.id AND y.outcome IN ('', 'refused'))
		ORDER BY x.unit_id LIMIT 100`)
	if err != nil {
		return nil, fmt.Errorf("find units that ended with open work: %w", err)
	}
	return list, nil
})

// stray is an ended unit with open work.
type stray struct{ committee, unit string }

// gather is the clockwork task: it orders the hand-over of what an ended unit
// still has.
func gather(ctx context.Context, a *app.App) error {
	list, err := strayed.Do(ctx, a, access.Machine("", machine), struct{}{})
	if err != nil {
		return err
	}
	for _, x := range list {
		in := beginIn{ID: id.New(), From: x.unit, To: x.unit, Cause: CauseEnded, PersonID: access.Machine("", machine).PersonID}
		if _, err := beginOrder.Do(ctx, a, access.Machine(x.committee, machine), in); err != nil {
			return err
		}
	}
	return nil
}
