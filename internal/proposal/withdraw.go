package proposal

import (
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// WithdrawIn says why the proposer takes a proposal back.
type WithdrawIn struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Done is the answer of acts that give nothing but their end.
type Done struct {
	ID string `json:"id"`
}

// Withdraw takes a submitted proposal back before it is filed (撤回).
var Withdraw = app.Define("proposal.withdraw", loadForWithdraw, mayWrite, withdraw)

func loadForWithdraw(c *app.Call, in WithdrawIn) (*Proposal, error) { return claim(c, in.ID) }

func withdraw(c *app.Call, p *Proposal, in WithdrawIn) (Done, error) {
	was := *p
	if p.State == Draft {
		return Done{}, fault.New(fault.Closed, "proposal.withdraw.draft")
	}
	if err := p.move(Withdrawn); err != nil {
		return Done{}, err
	}
	reason, err := sentence("reason", in.Reason, true)
	if err != nil {
		return Done{}, err
	}
	if err := settleSigners(c, p); err != nil {
		return Done{}, err
	}
	p.release()
	forOther(c, p)
	if err := save(c, &was, p); err != nil {
		return Done{}, err
	}
	if err := dispose(c, p, string(Withdrawn), "", reason); err != nil {
		return Done{}, err
	}
	return Done{p.ID}, c.Record(WasWithdrawn{was.State, was.Holder}, caseKind, p.ID)
}

// release ends that somebody holds the proposal and that something is due.
func (p *Proposal) release() {
	p.Level, p.Holder, p.HolderName, p.DueOn, p.Pending = "", "", "", Never, 0
	p.HolderSince = store.Time{}
}

// sentence cleans a short text that a person gives as a reason.
func sentence(field, text string, required bool) (string, error) {
	text = clean(text)
	var p fault.Problems
	p.Check(text != "" || !required, field, "proposal.reason.required")
	p.Check(characters(text) <= 500, field, "proposal.field.cap", "max", 500)
	return text, p.Err()
}
