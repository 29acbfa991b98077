package appraisal

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// MeetingState is how far an appraisal meeting has come.
type MeetingState string

// The states of an appraisal meeting.
const (
	MeetingDraft     MeetingState = "draft"     // being prepared
	MeetingOpen      MeetingState = "open"      // units give account, participants score
	MeetingAnnounced MeetingState = "announced" // the result is read out
	MeetingReported  MeetingState = "reported"  // reported to Party and government; units mend
	MeetingClosed    MeetingState = "closed"    // looked back at
	MeetingDropped   MeetingState = "dropped"   // not held
)

// MeetingStates lists the states.
func MeetingStates() []MeetingState {
	return []MeetingState{MeetingDraft, MeetingOpen, MeetingAnnounced, MeetingReported, MeetingClosed, MeetingDropped}
}

//nolint:gochecknoglobals // the arrow table
var nextMeeting = map[MeetingState][]MeetingState{
	MeetingDraft:     {MeetingDraft, MeetingOpen, MeetingDropped},
	MeetingOpen:      {MeetingAnnounced, MeetingDropped},
	MeetingAnnounced: {MeetingReported},
	MeetingReported:  {MeetingClosed},
	MeetingClosed:    {},
	MeetingDropped:   {},
}

// move follows an arrow, or says that the step is over.
func (m *Meeting) move(to MeetingState) error {
	if !slices.Contains(nextMeeting[m.State], to) {
		return fault.New(fault.Closed, "appraisal.meeting.closed."+string(m.State))
	}
	m.State = to
	return nil
}

// in refuses an act outside of its state.
func (m *Meeting) in(s MeetingState) error {
	if m.State != s {
		return fault.New(fault.Closed, "appraisal.meeting.closed."+string(m.State))
	}
	return nil
}

// known reports whether the result may be known.
func (m *Meeting) known() bool {
	return m.State == MeetingAnnounced || m.State == MeetingReported || m.State == MeetingClosed
}

// Item is an indicator of a meeting with its full mark.
type Item struct {
	Code string `json:"code"`
	Name string `json:"name"`
	Full int    `json:"full"`
}

// Paper says what is scored and which words totals have.
type Paper struct {
	Items  []Item  `json:"items"`
	Levels []Level `json:"levels"`
}

func usualPaper() Paper {
	return Paper{Items: []Item{{"lead", "组织领导", 20}, {"system", "办理机制", 20}, {"contact", "沟通面商", 20}, {"effect", "办理成效", 20}, {"reply", "规范答复", 20}}, Levels: usualLevels()}
}

// Full is the sum of the full marks.
func (p Paper) Full() int {
	n := 0
	for _, i := range p.Items {
		n += i.Full
	}
	return n
}

// Meeting (民主评议) appraises units on key proposals.
type Meeting struct {
	ID          string       `json:"id"`
	CommitteeID string       `json:"-"`
	Title       string       `json:"title"`
	HeldOn      string       `json:"held_on"`
	State       MeetingState `json:"state"`
	Paper
	Report        string          `json:"report,omitempty"`
	CreatedName   string          `json:"created_name"`
	CreatedAt     store.Time      `json:"created_at"`
	AnnouncedName string          `json:"announced_name,omitempty"`
	AnnouncedAt   store.Time      `json:"announced_at"`
	ReportedAt    store.Time      `json:"reported_at"`
	ClosedAt      store.Time      `json:"closed_at"`
	Version       int64           `json:"version"`
	Units         []Appraised     `json:"units"`
	People        []Participating `json:"participants,omitempty"`
}

// Appraised is a unit of a meeting. Total is nil before the result is known.
type Appraised struct {
	UnitID      string             `json:"unit_id"`
	UnitName    string             `json:"unit_name"`
	CaseKind    string             `json:"case_kind,omitempty"`
	CaseID      string             `json:"case_id,omitempty"`
	CaseName    string             `json:"case_name,omitempty"`
	Account     string             `json:"account,omitempty"`
	AccountName string             `json:"account_name,omitempty"`
	AccountAt   store.Time         `json:"account_at"`
	Sheets      int                `json:"sheets"`
	Papers      int                `json:"papers"`
	Total       *Decimal           `json:"total,omitempty"`
	Rank        int                `json:"rank,omitempty"`
	Level       string             `json:"level,omitempty"`
	Result      map[string]Decimal `json:"result"` // average per indicator
	Demand      string             `json:"demand,omitempty"`
	MendBy      string             `json:"mend_by,omitempty"`
	Mended      string             `json:"mended,omitempty"`
	MendedName  string             `json:"mended_name,omitempty"`
	MendedAt    store.Time         `json:"mended_at"`
	LookedWords string             `json:"looked_words,omitempty"`
	LookedName  string             `json:"looked_name,omitempty"`
	LookedAt    store.Time         `json:"looked_at"`
	LookedOK    *bool              `json:"looked_ok,omitempty"`

	channel string
}

