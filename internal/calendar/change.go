package calendar

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// HolidayIn is a run of free days as it is typed; To may be left out for one day.
type HolidayIn struct {
	Name string `json:"name"`
	From string `json:"from"` // 2026-02-15
	To   string `json:"to"`
}

// ChangeIn is the notice of one year as it shall be.
type ChangeIn struct {
	Year    int    `json:"year"`
	Version int64  `json:"version"` // of the calendar, as the form showed it
	Number  string `json:"number"`  // document number of the notice
	// Text is the notice as it was published. When it is given it is read and
	// takes the place of Holidays and Makeups.
	Text     string      `json:"text"`
	Holidays []HolidayIn `json:"holidays"`
	Makeups  []string    `json:"makeups"` // weekend days that are worked
	// Shipped puts the year back to the notice that came with the product.
	Shipped bool `json:"shipped"`
}

// ChangeOut tells the calendar's new version.
type ChangeOut struct {
	Year    int   `json:"year"`
	Version int64 `json:"version"`
}

// Changed tells that the calendar has another version (calendar.changed).
// Whoever keeps open deadlines computes them again.
type Changed struct {
	Year    int   `json:"year"`
	Version int64 `json:"version"`
}

// FactName is the fact's name.
func (Changed) FactName() string { return "calendar.changed" }

// wall is the committee's calendar as an act looks at it.
type wall struct {
	committee string
	version   int64
	notices   []Notice
}

// Object names the calendar in the audit record.
func (w *wall) Object() (kind, id string) { return "calendar", w.committee }

// Change enters the notice of a year (录入放假通知). Computed deadlines are
// computed again by those who keep them.
var Change = app.Define("calendar.change", loadWall, mayChange, change)

func loadWall(c *app.Call, _ ChangeIn) (*wall, error) {
	if err := c.Tx().Claim(c.Ctx(), "calendar_version", "committee_id", c.Who().CommitteeID); err != nil {
		return nil, fmt.Errorf("claim the calendar: %w", err)
	}
	v, err := versionOf(&c.Look, c.Who().CommitteeID)
	if err != nil {
		return nil, err
	}
	notices, err := Notices(&c.Look, c.Who().CommitteeID)
	return &wall{committee: c.Who().CommitteeID, version: v, notices: notices}, err
}

// mayChange: the office enters the yearly notice, the system administrator at
// set-up.
func mayChange(who access.Actor, w *wall) access.Verdict {
	if who.CommitteeID == "" || who.CommitteeID != w.committee {
		return access.Hide()
	}
	return access.When(who.Is(access.Office, access.Chief, access.SystemAdmin), "calendar.not-yours")
}

func change(c *app.Call, w *wall, in ChangeIn) (ChangeOut, error) {
	if in.Version != w.version {
		return ChangeOut{}, fault.New(fault.Stale, "fault.stale")
	}
	n, err := in.notice(&c.Look)
	if err != nil {
		return ChangeOut{}, err
	}
	before, _ := noticeOf(w.notices, in.Year)
	if sameNotice(before, n) {
		return ChangeOut{}, fault.New(fault.Invalid, "calendar.nothing-changed")
	}
	out := ChangeOut{Year: in.Year, Version: w.version + 1}
	if err := fits(out.Version, w.notices, n); err != nil {
		return ChangeOut{}, err
	}
	if err := keep(c, out, n, in.Shipped); err != nil {
		return ChangeOut{}, err
	}
	c.Detail(map[string]any{"year": in.Year, "version": out.Version, "number": n.Number, "was_days": len(before.Exceptions), "days": len(n.Exceptions), "shipped": in.Shipped})
	return out, c.Record(Changed(out), "calendar", w.committee)
}

