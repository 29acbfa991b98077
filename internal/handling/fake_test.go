package handling_test

import (
	"context"
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
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// petition is a kind of case of our own, so that these tests do not depend on
// what a proposal is.
type petition struct{}

const petitionSchema = `-- +goose Up
CREATE TABLE petition (id TEXT PRIMARY KEY, committee_id TEXT NOT NULL, body TEXT NOT NULL, standing TEXT NOT NULL DEFAULT '', stood BIGINT NOT NULL DEFAULT 0);`

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

func (petition) Stood(c *app.Call, id string, s handling.Standing) error {
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = c.Tx().Exec(c.Ctx(), "UPDATE petition SET standing = ?, stood = stood + 1 WHERE id = ?", string(b), id)
	return err
}

// city is a world with handling in it.
type city struct {
	*testkit.World
	t testing.TB
}

func each(t *testing.T, f func(t *testing.T, w *city)) {
	t.Helper()
	testkit.EachDB(t, []app.Module{handling.Module("petition.ready"), petitions()}, []any{handling.Kinds{"petition": petition{}}}, func(t *testing.T, h *testkit.House) {
		w := &city{testkit.NewWorld(t, h), t}
		w.At(t, "2026-03-02T09:00")
		f(t, w)
	})
}

// inside runs f in a transaction, as somebody.
func (w *city) inside(who access.Actor, f func(c *app.Call) error) {
	w.t.Helper()
	step := app.Define("test.inside", func(*app.Call, struct{}) (nothing, error) { return nothing{}, nil }, access.Public[nothing],
		func(c *app.Call, _ nothing, _ struct{}) (struct{}, error) { return struct{}{}, f(c) })
	if _, err := step.Do(w.t.Context(), w.App, who, struct{}{}); err != nil {
		w.t.Fatal(err)
	}
}

type nothing struct{}

func (nothing) Object() (string, string) { return "test", "" }

// wasReady is the fact by which a petition tells that it is ready.
type wasReady struct{}

func (wasReady) FactName() string { return "petition.ready" }

// petition writes a ready case of two members and tells of it.
func (w *city) petition(change ...func(*handling.Case)) handling.Case {
	w.t.Helper()
	c := handling.Case{Kind: "petition", ID: id.New(), CommitteeID: w.CommitteeID, Number: "第 014 号", Title: "关于完善老旧小区加装电梯的提案", Ready: true,
		Timing: "session", SessionClosed: "2026-01-30", Proposers: []handling.Proposer{
			{PersonID: w.Members[0].PersonID, Name: w.Members[0].Name, Lead: true}, {PersonID: w.Members[1].PersonID, Name: w.Members[1].Name}},
		Items: []handling.Item{{No: 1, Text: "设立专项资金"}, {No: 2, Text: "简化审批"}}, Suggested: []string{w.Bodies["unitA"]}}
	for _, f := range change {
		f(&c)
	}
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

func (w *city) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
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

// do performs an act that must succeed.
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

func (w *city) view(who access.Actor, c handling.Case) handling.View {
	w.t.Helper()
	v, err := handling.Show.Do(w.t.Context(), w.App, who, handling.ViewIn{Kind: c.Kind, ID: c.ID})
	w.ok(err)
	return v
}

// standing is what the domain was told last; it must be what the records say.
func (w *city) standing(c handling.Case) (s handling.Standing, stood int) {
	w.t.Helper()
	w.inside(w.Chief, func(k *app.Call) error {
		var text string
		if err := k.Tx().Row(k.Ctx(), "SELECT standing, stood FROM petition WHERE id = ?", c.ID).Scan(&text, &stood); err != nil {
			return err
		}
		return json.Unmarshal([]byte(text), &s)
	})
	v := w.view(w.Office, c)
	if s.Stage != v.Stage || s.Holder != v.Holder || s.HolderName != v.HolderName || !s.HolderSince.Equal(v.HolderSince.Time) || s.DueOn != v.DueOn {
		w.t.Fatalf("the domain was told %+v, the records say %s %s %s %s", s, v.Stage, v.Holder, v.HolderName, v.DueOn)
	}
	return s, stood
}

// stands wants a stage and a holder.
func (w *city) stands(c handling.Case, stage handling.Stage, holder, name string) handling.Standing {
	w.t.Helper()
	s, _ := w.standing(c)
	if s.Stage != stage || s.Holder != holder || s.HolderName != name {
		w.t.Fatalf("stands %s, held %s by %q; want %s, %s by %q", s.Stage, s.Holder, s.HolderName, stage, holder, name)
	}
	return s
}

// assignment finds what a unit has to do.
func (w *city) assignment(c handling.Case, unit string) handling.Assigned {
	w.t.Helper()
	for _, a := range w.view(w.Office, c).Assignments {
		if a.UnitID == w.Bodies[unit] {
			return a
		}
	}
	w.t.Fatalf("%s has nothing to do", unit)
	return handling.Assigned{}
}

// toGov sends a case to the government's supervision office and from there to
// units with roles: "unitA lead".
func (w *city) dispatch(c handling.Case, units ...handling.UnitRole) {
	w.t.Helper()
	act(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["deskG"], Rows: []handling.CaseRow{{Kind: c.Kind, ID: c.ID}}})
	act(w, handling.Dispatch, w.GovDesk, handling.DispatchIn{Rows: []handling.CaseRow{{Kind: c.Kind, ID: c.ID, Units: units}}})
}

func (w *city) unit(name string, role handling.Role) handling.UnitRole {
	return handling.UnitRole{Unit: w.Bodies[name], Role: role}
}

func (w *city) sign(who access.Actor, c handling.Case, unit string) {
	w.t.Helper()
	act(w, handling.Sign, who, handling.SignIn{ID: w.assignment(c, unit).ID, Handler: "石砚秋", Section: "房产科", Leader: "何承宇", Phone: "0000-1234567"})
}

func (w *city) contact(who access.Actor, c handling.Case, unit string) {
	w.t.Helper()
	act(w, handling.RecordContact, who, handling.ContactIn{ID: w.assignment(c, unit).ID, Form: "meeting", HeldOn: w.Clock.Now().Format("2006-01-02"),
		Proposers: []string{c.Proposers[0].Key()}, Notes: "上门走访，逐条沟通。"})
}

// letter is a finished reply.
func letter(number, class string) handling.ReplyText {
	return handling.ReplyText{Number: number, Class: class, Body: "您提出的建议收悉，现答复如下。", Publicity: "full", Items: []handling.ItemAnswer{
		{No: 1, Outcome: "adopted", Answer: "已列入年度预算。"}, {No: 2, Outcome: "planned", Answer: "拟于下半年实施。"}},
		Promises: []handling.PromiseText{{No: 2, Text: "增设路灯二十盏", Owner: "何承宇", DueOn: "2027-12-20"}}}
}

// issue carries the reply of a unit from draft to issue.
func (w *city) issue(handler, signer access.Actor, c handling.Case, unit, number, class string) handling.ReplySaved {
	w.t.Helper()
	out := act(w, handling.Submit, handler, handling.SubmitIn{ID: w.assignment(c, unit).ID, ReplyText: letter(number, class)})
	return act(w, handling.Issue, signer, handling.IssueIn{ID: out.ID, Version: out.Version})
}

// facts counts the facts of a kind about a case.
func (w *city) facts(c handling.Case, kind string) (n int) {
	w.t.Helper()
	w.inside(w.Chief, func(k *app.Call) error {
		return k.Tx().Row(k.Ctx(), "SELECT COUNT(*) FROM fact WHERE kind = ? AND object_id = ?", kind, c.ID).Scan(&n)
	})
	return n
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

func (w *city) tasks(ctx context.Context) {
	w.t.Helper()
	w.ok(w.App.RunTasks(ctx))
	w.CaughtUp(w.t)
}
