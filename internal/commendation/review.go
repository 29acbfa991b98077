package commendation

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// Votes.
const (
	Yes = "yes"
	No  = "no"
)

// Judgement is what a reviewer thinks of a candidate: a vote or a score, as the
// rules say.
type Judgement struct {
	ID    string `json:"id"`              // candidate
	Vote  string `json:"vote,omitempty"`  // yes, no
	Score string `json:"score,omitempty"` // 0 to 100, a whole number
	Words string `json:"words,omitempty"`
}

// Review judges a candidate, once (审议). Nobody sees how others judged before the
// review is closed.
var Review = app.Define("commendation.review", func(c *app.Call, in Judgement) (*entry, error) { return loadEntry(&c.Look, in.ID) },
	mayReview, review)

func mayReview(who access.Actor, x *entry) access.Verdict {
	if v := x.guard(who, x.g.reviews(who), "commendation.reviewers-only"); !v.Allowed() {
		return v
	}
	return access.When(Granted(ToReview, x.g.Kind, x.tie) == Free, "commendation.own.review")
}

func review(c *app.Call, x *entry, in Judgement) (EntryOut, error) {
	if err := x.g.at(Reviewing); err != nil {
		return EntryOut{}, err
	}
	if !x.d.in() {
		return EntryOut{}, fault.New(fault.Closed, "commendation.dropped")
	}
	var p fault.Problems
	points := x.g.Rules.points(&p, in)
	text := words(&p, "words", in.Words, wordsAtMost, false)
	if err := p.Err(); err != nil {
		return EntryOut{}, err
	}
	_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO commendation_review (candidate_id, person_id, committee_id, campaign_id, points, words, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		x.d.ID, c.Who().PersonID, x.g.CommitteeID, x.g.ID, points, text, c.Now())
	if errors.Is(err, store.ErrUnique) {
		return EntryOut{}, fault.New(fault.Conflict, "commendation.review.twice").Because(err)
	}
	if err != nil {
		return EntryOut{}, fmt.Errorf("review %s: %w", x.d.ID, err)
	}
	return x.out(), nil
}

// points reads a vote as 1 or 0, or a score.
func (r Rules) points(p *fault.Problems, in Judgement) int {
	if r.Method == ByVote {
		p.Check(in.Vote == Yes || in.Vote == No, "vote", "commendation.choose")
		if in.Vote == Yes {
			return 1
		}
		return 0
	}
	n, err := strconv.Atoi(in.Score)
	p.Check(err == nil && n >= 0 && n <= 100, "score", "commendation.review.score")
	return n
}

// ReviewManyIn are judgements of several candidates; rows without vote and score
// are passed over.
type ReviewManyIn struct {
	ID   string      `json:"id"` // campaign
	Rows []Judgement `json:"rows"`
}

// ReviewManyOut tells how many were judged.
type ReviewManyOut struct {
	CampaignID string `json:"campaign_id"`
	Reviewed   int    `json:"reviewed"`
}

// ReviewMany judges several candidates at once, all or none (集中审议). The rule of
// Review holds for each.
var ReviewMany = app.Define("commendation.review-many", func(c *app.Call, in ReviewManyIn) (*Campaign, error) { return load(&c.Look, in.ID) },
	func(who access.Actor, g *Campaign) access.Verdict {
		return g.guard(who, g.reviews(who), "commendation.reviewers-only")
	},
	func(c *app.Call, g *Campaign, in ReviewManyIn) (ReviewManyOut, error) {
		out := ReviewManyOut{CampaignID: g.ID}
		if err := g.at(Reviewing); err != nil {
			return out, err
		}
		var p fault.Problems
		for i, row := range in.Rows {
			if row.Vote == "" && row.Score == "" {
				continue
			}
			_, err := Review.Within(c, row)
			if f := fault.From(err); f != nil && f.Kind == fault.Invalid {
				for _, x := range f.All() {
					p.Add("rows."+strconv.Itoa(i)+"."+x.Field, x.Key, x.Args...)
				}
				continue
			}
			if err != nil {
				return out, err
			}
			out.Reviewed++
		}
		if err := p.Err(); err != nil {
			return out, err
		}
		if out.Reviewed == 0 {
			return out, fault.New(fault.Invalid, "commendation.review.none")
		}
		return out, nil
	})

// reviewers are the people who review in a campaign.
func reviewers(l *app.Look, g *Campaign) ([]string, error) {
	holders, err := organization.Holders(l, g.CommitteeID, "", access.Reviewer, access.Chief)
	if err != nil {
		return nil, err
	}
	list, err := membersOf(l, g.Rules.ReviewBody)
	for _, h := range holders {
		list = append(list, h.PersonID)
	}
	slices.Sort(list)
	return slices.Compact(list), err
}

