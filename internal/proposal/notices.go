package proposal

import (
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/notify"
	"tongxin/internal/profile"
)

// Notices says who is told what of the way of a proposal up to filing.
func Notices() []notify.Rule {
	return append(keyNotices(),
		about("proposal.submitted", func(n *news, f WasSubmitted) error {
			key := "proposal.notice.submitted"
			if f.Again {
				key = "proposal.notice.resubmitted"
			}
			return n.reviewers(f.Level, key)
		}),
		about("proposal.reviewed", func(n *news, f WasReviewed) error { return n.reviewers(f.Next, "proposal.notice.to-review") }),
		about("proposal.entered", func(n *news, _ WasEntered) error { return n.author("proposal.notice.entered") }),
		about("proposal.returned", func(n *news, _ WasReturned) error { return n.proposers("proposal.notice.returned") }),
		about("proposal.withdrawn", func(n *news, _ WasWithdrawn) error { return n.proposers("proposal.notice.withdrawn") }),
		about("proposal.filed", func(n *news, f WasFiled) error {
			return n.proposers("proposal.notice.filed", "number", strconv.FormatInt(f.Number, 10))
		}),
		about("proposal.declined", func(n *news, _ WasDeclined) error { return n.proposers("proposal.notice.declined") }),
		about("proposal.converted", func(n *news, f WasConverted) error {
			if f.To == ToLetter {
				return n.proposers("proposal.notice.converted-letter")
			}
			return n.proposers("proposal.notice.converted-opinion")
		}),
		about("proposal.transferred-up", func(n *news, _ WasTransferredUp) error { return n.proposers("proposal.notice.transferred-up") }),
		about("proposal.corrected", func(n *news, _ WasCorrected) error { return n.proposers("proposal.notice.corrected") }),
		about("proposal.amended", func(n *news, f WasAmended) error {
			if f.Waits {
				return n.author("proposal.notice.amended")
			}
			return n.author("proposal.notice.edited")
		}),
		about("proposal.amendment-answered", func(n *news, f AmendmentAnswered) error {
			if f.Confirmed {
				return n.tell([]string{f.By}, nil, "proposal.notice.amendment-confirmed")
			}
			return n.tell([]string{f.By}, nil, "proposal.notice.amendment-refused")
		}),
		about("proposal.invited", func(n *news, f SignersInvited) error {
			n.page = "/cosign"
			return n.tell(f.People, f.Bodies, "proposal.notice.invited")
		}),
		about("proposal.signatures-reset", func(n *news, f SignaturesReset) error {
			n.page = "/cosign"
			return n.signers(f.Signers, "proposal.notice.sign-again")
		}),
		about("proposal.invitations-lapsed", func(n *news, f InvitationsLapsed) error { return n.signers(f.Signers, "proposal.notice.lapsed") }),
		about("proposal.signer-removed", func(n *news, f SignerRemoved) error {
			return n.signers([]string{f.Signer}, "proposal.notice.removed")
		}),
		about("proposal.invitation-answered", func(n *news, f SignerAnswered) error {
			name := ""
			for _, s := range n.p.Signers {
				if s.ID == f.Signer {
					name = s.Name
				}
			}
			if f.Signed {
				return n.author("proposal.notice.signed", "signer", name)
			}
			return n.author("proposal.notice.refused", "signer", name)
		}),
	)
}

// news is what is told of one fact about one proposal.
type news struct {
	l    *app.Look
	p    *Proposal
	page string // below the proposal's own, "" for that one
	list []notify.Notice
}

// about makes a rule of what to tell when a fact of a type happened. A proposal
// that is gone by then is not told of.
func about[F any](fact string, say func(*news, F) error) notify.Rule {
	return notify.Rule{Fact: fact, Notices: func(l *app.Look, h app.Heard) ([]notify.Notice, error) {
		f, err := notify.Body[F](h)
		if err != nil {
			return nil, err
		}
		p, err := load(l, h.ObjectID)
		if err != nil {
			return nil, err
		}
		n := &news{l: l, p: p}
		if err := say(n, f); err != nil {
			return nil, err
		}
		return n.list, nil
	}}
}

// tell adds a sentence for people and for the conveners of organisations.
func (n *news) tell(people, bodies []string, key string, args ...string) error {
	to, err := notify.People(n.l, people, bodies)
	if err != nil {
		return err
	}
	n.list = append(n.list, notify.Notice{To: to, Key: key, Args: append([]string{"title", n.p.Title, "lead", n.p.LeadName}, args...), Link: "/proposals/" + n.p.ID + n.page})
	return nil
}

// author tells who answers for the text: the member who wrote it, and the staff
// who entered it for him; the conveners of the organisation that leads it.
func (n *news) author(key string, args ...string) error {
	if lead := n.p.leadBody(); lead != nil {
		return n.tell([]string{n.p.EnteredBy}, []string{lead.ID}, key, args...)
	}
	return n.tell([]string{n.p.AuthorID, n.p.EnteredBy}, nil, key, args...)
}

// proposers tells the author and everybody who signed.
func (n *news) proposers(key string, args ...string) error {
	people, bodies := []string{n.p.EnteredBy}, []string(nil)
	if !n.p.Kind.Collective() {
		people = append(people, n.p.AuthorID)
	}
	for _, s := range n.p.Signers {
		switch {
		case s.State != Signed:
		case s.IsBody:
			bodies = append(bodies, s.ID)
		default:
			people = append(people, s.ID)
		}
	}
	return n.tell(people, bodies, key, args...)
}

// signers tells some of those who were asked to sign.
func (n *news) signers(ids []string, key string) error {
	if n.p.Kind.Collective() {
		return n.tell(nil, ids, key)
	}
	return n.tell(ids, nil, key)
}

// reviewers tells those who review at a level; nobody after the last one.
func (n *news) reviewers(level, key string) error {
	var kind access.PostKind
	switch level {
	case profile.Preliminary:
		kind = access.Reviewer
	case profile.First, profile.Second:
		kind = access.Office
	case profile.Final:
		kind = access.Chief
	default:
		return nil
	}
	to, err := notify.Holders(n.l, "", kind)
	if err != nil {
		return err
	}
	return n.tell(to, nil, key)
}
