package demo

import (
	"tongxin/internal/demo/fiction"
	"tongxin/internal/handling"
)

// promised lets time pass over what a reply promised: most is kept, some of it
// late, some is cancelled, some forgotten.
func (t *teller) promised(e *errand, reply string) error {
	v, err := t.view(e.paper)
	if err != nil {
		return err
	}
	for n, p := range v.Promises {
		if p.ReplyID != reply || p.State != handling.PromiseOpen {
			continue
		}
		switch x := t.dice.IntN(100); {
		case x < 60:
			t.onDay(p.DueOn, -t.between(3, 25), func() error { return t.keep(e, p, n) })
		case x < 76:
			t.onDay(p.DueOn, t.between(4, 25), func() error { return t.keep(e, p, n) })
		case x < 84:
			t.onDay(p.DueOn, -t.between(20, 40), func() error { return t.cancel(e, p, n) })
		}
	}
	return nil
}

// keep reports a promise kept; who wrote the proposal mostly confirms it.
func (t *teller) keep(e *errand, p handling.Promise, n int) error {
	in := handling.KeepIn{ID: p.ID, KeptOn: day(t.clock.hand.Now()), Evidence: e.Say(fiction.Proving, e.unit, n)}
	out, err := handling.KeepPromise.Do(t.ctx, t.app, e.handler, in)
	if err != nil {
		return late(err, "keep a promise about "+e.Title)
	}
	if e.No%2 == 0 {
		t.after(t.between(14, 25), func() error { return t.further(e) })
	}
	if !out.ConfirmAsked || e.author.HoldsPostIn(t.bodies["unit:"+e.unit].id) || !t.chance(65) {
		return nil
	}
	t.after(t.between(2, 10), func() error { return t.confirm(e, p, n) })
	return nil
}

// confirm is the proposer's word; one of eleven saw nothing of it, and the unit
// reports again some weeks later.
func (t *teller) confirm(e *errand, p handling.Promise, n int) error {
	in := handling.ConfirmIn{ID: p.ID, Answer: handling.ConfirmYes, Words: e.Say(fiction.Confirming, "", n)}
	if t.chance(9) {
		in.Answer, in.Words = handling.ConfirmNo, e.Say(fiction.Denying, "", n)
		t.after(t.between(20, 40), func() error { return t.keep(e, p, n+1) })
	}
	if _, err := handling.ConfirmPromise.Do(t.ctx, t.app, e.author, in); err != nil {
		return late(err, "confirm a promise about "+e.Title)
	}
	return nil
}

// cancel asks to be released from a promise; one of four wishes is refused.
func (t *teller) cancel(e *errand, p handling.Promise, n int) error {
	in := handling.CancelIn{ID: p.ID, Reason: e.Say(fiction.Cancelling, e.unit, n)}
	if _, err := handling.CancelPromise.Do(t.ctx, t.app, e.handler, in); err != nil {
		return late(err, "ask to cancel a promise about "+e.Title)
	}
	t.after(t.between(1, 5), func() error { return t.decide(e, p, n) })
	return nil
}

func (t *teller) decide(e *errand, p handling.Promise, n int) error {
	v, err := t.view(e.paper)
	if err != nil {
		return err
	}
	in := handling.DecidePromiseIn{ID: p.ID, Decision: handling.Granted}
	if t.chance(25) {
		in.Decision, in.Words = handling.Refused, e.Say(fiction.CancelRefusing, "", n)
	}
	for _, a := range v.Assignments {
		if a.ID != p.AssignmentID {
			continue
		}
		if _, err := handling.DecidePromise.Do(t.ctx, t.app, t.keeper(a), in); err != nil {
			return late(err, "decide about a promise of "+e.Title)
		}
	}
	return nil
}

// further says in a further reply that everything promised is done, so that a B
// becomes an A; the first reply stays in the figures of its year.
func (t *teller) further(e *errand) error {
	v, err := t.view(e.paper)
	if err != nil {
		return err
	}
	for _, a := range v.Assignments {
		if a.ID != e.id || !a.AllKept {
			continue
		}
		begun, err := handling.BeginFollowUp.Do(t.ctx, t.app, e.handler, handling.FollowUpIn{ID: e.id})
		if err != nil {
			return late(err, "begin a further reply to "+e.Title)
		}
		u, _ := t.city.Unit(e.unit)
		text := handling.ReplyText{Number: t.docNumber(u), Class: "A", Body: t.city.Phrase(fiction.Furthering, 0), Publicity: fiction.PublicFull}
		for _, x := range v.Items {
			text.Items = append(text.Items, handling.ItemAnswer{No: x.No, Outcome: fiction.OutcomeAdopted, Answer: e.Say(fiction.Proving, e.unit, x.No)})
		}
		out, err := handling.Submit.Do(t.ctx, t.app, e.handler, handling.SubmitIn{ID: e.id, Version: begun.Version, ReplyText: text})
		if err != nil {
			return late(err, "reply further to "+e.Title)
		}
		again := *e
		again.promises, again.round = false, 1
		t.after(t.between(1, 3), func() error { return t.issue(&again, out) })
	}
	return nil
}
