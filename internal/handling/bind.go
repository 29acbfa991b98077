package handling

import (
	"context"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// bind takes the silence of a unit as consent: the window to object is over, and
// a reply that is due from sign-for runs from then. The unit is still asked to
// sign. Doing it again does nothing.
var bind = app.Define("assignment.bind",
	func(c *app.Call, in ErrandIn) (*Errand, error) { return loadErrand(c, in.ID) },
	bySystem[*Errand],
	func(c *app.Call, e *Errand, _ ErrandIn) (struct{}, error) {
		k, err := clockNow(&c.Look)
		if err != nil {
			return struct{}{}, err
		}
		if !k.rules.Objection.Silence || e.A.State != Sent || !e.A.BoundAt.IsZero() || e.objection(e.A.ID) != nil && !e.objection(e.A.ID).ConsentedAt.IsZero() || !e.windowOver(k) {
			return struct{}{}, nil
		}
		if o := e.objection(e.A.ID); o != nil { // the unit's leader never consented
			if err := e.ruled(c, o, Withdrawn, "", ruledTo{}); err != nil {
				return struct{}{}, err
			}
		}
		a := e.A
		if rule := k.replyRule(e.Matter, a.Role); rule.Base == calendar.FromSign && a.Due.On.IsZero() {
			if a.Due, err = k.compute(mustDay(e.window()), rule); err != nil {
				return struct{}{}, err
			}
			if err := a.keepDue(c); err != nil {
				return struct{}{}, err
			}
		}
		e.A.BoundAt = c.Now()
		if _, err := c.Tx().Exec(c.Ctx(), "UPDATE assignment SET bound_at = ?, objected = FALSE, version = version + 1 WHERE id = ?", e.A.BoundAt, e.A.ID); err != nil {
			return struct{}{}, fmt.Errorf("bind assignment %s: %w", e.A.ID, err)
		}
		if err := e.record(c, WasBound{e.about().ofUnit(e.A), e.A.ID}); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, settle(c, e.Matter)
	})

// silentUnits finds what nobody signed for or gave back in the window, in all
// committees; only the clockwork asks.
var silentUnits = app.Ask("assignment.silent", noRows, func(l *app.Look, _ access.Scope, after string) ([]job, error) {
	if !l.Who().Is(access.System) {
		return nil, nil
	}
	list, err := store.List(l.Ctx(), l.Tx(), scanJob, `SELECT committee_id, id FROM assignment WHERE state = 'dispatched' AND bound_at IS NULL
		AND object_by <> '' AND object_by < ? AND id > ? ORDER BY id LIMIT 500`, dayOf(l.Now()).String(), after)
	if err != nil {
		return nil, fmt.Errorf("find silent units: %w", err)
	}
	return list, nil
})

// bindAll is the clockwork task.
func bindAll(ctx context.Context, a *app.App) error {
	for after := ""; ; {
		list, err := silentUnits.Do(ctx, a, access.Machine("", machine), after)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, j := range list {
			after = j.id
			if _, err := bind.Do(ctx, a, access.Machine(j.committee, machine), ErrandIn{ID: j.id}); err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
		}
	}
}
