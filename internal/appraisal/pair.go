package appraisal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// States of a pair.
const (
	PairOpen  = "open"  // neither side sees the other's
	PairShown = "shown" // both sides are in, or the time is over
)

// Sides of a pair.
const (
	UnitSide     = "unit"     // grades the proposal
	ProposerSide = "proposer" // grades the handling
)

// Pair is the two-way appraisal of one answered case.
type Pair struct {
	ID          string     `json:"id"` // assignment
	CommitteeID string     `json:"-"`
	CaseKind    string     `json:"case_kind"`
	CaseID      string     `json:"case_id"`
	Number      string     `json:"number"`
	Title       string     `json:"title"`
	UnitID      string     `json:"unit_id"`
	UnitName    string     `json:"unit_name"`
	OpenedAt    store.Time `json:"opened_at"`
	Until       string     `json:"until"`
	State       string     `json:"state"`
	UnitIn      bool       `json:"unit_in"`
	Raters      int        `json:"raters"`
	RatersIn    int        `json:"raters_in"`
	Proposal    *Decimal   `json:"proposal,omitempty"` // averages, once it is shown
	Handling    *Decimal   `json:"handling,omitempty"`
	ShownAt     store.Time `json:"shown_at"`

	channel string
	terms   int64
	raters  []rater
}

// rater is a proposer who is asked.
type rater struct {
	id, name string
	body, in bool
}

// Object names the pair.
func (p *Pair) Object() (string, string) { return "appraisal-pair", p.ID }

const pairColumns = `p.assignment_id, p.committee_id, p.case_kind, p.case_id, p.number, p.title, p.unit_id, p.unit_name, p.channel, p.terms, p.opened_at, p.until_on, p.state,
	p.unit_in, p.raters, p.raters_in, p.proposal_average, p.handling_average, p.shown_at`

func scanPair(r store.Row, p *Pair) error {
	var proposal, handling *int64
	if err := r.Scan(&p.ID, &p.CommitteeID, &p.CaseKind, &p.CaseID, &p.Number, &p.Title, &p.UnitID, &p.UnitName, &p.channel, &p.terms, &p.OpenedAt, &p.Until, &p.State,
		&p.UnitIn, &p.Raters, &p.RatersIn, &proposal, &handling, &p.ShownAt); err != nil {
		return err
	}
	p.Proposal, p.Handling = (*Decimal)(proposal), (*Decimal)(handling)
	return nil
}

// pairOf reads a pair with those who are asked. Inside an act other acts on it
// wait.
func pairOf(l *app.Look, id string) (*Pair, error) {
	if err := l.Tx().Claim(l.Ctx(), "appraisal_pair", "assignment_id", id); err != nil {
		return nil, fmt.Errorf("claim pair %s: %w", id, err)
	}
	p := &Pair{}
	err := scanPair(l.Tx().Row(l.Ctx(), "SELECT "+pairColumns+" FROM appraisal_pair p WHERE p.assignment_id = ? AND p.committee_id = ?", id, l.Who().CommitteeID), p)
	if errors.Is(err, store.ErrNone) {
		return nil, notFound()
	}
	if err == nil {
		p.raters, err = store.List(l.Ctx(), l.Tx(), func(r store.Row, x *rater) error { return r.Scan(&x.id, &x.name, &x.body, &x.in) },
			"SELECT rater_id, name, is_body, is_in FROM appraisal_rater WHERE assignment_id = ? ORDER BY rater_id", id)
	}
	if err != nil {
		return nil, fmt.Errorf("read pair %s: %w", id, err)
	}
	return p, nil
}

// rater is as whom somebody is asked: himself as a member, or the organisation
// for which he acts; nil for all others.
func (p *Pair) rater(who access.Actor) *rater {
	if who.CommitteeID == "" || who.CommitteeID != p.CommitteeID {
		return nil
	}
	i := slices.IndexFunc(p.raters, func(x rater) bool {
		return !x.body && who.Is(access.Member) && x.id == who.PersonID || x.body && who.Is(access.Convener) && who.In(x.id)
	})
	if i < 0 {
		return nil
	}
	return &p.raters[i]
}

// proposes reports whether somebody, in whatever post he acts, proposes the case.
func (p *Pair) proposes(who access.Actor) bool {
	return slices.ContainsFunc(p.raters, func(x rater) bool { return !x.body && x.id == who.PersonID || x.body && who.HoldsPostIn(x.id) })
}

func (p *Pair) ownUnit(who access.Actor) bool {
	return who.CommitteeID != "" && who.CommitteeID == p.CommitteeID && unitPost(who) && who.In(p.UnitID)
}

