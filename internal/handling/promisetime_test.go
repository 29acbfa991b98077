package handling_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/notify"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// TestAPromiseIsRemindedOf near its date, on the day after, and every fifteen
// working days, each once however often the clockwork runs.
func TestAPromiseIsRemindedOf(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		c, list := w.promised("2026-05-29", "2026-12-31")
		for _, x := range []struct {
			at         string
			near, late int
		}{
			{"2026-05-08T23:00", 0, 0}, // sixteen working days before: 9 May is worked
			{"2026-05-09T00:30", 1, 0}, // fifteen
			{"2026-05-20T09:00", 1, 0},
			{"2026-05-29T23:30", 1, 0}, // the last day, a Friday
			{"2026-05-30T00:30", 1, 1}, // the day after, though nobody works
			{"2026-06-18T09:00", 1, 1}, // fourteen working days late
			{"2026-06-22T09:00", 1, 2}, // fifteen: 19 June is a holiday
			{"2026-09-30T09:00", 1, 3}, // what a later step overtook is left out
		} {
			w.At(t, x.at)
			for range 3 {
				w.tasks(t.Context())
			}
			if n, l := w.facts(c, "promise.near"), w.facts(c, "promise.late"); n != x.near || l != x.late {
				t.Errorf("%s: near %d, late %d, want %d, %d", x.at, n, l, x.near, x.late)
			}
		}
		act(w, handling.KeepPromise, w.HandlerA, handling.KeepIn{ID: list[0].ID, KeptOn: "2026-09-30", Evidence: "已完成"})
		w.At(t, "2026-12-01T09:00")
		w.tasks(t.Context())
		if l := w.facts(c, "promise.late"); l != 3 {
			t.Errorf("a kept one is told of: %d", l)
		}
		if n := w.facts(c, "promise.near"); n != 1 {
			t.Errorf("the second one is near: %d", n)
		}
		w.At(t, "2026-12-11T09:00")
		w.tasks(t.Context())
		if n := w.facts(c, "promise.near"); n != 2 {
			t.Errorf("the second one is near: %d", n)
		}
	})
}

// waitingPromise lets unit A promise something in the case of a waiting world.
func waitingPromise(t *testing.T, w *testkit.World, day string) handling.Promise {
	t.Helper()
	row := []handling.CaseRow{{Kind: "sample", ID: "case-1", Units: []handling.UnitRole{{Unit: w.Bodies["unitA"], Role: handling.Sole}}}}
	perform(t, w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["deskG"], Rows: row})
	perform(t, w, handling.Dispatch, w.GovDesk, handling.DispatchIn{Rows: row})
	a := errand(t, w, "unitA")
	perform(t, w, handling.Sign, w.HandlerA, handling.SignIn{ID: a, Handler: "石砚秋", Phone: "0000-1234567"})
	perform(t, w, handling.RecordContact, w.HandlerA, handling.ContactIn{ID: a, Form: "meeting", HeldOn: w.Clock.Now().Format("2006-01-02"), Notes: "当面沟通"})
	out := perform(t, w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: a, ReplyText: handling.ReplyText{Number: "1号", Class: "B", Body: "现答复如下。", Publicity: "full",
		Items: []handling.ItemAnswer{{No: 1, Outcome: "planned", Answer: "拟增设"}}, Promises: []handling.PromiseText{{No: 1, Text: "增设路灯二十盏", Owner: "何承宇", DueOn: day}}}})
	perform(t, w, handling.Issue, w.SignerA, handling.IssueIn{ID: out.ID, Version: out.Version})
	v, err := handling.Show.Do(t.Context(), w.App, w.Office, handling.ViewIn{Kind: "sample", ID: "case-1"})
	if err != nil {
		t.Fatal(err)
	}
	return v.Promises[0]
}

// promiseNews are the keys of what somebody was told of promises.
func promiseNews(t *testing.T, w *testkit.World, who access.Actor) string {
	t.Helper()
	var keys []string
	for _, k := range strings.Fields(heard(t, w, who)) {
		if rest, ok := strings.CutPrefix(k, "promise-"); ok {
			keys = append(keys, rest)
		}
	}
	return strings.Join(keys, " ")
}

