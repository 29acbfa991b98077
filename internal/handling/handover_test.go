package handling_test

import (
	"slices"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/notify"
	"tongxin/internal/organization"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// changing is each in a house in which bodies have burdens and people are told.
func changing(t *testing.T, f func(t *testing.T, w *city)) {
	t.Helper()
	testkit.EachDB(t, []app.Module{handling.Module("petition.ready"), petitions(), notify.Module(handling.Notices()...)},
		[]any{handling.Kinds{"petition": petition{}}, handling.Burdens()}, func(t *testing.T, h *testkit.House) {
			w := &city{testkit.NewWorld(t, h), t}
			w.At(t, "2026-03-02T09:00")
			f(t, w)
		})
}

// in is somebody who works in another unit, as after a change of posts.
func in(a access.Actor, bodyID string) access.Actor {
	a.Post.BodyID = bodyID
	a.Posts = []access.Post{a.Post}
	return a
}

// ask asks the database one number.
func (w *city) ask(q string, args ...any) (n int) {
	w.t.Helper()
	w.inside(w.Chief, func(c *app.Call) error { return c.Tx().Row(c.Ctx(), q, args...).Scan(&n) })
	return n
}

// texts asks the database for a column of texts.
func (w *city) texts(q string, args ...any) (list []string) {
	w.t.Helper()
	w.inside(w.Chief, func(c *app.Call) (err error) {
		list, err = store.List(c.Ctx(), c.Tx(), store.Column[string], q, args...)
		return err
	})
	return list
}

func (w *city) version(bodyID string) int64 {
	w.t.Helper()
	return int64(w.ask("SELECT version FROM body WHERE id = ?", bodyID))
}

// merge makes one unit of several and lets their work follow.
func (w *city) merge(name string, units ...string) string {
	w.t.Helper()
	ids := make([]string, len(units))
	for i, u := range units {
		ids[i] = w.Bodies[u]
	}
	out := act(w, organization.MergeBodies, w.SysAdmin, organization.MergeBodiesIn{IDs: ids, Name: name, Reference: "云编办〔2026〕9号"})
	w.CaughtUp(w.t)
	w.Bodies[name] = out.ID
	return out.ID
}

// TestWorkGoesOverWithItsClocks: one case by hand, then all of a unit.
func TestWorkGoesOverWithItsClocks(t *testing.T) {
	t.Parallel()
	changing(t, func(t *testing.T, w *city) {
		one, two, direct := w.petition(), w.petition(), w.petition()
		for _, c := range []handling.Case{one, two} {
			w.dispatch(c, w.unit("unitA", handling.Lead), w.unit("unitB", handling.Assist))
		}
		act(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: "direct", Rows: []handling.CaseRow{{Kind: direct.Kind, ID: direct.ID, Units: []handling.UnitRole{w.unit("unitA", handling.Sole)}}}})
		w.sign(w.HandlerA, one, "unitA")
		w.contact(w.HandlerA, one, "unitA")
		act(w, handling.Draft, w.HandlerA, handling.DraftIn{ID: w.assignment(one, "unitA").ID, ReplyText: handling.ReplyText{Body: "半成稿"}})
		was := w.assignment(one, "unitA")
		in1 := handling.HandOverIn{From: w.Bodies["unitA"], To: "市委宣传部", IDs: []string{was.ID}, Reason: "职能划转", Reference: "云府办〔2026〕2号"}

		for what, x := range map[string]struct {
			who    access.Actor
			change func(*handling.HandOverIn)
			kind   fault.Kind
			key    string
		}{
			"by the unit":          {w.SignerA, func(*handling.HandOverIn) {}, fault.Forbidden, "handling.dispatcher-only"},
			"by another unit":      {w.HandlerC, func(*handling.HandOverIn) {}, fault.NotFound, "fault.not-found"},
			"by a member":          {w.Members[0], func(*handling.HandOverIn) {}, fault.NotFound, "fault.not-found"},
			"by the other desk":    {w.PartyDesk, func(*handling.HandOverIn) {}, fault.Closed, "handling.hand-over.nothing"},
			"by the administrator": {w.SysAdmin, func(*handling.HandOverIn) {}, fault.NotFound, "fault.not-found"},
			"by a stranger":        {w.Stranger, func(*handling.HandOverIn) {}, fault.NotFound, "fault.not-found"},
			"without a reason":     {w.GovDesk, func(in *handling.HandOverIn) { in.Reason = " " }, fault.Invalid, "handling.required"},
			"to nowhere":           {w.GovDesk, func(in *handling.HandOverIn) { in.To = "市魔法局" }, fault.Invalid, "handling.unit-unknown"},
			"to itself":            {w.GovDesk, func(in *handling.HandOverIn) { in.To = "市住房和城乡建设局" }, fault.Invalid, "handling.hand-over.itself"},
			"nothing chosen":       {w.Office, func(in *handling.HandOverIn) { in.IDs = nil }, fault.Invalid, "handling.batch.none"},
			"another's work":       {w.Office, func(in *handling.HandOverIn) { in.From, in.To = w.Bodies["unitC"], "市财政局" }, fault.Closed, "handling.hand-over.nothing"},
			"from nowhere":         {w.Office, func(in *handling.HandOverIn) { in.From = "x" }, fault.NotFound, "fault.not-found"},
			"too many":             {w.Office, func(in *handling.HandOverIn) { in.IDs = make([]string, 501) }, fault.Invalid, "handling.batch.many"},
		} {
			in := in1
			x.change(&in)
			err := try(w, handling.HandOver, x.who, in)
			if err == nil {
				t.Errorf("%s: done", what)
				continue
			}
			refused(t, err, x.kind, x.key)
		}

		out := act(w, handling.HandOver, testkit.Keyed(w.GovDesk, "k"), in1)
		if again := act(w, handling.HandOver, testkit.Keyed(w.GovDesk, "k"), in1); again != out || out.Ordered != 1 {
			t.Errorf("twice: %+v %+v", out, again)
		}
		refused(t, try(w, handling.HandOver, w.GovDesk, in1), fault.Closed, "handling.hand-over.nothing")
		now := w.assignment(one, "unitC")
		if now.ID != was.ID || now.DueOn != was.DueOn || len(now.Due.Steps) != len(was.Due.Steps) || now.SignBy != was.SignBy || now.ContactBy != was.ContactBy || now.State != handling.SignedFor || now.Contacted != 1 {
			t.Errorf("it was %+v and is %+v", was, now)
		}
		if now.Handler != "" || now.Phone != "" {
			t.Errorf("the other unit's officer is still reached: %+v", now)
		}
		w.stands(one, handling.Underway, handling.HeldToSign, "市财政局")
		w.sees(one, map[string]bool{"handlerA": false, "handlerB": true, "handlerC": true})
		v := w.view(w.HandlerC, one)
		if len(v.Replies) != 1 || v.Replies[0].Body != "半成稿" || v.Replies[0].UnitName != "市委宣传部" {
			t.Errorf("the draft: %+v", v.Replies)
		}
		if h := v.Handed; len(h) != 1 || h[0].From != "市住房和城乡建设局" || h[0].To != "市委宣传部" || h[0].Reason != "职能划转" || h[0].Reference == "" || h[0].Outcome != handling.WentOver {
			t.Errorf("the course: %+v", h)
		}
		if o := v.Officers; len(o) != 1 || o[0].Was != "石砚秋" || o[0].Is != "" {
			t.Errorf("the officers: %+v", o)
		}
		d := act(w, handling.Draft, w.HandlerC, handling.DraftIn{ID: now.ID, Version: v.Replies[0].Version, ReplyText: handling.ReplyText{Body: "接着写"}})
		if d.ID != v.Replies[0].ID {
			t.Error("another reply was begun")
		}

		// All of it: the supervision office what it dispatched, the rest stays.
		all := act(w, handling.HandOver, w.GovDesk, handling.HandOverIn{From: w.Bodies["unitA"], To: w.Bodies["unitB"], All: true, Reason: "职能划转"})
		w.CaughtUp(t)
		if all.Ordered != 1 || w.assignment(direct, "unitA").UnitID != w.Bodies["unitA"] {
			t.Errorf("all of the desk's: %+v", all)
		}
		// In two the unit assisted: it leads now, and the clock of its opinion ended.
		if a := w.assignment(two, "unitB"); a.Role != handling.Lead || len(w.view(w.Office, two).Assignments) != 1 {
			t.Errorf("lead and assistant are one: %+v", a)
		}
		shown, err := handling.ShowHandOver.Do(t.Context(), w.App, w.GovDesk, handling.HandOverID{ID: all.ID})
		if err != nil || shown.DoneAt.IsZero() || shown.Waiting != 0 || len(shown.Rows) != 1 || shown.Rows[0].Outcome != handling.WentInto {
			t.Errorf("the order: %+v %v", shown, err)
		}
		for _, who := range []access.Actor{w.HandlerA, w.Members[0], w.PartyDesk, w.SysAdmin, w.Stranger} {
			if _, err := handling.ShowHandOver.Do(t.Context(), w.App, who, handling.HandOverID{ID: all.ID}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s reads the order: %v", who.Name, err)
			}
		}
		w.tallied()
		// The unit is told once per order, each proposer of his case.
		if n := w.ask("SELECT COUNT(*) FROM message WHERE kind = 'handling.notice.took-over' AND person_id = ?", w.HandlerC.PersonID); n != 1 {
			t.Errorf("the unit was told %d times", n)
		}
		if n := w.ask("SELECT COUNT(*) FROM message WHERE kind = 'handling.notice.handed' AND person_id = ?", w.Members[0].PersonID); n != 2 {
			t.Errorf("the proposer was told %d times", n)
		}
	})
}

