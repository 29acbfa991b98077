package handling

import (
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
)

// OpineIn is an assisting opinion.
type OpineIn struct {
	ID      string `json:"id"`                // assignment
	Version int64  `json:"version,omitempty"` // of the assignment
	Number  string `json:"number"`            // of the unit's own series
	Text    string `json:"text"`
}

// Opine gives an assisting opinion to the lead (会办意见). Files are added to it
// as attachments of the kind "opinion", by the assignment's id, beforehand or
// afterwards.
var Opine = app.Define("assignment.coopine",
	func(c *app.Call, in OpineIn) (*Errand, error) { return loadErrand(c, in.ID) },
	mayOpine, opine)

func mayOpine(who access.Actor, e *Errand) access.Verdict {
	v := mayWork(who, e)
	if v.Allowed() && e.A.Role.Main() {
		return access.Deny("handling.opinion.main")
	}
	return v
}

const bodyAtMost = 20000

func opine(c *app.Call, e *Errand, in OpineIn) (Progress, error) {
	if err := e.fresh(in.Version); err != nil {
		return Progress{}, err
	}
	if e.A.State == Sent {
		return Progress{}, fault.New(fault.Closed, "handling.sign-first")
	}
	if e.objection(e.A.ID) != nil {
		return Progress{}, fault.New(fault.Closed, "handling.object.waits")
	}
	if err := e.A.move(Answered); err != nil {
		return Progress{}, err
	}
	var p fault.Problems
	number := line(&p, "number", in.Number, numberAtMost, true)
	text := words(&p, "text", in.Text, bodyAtMost, true)
	if err := p.Err(); err != nil {
		return Progress{}, err
	}
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO assist_opinion (id, committee_id, case_kind, case_id, assignment_id, number, body, person_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id.New(), e.CommitteeID, e.Kind, e.ID, e.A.ID, number, text, c.Who().PersonID, c.Now())
	if err != nil {
		return Progress{}, fmt.Errorf("give the opinion of %s: %w", e.A.ID, err)
	}
	e.A.AnsweredLate = e.A.DueOn != "" && dayOf(c.Now()).After(e.A.Due.On)
	if err := errors.Join(e.answer(c), e.moot(c)); err != nil {
		return Progress{}, err
	}
	told := WasOpined{About: e.about().ofUnit(e.A)}
	for _, a := range e.live() {
		if a.Role.Main() {
			told.Leads = append(told.Leads, a.UnitID)
		}
	}
	if err := e.record(c, told); err != nil {
		return Progress{}, err
	}
	return e.progress(), settle(c, e.Matter)
}

// answer writes that the unit did what it had to do.
func (e *Errand) answer(c *app.Call) error {
	e.A.AnsweredAt = c.Now()
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE assignment SET state = ?, answered_at = ?, late = ?, version = version + 1 WHERE id = ? AND version = ?",
		string(e.A.State), e.A.AnsweredAt, e.A.AnsweredLate, e.A.ID, e.A.Version)
	if err := written(n, err, "assignment "+e.A.ID); err != nil {
		return err
	}
	e.A.Version++
	return nil
}
