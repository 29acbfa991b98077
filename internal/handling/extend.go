package handling

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/profile"
)

// ExtendIn asks for more time.
type ExtendIn struct {
	ID      string `json:"id"` // assignment
	Version int64  `json:"version,omitempty"`
	Until   string `json:"until"` // the new last day, 2026-08-31
	Reason  string `json:"reason"`
}

// Extend asks for more time (申请延期), before the due date and not beyond the
// hard stop of the profile. The date moves when the wish is granted.
var Extend = app.Define("assignment.extend",
	func(c *app.Call, in ExtendIn) (*Errand, error) { return loadErrand(c, in.ID) },
	mayWork, extend)

func extend(c *app.Call, e *Errand, in ExtendIn) (Progress, error) {
	if err := e.fresh(in.Version); err != nil {
		return Progress{}, err
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return Progress{}, err
	}
	if err := e.extendable(k); err != nil {
		return Progress{}, err
	}
	var p fault.Problems
	reason := words(&p, "reason", in.Reason, reasonAtMost, true)
	until, err := e.later(k, in.Until, "until", &p)
	if err != nil {
		return Progress{}, err
	}
	if err := p.Err(); err != nil {
		return Progress{}, err
	}
	x := Extension{ID: id.New(), AssignmentID: e.A.ID, Approver: k.rules.Extension.Approver, Until: until.String(), Reason: reason}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO extension (id, committee_id, case_kind, case_id, assignment_id, unit_id, unit_name, desk_id, approver, round, was, until, reason, asked_by, asked_name, asked_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, x.ID, e.CommitteeID, e.Kind, e.ID, e.A.ID, e.A.UnitID, e.A.UnitName, e.A.DeskID, x.Approver, e.A.Round, e.A.DueOn,
		x.Until, x.Reason, c.Who().PersonID, c.Who().Name, c.Now())
	if err != nil {
		return Progress{}, fmt.Errorf("ask for more time for %s: %w", e.A.ID, err)
	}
	if err := e.did(c, HadExtension); err != nil {
		return Progress{}, err
	}
	c.Detail(map[string]any{"extension": x.ID, "until": x.Until})
	if err := e.record(c, WasExtendAsked{e.about().ofUnit(e.A), e.A.ID, x.Until, x.Approver}); err != nil {
		return Progress{}, err
	}
	return e.progress(), settle(c, e.Matter)
}

// extendable tells why more time cannot be asked for, if so.
func (e *Errand) extendable(k *clockOf) error {
	granted := 0
	for _, x := range e.Extensions {
		if x.AssignmentID == e.A.ID && x.Decision == Granted && x.Round == e.A.Round {
			granted++
		}
	}
	_, late := k.left(e.A.DueOn)
	switch {
	case !e.A.Owes():
		return fault.New(fault.Closed, "handling.closed."+string(e.A.State))
	case e.A.State == Sent:
		return fault.New(fault.Closed, "handling.sign-first")
	case e.extension(e.A.ID) != nil:
		return fault.New(fault.Closed, "handling.extend.waits")
	case e.A.DueOn == "" || late:
		return fault.New(fault.Closed, "handling.extend.late")
	case k.rules.Extension.Most == 0 || granted >= k.rules.Extension.Most:
		return fault.New(fault.Closed, "handling.extend.most", "n", k.rules.Extension.Most)
	}
	return nil
}

// later reads a new last day: after the present one and not beyond the hard
// stop, which counts from the first due date of the round.
func (e *Errand) later(k *clockOf, text, field string, p *fault.Problems) (calendar.Date, error) {
	on, err := calendar.ParseDate(text)
	if err != nil {
		p.Add(field, "web.not-a-date")
		return on, nil
	}
	stop, err := e.hardStop(k)
	if err != nil {
		return on, err
	}
	p.Check(on.After(e.A.Due.On), field, "handling.extend.earlier", "on", e.A.DueOn)
	p.Check(!on.After(stop), field, "handling.extend.stop", "on", stop.String())
	return on, nil
}

// hardStop is the last day to which a deadline may be put off.
func (e *Errand) hardStop(k *clockOf) (calendar.Date, error) {
	first := e.A.Due
	first.Extensions = nil
	d, err := calendar.Recompute(first, k.days)
	if err != nil {
		return calendar.Date{}, err
	}
	stop, err := calendar.Compute(d.On, calendar.Rule{Base: calendar.FromDue, Months: max(k.rules.Extension.Months, 1)}, k.days)
	return stop.On, err
}

// Prolonging is a wish for more time within its case.
type Prolonging struct {
	*Errand
	X *Extension
}

// Object names the extension in the audit record.
func (x *Prolonging) Object() (string, string) { return "extension", x.X.ID }

// ExtensionIn decides a wish for more time.
type ExtensionIn struct {
	ID       string `json:"id"`              // extension
	Decision string `json:"decision"`        // granted or refused
	Until    string `json:"until,omitempty"` // another day than was asked for
	Words    string `json:"words,omitempty"` // required when refused
}

