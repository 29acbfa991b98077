package proposal

import (
	"encoding/json"
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// KeyRecommendIn recommends a proposal as a key proposal.
type KeyRecommendIn struct {
	ID       string   `json:"id"`
	Criteria []string `json:"criteria"`
	Reason   string   `json:"reason"`
	For      string   `json:"for,omitempty" doc:"The office only: id of the special committee, organisation or supervision office that recommends"`
}

// Candidacy is a proposal beside the selection of its session.
type Candidacy struct {
	*Proposal
	Selection *KeySelection // nil when none was opened
}

// KeyRecommend recommends a filed proposal (推荐), while the selection of its
// session collects recommendations. Doing it again changes the reason.
var KeyRecommend = app.Define("key.recommend", func(c *app.Call, in KeyRecommendIn) (*Candidacy, error) {
	p, err := claim(c, in.ID)
	if err != nil {
		return nil, err
	}
	s, err := claimSelection(c, p.SessionID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	return &Candidacy{p, s}, nil
}, mayRecommend, keyRecommend)

// mayRecommend: those who propose it, the office, and supervision offices; not
// the units that handle it.
func mayRecommend(who access.Actor, n *Candidacy) access.Verdict {
	switch {
	case !maySee(who, n.Proposal):
		return access.Hide()
	case staff(who), who.Is(access.Dispatcher):
		return access.Allow()
	case who.Is(access.Member, access.Convener):
		return access.When(signedBy(who, n.Proposal), "proposal.key.recommend.not-you")
	default:
		return access.Deny("proposal.key.recommend.not-you")
	}
}

// signedBy reports whether somebody is among the proposers in his acting post.
func signedBy(who access.Actor, p *Proposal) bool {
	if authored(who, p) {
		return true
	}
	i := p.invitation(who)
	return i != nil && i.State == Signed
}

func keyRecommend(c *app.Call, n *Candidacy, in KeyRecommendIn) (Done, error) {
	switch {
	case !n.State.IsFiled():
		return Done{}, fault.New(fault.Closed, "proposal.key.recommend.not-filed")
	case n.Selection == nil:
		return Done{}, fault.New(fault.Closed, "proposal.key.recommend.not-open")
	case n.KeyYear > 0:
		return Done{}, fault.New(fault.Closed, "proposal.key.closed.approved")
	}
	if err := n.Selection.standsAt(KeyRecommending, 0); err != nil {
		return Done{}, err
	}
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return Done{}, err
	}
	var p fault.Problems
	m := KeyRecommendation{Criteria: ticked(&p, "criteria", in.Criteria, &rules.Key), Reason: said(&p, "reason", in.Reason, true, keyShort)}
	if err := m.by(&c.Look, &p, in.For); err != nil {
		return Done{}, err
	}
	if err := p.Err(); err != nil {
		return Done{}, err
	}
	x, err := n.Selection.enter(c, n.ID)
	if err != nil {
		return Done{}, err
	}
	if err := x.recommend(c, m); err != nil {
		return Done{}, err
	}
	c.Detail(map[string]any{"by": m.ByID, "kind": m.Kind, "criteria": m.Criteria})
	return Done{n.ID}, c.Record(KeyWasRecommended{m.Kind, m.ByID, n.Selection.Year}, caseKind, n.ID)
}

// by fills who recommends: the person, the body for which he speaks, or the
// body for which the office enters it.
func (m *KeyRecommendation) by(l *app.Look, p *fault.Problems, body string) error {
	who := l.Who()
	m.Kind, m.ByID, m.ByName = ByMember, who.PersonID, who.Name
	switch {
	case staff(who) && body != "":
		b, err := organization.BodyOf(l, body)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		m.Kind, m.ByID, m.ByName = bodyKind(b.Kind), b.ID, b.Name
		p.Check(err == nil && b.ValidTo == "" && m.Kind != "", "for", "proposal.key.recommend.for")
	case staff(who):
		m.Kind, m.ByID, m.ByName = ByOffice, who.Post.BodyID, who.Post.BodyName
	case who.Is(access.Convener, access.Dispatcher):
		m.Kind, m.ByID, m.ByName = bodyKind(organization.BodyKind(who.Post.BodyKind)), who.Post.BodyID, who.Post.BodyName
	}
	return nil
}

// bodyKind is as what a body recommends, "" for one that does not.
func bodyKind(k organization.BodyKind) string {
	switch k {
	case organization.SpecialCommittee:
		return BySpecialCommittee
	case organization.Party, organization.PeoplesOrganization, organization.Sector, organization.Group:
		return ByOrganisation
	case organization.SupervisionParty, organization.SupervisionGovernment:
		return ByDesk
	}
	return ""
}

// enter gives the candidate of a proposal, a new one when there is none, and
// one that was passed over in an earlier round as recommended again.
func (s *KeySelection) enter(c *app.Call, proposal string) (*KeyCandidate, error) {
	if x := s.candidate(proposal); x != nil {
		if x.State != KeyRecommended && x.State != KeyShortlisted && x.State != KeyKept {
			if err := x.State.move(KeyRecommended); err != nil {
				return nil, err
			}
		}
		return x, x.save(c)
	}
	x := &KeyCandidate{ID: id.New(), ProposalID: proposal, State: KeyRecommended}
	_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO key_candidate (id, committee_id, selection_id, proposal_id, state, at) VALUES (?, ?, ?, ?, ?, ?)",
		x.ID, s.CommitteeID, s.ID, proposal, string(x.State), c.Now())
	if errors.Is(err, store.ErrUnique) {
		return nil, fault.New(fault.Stale, "fault.stale")
	}
	if err != nil {
		return nil, fmt.Errorf("enter candidate %s: %w", proposal, err)
	}
	return x, nil
}

func (x *KeyCandidate) recommend(c *app.Call, m KeyRecommendation) error {
	criteria, err := json.Marshal(m.Criteria)
	if err != nil {
		return fmt.Errorf("keep the criteria of candidate %s: %w", x.ID, err)
	}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO key_recommendation (candidate_id, by_id, committee_id, kind, by_name, criteria, reason, person_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (candidate_id, by_id) DO UPDATE SET criteria = excluded.criteria, reason = excluded.reason, person_id = excluded.person_id, at = excluded.at`,
		x.ID, m.ByID, c.Who().CommitteeID, m.Kind, m.ByName, string(criteria), m.Reason, c.Who().PersonID, c.Now())
	if err != nil {
		return fmt.Errorf("recommend candidate %s: %w", x.ID, err)
	}
	return nil
}
