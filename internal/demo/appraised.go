package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/appraisal"
	"tongxin/internal/demo/fiction"
	"tongxin/internal/proposal"
)

// grade is the two-way appraisal of an answered case: the unit grades the
// proposal, who wrote it grades the handling; neither sees the other's before.
func (t *teller) grade(e *errand) error {
	aspects := func(codes ...string) (list []appraisal.AspectIn) {
		for i, c := range codes {
			mark := "95"
			if (e.No+i)%3 == 0 {
				mark = "82"
			}
			list = append(list, appraisal.AspectIn{Aspect: c, Mark: mark})
		}
		return list
	}
	in := appraisal.GradeIn{ID: e.id, Marks: aspects("science", "earnest", "feasible", "standard", "influence"), Words: t.city.Phrase(fiction.OfProposal, e.No/6)}
	if _, err := appraisal.GradeProposal.Do(t.ctx, t.app, e.handler, in); err != nil {
		return late(err, "grade "+e.Title)
	}
	if e.No%4 == 3 { // half of the proposers say nothing
		return nil
	}
	in = appraisal.GradeIn{ID: e.id, Marks: aspects("contact", "pertinent", "effect"), Words: t.city.Phrase(fiction.OfHandling, e.No/6)}
	if _, err := appraisal.GradeHandling.Do(t.ctx, t.app, e.author, in); err != nil {
		return late(err, "grade the handling of "+e.Title)
	}
	return nil
}

// gathering is an appraisal meeting on the key proposals of a session.
type gathering struct {
	*session
	out    appraisal.MeetingOut
	people []access.Actor
}

// meetings: one was held on the latest session whose handling is over, one is
// being prepared.
func (t *teller) meetings() {
	for i := len(t.sessions) - 1; i >= 0; i-- {
		held := t.sessions[i].handing.AddDate(0, 0, 215)
		if held.After(t.o.Today.AddDate(0, 0, -25)) {
			continue
		}
		g := &gathering{session: &t.sessions[i]}
		t.at(held.AddDate(0, 0, -8), func() error { return t.prepare(g, held) })
		t.at(held, func() error { return t.score(g) })
		t.at(held.AddDate(0, 0, 6), func() error { return t.mend(g) })
		break
	}
	next := &gathering{session: &t.sessions[len(t.sessions)-1]}
	t.daysAgo(6, func() error { return t.draftMeeting(next, t.o.Today.AddDate(0, 0, 30)) })
}

func (t *teller) draftMeeting(g *gathering, held time.Time) error {
	var err error
	g.out, err = appraisal.DraftMeeting.Do(t.ctx, t.app, t.people["office"], appraisal.DraftMeetingIn{Title: "重点提案办理民主评议", HeldOn: day(held)})
	if err != nil {
		return fmt.Errorf("prepare an appraisal meeting: %w", err)
	}
	return nil
}

// prepare asks the units of the session's key proposals, and leaders, directors
// of special committees and conveners of sectors as participants.
func (t *teller) prepare(g *gathering, held time.Time) error {
	if err := t.draftMeeting(g, held); err != nil {
		return err
	}
	in := appraisal.SetMeetingIn{ID: g.out.ID, Version: g.out.Version, Title: strconv.Itoa(g.opens.Year()) + "年重点提案办理民主评议", HeldOn: day(held),
		Levels: []appraisal.LevelRow{{Name: "优秀", From: "90"}, {Name: "良好", From: "75"}, {Name: "一般", From: "0"}}}
	for _, name := range []string{"组织领导", "办理机制", "沟通面商", "办理成效", "规范答复"} {
		in.Items = append(in.Items, appraisal.ItemRow{Name: name, Full: "20"})
	}
	keys, err := proposal.KeyList.Do(t.ctx, t.app, t.people["office"], proposal.KeyListIn{Year: int64(g.opens.Year())})
	if err != nil {
		return fmt.Errorf("look at the key proposals: %w", err)
	}
	seen := map[string]bool{}
	for _, x := range keys.Others {
		if !seen[x.LeadUnitName] && x.LeadUnitName != "" {
			seen[x.LeadUnitName] = true
			in.Units = append(in.Units, appraisal.UnitRow{Unit: x.LeadUnitName})
		}
	}
	if len(in.Units) == 0 {
		return nil
	}
	g.people = append(g.people, t.all[access.Leader][:3]...)
	for _, c := range t.city.Committees {
		g.people = append(g.people, t.people[member(c.Director)])
	}
	var names []string
	for _, who := range g.people {
		names = append(names, who.Name)
	}
	in.People = strings.Join(names, "\n")
	office := t.people["office"]
	if g.out, err = appraisal.SetMeeting.Do(t.ctx, t.app, office, in); err != nil {
		return fmt.Errorf("prepare an appraisal meeting: %w", err)
	}
	if g.out, err = appraisal.OpenMeeting.Do(t.ctx, t.app, office, appraisal.NameIn{ID: g.out.ID, Version: g.out.Version}); err != nil {
		return fmt.Errorf("open an appraisal meeting: %w", err)
	}
	return nil
}

