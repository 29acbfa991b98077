package commendation

import (
	"errors"
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/organization"
)

// Plan is what is decided about a campaign before it opens.
type Plan struct {
	Year     int    `json:"year"`
	Session  string `json:"session"` // id; "" for the current one
	Title    string `json:"title"`
	OpensOn  string `json:"opens_on"`
	ClosesOn string `json:"closes_on"` // included
	Rules
}

// CreateIn is a new campaign.
type CreateIn struct {
	Kind string `json:"kind"`
	Plan
}

// CampaignOut names the campaign and how far it is.
type CampaignOut struct {
	ID      string `json:"id"`
	Stage   Stage  `json:"stage"`
	Version int64  `json:"version"`
}

func (g *Campaign) out() CampaignOut { return CampaignOut{g.ID, g.Stage, g.Version} }

// Create prepares a campaign (拟定评优方案); nobody else sees it before it opens.
var Create = app.Define("commendation.create", func(c *app.Call, _ CreateIn) (*Campaign, error) {
	return &Campaign{CommitteeID: c.Who().CommitteeID, Stage: Draft}, nil
}, byStaff, func(c *app.Call, g *Campaign, in CreateIn) (CampaignOut, error) {
	if !slices.Contains(Kinds(), Kind(in.Kind)) {
		return CampaignOut{}, fault.Field("kind", "commendation.choose")
	}
	g.ID, g.Kind, g.StageSince, g.CreatedAt, g.Version = id.New(), Kind(in.Kind), c.Now(), c.Now(), 1
	if err := g.plan(c, in.Plan); err != nil {
		return CampaignOut{}, err
	}
	if err := g.create(c); err != nil {
		return CampaignOut{}, err
	}
	c.Made(g.ID)
	c.Detail(map[string]any{"kind": g.Kind, "year": g.Year})
	return g.out(), g.note(c, "", Draft, "created", Why{})
})

// ChangeIn is a plan as it shall be.
type ChangeIn struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Plan
}

// Change rewrites the plan of a campaign that has not opened (修改方案). Once
// nominating is open its rules stay, because people have relied on them.
var Change = app.Define("commendation.change", func(c *app.Call, in ChangeIn) (*Campaign, error) { return load(&c.Look, in.ID) },
	byStaff, func(c *app.Call, g *Campaign, in ChangeIn) (CampaignOut, error) {
		if err := g.at(Draft); err != nil {
			return CampaignOut{}, err
		}
		if in.Version != g.Version {
			return CampaignOut{}, fault.New(fault.Stale, "fault.stale")
		}
		if err := g.plan(c, in.Plan); err != nil {
			return CampaignOut{}, err
		}
		if err := g.save(c); err != nil {
			return CampaignOut{}, err
		}
		return g.out(), g.note(c, "", Draft, "changed", Why{})
	})

// plan takes over a plan after checking it.
func (g *Campaign) plan(c *app.Call, in Plan) error {
	var p fault.Problems
	within(&p, "year", in.Year, 2000, 2100)
	g.Title = words(&p, "title", in.Title, titleAtMost, true)
	from, to := day(&p, "opens_on", in.OpensOn), day(&p, "closes_on", in.ClosesOn)
	p.Check(!to.Before(from), "closes_on", "commendation.window.order")
	session, err := sessionOf(&c.Look, in.Session)
	if err != nil {
		return err
	}
	p.Check(session != "", "session", "commendation.choose")
	in.Rules.check(&p, g.Kind)
	if in.ReviewBody != "" {
		bodies, err := organization.Bodies(&c.Look, organization.SpecialCommittee)
		if err != nil {
			return err
		}
		p.Check(slices.ContainsFunc(bodies, func(b organization.Body) bool { return b.ID == in.ReviewBody }), "review_body", "commendation.choose")
	}
	g.Year, g.SessionID, g.OpensOn, g.ClosesOn, g.Rules = in.Year, session, from.String(), to.String(), in.Rules
	return p.Err()
}

