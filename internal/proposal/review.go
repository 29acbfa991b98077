package proposal

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// Verdicts of a review, as kept in its record.
const (
	Passed        = "pass"
	SentBack      = "return"
	Amended       = "amend"
	VerdictFiled  = "file"
	VerdictNot    = "decline"
	VerdictTo     = "convert_" // followed by opinion or letter
	VerdictUpward = "transfer_up"
	VerdictRight  = "correct"
)

// Moved is the answer of every act of review: where the proposal stands now.
type Moved struct {
	ID      string `json:"id"`
	State   State  `json:"state"`
	Level   string `json:"level,omitempty"`
	Number  int64  `json:"number,omitempty"`
	Version int64  `json:"version"`
}

func moved(p *Proposal) Moved { return Moved{p.ID, p.State, p.Level, p.Number, p.Version} }

// ReviewIn passes a proposal at its level of review.
type ReviewIn struct {
	ID       string `json:"id"`
	Version  int64  `json:"version,omitempty"`
	Category string `json:"category,omitempty"` // "" leaves it as it is
	Opinion  string `json:"opinion,omitempty"`
}

// Review passes a proposal at its level; it goes to the next one (审查通过).
var Review = app.Define("proposal.review", func(c *app.Call, in ReviewIn) (*Proposal, error) { return claim(c, in.ID) }, mayReview, review)

// mayReview: each level has its reviewers.
func mayReview(who access.Actor, p *Proposal) access.Verdict {
	if !maySee(who, p) {
		return access.Hide()
	}
	return access.When(reviews(who, p.Level), "proposal.review.not-your-level")
}

// reviews reports whether somebody reviews at a level; at no level in
// particular it asks whether he reviews at all.
func reviews(who access.Actor, level string) bool {
	switch level {
	case profile.Preliminary:
		return who.Is(access.Reviewer)
	case profile.First, profile.Second:
		return who.Is(access.Office)
	case profile.Final:
		return who.Is(access.Chief)
	default:
		return who.Is(access.Reviewer, access.Office, access.Chief)
	}
}

// WasReviewed is the fact that a level was passed.
type WasReviewed struct {
	Level string `json:"level"`
	Next  string `json:"next"`
}

// FactName implements app.Fact.
func (WasReviewed) FactName() string { return "proposal.reviewed" }

func review(c *app.Call, p *Proposal, in ReviewIn) (Moved, error) {
	if err := underReview(p, in.Version); err != nil {
		return Moved{}, err
	}
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return Moved{}, err
	}
	next := nextLevel(rules.Proposal.Levels, p.Level)
	if next == "" {
		return Moved{}, fault.New(fault.Closed, "proposal.review.last-level")
	}
	in.Opinion = clean(in.Opinion)
	var problems fault.Problems
	words(&problems, "opinion", in.Opinion, false)
	offered(&problems, "category", in.Category, rules.Proposal.Categories, false)
	if err := problems.Err(); err != nil {
		return Moved{}, err
	}
	if err := record(c, p, Passed, "", in.Opinion); err != nil {
		return Moved{}, err
	}
	was, level := *p, p.Level
	if in.Category != "" {
		p.Category = in.Category
	}
	p.Level = next
	if p.Pending == 0 {
		hold(c, p, holderOf(next), "")
	}
	if err := save(c, &was, p); err != nil {
		return Moved{}, err
	}
	c.Detail(map[string]string{"level": level, "next": next})
	return moved(p), c.Record(WasReviewed{level, next}, caseKind, p.ID)
}

// underReview refuses what is not under review any more, and what somebody
// else changed since the form was shown (version 0: no form was shown).
func underReview(p *Proposal, version int64) error {
	if p.State != Submitted {
		return fault.New(fault.Closed, "proposal.review.closed")
	}
	return unchanged(p, version)
}

func unchanged(p *Proposal, version int64) error {
	if version != 0 && version != p.Version {
		return fault.New(fault.Stale, "fault.stale")
	}
	return nil
}

// levels of review in the order in which they can happen.
func levels() []string {
	return []string{profile.Preliminary, profile.First, profile.Second, profile.Final}
}

// nextLevel is the level after one, among those of the committee's rules; ""
// after the last. The rules may have changed since the proposal came there.
func nextLevel(of []string, level string) string {
	at := slices.Index(levels(), level)
	for _, l := range levels()[at+1:] {
		if slices.Contains(of, l) {
			return l
		}
	}
	return ""
}

// hold notes who holds the proposal from now on.
func hold(c *app.Call, p *Proposal, holder, name string) {
	if p.Holder == holder && p.HolderName == name {
		return
	}
	p.Holder, p.HolderName, p.HolderSince = holder, name, c.Now()
}

// record keeps who decided what at which level, and why.
func record(c *app.Call, p *Proposal, verdict, reason, opinion string) error {
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO proposal_review (id, committee_id, proposal_id, level, verdict, reason, opinion, person_id, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, id.New(), p.CommitteeID, p.ID, p.Level, verdict, reason, opinion, c.Who().PersonID, c.Now())
	if err != nil {
		return fmt.Errorf("record the review of %s: %w", p.ID, err)
	}
	return nil
}

// mostWords is the longest opinion or reason, in characters.
const mostWords = 1000

// words checks a text that explains a decision.
func words(p *fault.Problems, field, text string, required bool) {
	if text == "" {
		p.Check(!required, field, "proposal.review.words-missing")
		return
	}
	p.Check(characters(text) <= mostWords, field, "proposal.review.words-long", "max", mostWords)
}

// offered checks a code against a list of the committee's rules.
func offered(p *fault.Problems, field, code string, list []profile.Coded, required bool) {
	if code == "" {
		p.Check(!required, field, "proposal.review.choose")
		return
	}
	p.Check(profile.Offered(list, code), field, "proposal.review.not-offered")
}

// Reviewed is one record of the review, for those who review.
type Reviewed struct {
	Level   string     `json:"level"`
	Verdict string     `json:"verdict"`
	Reason  string     `json:"reason,omitempty"`
	Opinion string     `json:"opinion,omitempty"`
	By      string     `json:"by"`
	At      store.Time `json:"at"`
}
