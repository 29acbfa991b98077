package proposal

import (
	"fmt"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/identity"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// Asked is one invitation to propose together.
type Asked struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	LeadName   string     `json:"lead_name"`
	State      State      `json:"state"`  // of the proposal
	Answer     string     `json:"answer"` // invited, signed
	InvitedAt  store.Time `json:"invited_at"`
	AnsweredAt store.Time `json:"answered_at"`
}

// Invitations lists what the actor is asked to sign, and what he signed that is
// not yet filed; the unanswered first.
var Invitations = app.Ask("proposal.invitations", scopeOf, func(l *app.Look, scope access.Scope, _ struct{}) ([]Asked, error) {
	signer, body := l.Who().PersonID, false
	if l.Who().Is(access.Convener) {
		signer, body = l.Who().Post.BodyID, true
	}
	w := store.And(store.F(scope.SQL(), scope.Args()...), store.F("g.signer_id = ? AND g.is_body = ?", signer, body),
		store.F("g.state IN ('invited', 'signed') AND p.state IN ('draft', 'submitted', 'returned')"), store.F("g.is_body = FALSE OR g.position > 0"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, a *Asked) error {
		return r.Scan(&a.ID, &a.Title, &a.LeadName, &a.State, &a.Answer, &a.InvitedAt, &a.AnsweredAt)
	}, `SELECT p.id, p.title, p.lead_name, p.state, g.state, g.invited_at, g.answered_at FROM proposal_signer g JOIN proposal p ON p.id = g.proposal_id
		WHERE `+w.SQL+" ORDER BY g.state, g.invited_at DESC, p.id LIMIT 100", w.Args...)
	if err != nil {
		return nil, fmt.Errorf("list invitations: %w", err)
	}
	return append([]Asked{}, list...), nil
})

// InvitationIn names a proposal that one was invited to.
type InvitationIn struct {
	ID string `json:"id"`
}

// InvitationOut is what an invited member reads before he signs.
type InvitationOut struct {
	Proposal *Proposal  `json:"proposal"`
	Text     Text       `json:"text"`
	Signers  []Signer   `json:"signers"`
	Answer   string     `json:"answer"` // invited, signed
	SignBy   store.Time `json:"sign_by" doc:"Until when to confirm; null: until it is filed"`
}

// Invitation shows the newest text to somebody who was invited.
var Invitation = app.Ask("proposal.invitation", scopeOf, func(l *app.Look, scope access.Scope, in InvitationIn) (InvitationOut, error) {
	p, err := seen(l, scope, in.ID)
	if err != nil {
		return InvitationOut{}, err
	}
	s := p.invitation(l.Who())
	if s == nil || s.State != Invited && s.State != Signed {
		return InvitationOut{}, fault.New(fault.NotFound, "fault.not-found")
	}
	out := InvitationOut{Proposal: p, Signers: cosigners(p), Answer: s.State}
	if out.Text, err = newest(l, p); err != nil {
		return out, err
	}
	out.SignBy, err = signUntil(l, p)
	return out, err
})

// CandidatesIn looks for somebody to invite.
type CandidatesIn struct {
	ID string `json:"id" doc:"The proposal; empty for staff who enter one"`
	Q  string `json:"q" doc:"Part of a name, or of its pinyin"`
}

// CandidatesOut are those found.
type CandidatesOut struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Kind    Kind     `json:"kind"`
	Open    bool     `json:"open" doc:"Whether anybody may still be invited or taken off"`
	Found   []Named  `json:"found"`
	More    bool     `json:"more" doc:"There are more than are shown"`
	Signers []Signer `json:"signers"`
}

const candidatesAtOnce = 20

// Candidates finds whom the author may invite: members by name, or for an
// organisation's proposal other organisations. Staff who enter a proposal find
// whom they may enter it for.
var Candidates = app.Ask("proposal.candidates", scopeOf, func(l *app.Look, scope access.Scope, in CandidatesIn) (CandidatesOut, error) {
	out := CandidatesOut{Found: []Named{}, Signers: []Signer{}}
	if in.ID == "" {
		if !l.Who().Is(access.Office) {
			return out, fault.New(fault.Forbidden, "proposal.enter.office-only")
		}
		people, err := findMembers(l, in.Q)
		if err != nil {
			return out, err
		}
		bodies, err := findBodies(l, in.Q)
		out.take(append(people, bodies...), nil)
		return out, err
	}
	p, err := writable(l, scope, in.ID)
	if err != nil {
		return out, err
	}
	out.ID, out.Title, out.Kind, out.Signers, out.Open = p.ID, p.Title, p.Kind, cosigners(p), p.editable()
	find := findMembers
	if p.Kind.Collective() {
		find = findBodies
	}
	found, err := find(l, in.Q)
	out.take(found, p)
	return out, err
})

