package proposal

import (
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// DiscardIn names a draft.
type DiscardIn struct {
	ID string `json:"id"`
}

// Discard gives a draft up (删除草稿): its text is erased, not kept.
var Discard = app.Define("proposal.discard", loadForDiscard, mayWrite, discard)

func loadForDiscard(c *app.Call, in DiscardIn) (*Proposal, error) { return claim(c, in.ID) }

func discard(c *app.Call, p *Proposal, _ DiscardIn) (Done, error) {
	if p.State != Draft {
		return Done{}, fault.New(fault.Closed, "proposal.discard.submitted")
	}
	if err := detach(c, p.ID); err != nil {
		return Done{}, err
	}
	return Done{p.ID}, erase(c, p)
}
