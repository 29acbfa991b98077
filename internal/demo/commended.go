package demo

import (
	"fmt"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/commendation"
	"tongxin/internal/demo/fiction"
	"tongxin/internal/fault"
)

// honours is a campaign of commendation for a session.
type honours struct {
	*session
	kind            commendation.Kind
	id              string // "" when nobody nominated anything
	opensOn, closes time.Time
}

// commendations: the excellent proposals of one session were announced when the
// next one opened. Nominations are collected now for those of the next, or while
// few of them are answered yet, for the units of the same.
func (t *teller) commendations() {
	last := -1
	for i := range t.sessions[:len(t.sessions)-1] {
		if t.sessions[i+1].opens.Before(t.o.Today.AddDate(0, 0, -20)) {
			last = i
		}
	}
	if last < 0 {
		return
	}
	next := t.sessions[last+1]
	t.commend(&honours{session: &t.sessions[last], kind: commendation.OfProposals, opensOn: next.opens.AddDate(0, 0, -80), closes: next.opens.AddDate(0, 0, -66)}, next.opens)
	h := &honours{session: &t.sessions[last], kind: commendation.OfUnits, opensOn: t.o.Today.AddDate(0, 0, -5), closes: t.o.Today.AddDate(0, 0, 10)}
	if next.handing.Before(t.o.Today.AddDate(0, 0, -60)) {
		h.session, h.kind = &t.sessions[last+1], commendation.OfProposals
	}
	t.at(h.opensOn, func() error { return t.nominating(h, 8) })
}

// commend plans a campaign from the first nomination to the plenary.
func (t *teller) commend(h *honours, plenary time.Time) {
	t.at(h.opensOn, func() error { return t.nominating(h, 16) })
	for _, x := range []struct {
		days int
		do   func(*honours) error
	}{{60, t.readAll}, {50, t.reviewAll}, {40, t.decideHonours}, {37, t.objected}} {
		t.at(plenary.AddDate(0, 0, -x.days), func() error {
			if h.id == "" {
				return nil
			}
			return x.do(h)
		})
	}
	t.at(plenary.AddDate(0, 0, 2), func() error {
		if h.id == "" {
			return nil
		}
		in := commendation.AnnounceIn{ID: h.id, Occasion: plenary.Format("2006") + "年市政协全体会议", ShareReason: "集体提案总量较少，按实际产生。"}
		if _, err := commendation.Announce.Do(t.ctx, t.app, t.people["chief"], in); err != nil {
			return fmt.Errorf("commend the winners: %w", err)
		}
		return nil
	})
}

// nominating opens a campaign; so many of those who may nominate do.
func (t *teller) nominating(h *honours, people int) error {
	title := h.opens.Format("2006") + "年度优秀提案评选"
	if h.kind == commendation.OfUnits {
		title = h.opens.Format("2006") + "年度先进承办单位评选"
	}
	in := commendation.CreateIn{Kind: string(h.kind), Plan: commendation.Plan{Year: h.opens.Year(), Session: h.session.id,
		Title: title, OpensOn: day(h.opensOn), ClosesOn: day(h.closes), Rules: commendation.DefaultRules(h.kind)}}
	out, err := commendation.Create.Do(t.ctx, t.app, t.people["office"], in)
	if err != nil {
		return fmt.Errorf("prepare a campaign: %w", err)
	}
	h.id = out.ID
	if _, err := commendation.Open.Do(t.ctx, t.app, t.people["chief"], commendation.StageIn{ID: h.id}); err != nil {
		return fmt.Errorf("open a campaign: %w", err)
	}
	for i, who := range t.nominators(people) {
		days := t.between(0, 10)
		t.at(h.opensOn.AddDate(0, 0, days).Add(time.Duration(i)*time.Minute), func() error { return t.nominate(h, who, i) })
	}
	return nil
}

// nominators are members, parties and special committees in turn.
func (t *teller) nominators(n int) []access.Actor {
	var list []access.Actor
	for i := 0; len(list) < n; i++ {
		list = append(list, t.people[member(1+i*7%len(t.city.Members))],
			t.people["convener@"+t.bodies["org:"+t.city.Organisations[i%len(t.city.Organisations)].Short].id],
			t.people["convener:special:"+t.city.Committees[i%len(t.city.Committees)].Name])
	}
	return list[:n]
}

// nominate takes one or two of what is offered.
func (t *teller) nominate(h *honours, who access.Actor, i int) error {
	list, err := commendation.Eligible.Do(t.ctx, t.app, who, commendation.EligibleIn{ID: h.id})
	if err != nil {
		return late(err, "look what may be nominated") // not everybody nominates units
	}
	for n := range min(1+i%2, list.Left, len(list.Lines)) {
		x := list.Lines[(i*5+n)%len(list.Lines)]
		if !x.May {
			continue
		}
		in := commendation.NominateIn{ID: h.id, Subject: x.ID, Reason: t.city.Phrase(fiction.NominatingUnit, i)}
		if h.kind == commendation.OfProposals {
			in.Reason = t.papers[x.ID].Say(fiction.Nominating, "", i)
		}
		if _, err := commendation.Nominate.Do(t.ctx, t.app, who, in); err != nil {
			return late(err, "nominate "+x.Name)
		}
	}
	return nil
}

