package handling

import (
	"fmt"
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
)

const (
	promiseAtMost  = 500
	ownerAtMost    = 60
	promisesAtMost = 40
)

// cleanPromises reads the promises of a draft, which need not be finished.
// Empty lines of the form do not count.
func (e *Errand) cleanPromises(t ReplyText, p *fault.Problems) []PromiseText {
	var list []PromiseText
	for i, x := range t.Promises {
		field := fmt.Sprintf("promises.%d.", i)
		x.Text = words(p, field+"text", x.Text, promiseAtMost, false)
		x.Owner = line(p, field+"owner", x.Owner, ownerAtMost, false)
		if x.DueOn != "" {
			_, err := calendar.ParseDate(x.DueOn)
			p.Check(err == nil, field+"due_on", "web.not-a-date")
		}
		if x.empty() {
			continue
		}
		known := x.No == 0 || slices.ContainsFunc(e.Items, func(it Item) bool { return it.No == x.No })
		p.Check(known, field+"no", "handling.item-unknown", "no", x.No)
		e.cleanRenewal(field, &x, list, p)
		list = append(list, x)
	}
	p.Check(len(list) <= promisesAtMost, "promises", "handling.promise.many", "max", promisesAtMost)
	return list
}

// writePromises keeps the promises of a draft, written anew.
func writePromises(c *app.Call, m *Matter, r *Reply) error {
	if len(r.Promises) > 0 {
		if err := m.did(c, HadPromise); err != nil {
			return err
		}
	}
	if !m.Row.Deeds.Has(HadPromise) {
		return nil
	}
	if _, err := c.Tx().Exec(c.Ctx(), "DELETE FROM reply_promise WHERE reply_id = ?", r.ID); err != nil {
		return fmt.Errorf("keep the promises of reply %s: %w", r.ID, err)
	}
	for i, x := range r.Promises {
		_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO reply_promise (reply_id, place, no, body, owner, due_on, renews) VALUES (?, ?, ?, ?, ?, ?, ?)", r.ID, i, x.No, x.Text, x.Owner, x.DueOn, x.Renews)
		if err != nil {
			return fmt.Errorf("keep promise %d of reply %s: %w", i, r.ID, err)
		}
	}
	return nil
}

// promised checks what a reply must promise before it is sent: every suggestion
// that is planned has a promise with a date, and a class that promises needs at
// least one. Every promise is complete.
func (m *Matter) promised(k *clockOf, t ReplyText, p *fault.Problems) {
	rule := k.rules.Promise
	m.promisesComplete(k, t, FirstReply, p)
	for i, it := range m.Items {
		j := slices.IndexFunc(t.Items, func(x ItemAnswer) bool { return x.No == it.No })
		planned := j >= 0 && slices.Contains(rule.Outcomes, t.Items[j].Outcome)
		has := slices.ContainsFunc(t.Promises, func(x PromiseText) bool { return x.No == it.No })
		p.Check(!planned || has, fmt.Sprintf("items.%d.outcome", i), "handling.promise.item", "no", it.No)
	}
	p.Check(len(t.Promises) > 0 || !slices.Contains(rule.Classes, t.Class), "class", "handling.promise.class", "class", profile.NameOf(k.rules.Classes, t.Class))
}

// promisesComplete checks each promise of a reply before it is sent: what, who,
// and a date that is to come and not too far. One that stands in a further reply
// as it was made is not checked again.
func (m *Matter) promisesComplete(k *clockOf, t ReplyText, purpose string, p *fault.Problems) {
	furthest, err := calendar.Compute(k.today, calendar.Rule{Base: calendar.FromIssue, Months: max(k.rules.Promise.MonthsMax, 1)}, k.days)
	for i, x := range t.Promises {
		field := fmt.Sprintf("promises.%d.", i)
		p.Check(x.Text != "", field+"text", "handling.required")
		p.Check(x.Owner != "", field+"owner", "handling.required")
		on := mustDay(x.DueOn)
		p.Check(!on.IsZero(), field+"due_on", "handling.required")
		if purpose == FollowUp && m.unchanged(x) {
			continue
		}
		p.Check(on.IsZero() || !on.Before(k.today), field+"due_on", "handling.promise.past")
		p.Check(on.IsZero() || err != nil || !on.After(furthest.On), field+"due_on", "handling.promise.far", "on", furthest.On.String())
		old := m.promise(x.Renews)
		p.Check(x.Renews == "" || old != nil && old.State == PromiseOpen, field+"renews", "handling.promise.renew-over")
	}
}
