package handling_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/notify"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// sample is a kind of case with one case, whose proposers a test sets.
type sample struct{ is handling.Case }

func (s *sample) Case(l *app.Look, id string) (handling.Case, error) {
	if id != s.is.ID || l.Who().CommitteeID != s.is.CommitteeID {
		return handling.Case{}, fault.New(fault.NotFound, "fault.not-found")
	}
	return s.is, nil
}

func (s *sample) Stood(*app.Call, string, handling.Standing) error { return nil }

// waitingWorld is a committee with one case that is ready for dispatch, of two
// members and a party.
func waitingWorld(t *testing.T, f func(t *testing.T, w *testkit.World)) {
	t.Helper()
	for _, e := range testkit.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			s := &sample{}
			h := testkit.Open(t, e, []app.Module{handling.Module(), notify.Module(handling.Notices()...)}, []any{handling.Kinds{"sample": s}})
			w := testkit.NewWorld(t, h)
			s.is = handling.Case{Kind: "sample", ID: "case-1", CommitteeID: w.CommitteeID, Number: "第 001 号", Title: "关于路灯的提案", Ready: true,
				Timing: "session", FiledAt: store.Time{Time: w.Clock.Now()}, PublishWish: "full", Items: []handling.Item{{No: 1, Text: "增设路灯"}},
				Proposers: []handling.Proposer{{PersonID: w.Members[0].PersonID, Name: w.Members[0].Name, Lead: true}, {PersonID: w.Members[1].PersonID, Name: w.Members[1].Name},
					{BodyID: w.Bodies["party"], Name: "民建"}}}
			f(t, w)
		})
	}
}

// queues writes the acting post's queues as text: name and total.
func queues(t testing.TB, w *testkit.World, who access.Actor) (string, []app.Waiting) {
	t.Helper()
	var all []app.Waiting
	q := app.Ask("test.queues", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) (string, error) {
		var names []string
		for _, x := range handling.Module().Waits {
			if !who.Is(x.For...) {
				continue
			}
			list, total, err := x.Find(l, 3)
			if err != nil {
				return "", fmt.Errorf("%s: %w", x.Name, err)
			}
			if total != len(list) {
				t.Errorf("%s: %d of %d", x.Name, len(list), total)
			}
			if total > 0 {
				names = append(names, fmt.Sprintf("%s %d", strings.TrimPrefix(x.Name, "handling.waits."), total))
				all = append(all, list...)
			}
		}
		return strings.Join(names, ", "), nil
	})
	text, err := q.Do(t.Context(), w.App, who, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		if s := w.Words.In("zh-CN").T(x.Key, pairs(x.Args)...); x.Title != "关于路灯的提案" || x.Link != "/samples/case-1" && !strings.HasPrefix(x.Link, "/replies/") || x.Since.IsZero() || strings.ContainsAny(s, "⟦{") || strings.Contains(s, "第 第") {
			t.Errorf("%s sees %+v: %s", who.Name, x, s)
		}
	}
	return text, all
}

func pairs(args []string) []any {
	list := make([]any, len(args))
	for i, a := range args {
		list[i] = a
	}
	return list
}

// heard are the keys of what somebody was told, oldest first.
func heard(t testing.TB, w *testkit.World, who access.Actor) string {
	t.Helper()
	w.CaughtUp(t)
	out, err := notify.Inbox.Do(t.Context(), w.App, who, notify.InboxIn{})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, m := range slices.Backward(out.Messages) {
		for _, key := range []string{m.Key, m.Key + ".mail"} {
			if s := w.Words.In("zh-CN").T(key, pairs(m.Args)...); strings.ContainsAny(s, "⟦{") || strings.Contains(s, "第 第") {
				t.Errorf("%s says %s", key, s)
			}
		}
		keys = append(keys, strings.TrimPrefix(m.Key, "handling.notice."))
	}
	return strings.Join(keys, " ")
}

