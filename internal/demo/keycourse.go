package demo

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/calendar"
	"tongxin/internal/demo/fiction"
	"tongxin/internal/proposal"
)

// led is a key proposal in its year.
type led struct {
	*paper
	no    int
	asked map[string]bool // what is due and somebody is about to answer
}

// look is the key proposal as the office sees it.
func (t *teller) look(k *led) (*proposal.KeyShown, error) {
	s, err := proposal.KeyShow.Do(t.ctx, t.app, t.people["office"], proposal.ShowIn{ID: k.id})
	if err != nil {
		return nil, fmt.Errorf("look at key proposal %s: %w", k.Title, err)
	}
	return s, nil
}

// main is the short name of the unit that answers for it now, "" while nobody does.
func (t *teller) main(s *proposal.KeyShown) string {
	for _, u := range s.Units {
		if u.Main {
			return t.unitOf[u.ID]
		}
	}
	return ""
}

// planKey hands the unit's plan in; one of four goes back once.
func (t *teller) planKey(k *led, round int) error {
	s, err := t.look(k)
	if err != nil {
		return err
	}
	u := t.main(s)
	if u == "" || s.Key.Plan == proposal.PlanSubmitted || s.Key.Plan == proposal.PlanAccepted {
		return nil
	}
	in := proposal.KeyPlanIn{ID: k.id, Text: k.Say(fiction.Planning, u, round)}
	for i, step := range k.Steps(u) {
		in.Milestones = append(in.Milestones, proposal.KeyMilestone{Text: step, DueOn: t.dayIn(30 + 45*i)})
	}
	if _, err := proposal.KeySubmitPlan.Do(t.ctx, t.app, t.people["handler:"+u], in); err != nil {
		return late(err, "plan "+k.Title)
	}
	t.after(t.between(2, 4), func() error { return t.judgePlan(k, round) })
	return nil
}

func (t *teller) judgePlan(k *led, round int) error {
	in := proposal.KeyJudgePlanIn{ID: k.id, Verdict: proposal.PlanIsAccepted, Words: "同意按方案办理。"}
	if round == 0 && k.no%4 == 1 {
		in = proposal.KeyJudgePlanIn{ID: k.id, Verdict: proposal.PlanIsReturned, Words: k.Say(fiction.PlanReturning, "", 0), DueOn: t.dayIn(10)}
		t.after(t.between(3, 7), func() error { return t.planKey(k, 1) })
	}
	if _, err := proposal.KeyJudgePlan.Do(t.ctx, t.app, t.people["office"], in); err != nil {
		return late(err, "judge the plan of "+k.Title)
	}
	return t.owed(k)
}

// supervise records a supervision: what was found, and who owes what by when.
func (t *teller) supervise(k *led, n int) error {
	s, err := t.look(k)
	if err != nil {
		return err
	}
	u := t.main(s)
	if u == "" || len(s.Key.Leaders) == 0 {
		return nil
	}
	forms := []string{"research", "visit", "symposium", "session", "call"}
	in := proposal.KeySuperviseIn{ID: k.id, Form: forms[(k.no+2*n)%len(forms)], HeldOn: day(t.clock.hand.Now()), Leader: s.Key.Leaders[0].Name,
		Participants: k.Say(fiction.Attending, u, n), Problems: k.Say(fiction.Supervising, u, n),
		Requirements: []proposal.KeyRequirement{{Text: k.Say(fiction.Requiring, u, n), Body: t.bodies["unit:"+u].id, DueOn: t.dayIn(22)}}}
	if n == 0 {
		in.NextOn = t.dayIn(62)
		if desk := t.bodies["desk:"+t.bodies["unit:"+u].channel].id; desk != "" {
			in.Requirements = append(in.Requirements, proposal.KeyRequirement{Text: t.city.Phrase(fiction.DeskRequirement, 0), Body: desk, DueOn: t.dayIn(30)})
		}
	}
	if _, err := proposal.KeySupervise.Do(t.ctx, t.app, t.people["office"], in); err != nil {
		return late(err, "supervise "+k.Title)
	}
	return t.owed(k)
}

