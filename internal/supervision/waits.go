package supervision

import (
	"fmt"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// waits are the queues of the workbench: chases that a unit answers, those that
// nobody answered for who sent them, and instructions.
func waits() []app.Waits {
	unit := []access.PostKind{access.Handler, access.Signer}
	desk := []access.PostKind{access.Dispatcher, access.Office}
	return []app.Waits{
		{Name: "supervision.waits.chased", For: unit, All: "/supervision/chases", Find: chasesWaiting(Unanswered, "supervision.wait.answer")},
		{Name: "supervision.waits.overdue", For: desk, All: "/supervision/chases?state=overdue", Find: chasesWaiting(Overdues, "supervision.wait.overdue")},
		{Name: "supervision.waits.unanswered", For: desk, All: "/supervision/chases", Follows: true, Find: chasesWaiting(Unanswered, "supervision.wait.unanswered")},
		{Name: "supervision.waits.instructed", For: append(unit, desk...), Find: instructionsWaiting},
		{Name: "supervision.waits.instructions", For: []access.PostKind{access.Leader}, All: "/supervision", Follows: true, Find: instructionsWaiting},
	}
}

// chasesWaiting asks for chases that were not answered, what is due first first.
// The committee's office follows what it sent itself.
func chasesWaiting(state, key string) func(*app.Look, int) ([]app.Waiting, int, error) {
	return func(l *app.Look, limit int) ([]app.Waiting, int, error) {
		k, err := clockNow(l)
		if err != nil {
			return nil, 0, err
		}
		whose, err := mine(l)
		if err != nil {
			return nil, 0, err
		}
		where := store.And(whose, (&chaseLister{k: k}).which(state))
		if office(l.Who()) {
			where = store.And(where, store.F("x.from_desk = ''"))
		}
		return find(l, limit, "chase x", where, "x.answer_by, x.id", `x.id, x.unit_name, x.from_name, x.sent_at, x.answer_by, x.n, x.form,
			(SELECT i.title FROM chase_item i WHERE i.chase_id = x.id ORDER BY i.due_on, i.assignment_id LIMIT 1)`, func(r store.Row, w *app.Waiting) error {
			var id, unit, from, form string
			var n int
			if err := r.Scan(&id, &unit, &from, &w.Since, &w.DueOn, &n, &form, &w.Title); err != nil {
				return err
			}
			w.Key, w.Args, w.Link = key, []string{"unit", unit, "from", from, "n", strconv.Itoa(n)}, ChaseAt(id)
			return nil
		})
	}
}

// instructionsWaiting asks for instructions without a report: of a unit or desk
// those that it reports on, of a leader his own.
func instructionsWaiting(l *app.Look, limit int) ([]app.Waiting, int, error) {
	who := l.Who()
	whose, err := mine(l)
	if err != nil {
		return nil, 0, err
	}
	where := store.And(whose, store.F("x.reported_at IS NULL"))
	key := "supervision.wait.report"
	switch {
	case unitPost(who):
		where = store.And(where, store.F("x.to_whom = 'unit'"))
	case who.Is(access.Dispatcher):
		where = store.And(where, store.F("x.to_whom = 'desk'"))
	case office(who):
		where = store.And(where, store.F("x.to_whom = 'desk' AND x.desk_id = ''"))
	default:
		where, key = store.And(where, store.F("x.leader_id = ?", who.PersonID)), "supervision.wait.reported"
	}
	return find(l, limit, "late_instruction x", where, "x.due_on, x.id", "x.id, x.title, x.number, x.unit_name, x.leader_name, x.given_at, x.due_on", func(r store.Row, w *app.Waiting) error {
		var id, number, unit, leader string
		if err := r.Scan(&id, &w.Title, &number, &unit, &leader, &w.Since, &w.DueOn); err != nil {
			return err
		}
		w.Key, w.Args, w.Link = key, []string{"number", bare(number), "unit", unit, "name", leader}, instructionAt(id)
		return nil
	})
}

// find counts the rows of a queue and reads the first of them.
func find(l *app.Look, limit int, table string, where store.Fragment, order, columns string, scan func(store.Row, *app.Waiting) error) ([]app.Waiting, int, error) {
	var total int
	if err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM "+table+" WHERE "+where.SQL, where.Args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count what waits: %w", err)
	}
	if total == 0 {
		return nil, 0, nil
	}
	q := store.Join(store.F("SELECT "+columns+" FROM "+table+" WHERE"), where, store.F("ORDER BY "+order+" LIMIT ?", limit))
	list, err := store.List(l.Ctx(), l.Tx(), scan, q.SQL, q.Args...)
	if err != nil {
		return nil, 0, fmt.Errorf("list what waits: %w", err)
	}
	return list, total, nil
}

// dues are the days of answers to chases and of reports on instructions.
func dues() app.Dues {
	kinds := []access.PostKind{access.Handler, access.Signer, access.Dispatcher, access.Leader}
	return app.Dues{For: kinds, Find: func(l *app.Look, from, to string) ([]app.DueDay, error) {
		whose, err := mine(l)
		if err != nil {
			return nil, err
		}
		q := store.Join(store.F("SELECT d.due_on, COUNT(*) FROM (SELECT x.answer_by AS due_on FROM chase x WHERE x.answered_at IS NULL AND"), whose,
			store.F("UNION ALL SELECT x.due_on FROM late_instruction x WHERE x.reported_at IS NULL AND"), whose,
			store.F(") d WHERE d.due_on BETWEEN ? AND ? GROUP BY d.due_on ORDER BY d.due_on", from, to))
		list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, d *app.DueDay) error { return r.Scan(&d.On, &d.N) }, q.SQL, q.Args...)
		if err != nil {
			return nil, fmt.Errorf("count answers by due date: %w", err)
		}
		return list, nil
	}}
}

// figures are numbers of those who watch over units, with the overview behind
// them: of this year, as the overview shows first.
func figures() app.Figures {
	return app.Figures{For: []access.PostKind{access.Leader, access.Dispatcher}, Find: func(l *app.Look) ([]app.Figure, error) {
		who := l.Who()
		list := []app.Figure{}
		if who.Is(access.Leader) {
			o, err := See.In(l, OverviewIn{})
			if err != nil {
				return nil, err
			}
			list = append(list, app.Figure{Key: "supervision.figure.open", N: o.Total.Open, Link: "/supervision"},
				app.Figure{Key: "supervision.figure.near", N: o.Total.Near, Link: "/supervision/assignments?what=near&year=" + strconv.Itoa(o.Year)},
				app.Figure{Key: "supervision.figure.late", N: o.Total.Late, Link: "/supervision/assignments?what=late&year=" + strconv.Itoa(o.Year), Late: true})
		}
		chases, err := Chases.In(l, ChasesIn{State: Overdues})
		if err != nil {
			return nil, err
		}
		return append(list, app.Figure{Key: "supervision.figure.unanswered", N: chases.Overdue, Link: "/supervision/chases?state=overdue", Late: true}), nil
	}}
}