// TestWhoIsToldOfPromises: the unit first, who watches when it is late, the
// proposers of what concerns them.
func TestWhoIsToldOfPromises(t *testing.T) {
	t.Parallel()
	waitingWorld(t, func(t *testing.T, w *testkit.World) {
		due := w.Clock.Now().AddDate(0, 0, 60)
		p := waitingPromise(t, w, due.Format("2006-01-02"))
		run := func(days int) {
			w.Clock.Advance(time.Duration(days) * 24 * time.Hour)
			for range 2 {
				if err := w.App.RunTasks(t.Context()); err != nil {
					t.Fatal(err)
				}
				w.CaughtUp(t)
			}
		}
		told := func(when string, want map[string]string) {
			t.Helper()
			for name, who := range map[string]access.Actor{"unit": w.HandlerA, "signer": w.SignerA, "desk": w.GovDesk, "office": w.Office, "member": w.Members[0], "party": w.Convener, "other": w.HandlerB} {
				if got := promiseNews(t, w, who); got != want[name] {
					t.Errorf("%s: %s was told %q, want %q", when, name, got, want[name])
				}
			}
		}
		run(50)
		told("near", map[string]string{"unit": "near", "signer": "near"})
		run(11)
		told("late", map[string]string{"unit": "near late", "signer": "near late", "desk": "late-watch", "office": "late-watch", "member": "late-told", "party": "late-told"})
		run(30)
		told("later", map[string]string{"unit": "near late late", "signer": "near late late", "desk": "late-watch late-watch", "office": "late-watch late-watch", "member": "late-told", "party": "late-told"})

		on := w.Clock.Now().Format("2006-01-02")
		perform(t, w, handling.CancelPromise, w.HandlerA, handling.CancelIn{ID: p.ID, Reason: "申请"})
		perform(t, w, handling.DecidePromise, w.GovDesk, handling.DecidePromiseIn{ID: p.ID, Decision: handling.Refused, Words: "不同意"})
		perform(t, w, handling.KeepPromise, w.HandlerA, handling.KeepIn{ID: p.ID, KeptOn: on, Evidence: "已安装"})
		perform(t, w, handling.ConfirmPromise, w.Convener, handling.ConfirmIn{ID: p.ID, Answer: handling.ConfirmNo, Words: "没有"})
		if got, want := promiseNews(t, w, w.SignerA), "near late late cancel-refused all-kept denied"; got != want {
			t.Errorf("the unit was told %q, want %q", got, want)
		}
		if got, want := promiseNews(t, w, w.GovDesk), "late-watch late-watch cancel-asked denied-watch"; got != want {
			t.Errorf("the desk was told %q, want %q", got, want)
		}
		if got, want := promiseNews(t, w, w.Members[0]), "late-told confirm"; got != want {
			t.Errorf("the proposer was told %q, want %q", got, want)
		}
		perform(t, w, handling.CancelPromise, w.GovDesk, handling.CancelIn{ID: p.ID, Reason: "不再需要"})
		if a, b := promiseNews(t, w, w.Members[0]), promiseNews(t, w, w.SignerA); !strings.HasSuffix(a, " cancelled") || !strings.HasSuffix(b, " cancelled-unit") {
			t.Errorf("cancelled: %q, %q", a, b)
		}
	})
}

