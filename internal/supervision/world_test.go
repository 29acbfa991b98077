package supervision_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/fstest"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/id"
	"tongxin/internal/notify"
	"tongxin/internal/store"
	"tongxin/internal/supervision"
	"tongxin/internal/testkit"
)

// petition is a kind of case of our own, so that these tests do not depend on
// what a proposal is.
type petition struct{}

const petitionSchema = `-- +goose Up
CREATE TABLE petition (id TEXT PRIMARY KEY, committee_id TEXT NOT NULL, body TEXT NOT NULL);`

func petitions() app.Module {
	return app.Module{Name: "petition", Schema: fstest.MapFS{"schema/209901020000_petition.sql": {Data: []byte(petitionSchema)}}}
}

func (petition) Case(l *app.Look, id string) (handling.Case, error) {
	if err := l.Tx().Claim(l.Ctx(), "petition", "id", id); err != nil {
		return handling.Case{}, err
	}
	var body string
	err := l.Tx().Row(l.Ctx(), "SELECT body FROM petition WHERE id = ? AND committee_id = ?", id, l.Who().CommitteeID).Scan(&body)
	if errors.Is(err, store.ErrNone) {
		return handling.Case{}, fault.New(fault.NotFound, "fault.not-found")
	}
	var c handling.Case
	if err == nil {
		err = json.Unmarshal([]byte(body), &c)
	}
	return c, err
}

func (petition) Stood(*app.Call, string, handling.Standing) error { return nil }

// wasReady is the fact by which a petition tells that it is ready.
type wasReady struct{}

func (wasReady) FactName() string { return "petition.ready" }

// city is a world with handling and supervision in it.
type city struct {
	*testkit.World
	t     testing.TB
	cases int
}

func modules() []app.Module {
	return []app.Module{handling.Module("petition.ready"), petitions(), supervision.Module(), notify.Module(supervision.Notices()...)}
}

func parts() []any { return []any{handling.Kinds{"petition": petition{}}, supervision.Chased{}} }