// DecideExtension grants or refuses more time (延期审批). Where the profile asks
// two, who dispatched the case endorses first and the committee's office
// decides. The proposers are told of the new date.
var DecideExtension = app.Define("extension.decide",
	func(c *app.Call, in ExtensionIn) (*Prolonging, error) { return prolongingOf(&c.Look, in.ID) },
	func(who access.Actor, x *Prolonging) access.Verdict {
		switch {
		case !x.sees(who):
			return access.Hide()
		case x.decides(who):
			return access.Allow()
		default:
			return access.Deny("handling.extend.not-yours")
		}
	}, decideExtension)

// decides reports whether it is somebody's turn to decide.
func (x *Prolonging) decides(who access.Actor) bool {
	if x.X.Approver == profile.ByOffice || x.X.Approver == profile.ByBoth && x.X.Decision != "" {
		return office(who) && who.CommitteeID == x.CommitteeID
	}
	return x.keeps(who)
}

func prolongingOf(l *app.Look, extensionID string) (*Prolonging, error) {
	w, err := belongs(l, "SELECT case_kind, case_id, assignment_id FROM extension WHERE id = ? AND committee_id = ?", extensionID)
	if err != nil {
		return nil, err
	}
	e, err := errandOf(l, w.assignment)
	if err != nil {
		return nil, err
	}
	for i := range e.Extensions {
		if e.Extensions[i].ID == extensionID {
			return &Prolonging{e, &e.Extensions[i]}, nil
		}
	}
	return nil, missing()
}

func decideExtension(c *app.Call, x *Prolonging, in ExtensionIn) (Progress, error) {
	if !x.X.Open() {
		return Progress{}, fault.New(fault.Closed, "handling.extend.decided")
	}
	if !x.A.Owes() || x.A.Round != x.X.Round {
		return Progress{}, fault.New(fault.Closed, "handling.closed."+string(x.A.State))
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return Progress{}, err
	}
	var p fault.Problems
	p.Check(in.Decision == Granted || in.Decision == Refused, "decision", "handling.choose")
	x.X.Words = words(&p, "words", in.Words, textAtMost, in.Decision == Refused)
	until := mustDay(x.X.Until)
	if in.Decision == Granted && in.Until != "" && in.Until != x.X.Until {
		if until, err = x.later(k, in.Until, "until", &p); err != nil {
			return Progress{}, err
		}
	}
	p.Check(in.Decision != Granted || until.After(x.A.Due.On), "until", "handling.extend.earlier", "on", x.A.DueOn)
	if err := p.Err(); err != nil {
		return Progress{}, err
	}
	if in.Decision == Granted && x.X.Approver == profile.ByBoth && x.X.Decision == "" {
		return x.endorse(c, until)
	}
	if err := x.decide(c, k, in.Decision, until); err != nil {
		return Progress{}, err
	}
	return x.progress(), settle(c, x.Matter)
}

// endorse is the yes of the first of two.
func (x *Prolonging) endorse(c *app.Call, until calendar.Date) (Progress, error) {
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE extension SET decision = ?, until = ?, endorsed_by = ?, endorsed_name = ?, endorsed_at = ?, words = ? WHERE id = ? AND decision = ''",
		Endorsed, until.String(), c.Who().PersonID, c.Who().Name, c.Now(), x.X.Words, x.X.ID)
	if err != nil {
		return Progress{}, fmt.Errorf("endorse extension %s: %w", x.X.ID, err)
	}
	if err := x.record(c, WasEndorsed{x.about().ofUnit(x.A), x.A.ID, until.String()}); err != nil {
		return Progress{}, err
	}
	return x.progress(), settle(c, x.Matter)
}

// decide writes the decision and moves the deadline, with the step that
// explains it.
func (x *Prolonging) decide(c *app.Call, k *clockOf, decision string, until calendar.Date) error {
	granted := ""
	if decision == Granted {
		granted = until.String()
		longer, err := calendar.Extend(x.A.Due, calendar.Rule{Base: calendar.FromDue, Fixed: granted, Version: k.version}, k.days)
		if err != nil {
			return fmt.Errorf("put off the deadline of %s: %w", x.A.ID, err)
		}
		x.A.Due = longer
		if err := x.A.keepDue(c); err != nil {
			return err
		}
	}
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE extension SET decision = ?, decided_by = ?, decided_name = ?, decided_at = ?, granted_until = ?, words = ? WHERE id = ?",
		decision, c.Who().PersonID, c.Who().Name, c.Now(), granted, x.X.Words, x.X.ID)
	if err != nil {
		return fmt.Errorf("decide extension %s: %w", x.X.ID, err)
	}
	c.Detail(map[string]any{"decision": decision, "until": granted, "was": x.X.Was})
	told := x.about().ofUnit(x.A)
	if decision == Granted && x.A.Role.Main() {
		told = told.forProposers(x.Proposers)
	}
	return x.record(c, WasExtended{told, x.A.ID, decision, x.X.Was, granted})
}