// sees says whether somebody may know of the pair. It says the same as pairScope.
func (p *Pair) sees(who access.Actor) bool {
	switch {
	case who.CommitteeID == "" || who.CommitteeID != p.CommitteeID:
		return false
	case oversees(who), p.ownUnit(who):
		return true
	case who.Is(access.Dispatcher):
		return p.channel != "" && p.channel == channelOf(who)
	default:
		return p.rater(who) != nil
	}
}

// pairScope is the part of appraisal_pair (alias p) that somebody may see.
func pairScope(who access.Actor) access.Scope {
	all := access.Committee("p.committee_id", who.CommitteeID)
	const asked = "EXISTS (SELECT 1 FROM appraisal_rater t WHERE t.assignment_id = p.assignment_id AND t.rater_id = ? AND t.is_body = ?)"
	switch {
	case oversees(who):
		return all
	case unitPost(who):
		return all.And("p.unit_id = ?", who.Post.BodyID)
	case who.Is(access.Dispatcher) && channelOf(who) != "":
		return all.And("p.channel = ?", channelOf(who))
	case who.Is(access.Member):
		return all.And(asked, who.PersonID, false)
	case who.Is(access.Convener):
		return all.And(asked, who.Post.BodyID, true)
	default:
		return access.Nothing()
	}
}

// bySystem is the rule of what only the clockwork does, within one committee.
func bySystem[S any](who access.Actor, _ S) access.Verdict {
	if who.Is(access.System) {
		return access.Allow()
	}
	return access.Hide()
}

// openIn names a reply that was issued.
type openIn struct {
	ID string `json:"id"`
}

// openPair opens the two-way appraisal of a case when its unit has first
// answered. Doing it again does nothing.
var openPair = app.Define("appraisal.open-pair",
	func(c *app.Call, _ openIn) (place, error) { return place{c.Who().CommitteeID}, nil },
	bySystem[place],
	func(c *app.Call, _ place, in openIn) (struct{}, error) {
		t, err := termsOf(&c.Look, -1)
		if err != nil || !t.On {
			return struct{}{}, err
		}
		p := &Pair{CommitteeID: c.Who().CommitteeID, State: PairOpen, terms: t.Version}
		var issued store.Time
		err = c.Tx().Row(c.Ctx(), `SELECT a.id, a.case_kind, a.case_id, h.number, h.title, a.unit_id, a.unit_name, b.channel, r.issued_at FROM reply r JOIN assignment a ON a.id = r.assignment_id
			JOIN handling_case h ON h.case_kind = a.case_kind AND h.case_id = a.case_id JOIN body b ON b.id = a.unit_id
			WHERE r.id = ? AND r.committee_id = ? AND r.state = 'issued' AND r.purpose = 'first'`, in.ID, p.CommitteeID).
			Scan(&p.ID, &p.CaseKind, &p.CaseID, &p.Number, &p.Title, &p.UnitID, &p.UnitName, &p.channel, &issued)
		if errors.Is(err, store.ErrNone) {
			return struct{}{}, nil // a second handling, or a follow-up
		}
		if err != nil {
			return struct{}{}, fmt.Errorf("read reply %s: %w", in.ID, err)
		}
		c.Made(p.ID)
		return struct{}{}, p.open(c, in.ID, issued, t.Workdays)
	})

// open writes a pair with the proposers whose rating was asked.
func (p *Pair) open(c *app.Call, reply string, issued store.Time, workdays int) error {
	days, err := calendar.Current(&c.Look)
	if err != nil {
		return err
	}
	p.Until = days.AddWorkdays(calendar.DateOf(issued.Time, calendar.Beijing), workdays).String()
	n, err := c.Tx().Exec(c.Ctx(), `INSERT INTO appraisal_pair (assignment_id, committee_id, case_kind, case_id, number, title, unit_id, unit_name, channel, terms, opened_at, until_on, state, raters)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (assignment_id) DO NOTHING`,
		p.ID, p.CommitteeID, p.CaseKind, p.CaseID, p.Number, p.Title, p.UnitID, p.UnitName, p.channel, p.terms, issued, p.Until, p.State)
	if err != nil || n == 0 {
		return err
	}
	if _, err := c.Tx().Exec(c.Ctx(), `INSERT INTO appraisal_rater (assignment_id, rater_id, committee_id, is_body, name)
		SELECT ?, d.proposer_id, d.committee_id, d.is_body, d.name FROM reply_delivery d WHERE d.reply_id = ? AND d.rates`, p.ID, reply); err != nil {
		return fmt.Errorf("ask the proposers of %s: %w", p.ID, err)
	}
	_, err = c.Tx().Exec(c.Ctx(), "UPDATE appraisal_pair SET raters = (SELECT COUNT(*) FROM appraisal_rater t WHERE t.assignment_id = ?) WHERE assignment_id = ?", p.ID, p.ID)
	return err
}

const machine = "appraisal"

