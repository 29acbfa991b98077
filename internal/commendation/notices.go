package commendation

import (
	"cmp"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/notify"
)

// Notices says who is told what of a campaign.
func Notices() []notify.Rule {
	return []notify.Rule{
		about("commendation.opened", opened),
		about("commendation.advanced", advanced),
		about("commendation.objected", func(n *news, _ WasObjected) error {
			return n.holders("commendation.notice.objected", access.Office, access.Chief)
		}),
		about("commendation.announced", announced),
	}
}

// news is what is told of one fact about one campaign.
type news struct {
	l    *app.Look
	g    *Campaign
	list []notify.Notice
}

func about[F any](fact string, say func(*news, F) error) notify.Rule {
	return notify.Rule{Fact: fact, Notices: func(l *app.Look, h app.Heard) ([]notify.Notice, error) {
		f, err := notify.Body[F](h)
		if err != nil {
			return nil, err
		}
		g, err := load(l, h.ObjectID)
		if err != nil {
			return nil, err
		}
		n := &news{l: l, g: g}
		if err := say(n, f); err != nil {
			return nil, err
		}
		return n.list, nil
	}}
}

func (n *news) tell(to []string, key, page string, args ...string) {
	if len(to) > 0 {
		n.list = append(n.list, notify.Notice{To: to, Key: key, Args: append([]string{"title", n.g.Title}, args...), Link: "/commendations/" + n.g.ID + page})
	}
}

func (n *news) holders(key string, kinds ...access.PostKind) error {
	to, err := notify.Holders(n.l, "", kinds...)
	n.tell(to, key, "")
	return err
}

// opened tells everybody with a quota, each once.
func opened(n *news, _ WasOpened) error {
	var kinds []access.PostKind
	for _, q := range n.g.Rules.Quotas {
		switch q.By {
		case ByMember:
			kinds = append(kinds, access.Member)
		case ByUnit:
			kinds = append(kinds, access.Handler, access.Signer)
		case ByDesk:
			kinds = append(kinds, access.Dispatcher)
		default:
			kinds = append(kinds, access.Convener)
		}
	}
	slices.Sort(kinds)
	to, err := notify.Holders(n.l, "", slices.Compact(kinds)...)
	n.tell(to, "commendation.notice.opened", "/nominate", "to", n.g.ClosesOn)
	return err
}

// advanced tells those whose turn it is.
func advanced(n *news, f WasAdvanced) error {
	switch f.Stage {
	case Reading:
		return n.holders("commendation.notice.reading", access.Office)
	case Reviewing:
		to, err := reviewers(n.l, n.g)
		n.tell(to, "commendation.notice.review", "/review")
		return err
	case Approval:
		return n.holders("commendation.notice.approval", access.Chief)
	case Noticed:
		to, err := notify.Holders(n.l, "", access.Member, access.Convener, access.Leader)
		n.tell(to, "commendation.notice.published", "/winners", "to", cmp.Or(n.g.NoticeUntil, n.g.ClosesOn))
		return err
	default:
		return nil
	}
}

// announced tells the winners: the proposers of a proposal, those who act for a
// unit, the person.
func announced(n *news, f WasAnnounced) error {
	people, bodies, err := winnersOf(n.l, proposalsIn(f))
	if err != nil {
		return err
	}
	winners, err := n.g.winners(n.l)
	if err != nil {
		return err
	}
	for _, d := range winners {
		var to []string
		switch f.Kind {
		case OfProposals:
			to, err = notify.People(n.l, people[d.SubjectID], bodies[d.SubjectID])
		case OfUnits:
			to, err = notify.Holders(n.l, d.SubjectID, access.Handler, access.Signer)
		default:
			to = []string{d.SubjectID}
		}
		if err != nil {
			return err
		}
		n.tell(to, "commendation.notice.won."+string(f.Kind), "/winners", "name", d.Name)
	}
	return nil
}

func proposalsIn(f WasAnnounced) []string {
	if f.Kind == OfProposals {
		return f.Winners
	}
	return nil
}
