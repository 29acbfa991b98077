package proposal

import (
	"errors"
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// FileIn files a proposal.
type FileIn struct {
	ID      string `json:"id"`
	Version int64  `json:"version,omitempty"`
	Number  int64  `json:"number,omitempty"` // 0: the next one; a later one leaves a gap
	Opinion string `json:"opinion,omitempty"`
}

// File puts a proposal on file and gives it its number (立案). Numbers run
// within a session and are never used again; a gap is kept and listed.
var File = app.Define("proposal.file", func(c *app.Call, in FileIn) (*Proposal, error) { return claim(c, in.ID) }, mayDecide, file)

// WasFiled is the fact that a proposal was put on file.
type WasFiled struct {
	Number int64  `json:"number"`
	Timing string `json:"timing"`
	Kind   Kind   `json:"proposer"`
}

// FactName implements app.Fact.
func (WasFiled) FactName() string { return "proposal.filed" }

func file(c *app.Call, p *Proposal, in FileIn) (Moved, error) {
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return Moved{}, err
	}
	if err := underReview(p, in.Version); err != nil {
		return Moved{}, err
	}
	if err := fileable(p, &rules.Proposal); err != nil {
		return Moved{}, err
	}
	in.Opinion = clean(in.Opinion)
	var problems fault.Problems
	words(&problems, "opinion", in.Opinion, false)
	problems.Check(in.Number >= 0 && in.Number <= highestNumber, "number", "proposal.file.number-range", "max", highestNumber)
	if err := problems.Err(); err != nil {
		return Moved{}, err
	}
	number, err := takeNumber(c, p.SessionID, in.Number)
	if err != nil {
		return Moved{}, err
	}
	return put(c, p, number, in.Opinion)
}

// put writes a proposal with its number to the file.
func put(c *app.Call, p *Proposal, number int64, opinion string) (Moved, error) {
	if err := record(c, p, VerdictFiled, "", opinion); err != nil {
		return Moved{}, err
	}
	if err := settleSigners(c, p); err != nil {
		return Moved{}, err
	}
	was := *p
	if err := p.move(Filed); err != nil {
		return Moved{}, err
	}
	p.Number, p.FiledAt, p.Level, p.DueOn = number, c.Now(), "", Never
	hold(c, p, "proposal.holder.dispatch", "")
	if err := dispose(c, p, string(Filed), "", opinion); err != nil {
		return Moved{}, err
	}
	err := save(c, &was, p)
	if errors.Is(err, store.ErrUnique) {
		return Moved{}, fault.Field("number", "proposal.file.number-taken", "number", number).Because(err)
	}
	if err != nil {
		return Moved{}, err
	}
	c.Detail(map[string]any{"number": number})
	return moved(p), c.Record(WasFiled{number, p.Timing, p.Kind}, caseKind, p.ID)
}

// fileable says what stands in the way of filing.
func fileable(p *Proposal, rules *profile.ProposalRules) error {
	if key := obstacle(p, rules); key != "" {
		return fault.New(fault.Closed, key)
	}
	return nil
}

// obstacle is the sentence of what stands in the way of filing: the last level
// must have been reached, nothing wait for the proposer, and the case be
// counted somewhere. "" when it can be filed.
func obstacle(p *Proposal, rules *profile.ProposalRules) string {
	switch {
	case p.State != Submitted:
		return "proposal.review.closed"
	case nextLevel(rules.Levels, p.Level) != "":
		return "proposal.file.not-last-level"
	case p.Pending > 0:
		return "proposal.file.pending"
	case p.Category == "":
		return "proposal.file.no-category"
	}
	return ""
}

// highestNumber keeps numbers within what people write.
const highestNumber = 99999

const numberSeries = "number"

// takeNumber gives the next number of a session, or the chosen one when it is
// later than every number given so far. Acts that ask at the same time wait
// for each other at the counter's row.
func takeNumber(c *app.Call, session string, chosen int64) (int64, error) {
	var n int64
	err := c.Tx().Row(c.Ctx(), `INSERT INTO proposal_counter (session_id, series, last) VALUES (?, ?, ?)
		ON CONFLICT (session_id, series) DO UPDATE SET last = CASE WHEN ? > 0 THEN excluded.last ELSE proposal_counter.last + 1 END
			WHERE ? = 0 OR excluded.last > proposal_counter.last
		RETURNING last`, session, numberSeries, max(chosen, 1), chosen, chosen).Scan(&n)
	if errors.Is(err, store.ErrNone) {
		last, err := lastNumber(&c.Look, session)
		if err != nil {
			return 0, err
		}
		return 0, fault.Field("number", "proposal.file.number-used", "number", chosen, "next", last+1)
	}
	if err != nil {
		return 0, fmt.Errorf("take a number in session %s: %w", session, err)
	}
	return n, nil
}

// lastNumber is the last number given in a session, 0 before the first.
func lastNumber(l *app.Look, session string) (int64, error) {
	var n int64
	err := l.Tx().Row(l.Ctx(), "SELECT last FROM proposal_counter WHERE session_id = ? AND series = ?", session, numberSeries).Scan(&n)
	if err != nil && !errors.Is(err, store.ErrNone) {
		return 0, fmt.Errorf("read the last number of session %s: %w", session, err)
	}
	return n, nil
}