// Participating is somebody who scores.
type Participating struct {
	PersonID string     `json:"person_id"`
	Name     string     `json:"name"`
	DoneAt   store.Time `json:"done_at"`
}

// Object names the meeting.
func (m *Meeting) Object() (string, string) { return "appraisal-meeting", m.ID }

// unit finds a unit of the meeting, nil without it.
func (m *Meeting) unit(id string) *Appraised {
	i := slices.IndexFunc(m.Units, func(u Appraised) bool { return u.UnitID == id })
	if i < 0 || id == "" {
		return nil
	}
	return &m.Units[i]
}

// participant finds somebody who scores, nil for others.
func (m *Meeting) participant(who access.Actor) *Participating {
	i := slices.IndexFunc(m.People, func(p Participating) bool { return p.PersonID == who.PersonID })
	if i < 0 || !who.SignedIn() || !scores(who) {
		return nil
	}
	return &m.People[i]
}

// scores tells in which posts somebody scores: not as an administrator, and not
// for a unit or supervision office.
func scores(who access.Actor) bool {
	return who.Is(access.Member, access.Convener, access.Reviewer, access.Leader, access.Office, access.Chief)
}

// sees says whether somebody may know of the meeting. It says the same as
// meetingScope.
func (m *Meeting) sees(who access.Actor) bool {
	live := m.State != MeetingDraft && m.State != MeetingDropped
	switch {
	case who.CommitteeID == "" || who.CommitteeID != m.CommitteeID:
		return false
	case oversees(who):
		return true
	case unitPost(who):
		return live && m.unit(who.Post.BodyID) != nil
	case who.Is(access.Dispatcher):
		return m.known() && slices.ContainsFunc(m.Units, func(u Appraised) bool { return u.channel != "" && u.channel == channelOf(who) })
	default:
		return live && m.participant(who) != nil
	}
}

// meetingScope is the part of appraisal_meeting (alias m) that somebody may see.
func meetingScope(who access.Actor) access.Scope {
	all := access.Committee("m.committee_id", who.CommitteeID)
	live := all.And("m.state NOT IN ('draft', 'dropped')")
	switch {
	case oversees(who):
		return all
	case unitPost(who):
		return live.And("EXISTS (SELECT 1 FROM appraisal_meeting_unit u WHERE u.meeting_id = m.id AND u.unit_id = ?)", who.Post.BodyID)
	case who.Is(access.Dispatcher) && channelOf(who) != "":
		return live.And("m.state <> 'open' AND EXISTS (SELECT 1 FROM appraisal_meeting_unit u WHERE u.meeting_id = m.id AND u.channel = ?)", channelOf(who))
	case scores(who):
		return live.And("EXISTS (SELECT 1 FROM appraisal_participant t WHERE t.meeting_id = m.id AND t.person_id = ?)", who.PersonID)
	default:
		return access.Nothing()
	}
}

// runsMeeting is the rule of what the office does.
func runsMeeting(who access.Actor, m *Meeting) access.Verdict {
	if !m.sees(who) {
		return access.Hide()
	}
	return access.When(office(who), "appraisal.office-only")
}

const meetingColumns = "m.id, m.committee_id, m.title, m.held_on, m.state, m.body, m.report, m.created_name, m.created_at, m.announced_name, m.announced_at, m.reported_at, m.closed_at, m.version"

func scanMeeting(r store.Row, m *Meeting) error {
	var body string
	if err := r.Scan(&m.ID, &m.CommitteeID, &m.Title, &m.HeldOn, &m.State, &body, &m.Report, &m.CreatedName, &m.CreatedAt, &m.AnnouncedName, &m.AnnouncedAt, &m.ReportedAt, &m.ClosedAt, &m.Version); err != nil {
		return err
	}
	return json.Unmarshal([]byte(body), &m.Paper)
}