// take keeps who is not the author and not on the list already.
func (out *CandidatesOut) take(found []Named, p *Proposal) {
	for _, x := range found {
		if p != nil {
			s := p.SignerOf(x.ID)
			if x.ID == p.AuthorID || s != nil && (s.State == Invited || s.State == Signed) {
				continue
			}
		}
		if len(out.Found) == candidatesAtOnce {
			out.More = true
			return
		}
		out.Found = append(out.Found, x)
	}
}

// pattern finds a text anywhere; its own wildcards are taken literally.
func pattern(q string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(cleanLine(q)) + "%"
}

// findMembers finds members by name or pinyin, with their sector.
func findMembers(l *app.Look, q string) ([]Named, error) {
	if cleanLine(q) == "" {
		return nil, nil
	}
	day := today(l).String()
	list, err := store.List(l.Ctx(), l.Tx(), scanNamed, `SELECT DISTINCT p.id, p.name, COALESCE(b.name, ''), p.pinyin FROM person p
		JOIN post o ON o.person_id = p.id AND o.kind = 'member' AND o.valid_from <= ? AND (o.valid_to IS NULL OR o.valid_to >= ?)
		LEFT JOIN membership m ON m.person_id = p.id AND m.valid_to IS NULL LEFT JOIN body b ON b.id = m.sector_id
		WHERE p.committee_id = ? AND (p.name LIKE ? ESCAPE '\' OR REPLACE(p.pinyin, ' ', '') LIKE ? ESCAPE '\')
		ORDER BY p.pinyin, p.id LIMIT 100`, day, day, l.Who().CommitteeID, pattern(q), pattern(strings.ReplaceAll(identity.Pinyin(cleanLine(q)), " ", "")))
	if err != nil {
		return nil, fmt.Errorf("find members: %w", err)
	}
	return unique(list), nil
}

// everyMember lists the members, for staff who enter what came on paper.
func everyMember(l *app.Look) ([]Named, error) {
	day := today(l).String()
	list, err := store.List(l.Ctx(), l.Tx(), scanNamed, `SELECT DISTINCT p.id, p.name, '', p.pinyin FROM person p
		JOIN post o ON o.person_id = p.id AND o.kind = 'member' AND o.valid_from <= ? AND (o.valid_to IS NULL OR o.valid_to >= ?)
		WHERE p.committee_id = ? ORDER BY p.pinyin, p.id`, day, day, l.Who().CommitteeID)
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	return list, nil
}

func scanNamed(r store.Row, n *Named) error {
	var order string
	return r.Scan(&n.ID, &n.Name, &n.Note, &order)
}

// unique keeps one of somebody who is member in two terms.
func unique(list []Named) []Named {
	var out []Named
	known := map[string]bool{}
	for _, x := range list {
		if !known[x.ID] {
			out = append(out, x)
		}
		known[x.ID] = true
	}
	return out
}

// findBodies finds organisations that may propose.
func findBodies(l *app.Look, q string) ([]Named, error) {
	bodies, err := organization.Bodies(l, organization.Party, organization.PeoplesOrganization, organization.SpecialCommittee, organization.Sector, organization.Group)
	if err != nil {
		return nil, err
	}
	var list []Named
	for _, b := range bodies {
		if strings.Contains(b.Name, cleanLine(q)) {
			list = append(list, Named{ID: b.ID, Name: b.Name})
		}
	}
	return list, nil
}

// AmendmentsIn names a proposal whose text the office edited.
type AmendmentsIn struct {
	ID string `json:"id"`
}

// AmendmentOut is an edit of the office beside the proposer's text.
type AmendmentOut struct {
	Proposal *Proposal `json:"proposal"`
	Now      Text      `json:"now"`
	Proposed Text      `json:"proposed"`
}

// PendingAmendment shows the proposer what the office would change; fault.NotFound
// when nothing waits for an answer.
var PendingAmendment = app.Ask("proposal.amendment", scopeOf, func(l *app.Look, scope access.Scope, in AmendmentsIn) (AmendmentOut, error) {
	p, err := writable(l, scope, in.ID)
	if err != nil {
		return AmendmentOut{}, err
	}
	if p.Pending == 0 {
		return AmendmentOut{}, fault.New(fault.NotFound, "fault.not-found")
	}
	out := AmendmentOut{Proposal: p}
	if out.Now, err = textOf(l, p.ID, p.Revision); err != nil {
		return out, err
	}
	out.Proposed, err = textOf(l, p.ID, p.Pending)
	return out, err
})