// instruct is the instruction of a leader who leads it; of one without an
// account the office enters it.
func (t *teller) instruct(k *led) error {
	s, err := t.look(k)
	if err != nil {
		return err
	}
	u := t.main(s)
	if u == "" || len(s.Key.Leaders) == 0 {
		return nil
	}
	in := proposal.KeyInstructIn{ID: k.id, Text: k.Say(fiction.Instructing, u, 0), Body: t.bodies["unit:"+u].id, DueOn: t.dayIn(20)}
	who := t.people["office"]
	if id := s.Key.Leaders[0].PersonID; id == "" {
		in.Name = s.Key.Leaders[0].Name
	} else {
		for _, l := range t.all[access.Leader] {
			if l.PersonID == id {
				who = l
			}
		}
	}
	if _, err := proposal.KeyInstruct.Do(t.ctx, t.app, who, in); err != nil {
		return late(err, "instruct about "+k.Title)
	}
	return t.owed(k)
}

// owed lets units and supervision offices tell what became of what is due: most
// in time, some late. What the first instruction of each year asks comes late,
// and the first requirement of the second key proposal never.
func (t *teller) owed(k *led) error {
	s, err := t.look(k)
	if err != nil {
		return err
	}
	for _, x := range s.Key.Tasks {
		if x.State != proposal.TaskOpen || x.Kind == proposal.DuePlan || x.Kind == proposal.DueSupervision || k.asked[x.ID] {
			continue
		}
		k.asked[x.ID] = true
		before := t.between(1, 9)
		switch {
		case x.Kind == proposal.DueRequirement && k.no == 1 || t.chance(6):
			continue
		case x.Kind == proposal.DueFollowUp && k.no == 0 || t.chance(10):
			before = -t.between(2, 12)
		}
		t.onDay(x.DueOn, -before, func() error { return t.answerKey(k, x) })
	}
	return nil
}

func (t *teller) answerKey(k *led, x proposal.KeyTask) error {
	u := t.unitOf[x.BodyID]
	who, ok := t.people["handler:"+u]
	if !ok {
		who = t.people["dispatcher@"+x.BodyID]
	}
	on := fiction.Fulfilling
	if x.Kind == proposal.DueFollowUp {
		on = fiction.FollowingUp
	}
	if _, err := proposal.KeyAnswer.Do(t.ctx, t.app, who, proposal.KeyAnswerIn{ID: x.ID, Outcome: k.Say(on, u, len(k.asked))}); err != nil {
		return late(err, "answer for "+k.Title)
	}
	return nil
}

// told reports the result to Party and government; of every third one the
// press wrote too.
func (t *teller) told(k *led) error {
	now := t.clock.hand.Now()
	t.reports++
	in := proposal.KeyReportIn{ID: k.id, Kind: proposal.ReportResult, Receiver: proposal.OrganBoth, On: day(now),
		Reference: fmt.Sprintf("云协办〔%d〕%d号", now.Year(), 20+t.reports), Text: k.Say(fiction.Reporting, "", 0)}
	if _, err := proposal.KeyTell.Do(t.ctx, t.app, t.people["office"], in); err != nil {
		return late(err, "report on "+k.Title)
	}
	if k.no%3 != 0 {
		return nil
	}
	in = proposal.KeyReportIn{ID: k.id, Kind: proposal.ReportPress, Receiver: t.city.Phrase(fiction.Press, k.no), On: day(now), Reference: "第2版"}
	if _, err := proposal.KeyTell.Do(t.ctx, t.app, t.people["office"], in); err != nil {
		return late(err, "note what the press wrote of "+k.Title)
	}
	return nil
}

// dayIn is the day that lies some days ahead.
func (t *teller) dayIn(days int) string { return day(t.clock.hand.Now().AddDate(0, 0, days)) }

// onDay plans something some days after a day, in office hours; on what is past
// it happens soon.
func (t *teller) onDay(on string, days int, do func() error) {
	d, err := calendar.ParseDate(on)
	if err != nil {
		return
	}
	ahead := d.Sub(calendar.DateOf(t.clock.hand.Now(), calendar.Beijing))
	t.after(max(ahead+days, 1), do)
}
