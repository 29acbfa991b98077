package handling

import (
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/store"
)

// What somebody is reminded of.
const (
	ToSign  = "sign"
	ToReply = "reply"
	ToOpine = "opinion"
	ToRate  = "rating"
)

// What else has a day that a changed calendar moves. Promises have none: their
// dates are what the unit said.
const (
	ToRule  = "ruling"
	ToAgree = "countersign"
	ToRead  = "reading"
)

// remindIn is one reminder that may be due.
type remindIn struct {
	ID   string `json:"id"` // assignment
	What string `json:"what"`
}

// remind reminds the holder at the steps of the profile, once per step and due
// date. A step that lies before the work began, or that a later one overtook,
// is left out.
var remind = app.Define("assignment.remind",
	func(c *app.Call, in remindIn) (*Errand, error) { return loadErrand(c, in.ID) },
	bySystem[*Errand],
	func(c *app.Call, e *Errand, in remindIn) (struct{}, error) {
		k, err := clockNow(&c.Look)
		if err != nil {
			return struct{}{}, err
		}
		from, on := e.awaits(in.What)
		step, left, ok := k.step(from, on)
		if !ok {
			return struct{}{}, nil
		}
		n, err := c.Tx().Exec(c.Ctx(), `INSERT INTO assignment_reminder (assignment_id, what, due_on, step, committee_id, at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (assignment_id, what, due_on, step) DO NOTHING`, e.A.ID, in.What, on, step, e.CommitteeID, c.Now())
		if err != nil || n == 0 {
			return struct{}{}, err
		}
		quiet, err := e.chasedLately(&c.Look, k)
		if err != nil || quiet && in.What != ToRate {
			return struct{}{}, err
		}
		told := e.about().ofUnit(e.A)
		if in.What == ToRate {
			for _, d := range e.newest(e.A.ID, func(r *Reply) bool { return r.RatingOpen }).awaited() {
				told = told.forProposers([]Proposer{proposerOf(d)})
			}
		}
		return struct{}{}, e.record(c, WasReminded{told, in.What, on, step, left, k.rules.Supervision.LeaderAfter > 0 && left <= -k.rules.Supervision.LeaderAfter})
	})

func proposerOf(d Delivery) Proposer {
	if d.IsBody {
		return Proposer{BodyID: d.ProposerID}
	}
	return Proposer{PersonID: d.ProposerID}
}

// awaits tells from when and until when something is awaited; no date when it
// is not awaited now.
func (e *Errand) awaits(what string) (from calendar.Date, on string) {
	r := e.newest(e.A.ID, func(r *Reply) bool { return r.RatingOpen })
	read := e.workOn(e.A.ID)
	switch {
	case what != ToRate && read != nil && read.State == Reading: // the unit did its part
		return calendar.Date{}, ""
	case what == ToSign && e.A.State == Sent:
		return dayOf(e.A.DispatchedAt), e.A.SignBy
	case (what == ToReply && e.A.Role.Main() || what == ToOpine && e.A.Role == Assist) && (e.A.State == Sent || e.A.State == SignedFor):
		return dayOf(e.roundBegan(e.A)), e.A.DueOn
	case what == ToRate && r != nil && len(r.awaited()) > 0:
		return dayOf(r.IssuedAt), r.RateBy
	}
	return calendar.Date{}, ""
}

// step finds the step of the profile that has been reached: the last one of
// those that lie after the beginning.
func (k *clockOf) step(from calendar.Date, dueOn string) (step, left int, ok bool) {
	on, err := calendar.ParseDate(dueOn)
	if err != nil {
		return 0, 0, false
	}
	whole := calendar.Left(from, on, k.days)
	left = calendar.Left(k.today, on, k.days)
	steps := slices.Clone(k.rules.RemindAt)
	if n := k.rules.Supervision.LeaderAfter; n > 0 {
		steps = append(steps, -n)
	}
	slices.Sort(steps)
	for _, s := range steps { // the latest first
		if left <= s && s < whole {
			return s, left, true
		}
	}
	return 0, left, false
}

// Chases tells when a unit was chased about an assignment for the last time, by
// letter or by hand. The package that chases lends it; without it nobody chases.
type Chases interface {
	// LastChase is the zero time for an assignment that nobody chased.
	LastChase(l *app.Look, assignmentID string) (store.Time, error)
}

// chasedLately reports whether the unit was chased so shortly before that a
// reminder would say the same again.
func (e *Errand) chasedLately(l *app.Look, k *clockOf) (bool, error) {
	chases, ok := app.PartOf[Chases](l.App())
	if !ok || k.rules.Supervision.QuietWorkdays == 0 {
		return false, nil
	}
	at, err := chases.LastChase(l, e.A.ID)
	if err != nil || at.IsZero() {
		return false, err
	}
	return k.held(at) < k.rules.Supervision.QuietWorkdays, nil
}