// TestALatePromiseIsPressing: the unit gets a text message whatever it chose;
// the proposer does not.
func TestALatePromiseIsPressing(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, []app.Module{handling.Module("petition.ready"), petitions()}, []any{handling.Kinds{"petition": petition{}}}, func(t *testing.T, h *testkit.House) {
		w := &city{testkit.NewWorld(t, h), t}
		w.At(t, "2026-03-02T09:00")
		c, _ := w.promised("2026-05-29")
		w.At(t, "2026-06-01T09:00")
		w.tasks(t.Context())
		rules := handling.Notices()
		i := slices.IndexFunc(rules, func(r notify.Rule) bool { return r.Fact == "promise.late" })
		q := app.Ask("test.notices", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) (list []notify.Notice, err error) {
			f := app.Heard{Kind: "promise.late", CommitteeID: w.CommitteeID}
			var body string
			if err := l.Tx().Row(l.Ctx(), "SELECT body FROM fact WHERE kind = 'promise.late' AND object_id = ?", c.ID).Scan(&body); err != nil {
				return nil, err
			}
			f.Body = []byte(body)
			return rules[i].Notices(l, f)
		})
		list, err := q.Do(t.Context(), w.App, access.Machine(w.CommitteeID, "notify"), struct{}{})
		w.ok(err)
		for _, n := range list {
			unit := slices.Contains(n.To, w.HandlerA.PersonID)
			told := slices.Contains(n.To, w.Members[0].PersonID)
			if unit != slices.Equal(n.By, []string{notify.BySMS}) || told != (n.Urgency == notify.Normal) || !strings.HasPrefix(n.Link, "/promises/") {
				t.Errorf("%+v", n)
			}
		}
		if len(list) != 4 {
			t.Errorf("%d notices", len(list))
		}
		if s := w.Words.In("zh-CN").T("handling.notice.promise-late.sms", "number", "014", "day", "2026-05-29"); strings.ContainsAny(s, "⟦{") {
			t.Errorf("the text message says %s", s)
		}
	})
}

// pledger does random acts on the promises of one case, allowed or not.
type pledger struct {
	*city
	c     handling.Case
	rt    *rapid.T
	known map[string]handling.Promise
	n     int
}

// TestNoPromiseDisappears: whatever people do in whatever order, every promise
// stays in the register with its date and its first date, states change by
// arrows only, late is who is open after his day, and each step of reminding
// happens once.
func TestNoPromiseDisappears(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		rapid.Check(t, func(rt *rapid.T) {
			now := w.Clock.Now()
			c, list := w.promised(now.AddDate(0, 0, 20).Format("2006-01-02"), now.AddDate(0, 0, 45).Format("2006-01-02"))
			x := &pledger{city: w, c: c, rt: rt, known: map[string]handling.Promise{}}
			for _, p := range list {
				x.known[p.ID] = p
			}
			for range rapid.IntRange(5, 25).Draw(rt, "acts") {
				x.step()
				x.holds()
			}
		})
	})
}

// arrows are the changes of state that there are.
func arrows() map[string]bool {
	return map[string]bool{"open kept": true, "open cancelled": true, "open replaced": true, "kept open": true}
}

// holds checks what must be true after every act.
func (x *pledger) holds() {
	v, err := handling.Show.Do(x.t.Context(), x.App, x.Office, handling.ViewIn{Kind: x.c.Kind, ID: x.c.ID})
	if err != nil {
		x.rt.Fatal(err)
	}
	today := calendar.DateOf(x.Clock.Now(), calendar.Beijing).String()
	now := map[string]handling.Promise{}
	for _, p := range v.Promises {
		now[p.ID] = p
		if p.Late != (p.State == handling.PromiseOpen && p.DueOn < today) {
			x.rt.Fatalf("late is %v of one that is %s until %s", p.Late, p.State, p.DueOn)
		}
		if p.Awaited() && p.State != handling.PromiseKept || (p.KeptOn != "") != (p.State == handling.PromiseKept) || (p.Reason != "") != (p.State == handling.PromiseCancelled) {
			x.rt.Fatalf("it says of itself both: %+v", p)
		}
		if old, ok := now[p.Renews]; ok && (old.State == handling.PromiseOpen || p.FirstDueOn != old.FirstDueOn) {
			x.rt.Fatalf("%+v renews %+v", p, old)
		}
	}
	for id, was := range x.known {
		is, ok := now[id]
		if !ok || is.DueOn != was.DueOn || is.FirstDueOn != was.FirstDueOn || is.Text != was.Text || is.UnitID != was.UnitID {
			x.rt.Fatalf("%+v became %+v", was, is)
		}
		if is.State != was.State && !arrows()[was.State+" "+is.State] {
			x.rt.Fatalf("%s became %s", was.State, is.State)
		}
	}
	x.known = now
	x.once()
}

