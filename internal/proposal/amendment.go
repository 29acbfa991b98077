package proposal

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// AmendmentIn answers one revision of the office.
type AmendmentIn struct {
	ID       string `json:"id"`
	Revision int64  `json:"revision" doc:"The revision that was shown"`
	Reason   string `json:"reason" doc:"Why it is refused"`
}

// ConfirmAmendment accepts the office's edits (确认修改): they become the text.
var ConfirmAmendment = app.Define("proposal.confirm-amendment", loadForAmendment, mayWrite, confirmAmendment)

// RefuseAmendment keeps the proposer's own text (不同意修改), with a reason.
var RefuseAmendment = app.Define("proposal.refuse-amendment", loadForAmendment, mayWrite, refuseAmendment)

func loadForAmendment(c *app.Call, in AmendmentIn) (*Proposal, error) { return claim(c, in.ID) }

func confirmAmendment(c *app.Call, p *Proposal, in AmendmentIn) (Done, error) {
	return answerAmendment(c, p, in.Revision, "")
}

func refuseAmendment(c *app.Call, p *Proposal, in AmendmentIn) (Done, error) {
	if p.Pending == 0 {
		return Done{}, fault.New(fault.Closed, "proposal.amendment.none")
	}
	reason, err := sentence("reason", in.Reason, true)
	if err != nil {
		return Done{}, err
	}
	return answerAmendment(c, p, in.Revision, reason)
}

// answerAmendment confirms the pending revision, or refuses it for a reason.
// Either way the office holds the proposal again.
func answerAmendment(c *app.Call, p *Proposal, revision int64, refusal string) (Done, error) {
	switch {
	case p.Pending == 0:
		return Done{}, fault.New(fault.Closed, "proposal.amendment.none")
	case revision != p.Pending:
		return Done{}, fault.New(fault.Stale, "fault.stale")
	}
	t, err := textOf(&c.Look, p.ID, p.Pending)
	if err != nil {
		return Done{}, err
	}
	was, said := *p, "confirmed"
	if refusal != "" {
		said = "refused"
	} else {
		p.Revision, p.Title = p.Pending, t.Title
	}
	_, err = c.Tx().Exec(c.Ctx(), "UPDATE proposal_text SET answer = ?, answer_note = ?, answered_at = ? WHERE proposal_id = ? AND revision = ?",
		said, refusal, c.Now(), p.ID, p.Pending)
	if err != nil {
		return Done{}, fmt.Errorf("answer revision %d of proposal %s: %w", p.Pending, p.ID, err)
	}
	p.Pending = 0
	if p.State == Submitted {
		p.Holder, p.HolderName, p.HolderSince = holderOf(p.Level), "", c.Now()
	}
	forOther(c, p)
	c.Detail(map[string]any{"revision": revision, "answer": said})
	if err := save(c, &was, p); err != nil {
		return Done{}, err
	}
	return Done{p.ID}, c.Record(AmendmentAnswered{revision, refusal == "", t.PersonID}, caseKind, p.ID)
}