// meetingOf reads a meeting with units and participants. Inside an act other
// acts on it wait.
func meetingOf(l *app.Look, id string) (*Meeting, error) {
	if err := l.Tx().Claim(l.Ctx(), "appraisal_meeting", "id", id); err != nil {
		return nil, fmt.Errorf("claim meeting %s: %w", id, err)
	}
	m := &Meeting{}
	err := scanMeeting(l.Tx().Row(l.Ctx(), "SELECT "+meetingColumns+" FROM appraisal_meeting m WHERE m.id = ? AND m.committee_id = ?", id, l.Who().CommitteeID), m)
	if errors.Is(err, store.ErrNone) {
		return nil, notFound()
	}
	if err != nil {
		return nil, fmt.Errorf("read meeting %s: %w", id, err)
	}
	m.Units, err = store.List(l.Ctx(), l.Tx(), scanAppraised, `SELECT unit_id, unit_name, channel, case_kind, case_id, case_name, account, account_name, account_at, sheets, papers, total, rank, result,
		demand, mend_by, mended, mended_name, mended_at, looked_words, looked_name, looked_at, looked_ok FROM appraisal_meeting_unit WHERE meeting_id = ? ORDER BY place, unit_id`, id)
	if err != nil {
		return nil, fmt.Errorf("read the units of meeting %s: %w", id, err)
	}
	for i := range m.Units {
		if t := m.Units[i].Total; t != nil {
			m.Units[i].Level = levelOf(m.Levels, *t)
		}
	}
	m.People, err = store.List(l.Ctx(), l.Tx(), func(r store.Row, p *Participating) error { return r.Scan(&p.PersonID, &p.Name, &p.DoneAt) },
		"SELECT t.person_id, t.name, t.done_at FROM appraisal_participant t JOIN person p ON p.id = t.person_id WHERE t.meeting_id = ? ORDER BY p.pinyin, t.person_id", id)
	if err != nil {
		return nil, fmt.Errorf("read the participants of meeting %s: %w", id, err)
	}
	return m, nil
}

func scanAppraised(r store.Row, u *Appraised) error {
	var total *int64
	var result string
	if err := r.Scan(&u.UnitID, &u.UnitName, &u.channel, &u.CaseKind, &u.CaseID, &u.CaseName, &u.Account, &u.AccountName, &u.AccountAt, &u.Sheets, &u.Papers, &total, &u.Rank, &result,
		&u.Demand, &u.MendBy, &u.Mended, &u.MendedName, &u.MendedAt, &u.LookedWords, &u.LookedName, &u.LookedAt, &u.LookedOK); err != nil {
		return err
	}
	u.Total = (*Decimal)(total)
	return json.Unmarshal([]byte(result), &u.Result)
}

// write keeps what an act changed of a meeting itself, when nobody was faster.
func (m *Meeting) write(c *app.Call) error {
	body, err := json.Marshal(m.Paper)
	if err != nil {
		return fmt.Errorf("write meeting %s: %w", m.ID, err)
	}
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE appraisal_meeting SET title = ?, held_on = ?, state = ?, body = ?, report = ?, announced_name = ?, announced_at = ?, reported_at = ?, closed_at = ?, version = version + 1
		WHERE id = ? AND version = ?`, m.Title, m.HeldOn, string(m.State), string(body), m.Report, m.AnnouncedName, m.AnnouncedAt, m.ReportedAt, m.ClosedAt, m.ID, m.Version)
	if err != nil {
		return fmt.Errorf("write meeting %s: %w", m.ID, err)
	}
	if n == 0 {
		return stale()
	}
	m.Version++
	return nil
}

// fresh answers a stale form; 0 is a caller that shows no version.
func (m *Meeting) fresh(version int64) error {
	if version != 0 && version != m.Version {
		return stale()
	}
	return nil
}

// MeetingOut answers acts on a meeting.
type MeetingOut struct {
	ID      string       `json:"id"`
	State   MeetingState `json:"state"`
	Version int64        `json:"version"`
}

func (m *Meeting) out() MeetingOut { return MeetingOut{m.ID, m.State, m.Version} }
