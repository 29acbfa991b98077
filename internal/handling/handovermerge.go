package handling

import (
	"fmt"
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/organization"
)

// further tells how far an assignment has come, to choose which of two goes on.
func (e *Errand) further(a *Assignment) int {
	n := 0
	if a.State == SignedFor {
		n++
	}
	if e.contactsOf(a) > 0 {
		n += 2
	}
	if r := e.workOn(a.ID); r != nil {
		n += 4 * (slices.Index(ReplyStates(), r.State) + 1)
	}
	return n
}

// merge ends an assignment in another of the same case, and gives the due date
// of the clock that ended, "" where none ran: of two of one sort the later, so
// that nothing is due later than it was. What was written goes on.
func (e *Errand) merge(c *app.Call, ended, goesOn *Assignment, to organization.Body, why handing) (dropped string, err error) {
	x := &Errand{e.Matter, ended}
	if o := e.objection(ended.ID); o != nil {
		if err := x.ruled(c, o, Withdrawn, "", ruledTo{}); err != nil {
			return "", err
		}
	}
	if err := x.moot(c); err != nil {
		return "", err
	}
	if err := e.joinDrafts(c, ended, goesOn, to); err != nil {
		return "", err
	}
	if err := x.uncountersign(c); err != nil {
		return "", err
	}
	if err := x.end(c, ended, short(why.reason, noteAtMost)); err != nil {
		return "", err
	}
	open := ended.Owes()
	both := open && goesOn.Owes() && ended.Role.Main() == goesOn.Role.Main()
	if open {
		dropped = ended.DueOn
	}
	if both && dated(ended.DueOn) < dated(goesOn.DueOn) {
		dropped = goesOn.DueOn
		goesOn.DueOn, goesOn.Due = ended.DueOn, ended.Due
	}
	ended.State, ended.Objected = Changed, false
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE promise SET assignment_id = ?, unit_id = ?, unit_name = ? WHERE assignment_id = ? AND state = 'open'", goesOn.ID, to.ID, to.Name, ended.ID); err != nil {
		return "", fmt.Errorf("move the promises of assignment %s: %w", ended.ID, err)
	}
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE promise SET assignment_id = ? WHERE assignment_id = ?", goesOn.ID, ended.ID); err != nil { // those kept may still be denied
		return "", fmt.Errorf("move the promises of assignment %s: %w", ended.ID, err)
	}
	if !both {
		return dropped, nil
	}
	return dropped, e.earlier(c, goesOn, ended)
}

// earlier writes the clock of an assignment after a merger; of two that were
// not signed for, and not contacted, the earlier of those dates counts too.
func (e *Errand) earlier(c *app.Call, a, ended *Assignment) error {
	if ended.SignBy != "" && ended.SignBy < a.SignBy {
		a.SignBy, a.SignDue = ended.SignBy, ended.SignDue
	}
	if ended.ContactBy != "" && dated(ended.ContactBy) < dated(a.ContactBy) {
		a.ContactBy, a.ContactDue = ended.ContactBy, ended.ContactDue
	}
	sign, contact, due, err := a.written()
	if err != nil {
		return err
	}
	_, err = c.Tx().Exec(c.Ctx(), "UPDATE assignment SET sign_by = ?, sign_due = ?, contact_by = ?, contact_due = ?, due_on = ?, due = ?, version = version + 1 WHERE id = ?",
		a.SignBy, sign, a.ContactBy, contact, dated(a.DueOn), due, a.ID)
	if err != nil {
		return fmt.Errorf("keep the earlier clock of assignment %s: %w", a.ID, err)
	}
	a.Version++
	return nil
}

// joinDrafts lets the unfinished reply of an assignment that ends go on: as the
// draft of the other where it has none, else below the other's text. A letter
// that had left the handler comes back to him: it is not what was signed any more.
func (e *Errand) joinDrafts(c *app.Call, ended, goesOn *Assignment, to organization.Body) error {
	theirs, ours := e.workOn(ended.ID), e.workOn(goesOn.ID)
	if theirs == nil || goesOn.Role == Assist {
		return nil
	}
	if ours == nil {
		_, err := c.Tx().Exec(c.Ctx(), "UPDATE reply SET assignment_id = ?, round = ?, unit_id = ?, unit_name = ?, version = version + 1 WHERE id = ?",
			goesOn.ID, e.lastRound(goesOn.ID)+1, to.ID, to.Name, theirs.ID)
		if err != nil {
			return fmt.Errorf("move the draft %s: %w", theirs.ID, err)
		}
		theirs.AssignmentID, theirs.Round = goesOn.ID, e.lastRound(goesOn.ID)+1
		theirs.Version++
		return nil
	}
	for _, l := range []*Letter{{e.Matter, ended, theirs}, {e.Matter, goesOn, ours}} {
		if l.R.State == Drafted {
			continue
		}
		if err := l.backToDraft(c, joinedNote); err != nil {
			return err
		}
	}
	ours.ReplyText = joinTexts(ours.ReplyText, theirs.ReplyText, ended.UnitName)
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE reply SET body = ?, returned_note = ?, version = version + 1 WHERE id = ?", ours.Body, joinedNote, ours.ID)
	if err != nil {
		return fmt.Errorf("join the drafts %s and %s: %w", ours.ID, theirs.ID, err)
	}
	ours.Version++
	if err := writeItems(c, ours); err != nil {
		return err
	}
	return writePromises(c, e.Matter, ours)
}

// joinedNote is what the handler reads above a draft that was joined of two. It
// stands among the words of leaders, which are in the language of the letters.
const joinedNote = "两个单位合并，两份拟稿已合在一起，请核改后重新送签。"

// joinTexts puts a second draft below the first; what only the second says is taken.
func joinTexts(ours, theirs ReplyText, unit string) ReplyText {
	below := func(a, b string) string {
		switch {
		case b == "" || a == b:
			return a
		case a == "":
			return b
		}
		return a + "\n\n（以下为" + unit + "原拟稿）\n" + b
	}
	ours.Body = below(ours.Body, theirs.Body)
	for _, x := range theirs.Items {
		i := slices.IndexFunc(ours.Items, func(y ItemAnswer) bool { return y.No == x.No })
		if i < 0 {
			ours.Items = append(ours.Items, x)
			continue
		}
		ours.Items[i].Answer = below(ours.Items[i].Answer, x.Answer)
		if ours.Items[i].Outcome == "" {
			ours.Items[i].Outcome = x.Outcome
		}
	}
	for _, x := range theirs.Promises {
		if !slices.Contains(ours.Promises, x) {
			ours.Promises = append(ours.Promises, x)
		}
	}
	return ours
}
