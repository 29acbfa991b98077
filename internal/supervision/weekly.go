package supervision

import (
	"context"
	"fmt"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/clock"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// weekIn names a leader whose digest may be due. The week is the one that is now.
type weekIn struct {
	PersonID string `json:"person_id"`
}

// digest is the week of a leader.
type digest struct{ week, person string }

// Object names the week.
func (d digest) Object() (string, string) { return "week", d.week + "/" + d.person }

// tellWeek tells a leader once per ISO week what is late beyond the profile's
// days, by unit; nothing when nothing is.
var tellWeek = app.Define("supervision.tell-week",
	func(c *app.Call, in weekIn) (digest, error) { return digest{weekOf(c.Now()), in.PersonID}, nil }, bySystem[digest],
	func(c *app.Call, d digest, _ weekIn) (struct{}, error) {
		k, err := clockNow(&c.Look)
		if err != nil {
			return struct{}{}, err
		}
		units, err := lateUnits(&c.Look, k, store.F("a.committee_id = ?", c.Who().CommitteeID))
		if err != nil || len(units) == 0 {
			return struct{}{}, err
		}
		f := WeekTold{Week: d.week, PersonID: d.person, Units: units[:min(len(units), unitsNamed)]}
		for _, u := range units {
			f.Late += u.N
		}
		n, err := c.Tx().Exec(c.Ctx(), `INSERT INTO supervision_week (committee_id, week, person_id, late, units, at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (committee_id, week, person_id) DO NOTHING`, c.Who().CommitteeID, d.week, d.person, f.Late, len(units), c.Now())
		if err != nil {
			return struct{}{}, fmt.Errorf("note the week of %s: %w", d.person, err)
		}
		if n == 0 { // another node was faster
			return struct{}{}, nil
		}
		c.Detail(map[string]any{"week": d.week, "late": f.Late, "units": len(units)})
		return struct{}{}, c.Record(f, "week", d.week)
	})

// unitsNamed is how many units a digest names.
const unitsNamed = 5

// weekOf is the ISO week of an instant in Beijing: 2026-W12.
func weekOf(t store.Time) string {
	year, week := t.In(clock.Beijing).ISOWeek()
	return fmt.Sprintf("%04d-W%02d", year, week)
}

// untold are the leaders of all committees who were not told this week, of
// committees in which something is late beyond the profile's days; only the
// clockwork asks.
var untold = app.Ask("supervision.untold", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) ([]waiting, error) {
	if !l.Who().Is(access.System) {
		return nil, nil
	}
	committees, err := store.List(l.Ctx(), l.Tx(), store.Column[string], "SELECT id FROM committee ORDER BY id")
	if err != nil {
		return nil, fmt.Errorf("list committees: %w", err)
	}
	var found []waiting
	for _, c := range committees {
		list, err := untoldIn(l, c)
		if err != nil {
			return nil, err
		}
		found = append(found, list...)
	}
	return found, nil
})

func untoldIn(l *app.Look, committee string) ([]waiting, error) {
	holders, err := organization.Holders(l, committee, "", access.Leader)
	if err != nil {
		return nil, err
	}
	told, err := store.List(l.Ctx(), l.Tx(), store.Column[string], "SELECT person_id FROM supervision_week WHERE committee_id = ? AND week = ?", committee, weekOf(l.Now()))
	if err != nil {
		return nil, fmt.Errorf("read who was told: %w", err)
	}
	done := map[string]bool{}
	for _, p := range told {
		done[p] = true
	}
	var left []waiting
	for _, h := range holders {
		if !done[h.PersonID] {
			done[h.PersonID] = true
			left = append(left, waiting{committee, h.PersonID})
		}
	}
	if len(left) == 0 {
		return nil, nil
	}
	k, err := clockIn(l, committee)
	if err != nil {
		return nil, err
	}
	units, err := lateUnits(l, k, store.F("a.committee_id = ?", committee))
	if err != nil || len(units) == 0 {
		return nil, err
	}
	return left, nil
}

// weekAll is the clockwork task.
func weekAll(ctx context.Context, a *app.App) error {
	list, err := untold.Do(ctx, a, access.Machine("", machine), struct{}{})
	if err != nil {
		return err
	}
	for _, w := range list {
		if _, err := tellWeek.Do(ctx, a, access.Machine(w.committee, machine), weekIn{w.id}); err != nil {
			return err
		}
	}
	return nil
}

// tasks are the clockwork.
func tasks() []app.Task {
	return []app.Task{
		{Name: "chase.overdue", Every: 10 * time.Minute, Run: overdueAll},
		{Name: "supervision.week", Every: 10 * time.Minute, Run: weekAll},
	}
}
