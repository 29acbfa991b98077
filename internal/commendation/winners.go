package commendation

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// sessionTitles are the titles of the committee's sessions.
func sessionTitles(l *app.Look) (map[string]string, error) {
	list, err := organization.Sessions(l)
	m := map[string]string{}
	for _, s := range list {
		m[s.ID] = s.Title
	}
	return m, err
}

// notice fills in how long public notice lasts.
func (out *ShowOut) notice(l *app.Look) error {
	g := out.Campaign
	if g.Notice == nil {
		return nil
	}
	days, err := calendar.Current(l)
	if err != nil {
		return err
	}
	out.NoticeOver, out.LeftDays = g.Notice.Late(l.Now().Time), calendar.Left(today(l), g.Notice.On, days)
	return nil
}

// WinnersOut is the list in public notice, or of those commended.
type WinnersOut struct {
	Campaign  *Campaign   `json:"campaign"`
	Committee string      `json:"committee"` // its name
	Session   string      `json:"session"`
	Winners   []Candidate `json:"winners"`
}

// Winners gives the list in public notice, and later of those commended, to
// everybody of the committee whom proposals concern.
var Winners = app.Ask("commendation.winners", candidateScope, func(l *app.Look, s access.Scope, in ID) (WinnersOut, error) {
	g, err := seen(l, in.ID)
	if err != nil {
		return WinnersOut{}, err
	}
	if !g.Stage.reached(Noticed) {
		return WinnersOut{}, fault.New(fault.NotFound, "fault.not-found")
	}
	out := WinnersOut{Campaign: g}
	if out.Winners, err = candidatesSeen(l, s, g); err != nil {
		return out, err
	}
	out.Winners = slices.DeleteFunc(out.Winners, func(d Candidate) bool { return d.DroppedAt != "" })
	slices.SortStableFunc(out.Winners, func(a, b Candidate) int { return int(a.Number - b.Number) })
	sessions, err := sessionTitles(l)
	if err != nil {
		return out, err
	}
	out.Session = sessions[g.SessionID]
	err = l.Tx().Row(l.Ctx(), "SELECT name FROM committee WHERE id = ?", g.CommitteeID).Scan(&out.Committee)
	return out, err
})

// Mark says that something was commended.
type Mark struct {
	CampaignID string `json:"campaign_id"`
	Kind       Kind   `json:"kind"`
	Year       int    `json:"year"`
	Title      string `json:"title"` // of the campaign
}

// MarksOf gives the marks of proposals, units or people of the actor's committee,
// by id, the newest first. What has none is left out. Only announced campaigns
// count; everybody may know of them.
func MarksOf(l *app.Look, kind Kind, ids ...string) (map[string][]Mark, error) {
	type marked struct {
		id string
		Mark
	}
	w := store.And(store.F("d.committee_id = ?", l.Who().CommitteeID), store.In("d.subject_id", ids...), store.F("d.dropped_at = ''"),
		store.F("g.kind = ?", string(kind)), store.F("g.stage = 'announced'"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, m *marked) error { return r.Scan(&m.id, &m.CampaignID, &m.Kind, &m.Year, &m.Title) },
		"SELECT d.subject_id, g.id, g.kind, g.year, g.title FROM commendation_candidate d JOIN commendation_campaign g ON g.id = d.campaign_id WHERE "+w.SQL+" ORDER BY g.year DESC, g.id DESC", w.Args...)
	if err != nil {
		return nil, fmt.Errorf("read what was commended: %w", err)
	}
	marks := map[string][]Mark{}
	for _, m := range list {
		marks[m.id] = append(marks[m.id], m.Mark)
	}
	return marks, nil
}

// MarksIn asks for the marks of some things.
type MarksIn struct {
	Kind string   `json:"kind"`
	IDs  []string `json:"ids"`
}

// MarksOut are the marks of each, by id.
type MarksOut struct {
	Marks map[string][]Mark `json:"marks"`
}

// Marks is MarksOf as a question, for programs.
var Marks = app.Ask("commendation.marks", scope, func(l *app.Look, _ access.Scope, in MarksIn) (out MarksOut, err error) {
	out.Marks = map[string][]Mark{}
	if len(in.IDs) > idsAtMost {
		return out, fault.Field("ids", "commendation.range", "least", 0, "most", idsAtMost)
	}
	if concerned(l.Who()) {
		out.Marks, err = MarksOf(l, Kind(in.Kind), in.IDs...)
	}
	return out, err
})

// idsAtMost bounds one question for marks.
const idsAtMost = 200
