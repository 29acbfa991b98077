package commendation

import (
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// NominateIn names what is nominated in a campaign, and why.
type NominateIn struct {
	ID      string `json:"id"`      // campaign
	Subject string `json:"subject"` // proposal, unit or person
	Reason  string `json:"reason"`
}

// NominateOut is the nomination.
type NominateOut struct {
	ID         string `json:"id"`
	CampaignID string `json:"campaign_id"`
	Left       int    `json:"left"` // of the quota
}

// bid is something that somebody is about to nominate.
type bid struct {
	g         *Campaign
	share     Share
	nominates bool // his post has a quota
	record    Record
	mine      bool // he or his body has nominated it
}

// Object names the campaign.
func (b *bid) Object() (kind, id string) { return b.g.Object() }

// Nominate nominates something within the quota of the nominator (推荐).
var Nominate = app.Define("commendation.nominate", loadBid, mayNominate, nominate)

func loadBid(c *app.Call, in NominateIn) (*bid, error) {
	g, err := load(&c.Look, in.ID)
	if err != nil {
		return nil, err
	}
	if v := g.guard(c.Who(), true, ""); !v.Allowed() {
		return &bid{g: g}, nil // the rule hides it
	}
	u, err := universeOf(&c.Look, g)
	if err != nil {
		return nil, err
	}
	b := &bid{g: g}
	if b.share, b.nominates, err = u.share(); err != nil || !b.nominates {
		return b, err
	}
	if b.record, err = u.record(in.Subject); err != nil {
		return nil, err
	}
	var n int
	err = c.Tx().Row(c.Ctx(), "SELECT COUNT(*) FROM commendation_nomination WHERE campaign_id = ? AND nominator_id = ? AND subject_id = ? AND withdrawn_at IS NULL",
		g.ID, b.share.ID, in.Subject).Scan(&n)
	if err != nil {
		return nil, fmt.Errorf("look for a nomination of %s: %w", in.Subject, err)
	}
	b.mine = n > 0
	return b, nil
}

func mayNominate(who access.Actor, b *bid) access.Verdict {
	if v := b.g.guard(who, b.nominates, "commendation.nominate.not-asked"); !v.Allowed() {
		return v
	}
	return access.When(Granted(ToNominate, b.g.Kind, b.record.Tie) != Never, "commendation.own.nominate")
}

// allowed tells whether the quota leaves room for it.
func (b *bid) allowed() error {
	switch {
	case b.mine:
		return fault.New(fault.Conflict, "commendation.nominate.twice")
	case b.share.Quota.Linked && !b.record.Linked:
		return fault.New(fault.Invalid, "commendation.nominate.not-linked")
	case b.share.Left() == 0:
		return fault.New(fault.Closed, "commendation.quota.used", "n", b.share.Allowed)
	case b.counted() && b.share.OwnLeft() == 0:
		return fault.New(fault.Closed, "commendation.quota.own", "n", b.share.Quota.OwnMost)
	}
	return nil
}

// counted tells whether it counts against the part of the quota for one's own.
func (b *bid) counted() bool { return Granted(ToNominate, b.g.Kind, b.record.Tie) == Counted }

func nominate(c *app.Call, b *bid, in NominateIn) (NominateOut, error) {
	g := b.g
	if err := g.at(Nominating); err != nil {
		return NominateOut{}, err
	}
	if !g.open(&c.Look) {
		return NominateOut{}, fault.New(fault.Closed, "commendation.nominate.window", "from", g.OpensOn, "to", g.ClosesOn)
	}
	if err := b.allowed(); err != nil {
		return NominateOut{}, err
	}
	if against := g.Rules.refusals(g.Kind, b.record); len(against) > 0 {
		f := &fault.Problems{}
		for _, w := range against {
			f.Add("subject", w.Key, anys(w.Args)...)
		}
		return NominateOut{}, f.Err()
	}
	var p fault.Problems
	reason := words(&p, "reason", in.Reason, wordsAtMost, true)
	if err := p.Err(); err != nil {
		return NominateOut{}, err
	}
	out := NominateOut{ID: id.New(), CampaignID: g.ID, Left: b.share.Left() - 1}
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO commendation_nomination (id, committee_id, campaign_id, subject_id, nominator_kind, nominator_id, nominator_name, own, reason, person_id, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		out.ID, g.CommitteeID, g.ID, in.Subject, string(b.share.By), b.share.ID, b.share.Name, b.counted(), reason, c.Who().PersonID, c.Now())
	if errors.Is(err, store.ErrUnique) {
		return NominateOut{}, fault.New(fault.Conflict, "commendation.nominate.twice").Because(err)
	}
	if err != nil {
		return NominateOut{}, fmt.Errorf("nominate %s: %w", in.Subject, err)
	}
	c.Detail(map[string]any{"subject": in.Subject, "nominator": b.share.ID, "left": out.Left})
	return out, nil
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, x := range list {
		out[i] = x
	}
	return out
}

// WithdrawIn names a nomination that is taken back.
type WithdrawIn struct {
	ID string `json:"id"`
}

// given is a nomination and its campaign.
type given struct {
	g *Campaign
	n Nomination
}

// Object names the nomination.
func (x *given) Object() (kind, id string) { return "commendation-nomination", x.n.ID }

// Withdraw takes a nomination back while nominating is open, by whoever
// nominates in the same capacity; the quota is free again (撤回推荐).
var Withdraw = app.Define("commendation.withdraw", func(c *app.Call, in WithdrawIn) (*given, error) {
	x := &given{}
	var campaign string
	err := c.Tx().Row(c.Ctx(), "SELECT campaign_id FROM commendation_nomination WHERE id = ? AND committee_id = ?", in.ID, c.Who().CommitteeID).Scan(&campaign)
	if errors.Is(err, store.ErrNone) {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	if err == nil {
		x.g, err = load(&c.Look, campaign)
	}
	if err == nil {
		err = scanNomination(c.Tx().Row(c.Ctx(), "SELECT "+nominationColumns+" FROM commendation_nomination n WHERE n.id = ?", in.ID), &x.n)
	}
	if err != nil {
		return nil, fmt.Errorf("read nomination %s: %w", in.ID, err)
	}
	return x, nil
}, mayWithdraw, func(c *app.Call, x *given, _ WithdrawIn) (NominateOut, error) {
	out := NominateOut{ID: x.n.ID, CampaignID: x.g.ID}
	switch {
	case !x.n.Withdrawn.IsZero():
		return out, fault.New(fault.Closed, "commendation.withdraw.done")
	case !x.g.open(&c.Look):
		return out, fault.New(fault.Closed, "commendation.nominate.window", "from", x.g.OpensOn, "to", x.g.ClosesOn)
	}
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE commendation_nomination SET withdrawn_at = ? WHERE id = ?", c.Now(), x.n.ID); err != nil {
		return out, fmt.Errorf("withdraw nomination %s: %w", x.n.ID, err)
	}
	u, err := universeOf(&c.Look, x.g)
	if err != nil {
		return out, err
	}
	share, _, err := u.share()
	out.Left = share.Left()
	return out, err
})

func mayWithdraw(who access.Actor, x *given) access.Verdict {
	as, ok := nominatorOf(who)
	if v := x.g.guard(who, true, ""); !v.Allowed() || !ok || as.ID != x.n.nominatorID {
		return access.Hide()
	}
	return access.Allow()
}
