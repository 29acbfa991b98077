package demo

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/demo/fiction"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/organization"
)

// route sends cases through the supervision office of the first unit's
// channel, or directly.
func (t *teller) route(list []*paper) error {
	office := t.people["office"]
	byDesk := map[string][]*paper{}
	for _, p := range list {
		byDesk[t.bodies["unit:"+p.Units[0]].channel] = append(byDesk[t.bodies["unit:"+p.Units[0]].channel], p)
	}
	for _, channel := range []string{fiction.ChannelParty, fiction.ChannelGovernment, fiction.ChannelDirect} {
		mine := byDesk[channel]
		if len(mine) == 0 {
			continue
		}
		in := handling.RouteIn{Desk: organization.Direct, Rows: t.rows(mine)}
		if channel != fiction.ChannelDirect {
			in.Desk = t.bodies["desk:"+channel].id
		}
		if _, err := handling.RouteCases.Do(t.ctx, t.app, office, in); err != nil {
			return fmt.Errorf("route %d cases: %w", len(mine), err)
		}
		if channel == fiction.ChannelDirect {
			if err := t.assigned(mine); err != nil {
				return err
			}
			continue
		}
		if mine[0].fate == "undispatched" || mine[0].fate == "bulk" {
			t.waits = append(t.waits, mine...)
			continue
		}
		desk := t.people["dispatcher@"+t.bodies["desk:"+channel].id]
		t.after(t.between(1, 4), func() error {
			if _, err := handling.Dispatch.Do(t.ctx, t.app, desk, handling.DispatchIn{Rows: t.rows(mine)}); err != nil {
				return fmt.Errorf("dispatch %d cases: %w", len(mine), err)
			}
			return t.assigned(mine)
		})
	}
	return nil
}

// rows gives each case its units: one alone, or a lead and those who assist;
// now and then each answers its own part.
func (t *teller) rows(list []*paper) []handling.CaseRow {
	var rows []handling.CaseRow
	for _, p := range list {
		r := handling.CaseRow{Kind: "proposal", ID: p.id}
		for i, u := range p.Units {
			role := handling.Assist
			switch {
			case len(p.Units) == 1:
				role = handling.Sole
			case len(p.Units) == 2 && p.No%9 == 0:
				role = handling.Separate
			case i == 0:
				role = handling.Lead
			}
			r.Units = append(r.Units, handling.UnitRole{Unit: t.bodies["unit:"+u].id, Role: role})
		}
		rows = append(rows, r)
	}
	return rows
}

// errand is what one unit has to do in a case.
type errand struct {
	*paper
	id, unit        string
	role            handling.Role
	handler, signer access.Actor
	round           int // 1 in the second handling
	reopened        bool
	promises        bool // its reply promises something
}

func (t *teller) assigned(list []*paper) error {
	for _, p := range list {
		v, err := handling.Show.Do(t.ctx, t.app, t.people["office"], handling.ViewIn{Kind: "proposal", ID: p.id})
		if err != nil {
			return fmt.Errorf("look at the units of %s: %w", p.Title, err)
		}
		for _, a := range v.Assignments {
			e := &errand{paper: p, id: a.ID, role: a.Role}
			for _, u := range p.Units {
				if t.bodies["unit:"+u].id == a.UnitID {
					e.unit = u
				}
			}
			e.handler, e.signer = t.people["handler:"+e.unit], t.people["signer:"+e.unit]
			t.held[e.unit]++
			if p.fate == "unsigned" {
				continue
			}
			if p.fate == "" && t.chance(6) {
				t.after(t.between(1, 4), func() error { return t.object(e) })
				continue
			}
			t.after(t.between(1, 6), func() error { return t.sign(e) })
		}
	}
	return nil
}

func (t *teller) sign(e *errand) error {
	u, _ := t.city.Unit(e.unit)
	if _, err := handling.Sign.Do(t.ctx, t.app, e.handler, handling.SignIn{ID: e.id, Leader: u.Leader.Name, Section: u.SectionHead.Post, Handler: u.Handler.Name, Phone: u.Phone}); err != nil {
		return late(err, "sign for "+e.Title)
	}
	t.step()
	if e.role == handling.Assist {
		if e.fate == "" && t.chance(7) {
			return nil // the opinion that never comes
		}
		t.after(t.between(8, 26), func() error {
			if _, err := handling.Opine.Do(t.ctx, t.app, e.handler, handling.OpineIn{ID: e.id, Number: t.docNumber(u), Text: e.Assist(e.unit, e.Units[0])}); err != nil {
				return late(err, "give an opinion on "+e.Title)
			}
			return nil
		})
		return nil
	}
	t.after(t.between(3, 18), func() error { return t.contact(e, fiction.PhaseBefore) })
	if t.chance(50) {
		t.after(t.between(20, 34), func() error { return t.contact(e, fiction.PhaseDuring) })
	}
	days := t.between(35, 82)
	if t.chance(6) {
		days = t.between(95, 140) // late
	}
	switch {
	case e.fate == "unrated":
		days = 24
	case e.key:
		days = t.between(30, 48) // due two months from dispatch
	}
	if e.fate == "" && t.chance(9) {
		t.after(t.between(28, 60), func() error { return t.extend(e) })
	}
	t.after(days, func() error { return t.reply(e) })
	return nil
}