// sessionOf is a session of the committee, the current one for "", "" when
// there is no such session.
func sessionOf(l *app.Look, id string) (string, error) {
	if id == "" {
		s, err := organization.SessionAt(l, l.Now())
		if errors.Is(err, organization.ErrNoSession) {
			return "", nil
		}
		return s.ID, err
	}
	list, err := organization.Sessions(l)
	if !slices.ContainsFunc(list, func(s organization.Session) bool { return s.ID == id }) {
		id = ""
	}
	return id, err
}

// StageIn names a campaign that goes on to its next stage.
type StageIn struct {
	ID string `json:"id"`
}

func loadStage(c *app.Call, in StageIn) (*Campaign, error) { return load(&c.Look, in.ID) }

// Open opens nominating (启动推荐); those who nominate are told.
var Open = app.Define("commendation.open", loadStage, byChief, func(c *app.Call, g *Campaign, _ StageIn) (CampaignOut, error) {
	if err := g.move(c, Nominating); err != nil {
		return CampaignOut{}, err
	}
	if g.ClosesOn < today(&c.Look).String() {
		return CampaignOut{}, fault.New(fault.Closed, "commendation.window.past", "to", g.ClosesOn)
	}
	if err := g.save(c); err != nil {
		return CampaignOut{}, err
	}
	if err := g.note(c, "", Nominating, "opened", Why{}); err != nil {
		return CampaignOut{}, err
	}
	return g.out(), c.Record(WasOpened{g.Kind, g.Year}, "commendation", g.ID)
})

// ExtendIn moves the last day of nominating.
type ExtendIn struct {
	ID       string `json:"id"`
	ClosesOn string `json:"closes_on"`
	Reason   string `json:"reason"`
	Version  int64  `json:"version"`
}

// Extend gives more days for nominating, with a reason (延长推荐时间).
var Extend = app.Define("commendation.extend", func(c *app.Call, in ExtendIn) (*Campaign, error) { return load(&c.Look, in.ID) },
	byStaff, func(c *app.Call, g *Campaign, in ExtendIn) (CampaignOut, error) {
		if err := g.at(Nominating); err != nil {
			return CampaignOut{}, err
		}
		if in.Version != g.Version {
			return CampaignOut{}, fault.New(fault.Stale, "fault.stale")
		}
		var p fault.Problems
		to := day(&p, "closes_on", in.ClosesOn)
		reason := words(&p, "reason", in.Reason, wordsAtMost, true)
		p.Check(to == (calendar.Date{}) || to.String() > g.ClosesOn && !to.Before(today(&c.Look)), "closes_on", "commendation.window.later")
		if err := p.Err(); err != nil {
			return CampaignOut{}, err
		}
		why := because("commendation.why.extended", "from", g.ClosesOn, "to", to)
		why.Words = reason
		g.ClosesOn = to.String()
		if err := g.save(c); err != nil {
			return CampaignOut{}, err
		}
		return g.out(), g.note(c, "", Nominating, "extended", why)
	})

// CancelIn ends a campaign without winners.
type CancelIn struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Cancel ends a campaign before it is announced, with a reason (终止评优); another
// one of the year may then be prepared.
var Cancel = app.Define("commendation.cancel", func(c *app.Call, in CancelIn) (*Campaign, error) { return load(&c.Look, in.ID) },
	byChief, func(c *app.Call, g *Campaign, in CancelIn) (CampaignOut, error) {
		from := g.Stage
		if err := g.move(c, Cancelled); err != nil {
			return CampaignOut{}, err
		}
		var p fault.Problems
		reason := words(&p, "reason", in.Reason, wordsAtMost, true)
		if err := p.Err(); err != nil {
			return CampaignOut{}, err
		}
		if err := g.save(c); err != nil {
			return CampaignOut{}, err
		}
		return g.out(), g.note(c, "", from, "cancelled", Why{Words: reason})
	})
