package appraisal

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// AccountIn is what a unit says of itself.
type AccountIn struct {
	ID    string `json:"id"` // meeting
	Unit  string `json:"unit"`
	Words string `json:"words"`
}

// ofUnit is the rule of what a unit of the meeting does.
func ofUnit(who access.Actor, m *Meeting) access.Verdict {
	switch {
	case !m.sees(who):
		return access.Hide()
	case !unitPost(who):
		return access.Deny("appraisal.meeting.unit-only")
	default:
		return access.Allow()
	}
}

// own is the unit that the form names, when it is the actor's own.
func (m *Meeting) own(c *app.Call, unit string) (*Appraised, error) {
	u := m.unit(unit)
	if u == nil || !c.Who().In(unit) {
		return nil, notFound()
	}
	return u, nil
}

// GiveAccount is the unit's own account before it is scored (自评); it may be
// written anew while the meeting is open.
var GiveAccount = app.Define("appraisal.give-account",
	func(c *app.Call, in AccountIn) (*Meeting, error) { return meetingOf(&c.Look, in.ID) },
	ofUnit,
	func(c *app.Call, m *Meeting, in AccountIn) (MeetingOut, error) {
		u, err := m.own(c, in.Unit)
		if err != nil {
			return MeetingOut{}, err
		}
		if err := m.in(MeetingOpen); err != nil {
			return MeetingOut{}, err
		}
		var p fault.Problems
		said := words(&p, "words", in.Words, true)
		if err := p.Err(); err != nil {
			return MeetingOut{}, err
		}
		_, err = c.Tx().Exec(c.Ctx(), "UPDATE appraisal_meeting_unit SET account = ?, account_name = ?, account_at = ? WHERE meeting_id = ? AND unit_id = ?", said, c.Who().Name, c.Now(), m.ID, u.UnitID)
		return m.out(), err
	})

// ScoreIn is the sheet of a participant: for each unit all indicators, or none.
type ScoreIn struct {
	ID   string     `json:"id"` // meeting
	Rows []ScoreRow `json:"rows"`
}

// ScoreRow is the mark of one indicator for one unit.
type ScoreRow struct {
	Unit string `json:"unit"`
	Item string `json:"item"`
	Mark string `json:"mark"`
}

// ScoreUnits hands in a participant's sheet, once, by name (评议打分). Secret
// sheets come with the ballots.
var ScoreUnits = app.Define("appraisal.score-units",
	func(c *app.Call, in ScoreIn) (*Meeting, error) { return meetingOf(&c.Look, in.ID) },
	func(who access.Actor, m *Meeting) access.Verdict {
		switch {
		case !m.sees(who):
			return access.Hide()
		case m.participant(who) == nil:
			return access.Deny("appraisal.meeting.participants-only")
		default:
			return access.Allow()
		}
	},
	func(c *app.Call, m *Meeting, in ScoreIn) (MeetingOut, error) {
		if err := m.in(MeetingOpen); err != nil {
			return MeetingOut{}, err
		}
		if !m.participant(c.Who()).DoneAt.IsZero() {
			return MeetingOut{}, fault.New(fault.Closed, "appraisal.meeting.twice")
		}
		marks, err := m.readScores(c.Who(), in.Rows)
		if err != nil {
			return MeetingOut{}, err
		}
		body, err := json.Marshal(marks)
		if err != nil {
			return MeetingOut{}, fmt.Errorf("write a sheet of meeting %s: %w", m.ID, err)
		}
		_, err = c.Tx().Exec(c.Ctx(), "INSERT INTO appraisal_meeting_sheet (id, meeting_id, committee_id, person_id, marks, at) VALUES (?, ?, ?, ?, ?, ?)",
			id.New(), m.ID, m.CommitteeID, c.Who().PersonID, string(body), c.Now())
		if errors.Is(err, store.ErrUnique) {
			return MeetingOut{}, fault.New(fault.Closed, "appraisal.meeting.twice").Because(err)
		}
		if err == nil {
			_, err = c.Tx().Exec(c.Ctx(), "UPDATE appraisal_participant SET done_at = ? WHERE meeting_id = ? AND person_id = ?", c.Now(), m.ID, c.Who().PersonID)
		}
		c.Detail(map[string]int{"units": len(marks)})
		return m.out(), err
	})