// hearIssued opens pairs behind the commit of a reply.
func hearIssued(ctx context.Context, a *app.App, f app.Heard) error {
	var told handling.WasIssued
	if err := json.Unmarshal(f.Body, &told); err != nil {
		return fmt.Errorf("read fact %s: %w", f.ID, err)
	}
	_, err := openPair.Do(ctx, a, access.Machine(f.CommitteeID, machine), openIn{told.ReplyID})
	return err
}

// GradeIn are the marks of one side; every aspect is graded.
type GradeIn struct {
	ID    string     `json:"id"` // assignment
	Marks []AspectIn `json:"marks"`
	Words string     `json:"words,omitempty"`
}

// AspectIn is the mark of one aspect, 0 to 100; by grades, the mark of one.
type AspectIn struct {
	Aspect string `json:"aspect"`
	Mark   string `json:"mark"`
}

// GradeOut answers a grading.
type GradeOut struct {
	ID      string  `json:"id"`
	Average Decimal `json:"average"`
	State   string  `json:"state"`
}

// GradeProposal is the unit's side: it grades the proposal, once (评议提案).
var GradeProposal = app.Define("appraisal.grade-proposal",
	func(c *app.Call, in GradeIn) (*Pair, error) { return pairOf(&c.Look, in.ID) },
	func(who access.Actor, p *Pair) access.Verdict {
		switch {
		case !p.sees(who):
			return access.Hide()
		case !p.ownUnit(who):
			return access.Deny("appraisal.two.unit-only")
		case p.proposes(who):
			return access.Deny("appraisal.two.own-case")
		default:
			return access.Allow()
		}
	},
	func(c *app.Call, p *Pair, in GradeIn) (GradeOut, error) {
		return p.grade(c, UnitSide, rater{id: p.UnitID, name: p.UnitName, in: p.UnitIn}, in)
	})

// GradeHandling is the proposers' side: each grades the handling, once
// (评议办理). Nobody grades a unit in which he holds any post.
var GradeHandling = app.Define("appraisal.grade-handling",
	func(c *app.Call, in GradeIn) (*Pair, error) { return pairOf(&c.Look, in.ID) },
	func(who access.Actor, p *Pair) access.Verdict {
		switch {
		case !p.sees(who):
			return access.Hide()
		case p.rater(who) == nil:
			return access.Deny("appraisal.two.proposers-only")
		case who.HoldsPostIn(p.UnitID):
			return access.Deny("appraisal.two.own-unit")
		default:
			return access.Allow()
		}
	},
	func(c *app.Call, p *Pair, in GradeIn) (GradeOut, error) {
		return p.grade(c, ProposerSide, *p.rater(c.Who()), in)
	})

// grade checks and keeps what one side gives, and shows both when all are in.
func (p *Pair) grade(c *app.Call, side string, r rater, in GradeIn) (GradeOut, error) {
	switch {
	case r.in:
		return GradeOut{}, fault.New(fault.Closed, "appraisal.two.twice")
	case p.State != PairOpen || p.Until < today(&c.Look).String():
		return GradeOut{}, fault.New(fault.Closed, "appraisal.two.over", "day", p.Until)
	}
	t, err := termsOf(&c.Look, p.terms)
	if err != nil {
		return GradeOut{}, err
	}
	var f fault.Problems
	marks, average := t.marks(&f, side, in.Marks)
	said := words(&f, "words", in.Words, false)
	if err := f.Err(); err != nil {
		return GradeOut{}, err
	}
	body, err := json.Marshal(marks)
	if err != nil {
		return GradeOut{}, fmt.Errorf("write the marks of %s: %w", p.ID, err)
	}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO appraisal_grading (id, committee_id, assignment_id, side, rater_id, rater_name, marks, average, words, person_id, person_name, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id.New(), p.CommitteeID, p.ID, side, r.id, r.name, string(body), int64(average), said, c.Who().PersonID, c.Who().Name, c.Now())
	if errors.Is(err, store.ErrUnique) {
		return GradeOut{}, fault.New(fault.Closed, "appraisal.two.twice").Because(err)
	}
	if err != nil {
		return GradeOut{}, fmt.Errorf("grade %s: %w", p.ID, err)
	}
	c.Detail(map[string]any{"side": side, "average": average})
	if err := p.came(c, side, r.id); err != nil {
		return GradeOut{}, err
	}
	return GradeOut{p.ID, average, p.State}, nil
}

