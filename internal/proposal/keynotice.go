package proposal

import (
	"context"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
)

// keyNoticeIn names a key proposal whose units changed.
type keyNoticeIn struct {
	ID string `json:"id"`
}

// keyNotice tells units that handle a key proposal since they were given the
// case, and moves to them what those owed who handle it no more. Only the
// clockwork does it; doing it again changes nothing.
var keyNotice = app.Define("key.notice", func(c *app.Call, in keyNoticeIn) (*KeyCase, error) { return claimKey(c, in.ID) }, clockOnly[*KeyCase],
	func(c *app.Call, k *KeyCase, _ keyNoticeIn) (KeyDone, error) {
		if !k.Key.InForce() {
			return KeyDone{ID: k.ID}, nil
		}
		if err := k.follow(c); err != nil {
			return KeyDone{}, err
		}
		return KeyDone{ID: k.ID, Version: k.Key.Version}, k.notice(c)
	})

// mains are the units that answer the proposers.
func (k *KeyCase) mains() []KeyUnit {
	return slices.DeleteFunc(slices.Clone(k.Units), func(u KeyUnit) bool { return !u.Main })
}

// notice tells the main units that were not told yet; each then owes a plan,
// from the first notice on. Before dispatch there is nobody to tell.
func (k *KeyCase) notice(c *app.Call) error {
	var told []string
	for _, u := range k.mains() {
		owes := func(t KeyTask) bool { return t.Kind == DuePlan && t.BodyID == u.ID && t.State != TaskEnded }
		if !slices.ContainsFunc(k.Key.Tasks, owes) && (k.Key.Plan == PlanAwaited || k.Key.Plan == PlanReturned) {
			told = append(told, u.ID)
		}
	}
	rules, version, err := profile.Current(&c.Look)
	if err != nil || len(told) == 0 || rules.Key.PlanWorkdays <= 0 && !k.Key.NoticedAt.IsZero() {
		return err
	}
	if k.Key.NoticedAt.IsZero() {
		k.Key.NoticedAt = c.Now()
	}
	if rules.Key.PlanWorkdays > 0 {
		if err := k.owePlan(c, told, rules.Key.PlanWorkdays, version); err != nil {
			return err
		}
	}
	if err := saveKey(c, k.Key); err != nil {
		return err
	}
	return c.Record(KeyWasNoticed{told, k.Key.PlanDueOn}, caseKind, k.ID)
}

// owePlan computes until when the plan is due and notes it for each unit. A
// unit that comes later has its own days.
func (k *KeyCase) owePlan(c *app.Call, units []string, workdays int, version int64) error {
	days, err := calendar.Current(&c.Look)
	if err != nil {
		return err
	}
	due, err := calendar.Compute(today(&c.Look), calendar.Rule{Base: calendar.FromNotice, Workdays: workdays, Version: version}, days)
	if err != nil {
		return fmt.Errorf("compute until when the plan of %s is due: %w", k.ID, err)
	}
	k.Key.PlanDue, k.Key.PlanDueOn = due, due.On.String()
	for _, u := range k.Units {
		if !slices.Contains(units, u.ID) {
			continue
		}
		t, err := owe(c, k.ID, KeyTask{Kind: DuePlan, BodyID: u.ID, BodyName: u.Name, DueOn: k.Key.PlanDueOn})
		if err != nil {
			return err
		}
		k.Key.Tasks = append(k.Key.Tasks, t)
	}
	return nil
}

// follow moves open milestones to the unit that answers now when the one that
// promised them handles the case no more, and ends the plan that it owed.
func (k *KeyCase) follow(c *app.Call) error {
	mains := k.mains()
	if len(mains) == 0 {
		return nil
	}
	for i := range k.Key.Tasks {
		t := &k.Key.Tasks[i]
		gone := !slices.ContainsFunc(mains, func(u KeyUnit) bool { return u.ID == t.BodyID })
		if t.State != TaskOpen || !gone {
			continue
		}
		switch t.Kind {
		case DuePlan:
			t.State = TaskEnded
		case DueMilestone:
			t.BodyID, t.BodyName = mains[0].ID, mains[0].Name
		default:
			continue
		}
		if err := saveTask(c, t); err != nil {
			return err
		}
	}
	return nil
}

// noticing hears that units were given a case, or another took it over.
func noticing() app.Listener {
	return app.Listener{Name: "proposal.key-notice", Kinds: []string{"assignment.dispatched", "assignment.changed"}, Hear: func(ctx context.Context, a *app.App, f app.Heard) error {
		if f.ObjectKind != caseKind {
			return nil
		}
		_, err := keyNotice.Do(ctx, a, access.Machine(f.CommitteeID, keyMachine), keyNoticeIn{f.ObjectID})
		if fault.Is(err, fault.NotFound) {
			return nil // it is no key proposal
		}
		return err
	}}
}

// keyMachine is the name of the system actor of key proposals.
const keyMachine = "key-proposals"
