package appraisal_test

import (
	"fmt"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/appraisal"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/id"
	"tongxin/internal/notify"
	"tongxin/internal/store"
	"tongxin/internal/supervision"
	"tongxin/internal/testkit"
)

// city is a world with a year of handling in it.
type city struct {
	*testkit.World
	t testing.TB
}

func modules() []app.Module {
	return []app.Module{handling.Module(), supervision.Module(), notify.Module(appraisal.Notices()...), appraisal.Module()}
}

func each(t *testing.T, f func(t *testing.T, w *city)) {
	t.Helper()
	testkit.EachDB(t, modules(), []any{handling.Kinds{}}, func(t *testing.T, h *testkit.House) {
		w := &city{testkit.NewWorld(t, h), t}
		w.At(t, "2026-12-31T09:00")
		f(t, w)
	})
}

type nothing struct{}

func (nothing) Object() (string, string) { return "test", "" }

// inside runs f in a transaction, as somebody.
func (w *city) inside(who access.Actor, f func(c *app.Call) error) {
	w.t.Helper()
	step := app.Define("test.inside", func(*app.Call, struct{}) (nothing, error) { return nothing{}, nil }, access.Public[nothing],
		func(c *app.Call, _ nothing, _ struct{}) (struct{}, error) { return struct{}{}, f(c) })
	if _, err := step.Do(w.t.Context(), w.App, who, struct{}{}); err != nil {
		w.t.Fatal(err)
	}
}

// did writes the records of a unit's year into the tables of handling.
func (w *city) did(unit string, x work) []appraisal.Record {
	w.t.Helper()
	list := x.records(unit)
	w.inside(w.Office, func(c *app.Call) error { return w.write(c, unit, list) })
	return list
}

func (w *city) write(c *app.Call, unit string, list []appraisal.Record) error {
	exec := func(q string, args ...any) {
		w.t.Helper()
		if _, err := c.Tx().Exec(c.Ctx(), q, args...); err != nil {
			w.t.Fatal(err)
		}
	}
	body := unit
	if b, ok := w.Bodies[unit]; ok {
		body = b
	}
	for n := range list {
		r := &list[n]
		r.ID = id.New()
		kase, state := "case-"+r.ID, "signed"
		if len(r.Replies) > 0 || !r.OpinionAt.IsZero() {
			state = "answered"
		}
		exec("INSERT INTO handling_case (case_kind, case_id, committee_id, number, title, stage, opened_at) VALUES ('proposal', ?, ?, ?, ?, 'handling', ?)",
			kase, w.CommitteeID, fmt.Sprintf("第 %03d 号", n+1), "关于第 "+fmt.Sprint(n+1)+" 件事的提案", r.DispatchedAt)
		exec(`INSERT INTO assignment (id, committee_id, case_kind, case_id, unit_id, unit_name, role, position, channel, dispatched_by, dispatched_at, state, sign_by, sign_due, signed_at, contact_by, due_on, valid_from)
			VALUES (?, ?, 'proposal', ?, ?, ?, ?, 0, 'government', 'x', ?, ?, ?, '', ?, ?, ?, ?)`, r.ID, w.CommitteeID, kase, body, unit, string(r.Role), r.DispatchedAt, state, r.SignBy, r.SignedAt, r.ContactBy, r.DueOn, r.DispatchedAt)
		for _, x := range r.Contacts {
			form := "phone"
			if x.Face {
				form = "visit"
			}
			exec("INSERT INTO handling_contact (id, committee_id, case_kind, case_id, assignment_id, form, held_on, proposers, consent, person_id, at) VALUES (?, ?, 'proposal', ?, ?, ?, ?, '[]', TRUE, 'x', ?)",
				id.New(), w.CommitteeID, kase, r.ID, form, x.On, on(x.On))
		}
		for _, x := range r.Replies {
			reply := id.New()
			exec(`INSERT INTO reply (id, committee_id, case_kind, case_id, assignment_id, unit_id, unit_name, round, state, number, class, publicity, drafted_by, saved_at, issued_at, signed_off_at, due_on)
				VALUES (?, ?, 'proposal', ?, ?, ?, ?, ?, 'issued', ?, ?, ?, 'x', ?, ?, ?, ?)`, reply, w.CommitteeID, kase, r.ID, body, unit, x.Round, reply, x.Class, x.Publicity, x.At, x.At, x.At, x.DueOn)
			for k := range x.Items {
				outcome := "not_adopted"
				if k < x.Taken {
					outcome = "adopted"
				}
				exec("INSERT INTO reply_item (reply_id, no, outcome) VALUES (?, ?, ?)", reply, k+1, outcome)
			}
			for k, g := range r.Ratings {
				exec(`INSERT INTO rating (id, committee_id, case_kind, case_id, reply_id, rater_id, is_body, rater_name, attitude, result, channel, person_id, at) VALUES (?, ?, 'proposal', ?, ?, ?, FALSE, '', ?, ?, 'self', 'x', ?)`,
					id.New(), w.CommitteeID, kase, reply, fmt.Sprint("rater", k), g.Attitude, g.Result, x.At)
			}
		}
		if !r.OpinionAt.IsZero() {
			exec("INSERT INTO assist_opinion (id, committee_id, case_kind, case_id, assignment_id, number, body, person_id, at) VALUES (?, ?, 'proposal', ?, ?, '', '', 'x', ?)",
				id.New(), w.CommitteeID, kase, r.ID, r.OpinionAt)
		}
	}
	return nil
}

