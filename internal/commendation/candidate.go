package commendation

import (
	"database/sql"
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// Candidate is what was nominated, as it stands in its campaign.
type Candidate struct {
	ID          string `json:"id"`
	CampaignID  string `json:"campaign_id"`
	SubjectID   string `json:"subject_id,omitempty"`
	Number      int64  `json:"number,omitempty"`
	Digits      string `json:"digits,omitempty"`
	Name        string `json:"name"` // "" when it is withheld
	Lead        string `json:"lead,omitempty"`
	Collective  bool   `json:"collective,omitempty"`
	Withheld    bool   `json:"withheld,omitempty"` // publication was refused and the one who asks does not see the proposal
	Nominations int    `json:"nominations,omitempty"`
	Score       string `json:"score,omitempty"`   // of a unit's year
	Verdict     string `json:"verdict,omitempty"` // of the last reading: pass, drop
	Votes       int    `json:"votes,omitempty"`
	Points      int    `json:"points,omitempty"` // yes votes, or the sum of scores
	Place       int    `json:"place,omitempty"`
	Tied        bool   `json:"tied,omitempty"`
	Reserved    bool   `json:"reserved,omitempty"`
	DroppedAt   Stage  `json:"dropped_at,omitempty"`
	Why         Why    `json:"why"`
	Tie         Tie    `json:"tie,omitempty"` // of the one who asks
	Mine        bool   `json:"mine"`          // he has voted on it
	Version     int64  `json:"version"`

	unitID  string
	refused bool
	score   sql.NullInt64
}

const candidateColumns = `d.id, d.campaign_id, d.subject_id, d.number, d.name, d.lead_name, d.unit_id, d.collective, d.refused, d.nominations, d.score, d.passed,
	d.votes, d.points, d.place, d.tied, d.reserved, d.dropped_at, d.why, d.version`

func scanCandidate(r store.Row, d *Candidate, more ...any) error {
	var why string
	err := r.Scan(append([]any{&d.ID, &d.CampaignID, &d.SubjectID, &d.Number, &d.Name, &d.Lead, &d.unitID, &d.Collective, &d.refused, &d.Nominations, &d.score, &d.Verdict,
		&d.Votes, &d.Points, &d.Place, &d.Tied, &d.Reserved, &d.DroppedAt, &why, &d.Version}, more...)...)
	if err != nil {
		return err
	}
	if d.score.Valid {
		d.Score = SayHundredths(d.score.Int64)
	}
	d.Why, err = readWhy(why)
	return err
}

// in reports whether the candidate has not been dropped.
func (d *Candidate) in() bool { return d.DroppedAt == "" }

// candidates reads every candidate of a campaign, for acts.
func candidates(l *app.Look, campaign string) ([]*Candidate, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, d **Candidate) error {
		*d = &Candidate{}
		return scanCandidate(r, *d)
	}, "SELECT "+candidateColumns+" FROM commendation_candidate d WHERE d.campaign_id = ? ORDER BY d.number, d.id", campaign)
	if err != nil {
		return nil, fmt.Errorf("read the candidates of campaign %s: %w", campaign, err)
	}
	return list, nil
}

// save writes what an act changed of a candidate.
func (d *Candidate) save(c *app.Call) error {
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE commendation_candidate SET score = ?, passed = ?, votes = ?, points = ?, place = ?, tied = ?, reserved = ?, dropped_at = ?, why = ?, version = version + 1
		WHERE id = ? AND version = ?`, d.score, d.Verdict, d.Votes, d.Points, d.Place, d.Tied, d.Reserved, string(d.DroppedAt), d.Why.text(), d.ID, d.Version)
	if err != nil {
		return fmt.Errorf("write candidate %s: %w", d.ID, err)
	}
	if n == 0 {
		return fault.New(fault.Stale, "fault.stale")
	}
	d.Version++
	return nil
}

// drop takes a candidate out at a stage, with a reason that stays.
func (g *Campaign) drop(c *app.Call, d *Candidate, at Stage, why Why) error {
	d.DroppedAt, d.Why = at, why
	if err := d.save(c); err != nil {
		return err
	}
	return g.note(c, d.ID, at, "dropped", why)
}

// entry is a candidate as an act looks at it.
type entry struct {
	g   *Campaign
	d   *Candidate
	tie Tie
}

// Object names the candidate.
func (x *entry) Object() (kind, id string) { return "commendation-candidate", x.d.ID }

// loadEntry reads a candidate of the actor's committee with its campaign.
func loadEntry(l *app.Look, id string) (*entry, error) {
	var campaign string
	err := l.Tx().Row(l.Ctx(), "SELECT campaign_id FROM commendation_candidate WHERE id = ? AND committee_id = ?", id, l.Who().CommitteeID).Scan(&campaign)
	if errors.Is(err, store.ErrNone) {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return nil, fmt.Errorf("find candidate %s: %w", id, err)
	}
	x := &entry{d: &Candidate{}}
	if x.g, err = load(l, campaign); err != nil {
		return nil, err
	}
	if err = scanCandidate(l.Tx().Row(l.Ctx(), "SELECT "+candidateColumns+" FROM commendation_candidate d WHERE d.id = ?", id), x.d); err != nil {
		return nil, fmt.Errorf("read candidate %s: %w", id, err)
	}
	x.tie, err = x.g.tieOf(l, x.d)
	return x, err
}

// tieOf tells how the actor stands to a candidate.
func (g *Campaign) tieOf(l *app.Look, d *Candidate) (Tie, error) {
	who := l.Who()
	switch {
	case g.Kind == OfPeople && d.SubjectID == who.PersonID:
		return Himself, nil
	case g.Kind == OfPeople && who.HoldsPostIn(d.unitID), g.Kind == OfUnits && who.HoldsPostIn(d.SubjectID):
		return Colleague, nil
	case g.Kind != OfProposals:
		return Stranger, nil
	}
	own := proposes(who)
	var n int
	err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM proposal p WHERE p.id = ? AND ("+own.SQL+")", append([]any{d.SubjectID}, own.Args...)...).Scan(&n)
	if err != nil {
		return Stranger, fmt.Errorf("ask whose candidate %s is: %w", d.ID, err)
	}
	if n > 0 {
		return Himself, nil
	}
	return Stranger, nil
}

// known reports whether somebody may know of the candidate; it says the same as
// the scope of candidates.
func (x *entry) known(who access.Actor) bool {
	g, at := x.g, x.d.DroppedAt
	if !g.guard(who, true, "").Allowed() {
		return false
	}
	switch {
	case staff(who):
		return true
	case g.Stage.reached(Noticed) && at == "":
		return true
	case g.reviews(who):
		return g.Stage.reached(Reviewing) && at != Nominating && at != Reading
	case who.Is(access.Leader):
		return g.Stage.reached(Approval) && (at == "" || at == Approval || at == Noticed)
	default:
		return false
	}
}

// guard is Campaign.guard for a candidate.
func (x *entry) guard(who access.Actor, ok bool, key string) access.Verdict {
	if !x.known(who) {
		return access.Hide()
	}
	return access.When(ok, key)
}
