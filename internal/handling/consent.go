package handling

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
)

// ErrandIn names an assignment, for acts that need nothing else.
type ErrandIn struct {
	ID      string `json:"id"`
	Version int64  `json:"version,omitempty"`
}

// Consent is the leader's consent to an objection of his unit; from then on who
// dispatched the case owes a ruling.
var Consent = app.Define("assignment.consent",
	func(c *app.Call, in ErrandIn) (*Errand, error) { return loadErrand(c, in.ID) },
	func(who access.Actor, e *Errand) access.Verdict {
		switch {
		case e.ownUnit(who) && who.Is(access.Signer):
			return access.Allow()
		case e.ownUnit(who):
			return access.Deny("handling.signer-only")
		default:
			return e.otherwise(who, "handling.signer-only")
		}
	},
	func(c *app.Call, e *Errand, in ErrandIn) (Progress, error) {
		if err := e.fresh(in.Version); err != nil {
			return Progress{}, err
		}
		o := e.objection(e.A.ID)
		if o == nil || !o.ConsentedAt.IsZero() {
			return Progress{}, fault.New(fault.Closed, "handling.object.none")
		}
		k, err := clockNow(&c.Look)
		if err != nil {
			return Progress{}, err
		}
		if k.rules.Objection.Silence && e.windowOver(k) {
			return Progress{}, fault.New(fault.Closed, "handling.object.window", "on", e.window())
		}
		if err := e.consent(c, k, o); err != nil {
			return Progress{}, err
		}
		return e.progress(), settle(c, e.Matter)
	})

// consent sends an objection to who rules on it.
func (e *Errand) consent(c *app.Call, k *clockOf, o *Objection) error {
	due, err := k.compute(k.today, calendar.Rule{Base: calendar.FromObjection, Workdays: max(k.rules.Objection.RulingWorkdays, 1)})
	if err != nil {
		return err
	}
	text, err := writeDue(due)
	if err != nil {
		return err
	}
	o.ConsentedAt, o.ConsentedName, o.RuleBy = c.Now(), c.Who().Name, due.On.String()
	_, err = c.Tx().Exec(c.Ctx(), "UPDATE objection SET consented_by = ?, consented_name = ?, consented_at = ?, rule_by = ?, rule_due = ? WHERE id = ?",
		c.Who().PersonID, o.ConsentedName, o.ConsentedAt, o.RuleBy, text, o.ID)
	if err != nil {
		return fmt.Errorf("consent to objection %s: %w", o.ID, err)
	}
	return e.record(c, WasConsented{e.about().ofUnit(e.A), e.A.ID, o.RuleBy})
}

// WithdrawObjection takes a wish to give the case back, before it is ruled on.
var WithdrawObjection = app.Define("assignment.withdraw-objection",
	func(c *app.Call, in ErrandIn) (*Errand, error) { return loadErrand(c, in.ID) },
	mayWork,
	func(c *app.Call, e *Errand, in ErrandIn) (Progress, error) {
		if err := e.fresh(in.Version); err != nil {
			return Progress{}, err
		}
		o := e.objection(e.A.ID)
		if o == nil {
			return Progress{}, fault.New(fault.Closed, "handling.object.none")
		}
		if err := e.ruled(c, o, Withdrawn, "", ruledTo{}); err != nil {
			return Progress{}, err
		}
		if err := e.flagObjection(c, false); err != nil {
			return Progress{}, err
		}
		return e.progress(), settle(c, e.Matter)
	})
