package appraisal

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// DraftMeetingIn begins an appraisal meeting.
type DraftMeetingIn struct {
	Title  string `json:"title"`
	HeldOn string `json:"held_on"`
}

// DraftMeeting begins an appraisal meeting with the usual five indicators
// (筹备民主评议).
var DraftMeeting = app.Define("appraisal.draft-meeting",
	func(c *app.Call, _ DraftMeetingIn) (place, error) { return place{c.Who().CommitteeID}, nil },
	begin,
	func(c *app.Call, _ place, in DraftMeetingIn) (MeetingOut, error) {
		var p fault.Problems
		m := &Meeting{ID: id.New(), CommitteeID: c.Who().CommitteeID, State: MeetingDraft, Paper: usualPaper(), Version: 1}
		m.Title, m.HeldOn = line(&p, "title", in.Title, titleAtMost, true), day(&p, "held_on", in.HeldOn)
		if err := p.Err(); err != nil {
			return MeetingOut{}, err
		}
		body, err := json.Marshal(m.Paper)
		if err != nil {
			return MeetingOut{}, fmt.Errorf("write a meeting: %w", err)
		}
		c.Made(m.ID)
		_, err = c.Tx().Exec(c.Ctx(), "INSERT INTO appraisal_meeting (id, committee_id, title, held_on, state, body, created_by, created_name, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			m.ID, m.CommitteeID, m.Title, m.HeldOn, string(m.State), string(body), c.Who().PersonID, c.Who().Name, c.Now())
		return m.out(), err
	})

// SetMeetingIn is a meeting as it is prepared; empty rows do not count.
type SetMeetingIn struct {
	ID      string     `json:"id"`
	Version int64      `json:"version"`
	Title   string     `json:"title"`
	HeldOn  string     `json:"held_on"`
	Items   []ItemRow  `json:"items"`
	Levels  []LevelRow `json:"levels"`
	Units   []UnitRow  `json:"units"`
	// People are the participants, one name per line; of several with one name
	// the sector follows in brackets. Empty where all sheets are on paper.
	People string `json:"people"`
}

// ItemRow is an indicator as it is typed; a new one has no code.
type ItemRow struct {
	Code string `json:"code,omitempty"`
	Name string `json:"name"`
	Full string `json:"full"`
}

// UnitRow is a unit by id or exact name, with the number of the case that it is
// appraised on.
type UnitRow struct {
	Unit string `json:"unit"`
	Case string `json:"case,omitempty"`
}

const (
	itemsAtMost  = 10
	unitsAtMost  = 40
	peopleAtMost = 600
)

// SetMeeting prepares a meeting: indicators, units, participants (设定民主评议).
var SetMeeting = app.Define("appraisal.set-meeting",
	func(c *app.Call, in SetMeetingIn) (*Meeting, error) { return meetingOf(&c.Look, in.ID) },
	runsMeeting,
	func(c *app.Call, m *Meeting, in SetMeetingIn) (MeetingOut, error) {
		if err := m.move(MeetingDraft); err != nil {
			return MeetingOut{}, err
		}
		if err := m.fresh(in.Version); err != nil {
			return MeetingOut{}, err
		}
		var p fault.Problems
		m.Title, m.HeldOn = line(&p, "title", in.Title, titleAtMost, true), day(&p, "held_on", in.HeldOn)
		m.Items, m.Levels = readItems(&p, in.Items), readLevels(&p, in.Levels)
		units, err := m.readUnits(c, &p, in.Units)
		if err != nil {
			return MeetingOut{}, err
		}
		people, err := readPeople(c, &p, in.People)
		if err == nil {
			err = p.Err()
		}
		if err != nil {
			return MeetingOut{}, err
		}
		m.Units, m.People = units, people
		c.Detail(map[string]int{"units": len(units), "participants": len(people)})
		if err := m.writeLists(c); err != nil {
			return MeetingOut{}, err
		}
		err = m.write(c)
		return m.out(), err
	})

func readItems(p *fault.Problems, rows []ItemRow) []Item {
	list := []Item{}
	for i, r := range rows {
		if r.Name == "" && r.Full == "" {
			continue
		}
		at := "items." + strconv.Itoa(i) + "."
		x := Item{Code: r.Code, Name: line(p, at+"name", r.Name, nameAtMost, true), Full: mark(p, at+"full", r.Full)}
		p.Check(x.Full > 0, at+"full", "appraisal.two.mark")
		for n := 1; x.Code == ""; n++ {
			code := "i" + strconv.Itoa(n)
			if !slices.ContainsFunc(rows, func(o ItemRow) bool { return o.Code == code }) && !slices.ContainsFunc(list, func(o Item) bool { return o.Code == code }) {
				x.Code = code
			}
		}
		p.Check(isCode.MatchString(x.Code) && !slices.ContainsFunc(list, func(o Item) bool { return o.Code == x.Code || o.Name == x.Name }), at+"name", "appraisal.two.aspect-twice")
		list = append(list, x)
	}
	p.Check(len(list) > 0 && len(list) <= itemsAtMost, "items.0.name", "appraisal.two.aspects", "max", itemsAtMost)
	return list
}

func (m *Meeting) readUnits(c *app.Call, p *fault.Problems, rows []UnitRow) ([]Appraised, error) {
	bodies, err := organization.Bodies(&c.Look, organization.Unit)
	if err != nil {
		return nil, err
	}
	var list []Appraised
	for i, r := range rows {
		if r == (UnitRow{}) {
			continue
		}
		at := "units." + strconv.Itoa(i) + "."
		k := slices.IndexFunc(bodies, func(b organization.Body) bool { return b.ID == r.Unit || b.Name == strings.TrimSpace(r.Unit) })
		if k < 0 {
			p.Add(at+"unit", "appraisal.meeting.unit-unknown")
			continue
		}
		u := Appraised{UnitID: bodies[k].ID, UnitName: bodies[k].Name, channel: bodies[k].Channel, Result: map[string]Decimal{}}
		p.Check(!slices.ContainsFunc(list, func(o Appraised) bool { return o.UnitID == u.UnitID }), at+"unit", "appraisal.meeting.unit-twice")
		if err := u.findCase(c, p, at+"case", r.Case); err != nil {
			return nil, err
		}
		if old := m.unit(u.UnitID); old != nil { // what the unit said of itself stays
			u.Account, u.AccountName, u.AccountAt = old.Account, old.AccountName, old.AccountAt
		}
		list = append(list, u)
	}
	p.Check(len(list) <= unitsAtMost, "units.0.unit", "appraisal.too-many", "max", unitsAtMost)
	return list, nil
}

// findCase finds the case by its number among those that the unit handles.
func (u *Appraised) findCase(c *app.Call, p *fault.Problems, field, number string) error {
	number = strings.TrimSpace(number)
	if number == "" {
		return nil
	}
	var title, as string
	err := c.Tx().Row(c.Ctx(), `SELECT h.case_kind, h.case_id, h.number, h.title FROM handling_case h WHERE h.committee_id = ? AND h.number IN (?, ?)
		AND EXISTS (SELECT 1 FROM assignment a WHERE a.case_kind = h.case_kind AND a.case_id = h.case_id AND a.unit_id = ? AND a.valid_to IS NULL) ORDER BY h.opened_at DESC LIMIT 1`,
		c.Who().CommitteeID, number, "第 "+number+" 号", u.UnitID).Scan(&u.CaseKind, &u.CaseID, &as, &title)
	if errors.Is(err, store.ErrNone) {
		p.Add(field, "appraisal.meeting.case-unknown")
		return nil
	}
	if err != nil {
		return fmt.Errorf("find case %s: %w", number, err)
	}
	u.CaseName = as + " " + title
	return nil
}

// readPeople finds the participants by their names among those who serve today.
func readPeople(c *app.Call, p *fault.Problems, text string) ([]Participating, error) {
	type person struct{ id, name, sector string }
	on := calendar.DateOf(c.Now().Time, calendar.Beijing).String()
	kinds := []string{string(access.Member), string(access.Convener), string(access.Reviewer), string(access.Leader), string(access.Office), string(access.Chief)}
	q := store.Join(store.F(`SELECT p.id, p.name, COALESCE((SELECT b.name FROM membership m JOIN body b ON b.id = m.sector_id WHERE m.person_id = p.id AND m.valid_to IS NULL
		ORDER BY m.valid_from DESC, m.id DESC LIMIT 1), '') FROM person p WHERE`), store.And(store.F("p.committee_id = ?", c.Who().CommitteeID),
		store.Join(store.F("EXISTS (SELECT 1 FROM post t WHERE t.person_id = p.id AND t.valid_from <= ? AND (t.valid_to IS NULL OR t.valid_to >= ?) AND", on, on), store.In("t.kind", kinds...), store.F(")"))))
	all, err := store.List(c.Ctx(), c.Tx(), func(r store.Row, x *person) error { return r.Scan(&x.id, &x.name, &x.sector) }, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("find participants: %w", err)
	}
	var list []Participating
	for l := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		l = strings.TrimSpace(l)
		if l == "" {
			continue
		}
		name, sector, _ := strings.Cut(strings.NewReplacer("（", "(", "）", "", ")", "").Replace(l), "(")
		name, sector = strings.TrimSpace(name), strings.TrimSpace(sector)
		var found []person
		for _, x := range all {
			if (x.name == name || x.id == l) && (sector == "" || x.sector == sector) {
				found = append(found, x)
			}
		}
		switch {
		case len(found) == 0:
			p.Add("people", "appraisal.meeting.person-unknown", "name", name)
		case len(found) > 1:
			p.Add("people", "appraisal.meeting.person-which", "name", name)
		case !slices.ContainsFunc(list, func(o Participating) bool { return o.PersonID == found[0].id }):
			list = append(list, Participating{PersonID: found[0].id, Name: found[0].name})
		}
	}
	p.Check(len(list) <= peopleAtMost, "people", "appraisal.too-many", "max", peopleAtMost)
	return list, nil
}

