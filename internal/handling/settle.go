package handling

import (
	"encoding/json"
	"fmt"
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
)

// Open tells handling that a case is ready for dispatch, or that its number or
// title changed. Domains call it within their own act; a second call is a
// refreshing. The domain is told the standing.
func Open(c *app.Call, kind, id string) error {
	m, err := matterOf(&c.Look, kind, id)
	if err != nil {
		return err
	}
	if err := m.know(c); err != nil {
		return err
	}
	return settle(c, m)
}

// settle ends every act: it reads the case again, closes it when its rule is
// met, keeps how it stands, and tells the domain.
func settle(c *app.Call, m *Matter) error {
	now, err := fill(&c.Look, m.Case)
	if err != nil {
		return err
	}
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return err
	}
	if err := m.retally(c, now.tallied); err != nil {
		return err
	}
	now.Row.Outcome = now.outcome(rules.Handling.Grades)
	if now.closes() {
		now.Row.ClosedAt = c.Now()
		if err := now.record(c, WasClosed{now.about().forProposers(now.Proposers), now.Row.Closing, now.Row.Outcome}); err != nil {
			return err
		}
	}
	return now.keep(c)
}

// know writes the row of a case that handling hears of for the first time.
func (m *Matter) know(c *app.Call) error {
	if m.Row.Known {
		return nil
	}
	if m.Row.OpenedAt.IsZero() {
		m.Row.OpenedAt = c.Now()
	}
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO handling_case (case_kind, case_id, committee_id, number, title, stage, holder, opened_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		m.Kind, m.ID, m.CommitteeID, m.Number, m.Title, string(Filed), HeldByOffice, m.Row.OpenedAt)
	if err != nil {
		return fmt.Errorf("open %s %s: %w", m.Kind, m.ID, err)
	}
	m.Row.Known = true
	return nil
}

// keep derives how the case stands, writes it down, and tells the domain.
func (m *Matter) keep(c *app.Call) error {
	s := Derive(m.records())
	by := ""
	if !m.Row.ClosedAt.IsZero() {
		by = c.Who().PersonID
	}
	_, err := c.Tx().Exec(c.Ctx(), `UPDATE handling_case SET number = ?, title = ?, stage = ?, holder = ?, holder_name = ?, holder_since = ?, due_on = ?, outcome = ?,
			closed_by = CASE WHEN closed_at IS NULL THEN ? ELSE closed_by END, closed_at = ?, version = version + 1
		WHERE case_kind = ? AND case_id = ?`,
		m.Number, m.Title, string(s.Stage), s.Holder, s.HolderName, s.HolderSince, s.DueOn, m.Row.Outcome, by, m.Row.ClosedAt, m.Kind, m.ID)
	if err != nil {
		return fmt.Errorf("keep how %s %s stands: %w", m.Kind, m.ID, err)
	}
	return app.Part[Kinds](&c.Look)[m.Kind].Stood(c, m.ID, s)
}

// closes reports whether the case ends now by its rule; a confirmed end is an
// act of its own (case.close).
func (m *Matter) closes() bool {
	if !m.Row.ClosedAt.IsZero() || !m.answered() || m.lastWordAwaited() != nil {
		return false
	}
	switch m.Row.Closing {
	case CloseReplied:
		return true
	case CloseRated:
		list, _ := m.awaited()
		return len(list) == 0
	default:
		return false
	}
}

// outcome is the worst result among the ratings of each unit's latest rated
// reply; no response only when nobody answered at all. Grades are listed from
// the best to the worst.
func (m *Matter) outcome(grades []profile.Coded) string {
	worst, at := "", -1
	for _, a := range m.live() {
		r := m.newest(a.ID, func(r *Reply) bool { return r.State == Issued && r.Purpose != FollowUp && len(r.Ratings) > 0 })
		if r == nil {
			continue
		}
		for _, x := range r.Ratings {
			i := slices.IndexFunc(grades, func(g profile.Coded) bool { return g.Code == x.Result })
			switch {
			case x.Result == NoResponse && worst == "":
				worst = NoResponse
			case i > at:
				worst, at = x.Result, i
			}
		}
	}
	return worst
}

// involve notes that a body may now see the case.
func involve(c *app.Call, m *Matter, bodyID string) error {
	_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO handling_involved (committee_id, case_kind, case_id, body_id) VALUES (?, ?, ?, ?) ON CONFLICT (body_id, case_kind, case_id) DO NOTHING",
		m.CommitteeID, m.Kind, m.ID, bodyID)
	if err != nil {
		return fmt.Errorf("involve %s in %s %s: %w", bodyID, m.Kind, m.ID, err)
	}
	return nil
}

// release ends that a body may see the case.
func release(c *app.Call, m *Matter, bodyID string) error {
	_, err := c.Tx().Exec(c.Ctx(), "DELETE FROM handling_involved WHERE body_id = ? AND case_kind = ? AND case_id = ?", bodyID, m.Kind, m.ID)
	if err != nil {
		return fmt.Errorf("release %s from %s %s: %w", bodyID, m.Kind, m.ID, err)
	}
	return nil
}

// packed is the JSON of a list that a column keeps.
func packed(list any) (string, error) {
	b, err := json.Marshal(list)
	if err != nil {
		return "", fmt.Errorf("pack a list: %w", err)
	}
	if string(b) == "null" {
		return "[]", nil
	}
	return string(b), nil
}

// written is the error of a versioned update that must touch one row.
func written(n int64, err error, what string) error {
	switch {
	case err != nil:
		return fmt.Errorf("save %s: %w", what, err)
	case n != 1:
		return fault.New(fault.Stale, "fault.stale")
	}
	return nil
}

// unpack reads what packed wrote.
func unpack(text string, list any) error {
	if err := json.Unmarshal([]byte(text), list); err != nil {
		return fmt.Errorf("unpack a list: %w", err)
	}
	return nil
}
