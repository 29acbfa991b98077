package handling

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// CloseIn confirms the end of a case.
type CloseIn struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Note string `json:"note,omitempty"`
}

// CloseOut is the end of a case.
type CloseOut struct {
	CaseKind string     `json:"case_kind"`
	CaseID   string     `json:"case_id"`
	ClosedAt store.Time `json:"closed_at"`
	Outcome  string     `json:"outcome"`
}

// CloseCase confirms that a case is done (确认结案), where that is the committee's
// rule. Ratings that are still awaited may come later.
var CloseCase = app.Define("case.close",
	func(c *app.Call, in CloseIn) (*Matter, error) {
		if _, known := app.Part[Kinds](&c.Look)[in.Kind]; !known {
			return nil, fault.New(fault.NotFound, "fault.not-found")
		}
		return matterOf(&c.Look, in.Kind, in.ID)
	},
	func(who access.Actor, m *Matter) access.Verdict {
		if office(who) && m.sees(who) {
			return access.Allow()
		}
		return m.otherwise(who, "handling.office-only")
	}, closeCase)

func closeCase(c *app.Call, m *Matter, in CloseIn) (CloseOut, error) {
	switch {
	case !m.Row.ClosedAt.IsZero():
		return CloseOut{}, fault.New(fault.Closed, "handling.close.done")
	case !m.answered():
		return CloseOut{}, fault.New(fault.Closed, "handling.close.replies")
	case m.lastWordAwaited() != nil:
		return CloseOut{}, fault.New(fault.Closed, "handling.close.last-word")
	case m.Row.Closing != CloseConfirmed:
		return CloseOut{}, fault.New(fault.Closed, "handling.close.rule")
	}
	var p fault.Problems
	note := words(&p, "note", in.Note, noteAtMost, false)
	if err := p.Err(); err != nil {
		return CloseOut{}, err
	}
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return CloseOut{}, err
	}
	m.Row.ClosedAt, m.Row.Outcome = c.Now(), m.outcome(rules.Handling.Grades)
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE handling_case SET note = ? WHERE case_kind = ? AND case_id = ?", note, m.Kind, m.ID); err != nil {
		return CloseOut{}, fmt.Errorf("close %s %s: %w", m.Kind, m.ID, err)
	}
	if err := m.record(c, WasClosed{m.about().forProposers(m.Proposers), m.Row.Closing, m.Row.Outcome}); err != nil {
		return CloseOut{}, err
	}
	return CloseOut{m.Kind, m.ID, m.Row.ClosedAt, m.Row.Outcome}, m.keep(c)
}