// Turnout is how many of the reviewers took part.
type Turnout struct {
	Due  int `json:"due"`
	Took int `json:"took"`
}

// Short reports whether fewer took part than the rules ask for.
func (t Turnout) Short(r Rules) bool { return t.Took*100 < r.QuorumPercent*t.Due }

func turnoutOf(l *app.Look, g *Campaign) (Turnout, error) {
	due, err := reviewers(l, g)
	if err != nil {
		return Turnout{}, err
	}
	t := Turnout{Due: len(due)}
	err = l.Tx().Row(l.Ctx(), "SELECT COUNT(DISTINCT person_id) FROM commendation_review WHERE campaign_id = ?", g.ID).Scan(&t.Took)
	if err != nil {
		return t, fmt.Errorf("count the reviewers of campaign %s: %w", g.ID, err)
	}
	return t, nil
}

// CloseReviewIn ends the review; Reason is needed when too few took part.
type CloseReviewIn struct {
	ID     string `json:"id"`
	Reason string `json:"reason,omitempty"`
}

// CloseReview ends the review (审议结束): votes are counted, candidates below the
// mark or the cut are dropped with their figures, and those who are level at the
// cut go to the Chair's Council together.
var CloseReview = app.Define("commendation.close-review", func(c *app.Call, in CloseReviewIn) (*Campaign, error) { return load(&c.Look, in.ID) },
	byChief, func(c *app.Call, g *Campaign, in CloseReviewIn) (CampaignOut, error) {
		if err := g.move(c, Approval); err != nil {
			return CampaignOut{}, err
		}
		t, err := turnoutOf(&c.Look, g)
		if err != nil {
			return CampaignOut{}, err
		}
		if t.Took == 0 {
			return CampaignOut{}, fault.New(fault.Closed, "commendation.review.nobody")
		}
		var p fault.Problems
		reason := words(&p, "reason", in.Reason, wordsAtMost, false)
		p.Check(reason != "" || !t.Short(g.Rules), "reason", "commendation.review.short", "took", t.Took, "due", t.Due, "percent", g.Rules.QuorumPercent)
		if err := p.Err(); err != nil {
			return CampaignOut{}, err
		}
		if err := g.tally(c); err != nil {
			return CampaignOut{}, err
		}
		why := because("commendation.why.turnout", "took", t.Took, "due", t.Due)
		why.Words = reason
		return g.out(), g.advance(c, Reviewing, "closed-review", why)
	})

// sum is what the reviewers said of a candidate.
type sum struct {
	id        string
	n, points int
}

// tally counts the review and cuts.
func (g *Campaign) tally(c *app.Call) error {
	sums, err := store.List(c.Ctx(), c.Tx(), func(r store.Row, s *sum) error { return r.Scan(&s.id, &s.n, &s.points) },
		"SELECT candidate_id, COUNT(*), CAST(SUM(points) AS BIGINT) FROM commendation_review WHERE campaign_id = ? GROUP BY candidate_id", g.ID)
	if err != nil {
		return fmt.Errorf("count the review of campaign %s: %w", g.ID, err)
	}
	all, err := candidates(&c.Look, g.ID)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(d *Candidate) bool { return !d.in() })
	list := make([]Tally, len(all))
	for i, d := range all {
		list[i] = Tally{ID: d.ID, Collective: d.Collective}
		for _, s := range sums {
			if s.id == d.ID {
				list[i].Votes, list[i].Points = s.n, s.points
			}
		}
	}
	for _, x := range Cut(g.Rules, g.Most, list) {
		d := all[slices.IndexFunc(all, func(d *Candidate) bool { return d.ID == x.ID })]
		d.Votes, d.Points, d.Place, d.Tied, d.Reserved = x.Votes, x.Points, x.Place, x.Tied, x.Reserved
		if x.Passed {
			err = d.save(c)
		} else {
			err = g.drop(c, d, Reviewing, x.why(g))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// why tells why a candidate did not pass the review.
func (x Placed) why(g *Campaign) Why {
	switch {
	case x.Votes == 0:
		return because("commendation.why.no-votes")
	case !x.Reached && g.Rules.Method == ByVote:
		return because("commendation.why.few-yes", "points", x.Points, "votes", x.Votes, "mark", g.Rules.Mark)
	case !x.Reached:
		return because("commendation.why.few-points", "average", x.Say(), "mark", g.Rules.Mark)
	default:
		return because("commendation.why.cut", "place", x.Place, "most", g.Most)
	}
}
