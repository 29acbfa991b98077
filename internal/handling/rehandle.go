package handling

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/id"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// demandsAgain reports whether a rating makes a second handling necessary, by
// the committee's rule.
func demandsAgain(rule profile.AgainRules, grades []profile.Coded, x Rating) bool {
	switch rule.On {
	case profile.AgainResult:
		return x.Result == Dissatisfied
	case profile.AgainEither:
		return x.Result == Dissatisfied || x.Attitude == Dissatisfied
	case profile.AgainBasically:
		return x.Result != NoResponse && len(grades) > 0 && x.Result != grades[0].Code
	default:
		return false
	}
}

// again opens a second handling after a rating that demands it: at once, so
// that who is not satisfied does not wait for the others. Where the rounds are
// used up the committee is asked for the last word. A rating of a reply that a
// later round overtook opens nothing.
func (l *Letter) again(c *app.Call, k *clockOf, x Rating) error {
	newest := l.replyOf(l.A.ID)
	if !demandsAgain(k.rules.Again, k.rules.Grades, x) || newest == nil || newest.ID != l.R.ID || l.A.State != Answered || l.R.Purpose == FollowUp {
		return nil
	}
	if l.A.Round < int64(max(k.rules.Again.Rounds, 1)) {
		return (&Errand{l.Matter, l.A}).reopen(c, k, ByRating, l.R.ID)
	}
	if !k.rules.Again.Ruling {
		return nil
	}
	n, err := c.Tx().Exec(c.Ctx(), `INSERT INTO last_word (id, committee_id, case_kind, case_id, assignment_id, unit_name, round, asked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (assignment_id, round) DO NOTHING`, id.New(), l.CommitteeID, l.Kind, l.ID, l.A.ID, l.A.UnitName, l.A.Round, c.Now())
	if err != nil {
		return fmt.Errorf("ask for the last word on %s: %w", l.A.ID, err)
	}
	if n == 0 {
		return nil
	}
	if err := l.did(c, HadLastWord); err != nil {
		return err
	}
	return l.record(c, WasExhausted{l.about().ofUnit(l.A), l.A.ID, l.A.Round})
}

// reopen begins the next round of an assignment, with a clock of its own. A
// case that was closed is open again.
func (e *Errand) reopen(c *app.Call, k *clockOf, because, replyID string) error {
	if err := e.inherit(c); err != nil {
		return err
	}
	if err := e.A.move(SignedFor); err != nil {
		return err
	}
	if err := e.takeUp(c); err != nil {
		return err
	}
	due, err := k.compute(k.today, k.rules.Again.Due)
	if err != nil {
		return fmt.Errorf("compute the deadline of the second handling of %s: %w", e.A.ID, err)
	}
	text, err := writeDue(due)
	if err != nil {
		return err
	}
	e.A.Round++
	e.A.Due, e.A.DueOn, e.A.AnsweredAt, e.A.AnsweredLate = due, due.On.String(), store.Time{}, false
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE assignment SET state = ?, round = ?, due_on = ?, due = ?, calendar = ?, answered_at = NULL, late = FALSE, version = version + 1 WHERE id = ? AND version = ?",
		string(SignedFor), e.A.Round, e.A.DueOn, text, k.days.Version(), e.A.ID, e.A.Version)
	if err := written(n, err, "assignment "+e.A.ID); err != nil {
		return err
	}
	e.A.Version++
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO rehandling (id, committee_id, case_kind, case_id, assignment_id, unit_id, unit_name, round, because, reply_id, due_on, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id.New(), e.CommitteeID, e.Kind, e.ID, e.A.ID, e.A.UnitID, e.A.UnitName, e.A.Round, because, replyID, e.A.DueOn, c.Now())
	if err != nil {
		return fmt.Errorf("begin round %d of %s: %w", e.A.Round, e.A.ID, err)
	}
	if err := e.did(c, HadRehandling); err != nil {
		return err
	}
	if !e.Row.ClosedAt.IsZero() {
		if _, err := c.Tx().Exec(c.Ctx(), "UPDATE handling_case SET closed_at = NULL, closed_by = '' WHERE case_kind = ? AND case_id = ?", e.Kind, e.ID); err != nil {
			return fmt.Errorf("open %s %s again: %w", e.Kind, e.ID, err)
		}
		e.Row.ClosedAt = store.Time{}
	}
	return e.record(c, WasReopened{e.about().ofUnit(e.A).forProposers(e.Proposers), e.A.ID, e.A.Round, e.A.DueOn, because})
}

// takeUp makes a further reply that is being written the reply of the round that
// begins: it is checked, read and rated as such, and comes back to the handler.
func (e *Errand) takeUp(c *app.Call) error {
	r := e.workOn(e.A.ID)
	if r == nil || r.Purpose != FollowUp {
		return nil
	}
	if r.State != Drafted {
		if err := (&Letter{e.Matter, e.A, r}).backToDraft(c, ""); err != nil {
			return err
		}
	}
	r.Purpose = AgainReply
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE reply SET purpose = ?, version = version + 1 WHERE id = ? AND version = ?", r.Purpose, r.ID, r.Version)
	if err := written(n, err, "reply "+r.ID); err != nil {
		return err
	}
	r.Version++
	return nil
}

// retire ends what an earlier round left open when a later reply goes out: its
// rating is asked about the later one, its promises are made anew.
func (l *Letter) retire(c *app.Call) error {
	for i := range l.Replies {
		r := &l.Replies[i]
		if r.AssignmentID != l.A.ID || r.ID == l.R.ID || !r.RatingOpen {
			continue
		}
		r.RatingOpen = false
		if _, err := c.Tx().Exec(c.Ctx(), "UPDATE reply SET rating_open = FALSE WHERE id = ?", r.ID); err != nil {
			return fmt.Errorf("end the rating of reply %s: %w", r.ID, err)
		}
	}
	for i := range l.Promises {
		if p := &l.Promises[i]; p.AssignmentID == l.A.ID && p.State == PromiseOpen {
			if err := l.pledge(p).replace(c); err != nil {
				return err
			}
		}
	}
	return nil
}
