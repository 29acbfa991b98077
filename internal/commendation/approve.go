package commendation

import (
	"slices"
	"strconv"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
)

// Decisions of the Chair's Council about a candidate.
const (
	Keep      = "keep"
	Leave     = "drop"
	rowsField = "rows."
)

// Ruled is the decision about one candidate; a reason is needed to drop it.
type Ruled struct {
	ID       string `json:"id"`
	Decision string `json:"decision"` // keep, drop
	Reason   string `json:"reason,omitempty"`
}

// ApproveIn is the decision of the Chair's Council.
type ApproveIn struct {
	ID          string  `json:"id"`
	DecidedOn   string  `json:"decided_on"`
	Reference   string  `json:"reference"` // number of the minutes or the meeting
	OverReason  string  `json:"over_reason,omitempty"`
	ShareReason string  `json:"share_reason,omitempty"`
	Version     int64   `json:"version"`
	Rows        []Ruled `json:"rows"`
}

// Approve enters the decision of the Chair's Council (主席会议审定): who is kept, and
// why the others are not. More winners than the number, or fewer collective
// ones than their share, need a written reason.
var Approve = app.Define("commendation.approve", func(c *app.Call, in ApproveIn) (*Campaign, error) { return load(&c.Look, in.ID) },
	byChief, func(c *app.Call, g *Campaign, in ApproveIn) (CampaignOut, error) {
		if err := g.at(Approval); err != nil {
			return CampaignOut{}, err
		}
		if in.Version != g.Version {
			return CampaignOut{}, fault.New(fault.Stale, "fault.stale")
		}
		all, err := candidates(&c.Look, g.ID)
		if err != nil {
			return CampaignOut{}, err
		}
		all = slices.DeleteFunc(all, func(d *Candidate) bool { return !d.in() })
		kept, err := g.decide(&c.Look, all, &in)
		if err != nil {
			return CampaignOut{}, err
		}
		for i, d := range all {
			if in.Rows[i].Decision == Leave {
				if err := g.drop(c, d, Approval, Why{Words: in.Rows[i].Reason}); err != nil {
					return CampaignOut{}, err
				}
			}
		}
		if err := g.move(c, Approved); err != nil {
			return CampaignOut{}, err
		}
		g.DecidedOn, g.Reference, g.OverReason, g.ShareReason = in.DecidedOn, in.Reference, in.OverReason, in.ShareReason
		c.Detail(map[string]any{"kept": kept, "most": g.Most})
		why := because("commendation.why.decided", "on", in.DecidedOn, "reference", in.Reference, "n", kept, "most", g.Most)
		return g.out(), g.advance(c, Approval, "approved", why)
	})

// decide checks the decision against the candidates that are in, and brings its
// rows into their order.
func (g *Campaign) decide(l *app.Look, all []*Candidate, in *ApproveIn) (kept int, err error) {
	var p fault.Problems
	on := day(&p, "decided_on", in.DecidedOn)
	p.Check(!on.After(today(l)) && (on == calendar.Date{} || on.String() >= g.OpensOn), "decided_on", "commendation.decided-when")
	in.Reference = words(&p, "reference", in.Reference, referenceAtMost, true)
	in.OverReason = words(&p, "over_reason", in.OverReason, wordsAtMost, false)
	in.ShareReason = words(&p, "share_reason", in.ShareReason, wordsAtMost, false)
	rows := make([]Ruled, len(all))
	collective := 0
	for i, d := range all {
		j := slices.IndexFunc(in.Rows, func(r Ruled) bool { return r.ID == d.ID })
		if j < 0 {
			p.Add("rows", "commendation.approve.missing", "name", d.Name)
			continue
		}
		row := in.Rows[j]
		field := rowsField + strconv.Itoa(j)
		p.Check(row.Decision == Keep || row.Decision == Leave, field+".decision", "commendation.approve.decide")
		row.Reason = words(&p, field+".reason", row.Reason, wordsAtMost, row.Decision == Leave)
		if row.Decision == Keep {
			kept++
			if d.Collective {
				collective++
			}
		}
		rows[i] = row
	}
	p.Check(len(in.Rows) <= len(all), "rows", "commendation.approve.unknown")
	p.Check(kept > 0 || p.Err() != nil, "rows", "commendation.approve.nobody")
	p.Check(kept <= g.Most || in.OverReason != "", "over_reason", "commendation.approve.over", "n", kept, "most", g.Most)
	if need := collectiveOf(g.Rules.CollectivePercent, kept); collective < need {
		p.Check(in.ShareReason != "", "share_reason", "commendation.approve.share", "n", collective, "need", need)
	}
	in.Rows = rows
	return kept, p.Err()
}