// once checks that there is one fact for every reminder.
func (x *pledger) once() {
	var given, told, twice int
	x.inside(x.Chief, func(c *app.Call) error {
		if err := c.Tx().Row(c.Ctx(), "SELECT COUNT(*) FROM promise_reminder r JOIN promise p ON p.id = r.promise_id WHERE p.case_id = ?", x.c.ID).Scan(&given); err != nil {
			return err
		}
		list, err := store.List(c.Ctx(), c.Tx(), store.Column[string], "SELECT body FROM fact WHERE kind IN ('promise.near', 'promise.late') AND object_id = ?", x.c.ID)
		slices.Sort(list)
		told, twice = len(list), len(list)-len(slices.Compact(list))
		return err
	})
	if given != told || twice != 0 {
		x.rt.Fatalf("%d reminders, %d facts, %d of them twice", given, told, twice)
	}
}

func (x *pledger) step() {
	ids := make([]string, 0, len(x.known))
	for id := range x.known {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	id := ids[rapid.IntRange(0, len(ids)-1).Draw(x.rt, "promise")]
	yes := rapid.Bool().Draw(x.rt, "yes")
	pick := func(a, b string) string {
		if yes {
			return a
		}
		return b
	}
	x.n++
	today := calendar.DateOf(x.Clock.Now(), calendar.Beijing)
	acts := []func() error{
		func() error {
			return try(x.city, handling.KeepPromise, x.HandlerA, handling.KeepIn{ID: id, KeptOn: today.String(), Evidence: "已完成"})
		},
		func() error {
			return try(x.city, handling.CancelPromise, x.SignerA, handling.CancelIn{ID: id, Reason: "理由"})
		},
		func() error {
			return try(x.city, handling.CancelPromise, x.GovDesk, handling.CancelIn{ID: id, Reason: "理由"})
		},
		func() error {
			return try(x.city, handling.DecidePromise, x.GovDesk, handling.DecidePromiseIn{ID: id, Decision: pick(handling.Granted, handling.Refused), Words: "说明"})
		},
		func() error {
			return try(x.city, handling.ConfirmPromise, x.Members[x.n%2], handling.ConfirmIn{ID: id, Answer: pick("yes", "no"), Words: "说明"})
		},
		func() error { return x.renew(today.Add(rapid.IntRange(0, 60).Draw(x.rt, "days")).String()) },
		func() error {
			x.Clock.Advance(time.Duration(rapid.IntRange(0, 30).Draw(x.rt, "pass")) * 24 * time.Hour)
			return x.App.RunTasks(x.t.Context())
		},
		func() error { return x.App.RunTasks(x.t.Context()) },
	}
	which := rapid.IntRange(0, len(acts)-1).Draw(x.rt, "act")
	if err := acts[which](); err != nil && !fault.Is(err, fault.Closed) && !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Stale) {
		x.rt.Fatalf("act %d: %v", which, err)
	}
}

// renew sends a further reply out in which everything open gets another day.
func (x *pledger) renew(day string) error {
	v, err := handling.Show.Do(x.t.Context(), x.App, x.HandlerA, handling.ViewIn{Kind: x.c.Kind, ID: x.c.ID})
	if err != nil {
		return err
	}
	a := v.Assignments[0].ID
	if _, err := handling.BeginFollowUp.Do(x.t.Context(), x.App, x.HandlerA, handling.FollowUpIn{ID: a}); err != nil {
		return err
	}
	v, err = handling.Show.Do(x.t.Context(), x.App, x.HandlerA, handling.ViewIn{Kind: x.c.Kind, ID: x.c.ID})
	if err != nil {
		return err
	}
	r := v.Replies[len(v.Replies)-1]
	finished(&r, fmt.Sprintf("%s-%d", x.c.ID, x.n), "B")
	for i := range r.Promises {
		if i%2 == 0 {
			r.Promises[i].DueOn = day
		}
	}
	out, err := handling.Submit.Do(x.t.Context(), x.App, x.HandlerA, handling.SubmitIn{ID: a, Version: r.Version, ReplyText: r.ReplyText})
	if err == nil {
		_, err = handling.Issue.Do(x.t.Context(), x.App, x.SignerA, handling.IssueIn{ID: out.ID, Version: out.Version})
	}
	return err
}
