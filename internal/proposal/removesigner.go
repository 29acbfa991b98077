package proposal

import (
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// RemoveSignerIn names somebody with whom the author no longer proposes.
type RemoveSignerIn struct {
	ID     string `json:"id"`
	Signer string `json:"signer" doc:"Id of the member or organisation"`
}

// RemoveSigner takes an invited or signed co-signer off the list (移除联名人).
var RemoveSigner = app.Define("proposal.remove-signer", loadForRemove, mayWrite, removeSigner)

func loadForRemove(c *app.Call, in RemoveSignerIn) (*Proposal, error) { return claim(c, in.ID) }

func removeSigner(c *app.Call, p *Proposal, in RemoveSignerIn) (Done, error) {
	if !p.editable() {
		return Done{}, fault.New(fault.Closed, "proposal.cosign.submitted")
	}
	s := p.SignerOf(in.Signer)
	if s == nil || s == p.leadBody() {
		return Done{}, fault.Field("signer", "proposal.cosign.unknown")
	}
	if err := answer(c, p, s, Removed); err != nil {
		return Done{}, err
	}
	if err := rekind(c, p, Invited, Signed); err != nil {
		return Done{}, err
	}
	forOther(c, p)
	return Done{p.ID}, c.Record(SignerRemoved{in.Signer}, caseKind, p.ID)
}
