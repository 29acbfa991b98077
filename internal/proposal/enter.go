package proposal

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// EnterIn is a proposal that staff hands in for somebody.
type EnterIn struct {
	ID      string   `json:"id" doc:"Made by the page, so that sending it twice has one effect; may be empty"`
	For     string   `json:"for" doc:"Id of the member or of the organisation that proposes"`
	OnPaper bool     `json:"on_paper" doc:"It came signed on paper, which the office keeps"`
	Signers []string `json:"signers" doc:"Ids of members: from paper they have signed, otherwise they are invited"`
	Writing
}

// Enter hands in a proposal for a member without a device or from paper
// (代录). Both names are kept; the member is told and may withdraw it.
var Enter = app.Define("proposal.enter", loadForEnter, mayEnter, enter)

func loadForEnter(c *app.Call, in EnterIn) (*Proposal, error) {
	p, err := claimOrBegin(c, in.ID, 0)
	if err != nil || p.Version > 0 {
		return p, err
	}
	p.EnteredBy, p.OnPaper, p.AuthorID, p.LeadName, p.Kind = c.Who().PersonID, in.OnPaper, "", "", Individual
	return p, nil
}

func mayEnter(who access.Actor, p *Proposal) access.Verdict {
	if p.Version > 0 && !maySee(who, p) {
		return access.Hide()
	}
	return access.When(who.Is(access.Office), "proposal.enter.office-only")
}

func enter(c *app.Call, p *Proposal, in EnterIn) (SubmitOut, error) {
	if p.Version > 0 { // somebody's, or the same page sent twice: nothing is entered over it
		return SubmitOut{}, fault.New(fault.Closed, "proposal.closed."+string(Submitted))
	}
	was := *p
	if err := p.move(Submitted); err != nil {
		return SubmitOut{}, err
	}
	w, err := in.cleaned()
	if err != nil {
		return SubmitOut{}, err
	}
	if err := p.speakFor(c, in.For); err != nil {
		return SubmitOut{}, err
	}
	if err := p.signedOnPaper(c, in); err != nil {
		return SubmitOut{}, err
	}
	c.Made(p.ID)
	c.OnBehalf(p.AuthorID)
	out, err := handIn(c, &was, p, w)
	if err != nil {
		return out, err
	}
	return out, c.Record(WasEntered{p.AuthorID, p.EnteredBy, p.OnPaper}, caseKind, p.ID)
}

// speakFor makes a member or an organisation the proposer of p.
func (p *Proposal) speakFor(c *app.Call, key string) error {
	names, err := members(&c.Look, key)
	if err != nil {
		return err
	}
	if name, ok := names[key]; ok && key != "" {
		p.AuthorID, p.LeadName = key, name
		return nil
	}
	b, err := organization.BodyOf(&c.Look, key)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	kind, ok := collectiveKind(b.Kind)
	if err != nil || !ok || b.ValidTo != "" {
		return fault.Field("for", "proposal.enter.unknown")
	}
	p.Kind, p.LeadName = kind, b.Name
	p.Signers = []Signer{{ID: b.ID, IsBody: true, Name: b.Name, State: Signed, InvitedAt: c.Now(), AnsweredAt: c.Now()}}
	p.AuthorID, err = convenerOf(&c.Look, b.ID)
	return err
}

// signedOnPaper adds the co-signers of an entered proposal.
func (p *Proposal) signedOnPaper(c *app.Call, in EnterIn) error {
	if len(in.Signers) == 0 {
		return nil
	}
	if p.Kind.Collective() {
		return fault.Field("signers", "proposal.enter.no-signers")
	}
	if len(in.Signers) > signersCap {
		return fault.Field("signers", "proposal.cosign.many", "max", signersCap)
	}
	names, err := members(&c.Look, in.Signers...)
	if err != nil {
		return err
	}
	for _, x := range in.Signers {
		name, ok := names[x]
		if !ok || x == p.AuthorID {
			return fault.Field("signers", "proposal.cosign.unknown")
		}
		if p.SignerOf(x) != nil {
			continue
		}
		s := Signer{ID: x, Name: name, State: Invited, InvitedAt: c.Now()}
		if in.OnPaper {
			s.State, s.AnsweredAt = Signed, c.Now()
		}
		p.Signers = append(p.Signers, s)
		p.Kind = Joint
	}
	return nil
}

// members gives the names of those of the people who are members today.
func members(l *app.Look, ids ...string) (map[string]string, error) {
	day := today(l).String()
	q := store.Join(store.F("SELECT DISTINCT p.id, p.name FROM person p JOIN post o ON o.person_id = p.id WHERE"),
		store.And(store.F("p.committee_id = ? AND o.committee_id = ? AND o.kind = 'member'", l.Who().CommitteeID, l.Who().CommitteeID),
			store.F("o.valid_from <= ? AND (o.valid_to IS NULL OR o.valid_to >= ?)", day, day), store.In("p.id", ids...)))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, n *[2]string) error { return r.Scan(&n[0], &n[1]) }, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("find members: %w", err)
	}
	names := make(map[string]string, len(list))
	for _, n := range list {
		names[n[0]] = n[1]
	}
	return names, nil
}

// convenerOf is who writes for an organisation, "" when nobody does yet.
func convenerOf(l *app.Look, bodyID string) (string, error) {
	day := today(l).String()
	list, err := store.List(l.Ctx(), l.Tx(), store.Column[string], `SELECT person_id FROM post WHERE committee_id = ? AND body_id = ? AND kind = 'convener'
		AND valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?) ORDER BY valid_from, id LIMIT 1`, l.Who().CommitteeID, bodyID, day, day)
	if err != nil {
		return "", fmt.Errorf("find the convener of %s: %w", bodyID, err)
	}
	if len(list) == 0 {
		return "", nil
	}
	return list[0], nil
}

// NewID is a fresh id for the page of a new proposal.
func NewID() string { return id.New() }
