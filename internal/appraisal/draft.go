package appraisal

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// DraftIn begins a version of a year's scheme.
type DraftIn struct {
	Year   int    `json:"year"`
	Title  string `json:"title,omitempty"`
	Copy   string `json:"copy,omitempty"`   // id of a scheme or "sample:<code>" to begin with; empty without it
	Reason string `json:"reason,omitempty"` // needed once a version of the year was published
}

// SchemeOut answers acts on a scheme.
type SchemeOut struct {
	ID      string `json:"id"`
	State   State  `json:"state"`
	Version int64  `json:"version"`
}

func (s *Scheme) out() SchemeOut { return SchemeOut{s.ID, s.State, s.Version} }

// DraftScheme begins a new version of a year's scheme (起草考核办法).
var DraftScheme = app.Define("appraisal.draft-scheme",
	func(c *app.Call, _ DraftIn) (place, error) { return place{c.Who().CommitteeID}, nil },
	begin, draftScheme)

// Years that a scheme may be of.
const firstYear, lastYear = 2000, 2100

func draftScheme(c *app.Call, _ place, in DraftIn) (SchemeOut, error) {
	var p fault.Problems
	p.Check(in.Year >= firstYear && in.Year <= lastYear, "year", "appraisal.year")
	title := line(&p, "title", in.Title, titleAtMost, false)
	reason := words(&p, "reason", in.Reason, false)
	if err := p.Err(); err != nil {
		return SchemeOut{}, err
	}
	// Two who begin a version at once get numbers of their own.
	if err := c.Tx().Claim(c.Ctx(), "committee", "id", c.Who().CommitteeID); err != nil {
		return SchemeOut{}, fmt.Errorf("claim the committee: %w", err)
	}
	s := &Scheme{ID: id.New(), CommitteeID: c.Who().CommitteeID, Year: in.Year, State: Draft, Title: title, Reason: reason,
		From: fmt.Sprintf("%d-01-01", in.Year), To: fmt.Sprintf("%d-12-31", in.Year), Until: fmt.Sprintf("%d-12-31", in.Year), CreatedName: c.Who().Name, Version: 1}
	if err := s.after(c); err != nil {
		return SchemeOut{}, err
	}
	if err := s.copy(c, in.Copy); err != nil {
		return SchemeOut{}, err
	}
	if s.Title == "" {
		s.Title = fmt.Sprintf("%d 年度承办单位考核办法", s.Year)
	}
	c.Made(s.ID)
	c.Detail(map[string]any{"year": s.Year, "number": s.Number, "copy": in.Copy})
	err := s.insert(c)
	return s.out(), err
}

// after numbers the version. After a published one it needs a reason; after
// the year was closed there is none.
func (s *Scheme) after(c *app.Call) error {
	force, err := inForce(&c.Look, s.Year)
	if err != nil {
		return err
	}
	if force != nil {
		if force.State == Closed {
			return fault.Field("year", "appraisal.year-closed", "year", s.Year)
		}
		if s.Reason == "" {
			return fault.Field("reason", "appraisal.reason-needed")
		}
		s.BasedOn = force.ID
	}
	if err := c.Tx().Row(c.Ctx(), "SELECT COALESCE(MAX(number), 0) + 1 FROM appraisal_scheme WHERE committee_id = ? AND year = ?", s.CommitteeID, s.Year).Scan(&s.Number); err != nil {
		return fmt.Errorf("number a scheme of %d: %w", s.Year, err)
	}
	return nil
}

// copy takes the indicators over from another version, of any year, or from a sample.
func (s *Scheme) copy(c *app.Call, from string) error {
	s.Terms = Terms{Levels: usualLevels(), AppealWorkdays: 10, Indicators: []Indicator{}}
	if from == "" {
		return nil
	}
	if code, ok := strings.CutPrefix(from, "sample:"); ok {
		i := slices.IndexFunc(Samples(), func(x Sample) bool { return x.Code == code })
		if i < 0 {
			return fault.Field("copy", "appraisal.choose")
		}
		s.Terms = Samples()[i].Terms
		return nil
	}
	other, err := schemeOf(&c.Look, from)
	if fault.Is(err, fault.NotFound) {
		return fault.Field("copy", "appraisal.choose").Because(err)
	}
	if err != nil {
		return err
	}
	s.Terms = other.Terms
	if other.Year == s.Year {
		s.From, s.To, s.Until = other.From, other.To, other.Until
		if s.Title == "" {
			s.Title = other.Title
		}
	}
	return nil
}

func (s *Scheme) insert(c *app.Call) error {
	s.CreatedAt, s.ChangedAt = c.Now(), c.Now()
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO appraisal_scheme (id, committee_id, year, number, state, title, from_on, to_on, until_on, body, reason, based_on, created_by, created_name, created_at, changed_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '{}', ?, ?, ?, ?, ?, ?)`, s.ID, s.CommitteeID, s.Year, s.Number, string(s.State), s.Title, s.From, s.To, s.Until,
		s.Reason, s.BasedOn, c.Who().PersonID, c.Who().Name, s.CreatedAt, s.ChangedAt)
	if errors.Is(err, store.ErrUnique) {
		return stale()
	}
	if err != nil {
		return fmt.Errorf("insert scheme %s: %w", s.ID, err)
	}
	return s.write(c)
}

func usualLevels() []Level {
	return []Level{{"优秀", Whole(90)}, {"良好", Whole(75)}, {"一般", Whole(60)}, {"较差", Whole(0)}}
}
