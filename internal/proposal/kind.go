package proposal

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
)

// Cases tells handling about proposals.
type Cases struct{}

var _ handling.Kind = Cases{}

// Case reads a proposal as a case; inside an act other acts on it wait. Who may
// do what with it is handling's to judge.
func (Cases) Case(l *app.Look, id string) (handling.Case, error) {
	if err := l.Tx().Claim(l.Ctx(), "proposal", "id", id); err != nil {
		return handling.Case{}, fmt.Errorf("claim proposal %s: %w", id, err)
	}
	p, err := load(l, id)
	if err != nil {
		return handling.Case{}, err
	}
	k := handling.Case{Kind: caseKind, ID: p.ID, CommitteeID: p.CommitteeID, Title: p.Title, Ready: p.State.IsFiled(),
		Timing: p.Timing, Collective: p.Kind.Collective(), FiledAt: p.FiledAt, Proposers: proposers(p), PublishWish: "full"}
	if p.Publish == PublishRefused {
		k.PublishWish = PublishRefused
	}
	if !k.Ready {
		return k, nil
	}
	rules, _, err := profile.Current(l)
	if err != nil {
		return k, err
	}
	k.Number = caseNumber(p.Number, rules.Proposal.NumberWidth)
	sitting, err := sittingOf(l, p.SessionID)
	if err != nil {
		return k, err
	}
	if k.Key = p.KeyYear > 0; k.Key {
		k.Due = rules.Key.ReplyDue
	}
	k.SessionClosed, k.Reference = sitting.ClosesOn, "政协"+sitting.Title+k.Number+"提案"
	t, err := textOf(l, id, p.Revision)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return k, err
	}
	for i, x := range t.Items {
		k.Items = append(k.Items, handling.Item{No: i + 1, Text: x})
	}
	k.Suggested, err = suggestedUnits(l, id)
	return k, err
}

// Stood keeps how a case stands after an act of handling, for the lists. It
// changes nothing when nothing moved.
func (Cases) Stood(c *app.Call, id string, s handling.Standing) error {
	p, err := load(&c.Look, id)
	if err != nil {
		return err
	}
	was := *p
	p.State, p.Holder, p.HolderName, p.HolderSince = State(s.Stage), s.Holder, s.HolderName, s.HolderSince
	p.DueOn, p.LeadUnitID, p.LeadUnitName, p.ReplyClass = s.DueOn, s.LeadUnit, s.LeadName, s.Class
	p.DueOn = p.due()
	if !p.State.IsFiled() {
		return fmt.Errorf("stand proposal %s: %q is no stage of handling", id, s.Stage)
	}
	return save(c, &was, p)
}

// proposers are those who are owed an answer, the lead first.
func proposers(p *Proposal) []handling.Proposer {
	var list []handling.Proposer
	if p.leadBody() == nil {
		list = append(list, handling.Proposer{PersonID: p.AuthorID, Name: p.LeadName, Lead: true})
	}
	for i := range p.Signers {
		s := &p.Signers[i]
		if s.State != Signed {
			continue
		}
		x := handling.Proposer{Name: s.Name, Lead: s == p.leadBody()}
		if s.IsBody {
			x.BodyID = s.ID
		} else {
			x.PersonID = s.ID
		}
		list = append(list, x)
	}
	return list
}

// caseNumber is a number as people write it: 第 014 号. It is part of official
// Chinese titles and the same in every language.
func caseNumber(n int64, width int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("第 %0*d 号", width, n)
}

// sittingOf reads the session of a proposal; the zero Session when there is none.
func sittingOf(l *app.Look, id string) (organization.Session, error) {
	list, err := organization.Sessions(l)
	if err != nil {
		return organization.Session{}, fmt.Errorf("find session %s: %w", id, err)
	}
	for _, s := range list {
		if s.ID == id {
			return s, nil
		}
	}
	return organization.Session{}, nil
}
