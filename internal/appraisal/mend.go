package appraisal

import (
	"fmt"
	"slices"
	"strconv"

	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// ReportIn reports the result and asks units to mend what was found.
type ReportIn struct {
	ID      string      `json:"id"` // meeting
	Version int64       `json:"version"`
	Report  string      `json:"report"` // to Party and government
	Rows    []DemandRow `json:"rows"`
}

// DemandRow is what one unit is asked to mend, by which day; empty for nothing.
type DemandRow struct {
	Unit   string `json:"unit"`
	Demand string `json:"demand"`
	MendBy string `json:"mend_by"`
}

// ReportMeeting reports the result and asks units to mend (报告与整改).
var ReportMeeting = app.Define("appraisal.report-meeting",
	func(c *app.Call, in ReportIn) (*Meeting, error) { return meetingOf(&c.Look, in.ID) },
	runsMeeting,
	func(c *app.Call, m *Meeting, in ReportIn) (MeetingOut, error) {
		if err := m.move(MeetingReported); err != nil {
			return MeetingOut{}, err
		}
		if err := m.fresh(in.Version); err != nil {
			return MeetingOut{}, err
		}
		var p fault.Problems
		m.Report, m.ReportedAt = words(&p, "report", in.Report, true), c.Now()
		f := MeetingReportedFact{MeetingID: m.ID, Title: m.Title}
		for i, r := range in.Rows {
			if r.Demand == "" && r.MendBy == "" {
				continue
			}
			at := "rows." + strconv.Itoa(i) + "."
			u := m.unit(r.Unit)
			if u == nil {
				p.Add(at+"demand", "appraisal.choose")
				continue
			}
			u.Demand, u.MendBy = words(&p, at+"demand", r.Demand, true), day(&p, at+"mend_by", r.MendBy)
			p.Check(u.MendBy == "" || u.MendBy >= today(&c.Look).String(), at+"mend_by", "appraisal.meeting.past")
			f.Demands = append(f.Demands, Demand{u.UnitID, u.MendBy})
		}
		if err := p.Err(); err != nil {
			return MeetingOut{}, err
		}
		for _, d := range f.Demands {
			if _, err := c.Tx().Exec(c.Ctx(), "UPDATE appraisal_meeting_unit SET demand = ?, mend_by = ? WHERE meeting_id = ? AND unit_id = ?", m.unit(d.UnitID).Demand, d.MendBy, m.ID, d.UnitID); err != nil {
				return MeetingOut{}, fmt.Errorf("ask %s to mend: %w", d.UnitID, err)
			}
		}
		if err := m.write(c); err != nil {
			return MeetingOut{}, err
		}
		return m.out(), c.Record(f, "appraisal-meeting", m.ID)
	})

// Demand is the day by which a unit is to mend.
type Demand struct {
	UnitID string `json:"unit_id"`
	MendBy string `json:"mend_by"`
}

// MeetingReportedFact tells what units are asked to mend.
type MeetingReportedFact struct {
	MeetingID string   `json:"meeting_id"`
	Title     string   `json:"title"`
	Demands   []Demand `json:"demands"`
}

// FactName is the fact's name.
func (MeetingReportedFact) FactName() string { return "appraisal.meeting-reported" }

// Mend is a unit's word on what it mended (整改报告); it may be written anew
// until the look-back.
var Mend = app.Define("appraisal.mend",
	func(c *app.Call, in AccountIn) (*Meeting, error) { return meetingOf(&c.Look, in.ID) },
	ofUnit,
	func(c *app.Call, m *Meeting, in AccountIn) (MeetingOut, error) {
		u, err := m.own(c, in.Unit)
		if err != nil {
			return MeetingOut{}, err
		}
		if err := m.in(MeetingReported); err != nil {
			return MeetingOut{}, err
		}
		switch {
		case u.MendBy == "":
			return MeetingOut{}, fault.New(fault.Closed, "appraisal.meeting.nothing-to-mend")
		case u.LookedOK != nil && *u.LookedOK:
			return MeetingOut{}, fault.New(fault.Closed, "appraisal.meeting.looked")
		}
		var p fault.Problems
		said := words(&p, "words", in.Words, true)
		if err := p.Err(); err != nil {
			return MeetingOut{}, err
		}
		if _, err := c.Tx().Exec(c.Ctx(), "UPDATE appraisal_meeting_unit SET mended = ?, mended_name = ?, mended_at = ? WHERE meeting_id = ? AND unit_id = ?", said, c.Who().Name, c.Now(), m.ID, u.UnitID); err != nil {
			return MeetingOut{}, fmt.Errorf("mend by %s: %w", u.UnitID, err)
		}
		return m.out(), c.Record(UnitMended{m.ID, m.Title, u.UnitID, u.UnitName}, "appraisal-meeting", m.ID)
	})

// UnitMended tells that a unit reports what it mended.
type UnitMended struct {
	MeetingID string `json:"meeting_id"`
	Title     string `json:"title"`
	UnitID    string `json:"unit_id"`
	UnitName  string `json:"unit_name"`
}

// FactName is the fact's name.
func (UnitMended) FactName() string { return "appraisal.mended" }

// LookIn is what a look-back found; where it is not mended a new day is given.
type LookIn struct {
	ID     string `json:"id"` // meeting
	Unit   string `json:"unit"`
	OK     bool   `json:"ok"`
	Words  string `json:"words"`
	MendBy string `json:"mend_by,omitempty"`
}

// LookBack looks back at what a unit mended (回头看).
var LookBack = app.Define("appraisal.look-back",
	func(c *app.Call, in LookIn) (*Meeting, error) { return meetingOf(&c.Look, in.ID) },
	runsMeeting,
	func(c *app.Call, m *Meeting, in LookIn) (MeetingOut, error) {
		if err := m.in(MeetingReported); err != nil {
			return MeetingOut{}, err
		}
		u := m.unit(in.Unit)
		switch {
		case u == nil:
			return MeetingOut{}, notFound()
		case u.MendBy == "":
			return MeetingOut{}, fault.New(fault.Closed, "appraisal.meeting.nothing-to-mend")
		case u.LookedOK != nil && *u.LookedOK:
			return MeetingOut{}, fault.New(fault.Closed, "appraisal.meeting.looked")
		}
		var p fault.Problems
		said := words(&p, "words", in.Words, true)
		mendBy := u.MendBy
		if !in.OK {
			mendBy = day(&p, "mend_by", in.MendBy)
			p.Check(mendBy == "" || mendBy > today(&c.Look).String(), "mend_by", "appraisal.meeting.past")
		}
		if err := p.Err(); err != nil {
			return MeetingOut{}, err
		}
		// Where it is not mended the unit reports once more.
		if _, err := c.Tx().Exec(c.Ctx(), `UPDATE appraisal_meeting_unit SET looked_ok = ?, looked_words = ?, looked_name = ?, looked_at = ?, mend_by = ?,
			mended_at = CASE WHEN ? THEN mended_at ELSE NULL END WHERE meeting_id = ? AND unit_id = ?`, in.OK, said, c.Who().Name, c.Now(), mendBy, in.OK, m.ID, u.UnitID); err != nil {
			return MeetingOut{}, fmt.Errorf("look back at %s: %w", u.UnitID, err)
		}
		c.Detail(map[string]any{"unit": u.UnitID, "ok": in.OK, "mend_by": mendBy})
		return m.out(), c.Record(UnitLookedAt{m.ID, m.Title, u.UnitID, in.OK, mendBy}, "appraisal-meeting", m.ID)
	})

// UnitLookedAt tells what a look-back found.
type UnitLookedAt struct {
	MeetingID string `json:"meeting_id"`
	Title     string `json:"title"`
	UnitID    string `json:"unit_id"`
	OK        bool   `json:"ok"`
	MendBy    string `json:"mend_by"`
}

// FactName is the fact's name.
func (UnitLookedAt) FactName() string { return "appraisal.looked-back" }

// CloseMeeting ends a meeting when everything is mended (办结).
var CloseMeeting = app.Define("appraisal.close-meeting",
	func(c *app.Call, in NameIn) (*Meeting, error) { return meetingOf(&c.Look, in.ID) },
	runsMeeting,
	func(c *app.Call, m *Meeting, in NameIn) (MeetingOut, error) {
		if err := m.move(MeetingClosed); err != nil {
			return MeetingOut{}, err
		}
		if err := m.fresh(in.Version); err != nil {
			return MeetingOut{}, err
		}
		if i := slices.IndexFunc(m.Units, func(u Appraised) bool { return u.MendBy != "" && (u.LookedOK == nil || !*u.LookedOK) }); i >= 0 {
			return MeetingOut{}, fault.New(fault.Closed, "appraisal.meeting.unmended", "unit", m.Units[i].UnitName)
		}
		m.ClosedAt = c.Now()
		err := m.write(c)
		return m.out(), err
	})
