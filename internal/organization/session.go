package organization

import (
	"errors"
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/store"
)

// Session is one yearly session (次) of a term (届) and the year after it.
type Session struct {
	ID          string     `json:"id"`
	TermID      string     `json:"term_id"`
	Term        int64      `json:"term"`   // 届
	Number      int64      `json:"number"` // 次
	Title       string     `json:"title"`  // 十四届三次会议
	CollectFrom store.Time `json:"collect_from"`
	OpensOn     string     `json:"opens_on"`
	ClosesOn    string     `json:"closes_on"`
	CutoffAt    store.Time `json:"cutoff_at"` // later ones are 平时提案
	Version     int64      `json:"version"`
}

// Timings of a proposal.
const (
	InSession    = "session"      // 大会提案
	Intersession = "intersession" // 平时提案
)

// TimingAt tells whether a proposal handed in at that instant is of the
// session or between sessions. The cut-off instant itself is still in time.
func (s Session) TimingAt(at store.Time) string {
	if at.Before(s.CollectFrom.Time) || at.After(s.CutoffAt.Time) {
		return Intersession
	}
	return InSession
}

const sessionColumns = `s.id, s.term_id, t.number, s.number, s.title, s.collect_from, s.opens_on, s.closes_on, s.cutoff_at, s.version
	FROM term_session s JOIN term t ON t.id = s.term_id`

func scanSession(r store.Row, s *Session) error {
	return r.Scan(&s.ID, &s.TermID, &s.Term, &s.Number, &s.Title, &s.CollectFrom, &s.OpensOn, &s.ClosesOn, &s.CutoffAt, &s.Version)
}

// ErrNoSession says that the committee has not set up the session of an instant.
var ErrNoSession = errors.New("no session covers this time")

// SessionAt gives the session to which a proposal of that instant belongs: the
// latest whose collecting had begun.
func SessionAt(l *app.Look, at store.Time) (Session, error) {
	var s Session
	err := scanSession(l.Tx().Row(l.Ctx(), "SELECT "+sessionColumns+" WHERE s.committee_id = ? AND s.collect_from <= ? ORDER BY s.collect_from DESC LIMIT 1",
		l.Who().CommitteeID, at), &s)
	if errors.Is(err, store.ErrNone) {
		return s, ErrNoSession
	}
	if err != nil {
		return s, fmt.Errorf("find the session: %w", err)
	}
	return s, nil
}

// Sessions lists the committee's sessions, newest first.
func Sessions(l *app.Look) ([]Session, error) {
	list, err := store.List(l.Ctx(), l.Tx(), scanSession, "SELECT "+sessionColumns+" WHERE s.committee_id = ? ORDER BY s.collect_from DESC", l.Who().CommitteeID)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return list, nil
}
