package handling

import (
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// fresh answers a form about an older version of the reply.
func (l *Letter) fresh(version int64) error {
	if version != l.R.Version {
		if l.R.State == Issued {
			return fault.New(fault.Closed, "handling.reply.closed."+string(Issued))
		}
		return fault.New(fault.Stale, "fault.stale")
	}
	return nil
}

func giveBack(c *app.Call, l *Letter, in ReturnIn) (ReplySaved, error) {
	if err := l.fresh(in.Version); err != nil {
		return ReplySaved{}, err
	}
	if l.R.State != Signing {
		return ReplySaved{}, fault.New(fault.Closed, "handling.reply.closed."+string(l.R.State))
	}
	var p fault.Problems
	said := words(&p, "words", in.Words, textAtMost, true)
	if err := p.Err(); err != nil {
		return ReplySaved{}, err
	}
	if err := l.backToDraft(c, said); err != nil {
		return ReplySaved{}, err
	}
	return l.R.saved(l.Matter), settle(c, l.Matter)
}

// signature is who signed a reply; without an id he signed on paper.
type signature struct{ id, name string }

// issue signs a reply off. What staff enter from paper was read by them; every
// other reply is read before it goes out, where the committee wants it.
func (l *Letter) issue(c *app.Call, by signature) (ReplySaved, error) {
	k, err := clockNow(&c.Look)
	if err != nil {
		return ReplySaved{}, err
	}
	r := l.R
	if r.State != Signing {
		return ReplySaved{}, fault.New(fault.Closed, "handling.reply.closed."+string(r.State))
	}
	if l.objection(l.A.ID) != nil {
		return ReplySaved{}, fault.New(fault.Closed, "handling.object.waits")
	}
	if err := l.complete(k, l.A, r.ReplyText, r.Purpose); err != nil {
		return ReplySaved{}, err
	}
	r.SignedOffAt, r.SignerName = c.Now(), by.name
	if r.Purpose != FollowUp {
		r.DueOn = l.A.DueOn
		r.Late = r.DueOn != "" && k.today.After(l.A.Due.On)
	}
	if !k.rules.Reading.On || r.Entered {
		return l.goOutBy(c, k, by)
	}
	if err := l.toReading(c, k, by); err != nil {
		return ReplySaved{}, err
	}
	return r.saved(l.Matter), settle(c, l.Matter)
}

// goOut sends a reply out that was read: signed off by whom its row names.
func (l *Letter) goOut(c *app.Call, k *clockOf) (ReplySaved, error) {
	by := signature{name: l.R.SignerName}
	if err := c.Tx().Row(c.Ctx(), "SELECT signer_id FROM reply WHERE id = ?", l.R.ID).Scan(&by.id); err != nil {
		return ReplySaved{}, fmt.Errorf("read who signed reply %s: %w", l.R.ID, err)
	}
	return l.goOutBy(c, k, by)
}

// goOutBy sends a reply out: it gets its number for good, goes to every
// proposer, asks them for their rating, and its promises are registered.
func (l *Letter) goOutBy(c *app.Call, k *clockOf, by signature) (ReplySaved, error) {
	r := l.R
	if err := r.move(Issued); err != nil {
		return ReplySaved{}, err
	}
	due, err := k.rateDue()
	if err != nil {
		return ReplySaved{}, err
	}
	r.IssuedAt, r.RateBy = c.Now(), due.On.String()
	if r.RatingOpen, err = l.deliver(c, k); err != nil {
		return ReplySaved{}, err
	}
	if err := l.write(c, k, by, due); err != nil {
		return ReplySaved{}, err
	}
	if r.Purpose != FollowUp {
		if err := l.answers(c); err != nil {
			return ReplySaved{}, err
		}
	}
	if err := l.register(c); err != nil {
		return ReplySaved{}, err
	}
	c.Detail(map[string]any{"number": r.Number, "class": r.Class, "publicity": r.Publicity, "entered": r.Entered, "purpose": r.Purpose})
	rateBy := r.RateBy
	if !r.RatingOpen {
		rateBy = ""
	}
	if err := l.record(c, WasIssued{l.about().ofUnit(l.A).forProposers(l.Proposers), r.ID, r.Class, rateBy, r.Purpose}); err != nil {
		return ReplySaved{}, err
	}
	return r.saved(l.Matter), settle(c, l.Matter)
}

// answers notes that the unit did what it had to do in this round.
func (l *Letter) answers(c *app.Call) error {
	e := &Errand{l.Matter, l.A}
	if err := l.A.move(Answered); err != nil {
		return err
	}
	l.A.AnsweredLate = l.R.Late
	if err := e.answer(c); err != nil {
		return err
	}
	if err := e.moot(c); err != nil {
		return err
	}
	return l.retire(c)
}

// write writes that the reply was issued. Its number is unique within the
// unit's year.
func (l *Letter) write(c *app.Call, k *clockOf, by signature, due calendar.Deadline) error {
	r := l.R
	text, err := writeDue(due)
	if err != nil {
		return err
	}
	var taken int
	if err := c.Tx().Row(c.Ctx(), "SELECT COUNT(*) FROM reply WHERE unit_id = ? AND year = ? AND number = ? AND state = 'issued'", r.UnitID, k.today.Year(), r.Number).Scan(&taken); err != nil {
		return fmt.Errorf("look for the number of reply %s: %w", r.ID, err)
	}
	if taken > 0 {
		return fault.Field("number", "handling.reply.number-taken", "number", r.Number)
	}
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE reply SET state = ?, year = ?, signer_id = ?, signer_name = ?, issued_at = ?, rate_by = ?, rate_due = ?, rating_open = ?,
		signed_off_at = ?, due_on = ?, late = ?, version = version + 1
		WHERE id = ? AND version = ?`, string(r.State), k.today.Year(), by.id, by.name, r.IssuedAt, r.RateBy, text, r.RatingOpen, r.SignedOffAt, r.DueOn, r.Late, r.ID, r.Version)
	if errors.Is(err, store.ErrUnique) { // another case of the unit took it at the same moment
		return fault.Field("number", "handling.reply.number-taken", "number", r.Number).Because(err)
	}
	if err := written(n, err, "reply "+r.ID); err != nil {
		return err
	}
	r.Version++
	return nil
}

// deliver writes a receipt for every proposer and tells whether any rating is
// asked. Nobody is asked who holds a post in the unit.
func (l *Letter) deliver(c *app.Call, k *clockOf) (asked bool, err error) {
	for i, p := range l.Proposers {
		rates := (k.rules.Raters != "lead" || p.Lead) && l.R.Purpose != FollowUp
		if rates && p.PersonID != "" {
			own, err := holdsPostIn(&c.Look, p.PersonID, l.R.UnitID, l.A.keeper())
			if err != nil {
				return false, err
			}
			rates = !own
		}
		_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO reply_delivery (reply_id, proposer_id, committee_id, case_kind, case_id, is_body, name, is_lead, rates, position, delivered_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, l.R.ID, p.Key(), l.CommitteeID, l.Kind, l.ID, p.BodyID != "", p.Name, p.Lead, rates, i, c.Now())
		if err != nil {
			return false, fmt.Errorf("deliver reply %s: %w", l.R.ID, err)
		}
		asked = asked || rates
	}
	return asked, nil
}

// holdsPostIn reports whether somebody holds any post in a body today.
func holdsPostIn(l *app.Look, personID string, bodies ...string) (bool, error) {
	posts, err := organization.PostsOf(l, personID, dayOf(l.Now()))
	if err != nil {
		return false, err
	}
	for _, p := range posts {
		if slices.Contains(bodies, p.BodyID) {
			return true, nil
		}
	}
	return false, nil
}

func enter(c *app.Call, e *Errand, in EnterIn) (ReplySaved, error) {
	if err := e.fresh(in.Version); err != nil {
		return ReplySaved{}, err
	}
	r := e.workOn(e.A.ID)
	switch {
	case !e.A.Owes():
		return ReplySaved{}, fault.New(fault.Closed, "handling.closed."+string(e.A.State))
	case r != nil && r.State == Reading:
		return ReplySaved{}, fault.New(fault.Closed, "handling.reply.closed."+string(Reading))
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return ReplySaved{}, err
	}
	var p fault.Problems
	signer := line(&p, "signer", in.Signer, nameAtMost, true)
	text, err := e.clean(k, in.ReplyText)
	if err := bothOf(p.Err(), err); err != nil {
		return ReplySaved{}, err
	}
	if err := bothOf(p.Err(), e.complete(k, e.A, text, e.purpose())); err != nil {
		return ReplySaved{}, err
	}
	if e.A.State == Sent {
		if err := e.A.move(SignedFor); err != nil {
			return ReplySaved{}, err
		}
		if err := e.sign(c, ""); err != nil {
			return ReplySaved{}, err
		}
	}
	if r == nil {
		r, err = e.begin(c, text, Signing, c.Who().Name, e.purpose())
	} else {
		err = e.enterInto(c, k, r, text)
	}
	if err != nil {
		return ReplySaved{}, err
	}
	return (&Letter{e.Matter, e.A, r}).issue(c, signature{"", signer})
}

// enterInto puts what came on paper in the place of what people of the unit had
// begun before nobody there had an account any more.
func (e *Errand) enterInto(c *app.Call, k *clockOf, r *Reply, text ReplyText) error {
	if r.State != Drafted {
		if err := (&Letter{e.Matter, e.A, r}).backToDraft(c, ""); err != nil {
			return err
		}
	}
	r, err := e.save(c, k, r.Version, text)
	if err != nil {
		return err
	}
	if err := r.move(Signing); err != nil {
		return err
	}
	r.EnteredBy, r.Entered, r.SubmittedAt = c.Who().Name, true, c.Now()
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE reply SET state = ?, entered_by = ?, submitted_at = ?, version = version + 1 WHERE id = ? AND version = ?",
		string(r.State), r.EnteredBy, r.SubmittedAt, r.ID, r.Version)
	if err := written(n, err, "reply "+r.ID); err != nil {
		return err
	}
	r.Version++
	return nil
}

// bothOf joins the problems of two readings of a form.
func bothOf(a, b error) error {
	if a == nil || b == nil {
		return errors.Join(a, b)
	}
	x, y := *fault.From(a), fault.From(b)
	x.Also = append(slices.Clone(x.Also), y.All()...)
	return &x
}
