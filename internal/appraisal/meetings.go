package appraisal

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// MeetingLine is a meeting in the list.
type MeetingLine struct {
	ID     string       `json:"id"`
	Title  string       `json:"title"`
	HeldOn string       `json:"held_on"`
	State  MeetingState `json:"state"`
	Units  int          `json:"units"`
}

// Meetings lists the appraisal meetings that somebody may know of, the newest
// first.
var Meetings = app.Ask("appraisal.meetings", meetingScope, func(l *app.Look, sc access.Scope, _ struct{}) ([]MeetingLine, error) {
	q := store.Join(store.F("SELECT m.id, m.title, m.held_on, m.state, (SELECT COUNT(*) FROM appraisal_meeting_unit u WHERE u.meeting_id = m.id) FROM appraisal_meeting m WHERE"),
		scoped(sc), store.F("ORDER BY m.held_on DESC, m.id DESC LIMIT 200"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *MeetingLine) error { return r.Scan(&x.ID, &x.Title, &x.HeldOn, &x.State, &x.Units) }, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list appraisal meetings: %w", err)
	}
	return list, nil
})

// MeetingMay is what somebody may do with a meeting.
type MeetingMay struct {
	Set      bool `json:"set"`
	Open     bool `json:"open"`
	Drop     bool `json:"drop"`
	Score    bool `json:"score"`
	Count    bool `json:"count"`
	Announce bool `json:"announce"`
	Report   bool `json:"report"`
	LookBack bool `json:"look_back"`
	Close    bool `json:"close"`
	Account  bool `json:"account"` // for the own unit
	Mend     bool `json:"mend"`
}

// MeetingShown is a meeting as far as the one who asks may see it.
type MeetingShown struct {
	Meeting
	Done   int               `json:"done"` // sheets handed in
	Asked  int               `json:"asked"`
	Scored bool              `json:"scored"` // his own sheet is in
	Papers map[string]Papers `json:"papers,omitempty"`
	May    MeetingMay        `json:"may"`
}

// ShowMeeting tells one appraisal meeting. Nobody is told what a participant
// gave; participants see results once they are announced, a unit its own, a
// supervision office those of its channel.
var ShowMeeting = app.Ask("appraisal.meeting", meetingScope, func(l *app.Look, sc access.Scope, in SchemeAsk) (MeetingShown, error) {
	where := store.And(scoped(sc), store.F("m.id = ?", in.ID))
	var n int
	if err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM appraisal_meeting m WHERE "+where.SQL, where.Args...).Scan(&n); err != nil || n == 0 {
		if err == nil {
			err = notFound()
		}
		return MeetingShown{}, err
	}
	m, err := meetingOf(l, in.ID)
	if err != nil {
		return MeetingShown{}, err
	}
	who := l.Who()
	out := MeetingShown{Asked: len(m.People), May: m.may(who)}
	for _, p := range m.People {
		if !p.DoneAt.IsZero() {
			out.Done++
		}
	}
	if p := m.participant(who); p != nil {
		out.Scored = !p.DoneAt.IsZero()
	}
	m.hideFrom(who)
	out.Meeting = *m
	if oversees(who) {
		out.Papers, err = papersOf(l, m.ID)
	}
	return out, err
})

// may tells what somebody may do now.
func (m *Meeting) may(who access.Actor) MeetingMay {
	runs := runsMeeting(who, m).Allowed()
	p, u := m.participant(who), m.unit(who.Post.BodyID)
	mine := ofUnit(who, m).Allowed() && u != nil
	return MeetingMay{
		Set: runs && m.State == MeetingDraft, Open: runs && m.State == MeetingDraft && len(m.Units) > 0, Drop: runs && (m.State == MeetingDraft || m.State == MeetingOpen),
		Score: p != nil && p.DoneAt.IsZero() && m.State == MeetingOpen && m.sees(who), Count: runs && m.State == MeetingOpen, Announce: runs && m.State == MeetingOpen,
		Report: runs && m.State == MeetingAnnounced, LookBack: runs && m.State == MeetingReported, Close: runs && m.State == MeetingReported,
		Account: mine && m.State == MeetingOpen, Mend: mine && m.State == MeetingReported && u.MendBy != "" && (u.LookedOK == nil || !*u.LookedOK),
	}
}

// hideFrom takes out what somebody may not read.
func (m *Meeting) hideFrom(who access.Actor) {
	if oversees(who) {
		return
	}
	m.People = nil
	var list []Appraised
	for _, u := range m.Units {
		switch {
		case unitPost(who) && !who.In(u.UnitID), who.Is(access.Dispatcher) && u.channel != channelOf(who):
			continue
		case !unitPost(who) && !who.Is(access.Dispatcher): // participants see results, not what follows
			u.Demand, u.MendBy, u.Mended, u.LookedWords, u.LookedOK = "", "", "", "", nil
		}
		list = append(list, u)
	}
	m.Units = list
	if !who.Is(access.Dispatcher) && !unitPost(who) {
		m.Report = ""
	}
}
