package demo

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/demo/fiction"
	"tongxin/internal/supervision"
)

// chasing lets the supervision offices chase what is late: opinions and replies
// by a note, what is late even then by letter. A leader writes on the latest.
func (t *teller) chasing() {
	for i := range t.sessions {
		for _, days := range []int{55, 105, 125} {
			t.at(t.sessions[i].handing.AddDate(0, 0, days), func() error { return t.chase(days > 110) })
		}
	}
}

// chase is one round of both supervision offices.
func (t *teller) chase(letter bool) error {
	for _, o := range t.city.Offices {
		desk := t.people["dispatcher@"+t.bodies["desk:"+o.Channel].id]
		list, err := supervision.Assignments.Do(t.ctx, t.app, desk, supervision.ListIn{What: supervision.LateOnes})
		if err != nil {
			return fmt.Errorf("look for what is late: %w", err)
		}
		in := supervision.SendIn{Form: supervision.Note, Requirement: t.city.Phrase(fiction.Chasing, t.urged), Again: true, Reason: t.city.Phrase(fiction.ChasingAgain, 0)}
		if letter {
			in.Form = supervision.Letter
		}
		for _, x := range list.Items {
			if x.Awaits != supervision.ToRead && x.Awaits != supervision.ToRule {
				in.IDs = append(in.IDs, x.ID)
			}
		}
		if len(in.IDs) == 0 {
			continue
		}
		t.urged++
		if err := t.send(desk, in); err != nil {
			return err
		}
		if letter {
			if err := t.directed(list.Items); err != nil {
				return err
			}
		}
	}
	return nil
}

// send chases, and lets the units answer; one of six says nothing.
func (t *teller) send(desk access.Actor, in supervision.SendIn) error {
	out, err := supervision.Send.Do(t.ctx, t.app, desk, in)
	if err != nil {
		return late(err, "chase what is late")
	}
	for n, x := range out.Sent {
		who := t.people["handler:"+t.unitOf[x.UnitID]]
		t.after(t.between(1, 2), func() error {
			if _, err := supervision.Receive.Do(t.ctx, t.app, who, supervision.ReceiveIn{ID: x.ID}); err != nil {
				return late(err, "receive a chase")
			}
			return nil
		})
		if t.chance(17) {
			continue
		}
		t.after(t.between(3, 6), func() error {
			if _, err := supervision.Answer.Do(t.ctx, t.app, who, supervision.AnswerIn{ID: x.ID, Words: t.city.Phrase(fiction.ChaseAnswer, n)}); err != nil {
				return late(err, "answer a chase")
			}
			return nil
		})
	}
	return nil
}

// directed is a leader's instruction on one assignment that is late beyond the
// days after which leaders are told; the unit reports back.
func (t *teller) directed(list []supervision.Item) error {
	leader := t.people["leader"]
	for _, x := range list {
		shown, err := supervision.ShowItem.Do(t.ctx, t.app, leader, supervision.ItemIn{ID: x.ID})
		if err != nil {
			return fmt.Errorf("look at what is late: %w", err)
		}
		if !shown.MayInstruct {
			continue
		}
		in := supervision.InstructIn{ID: x.ID, To: supervision.ForUnit, Words: t.city.Phrase(fiction.LateInstruction, 0), DueOn: t.dayIn(10)}
		out, err := supervision.Instruct.Do(t.ctx, t.app, leader, in)
		if err != nil {
			return late(err, "instruct about what is late")
		}
		who := t.people["handler:"+t.unitOf[x.UnitID]]
		t.after(t.between(5, 9), func() error {
			if _, err := supervision.Report.Do(t.ctx, t.app, who, supervision.ReportIn{ID: out.ID, Words: t.city.Phrase(fiction.LateReport, 0)}); err != nil {
				return late(err, "report on an instruction")
			}
			return nil
		})
		return nil
	}
	return nil
}
