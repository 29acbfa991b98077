package handling

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/profile"
)

// PassIn lets a reply go out.
type PassIn struct {
	ID      string `json:"id"` // reply
	Version int64  `json:"version"`
	Class   string `json:"class,omitempty"`  // another class than the unit's
	Reason  string `json:"reason,omitempty"` // required with another class
}

// Pass lets a reply go out that was signed off (预审通过). The reader may change
// the class with a reason; the unit's own stays on the record beside it.
var Pass = app.Define("reply.pass",
	func(c *app.Call, in PassIn) (*Letter, error) { return loadLetter(c, in.ID) },
	mayRead, pass)

func pass(c *app.Call, l *Letter, in PassIn) (ReplySaved, error) {
	if l.R.State != Reading {
		return ReplySaved{}, fault.New(fault.Closed, "handling.reply.closed."+string(l.R.State))
	}
	if err := l.fresh(in.Version); err != nil {
		return ReplySaved{}, err
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return ReplySaved{}, err
	}
	var p fault.Problems
	changed := in.Class != "" && in.Class != l.R.Class
	reason := words(&p, "reason", in.Reason, reasonAtMost, changed)
	p.Check(!changed || profile.Offered(k.rules.Classes, in.Class), "class", "handling.choose")
	if err := p.Err(); err != nil {
		return ReplySaved{}, err
	}
	was := l.R.Class
	if changed {
		l.R.UnitClass, l.R.Class, l.R.ClassReason = l.R.Class, in.Class, reason
	}
	l.R.ReaderName, l.R.PassedAt = c.Who().Name, c.Now()
	_, err = c.Tx().Exec(c.Ctx(), "UPDATE reply SET class = ?, unit_class = ?, class_reason = ?, reader_name = ?, passed_at = ? WHERE id = ?",
		l.R.Class, l.R.UnitClass, l.R.ClassReason, l.R.ReaderName, l.R.PassedAt, l.R.ID)
	if err != nil {
		return ReplySaved{}, fmt.Errorf("pass reply %s: %w", l.R.ID, err)
	}
	if err := l.readingNoted(c, Passed, reason, was); err != nil {
		return ReplySaved{}, err
	}
	return l.goOut(c, k)
}

// SendBack gives a reply that was signed off back to its unit (预审退回), with
// what is to be changed.
var SendBack = app.Define("reply.send-back",
	func(c *app.Call, in ReturnIn) (*Letter, error) { return loadLetter(c, in.ID) },
	mayRead,
	func(c *app.Call, l *Letter, in ReturnIn) (ReplySaved, error) {
		if l.R.State != Reading {
			return ReplySaved{}, fault.New(fault.Closed, "handling.reply.closed."+string(l.R.State))
		}
		if err := l.fresh(in.Version); err != nil {
			return ReplySaved{}, err
		}
		var p fault.Problems
		said := words(&p, "words", in.Words, textAtMost, true)
		if err := p.Err(); err != nil {
			return ReplySaved{}, err
		}
		if err := l.readingNoted(c, SentBack, said, l.R.Class); err != nil {
			return ReplySaved{}, err
		}
		if err := l.backToDraft(c, said); err != nil {
			return ReplySaved{}, err
		}
		if _, err := c.Tx().Exec(c.Ctx(), "UPDATE reply SET returns = returns + 1 WHERE id = ?", l.R.ID); err != nil {
			return ReplySaved{}, fmt.Errorf("send reply %s back: %w", l.R.ID, err)
		}
		return l.R.saved(l.Matter), settle(c, l.Matter)
	})

// readingNoted keeps one reading of a reply.
func (l *Letter) readingNoted(c *app.Call, result, said, was string) error {
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO reply_reading (id, committee_id, case_kind, case_id, reply_id, result, words, class_was, class_is, reader_id, reader_name, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id.New(), l.CommitteeID, l.Kind, l.ID, l.R.ID, result, said, was, l.R.Class, c.Who().PersonID, c.Who().Name, c.Now())
	if err != nil {
		return fmt.Errorf("keep the reading of %s: %w", l.R.ID, err)
	}
	c.Detail(map[string]any{"result": result, "class_was": was, "class": l.R.Class})
	if err := l.record(c, WasRead{l.about().ofUnit(l.A), l.R.ID, result, was, l.R.Class}); err != nil {
		return err
	}
	return l.did(c, HadReading)
}

// toReading puts a reply that was signed off before who dispatched the case.
func (l *Letter) toReading(c *app.Call, k *clockOf, by signature) error {
	if err := l.R.move(Reading); err != nil {
		return err
	}
	due, err := k.compute(k.today, calendar.Rule{Base: calendar.FromSubmit, Workdays: max(k.rules.Reading.Workdays, 1)})
	if err != nil {
		return err
	}
	text, err := writeDue(due)
	if err != nil {
		return err
	}
	l.R.ReadByOn = due.On.String()
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE reply SET state = ?, signer_id = ?, signer_name = ?, signed_off_at = ?, due_on = ?, late = ?, read_by_on = ?, read_due = ?, version = version + 1 WHERE id = ? AND version = ?",
		string(Reading), by.id, by.name, l.R.SignedOffAt, l.R.DueOn, l.R.Late, l.R.ReadByOn, text, l.R.ID, l.R.Version)
	if err := written(n, err, "reply "+l.R.ID); err != nil {
		return err
	}
	l.R.Version++
	return l.record(c, WasSignedOff{l.about().ofUnit(l.A), l.R.ID, l.R.ReadByOn})
}

// RecallIn takes a reply back to its draft.
type RecallIn struct {
	ID string `json:"id"` // reply
}

// Recall takes a reply back that waits for countersigning or sign-off (撤回修改).
var Recall = app.Define("reply.recall",
	func(c *app.Call, in RecallIn) (*Letter, error) { return loadLetter(c, in.ID) },
	mayTakeBack,
	func(c *app.Call, l *Letter, _ RecallIn) (ReplySaved, error) {
		if l.R.State != Countersigning && l.R.State != Signing {
			return ReplySaved{}, fault.New(fault.Closed, "handling.reply.closed."+string(l.R.State))
		}
		if err := l.backToDraft(c, ""); err != nil {
			return ReplySaved{}, err
		}
		return l.R.saved(l.Matter), settle(c, l.Matter)
	})

// mayTakeBack is the rule of the unit that writes a reply.
func mayTakeBack(who access.Actor, l *Letter) access.Verdict {
	if (&Errand{l.Matter, l.A}).ownUnit(who) {
		return access.Allow()
	}
	return l.letterless(who, "handling.unit-only")
}

// backToDraft gives a reply back to the handler; what assisting units said to it
// does not count for the next draft.
func (l *Letter) backToDraft(c *app.Call, said string) error {
	if err := l.R.move(Drafted); err != nil {
		return err
	}
	if len(l.countersigns(l.R.ID)) > 0 {
		if err := voidCountersigns(c, l.R.ID, "answer <> 'void'"); err != nil {
			return err
		}
	}
	l.R.ReturnedNote = said
	l.R.UnitID, l.R.UnitName = l.A.keeper(), l.A.keeperName() // who signs it next
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE reply SET state = ?, returned_note = ?, submitted_at = NULL, unit_id = ?, unit_name = ?, version = version + 1 WHERE id = ? AND version = ?",
		string(Drafted), said, l.R.UnitID, l.R.UnitName, l.R.ID, l.R.Version)
	if err := written(n, err, "reply "+l.R.ID); err != nil {
		return err
	}
	l.R.Version++
	return l.record(c, WasReturned{l.about().ofUnit(l.A), l.R.ID})
}