// writeLists writes units and participants anew.
func (m *Meeting) writeLists(c *app.Call) error {
	for _, q := range []string{"DELETE FROM appraisal_meeting_unit WHERE meeting_id = ?", "DELETE FROM appraisal_participant WHERE meeting_id = ?"} {
		if _, err := c.Tx().Exec(c.Ctx(), q, m.ID); err != nil {
			return fmt.Errorf("write the lists of meeting %s: %w", m.ID, err)
		}
	}
	for i, u := range m.Units {
		if _, err := c.Tx().Exec(c.Ctx(), `INSERT INTO appraisal_meeting_unit (meeting_id, unit_id, committee_id, place, unit_name, channel, case_kind, case_id, case_name, account, account_name, account_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, m.ID, u.UnitID, m.CommitteeID, i, u.UnitName, u.channel, u.CaseKind, u.CaseID, u.CaseName, u.Account, u.AccountName, u.AccountAt); err != nil {
			return fmt.Errorf("write unit %s of meeting %s: %w", u.UnitID, m.ID, err)
		}
	}
	for _, p := range m.People {
		if _, err := c.Tx().Exec(c.Ctx(), "INSERT INTO appraisal_participant (meeting_id, person_id, committee_id, name) VALUES (?, ?, ?, ?)", m.ID, p.PersonID, m.CommitteeID, p.Name); err != nil {
			return fmt.Errorf("write participant %s of meeting %s: %w", p.PersonID, m.ID, err)
		}
	}
	return nil
}

// OpenMeeting lets participants score and units give account (开始评议).
var OpenMeeting = app.Define("appraisal.open-meeting",
	func(c *app.Call, in NameIn) (*Meeting, error) { return meetingOf(&c.Look, in.ID) },
	runsMeeting,
	func(c *app.Call, m *Meeting, in NameIn) (MeetingOut, error) {
		if err := m.move(MeetingOpen); err != nil {
			return MeetingOut{}, err
		}
		if err := m.fresh(in.Version); err != nil {
			return MeetingOut{}, err
		}
		if len(m.Units) == 0 {
			return MeetingOut{}, fault.New(fault.Closed, "appraisal.meeting.no-units")
		}
		if err := m.write(c); err != nil {
			return MeetingOut{}, err
		}
		f := MeetingOpened{MeetingID: m.ID, Title: m.Title}
		for _, u := range m.Units {
			f.Units = append(f.Units, u.UnitID)
		}
		for _, p := range m.People {
			f.People = append(f.People, p.PersonID)
		}
		return m.out(), c.Record(f, "appraisal-meeting", m.ID)
	})

// DropMeeting drops a meeting that is not held (取消评议).
var DropMeeting = app.Define("appraisal.drop-meeting",
	func(c *app.Call, in NameIn) (*Meeting, error) { return meetingOf(&c.Look, in.ID) },
	runsMeeting,
	func(c *app.Call, m *Meeting, in NameIn) (MeetingOut, error) {
		if err := m.move(MeetingDropped); err != nil {
			return MeetingOut{}, err
		}
		if err := m.fresh(in.Version); err != nil {
			return MeetingOut{}, err
		}
		err := m.write(c)
		return m.out(), err
	})

// MeetingOpened tells that a meeting is open for scores.
type MeetingOpened struct {
	MeetingID string   `json:"meeting_id"`
	Title     string   `json:"title"`
	Units     []string `json:"units"`
	People    []string `json:"people"`
}

// FactName is the fact's name.
func (MeetingOpened) FactName() string { return "appraisal.meeting-opened" }