// marks reads the marks of all aspects of a side and their average.
func (t TwoWay) marks(p *fault.Problems, side string, given []AspectIn) (map[string]int, Decimal) {
	aspects := t.Proposal
	if side == ProposerSide {
		aspects = t.Handling
	}
	marks, sum := map[string]int{}, 0
	for i, a := range aspects {
		field := fmt.Sprintf("marks.%d.mark", i)
		k := slices.IndexFunc(given, func(x AspectIn) bool { return x.Aspect == a.Code })
		if k < 0 || given[k].Mark == "" {
			p.Add(field, "appraisal.two.each")
			continue
		}
		n := mark(p, field, given[k].Mark)
		p.Check(t.Mode != ByGrades || slices.ContainsFunc(t.Grades, func(g Grade) bool { return g.Mark == n }), field, "appraisal.choose")
		marks[a.Code] = n
		sum += n
	}
	return marks, quotient(int64(sum), int64(one), int64(len(aspects)))
}

// came notes that a side is in, and shows both when nobody is awaited any more.
func (p *Pair) came(c *app.Call, side, raterID string) error {
	if side == UnitSide {
		p.UnitIn = true
	} else {
		p.RatersIn++
		if _, err := c.Tx().Exec(c.Ctx(), "UPDATE appraisal_rater SET is_in = TRUE WHERE assignment_id = ? AND rater_id = ?", p.ID, raterID); err != nil {
			return fmt.Errorf("note the grading of %s: %w", p.ID, err)
		}
	}
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE appraisal_pair SET unit_in = ?, raters_in = ? WHERE assignment_id = ?", p.UnitIn, p.RatersIn, p.ID); err != nil {
		return fmt.Errorf("note the grading of %s: %w", p.ID, err)
	}
	if !p.UnitIn || p.RatersIn < p.Raters {
		return nil
	}
	return p.show(c)
}

// show lets both sides see each other, and keeps the averages.
func (p *Pair) show(c *app.Call) error {
	p.State, p.ShownAt = PairShown, c.Now()
	const mean = "(SELECT CAST(ROUND(AVG(g.average)) AS BIGINT) FROM appraisal_grading g WHERE g.assignment_id = appraisal_pair.assignment_id AND g.side = ?)"
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE appraisal_pair SET state = ?, shown_at = ?, proposal_average = "+mean+", handling_average = "+mean+" WHERE assignment_id = ?",
		p.State, p.ShownAt, UnitSide, ProposerSide, p.ID); err != nil {
		return fmt.Errorf("show pair %s: %w", p.ID, err)
	}
	if !p.UnitIn && p.RatersIn == 0 {
		return nil // nothing to show, so nobody is told
	}
	f := WasShown{CaseKind: p.CaseKind, Number: p.Number, Title: p.Title, UnitID: p.UnitID, AssignmentID: p.ID}
	for _, r := range p.raters {
		if r.body {
			f.Bodies = append(f.Bodies, r.id)
		} else {
			f.People = append(f.People, r.id)
		}
	}
	return c.Record(f, "appraisal-pair", p.ID)
}

// WasShown tells that both sides of a two-way appraisal see each other's.
type WasShown struct {
	CaseKind     string   `json:"case_kind"`
	Number       string   `json:"number"`
	Title        string   `json:"title"`
	UnitID       string   `json:"unit_id"`
	AssignmentID string   `json:"assignment_id"`
	People       []string `json:"people,omitempty"`
	Bodies       []string `json:"bodies,omitempty"`
}

// FactName is the fact's name.
func (WasShown) FactName() string { return "appraisal.shown" }

// reveal shows a pair whose time is over.
var reveal = app.Define("appraisal.reveal",
	func(c *app.Call, in openIn) (*Pair, error) { return pairOf(&c.Look, in.ID) },
	bySystem[*Pair],
	func(c *app.Call, p *Pair, _ openIn) (struct{}, error) {
		if p.State != PairOpen || p.Until >= today(&c.Look).String() {
			return struct{}{}, nil
		}
		return struct{}{}, p.show(c)
	})

// job is one thing the clockwork has to do in one committee.
type job struct{ committee, id string }

// over finds the pairs whose time is over, of all committees; only the
// clockwork asks.
var over = app.Ask("appraisal.over", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) ([]job, error) {
	if !l.Who().Is(access.System) {
		return nil, nil
	}
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, j *job) error { return r.Scan(&j.committee, &j.id) },
		"SELECT committee_id, assignment_id FROM appraisal_pair WHERE state = 'open' AND until_on < ? ORDER BY until_on, assignment_id LIMIT 500", today(l).String())
	if err != nil {
		return nil, fmt.Errorf("find the two-way appraisals that are over: %w", err)
	}
	return list, nil
})

// revealAll is the clockwork task.
func revealAll(ctx context.Context, a *app.App) error {
	for {
		list, err := over.Do(ctx, a, access.Machine("", machine), struct{}{})
		if err != nil || len(list) == 0 {
			return err
		}
		for _, j := range list {
			if _, err := reveal.Do(ctx, a, access.Machine(j.committee, machine), openIn{j.id}); err != nil {
				return err
			}
		}
	}
}
