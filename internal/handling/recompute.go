package handling

import (
	"context"
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// recomputeIn names a case whose deadlines were computed with an older calendar.
type recomputeIn struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Moved is a deadline that a changed calendar moved.
type Moved struct {
	AssignmentID string     `json:"assignment_id"`
	What         string     `json:"what"` // sign, objection, ruling, contact, reply, opinion, countersign, reading, rating
	Was          string     `json:"was"`
	Becomes      string     `json:"becomes"`
	At           store.Time `json:"at"`
}

// recompute computes the open deadlines of a case over the changed calendar
// and records each that moved.
var recompute = app.Define("assignment.recompute-due",
	func(c *app.Call, in recomputeIn) (*Matter, error) { return matterOf(&c.Look, in.Kind, in.ID) },
	bySystem[*Matter],
	func(c *app.Call, m *Matter, _ recomputeIn) (struct{}, error) {
		days, err := calendar.Current(&c.Look)
		if err != nil {
			return struct{}{}, err
		}
		w := &mover{c: c, m: m, days: days}
		for _, a := range m.live() {
			if err := w.move(a); err != nil {
				return struct{}{}, fmt.Errorf("recompute the deadlines of %s: %w", a.ID, err)
			}
		}
		c.Detail(map[string]any{"moved": w.moved, "calendar": days.Version()})
		return struct{}{}, settle(c, m)
	})

type mover struct {
	c     *app.Call
	m     *Matter
	days  *calendar.Workdays
	moved int
}

// again computes one deadline again and notes when it moved.
func (w *mover) again(a *Assignment, what string, d *calendar.Deadline) error {
	if d.On.IsZero() {
		return nil
	}
	now, err := calendar.Recompute(*d, w.days)
	if err != nil {
		return err
	}
	was := *d
	*d = now
	if calendar.Same(was, now) {
		return nil
	}
	w.moved++
	_, err = w.c.Tx().Exec(w.c.Ctx(), "INSERT INTO assignment_moved (id, committee_id, assignment_id, what, was, becomes, calendar, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		id.New(), w.m.CommitteeID, a.ID, what, was.On.String(), now.On.String(), w.days.Version(), w.c.Now())
	return err
}

// move recomputes what is still open of an assignment and of its reply.
func (w *mover) move(a *Assignment) error {
	if err := errors.Join(w.moveRating(a), w.moveLetter(a)); err != nil {
		return err
	}
	if a.State != Sent && a.State != SignedFor {
		return nil
	}
	what := ToReply
	if a.Role == Assist {
		what = ToOpine
	}
	if a.State == Sent {
		if err := w.again(a, ToSign, &a.SignDue); err != nil {
			return err
		}
	}
	if w.m.contactsOf(a) == 0 {
		if err := w.again(a, "contact", &a.ContactDue); err != nil {
			return err
		}
	}
	if err := w.again(a, what, &a.Due); err != nil {
		return err
	}
	if err := errors.Join(w.moveWindow(a), w.moveRuling(a)); err != nil {
		return err
	}
	sign, contact, due, err := a.written()
	if err != nil {
		return err
	}
	_, err = w.c.Tx().Exec(w.c.Ctx(), "UPDATE assignment SET sign_by = ?, sign_due = ?, contact_by = ?, contact_due = ?, due_on = ?, due = ?, calendar = ? WHERE id = ?",
		a.SignDue.On.String(), sign, a.ContactDue.On.String(), contact, dated(a.Due.On.String()), due, w.days.Version(), a.ID)
	return err
}

// moveWindow recomputes until when the unit may object.
func (w *mover) moveWindow(a *Assignment) error {
	if a.State != Sent || a.ObjectBy == "" {
		return nil
	}
	if err := w.again(a, "objection", &a.ObjectDue); err != nil {
		return err
	}
	text, err := writeDue(a.ObjectDue)
	if err != nil {
		return err
	}
	_, err = w.c.Tx().Exec(w.c.Ctx(), "UPDATE assignment SET object_by = ?, object_due = ? WHERE id = ?", a.ObjectDue.On.String(), text, a.ID)
	return err
}

func (w *mover) moveRating(a *Assignment) error {
	r := w.m.newest(a.ID, func(r *Reply) bool { return r.RatingOpen })
	if r == nil {
		return nil
	}
	var text string
	if err := w.c.Tx().Row(w.c.Ctx(), "SELECT rate_due FROM reply WHERE id = ?", r.ID).Scan(&text); err != nil {
		return err
	}
	var d calendar.Deadline
	if err := readDue(text, &d); err != nil {
		return err
	}
	if err := w.again(a, ToRate, &d); err != nil {
		return err
	}
	text, err := writeDue(d)
	if err != nil {
		return err
	}
	_, err = w.c.Tx().Exec(w.c.Ctx(), "UPDATE reply SET rate_by = ?, rate_due = ? WHERE id = ?", d.On.String(), text, r.ID)
	return err
}

// moveRuling recomputes until when an objection is ruled on.
func (w *mover) moveRuling(a *Assignment) error {
	o := w.m.objection(a.ID)
	if o == nil || o.ruleDue == "" {
		return nil
	}
	on, text, err := w.rewritten(a, ToRule, o.ruleDue)
	if err != nil {
		return err
	}
	o.RuleBy, o.ruleDue = on, text
	_, err = w.c.Tx().Exec(w.c.Ctx(), "UPDATE objection SET rule_by = ?, rule_due = ? WHERE id = ?", on, text, o.ID)
	return err
}

// moveLetter recomputes until when a reply that is not issued is countersigned
// or read, a further one too.
func (w *mover) moveLetter(a *Assignment) error {
	r := w.m.workOn(a.ID)
	switch {
	case r != nil && r.State == Reading:
		return w.moveDay(a, ToRead, "SELECT id, read_due FROM reply WHERE id = ?", r.ID, "UPDATE reply SET read_by_on = ?, read_due = ? WHERE id = ?")
	case r != nil && r.State == Countersigning:
		return w.moveDay(a, ToAgree, "SELECT id, due FROM countersign WHERE reply_id = ? AND answer = ''", r.ID, "UPDATE countersign SET due_on = ?, due = ? WHERE id = ?")
	}
	return nil
}

// kept is a deadline as a row keeps it.
type kept struct{ id, due string }

// moveDay recomputes the deadlines that a question finds.
func (w *mover) moveDay(a *Assignment, what, find, id, set string) error {
	list, err := store.List(w.c.Ctx(), w.c.Tx(), func(r store.Row, x *kept) error { return r.Scan(&x.id, &x.due) }, find, id)
	if err != nil {
		return err
	}
	for _, x := range list {
		on, text, err := w.rewritten(a, what, x.due)
		if err != nil {
			return err
		}
		if _, err := w.c.Tx().Exec(w.c.Ctx(), set, on, text, x.id); err != nil {
			return err
		}
	}
	return nil
}

// rewritten computes a deadline again that a row keeps as text.
func (w *mover) rewritten(a *Assignment, what, text string) (on, now string, err error) {
	var d calendar.Deadline
	if err := readDue(text, &d); err != nil {
		return "", "", err
	}
	if err := w.again(a, what, &d); err != nil {
		return "", "", err
	}
	now, err = writeDue(d)
	return d.On.String(), now, err
}

// openIn finds the cases of a committee with an open deadline, after a cursor.
var openIn = app.Ask("assignment.open-cases", func(who access.Actor) access.Scope {
	if !who.Is(access.System) {
		return access.Nothing()
	}
	return access.Committee("h.committee_id", who.CommitteeID)
}, func(l *app.Look, s access.Scope, after recomputeIn) ([]recomputeIn, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *recomputeIn) error { return r.Scan(&x.Kind, &x.ID) },
		`SELECT h.case_kind, h.case_id FROM handling_case h WHERE `+s.SQL()+` AND (h.case_kind, h.case_id) > (?, ?)
			AND (EXISTS (SELECT 1 FROM assignment a WHERE a.case_kind = h.case_kind AND a.case_id = h.case_id AND a.state IN ('dispatched', 'signed'))
				OR EXISTS (SELECT 1 FROM reply r WHERE r.case_kind = h.case_kind AND r.case_id = h.case_id AND (r.rating_open OR r.state = 'reading')))
			ORDER BY h.case_kind, h.case_id LIMIT 200`, append(s.Args(), after.Kind, after.ID)...)
	if err != nil {
		return nil, fmt.Errorf("find open cases: %w", err)
	}
	return list, nil
})

