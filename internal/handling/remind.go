package handling

import (
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
)

// What somebody is reminded of.
const (
	ToSign  = "sign"
	ToReply = "reply"
	ToOpine = "opinion"
	ToRate  = "rating"
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
		told := e.about().ofUnit(e.A)
		if in.What == ToRate {
			for _, d := range e.replyOf(e.A.ID).awaited() {
				told = told.forProposers([]Proposer{proposerOf(d)})
			}
		}
		return struct{}{}, e.record(c, WasReminded{told, in.What, on, step, left})
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
	r := e.replyOf(e.A.ID)
	switch {
	case what == ToSign && e.A.State == Sent:
		return dayOf(e.A.DispatchedAt), e.A.SignBy
	case (what == ToReply && e.A.Role.Main() || what == ToOpine && e.A.Role == Assist) && (e.A.State == Sent || e.A.State == SignedFor):
		return dayOf(e.A.DispatchedAt), e.A.DueOn
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
	slices.Sort(steps)
	for _, s := range steps { // the latest first
		if left <= s && s < whole {
			return s, left, true
		}
	}
	return 0, left, false
}
