package proposal

import (
	"context"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/store"
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
		heir, err := organization.HeirOf(&c.Look, u.ID)
		if err != nil {
			return err
		}
		// A unit that was merged hands its cases over; who takes them is asked then.
		if heir.ID == u.ID && !slices.ContainsFunc(k.Key.Tasks, owes) && (k.Key.Plan == PlanAwaited || k.Key.Plan == PlanReturned) {
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

// follow lets what is open follow the units. A plan and its milestones belong
// to who answers now: they go with the work, or to the heir of a unit that
// ended; a plan that nobody took over ends, and the unit that answers now is
// asked for its own. A requirement or follow-up moves to an heir only.
func (k *KeyCase) follow(c *app.Call) error {
	mains := k.mains()
	for i := range k.Key.Tasks {
		t := &k.Key.Tasks[i]
		if t.State != TaskOpen || t.BodyID == "" {
			continue
		}
		heir, err := organization.HeirOf(&c.Look, t.BodyID)
		if err != nil {
			return err
		}
		was := *t
		answers := func(id string) bool { return slices.ContainsFunc(mains, func(u KeyUnit) bool { return u.ID == id }) }
		switch {
		case t.Kind != DuePlan && t.Kind != DueMilestone || answers(heir.ID):
			t.BodyID, t.BodyName = heir.ID, heir.Name
		case len(mains) == 0 || answers(t.BodyID):
		case t.Kind == DuePlan:
			t.State = TaskEnded
		default:
			t.BodyID, t.BodyName = mains[0].ID, mains[0].Name
		}
		if *t == was {
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
	return app.Listener{Name: "proposal.key-notice", Kinds: []string{"assignment.dispatched", "assignment.changed", "assignment.handed"}, Hear: func(ctx context.Context, a *app.App, f app.Heard) error {
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

// owedByEnded finds the key proposals in which a body owes something that has
// another name by now, or was merged, split or ended.
var owedByEnded = app.Ask("key.owed-by-ended", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) ([]string, error) {
	if !l.Who().Is(access.System) {
		return nil, nil
	}
	list, err := store.List(l.Ctx(), l.Tx(), store.Column[string], `SELECT DISTINCT t.proposal_id FROM key_task t JOIN body b ON b.id = t.body_id
		WHERE t.committee_id = ? AND t.state = 'open' AND (b.valid_to IS NOT NULL OR b.name <> t.body_name) ORDER BY t.proposal_id`, l.Who().CommitteeID)
	if err != nil {
		return nil, fmt.Errorf("find what ended bodies owe: %w", err)
	}
	return list, nil
})

// inheriting hears what became of bodies. To hear it twice moves nothing.
func inheriting() app.Listener {
	return app.Listener{Name: "proposal.key-heirs", Kinds: []string{"body.renamed", "body.merged", "body.split", "body.ended"}, Hear: func(ctx context.Context, a *app.App, f app.Heard) error {
		who := access.Machine(f.CommitteeID, keyMachine)
		list, err := owedByEnded.Do(ctx, a, who, struct{}{})
		if err != nil {
			return err
		}
		for _, id := range list {
			if _, err := keyNotice.Do(ctx, a, who, keyNoticeIn{id}); err != nil && !fault.Is(err, fault.NotFound) {
				return fmt.Errorf("let %s follow its bodies: %w", id, err)
			}
		}
		return nil
	}}
}

// KeyBurden is what bodies owe to key proposals (organization.Burden): a body
// that owes something does not end without an heir.
type KeyBurden struct{}

var _ organization.Burden = KeyBurden{}

// Open counts what a body owes to key proposals.
func (KeyBurden) Open(l *app.Look, bodyID string) (n int, key, link string, err error) {
	err = l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM key_task WHERE committee_id = ? AND body_id = ? AND state = 'open'", l.Who().CommitteeID, bodyID).Scan(&n)
	if err != nil {
		err = fmt.Errorf("count what %s owes to key proposals: %w", bodyID, err)
	}
	return n, "proposal.key.burden", "/key", err
}