func each(t *testing.T, f func(t *testing.T, w *city)) {
	t.Helper()
	testkit.EachDB(t, modules(), parts(), func(t *testing.T, h *testkit.House) {
		w := &city{World: testkit.NewWorld(t, h), t: t}
		w.At(t, "2026-03-02T09:00")
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

// exec writes something that no act writes.
func (w *city) exec(q string, args ...any) {
	w.t.Helper()
	w.inside(w.Chief, func(c *app.Call) error {
		_, err := c.Tx().Exec(c.Ctx(), q, args...)
		return err
	})
}

// count asks for one number.
func (w *city) count(q string, args ...any) (n int) {
	w.t.Helper()
	w.inside(w.Chief, func(c *app.Call) error { return c.Tx().Row(c.Ctx(), q, args...).Scan(&n) })
	return n
}

// petition writes a ready case of one member and tells of it.
func (w *city) petition() handling.Case {
	w.t.Helper()
	w.cases++
	c := handling.Case{Kind: "petition", ID: id.New(), CommitteeID: w.CommitteeID, Number: fmt.Sprintf("第 %03d 号", w.cases), Title: fmt.Sprintf("关于第 %d 件事的提案", w.cases), Ready: true,
		Timing: "session", SessionClosed: "2026-01-30", Proposers: []handling.Proposer{{PersonID: w.Members[0].PersonID, Name: w.Members[0].Name, Lead: true}},
		Items: []handling.Item{{No: 1, Text: "设立专项资金"}}}
	w.inside(w.Chief, func(k *app.Call) error {
		c.FiledAt = k.Now()
		b, err := json.Marshal(c)
		if err != nil {
			return err
		}
		if _, err := k.Tx().Exec(k.Ctx(), "INSERT INTO petition (id, committee_id, body) VALUES (?, ?, ?)", c.ID, c.CommitteeID, string(b)); err != nil {
			return err
		}
		return k.Record(wasReady{}, "petition", c.ID)
	})
	w.CaughtUp(w.t)
	return c
}

func act[In any, S app.Subject, Out any](w *city, a *app.Action[In, S, Out], who access.Actor, in In) Out {
	w.t.Helper()
	out, err := a.Do(w.t.Context(), w.App, who, in)
	if err != nil {
		w.t.Fatalf("%s by %s: %v", a.Name(), who.Name, err)
	}
	return out
}

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

func asked[In, Out any](w *city, q *app.Query[In, Out], who access.Actor, in In) error {
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

// given is a case that a desk dispatched to one unit, and its assignment.
type given struct {
	handling.Case
	A string
}

// give sends a case through a desk ("" is the office itself) to units.
func (w *city) give(desk string, units ...handling.UnitRole) handling.Case {
	w.t.Helper()
	c := w.petition()
	row := handling.CaseRow{Kind: c.Kind, ID: c.ID}
	if desk == "" {
		row.Units = units
		act(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: "direct", Rows: []handling.CaseRow{row}})
		return c
	}
	act(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies[desk], Rows: []handling.CaseRow{row}})
	who := w.GovDesk
	if desk == "deskP" {
		who = w.PartyDesk
	}
	row.Units = units
	act(w, handling.Dispatch, who, handling.DispatchIn{Rows: []handling.CaseRow{row}})
	return c
}

// toUnit gives a case to one unit alone.
func (w *city) toUnit(desk, unit string) given {
	w.t.Helper()
	c := w.give(desk, handling.UnitRole{Unit: w.Bodies[unit], Role: handling.Sole})
	return given{c, w.assignment(c, unit).ID}
}

func (w *city) assignment(c handling.Case, unit string) handling.Assigned {
	w.t.Helper()
	for _, a := range ask(w, handling.Show, w.Office, handling.ViewIn{Kind: c.Kind, ID: c.ID}).Assignments {
		if a.UnitID == w.Bodies[unit] {
			return a
		}
	}
	w.t.Fatalf("%s has nothing to do", unit)
	return handling.Assigned{}
}

func (w *city) people(unit string) (handler, signer access.Actor) {
	switch unit {
	case "unitA":
		return w.HandlerA, w.SignerA
	case "unitB":
		return w.HandlerB, w.SignerB
	default:
		return w.HandlerC, w.SignerC
	}
}

func (w *city) sign(g given, unit string) {
	w.t.Helper()
	handler, _ := w.people(unit)
	act(w, handling.Sign, handler, handling.SignIn{ID: g.A, Handler: "石砚秋", Section: "房产科", Leader: "何承宇", Phone: "0000-1234567"})
}

// reply carries the reply of a signed assignment to its issue.
func (w *city) reply(g given, unit, number string) {
	w.t.Helper()
	handler, signer := w.people(unit)
	act(w, handling.RecordContact, handler, handling.ContactIn{ID: g.A, Form: "meeting", HeldOn: w.Clock.Now().Format("2006-01-02"), Proposers: []string{g.Proposers[0].Key()}, Notes: "上门走访。"})
	out := act(w, handling.Submit, handler, handling.SubmitIn{ID: g.A, ReplyText: handling.ReplyText{Number: number, Class: "A", Body: "现答复如下。", Publicity: "full",
		Items: []handling.ItemAnswer{{No: 1, Outcome: "adopted", Answer: "已列入预算。"}}}})
	act(w, handling.Issue, signer, handling.IssueIn{ID: out.ID, Version: out.Version})
}

// rules changes the committee's rules of handling.
func (w *city) rules(version int, handlingJSON string) {
	w.t.Helper()
	w.inside(w.Chief, func(k *app.Call) error {
		_, err := k.Tx().Exec(k.Ctx(), "INSERT INTO profile_version (committee_id, version, at, person_id, person_name, reason, rules) VALUES (?, ?, ?, ?, 'test', 'test', ?)",
			w.CommitteeID, version, k.Now(), k.Who().PersonID, fmt.Sprintf(`{"handling":%s}`, handlingJSON))
		return err
	})
}

func (w *city) tasks() {
	w.t.Helper()
	if err := w.App.RunTasks(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.CaughtUp(w.t)
}

// told counts the messages of a sentence to somebody.
func (w *city) told(who access.Actor, key string) int {
	w.t.Helper()
	return w.count("SELECT COUNT(*) FROM message WHERE person_id = ? AND kind = ?", who.PersonID, key)
}

// note is a chase by hand.
func note(ids ...string) supervision.SendIn {
	return supervision.SendIn{IDs: ids, Form: supervision.Note, Requirement: "请抓紧办理，并说明进展。"}
}

// letter is a formal one.
func letter(ids ...string) supervision.SendIn {
	return supervision.SendIn{IDs: ids, Form: supervision.Letter, Requirement: "请于期限内办复，并书面说明原因。"}
}

func (w *city) chase(id string) supervision.Shown {
	w.t.Helper()
	return ask(w, supervision.ShowChase, w.Office, supervision.ReceiveIn{ID: id})
}

// workbench asks the queues and due dates of somebody's post.
func (w *city) workbench(who access.Actor) (queues map[string]int, dues int) {
	w.t.Helper()
	queues = map[string]int{}
	look := app.Ask("test.workbench", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) (struct{}, error) {
		m := supervision.Module()
		for _, q := range m.Waits {
			if !who.Is(q.For...) {
				continue
			}
			list, n, err := q.Find(l, 1)
			if err != nil {
				return struct{}{}, err
			}
			if n > 0 {
				queues[q.Name] = n
			}
			if len(list) != min(n, 1) || n > 0 && (list[0].Title == "" || list[0].DueOn == "" || list[0].Link == "") {
				w.t.Errorf("%s of %s: %+v of %d", q.Name, who.Name, list, n)
			}
		}
		for _, d := range m.Dues {
			if !who.Is(d.For...) {
				continue
			}
			days, err := d.Find(l, "2026-01-01", "2026-12-31")
			if err != nil {
				return struct{}{}, err
			}
			for _, x := range days {
				dues += x.N
			}
		}
		for _, f := range m.Figures {
			if who.Is(f.For...) {
				if _, err := f.Find(l); err != nil {
					return struct{}{}, err
				}
			}
		}
		return struct{}{}, nil
	})
	ask(w, look, who, struct{}{})
	return queues, dues
}
