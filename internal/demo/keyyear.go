package demo

import (
	"fmt"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/demo/fiction"
	"tongxin/internal/proposal"
)

// choice is the choosing of a session's key proposals.
type choice struct {
	*session
	named  []*paper // recommended; those to be approved come first
	chosen int      // how many are approved
}

// choosing plans which of the proposals of a session are recommended: well over
// what the rules allow, spread over all that were filed.
func (t *teller) choosing(s *session, filed []*paper) {
	c := &choice{session: s, chosen: max(len(filed)*60/1000, 1)}
	var fit []*paper
	for _, p := range filed {
		if p.fate == "" && t.bodies["unit:"+p.Units[0]].channel != fiction.ChannelDirect {
			fit = append(fit, p)
		}
	}
	n := min(max(c.chosen*8/5, c.chosen+2), len(fit))
	for i := range n {
		c.named = append(c.named, fit[i*len(fit)/n])
	}
	if c.chosen = min(c.chosen, n); n == 0 {
		return
	}
	for _, p := range c.named[:c.chosen] {
		p.key = true
	}
	after := func(days int, do func(*choice) error) {
		t.at(s.handing.AddDate(0, 0, days).Add(-4*time.Hour), func() error { return do(c) })
	}
	after(-12, t.openKey)
	for i, p := range c.named {
		after(-11+(i*5)%16, func(*choice) error { return t.recommend(p, i) })
	}
	after(8, t.shortlist)
	after(12, t.consult)
	after(15, t.approve)
}

func (t *teller) openKey(c *choice) error {
	if _, err := proposal.KeyOpen.Do(t.ctx, t.app, t.people["office"], proposal.KeyOpenIn{Session: c.id}); err != nil {
		return fmt.Errorf("open the selection: %w", err)
	}
	return nil
}

// recommend: by who proposes it, by a special committee on paper, or by the
// supervision office.
func (t *teller) recommend(p *paper, i int) error {
	criteria := []string{"matter", "people", "weight", "feasible"}
	in := proposal.KeyRecommendIn{ID: p.id, Criteria: []string{criteria[i%4], criteria[(i+1)%4]}, Reason: p.Say(fiction.Recommending, "", i)}
	who := p.author
	switch {
	case i%3 == 1:
		who, in.For = t.people["office"], t.bodies["special:"+t.city.Committees[i%len(t.city.Committees)].Name].id
	case i%5 == 2:
		who = t.people["office"]
	}
	if _, err := proposal.KeyRecommend.Do(t.ctx, t.app, who, in); err != nil {
		return fmt.Errorf("recommend %s: %w", p.Title, err)
	}
	return nil
}

func (t *teller) move(c *choice, to proposal.KeyState) (*proposal.KeySelection, error) {
	office := t.people["office"]
	if _, err := proposal.KeyMove.Do(t.ctx, t.app, office, proposal.KeyMoveIn{Session: c.id, To: string(to)}); err != nil {
		return nil, fmt.Errorf("go on to %s: %w", to, err)
	}
	x, err := proposal.KeySelect.Do(t.ctx, t.app, office, proposal.SessionIn{Session: c.id})
	if err != nil {
		return nil, fmt.Errorf("look at the selection: %w", err)
	}
	return x.Selection, nil
}

// of finds a named proposal and its place.
func (c *choice) of(id string) (int, *paper) {
	for i, p := range c.named {
		if p.id == id {
			return i, p
		}
	}
	return len(c.named), nil
}

// shortlist leaves out the last one of those recommended, consult drops the
// last of the rest, as long as enough are left.
func (t *teller) shortlist(c *choice) error {
	s, err := t.move(c, proposal.KeyShortlisting)
	if err != nil {
		return err
	}
	in := proposal.KeyShortlistIn{Session: c.id}
	for _, x := range s.Candidates {
		i, p := c.of(x.ProposalID)
		row := proposal.KeyShortlistRow{Candidate: x.ID, Chosen: i < max(len(c.named)-1, c.chosen)}
		if row.Chosen {
			row.Words = p.Say(fiction.Shortlisting, "", i)
		}
		in.Rows = append(in.Rows, row)
	}
	if _, err := proposal.KeyShortlist.Do(t.ctx, t.app, t.people["office"], in); err != nil {
		return fmt.Errorf("shortlist: %w", err)
	}
	return nil
}

