package appraisal

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

const schemeColumns = `s.id, s.committee_id, s.year, s.number, s.state, s.title, s.from_on, s.to_on, s.until_on, s.body, s.reason, s.based_on, s.run_id, s.appeal_by,
	s.created_name, s.created_at, s.changed_at, s.published_name, s.published_at, s.closed_at, s.version`

func scanScheme(r store.Row, s *Scheme) error {
	var body string
	if err := r.Scan(&s.ID, &s.CommitteeID, &s.Year, &s.Number, &s.State, &s.Title, &s.From, &s.To, &s.Until, &body, &s.Reason, &s.BasedOn, &s.RunID, &s.AppealBy,
		&s.CreatedName, &s.CreatedAt, &s.ChangedAt, &s.PublishedName, &s.PublishedAt, &s.ClosedAt, &s.Version); err != nil {
		return err
	}
	return json.Unmarshal([]byte(body), &s.Terms)
}

// schemeOf reads a scheme of the actor's committee. Inside an act other acts on
// it wait.
func schemeOf(l *app.Look, id string) (*Scheme, error) {
	if err := l.Tx().Claim(l.Ctx(), "appraisal_scheme", "id", id); err != nil {
		return nil, fmt.Errorf("claim scheme %s: %w", id, err)
	}
	s := &Scheme{}
	err := scanScheme(l.Tx().Row(l.Ctx(), "SELECT "+schemeColumns+" FROM appraisal_scheme s WHERE s.id = ? AND s.committee_id = ?", id, l.Who().CommitteeID), s)
	if errors.Is(err, store.ErrNone) {
		return nil, notFound()
	}
	if err != nil {
		return nil, fmt.Errorf("read scheme %s: %w", id, err)
	}
	return s, nil
}

// schemesOf lists the versions of a year that a scope shows, the newest first;
// year 0 is every year.
func schemesOf(l *app.Look, sc access.Scope, year int) ([]Scheme, error) {
	where := store.F(sc.SQL(), sc.Args()...)
	if year != 0 {
		where = store.And(where, store.F("s.year = ?", year))
	}
	q := store.Join(store.F("SELECT "+schemeColumns+" FROM appraisal_scheme s WHERE"), where, store.F("ORDER BY s.year DESC, s.number DESC"))
	list, err := store.List(l.Ctx(), l.Tx(), scanScheme, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list schemes: %w", err)
	}
	return list, nil
}

// inForce is the published or closed version of a year, nil without one.
func inForce(l *app.Look, year int) (*Scheme, error) {
	sc := access.Committee("s.committee_id", l.Who().CommitteeID).And("s.state IN ('published', 'closed')")
	list, err := schemesOf(l, sc, year)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// write keeps what an act changed of a scheme, when nobody was faster.
func (s *Scheme) write(c *app.Call) error {
	body, err := json.Marshal(s.Terms)
	if err != nil {
		return fmt.Errorf("write scheme %s: %w", s.ID, err)
	}
	s.ChangedAt = c.Now()
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE appraisal_scheme SET state = ?, title = ?, from_on = ?, to_on = ?, until_on = ?, body = ?, run_id = ?, appeal_by = ?,
		changed_at = ?, published_name = ?, published_by = CASE WHEN ? = '' THEN published_by ELSE ? END, published_at = ?, closed_at = ?, version = version + 1 WHERE id = ? AND version = ?`,
		string(s.State), s.Title, s.From, s.To, s.Until, string(body), s.RunID, s.AppealBy, s.ChangedAt, s.PublishedName, publisher(c, s), publisher(c, s), s.PublishedAt, s.ClosedAt, s.ID, s.Version)
	switch {
	case errors.Is(err, store.ErrUnique):
		return fault.New(fault.Conflict, "appraisal.publish.another").Because(err)
	case err != nil:
		return fmt.Errorf("write scheme %s: %w", s.ID, err)
	case n == 0:
		return stale()
	}
	s.Version++
	return nil
}

// publisher is who published the scheme in this act, "" in any other.
func publisher(c *app.Call, s *Scheme) string {
	if s.State == Published && s.PublishedAt.Equal(c.Now().Time) {
		return c.Who().PersonID
	}
	return ""
}

// fresh answers a stale form; 0 is a caller that shows no version.
func (s *Scheme) fresh(version int64) error {
	if version != 0 && version != s.Version {
		return stale()
	}
	return nil
}

func stale() error { return fault.New(fault.Stale, "fault.stale") }

func notFound() error { return fault.New(fault.NotFound, "fault.not-found") }

func today(l *app.Look) calendar.Date { return calendar.DateOf(l.Now().Time, calendar.Beijing) }

// Limits of texts, in characters.
const (
	nameAtMost  = 40
	titleAtMost = 80
	wordsAtMost = 1000
)

// line reads a one-line field.
func line(p *fault.Problems, field, text string, most int, required bool) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")), " ")
	p.Check(text != "" || !required, field, "appraisal.required")
	p.Check(utf8.RuneCountInString(text) <= most, field, "appraisal.too-long", "max", most)
	return text
}

// words reads a field of several lines.
func words(p *fault.Problems, field, text string, required bool) string {
	text = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), ""))
	p.Check(text != "" || !required, field, "appraisal.required")
	p.Check(utf8.RuneCountInString(text) <= wordsAtMost, field, "appraisal.too-long", "max", wordsAtMost)
	return text
}

// decimal reads a number; "" is the number given.
func decimal(p *fault.Problems, field, text string, empty Decimal) Decimal {
	if strings.TrimSpace(text) == "" {
		return empty
	}
	d, err := ParseDecimal(text)
	p.Check(err == nil, field, "appraisal.number")
	return d
}

// day reads a date.
func day(p *fault.Problems, field, text string) string {
	d, err := calendar.ParseDate(strings.TrimSpace(text))
	if err != nil {
		p.Add(field, "web.not-a-date")
		return ""
	}
	return d.String()
}
