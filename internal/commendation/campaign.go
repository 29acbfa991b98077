package commendation

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// Kind says what a campaign commends.
type Kind string

// The kinds.
const (
	OfProposals Kind = "proposal" // 优秀提案
	OfUnits     Kind = "unit"     // 先进承办单位
	OfPeople    Kind = "person"   // 先进承办个人
)

// Kinds lists the kinds in the order of pages.
func Kinds() []Kind { return []Kind{OfProposals, OfUnits, OfPeople} }

// Stage is how far a campaign has come.
type Stage string

// The stages.
const (
	Draft      Stage = "draft"
	Nominating Stage = "nominating" // 征集推荐
	Reading    Stage = "reading"    // 初评
	Reviewing  Stage = "review"     // 审议
	Approval   Stage = "approval"   // 待审定
	Approved   Stage = "approved"   // 已审定，待公示
	Noticed    Stage = "notice"     // 公示
	Announced  Stage = "announced"  // 已表彰
	Cancelled  Stage = "cancelled"
)

// Stages lists the stages in their order.
func Stages() []Stage {
	return []Stage{Draft, Nominating, Reading, Reviewing, Approval, Approved, Noticed, Announced, Cancelled}
}

var next = map[Stage][]Stage{ //nolint:gochecknoglobals // the arrow table
	Draft:      {Nominating, Cancelled},
	Nominating: {Reading, Cancelled},
	Reading:    {Reviewing, Cancelled},
	Reviewing:  {Approval, Cancelled},
	Approval:   {Approved, Cancelled},
	Approved:   {Noticed, Cancelled},
	Noticed:    {Announced, Cancelled},
	Announced:  {},
	Cancelled:  {},
}

// Next lists the stages that may follow one.
func Next(s Stage) []Stage { return slices.Clone(next[s]) }

// reached reports whether a stage lies at or after another, on the way from
// draft to announced; a cancelled campaign reached nothing.
func (s Stage) reached(other Stage) bool {
	return s != Cancelled && slices.Index(Stages(), s) >= slices.Index(Stages(), other)
}

// Campaign is one year's commendation of one kind.
type Campaign struct {
	ID          string             `json:"id"`
	CommitteeID string             `json:"-"`
	Kind        Kind               `json:"kind"`
	Year        int                `json:"year"`
	SessionID   string             `json:"session_id"`
	Title       string             `json:"title"`
	Stage       Stage              `json:"stage"`
	StageSince  store.Time         `json:"stage_since"`
	Rules       Rules              `json:"rules"`
	OpensOn     string             `json:"opens_on"`
	ClosesOn    string             `json:"closes_on"` // the last day, included
	Base        int                `json:"base"`      // what the ratio was taken of, from the close of nominating on
	Most        int                `json:"most"`      // winners at most, from the close of nominating on
	DecidedOn   string             `json:"decided_on,omitempty"`
	Reference   string             `json:"reference,omitempty"`
	OverReason  string             `json:"over_reason,omitempty"`
	ShareReason string             `json:"share_reason,omitempty"`
	Notice      *calendar.Deadline `json:"notice,omitempty"` // as it was published; a later change of the calendar does not move it
	NoticeUntil string             `json:"notice_until,omitempty"`
	AnnouncedOn string             `json:"announced_on,omitempty"`
	Occasion    string             `json:"occasion,omitempty"`
	CreatedAt   store.Time         `json:"created_at"`
	Version     int64              `json:"version"`

	seat bool // the actor is a member of the special committee that reviews
}

// Object names the campaign in the audit record.
func (g *Campaign) Object() (kind, id string) { return "commendation", g.ID }

const campaignColumns = `g.id, g.committee_id, g.kind, g.year, g.session_id, g.title, g.stage, g.stage_since, g.rules, g.opens_on, g.closes_on, g.base, g.most,
	g.decided_on, g.reference, g.over_reason, g.share_reason, g.notice, g.notice_until, g.announced_on, g.occasion, g.created_at, g.version`

func scanCampaign(r store.Row, g *Campaign) error {
	var rules, notice string
	if err := r.Scan(&g.ID, &g.CommitteeID, &g.Kind, &g.Year, &g.SessionID, &g.Title, &g.Stage, &g.StageSince, &rules, &g.OpensOn, &g.ClosesOn, &g.Base, &g.Most,
		&g.DecidedOn, &g.Reference, &g.OverReason, &g.ShareReason, &notice, &g.NoticeUntil, &g.AnnouncedOn, &g.Occasion, &g.CreatedAt, &g.Version); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(rules), &g.Rules); err != nil {
		return fmt.Errorf("read the rules of campaign %s: %w", g.ID, err)
	}
	if notice == "" {
		return nil
	}
	g.Notice = new(calendar.Deadline)
	return json.Unmarshal([]byte(notice), g.Notice)
}

