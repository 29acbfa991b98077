package proposal

import (
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
)

// InviteIn names who is asked to propose together with the author: members for
// a member's proposal, organisations for an organisation's.
type InviteIn struct {
	ID      string   `json:"id"`
	Signers []string `json:"signers" doc:"Ids of members, or of organisations"`
}

// InviteOut tells how many were newly asked.
type InviteOut struct {
	ID      string `json:"id"`
	Invited int    `json:"invited"`
}

const signersCap = 60

// Invite asks others to propose together (邀请联名). Who declined or was removed
// may be asked again.
var Invite = app.Define("proposal.invite", loadForInvite, mayWrite, invite)

func loadForInvite(c *app.Call, in InviteIn) (*Proposal, error) { return claim(c, in.ID) }

func invite(c *app.Call, p *Proposal, in InviteIn) (InviteOut, error) {
	if !p.editable() {
		return InviteOut{}, fault.New(fault.Closed, "proposal.cosign.submitted")
	}
	if len(in.Signers) == 0 {
		return InviteOut{}, fault.Field("signers", "proposal.cosign.nobody")
	}
	if len(in.Signers)+p.count(Invited, Signed) > signersCap {
		return InviteOut{}, fault.Field("signers", "proposal.cosign.many", "max", signersCap)
	}
	names, err := invitable(c, p, in.Signers)
	if err != nil {
		return InviteOut{}, err
	}
	asked, err := ask(c, p, in.Signers, names)
	if err != nil || len(asked) == 0 {
		return InviteOut{ID: p.ID}, err
	}
	if err := rekind(c, p, Invited, Signed); err != nil {
		return InviteOut{}, err
	}
	forOther(c, p)
	fact := SignersInvited{People: asked}
	if p.Kind.Collective() {
		fact = SignersInvited{Bodies: asked}
	}
	return InviteOut{p.ID, len(asked)}, c.Record(fact, caseKind, p.ID)
}

// invitable gives the names of those who may be asked, or says who may not.
func invitable(c *app.Call, p *Proposal, ids []string) (map[string]string, error) {
	names := map[string]string{}
	if p.Kind.Collective() {
		for _, x := range ids {
			b, err := organization.BodyOf(&c.Look, x)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return nil, err
			}
			if _, ok := collectiveKind(b.Kind); err == nil && ok && b.ValidTo == "" {
				names[x] = b.Name
			}
		}
	} else {
		var err error
		if names, err = members(&c.Look, ids...); err != nil {
			return nil, err
		}
	}
	lead := p.leadBody()
	for _, x := range ids {
		if x == p.AuthorID || lead != nil && x == lead.ID {
			return nil, fault.Field("signers", "proposal.cosign.self")
		}
		if names[x] == "" {
			return nil, fault.Field("signers", "proposal.cosign.unknown")
		}
	}
	return names, nil
}

// ask writes the invitations and tells who was not asked before.
func ask(c *app.Call, p *Proposal, ids []string, names map[string]string) ([]string, error) {
	var asked []string
	for _, x := range ids {
		at := slices.IndexFunc(p.Signers, func(s Signer) bool { return s.ID == x })
		if at >= 0 && (p.Signers[at].State == Invited || p.Signers[at].State == Signed) {
			continue
		}
		s := Signer{ID: x, IsBody: p.Kind.Collective(), Name: names[x], State: Invited, InvitedAt: c.Now()}
		if at < 0 {
			p.Signers = append(p.Signers, s)
			at = len(p.Signers) - 1
		} else {
			p.Signers[at] = s
		}
		if err := writeSigner(c, p, &s, at); err != nil {
			return nil, err
		}
		asked = append(asked, x)
	}
	return asked, nil
}
