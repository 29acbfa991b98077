package commendation

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// scope is the part of table commendation_campaign (alias g) that somebody may
// know of. It says the same as Campaign.guard.
func scope(who access.Actor) access.Scope {
	switch {
	case !concerned(who):
		return access.Nothing()
	case staff(who):
		return access.Committee("g.committee_id", who.CommitteeID)
	default:
		return access.Committee("g.committee_id", who.CommitteeID).And("g.stage <> 'draft'")
	}
}

// seen reads a campaign that the one who asks may know of.
func seen(l *app.Look, id string) (*Campaign, error) {
	g, err := load(l, id)
	if err == nil && !g.guard(l.Who(), true, "").Allowed() {
		err = fault.New(fault.NotFound, "fault.not-found")
	}
	return g, err
}

// ListIn filters the list of campaigns.
type ListIn struct {
	Kind string `json:"kind,omitempty"`
	Year int    `json:"year,omitempty"` // 0: all
}

// CampaignLine is a campaign as the list shows it.
type CampaignLine struct {
	Campaign
	Winners int  `json:"winners"` // that are in, from public notice on
	Open    bool `json:"open"`    // today something may be nominated
}

// ListOut are the campaigns, the newest first.
type ListOut struct {
	Campaigns []CampaignLine `json:"campaigns"`
	MayCreate bool           `json:"may_create"`
}

// List lists the campaigns that somebody may know of.
var List = app.Ask("commendation.list", scope, func(l *app.Look, s access.Scope, in ListIn) (ListOut, error) {
	where := []store.Fragment{store.F(s.SQL(), s.Args()...)}
	if in.Kind != "" {
		where = append(where, store.F("g.kind = ?", in.Kind))
	}
	if in.Year != 0 {
		where = append(where, store.F("g.year = ?", in.Year))
	}
	w := store.And(where...)
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *CampaignLine) error { return scanCampaign(r, &x.Campaign) },
		"SELECT "+campaignColumns+" FROM commendation_campaign g WHERE "+w.SQL+" ORDER BY g.year DESC, g.id DESC LIMIT 200", w.Args...)
	if err != nil {
		return ListOut{}, fmt.Errorf("list campaigns: %w", err)
	}
	for i := range list {
		x := &list[i]
		x.Open = x.open(l)
		if !x.Stage.reached(Noticed) {
			continue
		}
		if err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM commendation_candidate WHERE campaign_id = ? AND dropped_at = ''", x.ID).Scan(&x.Winners); err != nil {
			return ListOut{}, fmt.Errorf("count the winners of %s: %w", x.ID, err)
		}
	}
	return ListOut{list, Create.May(l.Who(), &Campaign{CommitteeID: l.Who().CommitteeID, Stage: Draft})}, nil
})

// FormIn asks for what the form of a plan needs.
type FormIn struct {
	ID   string `json:"id,omitempty"`   // campaign to change, "" for a new one
	Kind string `json:"kind,omitempty"` // of a new one
}

// FormOut is a plan to begin from, and the choices.
type FormOut struct {
	Kind     Kind                   `json:"kind"`
	Plan     Plan                   `json:"plan"`
	Version  int64                  `json:"version"`
	Sessions []organization.Session `json:"sessions"`
	Bodies   []organization.Body    `json:"bodies"` // special committees that may review
}

// Form gives the plan of a draft, or the defaults for a new one, to the staff.
var Form = app.Ask("commendation.form", scope, func(l *app.Look, _ access.Scope, in FormIn) (FormOut, error) {
	if !staff(l.Who()) {
		return FormOut{}, fault.New(fault.NotFound, "fault.not-found")
	}
	out := FormOut{Kind: Kind(in.Kind)}
	if in.ID != "" {
		g, err := seen(l, in.ID)
		if err != nil {
			return out, err
		}
		out.Kind, out.Version = g.Kind, g.Version
		out.Plan = Plan{Year: g.Year, Session: g.SessionID, Title: g.Title, OpensOn: g.OpensOn, ClosesOn: g.ClosesOn, Rules: g.Rules}
	} else {
		if !slices.Contains(Kinds(), out.Kind) {
			out.Kind = OfProposals
		}
		session, err := sessionOf(l, "")
		if err != nil {
			return out, err
		}
		on := today(l)
		out.Plan = Plan{Year: on.Year(), Session: session, OpensOn: on.String(), ClosesOn: on.Add(14).String(), Rules: DefaultRules(out.Kind)}
	}
	var err error
	if out.Sessions, err = organization.Sessions(l); err != nil {
		return out, err
	}
	out.Bodies, err = organization.Bodies(l, organization.SpecialCommittee)
	return out, err
})