// readScores reads a sheet. Nobody scores a unit in which he holds any post.
func (m *Meeting) readScores(who access.Actor, rows []ScoreRow) (map[string]map[string]int, error) {
	var p fault.Problems
	marks := map[string]map[string]int{}
	for i, r := range rows {
		if r.Mark == "" {
			continue
		}
		at := "rows." + strconv.Itoa(i) + ".mark"
		k := slices.IndexFunc(m.Items, func(x Item) bool { return x.Code == r.Item })
		switch {
		case m.unit(r.Unit) == nil || k < 0:
			p.Add(at, "appraisal.choose")
			continue
		case who.HoldsPostIn(r.Unit):
			p.Add(at, "appraisal.two.own-unit")
			continue
		}
		n, err := strconv.Atoi(r.Mark)
		p.Check(err == nil && n >= 0 && n <= m.Items[k].Full, at, "appraisal.meeting.mark", "full", m.Items[k].Full)
		if marks[r.Unit] == nil {
			marks[r.Unit] = map[string]int{}
		}
		marks[r.Unit][r.Item] = n
	}
	for i, r := range rows { // a unit is scored whole, or not at all
		if r.Mark == "" && len(marks[r.Unit]) > 0 {
			p.Add("rows."+strconv.Itoa(i)+".mark", "appraisal.two.each")
		}
	}
	for unit, x := range marks {
		p.Check(len(x) == len(m.Items) || p.Err() != nil, "rows.0.mark", "appraisal.meeting.whole", "unit", m.unit(unit).UnitName)
	}
	p.Check(len(marks) > 0 || p.Err() != nil, "rows.0.mark", "appraisal.meeting.nothing")
	return marks, p.Err()
}

// PaperIn are the totals of the paper sheets on one unit.
type PaperIn struct {
	ID      string     `json:"id"` // meeting
	Unit    string     `json:"unit"`
	Sheets  int        `json:"sheets"` // valid ones; 0 takes an entry back
	Sums    []PaperSum `json:"sums"`
	Counted string     `json:"counted"` // who counted
	Checked string     `json:"checked"` // who checked, somebody else
}

// PaperSum is the sum of the marks of one indicator over all sheets.
type PaperSum struct {
	Item string `json:"item"`
	Sum  int    `json:"sum"`
}

// CountPaper enters the totals of paper sheets with the names of the two
// persons who counted them (录入纸质评议票). The newest entry of a unit counts.
var CountPaper = app.Define("appraisal.count-paper",
	func(c *app.Call, in PaperIn) (*Meeting, error) { return meetingOf(&c.Look, in.ID) },
	runsMeeting,
	func(c *app.Call, m *Meeting, in PaperIn) (MeetingOut, error) {
		if err := m.in(MeetingOpen); err != nil {
			return MeetingOut{}, err
		}
		if m.unit(in.Unit) == nil {
			return MeetingOut{}, notFound()
		}
		var p fault.Problems
		counted, checked := line(&p, "counted", in.Counted, nameAtMost, true), line(&p, "checked", in.Checked, nameAtMost, true)
		p.Check(counted == "" || counted != checked, "checked", "appraisal.meeting.two-persons")
		p.Check(in.Sheets >= 0 && in.Sheets <= 10000, "sheets", "appraisal.count")
		sums := map[string]int{}
		for i, x := range m.Items {
			at := "sums." + strconv.Itoa(i) + ".sum"
			k := slices.IndexFunc(in.Sums, func(s PaperSum) bool { return s.Item == x.Code })
			if k < 0 {
				p.Add(at, "appraisal.required")
				continue
			}
			p.Check(in.Sums[k].Sum >= 0 && in.Sums[k].Sum <= in.Sheets*x.Full, at, "appraisal.meeting.sum", "most", in.Sheets*x.Full)
			sums[x.Code] = in.Sums[k].Sum
		}
		if err := p.Err(); err != nil {
			return MeetingOut{}, err
		}
		body, err := json.Marshal(sums)
		if err != nil {
			return MeetingOut{}, fmt.Errorf("write the paper sheets of %s: %w", in.Unit, err)
		}
		c.Detail(map[string]any{"unit": in.Unit, "sheets": in.Sheets, "sums": sums})
		_, err = c.Tx().Exec(c.Ctx(), "INSERT INTO appraisal_paper (id, meeting_id, committee_id, unit_id, sheets, sums, counted_name, checked_name, person_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			id.New(), m.ID, m.CommitteeID, in.Unit, in.Sheets, string(body), counted, checked, c.Who().PersonID, c.Now())
		return m.out(), err
	})

// Papers are the totals of paper sheets on one unit as they stand.
type Papers struct {
	UnitID  string         `json:"unit_id"`
	Sheets  int            `json:"sheets"`
	Sums    map[string]int `json:"sums"`
	Counted string         `json:"counted"`
	Checked string         `json:"checked"`
	At      store.Time     `json:"at"`
}

// papersOf reads the newest totals of each unit.
func papersOf(l *app.Look, meeting string) (map[string]Papers, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *Papers) error {
		var sums string
		if err := r.Scan(&x.UnitID, &x.Sheets, &sums, &x.Counted, &x.Checked, &x.At); err != nil {
			return err
		}
		return json.Unmarshal([]byte(sums), &x.Sums)
	}, "SELECT unit_id, sheets, sums, counted_name, checked_name, at FROM appraisal_paper WHERE meeting_id = ? ORDER BY id", meeting)
	if err != nil {
		return nil, fmt.Errorf("read the paper sheets of meeting %s: %w", meeting, err)
	}
	papers := map[string]Papers{}
	for _, x := range list {
		papers[x.UnitID] = x
	}
	return papers, nil
}

