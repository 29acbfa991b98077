package demo

import (
	"fmt"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/demo/fiction"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/profile"
)

// strict are the rules that the committee sets itself before the last session:
// from then on the supervision offices read replies before they go out.
func (t *teller) strict() error {
	chief := t.people["chief"]
	shown, err := profile.Show.Do(t.ctx, t.app, chief, profile.ShowIn{})
	if err != nil {
		return fmt.Errorf("look at the rules: %w", err)
	}
	in := profile.ChangeIn{Section: profile.Reading, Version: shown.Version, Reason: "主席会议要求提高答复质量", Reading: profile.ReadingRules{On: true, Workdays: 5}}
	if _, err := profile.ChangeRules.Do(t.ctx, t.app, chief, in); err != nil {
		return fmt.Errorf("have replies read before they go out: %w", err)
	}
	return nil
}

// view is the case as the office sees it.
func (t *teller) view(p *paper) (handling.View, error) {
	v, err := handling.Show.Do(t.ctx, t.app, t.people["office"], handling.ViewIn{Kind: "proposal", ID: p.id})
	if err != nil {
		return v, fmt.Errorf("look at %s: %w", p.Title, err)
	}
	return v, nil
}

// keeper is who dispatched what a unit has to do.
func (t *teller) keeper(a handling.Assigned) access.Actor {
	if a.DeskID == "" {
		return t.people["office"]
	}
	return t.people["dispatcher@"+a.DeskID]
}

// object gives a case back: the handler asks, his leader consents, and who
// dispatched it rules. What comes too late in the city's own time is left.
func (t *teller) object(e *errand) error {
	want := e.UnitReturn(e.unit)
	in := handling.ObjectIn{ID: e.id, Reason: want.Reason, Unit: t.bodies["unit:"+want.Suggest].id}
	if _, err := handling.Object.Do(t.ctx, t.app, e.handler, in); err != nil {
		return late(err, "give back "+e.Title)
	}
	t.after(1, func() error {
		if _, err := handling.Consent.Do(t.ctx, t.app, e.signer, handling.ErrandIn{ID: e.id}); err != nil {
			return late(err, "consent to giving back "+e.Title)
		}
		t.after(t.between(1, 4), func() error { return t.rule(e, want.Suggest) })
		return nil
	})
	return nil
}

// rule rules on an objection; two of three are accepted.
func (t *teller) rule(e *errand, suggested string) error {
	v, err := t.view(e.paper)
	if err != nil {
		return err
	}
	for _, a := range v.Assignments {
		if a.ID != e.id {
			continue
		}
		granted := t.chance(66)
		in := handling.RuleIn{ID: e.id, Ruling: handling.Rejected, Words: e.UnitReturnRuling(granted)}
		if granted {
			in.Ruling, in.Release = handling.Accepted, a.Role == handling.Assist
		}
		if _, err := handling.RuleObjection.Do(t.ctx, t.app, t.keeper(a), in); err != nil {
			return late(err, "rule on giving back "+e.Title)
		}
		if !granted {
			t.after(2, func() error { return t.sign(e) })
			return nil
		}
		return t.taken(e.paper, suggested)
	}
	return nil
}

// taken lets the unit that got a case by a ruling begin.
func (t *teller) taken(p *paper, unit string) error {
	v, err := t.view(p)
	if err != nil {
		return err
	}
	for _, a := range v.Assignments {
		if a.UnitID == t.bodies["unit:"+unit].id && a.State == handling.Sent {
			e := &errand{paper: p, id: a.ID, role: a.Role, unit: unit, handler: t.people["handler:"+unit], signer: t.people["signer:"+unit]}
			t.held[unit]++
			t.after(t.between(1, 4), func() error { return t.sign(e) })
		}
	}
	return nil
}

