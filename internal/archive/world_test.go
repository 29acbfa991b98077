package archive_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/archive"
	"tongxin/internal/blob"
	"tongxin/internal/document"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/jobs"
	"tongxin/internal/notify"
	"tongxin/internal/proposal"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// city is a small committee whose proposals are handled.
type city struct {
	*testkit.World
	t      testing.TB
	number int
}

func modules() []app.Module {
	return []app.Module{document.Module(), notify.Module(), jobs.Module(), handling.Module("proposal.filed", "proposal.corrected"), proposal.Module(), archive.Module()}
}

func parts() []any {
	owners := handling.Owners()
	owners["proposal"] = proposal.Attachments{}
	return []any{handling.Kinds{"proposal": proposal.Cases{}}, owners, archive.Kinds{"proposal": archive.Proposals{}}, jobs.Register(archive.Bulk()...)}
}

// each runs a test in a fresh city on both engines.
func each(t *testing.T, f func(t *testing.T, w *city)) {
	t.Helper()
	testkit.EachDB(t, modules(), parts(), func(t *testing.T, h *testkit.House) { f(t, &city{World: testkit.NewWorld(t, h), t: t}) })
}

// act does what must succeed.
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

func refused(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	if err == nil {
		t.Fatalf("nothing was refused, want %s", key)
	}
	for _, f := range fault.From(err).All() {
		if f.Key == key && fault.From(err).Kind == kind {
			return
		}
	}
	t.Fatalf("refused with %d %q, want %d %q: %v", fault.From(err).Kind, fault.From(err).Key, kind, key, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// inside does something to the database that no act does.
func (w *city) inside(sql string, args ...any) {
	w.t.Helper()
	_, err := app.Define("test.inside", func(*app.Call, struct{}) (nothing, error) { return nothing{}, nil }, access.Public[nothing],
		func(c *app.Call, _ nothing, _ struct{}) (struct{}, error) {
			_, err := c.Tx().Exec(c.Ctx(), sql, args...)
			return struct{}{}, err
		}).Quietly().Do(w.t.Context(), w.App, access.Actor{}, struct{}{})
	must(w.t, err)
}

// forge does what the database itself refuses: it takes the guard off a table first.
func (w *city) forge(table, sql string, args ...any) {
	w.t.Helper()
	if strings.HasPrefix(w.Address, "postgres") {
		w.inside("DROP TRIGGER IF EXISTS " + table + "_append_only ON " + table)
	} else {
		w.inside("DROP TRIGGER IF EXISTS " + table + "_no_update")
		w.inside("DROP TRIGGER IF EXISTS " + table + "_no_delete")
	}
	w.inside(sql, args...)
}

type nothing struct{}

func (nothing) Object() (kind, id string) { return "test", "" }

// count reads one figure.
func (w *city) count(sql string, args ...any) int {
	w.t.Helper()
	n, err := app.Ask("test.count", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) (n int, err error) {
		return n, l.Tx().Row(l.Ctx(), sql, args...).Scan(&n)
	}).Do(w.t.Context(), w.App, w.Office, struct{}{})
	must(w.t, err)
	return n
}

func (w *city) column(sql string, args ...any) []string {
	w.t.Helper()
	list, err := app.Ask("test.column", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) ([]string, error) {
		return store.List(l.Ctx(), l.Tx(), store.Column[string], sql, args...)
	}).Do(w.t.Context(), w.App, w.Office, struct{}{})
	must(w.t, err)
	return list
}

// writing is a complete proposal.
func writing(title string) proposal.Writing {
	return proposal.Writing{Title: title, Category: "society", Background: strings.Repeat("老旧小区上下楼难。", 20), Basis: "走访三个小区，访谈四十二户。",
		Items: []string{"简化审批手续", "设立专项补助"}, Publish: proposal.PublishAgreed}
}

// filed hands a proposal in, with files, and files it.
func (w *city) filed(title string, files ...[2]string) string {
	w.t.Helper()
	d, err := proposal.SaveDraft.Do(w.t.Context(), w.App, w.Members[0], proposal.DraftIn{Writing: writing(title)})
	must(w.t, err)
	for _, f := range files {
		w.attach(w.Members[0], "proposal", d.ID, f[0], f[1])
	}
	s := act(w, proposal.Submit, w.Members[0], proposal.SubmitIn{ID: d.ID, Version: d.Version, Writing: writing(title)})
	act(w, proposal.Review, w.Office, proposal.ReviewIn{ID: s.ID, Opinion: "内容具体，建议立案。"})
	act(w, proposal.File, w.Chief, proposal.FileIn{ID: s.ID, Opinion: "同意立案。"})
	return s.ID
}

