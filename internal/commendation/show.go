package commendation

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
	"tongxin/internal/proposal"
	"tongxin/internal/store"
)

// ID names a campaign or a candidate.
type ID struct {
	ID string `json:"id"`
}

// candidateScope is the part of commendation_candidate d, joined with its campaign
// g, that somebody may know of. It says the same as entry.known; a test holds
// the two together.
func candidateScope(who access.Actor) access.Scope {
	s := scope(who)
	public := "g.stage IN ('notice', 'announced') AND d.dropped_at = ''"
	reviewers := "g.stage IN ('review', 'approval', 'approved', 'notice', 'announced') AND d.dropped_at NOT IN ('nominating', 'reading')"
	switch {
	case staff(who):
		return s
	case who.Is(access.Reviewer):
		return s.And(reviewers)
	case who.Is(access.Leader):
		return s.And("g.stage IN ('approval', 'approved', 'notice', 'announced') AND d.dropped_at IN ('', 'approval', 'notice')")
	case who.Is(access.Member, access.Convener):
		return s.And("("+public+") OR "+reviewers+` AND g.review_body <> '' AND EXISTS (SELECT 1 FROM membership m WHERE m.committee_id = g.committee_id
			AND m.person_id = ? AND m.valid_to IS NULL AND m.special_committee_id = g.review_body)`, who.PersonID)
	default:
		return s.And(public)
	}
}