// load reads a campaign of the actor's committee; inside an act others on the
// same campaign wait, so that quotas hold and nothing is counted while it moves.
func load(l *app.Look, id string) (*Campaign, error) {
	if err := l.Tx().Claim(l.Ctx(), "commendation_campaign", "id", id); err != nil {
		return nil, fmt.Errorf("claim campaign %s: %w", id, err)
	}
	g := &Campaign{}
	err := scanCampaign(l.Tx().Row(l.Ctx(), "SELECT "+campaignColumns+" FROM commendation_campaign g WHERE g.id = ? AND g.committee_id = ?", id, l.Who().CommitteeID), g)
	if errors.Is(err, store.ErrNone) {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return nil, fmt.Errorf("read campaign %s: %w", id, err)
	}
	g.seat, err = sits(l, g.Rules.ReviewBody)
	return g, err
}

// create writes a new campaign.
func (g *Campaign) create(c *app.Call) error {
	rules, err := json.Marshal(g.Rules)
	if err != nil {
		return fmt.Errorf("write the rules of campaign %s: %w", g.ID, err)
	}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO commendation_campaign (id, committee_id, kind, year, session_id, title, stage, stage_since, rules, review_body, opens_on, closes_on, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		g.ID, g.CommitteeID, string(g.Kind), g.Year, g.SessionID, g.Title, string(g.Stage), g.StageSince, string(rules), g.Rules.ReviewBody, g.OpensOn, g.ClosesOn, g.CreatedAt)
	return once(err)
}

// once gives the sentence for a second campaign of a kind and year.
func once(err error) error {
	if errors.Is(err, store.ErrUnique) {
		return fault.Field("year", "commendation.campaign.exists").Because(err)
	}
	if err != nil {
		return fmt.Errorf("write the campaign: %w", err)
	}
	return nil
}

// save writes what an act changed.
func (g *Campaign) save(c *app.Call) error {
	rules, err := json.Marshal(g.Rules)
	if err != nil {
		return fmt.Errorf("write the rules of campaign %s: %w", g.ID, err)
	}
	notice := ""
	if g.Notice != nil {
		text, err := json.Marshal(g.Notice)
		if err != nil {
			return fmt.Errorf("write the notice of campaign %s: %w", g.ID, err)
		}
		notice = string(text)
	}
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE commendation_campaign SET year = ?, session_id = ?, title = ?, stage = ?, stage_since = ?, rules = ?, review_body = ?, opens_on = ?, closes_on = ?,
		base = ?, most = ?, decided_on = ?, reference = ?, over_reason = ?, share_reason = ?, notice = ?, notice_until = ?, announced_on = ?, occasion = ?, version = version + 1
		WHERE id = ? AND version = ?`,
		g.Year, g.SessionID, g.Title, string(g.Stage), g.StageSince, string(rules), g.Rules.ReviewBody, g.OpensOn, g.ClosesOn, g.Base, g.Most,
		g.DecidedOn, g.Reference, g.OverReason, g.ShareReason, notice, g.NoticeUntil, g.AnnouncedOn, g.Occasion, g.ID, g.Version)
	if err := once(err); err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Stale, "fault.stale")
	}
	g.Version++
	return nil
}

// move follows an arrow, or says that the step is over; the caller saves.
func (g *Campaign) move(c *app.Call, to Stage) error {
	if !slices.Contains(next[g.Stage], to) {
		return fault.New(fault.Closed, "commendation.closed."+string(to))
	}
	g.Stage, g.StageSince = to, c.Now()
	return nil
}

// at says that an act belongs to another stage.
func (g *Campaign) at(s Stage) error {
	if g.Stage != s {
		return fault.New(fault.Closed, "commendation.not-at."+string(s))
	}
	return nil
}

// staff are those who run a campaign.
func staff(who access.Actor) bool { return who.Is(access.Office, access.Chief) }

// concerned are the posts that know of campaigns at all; administrators do not.
func concerned(who access.Actor) bool {
	return who.CommitteeID != "" && who.Is(access.Member, access.Convener, access.Office, access.Chief, access.Reviewer,
		access.Dispatcher, access.Handler, access.Signer, access.Leader)
}

// guard allows what ok says to those who may know of the campaign, and hides it
// from the others: a draft is the staff's.
func (g *Campaign) guard(who access.Actor, ok bool, key string) access.Verdict {
	if who.CommitteeID != g.CommitteeID || !concerned(who) || g.Stage == Draft && !staff(who) {
		return access.Hide()
	}
	return access.When(ok, key)
}

// byStaff is the rule of what the office prepares, byChief of what its director
// decides.
func byStaff(who access.Actor, g *Campaign) access.Verdict {
	return g.guard(who, staff(who), "commendation.staff-only")
}

func byChief(who access.Actor, g *Campaign) access.Verdict {
	return g.guard(who, who.Is(access.Chief), "commendation.chief-only")
}

// reviews reports whether somebody reviews in this campaign.
func (g *Campaign) reviews(who access.Actor) bool {
	return who.Is(access.Reviewer, access.Chief) || g.seat && who.Is(access.Member, access.Convener)
}

// today is the day of the act in Beijing.
func today(l *app.Look) calendar.Date { return calendar.DateOf(l.Now().Time, calendar.Beijing) }
