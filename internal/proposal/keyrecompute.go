package proposal

import (
	"context"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// keyRecompute computes until when a plan is due over the changed calendar.
// Only the clockwork does it; days that people named stay.
var keyRecompute = app.Define("key.recompute-due", func(c *app.Call, in keyNoticeIn) (*KeyCase, error) { return claimKey(c, in.ID) }, clockOnly[*KeyCase],
	func(c *app.Call, k *KeyCase, _ keyNoticeIn) (KeyDone, error) {
		out := KeyDone{ID: k.ID, Version: k.Key.Version}
		if !k.Key.InForce() || k.Key.PlanDue.On.IsZero() || k.Key.Plan != PlanAwaited {
			return out, nil
		}
		days, err := calendar.Current(&c.Look)
		if err != nil {
			return out, err
		}
		was := k.Key.PlanDue
		if k.Key.PlanDue, err = calendar.Recompute(was, days); err != nil {
			return out, fmt.Errorf("recompute until when the plan of %s is due: %w", k.ID, err)
		}
		if calendar.Same(was, k.Key.PlanDue) {
			return out, nil
		}
		k.Key.PlanDueOn = k.Key.PlanDue.On.String()
		for i := range k.Key.Tasks {
			t := &k.Key.Tasks[i]
			if t.Kind != DuePlan || t.State != TaskOpen || t.DueOn != was.On.String() {
				continue // it was given another day by hand
			}
			t.DueOn = k.Key.PlanDueOn
			if err := saveTask(c, t); err != nil {
				return out, err
			}
		}
		c.Detail(map[string]any{"was": was.On.String(), "becomes": k.Key.PlanDueOn, "calendar": days.Version()})
		return out, saveKey(c, k.Key)
	})

// plansAwaited finds the key proposals of a committee whose plan is awaited.
var plansAwaited = app.Ask("key.plans-awaited", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) ([]string, error) {
	if !l.Who().Is(access.System) {
		return nil, nil
	}
	list, err := store.List(l.Ctx(), l.Tx(), store.Column[string], "SELECT proposal_id FROM key_proposal WHERE committee_id = ? AND plan = ? AND plan_due_on <> '' ORDER BY proposal_id",
		l.Who().CommitteeID, string(PlanAwaited))
	if err != nil {
		return nil, fmt.Errorf("find plans that are awaited: %w", err)
	}
	return list, nil
})

// replanning hears of a changed calendar. To hear it twice changes nothing.
func replanning() app.Listener {
	return app.Listener{Name: "proposal.key-recompute", Kinds: []string{"calendar.changed"}, Hear: func(ctx context.Context, a *app.App, f app.Heard) error {
		who := access.Machine(f.CommitteeID, keyMachine)
		list, err := plansAwaited.Do(ctx, a, who, struct{}{})
		if err != nil {
			return err
		}
		for _, id := range list {
			if _, err := keyRecompute.Do(ctx, a, who, keyNoticeIn{id}); err != nil && !fault.Is(err, fault.NotFound) {
				return fmt.Errorf("recompute the plan of %s: %w", id, err)
			}
		}
		return nil
	}}
}
