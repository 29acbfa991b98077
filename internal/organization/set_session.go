package organization

import (
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// maxNumber bounds the number of a term or session.
const maxNumber = 99

// SessionTimes are what a session is made of: when proposals are collected for
// it, when it is held, and the instant after which they are 平时提案.
type SessionTimes struct {
	Number      int64      `json:"number"` // 次
	Title       string     `json:"title"`  // "" is written from the numbers
	CollectFrom store.Time `json:"collect_from"`
	OpensOn     string     `json:"opens_on"`
	ClosesOn    string     `json:"closes_on"`
	CutoffAt    store.Time `json:"cutoff_at"`
}

func (in *SessionTimes) check(p *fault.Problems) {
	in.Title = clean(in.Title)
	p.Check(in.Number >= 1 && in.Number <= maxNumber, "number", "organization.number", "max", maxNumber)
	checkText(p, "title", in.Title, false, 40)
	opens, closes := checkDate(p, "opens_on", in.OpensOn, true), checkDate(p, "closes_on", in.ClosesOn, true)
	p.Check(!in.CollectFrom.IsZero(), "collect_from", "organization.needed")
	p.Check(!in.CutoffAt.IsZero(), "cutoff_at", "organization.needed")
	if p.Err() != nil {
		return
	}
	p.Check(!closes.Before(opens), "closes_on", "organization.session.closes-before")
	p.Check(in.CollectFrom.Before(closes.End(calendar.Beijing)), "collect_from", "organization.session.collect-late")
	p.Check(in.CutoffAt.After(in.CollectFrom.Time), "cutoff_at", "organization.session.cutoff-early")
	p.Check(in.CutoffAt.Before(closes.End(calendar.Beijing)), "cutoff_at", "organization.session.cutoff-late")
}

// SetSessionIn adds a session to a term, or changes the one of ID.
type SetSessionIn struct {
	ID      string `json:"id"`
	TermID  string `json:"term_id"`
	Version int64  `json:"version"`
	SessionTimes
}

// SetSession adds or changes a session of a term (设定届次).
var SetSession = app.Define("organization.set-session", loadSession, bySystemAdmin[thing], setSession)

func loadSession(c *app.Call, in SetSessionIn) (thing, error) {
	t := thing{c.Who().CommitteeID, "session", in.ID}
	if in.ID == "" {
		return t, nil
	}
	var one int
	err := c.Tx().Row(c.Ctx(), "SELECT 1 FROM term_session WHERE id = ? AND committee_id = ?", in.ID, c.Who().CommitteeID).Scan(&one)
	if errors.Is(err, store.ErrNone) {
		return t, notFound()
	}
	return t, err
}

func setSession(c *app.Call, _ thing, in SetSessionIn) (SetOut, error) {
	var p fault.Problems
	if in.check(&p); p.Err() != nil {
		return SetOut{}, p.Err()
	}
	if err := claimCommittee(c); err != nil {
		return SetOut{}, err
	}
	term, err := termOf(&c.Look, in.TermID)
	if err != nil {
		return SetOut{}, fault.Field("term_id", "organization.choose").Because(err)
	}
	p.Check(in.OpensOn >= term.StartsOn && (term.EndsOn == "" || in.OpensOn <= term.EndsOn), "opens_on", "organization.session.outside-term")
	if p.Err() != nil {
		return SetOut{}, p.Err()
	}
	s := Session{ID: in.ID, TermID: term.ID, Term: term.Number, Number: in.Number, Title: in.Title, CollectFrom: in.CollectFrom,
		OpensOn: in.OpensOn, ClosesOn: in.ClosesOn, CutoffAt: in.CutoffAt, Version: in.Version}
	if err := overlaps(c, s); err != nil {
		return SetOut{}, err
	}
	c.Detail(s)
	s.ID, err = writeSession(c, s)
	c.Made(s.ID)
	return SetOut{s.ID}, err
}

// SetOut names what was added or changed.
type SetOut struct {
	ID string `json:"id"`
}

// overlaps refuses a session whose collecting or meeting falls into another's.
func overlaps(c *app.Call, s Session) error {
	list, err := Sessions(&c.Look)
	if err != nil {
		return err
	}
	for _, o := range list {
		if o.ID == s.ID {
			continue
		}
		if !s.CollectFrom.After(o.CutoffAt.Time) && !o.CollectFrom.After(s.CutoffAt.Time) {
			return fault.Field("collect_from", "organization.session.overlaps", "title", o.Title)
		}
		if s.OpensOn <= o.ClosesOn && o.OpensOn <= s.ClosesOn {
			return fault.Field("opens_on", "organization.session.meets-overlap", "title", o.Title)
		}
	}
	return nil
}

func writeSession(c *app.Call, s Session) (string, error) {
	if s.Title == "" {
		s.Title = Sitting{Term: s.Term, Session: s.Number}.String() + "会议"
	}
	if s.ID == "" {
		s.ID = id.New()
		_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO term_session (id, committee_id, term_id, number, title, collect_from, opens_on, closes_on, cutoff_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, s.ID, c.Who().CommitteeID, s.TermID, s.Number, s.Title, s.CollectFrom, s.OpensOn, s.ClosesOn, s.CutoffAt)
		return s.ID, numberTaken(err, "organization.session.exists")
	}
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE term_session SET term_id = ?, number = ?, title = ?, collect_from = ?, opens_on = ?, closes_on = ?, cutoff_at = ?,
		version = version + 1 WHERE id = ? AND version = ?`, s.TermID, s.Number, s.Title, s.CollectFrom, s.OpensOn, s.ClosesOn, s.CutoffAt, s.ID, s.Version)
	if err == nil && n == 0 {
		err = stale()
	}
	return s.ID, numberTaken(err, "organization.session.exists")
}

func numberTaken(err error, key string) error {
	if errors.Is(err, store.ErrUnique) {
		return fault.Field("number", key).Because(err)
	}
	if err != nil {
		return fmt.Errorf("write it: %w", err)
	}
	return nil
}

// Term is one term of five years (届) with its sessions.
type Term struct {
	ID       string    `json:"id"`
	Number   int64     `json:"number"`
	StartsOn string    `json:"starts_on"`
	EndsOn   string    `json:"ends_on"`
	Version  int64     `json:"version"`
	Sessions []Session `json:"sessions"`
}

func scanTerm(r store.Row, t *Term) error {
	return r.Scan(&t.ID, &t.Number, &t.StartsOn, &t.EndsOn, &t.Version)
}

func terms(l *app.Look) ([]Term, error) {
	list, err := store.List(l.Ctx(), l.Tx(), scanTerm, "SELECT id, number, starts_on, ends_on, version FROM term WHERE committee_id = ? ORDER BY number DESC", l.Who().CommitteeID)
	if err != nil {
		return nil, fmt.Errorf("list terms: %w", err)
	}
	return list, nil
}

func termOf(l *app.Look, termID string) (t Term, err error) {
	err = scanTerm(l.Tx().Row(l.Ctx(), "SELECT id, number, starts_on, ends_on, version FROM term WHERE id = ? AND committee_id = ?", termID, l.Who().CommitteeID), &t)
	if errors.Is(err, store.ErrNone) {
		return t, notFound()
	}
	if err != nil {
		return t, fmt.Errorf("read term %s: %w", termID, err)
	}
	return t, nil
}

// Terms is the query of terms and sessions, newest first.
var Terms = app.Ask("organization.terms", everybody("committee_id"), func(l *app.Look, _ access.Scope, _ struct{}) ([]Term, error) {
	list, err := terms(l)
	if err != nil {
		return nil, err
	}
	all, err := Sessions(l)
	for _, s := range all {
		for i := range list {
			if list[i].ID == s.TermID {
				list[i].Sessions = append(list[i].Sessions, s)
			}
		}
	}
	return list, err
})

// SetTermIn adds a term, or changes the one of ID.
type SetTermIn struct {
	ID       string `json:"id"`
	Number   int64  `json:"number"`
	StartsOn string `json:"starts_on"`
	EndsOn   string `json:"ends_on"`
	Version  int64  `json:"version"`
}

// SetTerm adds or changes a term (设定届).
var SetTerm = app.Define("organization.set-term", func(c *app.Call, in SetTermIn) (thing, error) {
	t := thing{c.Who().CommitteeID, "term", in.ID}
	if in.ID == "" {
		return t, nil
	}
	_, err := termOf(&c.Look, in.ID)
	return t, err
}, bySystemAdmin[thing], setTerm)

func setTerm(c *app.Call, _ thing, in SetTermIn) (SetOut, error) {
	var p fault.Problems
	p.Check(in.Number >= 1 && in.Number <= maxNumber, "number", "organization.number", "max", maxNumber)
	from, to := checkDate(&p, "starts_on", in.StartsOn, true), checkDate(&p, "ends_on", in.EndsOn, false)
	p.Check(to.IsZero() || from.Before(to), "ends_on", "organization.ends-before")
	if err := p.Err(); err != nil {
		return SetOut{}, err
	}
	if err := claimCommittee(c); err != nil {
		return SetOut{}, err
	}
	list, err := terms(&c.Look)
	if err != nil {
		return SetOut{}, err
	}
	for _, o := range list {
		meets := (o.EndsOn == "" || in.StartsOn <= o.EndsOn) && (in.EndsOn == "" || o.StartsOn <= in.EndsOn)
		// A term whose end is not known yet ends where the next begins.
		follows := o.EndsOn == "" && o.StartsOn < in.StartsOn || in.EndsOn == "" && in.StartsOn < o.StartsOn
		if o.ID != in.ID && meets && !follows {
			return SetOut{}, fault.Field("starts_on", "organization.term.overlaps", "n", o.Number)
		}
	}
	c.Detail(in)
	return writeTerm(c, in)
}

func writeTerm(c *app.Call, in SetTermIn) (SetOut, error) {
	if in.ID == "" {
		in.ID = id.New()
		c.Made(in.ID)
		_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO term (id, committee_id, number, starts_on, ends_on) VALUES (?, ?, ?, ?, ?)",
			in.ID, c.Who().CommitteeID, in.Number, in.StartsOn, in.EndsOn)
		return SetOut{in.ID}, numberTaken(err, "organization.term.exists")
	}
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE term SET number = ?, starts_on = ?, ends_on = ?, version = version + 1 WHERE id = ? AND version = ?",
		in.Number, in.StartsOn, in.EndsOn, in.ID, in.Version)
	if err == nil && n == 0 {
		err = stale()
	}
	return SetOut{in.ID}, numberTaken(err, "organization.term.exists")
}