// late lets pass what came too late in the city's own time, as it happens: the
// step is over, or another unit has the case by now.
func late(err error, what string) error {
	if fault.Is(err, fault.Closed) || fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// extend asks for more time shortly before a reply is due; most wishes are
// granted.
func (t *teller) extend(e *errand) error {
	v, err := t.view(e.paper)
	if err != nil {
		return err
	}
	for _, a := range v.Assignments {
		if a.ID != e.id || a.State != handling.SignedFor || a.DueOn == "" {
			continue
		}
		in := handling.ExtendIn{ID: e.id, Until: day(a.Due.At.AddDate(0, 0, t.between(20, 50))), Reason: e.Extension(e.unit)}
		if _, err := handling.Extend.Do(t.ctx, t.app, e.handler, in); err != nil {
			return late(err, "ask for more time for "+e.Title)
		}
		t.after(t.between(1, 4), func() error { return t.grant(e, a) })
	}
	return nil
}

func (t *teller) grant(e *errand, a handling.Assigned) error {
	v, err := t.view(e.paper)
	if err != nil {
		return err
	}
	for _, x := range v.Extensions {
		if x.AssignmentID != e.id || !x.Open() {
			continue
		}
		in := handling.ExtensionIn{ID: x.ID, Decision: handling.Granted}
		if t.chance(15) {
			in.Decision, in.Words = handling.Refused, "请按原定期限办理，确有困难的先行书面说明进展。"
		}
		if _, err := handling.DecideExtension.Do(t.ctx, t.app, t.keeper(a), in); err != nil {
			return late(err, "decide about more time for "+e.Title)
		}
	}
	return nil
}

// unowed makes sure that nobody waits for an opinion before the lead replies:
// one that is late is waived. It tells whether the lead may go on.
func (t *teller) unowed(e *errand) (bool, error) {
	v, err := t.view(e.paper)
	if err != nil {
		return false, err
	}
	for _, a := range v.Assignments {
		if a.Role != handling.Assist || !a.Owes() {
			continue
		}
		in := handling.WaiveIn{ID: a.ID, Reason: "会办意见逾期未出，已与经办人电话沟通，主办单位先行答复。"}
		_, err := handling.Waive.Do(t.ctx, t.app, e.handler, in)
		switch {
		case fault.Is(err, fault.Closed):
			return false, nil // it is not late yet
		case err != nil:
			return false, fmt.Errorf("go on without %s: %w", a.UnitName, err)
		}
	}
	return true, nil
}

// promises are what the planned answers of a reply promise.
func promises(u fiction.Unit, r fiction.Reply, now time.Time) []handling.PromiseText {
	var list []handling.PromiseText
	for _, i := range r.Items {
		if i.Outcome != fiction.OutcomePlanned {
			continue
		}
		due := i.Due
		if due.Before(now.AddDate(0, 0, 2)) {
			due = now.AddDate(0, 2, 0)
		}
		list = append(list, handling.PromiseText{No: i.Item, Text: firstSentence(i.Text), Owner: u.Leader.Name, DueOn: day(due)})
	}
	return list
}

// firstSentence is what a line of the register shows of an answer.
func firstSentence(text string) string {
	runes := []rune(text)
	for i, r := range runes {
		if r == '。' && i > 12 {
			return string(runes[:i+1])
		}
	}
	return text
}

// read is the reading of a reply by who dispatched the case; one in twelve goes
// back and comes again.
func (t *teller) read(e *errand, saved handling.ReplySaved) error {
	v, err := t.view(e.paper)
	if err != nil {
		return err
	}
	for _, a := range v.Assignments {
		if a.ID != e.id {
			continue
		}
		if t.chance(8) {
			in := handling.ReturnIn{ID: saved.ID, Version: saved.Version, Words: "请逐条回应建议，写明完成时限。"}
			back, err := handling.SendBack.Do(t.ctx, t.app, t.keeper(a), in)
			if err != nil {
				return late(err, "send back the reply to "+e.Title)
			}
			t.after(t.between(2, 6), func() error { return t.replyAgain(e, back) })
			return nil
		}
		if _, err := handling.Pass.Do(t.ctx, t.app, t.keeper(a), handling.PassIn{ID: saved.ID, Version: saved.Version}); err != nil {
			return late(err, "pass the reply to "+e.Title)
		}
		t.judged(e, saved.ID)
	}
	return nil
}

// replyAgain sends a reply that came back, with its text as it was.
func (t *teller) replyAgain(e *errand, back handling.ReplySaved) error {
	v, err := handling.Show.Do(t.ctx, t.app, e.handler, handling.ViewIn{Kind: "proposal", ID: e.paper.id})
	if err != nil {
		return fmt.Errorf("look at %s: %w", e.Title, err)
	}
	for _, r := range v.Replies {
		if r.ID != back.ID {
			continue
		}
		out, err := handling.Submit.Do(t.ctx, t.app, e.handler, handling.SubmitIn{ID: e.id, Version: r.Version, ReplyText: r.ReplyText})
		if err != nil {
			return late(err, "reply again to "+e.Title)
		}
		t.after(1, func() error { return t.issue(e, out) })
	}
	return nil
}

// again is the second handling after somebody was not satisfied.
func (t *teller) again(e *errand) {
	if e.round > 0 {
		return
	}
	second := *e
	second.round = 1
	t.after(t.between(4, 8), func() error { return t.contact(&second, fiction.PhaseAfter) })
	t.after(t.between(12, 24), func() error { return t.reply(&second) })
}
