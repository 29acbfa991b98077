package proposal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// Steps of a reminder.
const (
	RemindNear = "near"
	RemindLate = "late"
)

// keyRemindIn names something that is due.
type keyRemindIn struct {
	ID string `json:"id"`
}

// keyRemind reminds of something that is due, once before the day and once
// after it. Only the clockwork does it.
var keyRemind = app.Define("key.remind", func(c *app.Call, in keyRemindIn) (*KeyCase, error) { return claimTask(c, in.ID) }, clockOnly[*KeyCase],
	func(c *app.Call, k *KeyCase, _ keyRemindIn) (KeyDone, error) {
		t := k.about
		step, err := remindStep(&c.Look, t)
		if err != nil || step == "" {
			return KeyDone{ID: k.ID}, err
		}
		n, err := c.Tx().Exec(c.Ctx(), `INSERT INTO key_reminder (task_id, due_on, step, committee_id, at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (task_id, due_on, step) DO NOTHING`, t.ID, t.DueOn, step, k.CommitteeID, c.Now())
		if err != nil {
			return KeyDone{}, fmt.Errorf("remind of %s: %w", t.ID, err)
		}
		if n == 0 {
			return KeyDone{ID: k.ID}, nil
		}
		return KeyDone{ID: k.ID, Version: k.Key.Version, Made: t.ID}, c.Record(KeyWasReminded{t.ID, t.Kind, t.BodyID, t.DueOn, step, t.Left}, caseKind, k.ID)
	})

// remindStep tells which step something that is due has reached; "" for none.
// What was given a day nearer than the first step is not reminded of at once.
func remindStep(l *app.Look, t *KeyTask) (string, error) {
	rules, _, err := profile.Current(l)
	if err != nil || t.State != TaskOpen {
		return "", err
	}
	days, err := calendar.Current(l)
	if err != nil {
		return "", err
	}
	on, err := calendar.ParseDate(t.DueOn)
	if err != nil {
		return "", fmt.Errorf("read the day of %s: %w", t.ID, err)
	}
	near := rules.Handling.Supervision.NearWorkdays
	began := calendar.Left(calendar.DateOf(t.At.Time, calendar.Beijing), on, days)
	switch {
	case t.Late:
		return RemindLate, nil
	case t.Left <= near && began > near:
		return RemindNear, nil
	}
	return "", nil
}

// remindAhead is how many days ahead reminders are looked for.
const remindAhead = 60

type ripeTask struct{ committee, id string }

// ripeTasks finds what may be reminded of, in every committee.
var ripeTasks = app.Ask("key.ripe", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) ([]ripeTask, error) {
	if !l.Who().Is(access.System) {
		return nil, nil
	}
	now := today(l)
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *ripeTask) error { return r.Scan(&x.committee, &x.id) },
		`SELECT t.committee_id, t.id FROM key_task t WHERE t.state = 'open' AND t.due_on <= ?
			AND NOT EXISTS (SELECT 1 FROM key_reminder m WHERE m.task_id = t.id AND m.due_on = t.due_on AND m.step = CASE WHEN t.due_on < ? THEN 'late' ELSE 'near' END)
			ORDER BY t.due_on, t.id`, now.Add(remindAhead).String(), now.String())
	if err != nil {
		return nil, fmt.Errorf("find what is to be reminded of: %w", err)
	}
	return list, nil
})

// stepOf leaves out what has not reached a step, so that the clockwork writes
// only where it reminds.
var stepOf = app.Ask("key.step", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, in keyRemindIn) (string, error) {
	if !l.Who().Is(access.System) {
		return "", nil
	}
	proposal, err := taskPlace(l, in.ID)
	if err != nil {
		return "", err
	}
	k, err := KeyOf(l, proposal)
	if err != nil || k == nil || k.task(in.ID) == nil {
		return "", err
	}
	return remindStep(l, k.task(in.ID))
})

// keyRemindTask is the clockwork's.
func keyRemindTask() app.Task {
	return app.Task{Name: "key.remind", Every: 10 * time.Minute, Run: func(ctx context.Context, a *app.App) error {
		list, err := ripeTasks.Do(ctx, a, access.Machine("", keyMachine), struct{}{})
		if err != nil {
			return err
		}
		var errs []error
		for _, x := range list {
			who, in := access.Machine(x.committee, keyMachine), keyRemindIn{x.id}
			step, err := stepOf.Do(ctx, a, who, in)
			if err == nil && step != "" {
				_, err = keyRemind.Do(ctx, a, who, in)
			}
			if err != nil && !fault.Is(err, fault.NotFound) {
				errs = append(errs, fmt.Errorf("remind of %s: %w", x.id, err))
			}
		}
		return errors.Join(errs...)
	}}
}