// act performs an act that must succeed.
func act[In any, S app.Subject, Out any](w *city, a *app.Action[In, S, Out], who access.Actor, in In) Out {
	w.t.Helper()
	out, err := a.Do(w.t.Context(), w.App, who, in)
	if err != nil {
		w.t.Fatalf("%s by %s: %v", a.Name(), who.Name, err)
	}
	return out
}

// try performs an act and gives its error.
func try[In any, S app.Subject, Out any](w *city, a *app.Action[In, S, Out], who access.Actor, in In) error {
	w.t.Helper()
	_, err := a.Do(w.t.Context(), w.App, who, in)
	return err
}

func ask[In, Out any](w *city, q *app.Query[In, Out], who access.Actor, in In) Out {
	w.t.Helper()
	out, err := q.Do(w.t.Context(), w.App, who, in)
	if err != nil {
		w.t.Fatalf("%s by %s: %v", q.Name(), who.Name, err)
	}
	return out
}

func tryAsk[In, Out any](w *city, q *app.Query[In, Out], who access.Actor, in In) error {
	w.t.Helper()
	_, err := q.Do(w.t.Context(), w.App, who, in)
	return err
}

// refused wants a fault of a kind with a sentence.
func refused(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	f := fault.From(err)
	if err == nil || f.Kind != kind {
		t.Fatalf("want kind %d (%s), got %v", kind, key, err)
	}
	for _, x := range f.All() {
		if x.Key == key {
			return
		}
	}
	t.Fatalf("want %s, got %v", key, err)
}

// number reads one figure.
func (w *city) number(sql string, args ...any) (n int) {
	w.t.Helper()
	w.inside(w.Office, func(c *app.Call) error { return c.Tx().Row(c.Ctx(), sql, args...).Scan(&n) })
	return n
}

// told are the keys of the messages in somebody's inbox.
func (w *city) told(who access.Actor) map[string]int {
	w.t.Helper()
	w.CaughtUp(w.t)
	got := map[string]int{}
	w.inside(who, func(c *app.Call) error {
		list, err := store.List(c.Ctx(), c.Tx(), store.Column[string], "SELECT kind FROM message WHERE person_id = ?", who.PersonID)
		for _, k := range list {
			got[k]++
		}
		return err
	})
	return got
}

// waiting counts what stands in the queues of somebody's workbench.
func (w *city) waiting(who access.Actor) map[string]int {
	w.t.Helper()
	got := map[string]int{}
	w.inside(who, func(c *app.Call) error {
		for _, q := range appraisal.Module().Waits {
			if !who.Is(q.For...) {
				continue
			}
			list, n, err := q.Find(&c.Look, 5)
			if err != nil {
				return err
			}
			if len(list) != min(n, 5) {
				w.t.Errorf("%s: %d of %d", q.Name, len(list), n)
			}
			if n > 0 {
				got[q.Name] = n
			}
		}
		return nil
	})
	return got
}