// keep writes the notice and the version. Claim found no row to wait for when
// the calendar was never changed; then the insert below decides who was first.
func keep(c *app.Call, out ChangeOut, n Notice, shipped bool) error {
	committee := c.Who().CommitteeID
	var err error
	if shipped {
		_, err = c.Tx().Exec(c.Ctx(), "DELETE FROM calendar_notice WHERE committee_id = ? AND year = ?", committee, out.Year)
	} else {
		var text []byte
		if text, err = json.Marshal(n); err != nil {
			return fmt.Errorf("write notice %d: %w", out.Year, err)
		}
		_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO calendar_notice (committee_id, year, notice, version) VALUES (?, ?, ?, ?)
			ON CONFLICT (committee_id, year) DO UPDATE SET notice = excluded.notice, version = excluded.version`, committee, out.Year, string(text), out.Version)
	}
	if err != nil {
		return fmt.Errorf("write notice %d: %w", out.Year, err)
	}
	touched := int64(0)
	if out.Version == 1 {
		touched, err = c.Tx().Exec(c.Ctx(), "INSERT INTO calendar_version (committee_id, version) VALUES (?, 1) ON CONFLICT (committee_id) DO NOTHING", committee)
	} else {
		touched, err = c.Tx().Exec(c.Ctx(), "UPDATE calendar_version SET version = ? WHERE committee_id = ? AND version = ?", out.Version, committee, out.Version-1)
	}
	if err != nil {
		return fmt.Errorf("count the change of the calendar: %w", err)
	}
	if touched == 0 {
		return fault.New(fault.Stale, "fault.stale")
	}
	return nil
}

const (
	numberMax  = 100
	textMax    = 20000
	daysMost   = 120 // named days of a year; a real notice has about forty
	oldestYear = 2000
	latestYear = 2100
)

// notice builds the notice from what was typed and tells everything that is
// wrong with it.
func (in ChangeIn) notice(l *app.Look) (Notice, error) {
	if in.Shipped {
		n, ok := noticeOf(app.Part[*Almanac](l).defaults, in.Year)
		if !ok {
			return Notice{}, fault.New(fault.Invalid, "calendar.not-shipped", "year", strconv.Itoa(in.Year))
		}
		return n, nil
	}
	var p fault.Problems
	p.Check(in.Year >= oldestYear && in.Year <= latestYear, "year", "calendar.notice.year")
	p.Check(utf8.RuneCountInString(in.Number) <= numberMax, "number", "calendar.number-long", "max", numberMax)
	p.Check(utf8.RuneCountInString(in.Text) <= textMax, "text", "calendar.text-long", "max", textMax)
	if err := p.Err(); err != nil {
		return Notice{}, err
	}
	n := Notice{Year: in.Year, Number: strings.TrimSpace(in.Number)}
	if strings.TrimSpace(in.Text) != "" {
		read, err := ReadNotice(in.Year, in.Text)
		if err != nil {
			return Notice{}, err
		}
		n.Exceptions = read.Exceptions
		if n.Number == "" {
			n.Number = read.Number
		}
	} else {
		in.days(&n, &p)
	}
	p.Check(len(n.Exceptions) > 0, "holidays", "calendar.empty")
	p.Check(len(n.Exceptions) <= daysMost, "holidays", "calendar.many", "most", daysMost)
	if err := p.Err(); err != nil {
		return Notice{}, err
	}
	slices.SortStableFunc(n.Exceptions, func(a, b Exception) int { return a.On.Compare(b.On) })
	return n, n.Check()
}

// days reads the rows of the form.
func (in ChangeIn) days(n *Notice, p *fault.Problems) {
	for i, h := range in.Holidays {
		if strings.TrimSpace(h.Name+h.From+h.To) == "" {
			continue // a spare row
		}
		field := "holidays." + strconv.Itoa(i)
		if strings.TrimSpace(h.To) == "" {
			h.To = h.From
		}
		from, err1 := ParseDate(strings.TrimSpace(h.From))
		to, err2 := ParseDate(strings.TrimSpace(h.To))
		p.Check(err1 == nil, field+".from", "web.not-a-date")
		p.Check(err2 == nil, field+".to", "web.not-a-date")
		if err1 != nil || err2 != nil {
			continue
		}
		if days := to.Sub(from); days < 0 || days >= longestHoliday {
			p.Add(field+".to", "calendar.run", "most", longestHoliday)
			continue
		}
		n.add(strings.TrimSpace(h.Name), from, to)
	}
	for i, text := range in.Makeups {
		if strings.TrimSpace(text) == "" {
			continue
		}
		d, err := ParseDate(strings.TrimSpace(text))
		if err != nil {
			p.Add("makeups", "calendar.makeup-date", "n", i+1)
			continue
		}
		n.Exceptions = append(n.Exceptions, Exception{On: d, Kind: Makeup})
	}
}

// add names a run of free days.
func (n *Notice) add(name string, from, to Date) {
	for d := from; !d.After(to); d = d.Add(1) {
		n.Exceptions = append(n.Exceptions, Exception{On: d, Kind: Holiday, Name: name})
	}
}

// fits reports what contradicts the notices of other years: the last days of
// December may be named by two.
func fits(version int64, notices []Notice, n Notice) error {
	all := []Notice{n}
	named := map[Date]Kind{}
	for _, e := range n.Exceptions {
		named[e.On] = e.Kind
	}
	var p fault.Problems
	for _, other := range notices {
		if other.Year == n.Year {
			continue
		}
		for _, e := range other.Exceptions {
			if k, both := named[e.On]; both && k != e.Kind {
				p.Add("holidays", "calendar.conflict", "on", e.On, "year", strconv.Itoa(other.Year))
			}
		}
		all = append(all, other)
	}
	if err := p.Err(); err != nil {
		return err
	}
	_, err := NewWorkdays(version, all...)
	return err
}

func noticeOf(list []Notice, year int) (Notice, bool) {
	i := slices.IndexFunc(list, func(n Notice) bool { return n.Year == year })
	if i < 0 {
		return Notice{Year: year}, false
	}
	return list[i], true
}

func sameNotice(a, b Notice) bool {
	days := func(n Notice) map[Date]Exception {
		m := map[Date]Exception{}
		for _, e := range n.Exceptions {
			m[e.On] = e
		}
		return m
	}
	x, y := days(a), days(b)
	if a.Number != b.Number || len(x) != len(y) {
		return false
	}
	for d, e := range x {
		if y[d] != e {
			return false
		}
	}
	return true
}

func versionOf(l *app.Look, committeeID string) (int64, error) {
	var v int64
	err := l.Tx().Row(l.Ctx(), "SELECT version FROM calendar_version WHERE committee_id = ?", committeeID).Scan(&v)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return 0, fmt.Errorf("find the calendar of %s: %w", committeeID, err)
	}
	return v, nil
}