// TestTheDryRunTellsWhatWillHappen, and it does.
func TestTheDryRunTellsWhatWillHappen(t *testing.T) {
	t.Parallel()
	changing(t, func(t *testing.T, w *city) {
		rows := map[string][]handling.UnitRole{
			"moves":    {w.unit("unitA", handling.Sole)},
			"into-own": {w.unit("unitB", handling.Lead), w.unit("unitA", handling.Assist)},
			"takes":    {w.unit("unitA", handling.Lead), w.unit("unitB", handling.Assist)},
			"one":      {w.unit("unitA", handling.Separate), w.unit("unitB", handling.Separate)},
			"beside":   {w.unit("unitA", handling.Separate), w.unit("unitB", handling.Separate), w.unit("unitC", handling.Assist)},
			"kept":     {w.unit("unitA", handling.Sole)},
		}
		cases := map[string]handling.Case{}
		for what, units := range rows {
			cases[what] = w.petition()
			w.dispatch(cases[what], units...)
		}
		answer := func(c handling.Case, unit string, handler, signer access.Actor) {
			w.sign(handler, c, unit)
			w.contact(handler, c, unit)
			w.issue(handler, signer, c, unit, "号"+c.ID, "A")
		}
		w.sign(w.HandlerC, cases["beside"], "unitC")
		act(w, handling.Opine, w.HandlerC, handling.OpineIn{ID: w.assignment(cases["beside"], "unitC").ID, Number: "1", Text: "同意"})
		answer(cases["beside"], "unitB", w.HandlerB, w.SignerB)
		answer(cases["kept"], "unitA", w.HandlerA, w.SignerA)

		plan, err := handling.PlanHandOver.Do(t.Context(), w.App, w.GovDesk, handling.HandOverPlanIn{From: w.Bodies["unitA"], To: w.Bodies["unitB"]})
		w.ok(err)
		if plan.Total != len(rows) || plan.From == nil || plan.From.Open != len(rows) {
			t.Fatalf("planned %d of %d: %+v", plan.Total, len(rows), plan.From)
		}
		will := map[string]handling.Meeting{}
		for _, r := range plan.Rows {
			will[r.CaseID] = r.Will
		}
		for what, c := range cases {
			if string(will[c.ID]) != what {
				t.Errorf("%s: the dry run says %q", what, will[c.ID])
			}
		}
		if plan, err := handling.PlanHandOver.Do(t.Context(), w.App, w.PartyDesk, handling.HandOverPlanIn{From: w.Bodies["unitA"]}); err != nil || plan.Total != 0 || plan.From != nil {
			t.Errorf("another desk sees %+v %v", plan, err)
		}
		if _, err := handling.PlanHandOver.Do(t.Context(), w.App, w.HandlerA, handling.HandOverPlanIn{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a unit plans: %v", err)
		}

		act(w, handling.HandOver, w.GovDesk, handling.HandOverIn{From: w.Bodies["unitA"], To: w.Bodies["unitB"], All: true, Reason: "调整"})
		w.CaughtUp(t)
		roles := map[string]string{"moves": "sole", "into-own": "lead", "takes": "lead", "one": "sole", "beside": "assist separate separate", "kept": "sole"}
		for what, c := range cases {
			var got []string
			for _, a := range w.view(w.Office, c).Assignments {
				got = append(got, string(a.Role))
				if what != "kept" && a.UnitID == w.Bodies["unitA"] {
					t.Errorf("%s: the old unit still has it", what)
				}
			}
			slices.Sort(got)
			if strings.Join(got, " ") != roles[what] {
				t.Errorf("%s: %v, want %s", what, got, roles[what])
			}
			w.standing(c)
		}
		if a := w.view(w.Office, cases["kept"]).Assignments[0]; a.UnitID != w.Bodies["unitA"] || a.SuccessorID != w.Bodies["unitB"] {
			t.Errorf("the answered one: %+v", a)
		}
		w.tallied()
	})
}

// TestDraftsOfTwoUnitsBecomeOne: no word is lost, the earlier clock holds, and
// what had gone to the leader comes back.
func TestDraftsOfTwoUnitsBecomeOne(t *testing.T) {
	t.Parallel()
	changing(t, func(t *testing.T, w *city) {
		c := w.petition()
		w.dispatch(c, w.unit("unitA", handling.Separate), w.unit("unitB", handling.Separate), w.unit("unitC", handling.Assist))
		w.sign(w.HandlerC, c, "unitC")
		act(w, handling.Opine, w.HandlerC, handling.OpineIn{ID: w.assignment(c, "unitC").ID, Number: "1", Text: "同意"})
		for unit, who := range map[string]access.Actor{"unitA": w.HandlerA, "unitB": w.HandlerB} {
			w.sign(who, c, unit)
			w.contact(who, c, unit)
		}
		act(w, handling.Draft, w.HandlerA, handling.DraftIn{ID: w.assignment(c, "unitA").ID, ReplyText: handling.ReplyText{Body: "住建部分"}})
		act(w, handling.Submit, w.HandlerB, handling.SubmitIn{ID: w.assignment(c, "unitB").ID, ReplyText: letter("云财1号", "A")})
		a, b := w.assignment(c, "unitA"), w.assignment(c, "unitB")
		w.inside(w.Chief, func(k *app.Call) error { // the parts have clocks of their own
			_, err := k.Tx().Exec(k.Ctx(), "UPDATE assignment SET due_on = '2026-05-20', due = REPLACE(due, ?, '2026-05-20') WHERE id = ?", a.DueOn, a.ID)
			return err
		})
		id := w.merge("市建设财政局", "unitA", "unitB")
		v := w.view(w.Office, c)
		var now handling.Assigned
		for _, x := range v.Assignments {
			if x.UnitID == id {
				now = x
			}
		}
		if len(v.Assignments) != 2 || now.ID != b.ID || now.Role != handling.Lead || now.DueOn != "2026-05-20" || now.Due.On.String() != "2026-05-20" {
			t.Fatalf("one is left: %+v", v.Assignments)
		}
		v = w.view(in(w.HandlerB, id), c)
		if len(v.Replies) != 1 || v.Replies[0].State != handling.Drafted || !strings.Contains(v.Replies[0].Body, "住建部分") || !strings.Contains(v.Replies[0].Body, "现答复如下") || v.Replies[0].ReturnedNote == "" {
			t.Errorf("the draft: %+v", v.Replies)
		}
		if got := w.texts("SELECT due_on FROM assignment_handed WHERE case_id = ? AND outcome = 'merged'", c.ID); len(got) != 1 || got[0] != b.DueOn {
			t.Errorf("the clock that ended: %v, want %s", got, b.DueOn)
		}
		text := v.Replies[0].ReplyText
		out := act(w, handling.Submit, in(w.HandlerB, id), handling.SubmitIn{ID: now.ID, Version: v.Replies[0].Version, ReplyText: text})
		act(w, handling.Issue, in(w.SignerA, id), handling.IssueIn{ID: out.ID, Version: out.Version})
		w.stands(c, handling.Replied, handling.HeldByProposers, "林知远、周若水")
	})
}

// TestWhatComesAfterTheAnswer goes to the successor: a second handling, a
// further reply, a promise; the letter keeps its name.
func TestWhatComesAfterTheAnswer(t *testing.T) {
	t.Parallel()
	changing(t, func(t *testing.T, w *city) {
		w.rules(1, `{"again":{"on":"either","due":{"base":"rating","days":20},"rounds":2},"closing":"rated"}`)
		again, done := w.petition(), w.petition()
		for i, c := range []handling.Case{again, done} {
			w.dispatch(c, w.unit("unitA", handling.Sole))
			w.sign(w.HandlerA, c, "unitA")
			w.contact(w.HandlerA, c, "unitA")
			w.issue(w.HandlerA, w.SignerA, c, "unitA", []string{"1号", "2号"}[i], "B")
		}
		letters := func(c handling.Case) []handling.Reply { return w.view(w.Office, c).Replies }
		for _, m := range w.Members[:2] {
			act(w, handling.Rate, m, handling.RateIn{ID: letters(done)[0].ID, Attitude: "satisfied", Result: "satisfied"})
		}
		w.stands(done, handling.Closed, "", "")
		id := w.merge("市建设局", "unitA", "unitC")
		for _, c := range []handling.Case{again, done} {
			a := w.view(w.Office, c).Assignments[0]
			if a.UnitID != w.Bodies["unitA"] || a.SuccessorID != id || letters(c)[0].UnitName != "市住房和城乡建设局" {
				t.Errorf("what was answered: %+v", a)
			}
			if p := w.view(w.Office, c).Promises; len(p) != 1 || p[0].UnitID != id || p[0].DueOn != "2027-12-20" {
				t.Errorf("the promise: %+v", p)
			}
			w.view(in(w.HandlerC, id), c) // the successor sees it
			if _, err := handling.Show.Do(t.Context(), w.App, w.HandlerB, handling.ViewIn{Kind: c.Kind, ID: c.ID}); !fault.Is(err, fault.NotFound) {
				t.Errorf("another unit sees it: %v", err)
			}
		}
		// Who works in the successor does not rate what it took over.
		both := w.Also(t, w.Members[1], access.Signer, "市建设局", "副局长")
		refused(t, try(w, handling.Rate, both, handling.RateIn{ID: letters(again)[0].ID, Attitude: "satisfied", Result: "satisfied"}), fault.Forbidden, "handling.rate.own-unit")
		refused(t, try(w, handling.RateOnPaper, w.Office, handling.PaperIn{RateIn: handling.RateIn{ID: letters(again)[0].ID, Attitude: "satisfied", Result: "satisfied"}, Rater: both.PersonID}), fault.Invalid, "handling.rate.rater-own-unit")
		// A further reply of the closed case, by the successor and in its name.
		f := act(w, handling.BeginFollowUp, in(w.HandlerC, id), handling.FollowUpIn{ID: w.view(w.Office, done).Assignments[0].ID})
		if r := w.view(in(w.HandlerC, id), done).Replies; r[len(r)-1].ID != f.ID || r[len(r)-1].UnitName != "市建设局" {
			t.Errorf("the further reply: %+v", r)
		}
		refused(t, try(w, handling.BeginFollowUp, w.HandlerA, handling.FollowUpIn{ID: w.view(w.Office, again).Assignments[0].ID}), fault.Forbidden, "handling.unit-only")

		// The successor merges again before the proposer complains.
		last := act(w, organization.EndBody, w.SysAdmin, organization.EndBodyIn{ID: id, Heir: w.Bodies["unitB"], Reference: "10号", Version: w.version(id)})
		w.CaughtUp(t)
		if heir := w.view(w.Office, again).Assignments[0].SuccessorID; heir != w.Bodies["unitB"] || last.ID != id {
			t.Errorf("the successor's successor is %s", heir)
		}
		act(w, handling.Rate, w.Members[0], handling.RateIn{ID: letters(again)[0].ID, Attitude: "satisfied", Result: "dissatisfied", Reason: "没有落实"})
		w.stands(again, handling.Underway, handling.HeldAgain, "市财政局")
		a := w.view(w.Office, again).Assignments[0]
		if a.UnitID != w.Bodies["unitB"] || a.SuccessorID != "" || a.Round != 2 || letters(again)[0].UnitName != "市住房和城乡建设局" {
			t.Errorf("handled again: %+v", a)
		}
		w.sees(again, map[string]bool{"handlerA": false, "handlerB": true, "handlerC": false})
		h := w.view(w.Office, again).Handed
		if len(h) != 2 || h[0].Outcome != handling.StaysNoted || h[1].Cause != handling.CauseReopened || h[1].To != "市财政局" {
			t.Errorf("the course: %+v", h)
		}
		w.contact(w.HandlerB, again, "unitB")
		out := w.issue(w.HandlerB, w.SignerB, again, "unitB", "财9号", "A")
		if r := letters(again); r[1].ID != out.ID || r[1].UnitName != "市财政局" {
			t.Errorf("the second letter: %+v", r)
		}
		w.tallied()
	})
}
