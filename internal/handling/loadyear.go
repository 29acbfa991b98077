package handling

import (
	"errors"
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/store"
)

// readYear reads the rarer records, each kind only where the case has some.
func (m *Matter) readYear(l *app.Look) error {
	if m.Row.Deeds == 0 {
		return nil
	}
	err := errors.Join(
		readOf(l, m, HadObjection, &m.Objections, scanObjection, `SELECT id, assignment_id, unit_id, unit_name, desk_id, reason, proposed_unit, proposed_name, filed_at,
			consented_name, consented_at, rule_by, rule_due, ruling, ruled_name, ruled_at, ruling_words, to_unit, to_name FROM objection`),
		readOf(l, m, HadExtension, &m.Extensions, scanExtension, `SELECT id, assignment_id, unit_id, unit_name, approver, round, was, until, reason, asked_name, asked_at,
			endorsed_name, endorsed_at, decision, decided_name, decided_at, granted_until, words FROM extension`),
		readOf(l, m, HadCountersign, &m.Countersigns, scanCountersign, `SELECT id, reply_id, assignment_id, unit_id, unit_name, asked_at, due_on, answer, words, person_name, at,
			decision, decided_name, decided_words, decided_at FROM countersign`),
		readOf(l, m, HadReading, &m.Readings, scanReading, "SELECT id, reply_id, result, words, class_was, class_is, reader_name, at FROM reply_reading"),
		readOf(l, m, HadRehandling, &m.Rehandlings, scanRehandling, "SELECT assignment_id, unit_name, round, because, reply_id, due_on, at FROM rehandling"),
		readOf(l, m, HadLastWord, &m.LastWords, scanLastWord, "SELECT id, assignment_id, unit_name, round, asked_at, decision, words, ruled_name, ruled_at FROM last_word"),
		readOf(l, m, HadPromise, &m.Promises, scanPromise, "SELECT "+promiseColumns+" FROM promise p"))
	if err != nil {
		return fmt.Errorf("read the year of %s %s: %w", m.Kind, m.ID, err)
	}
	return m.readPromiseTexts(l)
}

func readOf[T any](l *app.Look, m *Matter, deed Deeds, list *[]T, scan func(store.Row, *T) error, q string) error {
	if !m.Row.Deeds.Has(deed) {
		return nil
	}
	var err error
	*list, err = store.List(l.Ctx(), l.Tx(), scan, q+" WHERE case_kind = ? AND case_id = ? ORDER BY id", m.Kind, m.ID)
	return err
}

func scanObjection(r store.Row, o *Objection) error {
	return r.Scan(&o.ID, &o.AssignmentID, &o.UnitID, &o.UnitName, &o.DeskID, &o.Reason, &o.ProposedUnit, &o.ProposedName, &o.FiledAt,
		&o.ConsentedName, &o.ConsentedAt, &o.RuleBy, &o.ruleDue, &o.Ruling, &o.RuledName, &o.RuledAt, &o.Words, &o.ToUnit, &o.ToName)
}

func scanExtension(r store.Row, x *Extension) error {
	return r.Scan(&x.ID, &x.AssignmentID, &x.UnitID, &x.UnitName, &x.Approver, &x.Round, &x.Was, &x.Until, &x.Reason, &x.AskedName, &x.AskedAt,
		&x.EndorsedName, &x.EndorsedAt, &x.Decision, &x.DecidedName, &x.DecidedAt, &x.GrantedUntil, &x.Words)
}

func scanCountersign(r store.Row, x *Countersign) error {
	return r.Scan(&x.ID, &x.ReplyID, &x.AssignmentID, &x.UnitID, &x.UnitName, &x.AskedAt, &x.DueOn, &x.Answer, &x.Words, &x.PersonName, &x.At,
		&x.Decision, &x.DecidedName, &x.DecidedWords, &x.DecidedAt)
}

func scanReading(r store.Row, x *ReadingOf) error {
	return r.Scan(&x.ID, &x.ReplyID, &x.Result, &x.Words, &x.ClassWas, &x.ClassIs, &x.ReaderName, &x.At)
}

func scanRehandling(r store.Row, x *Rehandling) error {
	return r.Scan(&x.AssignmentID, &x.UnitName, &x.Round, &x.Because, &x.ReplyID, &x.DueOn, &x.At)
}

func scanLastWord(r store.Row, x *LastWord) error {
	return r.Scan(&x.ID, &x.AssignmentID, &x.UnitName, &x.Round, &x.AskedAt, &x.Decision, &x.Words, &x.RuledName, &x.RuledAt)
}

const promiseColumns = `p.id, p.case_kind, p.case_id, p.reply_id, p.assignment_id, p.unit_id, p.unit_name, p.desk_id, p.no, p.body, p.owner, p.due_on, p.made_at, p.state, p.kept_on,
	p.evidence, p.reason, p.ended_name, p.ended_at, p.confirm_asked, p.confirmed, p.confirm_words, p.confirmed_name, p.confirmed_at, p.version,
	p.renews, p.first_due_on, p.first_made_at, p.cancel_asked_at, p.cancel_asked_name, p.cancel_reason, p.ended_by, p.confirmed_by`

func scanPromise(r store.Row, p *Promise) error { return r.Scan(p.columns()...) }

// columns are where promiseColumns are read to.
func (p *Promise) columns() []any {
	return []any{&p.ID, &p.CaseKind, &p.CaseID, &p.ReplyID, &p.AssignmentID, &p.UnitID, &p.UnitName, &p.DeskID, &p.No, &p.Text, &p.Owner, &p.DueOn, &p.MadeAt, &p.State, &p.KeptOn,
		&p.Evidence, &p.Reason, &p.EndedName, &p.EndedAt, &p.ConfirmAsked, &p.Confirmed, &p.ConfirmWords, &p.ConfirmedName, &p.ConfirmedAt, &p.Version,
		&p.Renews, &p.FirstDueOn, &p.FirstMadeAt, &p.CancelAskedAt, &p.CancelAskedName, &p.CancelReason, &p.endedBy, &p.confirmedBy}
}

type promiseRow struct {
	reply string
	PromiseText
}

// readPromiseTexts reads what the replies say they promise.
func (m *Matter) readPromiseTexts(l *app.Look) error {
	if !m.Row.Deeds.Has(HadPromise) {
		return nil
	}
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *promiseRow) error {
		return r.Scan(&x.reply, &x.No, &x.Text, &x.Owner, &x.DueOn, &x.Renews, &x.Was)
	},
		`SELECT p.reply_id, p.no, p.body, p.owner, p.due_on, p.renews, COALESCE(e.due_on, '') FROM reply_promise p JOIN reply r ON r.id = p.reply_id LEFT JOIN promise e ON e.id = p.renews
		WHERE r.case_kind = ? AND r.case_id = ? ORDER BY p.reply_id, p.place`, m.Kind, m.ID)
	if err != nil {
		return fmt.Errorf("read the promises in the replies of %s %s: %w", m.Kind, m.ID, err)
	}
	for _, x := range list {
		if r := m.reply(x.reply); r != nil {
			r.Promises = append(r.Promises, x.PromiseText)
		}
	}
	return nil
}

// did notes that the case has records of a rarer sort from now on.
func (m *Matter) did(c *app.Call, deed Deeds) error {
	if m.Row.Deeds.Has(deed) {
		return nil
	}
	m.Row.Deeds |= deed
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE handling_case SET deeds = deeds | ? WHERE case_kind = ? AND case_id = ?", int64(deed), m.Kind, m.ID); err != nil {
		return fmt.Errorf("note what %s %s has: %w", m.Kind, m.ID, err)
	}
	return nil
}