func (w *city) attach(who access.Actor, kind, id, name, content string) {
	w.t.Helper()
	got, err := document.Receive(w.t.Context(), w.App, name, strings.NewReader(content), 1<<20)
	must(w.t, err)
	act(w, document.Attach, who, document.AttachIn{Kind: kind, ID: id, Files: []document.Received{got}})
}

// dispatch gives a case to units, directly.
func (w *city) dispatch(id string, units ...handling.UnitRole) {
	w.t.Helper()
	act(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: "direct", Rows: []handling.CaseRow{{Kind: "proposal", ID: id, Units: units}}})
}

func (w *city) assignment(id, unit string) handling.Assigned {
	w.t.Helper()
	v, err := handling.Show.Do(w.t.Context(), w.App, w.Office, handling.ViewIn{Kind: "proposal", ID: id})
	must(w.t, err)
	for _, a := range v.Assignments {
		if a.UnitID == w.Bodies[unit] {
			return a
		}
	}
	w.t.Fatalf("%s has no assignment", unit)
	return handling.Assigned{}
}

func (w *city) contact(who access.Actor, a handling.Assigned, n int) {
	w.t.Helper()
	for i := range n {
		act(w, handling.RecordContact, who, handling.ContactIn{ID: a.ID, Form: "meeting", HeldOn: w.Clock.Now().Format("2006-01-02"), Proposers: []string{w.Members[0].PersonID},
			Notes: fmt.Sprintf("第 %d 次座谈，交换了意见。", i+1)})
	}
}

// reply issues a reply of a unit.
func (w *city) reply(handler, signer access.Actor, a handling.Assigned) string {
	w.t.Helper()
	w.number++
	out := act(w, handling.Submit, handler, handling.SubmitIn{ID: a.ID, ReplyText: handling.ReplyText{Number: fmt.Sprintf("云建提〔2026〕%d号", w.number), Class: "A", Publicity: "full",
		Body:  "林知远委员：\n您提出的提案收悉，现答复如下。\n一、简化审批手续已经完成。\n二、专项补助今年设立。",
		Items: []handling.ItemAnswer{{No: 1, Outcome: "adopted", Answer: "已经简化。"}, {No: 2, Outcome: "adopted", Answer: "已经设立。"}}}})
	act(w, handling.Issue, signer, handling.IssueIn{ID: out.ID, Version: out.Version})
	return out.ID
}

// closed carries a case to its end: one unit answers, the proposer is satisfied.
func (w *city) closed(title string, files ...[2]string) string {
	w.t.Helper()
	id := w.filed(title, files...)
	w.dispatch(id, handling.UnitRole{Unit: w.Bodies["unitA"], Role: handling.Sole})
	a := w.assignment(id, "unitA")
	act(w, handling.Sign, w.HandlerA, handling.SignIn{ID: a.ID, Leader: "何承宇", Section: "住房科", Handler: "石砚秋", Phone: "0000-1234567"})
	w.contact(w.HandlerA, a, 1)
	r := w.reply(w.HandlerA, w.SignerA, a)
	act(w, handling.Rate, w.Members[0], handling.RateIn{ID: r, Attitude: "satisfied", Result: "satisfied", Contacted: "yes"})
	w.CaughtUp(w.t)
	return id
}

func (w *city) archived(id string) archive.Kept {
	w.t.Helper()
	return act(w, archive.Case, w.Office, archive.CaseIn{Kind: "proposal", ID: id})
}

func (w *city) show(who access.Actor, id string) *archive.Shown {
	w.t.Helper()
	s, err := archive.Show.Do(w.t.Context(), w.App, who, archive.ShowIn{Kind: "proposal", ID: id})
	must(w.t, err)
	return s
}

// bytes are those of a stored edition.
func (w *city) bytes(id string, edition int64) []byte {
	w.t.Helper()
	e, err := archive.Download.Do(w.t.Context(), w.App, w.Leader, archive.FileIn{Kind: "proposal", ID: id, Edition: edition})
	must(w.t, err)
	return read(w.t, w.Blobs, e.Ref())
}

func read(t testing.TB, s blob.Store, ref blob.Ref) []byte {
	t.Helper()
	in, err := s.Get(context.Background(), ref)
	must(t, err)
	defer func() { _ = in.Close() }()
	b, err := io.ReadAll(in)
	must(t, err)
	return b
}
