package handling

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// waits are the queues of the workbench from dispatch on. A queue asks for the
// acting post; its condition is its scope.
func waits() []app.Waits {
	unit := []access.PostKind{access.Handler, access.Signer}
	return append(yearWaits(), []app.Waits{
		{Name: "handling.waits.dispatch", For: []access.PostKind{access.Dispatcher}, All: "/dispatch", Find: routedToDesk},
		{Name: "handling.waits.sign", For: unit, All: "/assignments?state=dispatched", Find: toSign},
		{Name: "handling.waits.reply", For: []access.PostKind{access.Handler}, All: "/assignments?state=signed", Find: toReply},
		{Name: "handling.waits.sign-off", For: []access.PostKind{access.Signer}, All: "/assignments?state=signing", Find: toSignOff},
		{Name: "handling.waits.rate", For: []access.PostKind{access.Member, access.Convener}, Find: toRate},
		{Name: "handling.waits.confirm", For: []access.PostKind{access.Office}, Find: toConfirm},
		{Name: "handling.waits.late", For: []access.PostKind{access.Office, access.Dispatcher}, All: "/assignments?state=late", Follows: true, Find: late},
		{Name: "handling.waits.underway", For: []access.PostKind{access.Signer}, All: "/assignments?state=signed", Follows: true, Find: underway},
	}...)
}

// asked is one queue: which rows, how they are ordered, and what is said of each.
type asked struct {
	columns, order string
	from           store.Fragment // FROM … WHERE …
	scan           func(store.Row, *app.Waiting) error
}

// find counts the rows and reads the first of them.
func (q asked) find(l *app.Look, limit int) ([]app.Waiting, int, error) {
	var total int
	if err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) "+q.from.SQL, q.from.Args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count cases that wait: %w", err)
	}
	if total == 0 {
		return nil, 0, nil
	}
	s := store.Join(store.F("SELECT "+q.columns), q.from, store.F("ORDER BY "+q.order+" LIMIT ?", limit))
	list, err := store.List(l.Ctx(), l.Tx(), q.scan, s.SQL, s.Args...)
	if err != nil {
		return nil, 0, fmt.Errorf("list cases that wait: %w", err)
	}
	return list, total, nil
}

// theCase joins a table x to its case.
const theCase = " JOIN handling_case h ON h.case_kind = x.case_kind AND h.case_id = x.case_id "

const caseColumns = "x.case_kind, x.case_id, h.title, h.number"

// letterAt is the path of the page of a reply.
func letterAt(replyID string) string { return "/replies/" + replyID }

// dressed reads the case columns and what follows them.
func dressed(r store.Row, w *app.Waiting, key string, more ...any) error {
	var kind, id, number string
	if err := r.Scan(append([]any{&kind, &id, &w.Title, &number}, more...)...); err != nil {
		return err
	}
	w.Key, w.Link, w.Args = key, PathOf(kind, id), append([]string{"number", bare(number)}, w.Args...)
	if w.DueOn == never {
		w.DueOn = ""
	}
	return nil
}

// routedToDesk: what the committee sent to the supervision office.
func routedToDesk(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return asked{
		columns: caseColumns + ", x.at", order: "x.at, x.id",
		from: store.F("FROM handling_route x"+theCase+"WHERE x.committee_id = ? AND x.desk_id = ? AND x.done_at IS NULL", l.Who().CommitteeID, l.Who().Post.BodyID),
		scan: func(r store.Row, w *app.Waiting) error { return dressed(r, w, "handling.wait.dispatch", &w.Since) },
	}.find(l, limit)
}

// toSign: what the unit has not signed for and does not want to give back.
func toSign(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return asked{
		columns: caseColumns + ", x.dispatched_at, x.sign_by", order: "x.sign_by, x.id",
		from: store.F("FROM assignment x"+theCase+"WHERE x.committee_id = ? AND x.unit_id = ? AND x.state = 'dispatched' AND NOT x.objected", l.Who().CommitteeID, l.Who().Post.BodyID),
		scan: func(r store.Row, w *app.Waiting) error {
			return dressed(r, w, "handling.wait.sign", &w.Since, &w.DueOn)
		},
	}.find(l, limit)
}

