package commendation

import (
	"encoding/json"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/identity"
	"tongxin/internal/store"
)

// Verdicts of a first reading.
const (
	PassReading = "pass"
	DropReading = "drop"
)

// ReadIn is a first reading of a candidate.
type ReadIn struct {
	ID      string   `json:"id"`
	Checks  []string `json:"checks"` // criteria that are met
	Words   string   `json:"words"`
	Verdict string   `json:"verdict"`         // pass, drop
	Score   string   `json:"score,omitempty"` // of a unit's year, as published; 92.5
	Version int64    `json:"version"`
}

// EntryOut names a candidate and its campaign.
type EntryOut struct {
	ID         string `json:"id"`
	CampaignID string `json:"campaign_id"`
	Version    int64  `json:"version"`
}

func (x *entry) out() EntryOut { return EntryOut{x.d.ID, x.g.ID, x.d.Version} }

// Read goes through the checklist of a candidate (初评). It may be done again until
// the stage closes; every reading is kept and the last one holds.
var Read = app.Define("commendation.read", func(c *app.Call, in ReadIn) (*entry, error) { return loadEntry(&c.Look, in.ID) },
	mayRead, read)

func mayRead(who access.Actor, x *entry) access.Verdict {
	if v := x.guard(who, staff(who), "commendation.staff-only"); !v.Allowed() {
		return v
	}
	return access.When(Granted(ToRead, x.g.Kind, x.tie) == Free, "commendation.own.read")
}

func read(c *app.Call, x *entry, in ReadIn) (EntryOut, error) {
	if err := x.g.at(Reading); err != nil {
		return EntryOut{}, err
	}
	if !x.d.in() {
		return EntryOut{}, fault.New(fault.Closed, "commendation.dropped")
	}
	if in.Version != x.d.Version {
		return EntryOut{}, fault.New(fault.Stale, "fault.stale")
	}
	var p fault.Problems
	text := words(&p, "words", in.Words, wordsAtMost, true)
	p.Check(slices.Contains([]string{PassReading, DropReading}, in.Verdict), "verdict", "commendation.choose")
	for _, k := range in.Checks {
		p.Check(slices.Contains(x.g.Rules.Checklist(), k), "checks", "commendation.choose")
	}
	x.scored(&p, in)
	if err := p.Err(); err != nil {
		return EntryOut{}, err
	}
	checks, err := json.Marshal(append([]string{}, in.Checks...))
	if err != nil {
		return EntryOut{}, fmt.Errorf("write the reading of %s: %w", x.d.ID, err)
	}
	_, err = c.Tx().Exec(c.Ctx(), "INSERT INTO commendation_reading (id, committee_id, candidate_id, checks, words, verdict, person_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		id.New(), x.g.CommitteeID, x.d.ID, string(checks), text, in.Verdict, c.Who().PersonID, c.Now())
	if err != nil {
		return EntryOut{}, fmt.Errorf("write the reading of %s: %w", x.d.ID, err)
	}
	x.d.Verdict = in.Verdict
	if err := x.d.save(c); err != nil {
		return EntryOut{}, err
	}
	c.Detail(map[string]any{"verdict": in.Verdict, "checks": len(in.Checks)})
	return x.out(), nil
}

// scored takes over a typed score; where the rules ask for one, nobody passes
// without it.
func (x *entry) scored(p *fault.Problems, in ReadIn) {
	if x.g.Kind == OfProposals {
		return
	}
	if in.Score != "" {
		n, ok := parseScore(in.Score)
		p.Check(ok, "score", "commendation.score.form")
		x.d.score.Int64, x.d.score.Valid = n, ok
	}
	least := int64(x.g.Rules.ScoreLeast) * 100
	if in.Verdict == PassReading && least > 0 {
		p.Check(x.d.score.Valid, "score", "commendation.score.needed")
		p.Check(!x.d.score.Valid || x.d.score.Int64 >= least, "score", "commendation.score.low", "least", x.g.Rules.ScoreLeast)
	}
}

// CloseReading ends the first reading when every candidate was read (初评结束): who
// was read out is dropped with the reader's words.
var CloseReading = app.Define("commendation.close-reading", loadStage, byStaff, func(c *app.Call, g *Campaign, _ StageIn) (CampaignOut, error) {
	if err := g.move(c, Reviewing); err != nil {
		return CampaignOut{}, err
	}
	list, err := candidates(&c.Look, g.ID)
	if err != nil {
		return CampaignOut{}, err
	}
	unread, passed := 0, 0
	for _, d := range list {
		if d.in() && d.Verdict == "" {
			unread++
		}
		if d.in() && d.Verdict == PassReading {
			passed++
		}
	}
	switch {
	case unread > 0:
		return CampaignOut{}, fault.New(fault.Closed, "commendation.unread", "n", unread)
	case passed == 0:
		return CampaignOut{}, fault.New(fault.Closed, "commendation.none-left")
	}
	for _, d := range list {
		if !d.in() || d.Verdict != DropReading {
			continue
		}
		r, err := readingsOf(&c.Look, d.ID)
		if err != nil {
			return CampaignOut{}, err
		}
		if err := g.drop(c, d, Reading, Why{Words: r[len(r)-1].Words}); err != nil {
			return CampaignOut{}, err
		}
	}
	return g.out(), g.advance(c, Reading, "closed-reading", Why{})
})

// advance saves a campaign that moved, notes it and records the fact.
func (g *Campaign) advance(c *app.Call, from Stage, what string, why Why) error {
	if err := g.save(c); err != nil {
		return err
	}
	if err := g.note(c, "", from, what, why); err != nil {
		return err
	}
	return c.Record(WasAdvanced{g.Kind, g.Year, g.Stage}, "commendation", g.ID)
}

// ReadingMade is one first reading.
type ReadingMade struct {
	Checks  []string   `json:"checks"`
	Words   string     `json:"words"`
	Verdict string     `json:"verdict"`
	By      string     `json:"by"`
	At      store.Time `json:"at"`

	personID string
}

// readingsOf are the readings of a candidate, the last one last.
func readingsOf(l *app.Look, candidate string) ([]ReadingMade, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *ReadingMade) error {
		var checks string
		if err := r.Scan(&checks, &x.Words, &x.Verdict, &x.personID, &x.At); err != nil {
			return err
		}
		return json.Unmarshal([]byte(checks), &x.Checks)
	}, "SELECT checks, words, verdict, person_id, at FROM commendation_reading WHERE committee_id = ? AND candidate_id = ? ORDER BY id", l.Who().CommitteeID, candidate)
	if err != nil {
		return nil, fmt.Errorf("read the readings of %s: %w", candidate, err)
	}
	ids := make([]string, len(list))
	for i, x := range list {
		ids[i] = x.personID
	}
	names, err := identity.Names(l, ids...)
	for i := range list {
		list[i].By = names[list[i].personID]
	}
	return list, err
}
