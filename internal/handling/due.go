package handling

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// clockOf are the rules and the calendar that deadlines are computed with.
type clockOf struct {
	l       *app.Look
	rules   *profile.HandlingRules
	version int64 // of the rules
	days    *calendar.Workdays
	today   calendar.Date
}

func clockNow(l *app.Look) (*clockOf, error) { return clockIn(l, l.Who().CommitteeID) }

// clockIn is clockNow of any committee, for the clockwork.
func clockIn(l *app.Look, committee string) (*clockOf, error) {
	rules, version, err := profile.Of(l, committee)
	if err != nil {
		return nil, err
	}
	days, err := calendar.Of(l, committee)
	if err != nil {
		return nil, err
	}
	return &clockOf{l, &rules.Handling, version, days, dayOf(l.Now())}, nil
}

// dayOf is the day of an instant in Beijing.
func dayOf(t store.Time) calendar.Date { return calendar.DateOf(t.Time, calendar.Beijing) }

// replyRule is the rule by which the reply or opinion of a role is due.
func (k *clockOf) replyRule(m *Matter, role Role) calendar.Rule {
	switch {
	case role == Assist:
		return k.rules.AssistDue
	case m.Collective && k.rules.ReplyDueCollective != nil:
		return *k.rules.ReplyDueCollective
	case m.Timing == organization.Intersession:
		return k.rules.ReplyDueIntersess
	default:
		return k.rules.ReplyDue
	}
}

// base is the day from which a rule runs; no date while its event is to come.
// A session without a closing day, or one that is not over, counts from dispatch.
func (k *clockOf) base(m *Matter, rule calendar.Rule, dispatched, signed store.Time) calendar.Date {
	switch rule.Base {
	case calendar.FromSign:
		if signed.IsZero() {
			return calendar.Date{}
		}
		return dayOf(signed)
	case calendar.FromRating:
		return k.today
	case calendar.FromSessionClose:
		if on, err := calendar.ParseDate(m.SessionClosed); err == nil && m.Timing != organization.Intersession && !on.After(dayOf(dispatched)) {
			return on
		}
	}
	return dayOf(dispatched)
}

// compute gives the deadline of a rule; none while its base is to come.
func (k *clockOf) compute(from calendar.Date, rule calendar.Rule) (calendar.Deadline, error) {
	if from.IsZero() {
		return calendar.Deadline{}, nil
	}
	rule.Version = k.version
	return calendar.Compute(from, rule, k.days)
}

// schedule computes the three deadlines of an assignment that is dispatched
// now. A rule that runs from sign-for is computed then.
func (k *clockOf) schedule(m *Matter, a *Assignment) error {
	var err error
	a.calendar = k.days.Version()
	if a.SignDue, err = k.compute(dayOf(a.DispatchedAt), calendar.Rule{Base: calendar.FromDispatch, Workdays: max(k.rules.SignWorkdays, 1)}); err != nil {
		return err
	}
	a.SignBy = a.SignDue.On.String()
	if n := k.rules.Objection.Workdays; n > 0 {
		if a.ObjectDue, err = k.compute(dayOf(a.DispatchedAt), calendar.Rule{Base: calendar.FromDispatch, Workdays: n}); err != nil {
			return err
		}
		a.ObjectBy = a.ObjectDue.On.String()
	}
	if a.Role.Main() && k.rules.ContactWorkdays > 0 {
		if a.ContactDue, err = k.compute(dayOf(a.DispatchedAt), calendar.Rule{Base: calendar.FromDispatch, Workdays: k.rules.ContactWorkdays}); err != nil {
			return err
		}
		a.ContactBy = a.ContactDue.On.String()
	}
	return k.scheduleReply(m, a)
}

// scheduleReply computes until when the reply or opinion is due: by the rule of
// its role, or by that of the case where it is earlier.
func (k *clockOf) scheduleReply(m *Matter, a *Assignment) error {
	var err error
	if a.Due, err = k.dueBy(m, a, k.replyRule(m, a.Role)); err != nil {
		return err
	}
	if m.Due != nil && a.Role.Main() {
		sooner, err := k.dueBy(m, a, *m.Due)
		if err != nil {
			return err
		}
		if !sooner.On.IsZero() && (a.Due.On.IsZero() || a.Due.On.After(sooner.On)) {
			a.Due = sooner
		}
	}
	a.DueOn = a.Due.On.String()
	return nil
}

// dueBy computes one rule for an assignment; units that hold many cases get the
// extra days of the rule.
func (k *clockOf) dueBy(m *Matter, a *Assignment, rule calendar.Rule) (calendar.Deadline, error) {
	if len(rule.Extra) > 0 {
		n, err := k.load(a.UnitID)
		if err != nil {
			return calendar.Deadline{}, err
		}
		rule = rule.ForLoad(n)
	}
	return k.compute(k.base(m, rule, a.DispatchedAt, a.SignedAt), rule)
}

// load is how many open cases a unit holds, with the one that is dispatched.
func (k *clockOf) load(unitID string) (int, error) {
	var n int
	err := k.l.Tx().Row(k.l.Ctx(), "SELECT COUNT(*) FROM assignment WHERE committee_id = ? AND unit_id = ? AND state IN ('dispatched', 'signed')", k.l.Who().CommitteeID, unitID).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the cases of unit %s: %w", unitID, err)
	}
	return n + 1, nil
}

// rateDue is until when ratings of a reply that is issued now are asked.
func (k *clockOf) rateDue() (calendar.Deadline, error) {
	return k.compute(k.today, calendar.Rule{Base: calendar.FromIssue, Workdays: max(k.rules.RateWorkdays, 1)})
}

// left is how many working days remain until a day, negative when late; and
// whether the day is over.
func (k *clockOf) left(on string) (days int, late bool) {
	d, err := calendar.ParseDate(on)
	if err != nil {
		return 0, false
	}
	return calendar.Left(k.today, d, k.days), k.today.After(d)
}

// held is how many working days somebody has held something.
func (k *clockOf) held(since store.Time) int {
	return calendar.Elapsed(since.Time, k.l.Now().Time, k.days)
}

// keepDue keeps the deadline of the reply or opinion of an assignment.
func (a *Assignment) keepDue(c *app.Call) error {
	due, err := writeDue(a.Due)
	if err != nil {
		return err
	}
	a.DueOn = a.Due.On.String()
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE assignment SET due_on = ?, due = ?, version = version + 1 WHERE id = ? AND version = ?", dated(a.DueOn), due, a.ID, a.Version)
	if err := written(n, err, "assignment "+a.ID); err != nil {
		return err
	}
	a.Version++
	return nil
}