func (t *teller) honour(h *honours) (commendation.ShowOut, error) {
	x, err := commendation.Show.Do(t.ctx, t.app, t.people["office"], commendation.ID{ID: h.id})
	if err != nil {
		return x, fmt.Errorf("look at the campaign: %w", err)
	}
	return x, nil
}

// readAll closes nominating and goes through the checklist of each candidate;
// the last one of more than five is read out.
func (t *teller) readAll(h *honours) error {
	office := t.people["office"]
	_, err := commendation.CloseNominating.Do(t.ctx, t.app, office, commendation.StageIn{ID: h.id})
	if fault.Is(err, fault.Closed) { // a very small city
		_, err = commendation.Cancel.Do(t.ctx, t.app, t.people["chief"], commendation.CancelIn{ID: h.id, Reason: "推荐期内没有收到推荐。"})
		h.id = ""
		return err
	}
	if err != nil {
		return fmt.Errorf("close nominating: %w", err)
	}
	x, err := t.honour(h)
	if err != nil {
		return err
	}
	for i, d := range x.Candidates {
		if d.DroppedAt != "" {
			continue
		}
		in := commendation.ReadIn{ID: d.ID, Checks: x.Campaign.Rules.Checklist()[:3], Words: t.papers[d.SubjectID].Say(fiction.Reading, "", i), Verdict: commendation.PassReading, Version: d.Version}
		if i > 5 && i == len(x.Candidates)-1 {
			in.Checks, in.Words, in.Verdict = nil, t.papers[d.SubjectID].Say(fiction.ReadingOut, "", i), commendation.DropReading
		}
		if _, err := commendation.Read.Do(t.ctx, t.app, office, in); err != nil {
			return fmt.Errorf("read a candidate: %w", err)
		}
	}
	if _, err := commendation.CloseReading.Do(t.ctx, t.app, office, commendation.StageIn{ID: h.id}); err != nil {
		return fmt.Errorf("close the first reading: %w", err)
	}
	return nil
}

// reviewAll lets everybody of the review group vote.
func (t *teller) reviewAll(h *honours) error {
	for n, who := range append([]access.Actor{t.people["chief"]}, t.all[access.Reviewer]...) {
		x, err := commendation.Show.Do(t.ctx, t.app, who, commendation.ID{ID: h.id})
		if err != nil {
			return fmt.Errorf("look at what is reviewed: %w", err)
		}
		in := commendation.ReviewManyIn{ID: h.id}
		for i, d := range x.Candidates {
			if d.DroppedAt != "" || d.Tie != commendation.Stranger {
				continue
			}
			vote := commendation.Yes
			if (n+i)%9 == 0 || i%4 == 3 && n%2 == 0 {
				vote = commendation.No
			}
			in.Rows = append(in.Rows, commendation.Judgement{ID: d.ID, Vote: vote})
		}
		if len(in.Rows) == 0 {
			continue
		}
		if _, err := commendation.ReviewMany.Do(t.ctx, t.app, who, in); err != nil {
			return fmt.Errorf("review the candidates: %w", err)
		}
	}
	if _, err := commendation.CloseReview.Do(t.ctx, t.app, t.people["chief"], commendation.CloseReviewIn{ID: h.id, Reason: "部分成员回避。"}); err != nil {
		return fmt.Errorf("close the review: %w", err)
	}
	return nil
}

// decideHonours is the decision of the Chair's Council, and the public notice.
func (t *teller) decideHonours(h *honours) error {
	x, err := t.honour(h)
	if err != nil {
		return err
	}
	in := commendation.ApproveIn{ID: h.id, DecidedOn: day(t.clock.hand.Now()), Reference: fmt.Sprintf("%d年第11次主席会议", h.opens.Year()), Version: x.Campaign.Version,
		OverReason: "末位同票，一并列入。", ShareReason: "集体提案总量较少，按实际产生。"}
	for _, d := range x.Candidates {
		if d.DroppedAt == "" {
			in.Rows = append(in.Rows, commendation.Ruled{ID: d.ID, Decision: commendation.Keep})
		}
	}
	if _, err := commendation.Approve.Do(t.ctx, t.app, t.people["chief"], in); err != nil {
		return fmt.Errorf("approve the winners: %w", err)
	}
	if _, err := commendation.Publish.Do(t.ctx, t.app, t.people["office"], commendation.StageIn{ID: h.id}); err != nil {
		return fmt.Errorf("publish the list: %w", err)
	}
	return nil
}

// objected: somebody objects to the first of the list, and is told why not.
func (t *teller) objected(h *honours) error {
	x, err := t.honour(h)
	if err != nil {
		return err
	}
	for _, d := range x.Candidates {
		if d.DroppedAt != "" {
			continue
		}
		if _, err := commendation.Object.Do(t.ctx, t.app, t.people[member(11)], commendation.ObjectIn{ID: d.ID, Words: t.city.Phrase(fiction.Objecting, 0)}); err != nil {
			return fmt.Errorf("object to a candidate: %w", err)
		}
		break
	}
	if x, err = t.honour(h); err != nil {
		return err
	}
	for _, o := range x.Objections {
		in := commendation.RuleIn{ID: o.ID, Ruling: commendation.Dismissed, Words: t.city.Phrase(fiction.ObjectionRuling, 0)}
		if _, err := commendation.Rule.Do(t.ctx, t.app, t.people["chief"], in); err != nil {
			return fmt.Errorf("rule on an objection: %w", err)
		}
	}
	return nil
}
