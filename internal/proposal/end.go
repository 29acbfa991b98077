package proposal

import (
	"tongxin/internal/app"
)

// ending is a decision that ends a proposal without filing it.
type ending struct {
	to      State
	verdict string
	reason  string // code
	note    string // what the proposer is told
	fact    app.Fact
}

// end follows an arrow to one of the ends, records the decision and its
// disposition, and tells the proposer.
func end(c *app.Call, p *Proposal, e ending) (Moved, error) {
	if err := record(c, p, e.verdict, e.reason, e.note); err != nil {
		return Moved{}, err
	}
	if err := settleSigners(c, p); err != nil {
		return Moved{}, err
	}
	was := *p
	if err := p.move(e.to); err != nil {
		return Moved{}, err
	}
	p.Level, p.Pending, p.DueOn = "", 0, Never
	hold(c, p, "", "")
	if err := dispose(c, p, string(e.to), e.reason, e.note); err != nil {
		return Moved{}, err
	}
	if err := save(c, &was, p); err != nil {
		return Moved{}, err
	}
	c.Detail(map[string]string{"level": was.Level, "state": string(e.to), "reason": e.reason})
	return moved(p), c.Record(e.fact, caseKind, p.ID)
}