// errand is the one assignment of a unit.
func errand(t testing.TB, w *testkit.World, unit string) string {
	t.Helper()
	q := app.Ask("test.errand", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) (id string, err error) {
		return id, l.Tx().Row(l.Ctx(), "SELECT id FROM assignment WHERE unit_id = ? AND valid_to IS NULL", w.Bodies[unit]).Scan(&id)
	})
	id, err := q.Do(t.Context(), w.App, w.Office, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func perform[In any, S app.Subject, Out any](t testing.TB, w *testkit.World, a *app.Action[In, S, Out], who access.Actor, in In) Out {
	t.Helper()
	out, err := a.Do(t.Context(), w.App, who, in)
	if err != nil {
		t.Fatalf("%s: %v", a.Name(), err)
	}
	return out
}

func TestACaseWaitsForOneAfterAnother(t *testing.T) {
	t.Parallel()
	waitingWorld(t, func(t *testing.T, w *testkit.World) {
		everybody := map[string]access.Actor{"member": w.Members[0], "second": w.Members[1], "other": w.Members[2], "convener": w.Convener, "office": w.Office,
			"desk": w.GovDesk, "party desk": w.PartyDesk, "handler A": w.HandlerA, "signer A": w.SignerA, "handler B": w.HandlerB, "handler C": w.HandlerC,
			"leader": w.Leader, "admin": w.SysAdmin, "auditor": w.Auditor, "stranger": w.Stranger}
		say := func(step string, want map[string]string) {
			t.Helper()
			for name, who := range everybody {
				if got, _ := queues(t, w, who); got != want[name] {
					t.Errorf("%s: the queues of %s are %q, want %q", step, name, got, want[name])
				}
			}
		}
		row := []handling.CaseRow{{Kind: "sample", ID: "case-1"}}
		perform(t, w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["deskG"], Rows: row})
		say("routed", map[string]string{"desk": "dispatch 1"})

		row[0].Units = []handling.UnitRole{{Unit: w.Bodies["unitA"], Role: handling.Lead}, {Unit: w.Bodies["unitB"], Role: handling.Assist}}
		perform(t, w, handling.Dispatch, w.GovDesk, handling.DispatchIn{Rows: row})
		say("dispatched", map[string]string{"handler A": "sign 1", "signer A": "sign 1", "handler B": "sign 1"})

		for unit, who := range map[string]access.Actor{"unitA": w.HandlerA, "unitB": w.HandlerB} {
			perform(t, w, handling.Sign, who, handling.SignIn{ID: errand(t, w, unit), Handler: "石砚秋", Phone: "010-00000000"})
		}
		say("signed", map[string]string{"handler A": "reply 1", "signer A": "underway 1", "handler B": "reply 1"})
		if _, list := queues(t, w, w.HandlerB); list[0].Key != "handling.wait.opine" || list[0].DueOn == "" {
			t.Errorf("the assisting unit sees %+v", list)
		}

		perform(t, w, handling.Opine, w.HandlerB, handling.OpineIn{ID: errand(t, w, "unitB"), Number: "云财〔2026〕1号", Text: "同意增设，所需资金列入预算。"})
		perform(t, w, handling.RecordContact, w.HandlerA, handling.ContactIn{ID: errand(t, w, "unitA"), Form: "meeting", HeldOn: "2026-01-12", Notes: "当面听取意见，提案者赞成。",
			Proposers: []string{w.Members[0].PersonID, w.Members[1].PersonID, w.Bodies["party"]}})
		text := handling.ReplyText{Number: "云建〔2026〕2号", Class: "A", Body: strings.Repeat("已经增设路灯。", 20), Publicity: "full",
			Items: []handling.ItemAnswer{{No: 1, Outcome: "adopted", Answer: "已增设。"}}}
		r := perform(t, w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: errand(t, w, "unitA"), ReplyText: text})
		say("submitted", map[string]string{"signer A": "sign-off 1"})

		r = perform(t, w, handling.Return, w.SignerA, handling.ReturnIn{ID: r.ID, Version: r.Version, Words: "请写明数量。"})
		say("returned", map[string]string{"handler A": "reply 1", "signer A": "underway 1"})
		if _, list := queues(t, w, w.HandlerA); list[0].Key != "handling.wait.revise" {
			t.Errorf("the handler sees %+v", list)
		}
		r = perform(t, w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: errand(t, w, "unitA"), Version: r.Version, ReplyText: text})
		perform(t, w, handling.Issue, w.SignerA, handling.IssueIn{ID: r.ID, Version: r.Version})
		say("issued", map[string]string{"member": "rate 1", "second": "rate 1", "convener": "rate 1"})

		for _, who := range []access.Actor{w.Members[0], w.Members[1], w.Convener} {
			perform(t, w, handling.Rate, who, handling.RateIn{ID: r.ID, Attitude: "satisfied", Result: "satisfied", Contacted: "yes"})
		}
		say("rated", nil)

		// The convener's rating closed the case; nobody is told what he did himself.
		for name, want := range map[string]string{
			"member": "given contacted issued closed", "second": "given contacted issued closed", "convener": "given contacted issued",
			"desk": "routed", "handler A": "dispatched opined reply-returned rated rated rated", "signer A": "dispatched to-sign-off to-sign-off rated rated rated",
			"handler B": "dispatched",
		} {
			if got := heard(t, w, everybody[name]); got != want {
				t.Errorf("%s was told %q, want %q", name, got, want)
			}
		}
		for _, name := range []string{"other", "office", "party desk", "handler C", "leader", "admin", "auditor", "stranger"} {
			if got := heard(t, w, everybody[name]); got != "" {
				t.Errorf("%s was told %q", name, got)
			}
		}
	})
}