// toReply: what the unit works on and is not with its signing leader; what it
// wants to give back waits for the ruling.
func toReply(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return asked{
		columns: caseColumns + `, x.signed_at, x.due_on, x.role,
			(SELECT COUNT(*) FROM reply r WHERE r.assignment_id = x.id AND r.state = 'draft' AND r.returned_note <> '')`, order: "x.due_on, x.id",
		from: store.F("FROM assignment x"+theCase+`WHERE x.committee_id = ? AND x.unit_id = ? AND x.state = 'signed' AND NOT x.objected
			AND NOT EXISTS (SELECT 1 FROM reply r WHERE r.assignment_id = x.id AND r.state IN ('signing', 'countersigning', 'reading'))`, l.Who().CommitteeID, l.Who().Post.BodyID),
		scan: func(r store.Row, w *app.Waiting) error {
			var role Role
			var returned int
			err := dressed(r, w, "handling.wait.reply", &w.Since, &w.DueOn, &role, &returned)
			switch {
			case returned > 0:
				w.Key = "handling.wait.revise"
			case !role.Main():
				w.Key = "handling.wait.opine"
			}
			return err
		},
	}.find(l, limit)
}

// toSignOff: replies that wait for the signing leader.
func toSignOff(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return asked{
		columns: caseColumns + ", x.submitted_at, (SELECT a.due_on FROM assignment a WHERE a.id = x.assignment_id), x.id", order: "x.submitted_at, x.id",
		from: store.F("FROM reply x"+theCase+"WHERE x.committee_id = ? AND x.unit_id = ? AND x.state = 'signing'", l.Who().CommitteeID, l.Who().Post.BodyID),
		scan: func(r store.Row, w *app.Waiting) error {
			var reply string
			err := dressed(r, w, "handling.wait.sign-off", &w.Since, &w.DueOn, &reply)
			w.Link = letterAt(reply)
			return err
		},
	}.find(l, limit)
}

// toRate: replies that somebody was asked to rate, himself or for his
// organisation.
func toRate(l *app.Look, limit int) ([]app.Waiting, int, error) {
	who := l.Who()
	proposer, body := who.PersonID, false
	if who.Is(access.Convener) {
		proposer, body = who.Post.BodyID, true
	}
	return asked{
		columns: caseColumns + ", x.delivered_at, r.rate_by, r.unit_name, r.id", order: "r.rate_by, x.reply_id",
		from: store.F("FROM reply_delivery x"+theCase+`JOIN reply r ON r.id = x.reply_id
			WHERE x.committee_id = ? AND x.proposer_id = ? AND x.rates AND NOT x.rated AND x.is_body = ? AND r.rating_open`, who.CommitteeID, proposer, body),
		scan: func(r store.Row, w *app.Waiting) error {
			var unit, reply string
			err := dressed(r, w, "handling.wait.rate", &w.Since, &w.DueOn, &unit, &reply)
			w.Args, w.Link = append(w.Args, "unit", unit), letterAt(reply)
			return err
		},
	}.find(l, limit)
}

// toConfirm: cases whose end the committee confirms.
func toConfirm(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return asked{
		columns: "x.case_kind, x.case_id, x.title, x.number, x.holder_since", order: "x.opened_at, x.case_id",
		from: store.F("FROM handling_case x WHERE x.committee_id = ? AND x.holder = ?", l.Who().CommitteeID, HeldToConfirm),
		scan: func(r store.Row, w *app.Waiting) error { return dressed(r, w, "handling.wait.confirm", &w.Since) },
	}.find(l, limit)
}

// late: what units have not done in time, of those one watches over: the
// supervision office what it dispatched, the office everything.
func late(l *app.Look, limit int) ([]app.Waiting, int, error) {
	who := l.Who()
	where := store.And(store.F("x.committee_id = ?", who.CommitteeID), store.F("x.state IN ('dispatched', 'signed')"), store.F("x.due_on < ?", dayOf(l.Now()).String()))
	if who.Is(access.Dispatcher) {
		where = store.And(where, store.F("x.desk_id = ?", who.Post.BodyID))
	}
	return asked{
		columns: caseColumns + ", x.dispatched_at, x.due_on, x.unit_name", order: "x.due_on, x.id",
		from: store.Join(store.F("FROM assignment x"+theCase+"WHERE"), where), scan: scanOfUnit,
	}.find(l, limit)
}