// Publish puts the list into public notice (公示) for the working days that the
// rules ask for, counted from the day after. What was published stays: a later
// change of the calendar does not move it.
var Publish = app.Define("commendation.publish", loadStage, byStaff, func(c *app.Call, g *Campaign, _ StageIn) (CampaignOut, error) {
	if err := g.move(c, Noticed); err != nil {
		return CampaignOut{}, err
	}
	days, err := calendar.Current(&c.Look)
	if err != nil {
		return CampaignOut{}, err
	}
	d, err := calendar.Compute(today(&c.Look), calendar.Rule{Base: calendar.FromNotice, Workdays: g.Rules.NoticeWorkdays}, days)
	if err != nil {
		return CampaignOut{}, err
	}
	d.Steps[0] = calendar.Step{Key: "commendation.step.published", On: today(&c.Look)} // the word of the public notice itself
	g.Notice, g.NoticeUntil = &d, d.On.String()
	return g.out(), g.advance(c, Approved, "published", because("commendation.why.published", "to", g.NoticeUntil, "n", g.Rules.NoticeWorkdays))
})

// AnnounceIn commends the winners.
type AnnounceIn struct {
	ID          string `json:"id"`
	Occasion    string `json:"occasion"` // the plenary or meeting
	ShareReason string `json:"share_reason,omitempty"`
}

// Announce commends the winners (表彰), when public notice is over and every
// objection is ruled on. The winners are told.
var Announce = app.Define("commendation.announce", func(c *app.Call, in AnnounceIn) (*Campaign, error) { return load(&c.Look, in.ID) },
	byChief, func(c *app.Call, g *Campaign, in AnnounceIn) (CampaignOut, error) {
		if err := g.move(c, Announced); err != nil {
			return CampaignOut{}, err
		}
		if !g.Notice.Late(c.Now().Time) {
			return CampaignOut{}, fault.New(fault.Closed, "commendation.notice.running", "to", g.NoticeUntil)
		}
		list, err := objectionsOf(&c.Look, g.ID)
		if err != nil {
			return CampaignOut{}, err
		}
		if open := slices.DeleteFunc(list, func(o Objection) bool { return o.Ruling != "" }); len(open) > 0 {
			return CampaignOut{}, fault.New(fault.Closed, "commendation.notice.objections", "n", len(open))
		}
		winners, err := g.winners(&c.Look)
		if err != nil {
			return CampaignOut{}, err
		}
		var p fault.Problems
		g.Occasion = words(&p, "occasion", in.Occasion, titleAtMost, true)
		if reason := words(&p, "share_reason", in.ShareReason, wordsAtMost, false); reason != "" {
			g.ShareReason = reason
		}
		// An objection that was upheld may have taken a collective one away.
		n := len(slices.DeleteFunc(slices.Clone(winners), func(d *Candidate) bool { return !d.Collective }))
		if need := collectiveOf(g.Rules.CollectivePercent, len(winners)); n < need {
			p.Check(g.ShareReason != "", "share_reason", "commendation.approve.share", "n", n, "need", need)
		}
		if err := p.Err(); err != nil {
			return CampaignOut{}, err
		}
		if len(winners) == 0 {
			return CampaignOut{}, fault.New(fault.Closed, "commendation.none-left")
		}
		g.AnnouncedOn = today(&c.Look).String()
		if err := g.save(c); err != nil {
			return CampaignOut{}, err
		}
		if err := g.note(c, "", Noticed, "announced", Why{Words: g.Occasion}); err != nil {
			return CampaignOut{}, err
		}
		f := WasAnnounced{Kind: g.Kind, Year: g.Year}
		for _, d := range winners {
			f.Winners = append(f.Winners, d.SubjectID)
		}
		c.Detail(map[string]any{"winners": len(winners)})
		return g.out(), c.Record(f, "commendation", g.ID)
	})

// winners are the candidates that are in.
func (g *Campaign) winners(l *app.Look) ([]*Candidate, error) {
	list, err := candidates(l, g.ID)
	return slices.DeleteFunc(list, func(d *Candidate) bool { return !d.in() }), err
}