func (t *teller) consult(c *choice) error {
	s, err := t.move(c, proposal.KeyConsulting)
	if err != nil {
		return err
	}
	in := proposal.KeyConsultIn{Session: c.id, HeldOn: day(t.clock.hand.Now()), People: t.city.Phrase(fiction.Consulted, len(c.named)),
		PartyDesk: "同意列入，请承办单位提前谋划。", GovernmentDesk: "同意。建议与政府年度督查事项衔接。"}
	for _, x := range s.Candidates {
		i, p := c.of(x.ProposalID)
		switch {
		case x.State != proposal.KeyShortlisted:
		case i < max(len(c.named)-2, c.chosen):
			in.Rows = append(in.Rows, proposal.KeyVerdict{Candidate: x.ID, Verdict: string(proposal.KeyKept)})
		default:
			in.Rows = append(in.Rows, proposal.KeyVerdict{Candidate: x.ID, Verdict: string(proposal.KeyDropped), Reason: p.Say(fiction.Dropping, "", i)})
		}
	}
	if _, err := proposal.KeyConsult.Do(t.ctx, t.app, t.people["office"], in); err != nil {
		return fmt.Errorf("consult about the shortlist: %w", err)
	}
	return nil
}

// approve is the decision of the Chair's Council. Leaders in turn lead what was
// approved; of every third one it is somebody without an account.
func (t *teller) approve(c *choice) error {
	s, err := t.move(c, proposal.KeyApproving)
	if err != nil {
		return err
	}
	in := proposal.KeyApproveIn{Session: c.id, DecidedOn: day(t.clock.hand.Now()), Reference: fmt.Sprintf("%d年第%d次主席会议", c.opens.Year(), 3+len(c.named)%4)}
	for _, x := range s.Candidates {
		i, p := c.of(x.ProposalID)
		if x.State != proposal.KeyKept || i >= c.chosen {
			continue
		}
		row := proposal.KeyApproveRow{Candidate: x.ID, Approved: true, KeyLeader: t.leading(i),
			Assist: t.bodies["special:"+t.city.Committees[(i+1)%len(t.city.Committees)].Name].id}
		in.Rows = append(in.Rows, row)
		t.after(2, func() error { return t.key(p, i) })
	}
	if _, err := proposal.KeyApprove.Do(t.ctx, t.app, t.people["chief"], in); err != nil {
		return fmt.Errorf("approve key proposals: %w", err)
	}
	return nil
}

// leading is who leads the i-th key proposal of a year.
func (t *teller) leading(i int) proposal.KeyLeader {
	if i%3 == 1 {
		return proposal.KeyLeader{Name: t.city.Units[61+i%6].Leader.Name, Organ: proposal.OrganGovernment, Role: proposal.LeaderHandles}
	}
	all := t.all[access.Leader]
	return proposal.KeyLeader{PersonID: all[i%len(all)].PersonID, Organ: proposal.OrganCPPCC, Role: proposal.LeaderSupervises}
}

// key begins the year of an approved key proposal.
func (t *teller) key(p *paper, i int) error {
	k := &led{paper: p, no: i, asked: map[string]bool{}}
	t.after(t.between(5, 12), func() error { return t.planKey(k, 0) })
	t.after(t.between(38, 50), func() error { return t.supervise(k, 0) })
	t.after(t.between(98, 120), func() error { return t.supervise(k, 1) })
	if i%2 == 0 {
		t.after(t.between(18, 30), func() error { return t.instruct(k) })
	}
	if i%3 != 1 { // the others go on into the next year
		t.after(t.between(150, 175), func() error { return t.told(k) })
	}
	return nil
}