// Announce computes the result and lets everybody concerned see it (宣布结果).
var Announce = app.Define("appraisal.announce",
	func(c *app.Call, in NameIn) (*Meeting, error) { return meetingOf(&c.Look, in.ID) },
	runsMeeting,
	func(c *app.Call, m *Meeting, in NameIn) (MeetingOut, error) {
		if err := m.move(MeetingAnnounced); err != nil {
			return MeetingOut{}, err
		}
		if err := m.fresh(in.Version); err != nil {
			return MeetingOut{}, err
		}
		if err := m.reckon(c); err != nil {
			return MeetingOut{}, err
		}
		m.AnnouncedName, m.AnnouncedAt = c.Who().Name, c.Now()
		if err := m.write(c); err != nil {
			return MeetingOut{}, err
		}
		f := MeetingAnnouncedFact{MeetingID: m.ID, Title: m.Title}
		for _, u := range m.Units {
			f.Units = append(f.Units, u.UnitID)
		}
		return m.out(), c.Record(f, "appraisal-meeting", m.ID)
	})

// reckon averages the sheets of each unit, on the phone and on paper alike, and
// ranks the units.
func (m *Meeting) reckon(c *app.Call) error {
	papers, err := papersOf(&c.Look, m.ID)
	if err != nil {
		return err
	}
	sheets, err := store.List(c.Ctx(), c.Tx(), func(r store.Row, x *map[string]map[string]int) error {
		var marks string
		if err := r.Scan(&marks); err != nil {
			return err
		}
		return json.Unmarshal([]byte(marks), x)
	}, "SELECT marks FROM appraisal_meeting_sheet WHERE meeting_id = ?", m.ID)
	if err != nil {
		return fmt.Errorf("read the sheets of meeting %s: %w", m.ID, err)
	}
	for i := range m.Units {
		if !m.Units[i].average(m.Items, sheets, papers[m.Units[i].UnitID]) {
			return fault.New(fault.Closed, "appraisal.meeting.unscored", "unit", m.Units[i].UnitName)
		}
	}
	for i := range m.Units {
		u := &m.Units[i]
		u.Rank = 1
		for _, o := range m.Units {
			if *o.Total > *u.Total {
				u.Rank++
			}
		}
		result, err := json.Marshal(u.Result)
		if err != nil {
			return fmt.Errorf("write the result of %s: %w", u.UnitID, err)
		}
		if _, err := c.Tx().Exec(c.Ctx(), "UPDATE appraisal_meeting_unit SET sheets = ?, papers = ?, total = ?, rank = ?, result = ? WHERE meeting_id = ? AND unit_id = ?",
			u.Sheets, u.Papers, int64(*u.Total), u.Rank, string(result), m.ID, u.UnitID); err != nil {
			return fmt.Errorf("write the result of %s: %w", u.UnitID, err)
		}
	}
	return nil
}

// average puts the sheets on a unit together; false without any. The total is
// the sum of the averages as they are shown.
func (u *Appraised) average(items []Item, sheets []map[string]map[string]int, paper Papers) bool {
	u.Papers, u.Sheets, u.Result = paper.Sheets, paper.Sheets, map[string]Decimal{}
	sums := map[string]int{}
	for code, n := range paper.Sums {
		sums[code] = n
	}
	for _, s := range sheets {
		if marks, ok := s[u.UnitID]; ok {
			u.Sheets++
			for code, n := range marks {
				sums[code] += n
			}
		}
	}
	if u.Sheets == 0 {
		return false
	}
	var total Decimal
	for _, i := range items {
		u.Result[i.Code] = quotient(int64(sums[i.Code]), int64(one), int64(u.Sheets))
		total += u.Result[i.Code]
	}
	u.Total = &total
	return true
}

// MeetingAnnouncedFact tells the result of a meeting.
type MeetingAnnouncedFact struct {
	MeetingID string   `json:"meeting_id"`
	Title     string   `json:"title"`
	Units     []string `json:"units"`
}

// FactName is the fact's name.
func (MeetingAnnouncedFact) FactName() string { return "appraisal.meeting-announced" }
