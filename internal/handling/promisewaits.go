package handling

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// promiseWaits are the queues of the workbench about promises.
func promiseWaits() []app.Waits {
	return []app.Waits{
		{Name: "handling.waits.promise", For: []access.PostKind{access.Handler, access.Signer}, All: "/promises", Find: promisesDue},
		{Name: "handling.waits.promise-cancel", For: []access.PostKind{access.Dispatcher, access.Office, access.Chief}, Find: cancelsAsked},
		{Name: "handling.waits.promise-confirm", For: []access.PostKind{access.Member, access.Convener}, All: "/promises?state=" + PromiseAwaited, Find: confirmsAsked},
		{Name: "handling.waits.promise-late", For: []access.PostKind{access.Office, access.Dispatcher}, All: "/promises?state=" + PromiseLate, Follows: true, Find: promisesLate},
	}
}

// ofPromise are rows x of the register that somebody sees, with their
// assignment and case.
func ofPromise(l *app.Look, conditions ...store.Fragment) store.Fragment {
	s := promiseScope(l.Who())
	// The scope speaks of the promise as p.
	from := "FROM promise p JOIN assignment a ON a.id = p.assignment_id JOIN handling_case h ON h.case_kind = p.case_kind AND h.case_id = p.case_id WHERE"
	return store.Join(store.F(from), store.And(append(conditions, store.F(s.SQL(), s.Args()...))...))
}

const promiseCase = "p.case_kind, p.case_id, h.title, h.number"

// promisesDue: what the unit promised and is near or late.
func promisesDue(l *app.Look, limit int) ([]app.Waiting, int, error) {
	k, err := clockNow(l)
	if err != nil {
		return nil, 0, err
	}
	today := k.today.String()
	return asked{
		columns: promiseCase + ", p.made_at, p.due_on, p.body", order: "p.due_on, p.id",
		from: ofPromise(l, store.F("p.state = 'open' AND p.due_on <= ?", k.nearUntil().String())),
		scan: func(r store.Row, w *app.Waiting) error {
			var text string
			err := dressed(r, w, "handling.wait.promise", &w.Since, &w.DueOn, &text)
			if w.DueOn < today {
				w.Key = "handling.wait.promise-late"
			}
			w.Args = append(w.Args, "text", short(text, promiseShown))
			return err
		},
	}.find(l, limit)
}

// promiseShown is how many characters of a promise a line shows.
const promiseShown = 40

// cancelsAsked: wishes of units to be released from a promise.
func cancelsAsked(l *app.Look, limit int) ([]app.Waiting, int, error) {
	desk := ""
	if l.Who().Is(access.Dispatcher) {
		desk = l.Who().Post.BodyID
	}
	return asked{
		columns: promiseCase + ", p.cancel_asked_at, p.due_on, p.unit_name", order: "p.cancel_asked_at, p.id",
		from: ofPromise(l, store.F("p.state = 'open' AND p.cancel_asked_at IS NOT NULL AND a.desk_id = ?", desk)),
		scan: func(r store.Row, w *app.Waiting) error { return ofUnit(r, w, "handling.wait.promise-cancel") },
	}.find(l, limit)
}

// confirmsAsked: promises that were reported kept, and about which the one who
// asks, or his organisation, may say whether they were.
func confirmsAsked(l *app.Look, limit int) ([]app.Waiting, int, error) {
	where := store.F("p.confirm_asked AND p.confirmed = ''")
	for _, post := range l.Who().Posts {
		where = store.And(where, store.F("p.unit_id <> ? AND CASE WHEN a.successor_id = '' THEN a.unit_id ELSE a.successor_id END <> ?", post.BodyID, post.BodyID))
	}
	return asked{
		columns: promiseCase + ", p.ended_at, '', p.unit_name, p.id", order: "p.ended_at, p.id",
		from: ofPromise(l, where),
		scan: func(r store.Row, w *app.Waiting) error {
			var unit, id string
			err := dressed(r, w, "handling.wait.promise-confirm", &w.Since, &w.DueOn, &unit, &id)
			w.Args, w.Link = append(w.Args, "unit", unit), promiseAt(id)
			return err
		},
	}.find(l, limit)
}

// promisesLate: what units have not kept in time, for those who watch.
func promisesLate(l *app.Look, limit int) ([]app.Waiting, int, error) {
	return asked{
		columns: promiseCase + ", p.made_at, p.due_on, p.unit_name", order: "p.due_on, p.id",
		from: ofPromise(l, store.F("p.state = 'open' AND p.due_on < ?", dayOf(l.Now()).String())),
		scan: func(r store.Row, w *app.Waiting) error { return ofUnit(r, w, "handling.wait.promise-of") },
	}.find(l, limit)
}

// promiseDues are the dates of open promises.
func promiseDues() app.Dues {
	kinds := []access.PostKind{access.Handler, access.Signer, access.Dispatcher, access.Office, access.Leader, access.Member, access.Convener}
	return app.Dues{For: kinds, Find: func(l *app.Look, from, to string) ([]app.DueDay, error) {
		q := store.Join(store.F("SELECT p.due_on, COUNT(*)"), ofPromise(l, store.F("p.state = 'open' AND p.due_on BETWEEN ? AND ?", from, to)), store.F("GROUP BY p.due_on ORDER BY p.due_on"))
		list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, d *app.DueDay) error {
			d.Link = "/promises"
			return r.Scan(&d.On, &d.N)
		}, q.SQL, q.Args...)
		if err != nil {
			return nil, fmt.Errorf("count promises by date: %w", err)
		}
		return list, nil
	}}
}