// hearCalendar recomputes every open deadline of a committee whose calendar
// changed, one case at a time so that nobody has to wait long. Hearing it
// again moves nothing.
func hearCalendar(ctx context.Context, a *app.App, f app.Heard) error {
	who := access.Machine(f.CommitteeID, machine)
	var after recomputeIn
	for {
		list, err := openIn.Do(ctx, a, who, after)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, x := range list {
			after = x
			_, err := recompute.Do(ctx, a, who, x)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
		}
	}
}

// open keeps the row of a case that became ready or was corrected.
var open = app.Define("handling.open",
	func(c *app.Call, in recomputeIn) (*Matter, error) { return matterOf(&c.Look, in.Kind, in.ID) },
	bySystem[*Matter],
	func(c *app.Call, m *Matter, _ recomputeIn) (struct{}, error) {
		if !m.Ready {
			return struct{}{}, nil
		}
		if err := m.know(c); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, settle(c, m)
	})

// hearReady opens a case of which another domain tells that it is ready, or
// that its number or title changed.
func hearReady(ctx context.Context, a *app.App, f app.Heard) error {
	_, err := open.Do(ctx, a, access.Machine(f.CommitteeID, machine), recomputeIn{f.ObjectKind, f.ObjectID})
	if fault.Is(err, fault.NotFound) {
		return nil // it was withdrawn in the meantime
	}
	return err
}