func TestWhatIsLateIsWatched(t *testing.T) {
	t.Parallel()
	waitingWorld(t, func(t *testing.T, w *testkit.World) {
		row := []handling.CaseRow{{Kind: "sample", ID: "case-1", Units: []handling.UnitRole{{Unit: w.Bodies["unitA"], Role: handling.Sole}}}}
		perform(t, w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["deskG"], Rows: row})
		perform(t, w, handling.Dispatch, w.GovDesk, handling.DispatchIn{Rows: row})
		if n := dueDays(t, w, w.HandlerA); n != 0 {
			t.Errorf("%d due in the first thirty days", n)
		}
		w.Clock.Advance(75 * 24 * time.Hour)
		for name, who := range map[string]access.Actor{"unit": w.HandlerA, "desk": w.GovDesk, "leader": w.Leader} {
			if n := dueDays(t, w, who); n != 1 {
				t.Errorf("%s: %d due soon", name, n)
			}
		}
		if n := dueDays(t, w, w.HandlerB) + dueDays(t, w, w.PartyDesk); n != 0 {
			t.Errorf("%d due elsewhere", n)
		}
		w.Clock.Advance(30 * 24 * time.Hour)
		if err := w.App.RunTasks(t.Context()); err != nil {
			t.Fatal(err)
		}
		for name, who := range map[string]access.Actor{"desk": w.GovDesk, "office": w.Office} {
			if got, _ := queues(t, w, who); got != "late 1" {
				t.Errorf("the queues of %s are %q", name, got)
			}
		}
		if got, _ := queues(t, w, w.PartyDesk); got != "" {
			t.Errorf("the other desk watches %q", got)
		}
		if got := heard(t, w, w.HandlerA); got != "dispatched late.reply late.sign" && got != "dispatched bound late.sign late.reply" {
			t.Errorf("the unit was told %q", got)
		}
		if got := heard(t, w, w.GovDesk); got != "routed watch.reply watch.sign" && got != "routed watch.sign watch.reply" {
			t.Errorf("the desk was told %q", got)
		}
		for range 3 { // nothing is said twice
			if err := w.App.RunTasks(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := heard(t, w, w.GovDesk); strings.Count(got, "watch") != 2 {
			t.Errorf("the desk was told again: %q", got)
		}
		f := counts(t, w, w.HandlerA)
		if f["handling.figure.sent"] != 1 || f["handling.figure.late"] != 1 || f["handling.figure.signed"] != 0 {
			t.Errorf("the figures of the unit are %v", f)
		}
	})
}

// dueDays counts what is due in the next thirty days.
func dueDays(t testing.TB, w *testkit.World, who access.Actor) int {
	t.Helper()
	q := app.Ask("test.dues", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) (n int, err error) {
		for _, d := range handling.Module().Dues {
			if !who.Is(d.For...) {
				continue
			}
			list, err := d.Find(l, l.Now().Format("2006-01-02"), l.Now().AddDate(0, 0, 29).Format("2006-01-02"))
			if err != nil {
				return 0, err
			}
			for _, x := range list {
				n += x.N
			}
		}
		return n, nil
	})
	n, err := q.Do(t.Context(), w.App, who, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func counts(t testing.TB, w *testkit.World, who access.Actor) map[string]int {
	t.Helper()
	q := app.Ask("test.figures", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) (map[string]int, error) {
		m := map[string]int{}
		for _, f := range handling.Module().Figures {
			list, err := f.Find(l)
			if err != nil {
				return nil, err
			}
			for _, x := range list {
				m[x.Key] = x.N
			}
		}
		return m, nil
	})
	m, err := q.Do(t.Context(), w.App, who, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTheRaterIsToldOfWhatOthersEnter(t *testing.T) {
	t.Parallel()
	waitingWorld(t, func(t *testing.T, w *testkit.World) {
		row := []handling.CaseRow{{Kind: "sample", ID: "case-1", Units: []handling.UnitRole{{Unit: w.Bodies["unitA"], Role: handling.Sole}}}}
		perform(t, w, handling.Dispatch, w.Office, handling.DispatchIn{Rows: row})
		a := errand(t, w, "unitA")
		perform(t, w, handling.Sign, w.HandlerA, handling.SignIn{ID: a, Handler: "石砚秋", Phone: "010-00000000"})
		perform(t, w, handling.RecordContact, w.HandlerA, handling.ContactIn{ID: a, Form: "meeting", HeldOn: "2026-01-12", Notes: "当面听取意见。",
			Proposers: []string{w.Members[0].PersonID, w.Members[1].PersonID, w.Bodies["party"]}})
		r := perform(t, w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: a, ReplyText: handling.ReplyText{Number: "云建〔2026〕2号", Class: "A",
			Body: strings.Repeat("已经增设路灯。", 20), Publicity: "full", Items: []handling.ItemAnswer{{No: 1, Outcome: "adopted", Answer: "已增设。"}}}})
		perform(t, w, handling.Issue, w.SignerA, handling.IssueIn{ID: r.ID, Version: r.Version})
		perform(t, w, handling.RateOnPaper, w.Office, handling.PaperIn{Rater: w.Members[1].PersonID,
			RateIn: handling.RateIn{ID: r.ID, Attitude: "satisfied", Result: "satisfied", Contacted: "yes"}})
		w.Clock.Advance(60 * 24 * time.Hour)
		if err := w.App.RunTasks(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := heard(t, w, w.Members[1]); got != "given contacted issued rated-on-paper closed" {
			t.Errorf("who rated on paper was told %q", got)
		}
		if got := heard(t, w, w.Members[0]); !strings.HasSuffix(got, "lapsed closed") {
			t.Errorf("who did not rate was told %q", got)
		}
		if got := heard(t, w, w.HandlerA); strings.Count(got, "rated") != 1 {
			t.Errorf("the unit was told %q", got)
		}
	})
}