func (t *teller) contact(e *errand, phase string) error {
	c := e.Contact(e.unit, phase)
	form := c.Mode
	if form == "site" {
		form = "on_site"
	}
	in := handling.ContactIn{ID: e.id, Form: form, HeldOn: day(t.clock.hand.Now()), People: c.People, Notes: c.Notes, Consent: form == "phone" || form == "online"}
	if _, err := handling.RecordContact.Do(t.ctx, t.app, e.handler, in); err != nil {
		return late(err, "record a contact about "+e.Title)
	}
	return nil
}

// docNumber is the next number of a unit's own series.
func (t *teller) docNumber(u fiction.Unit) string {
	t.numbers[u.Short]++
	return fmt.Sprintf("%s函〔%d〕%d号", u.DocCode, t.clock.hand.Now().Year(), t.numbers[u.Short])
}

func (t *teller) reply(e *errand) error {
	if ready, err := t.unowed(e); err != nil || !ready {
		if err == nil {
			t.after(5, func() error { return t.reply(e) })
		}
		return err
	}
	u, _ := t.city.Unit(e.unit)
	r := e.Reply(e.unit, e.round+1, t.clock.hand.Now())
	text := handling.ReplyText{Number: t.docNumber(u), Class: r.Class, Body: r.Opening, Publicity: publicity(r.Publicity), PublicityReason: r.PublicityReason,
		Promises: promises(u, r, t.clock.hand.Now())}
	for _, i := range r.Items {
		text.Items = append(text.Items, handling.ItemAnswer{No: i.Item, Outcome: outcome(i.Outcome), Answer: i.Text})
	}
	e.promises = len(text.Promises) > 0
	out, err := handling.Submit.Do(t.ctx, t.app, e.handler, handling.SubmitIn{ID: e.id, ReplyText: text})
	if err != nil {
		return late(err, "reply to "+e.Title)
	}
	t.after(t.between(1, 4), func() error { return t.issue(e, out) })
	return nil
}

func publicity(of string) string {
	if of == fiction.PublicNone {
		return "not_public"
	}
	return of
}

func outcome(of string) string {
	if of == fiction.OutcomeNot {
		return "not_adopted"
	}
	return of
}

func (t *teller) issue(e *errand, saved handling.ReplySaved) error {
	out, err := handling.Issue.Do(t.ctx, t.app, e.signer, handling.IssueIn{ID: saved.ID, Version: saved.Version})
	if err != nil {
		return late(err, "issue the reply to "+e.Title)
	}
	t.step()
	if out.State == handling.Reading {
		t.after(t.between(1, 4), func() error { return t.read(e, out) })
		return nil
	}
	t.judged(e, saved.ID)
	return nil
}

// judged lets the proposers rate a reply that went out; some never do. What it
// promised is kept from now on, or not.
func (t *teller) judged(e *errand, reply string) {
	if e.No%6 == 1 && e.round == 0 {
		t.after(t.between(3, 9), func() error { return t.grade(e) })
	}
	if e.promises {
		t.after(3, func() error { return t.promised(e, reply) })
	}
	if e.fate == "unrated" {
		return
	}
	raters := append([]access.Actor{e.author}, e.others...)
	for i, who := range raters {
		if who.HoldsPostIn(t.bodies["unit:"+e.unit].id) || !t.chance(88) {
			continue
		}
		no := e.Lead
		if i > 0 {
			no = e.CoSigners[i-1]
		}
		t.after(t.between(2, 12), func() error { return t.rate(e, who, no, reply) })
	}
}

// rate is the proposer's own judgement; who declined to sign rates nothing.
func (t *teller) rate(e *errand, who access.Actor, no int, reply string) error {
	if _, err := handling.Read.Do(t.ctx, t.app, who, handling.ReadIn{ID: reply}); err != nil {
		return notHis(err)
	}
	r := e.Rating(no, e.unit, e.round+1)
	if _, err := handling.Rate.Do(t.ctx, t.app, who, handling.RateIn{ID: reply, Attitude: gradeOf(r.Attitude), Result: gradeOf(r.Result), Reason: r.Comment}); err != nil {
		return late(err, "rate the reply to "+e.Title) // a later reply came first
	}
	t.step()
	if r.Result == fiction.Dissatisfied && !e.reopened {
		e.reopened = true
		t.again(e)
	}
	return nil
}

func gradeOf(of string) string {
	if of == fiction.Basically {
		return "basically"
	}
	return of
}

// notHis lets those pass who did not sign before the cut-off: they propose
// nothing and see nothing.
func notHis(err error) error {
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		return nil
	}
	return err
}