// underway: what the unit works on, for its signing leader; what waits for
// himself stands elsewhere.
func underway(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return asked{
		columns: caseColumns + ", x.signed_at, x.due_on, x.handler", order: "x.due_on, x.id",
		from: store.F("FROM assignment x"+theCase+`WHERE x.committee_id = ? AND x.unit_id = ? AND x.state = 'signed'
			AND NOT EXISTS (SELECT 1 FROM reply r WHERE r.assignment_id = x.id AND r.state IN ('signing', 'countersigning', 'reading'))`, l.Who().CommitteeID, l.Who().Post.BodyID),
		scan: scanOfUnit,
	}.find(l, limit)
}

// scanOfUnit reads a row that names who holds the case.
func scanOfUnit(r store.Row, w *app.Waiting) error {
	var name string
	err := dressed(r, w, "handling.wait.held", &w.Since, &w.DueOn, &name)
	if name == "" {
		w.Key = "handling.wait.number"
		return err
	}
	w.Args = append(w.Args, "name", name)
	return err
}

// dues are the due dates of units' work: a unit its own, a supervision office
// what it dispatched, a leader everybody's.
func dues() app.Dues {
	return app.Dues{For: []access.PostKind{access.Handler, access.Signer, access.Dispatcher, access.Leader}, Find: func(l *app.Look, from, to string) ([]app.DueDay, error) {
		who := l.Who()
		where := store.And(store.F("committee_id = ?", who.CommitteeID), store.F("state IN ('dispatched', 'signed')"), store.F("due_on BETWEEN ? AND ?", from, to))
		switch {
		case who.Is(access.Handler, access.Signer):
			where = store.And(where, store.F("unit_id = ?", who.Post.BodyID))
		case who.Is(access.Dispatcher):
			where = store.And(where, store.F("desk_id = ?", who.Post.BodyID))
		}
		list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, d *app.DueDay) error { return r.Scan(&d.On, &d.N) },
			"SELECT due_on, COUNT(*) FROM assignment WHERE "+where.SQL+" GROUP BY due_on ORDER BY due_on", where.Args...)
		if err != nil {
			return nil, fmt.Errorf("count cases by due date: %w", err)
		}
		return list, nil
	}}
}

// perState are the counts of a unit or supervision office by state.
type perState struct {
	state State
	late  bool
	n     int
}

// figures are the numbers of a unit and of a supervision office.
func figures() app.Figures {
	return app.Figures{For: []access.PostKind{access.Handler, access.Signer, access.Dispatcher}, Find: func(l *app.Look) ([]app.Figure, error) {
		column := "unit_id"
		if l.Who().Is(access.Dispatcher) {
			column = "desk_id"
		}
		list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, p *perState) error { return r.Scan(&p.state, &p.late, &p.n) },
			"SELECT state, due_on < ?, COUNT(*) FROM assignment WHERE committee_id = ? AND "+column+" = ? GROUP BY 1, 2",
			dayOf(l.Now()).String(), l.Who().CommitteeID, l.Who().Post.BodyID)
		if err != nil {
			return nil, fmt.Errorf("count the cases of %s: %w", l.Who().Post.BodyID, err)
		}
		var sent, signed, answered, overdue int
		for _, p := range list {
			switch p.state {
			case Sent:
				sent += p.n
			case SignedFor:
				signed += p.n
			case Answered:
				answered += p.n
			}
			if p.late && (p.state == Sent || p.state == SignedFor) {
				overdue += p.n
			}
		}
		return []app.Figure{
			{Key: "handling.figure.sent", N: sent, Link: "/assignments?state=dispatched"},
			{Key: "handling.figure.signed", N: signed, Link: "/assignments?state=signed"},
			{Key: "handling.figure.answered", N: answered, Link: "/assignments?state=answered"},
			{Key: "handling.figure.late", N: overdue, Link: "/assignments?state=late", Late: true},
		}, nil
	}}
}