// score lets units give account and participants score, each but the last.
func (t *teller) score(g *gathering) error {
	if len(g.people) == 0 {
		return nil
	}
	office := t.people["office"]
	x, err := appraisal.ShowMeeting.Do(t.ctx, t.app, office, appraisal.SchemeAsk{ID: g.out.ID})
	if err != nil {
		return fmt.Errorf("look at the appraisal meeting: %w", err)
	}
	for i, u := range x.Units {
		who := t.people["handler:"+t.unitOf[u.UnitID]]
		if _, err := appraisal.GiveAccount.Do(t.ctx, t.app, who, appraisal.AccountIn{ID: x.ID, Unit: u.UnitID, Words: t.city.Phrase(fiction.Accounting, i)}); err != nil {
			return fmt.Errorf("give account: %w", err)
		}
	}
	for n, who := range g.people[:len(g.people)-1] {
		in := appraisal.ScoreIn{ID: x.ID}
		for i, u := range x.Units {
			if who.HoldsPostIn(u.UnitID) {
				continue
			}
			for j, item := range x.Items {
				in.Rows = append(in.Rows, appraisal.ScoreRow{Unit: u.UnitID, Item: item.Code, Mark: strconv.Itoa(15 + (n*3+i*2+j)%6)})
			}
		}
		if _, err := appraisal.ScoreUnits.Do(t.ctx, t.app, who, in); err != nil {
			return fmt.Errorf("score the units: %w", err)
		}
	}
	if g.out, err = appraisal.Announce.Do(t.ctx, t.app, office, appraisal.NameIn{ID: x.ID}); err != nil {
		return fmt.Errorf("announce the result: %w", err)
	}
	return nil
}

// mend reports the result; one unit is asked to mend something, and does.
func (t *teller) mend(g *gathering) error {
	if len(g.people) == 0 {
		return nil
	}
	office := t.people["office"]
	x, err := appraisal.ShowMeeting.Do(t.ctx, t.app, office, appraisal.SchemeAsk{ID: g.out.ID})
	if err != nil {
		return fmt.Errorf("look at the appraisal meeting: %w", err)
	}
	last := x.Units[len(x.Units)-1]
	in := appraisal.ReportIn{ID: x.ID, Version: g.out.Version, Report: t.city.Phrase(fiction.MeetingReport, 0),
		Rows: []appraisal.DemandRow{{Unit: last.UnitID, Demand: t.city.Phrase(fiction.Demanding, 0), MendBy: t.dayIn(20)}}}
	if _, err := appraisal.ReportMeeting.Do(t.ctx, t.app, office, in); err != nil {
		return fmt.Errorf("report the result: %w", err)
	}
	t.after(t.between(8, 14), func() error {
		who := t.people["handler:"+t.unitOf[last.UnitID]]
		if _, err := appraisal.Mend.Do(t.ctx, t.app, who, appraisal.AccountIn{ID: x.ID, Unit: last.UnitID, Words: t.city.Phrase(fiction.Mending, 0)}); err != nil {
			return fmt.Errorf("mend: %w", err)
		}
		return nil
	})
	return nil
}