// candidatesSeen are the candidates of a campaign that the one who asks may know
// of; where publication was refused and he does not see the proposal, its title
// is withheld.
func candidatesSeen(l *app.Look, s access.Scope, g *Campaign) ([]Candidate, error) {
	rules, _, err := profile.Current(l)
	if err != nil {
		return nil, err
	}
	sees, own := seesProposal(l.Who()), proposes(l.Who())
	q := store.Join(store.F("SELECT "+candidateColumns+", (SELECT COUNT(*) FROM commendation_review v WHERE v.candidate_id = d.id AND v.person_id = ?),", l.Who().PersonID),
		store.F("(SELECT COUNT(*) FROM proposal p WHERE p.id = d.subject_id AND ("), sees, store.F(")), (SELECT COUNT(*) FROM proposal p WHERE p.id = d.subject_id AND ("), own, store.F("))"),
		store.F("FROM commendation_candidate d JOIN commendation_campaign g ON g.id = d.campaign_id WHERE"),
		store.And(store.F("d.campaign_id = ?", g.ID), store.F(s.SQL(), s.Args()...)), store.F("ORDER BY d.place, d.number, d.id"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, d *Candidate) error {
		var voted, sees, own int
		if err := scanCandidate(r, d, &voted, &sees, &own); err != nil {
			return err
		}
		d.Mine = voted > 0
		if g.Kind == OfProposals && own > 0 {
			d.Tie = Himself
		}
		d.Withheld = d.refused && sees == 0 && !g.reviews(l.Who())
		return nil
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list the candidates of %s: %w", g.ID, err)
	}
	for i := range list {
		d := &list[i]
		if g.Kind != OfProposals {
			d.Tie, _ = g.tieOf(l, d)
		}
		d.dress(l.Who(), g, rules.Proposal.NumberWidth)
	}
	return list, nil
}

// dress leaves out what the one who asks is not shown.
func (d *Candidate) dress(who access.Actor, g *Campaign, width int) {
	if d.Number > 0 {
		d.Digits = proposal.Digits(d.Number, width)
	}
	if d.Withheld {
		d.Name, d.Lead, d.SubjectID = "", "", ""
	}
	if !staff(who) {
		d.Verdict, d.Score, d.Nominations = "", "", 0
	}
	if !staff(who) && !who.Is(access.Leader) && !g.reviews(who) {
		d.Votes, d.Points, d.Place, d.Tied, d.Reserved, d.Why = 0, 0, 0, false, false, Why{}
	}
}

// Passage is what became of the candidates at one stage: entered = passed + dropped.
type Passage struct {
	Stage   Stage `json:"stage"`
	Entered int   `json:"entered"`
	Dropped int   `json:"dropped"`
	Passed  int   `json:"passed"`
	Over    bool  `json:"over"` // the stage is over; before, nobody has passed it
}

// Passages counts what became of candidates that were dropped at these stages,
// "" for those still in.
func Passages(now Stage, droppedAt []Stage) []Passage {
	left := len(droppedAt)
	var list []Passage
	for _, s := range []Stage{Nominating, Reading, Reviewing, Approval, Noticed} {
		p := Passage{Stage: s, Entered: left, Over: now.reached(s) && now != s}
		for _, d := range droppedAt {
			if d == s {
				p.Dropped++
			}
		}
		p.Passed = left - p.Dropped
		left = p.Passed
		if now.reached(s) {
			list = append(list, p)
		}
	}
	return list
}

// May is what the one who asks may do now.
type May struct {
	Change          bool `json:"change"`
	Open            bool `json:"open"`
	Extend          bool `json:"extend"`
	CloseNominating bool `json:"close_nominating"`
	Read            bool `json:"read"`
	CloseReading    bool `json:"close_reading"`
	Review          bool `json:"review"`
	CloseReview     bool `json:"close_review"`
	Approve         bool `json:"approve"`
	Publish         bool `json:"publish"`
	Object          bool `json:"object"`
	Announce        bool `json:"announce"`
	Cancel          bool `json:"cancel"`
	Rule            bool `json:"rule"`
	Print           bool `json:"print"` // certificates
}

func (g *Campaign) may(who access.Actor) May {
	s, chief, at := staff(who), who.Is(access.Chief), g.Stage
	return May{
		Change: s && at == Draft, Open: chief && at == Draft, Extend: s && at == Nominating, CloseNominating: s && at == Nominating,
		Read: s && at == Reading, CloseReading: s && at == Reading, Review: g.reviews(who) && at == Reviewing, CloseReview: chief && at == Reviewing,
		Approve: chief && at == Approval, Publish: s && at == Approved, Object: at == Noticed, Announce: chief && at == Noticed,
		Cancel: chief && len(next[at]) > 0, Rule: s && at == Noticed, Print: s && at == Announced,
	}
}

// ShowOut is a campaign as its page shows it.
type ShowOut struct {
	Campaign    *Campaign   `json:"campaign"`
	Session     string      `json:"session"` // title
	Open        bool        `json:"open"`
	Nominates   bool        `json:"nominates"`
	Share       Share       `json:"share"`
	Left        int         `json:"left"`
	Nominated   int         `json:"nominated"`     // nominations that count; for the staff
	Passages    []Passage   `json:"passages"`      // for the staff
	Candidates  []Candidate `json:"candidates"`    // those the one who asks may know of
	Turnout     Turnout     `json:"turnout"`       // of the review; for the staff
	Objections  []Objection `json:"objections"`    // for the staff
	Events      []Event     `json:"events"`        // for the staff
	May         May         `json:"may"`           //
	Collective  int         `json:"collective"`    // among the candidates that are in
	NeedsShare  int         `json:"needs_share"`   // collective ones that the share asks for, of those that are in
	InRemaining int         `json:"in_the_run"`    // candidates that are in
	NoticeOver  bool        `json:"notice_over"`   // public notice is over
	LeftDays    int         `json:"left_workdays"` // of public notice
}

// Show gives a campaign.
var Show = app.Ask("commendation.show", candidateScope, func(l *app.Look, s access.Scope, in ID) (ShowOut, error) {
	g, err := seen(l, in.ID)
	if err != nil {
		return ShowOut{}, err
	}
	out := ShowOut{Campaign: g, Open: g.open(l), May: g.may(l.Who()), Passages: []Passage{}, Objections: []Objection{}, Events: []Event{}}
	if out.Candidates, err = candidatesSeen(l, s, g); err != nil {
		return out, err
	}
	for _, d := range out.Candidates {
		if d.DroppedAt != "" {
			continue
		}
		out.InRemaining++
		if d.Collective {
			out.Collective++
		}
	}
	out.NeedsShare = collectiveOf(g.Rules.CollectivePercent, out.InRemaining)
	if err := out.quota(l); err != nil {
		return out, err
	}
	if err := out.notice(l); err != nil {
		return out, err
	}
	if staff(l.Who()) {
		err = out.inside(l)
	}
	return out, err
})

// quota fills in the session and what the one who asks may nominate.
func (out *ShowOut) quota(l *app.Look) error {
	sessions, err := sessionTitles(l)
	if err != nil {
		return err
	}
	out.Session = sessions[out.Campaign.SessionID]
	u, err := universeOf(l, out.Campaign)
	if err != nil {
		return err
	}
	out.Share, out.Nominates, err = u.share()
	out.Left = out.Share.Left()
	return err
}

// inside fills in what only the staff sees.
func (out *ShowOut) inside(l *app.Look) error {
	g := out.Campaign
	dropped := make([]Stage, len(out.Candidates))
	for i, d := range out.Candidates {
		dropped[i] = d.DroppedAt
	}
	if g.Stage.reached(Reading) {
		out.Passages = Passages(g.Stage, dropped)
	}
	err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM commendation_nomination WHERE campaign_id = ? AND withdrawn_at IS NULL", g.ID).Scan(&out.Nominated)
	if err != nil {
		return fmt.Errorf("count the nominations of %s: %w", g.ID, err)
	}
	if g.Stage.reached(Reviewing) {
		if out.Turnout, err = turnoutOf(l, g); err != nil {
			return err
		}
	}
	if out.Objections, err = objectionsOf(l, g.ID); err != nil {
		return err
	}
	out.Events, err = eventsOf(l, g.ID, "")
	return err
}

// CandidateOut is a candidate as its page shows it.
type CandidateOut struct {
	Campaign    *Campaign     `json:"campaign"`
	Candidate   Candidate     `json:"candidate"`
	Text        *PlainText    `json:"text,omitempty"` // of a proposal, for those who read and review
	Sees        bool          `json:"sees"`           // the one who asks may open the proposal itself
	Record      *Record       `json:"record,omitempty"`
	Cases       int           `json:"cases"` // of a unit, as of today
	Late        int           `json:"late"`
	Unhappy     int           `json:"dissatisfied"`
	Nominations []Nomination  `json:"nominations"` // for the staff
	Readings    []ReadingMade `json:"readings"`    // for the staff and, once the review is open, the reviewers
	Events      []Event       `json:"events"`      // for the staff
	MayRead     bool          `json:"may_read"`
	MayReview   bool          `json:"may_review"`
	MayObject   bool          `json:"may_object"`
	OwnCase     bool          `json:"own"` // too near to read or review it
}

// ShowCandidate gives a candidate.
var ShowCandidate = app.Ask("commendation.candidate", candidateScope, func(l *app.Look, s access.Scope, in ID) (CandidateOut, error) {
	x, err := loadEntry(l, in.ID)
	if err != nil {
		return CandidateOut{}, err
	}
	list, err := candidatesSeen(l, s, x.g)
	if err != nil {
		return CandidateOut{}, err
	}
	i := slices.IndexFunc(list, func(d Candidate) bool { return d.ID == x.d.ID })
	if i < 0 {
		return CandidateOut{}, fault.New(fault.NotFound, "fault.not-found")
	}
	return candidateOut(l, x, list[i])
})

func candidateOut(l *app.Look, x *entry, d Candidate) (CandidateOut, error) {
	who := l.Who()
	out := CandidateOut{Campaign: x.g, Candidate: d, Nominations: []Nomination{}, Readings: []ReadingMade{}, Events: []Event{}}
	in := x.d.in()
	out.MayRead = mayRead(who, x).Allowed() && x.g.Stage == Reading && in
	out.MayReview = mayReview(who, x).Allowed() && x.g.Stage == Reviewing && in && !out.Candidate.Mine
	out.MayObject = x.g.Stage == Noticed && in
	out.OwnCase = Granted(ToRead, x.g.Kind, x.tie) != Free
	return out, out.inside(l, x)
}

// inside fills in what staff and reviewers are shown.
func (out *CandidateOut) inside(l *app.Look, x *entry) error {
	who, g := l.Who(), x.g
	if out.Candidate.Withheld {
		return nil
	}
	u, err := universeOf(l, g)
	if err != nil {
		return err
	}
	found, err := u.all([]string{x.d.SubjectID})
	if err != nil {
		return err
	}
	inner := staff(who) || g.reviews(who)
	if len(found) > 0 {
		r := found[0]
		out.Record, out.Sees = &r, r.Sees && g.Kind == OfProposals
		if inner {
			out.Cases, out.Late, out.Unhappy = r.cases, r.late, r.dissatisfied
		}
	}
	if !inner {
		return nil
	}
	if g.Kind == OfProposals {
		if out.Text, err = textOf(l, x.d.SubjectID); err != nil {
			return err
		}
	}
	if out.Readings, err = readingsOf(l, x.d.ID); err != nil || !staff(who) {
		return err
	}
	if out.Nominations, err = nominationsOf(l, g.ID, x.d.SubjectID); err != nil {
		return err
	}
	out.Events, err = eventsOf(l, g.ID, x.d.ID)
	return err
}

// nominationsOf are all nominations of a subject, withdrawn ones too.
func nominationsOf(l *app.Look, campaign, subject string) ([]Nomination, error) {
	list, err := store.List(l.Ctx(), l.Tx(), scanNomination, "SELECT "+nominationColumns+` FROM commendation_nomination n
		WHERE n.committee_id = ? AND n.campaign_id = ? AND n.subject_id = ? ORDER BY n.id`, l.Who().CommitteeID, campaign, subject)
	if err != nil {
		return nil, fmt.Errorf("read who nominated %s: %w", subject, err)
	}
	return list, nil
}
