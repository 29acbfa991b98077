package appraisal

import (
	"fmt"
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/handling"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// This file holds every SELECT over the tables of handling and supervision, which
// it reads and never writes. Each reads the whole period for all units at once.

// period is the condition on assignments (alias a) that were dispatched in the
// time a scheme looks at.
func (s *Scheme) period() store.Fragment {
	return store.F("a.committee_id = ? AND a.dispatched_at >= ? AND a.dispatched_at < ?", s.CommitteeID, startOf(s.From), endOf(s.To))
}

// reader fills the records of a period.
type reader struct {
	l       *app.Look
	where   store.Fragment
	asOf    store.Time
	records []Record
	at      map[string]int // place of an assignment in records
}

// ledger reads what a scheme is computed from, as of an instant.
func ledger(l *app.Look, s *Scheme, asOf store.Time) (Ledger, error) {
	days, err := calendar.Of(l, s.CommitteeID)
	if err != nil {
		return Ledger{}, err
	}
	rules, _, err := profile.Of(l, s.CommitteeID)
	if err != nil {
		return Ledger{}, err
	}
	f := &reader{l: l, where: s.period(), asOf: asOf, at: map[string]int{}}
	for _, read := range []func() error{f.assignments, func() error { return f.contacts(rules.Handling.FaceToFace) }, f.replies, f.items, f.ratings, f.opinions,
		f.objections, f.readings, f.rehandlings, f.promises, f.chases} {
		if err := read(); err != nil {
			return Ledger{}, fmt.Errorf("read the records of %d: %w", s.Year, err)
		}
	}
	b := Ledger{Time: Time{AsOf: asOf, Days: days}, Records: f.records}
	b.Marks, err = marksOf(l, s)
	return b, err
}

// assignments reads those that units held at the instant, and those that went
// to another unit after an objection. What belongs to others is passed over.
func (f *reader) assignments() (err error) {
	q := store.Join(store.F(`SELECT a.id, a.unit_id, b.name, b.channel, a.role, a.waived_at, COALESCE(a.valid_to <= ?, FALSE), a.dispatched_at, a.sign_by, a.signed_at, a.contact_by, a.due_on
		FROM assignment a JOIN body b ON b.id = a.unit_id WHERE`, f.asOf),
		store.And(f.where, store.F("a.valid_from <= ?", f.asOf), store.F(`a.valid_to IS NULL OR a.valid_to > ?
			OR EXISTS (SELECT 1 FROM objection o WHERE o.assignment_id = a.id AND o.unit_id = a.unit_id AND o.filed_at <= ?)`, f.asOf, f.asOf)),
		store.F("ORDER BY a.unit_id, a.id"))
	f.records, err = store.List(f.l.Ctx(), f.l.Tx(), func(r store.Row, x *Record) error {
		return r.Scan(&x.ID, &x.UnitID, &x.UnitName, &x.Channel, &x.Role, &x.WaivedAt, &x.Gone, &x.DispatchedAt, &x.SignBy, &x.SignedAt, &x.ContactBy, &x.DueOn)
	}, q.SQL, q.Args...)
	for i := range f.records {
		x := &f.records[i]
		if x.SignedAt.After(f.asOf.Time) {
			x.SignedAt = store.Time{}
		}
		if x.WaivedAt.After(f.asOf.Time) {
			x.WaivedAt = store.Time{}
		}
		if x.DueOn == never {
			x.DueOn = ""
		}
		f.at[x.ID] = i
	}
	return err
}

// of finds the record that a row belongs to; nil for one outside the period.
func (f *reader) of(id string) *Record {
	i, ok := f.at[id]
	if !ok {
		return nil
	}
	return &f.records[i]
}

func (f *reader) contacts(face []string) error {
	type row struct{ id, form, on string }
	q := store.Join(store.F("SELECT c.assignment_id, c.form, c.held_on FROM handling_contact c JOIN assignment a ON a.id = c.assignment_id WHERE"),
		store.And(f.where, store.F("c.at <= ?", f.asOf)), store.F("ORDER BY c.id"))
	list, err := store.List(f.l.Ctx(), f.l.Tx(), func(r store.Row, x *row) error { return r.Scan(&x.id, &x.form, &x.on) }, q.SQL, q.Args...)
	for _, x := range list {
		if r := f.of(x.id); r != nil {
			r.Contacts = append(r.Contacts, Contacted{x.on, slices.Contains(face, x.form)})
		}
	}
	return err
}

// issued is the condition on replies (alias r) that count: follow-ups to kept
// promises do not, so that a year keeps its classes.
func (f *reader) issued() store.Fragment {
	return store.And(f.where, store.F("r.state = 'issued' AND r.purpose <> 'followup' AND r.issued_at <= ?", f.asOf))
}

func (f *reader) replies() error {
	type row struct {
		id string
		Replied
	}
	q := store.Join(store.F("SELECT r.assignment_id, r.round, r.class, r.publicity, COALESCE(r.signed_off_at, r.issued_at), r.due_on FROM reply r JOIN assignment a ON a.id = r.assignment_id WHERE"),
		f.issued(), store.F("ORDER BY r.assignment_id, r.round"))
	list, err := store.List(f.l.Ctx(), f.l.Tx(), func(r store.Row, x *row) error {
		return r.Scan(&x.id, &x.Round, &x.Class, &x.Publicity, &x.At, &x.DueOn)
	}, q.SQL, q.Args...)
	for _, x := range list {
		if x.DueOn == never {
			x.DueOn = ""
		}
		if r := f.of(x.id); r != nil {
			r.Replies = append(r.Replies, x.Replied)
		}
	}
	return err
}

func (f *reader) items() error {
	type row struct {
		id              string
		round, n, taken int64
	}
	q := store.Join(store.F(`SELECT r.assignment_id, r.round, COUNT(*), COUNT(*) FILTER (WHERE i.outcome IN ('adopted', 'partly'))
		FROM reply_item i JOIN reply r ON r.id = i.reply_id JOIN assignment a ON a.id = r.assignment_id WHERE`), f.issued(), store.F("GROUP BY r.assignment_id, r.round"))
	list, err := store.List(f.l.Ctx(), f.l.Tx(), func(r store.Row, x *row) error { return r.Scan(&x.id, &x.round, &x.n, &x.taken) }, q.SQL, q.Args...)
	for _, x := range list {
		r := f.of(x.id)
		if r == nil {
			continue
		}
		for k := range r.Replies {
			if r.Replies[k].Round == x.round {
				r.Replies[k].Items, r.Replies[k].Taken = x.n, x.taken
			}
		}
	}
	return err
}

func (f *reader) ratings() error {
	type row struct {
		id string
		Rated
	}
	q := store.Join(store.F("SELECT r.assignment_id, r.round, g.attitude, g.result FROM rating g JOIN reply r ON r.id = g.reply_id JOIN assignment a ON a.id = r.assignment_id WHERE"),
		store.And(f.where, store.F("g.at <= ?", f.asOf)), store.F("ORDER BY g.id"))
	list, err := store.List(f.l.Ctx(), f.l.Tx(), func(r store.Row, x *row) error { return r.Scan(&x.id, &x.Round, &x.Attitude, &x.Result) }, q.SQL, q.Args...)
	for _, x := range list {
		if r := f.of(x.id); r != nil {
			r.Ratings = append(r.Ratings, x.Rated)
		}
	}
	return err
}

func (f *reader) opinions() error {
	type row struct {
		id string
		at store.Time
	}
	q := store.Join(store.F("SELECT o.assignment_id, o.at FROM assist_opinion o JOIN assignment a ON a.id = o.assignment_id WHERE"),
		store.And(f.where, store.F("o.at <= ?", f.asOf)))
	list, err := store.List(f.l.Ctx(), f.l.Tx(), func(r store.Row, x *row) error { return r.Scan(&x.id, &x.at) }, q.SQL, q.Args...)
	for _, x := range list {
		if r := f.of(x.id); r != nil {
			r.OpinionAt = x.at
		}
	}
	return err
}

func (f *reader) objections() error {
	type row struct{ id, ruling string }
	q := store.Join(store.F("SELECT o.assignment_id, o.ruling FROM objection o JOIN assignment a ON a.id = o.assignment_id WHERE"),
		store.And(f.where, store.F("o.unit_id = a.unit_id AND o.filed_at <= ?", f.asOf)))
	list, err := store.List(f.l.Ctx(), f.l.Tx(), func(r store.Row, x *row) error { return r.Scan(&x.id, &x.ruling) }, q.SQL, q.Args...)
	for _, x := range list {
		if r := f.of(x.id); r != nil && x.ruling != handling.Withdrawn {
			r.Objected++
			r.Rejected += yes(x.ruling == handling.Rejected)
		}
	}
	return err
}

// tallied reads how often each assignment occurs in the rows of a query.
func (f *reader) tallied(add func(*Record, int64), from string, when store.Fragment) error {
	type row struct {
		id string
		n  int64
	}
	q := store.Join(store.F("SELECT a.id, COUNT(*) FROM "+from+" WHERE"), store.And(f.where, when), store.F("GROUP BY a.id"))
	list, err := store.List(f.l.Ctx(), f.l.Tx(), func(r store.Row, x *row) error { return r.Scan(&x.id, &x.n) }, q.SQL, q.Args...)
	for _, x := range list {
		if r := f.of(x.id); r != nil {
			add(r, x.n)
		}
	}
	return err
}

func (f *reader) readings() error {
	return f.tallied(func(r *Record, n int64) { r.Returned = n }, "reply_reading g JOIN reply r ON r.id = g.reply_id JOIN assignment a ON a.id = r.assignment_id",
		store.F("g.result = 'returned' AND g.at <= ?", f.asOf))
}

func (f *reader) rehandlings() error {
	return f.tallied(func(r *Record, n int64) { r.Again = n }, "rehandling g JOIN assignment a ON a.id = g.assignment_id", store.F("g.at <= ?", f.asOf))
}

func (f *reader) chases() error {
	return f.tallied(func(r *Record, n int64) { r.Chased = n }, "chase_item i JOIN chase g ON g.id = i.chase_id JOIN assignment a ON a.id = i.assignment_id",
		store.F("g.form = 'letter' AND g.sent_at <= ?", f.asOf))
}

func (f *reader) promises() error {
	type row struct {
		id string
		Promised
	}
	q := store.Join(store.F(`SELECT a.id, p.due_on, CASE WHEN p.state = 'kept' AND p.ended_at <= ? THEN p.kept_on ELSE '' END FROM promise p JOIN assignment a ON a.id = p.assignment_id WHERE`, f.asOf),
		store.And(f.where, store.F("p.made_at <= ?", f.asOf), store.F("p.state IN ('open', 'kept') OR p.ended_at > ?", f.asOf)), store.F("ORDER BY p.id"))
	list, err := store.List(f.l.Ctx(), f.l.Tx(), func(r store.Row, x *row) error { return r.Scan(&x.id, &x.DueOn, &x.KeptOn) }, q.SQL, q.Args...)
	for _, x := range list {
		if r := f.of(x.id); r != nil {
			r.Promises = append(r.Promises, x.Promised)
		}
	}
	return err
}

// BehindCase is one case behind a line of a sheet.
type BehindCase struct {
	ID       string `json:"id"` // assignment
	CaseKind string `json:"case_kind"`
	CaseID   string `json:"case_id"`
	Number   string `json:"number"`
	Title    string `json:"title"`
	Role     string `json:"role"`
	N        int64  `json:"n"`
	D        int64  `json:"d"`
}

// behind reads the cases of a line, in its order.
func behind(l *app.Look, of []CaseCount) ([]BehindCase, error) {
	ids := make([]string, len(of))
	for i, x := range of {
		ids[i] = x.ID
	}
	q := store.Join(store.F("SELECT a.id, a.case_kind, a.case_id, h.number, h.title, a.role FROM assignment a JOIN handling_case h ON h.case_kind = a.case_kind AND h.case_id = a.case_id WHERE"),
		store.And(store.F("a.committee_id = ?", l.Who().CommitteeID), store.In("a.id", ids...)))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *BehindCase) error {
		return r.Scan(&x.ID, &x.CaseKind, &x.CaseID, &x.Number, &x.Title, &x.Role)
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("read the cases behind a line: %w", err)
	}
	found := map[string]BehindCase{}
	for _, x := range list {
		found[x.ID] = x
	}
	ordered := make([]BehindCase, 0, len(list))
	for _, c := range of {
		if x, ok := found[c.ID]; ok {
			x.N, x.D = c.N, c.D
			ordered = append(ordered, x)
		}
	}
	return ordered, nil
}
