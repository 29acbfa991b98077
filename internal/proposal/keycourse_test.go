package proposal_test

import (
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/organization"
	"tongxin/internal/proposal"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// assignment is what a unit has to do in a case now.
func (w *city) assignment(id, unit string) (assignment, dueOn string) {
	w.t.Helper()
	rows := column(w.t, w.World, "SELECT id || ' ' || due_on FROM assignment WHERE case_id = ? AND unit_id = ? AND valid_to IS NULL", id, w.Bodies[unit])
	if len(rows) != 1 {
		w.t.Fatalf("%s has %d assignments", unit, len(rows))
	}
	assignment, dueOn, _ = strings.Cut(rows[0], " ")
	return assignment, dueOn
}

// TestEarlierDeadlines: what is dispatched already is hastened by the decision,
// what is dispatched later is due earlier at once, everything else as usual.
func TestEarlierDeadlines(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		all := w.filed(3)
		w.dispatched(all[0])
		_, usual := w.assignment(all[0], "unitA")
		w.made(all[:2]...)
		w.dispatched(all[1:]...)
		_, hastened := w.assignment(all[0], "unitA")
		_, early := w.assignment(all[1], "unitA")
		_, other := w.assignment(all[2], "unitA")
		if usual != "2026-05-06" || hastened != "2026-04-02" || early != hastened || other != usual {
			t.Errorf("usual %s, hastened %s, early %s, other %s", usual, hastened, early, other)
		}
		if got := text(t, w.World, "SELECT due_on FROM proposal WHERE id = ?", all[0]); got > hastened {
			t.Errorf("the list says %s", got)
		}
		if n := w.facts("assignment.hastened"); n != 1 {
			t.Errorf("%d were told of an earlier date", n)
		}
		sums(t, w.World)
	})
}

// TestAPlanFollowsTheUnit: the unit is asked once it has the case; when another
// unit takes it over, that one owes the plan and what was promised.
func TestAPlanFollowsTheUnit(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		id := w.filed(1)[0]
		w.made(id)
		if s := w.shown(w.Office, id); s.Key.PlanDueOn != "" || !s.Key.NoticedAt.IsZero() || len(s.Key.Tasks) != 0 {
			t.Fatalf("before dispatch: %+v", s.Key)
		}
		w.At(t, "2026-02-03T09:00")
		w.dispatched(id)
		w.CaughtUp(t)
		s := w.shown(w.HandlerA, id)
		if s.Key.PlanDueOn != "2026-03-02" || w.heard(w.HandlerA)["unit"] != 1 || w.heard(w.HandlerB)["unit"] != 0 || w.facts("key.noticed") != 1 {
			t.Fatalf("asked until %s; %v %v", s.Key.PlanDueOn, w.heard(w.HandlerA), w.heard(w.HandlerB))
		}
		a, _ := w.assignment(id, "unitA")
		acts(w, handling.ChangeUnit, w.GovDesk, handling.ChangeUnitIn{ID: a, Unit: w.Bodies["unitC"], Reason: "职责不在该单位"})
		w.CaughtUp(t)
		due := w.tasks(id, proposal.DuePlan)
		if len(due) != 2 || w.heard(w.HandlerC)["unit"] != 1 {
			t.Fatalf("after the change: %+v", due)
		}
		for _, x := range due {
			if want := map[string]proposal.KeyState{w.Bodies["unitA"]: proposal.TaskEnded, w.Bodies["unitC"]: proposal.TaskOpen}[x.BodyID]; x.State != want {
				t.Errorf("%s: the plan is %s, want %s", x.BodyName, x.State, want)
			}
		}
		no(w, proposal.KeySubmitPlan, w.HandlerA, planOf(id), fault.NotFound, "fault.not-found")
		acts(w, proposal.KeySubmitPlan, w.HandlerC, planOf(id))
		acts(w, proposal.KeyJudgePlan, w.Office, proposal.KeyJudgePlanIn{ID: id, Verdict: "accepted"})
		c, _ := w.assignment(id, "unitC")
		acts(w, handling.ChangeUnit, w.GovDesk, handling.ChangeUnitIn{ID: c, Unit: w.Bodies["unitA"], Reason: "市领导协调"})
		w.CaughtUp(t)
		for _, x := range w.tasks(id, proposal.DueMilestone) {
			if x.BodyID != w.Bodies["unitA"] {
				t.Errorf("a milestone stays with %s", x.BodyName)
			}
		}
	})
}

// TestAUnitWithoutAnAccount: staff enters its plan and its answers, and for
// nobody else.
func TestAUnitWithoutAnAccount(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		do(t, w.World, "INSERT INTO body (id, committee_id, kind, name, valid_from) VALUES ('unitD', ?, 'unit', '市水文站', '2021-01-01')", w.CommitteeID)
		id := w.filed(1)[0]
		acts(w, handling.RouteCases, w.Chief, handling.RouteIn{Desk: "direct", Rows: []handling.CaseRow{{Kind: "proposal", ID: id, Units: []handling.UnitRole{{Unit: "unitD", Role: handling.Sole}}}}})
		w.made(id)
		acts(w, proposal.KeySubmitPlan, w.Office, planOf(id))
		acts(w, proposal.KeyJudgePlan, w.Office, proposal.KeyJudgePlanIn{ID: id, Verdict: "accepted"})
		in := supervision(id, w.Bodies["unitA"], "2026-05-15")
		in.HeldOn = "2026-02-02"
		acts(w, proposal.KeySupervise, w.Office, in)
		acts(w, proposal.KeyAnswer, w.Office, proposal.KeyAnswerIn{ID: w.tasks(id, proposal.DueMilestone)[0].ID, Outcome: "已完成（纸质来函）。"})
		no(w, proposal.KeyAnswer, w.Office, proposal.KeyAnswerIn{ID: w.tasks(id, proposal.DueRequirement)[0].ID, Outcome: "x"}, fault.Forbidden, "handling.unit-has-account")
	})
}

// TestWhatIsDueIsChanged: another body, another day, sent back, ended; each
// with a reason, and told.
func TestWhatIsDueIsChanged(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		id := w.filed(1)[0]
		w.made(id)
		in := supervision(id, w.Bodies["unitA"], "2026-05-15")
		in.HeldOn, in.NextOn = "2026-02-02", "2026-04-01"
		acts(w, proposal.KeySupervise, w.Office, in)
		x := w.tasks(id, proposal.DueRequirement)[0]
		change := func(what, body, due, reason string) proposal.KeyChangeIn {
			return proposal.KeyChangeIn{ID: x.ID, What: what, Body: body, DueOn: due, Reason: reason}
		}
		no(w, proposal.KeyChange, w.Office, change("change", "市财政局", "", ""), fault.Invalid, "proposal.key.words-missing")
		no(w, proposal.KeyChange, w.Office, change("change", "", "", "x"), fault.Invalid, "proposal.key.change.nothing")
		no(w, proposal.KeyChange, w.Office, change("again", "", "2026-05-20", "x"), fault.Closed, "proposal.key.closed.open")
		no(w, proposal.KeyChange, w.HandlerA, change("end", "", "", "x"), fault.Forbidden, "proposal.key.office-only")
		no(w, proposal.KeyChange, w.HandlerB, change("end", "", "", "x"), fault.NotFound, "fault.not-found")
		acts(w, proposal.KeyChange, w.Office, change("change", "市财政局", "2026-05-20", "资金事项"))
		no(w, proposal.KeyAnswer, w.HandlerA, proposal.KeyAnswerIn{ID: x.ID, Outcome: "x"}, fault.NotFound, "fault.not-found")
		no(w, proposal.KeyAnswer, w.HandlerB, proposal.KeyAnswerIn{ID: x.ID, Version: x.Version, Outcome: "x"}, fault.Stale, "fault.stale")
		acts(w, proposal.KeyAnswer, w.HandlerB, proposal.KeyAnswerIn{ID: x.ID, Outcome: "资金已到位。"})
		no(w, proposal.KeyChange, w.Office, change("again", "", "", "依据不足"), fault.Invalid, "proposal.key.date-missing")
		acts(w, proposal.KeyChange, w.Office, change("again", "", "2026-05-30", "依据不足"))
		if y := w.tasks(id, proposal.DueRequirement)[0]; y.State != proposal.TaskOpen || y.DueOn != "2026-05-30" || y.Outcome == "" || !y.AnsweredAt.IsZero() {
			t.Errorf("sent back: %+v", y)
		}
		acts(w, proposal.KeyChange, w.Office, change("end", "", "", "已另行安排"))
		no(w, proposal.KeyAnswer, w.HandlerB, proposal.KeyAnswerIn{ID: x.ID, Outcome: "x"}, fault.NotFound, "fault.not-found")
		next := w.tasks(id, proposal.DueSupervision)[0]
		no(w, proposal.KeyChange, w.Office, proposal.KeyChangeIn{ID: next.ID, What: "change", Body: "市财政局", Reason: "x"}, fault.Invalid, "proposal.key.change.body-fixed")
		acts(w, proposal.KeyChange, w.Office, proposal.KeyChangeIn{ID: next.ID, What: "change", DueOn: "2026-04-08", Reason: "领导另有安排"})
		if got := w.shown(w.Leader, id).Key.NextOn(); got != "2026-04-08" {
			t.Errorf("next supervision on %s", got)
		}
		w.CaughtUp(t)
		if h := w.heard(w.HandlerB); h["changed"] != 2 || h["ended"] != 1 {
			t.Errorf("the unit was told %v", h)
		}
	})
}

// TestASupplementAndARelease: a decided selection collects again, the limit
// counts what there is; a released one is none any more and owes nothing.
func TestASupplementAndARelease(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		w.rules(`{"number":2}`)
		all := w.filed(4)
		w.dispatched(all...)
		w.made(all[:2]...)
		acts(w, proposal.KeyMove, w.Office, proposal.KeyMoveIn{Session: w.Session, To: "recommending", Reason: "年中增补"})
		w.recommended(all[2])
		w.to(proposal.KeyShortlisting)
		in := proposal.KeyShortlistIn{Session: w.Session, Rows: []proposal.KeyShortlistRow{{Candidate: all[2], Chosen: true, Words: "新情况。"}, {Candidate: all[0], Chosen: true, Words: "x"}}}
		no(w, proposal.KeyShortlist, w.Office, in, fault.Closed, "proposal.key.closed.approved")
		in.Rows = in.Rows[:1]
		acts(w, proposal.KeyShortlist, w.Office, in)
		w.to(proposal.KeyConsulting)
		w.consulted(all[2])
		w.to(proposal.KeyApproving)
		no(w, proposal.KeyApprove, w.Chief, w.approving(all[2]), fault.Invalid, "proposal.key.approve.over")
		acts(w, proposal.KeyRelease, w.Chief, proposal.KeyReleaseIn{ID: all[0], Reason: "已并入专项工作。"})
		acts(w, proposal.KeyApprove, w.Chief, w.approving(all[2]))
		w.CaughtUp(t)
		s := w.shown(w.HandlerA, all[0])
		if s.Key.State != proposal.KeyReleased || s.May != (proposal.KeyMay{}) || len(w.list(w.HandlerA).Others) != 2 {
			t.Errorf("released: %+v %+v", s.Key, s.May)
		}
		for _, x := range s.Key.Tasks {
			if x.State == proposal.TaskOpen {
				t.Errorf("something is still owed: %+v", x)
			}
		}
		no(w, proposal.KeySubmitPlan, w.HandlerA, planOf(all[0]), fault.Closed, "proposal.key.closed.released")
		no(w, proposal.KeyRelease, w.Chief, proposal.KeyReleaseIn{ID: all[0], Reason: "x"}, fault.Closed, "proposal.key.closed.released")
		k := look(t, w.World, func(l *app.Look) (*proposal.Key, error) { return proposal.KeyOf(l, all[2]) })
		list := look(t, w.World, func(l *app.Look) ([]proposal.Key, error) { return proposal.KeysOf(l, 2026) })
		none := look(t, w.World, func(l *app.Look) (*proposal.Key, error) { return proposal.KeyOf(l, all[3]) })
		if k == nil || k.Year != 2026 || len(k.Leaders) != 1 || k.Reference == "" || len(list) != 2 || none != nil {
			t.Errorf("for reports: %+v, %d in the year, %+v", k, len(list), none)
		}
		if h := w.heard(w.Leader); h["led"] != 3 || h["released"] != 1 {
			t.Errorf("the leader was told %v", h)
		}
	})
}

// TestTheLimitIsANumberOrARatio of what is filed, at least one; or none.
func TestTheLimitIsANumberOrARatio(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		for _, c := range []struct {
			rules string
			most  int
		}{{`{"per_mille":60}`, 1}, {`{"per_mille":400}`, 2}, {`{"per_mille":400,"number":5}`, 5}, {`{"per_mille":0}`, proposal.NoLimit}} {
			if w.asked == 0 {
				w.filed(5)
			}
			w.rules(c.rules)
			if got := w.selection().Most; got != c.most {
				t.Errorf("%s: at most %d, want %d", c.rules, got, c.most)
			}
		}
	})
}

// TestAChangedCalendarMovesPlans that are awaited, and no day that people named.
func TestAChangedCalendarMovesPlans(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		id := w.filed(1)[0]
		w.dispatched(id)
		w.made(id)
		in := supervision(id, w.Bodies["unitA"], "2026-03-02")
		in.HeldOn = "2026-02-02"
		acts(w, proposal.KeySupervise, w.Office, in)
		before := w.shown(w.Office, id).Key.PlanDueOn
		_, err := calendar.Change.Do(t.Context(), w.App, w.Office, calendar.ChangeIn{Year: 2026,
			Holidays: []calendar.HolidayIn{{Name: "市庆", From: "2026-02-09", To: "2026-02-11"}, {Name: "春节", From: "2026-02-15", To: "2026-02-23"}}})
		must(t, err)
		w.CaughtUp(t)
		k := w.shown(w.Office, id).Key
		if k.PlanDueOn <= before || k.PlanDue.On.String() != k.PlanDueOn || w.tasks(id, proposal.DuePlan)[0].DueOn != k.PlanDueOn {
			t.Errorf("due %s, it was %s: %+v", k.PlanDueOn, before, w.tasks(id, proposal.DuePlan))
		}
		if got := w.tasks(id, proposal.DueRequirement)[0].DueOn; got != "2026-03-02" {
			t.Errorf("a day that was named moved to %s", got)
		}
	})
}

// TestKeyProposalsInTheList: the mark, the filter with its exact total, and an
// index that answers it.
func TestKeyProposalsInTheList(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		all := w.filed(5)
		w.made(all[1], all[3])
		for _, who := range []access.Actor{w.Office, w.Leader, w.Members[1]} {
			for _, sort := range []string{"", proposal.ByNumber, proposal.ByDue} {
				out, err := proposal.List.Do(t.Context(), w.App, who, proposal.ListIn{Key: true, Sort: sort})
				must(t, err)
				want := map[string]int{w.Members[1].PersonID: 1}[who.PersonID]
				if want == 0 {
					want = 2
				}
				if len(out.Lines) != want || out.Total != want || out.Lines[0].KeyYear != 2026 {
					t.Errorf("%s by %q: %d of %d", who.Name, sort, len(out.Lines), out.Total)
				}
			}
		}
		out, err := proposal.List.Do(t.Context(), w.App, w.Office, proposal.ListIn{Key: true, State: proposal.Open, Category: "society"})
		must(t, err)
		if out.Total != 2 {
			t.Errorf("with a category: %d", out.Total)
		}
		if s, err := proposal.Show.Do(t.Context(), w.App, w.Office, proposal.ShowIn{ID: all[1]}); err != nil || s.KeyYear != 2026 {
			t.Errorf("the case page: %v %v", s, err)
		}
	})
}

func TestTheFilterReadsAnIndex(t *testing.T) {
	t.Parallel()
	h := testkit.Open(t, store.SQLite, []app.Module{handling.Module(), proposal.Module()}, nil)
	w := testkit.NewWorld(t, h)
	for name, sql := range map[string]string{
		"proposal_key":      "SELECT p.id FROM proposal p WHERE (p.committee_id = ? AND (p.state <> 'draft')) AND (p.session_id = ?) AND (p.key_year > 0) ORDER BY p.id DESC LIMIT 31",
		"key_task_body":     "SELECT COUNT(*) FROM key_task t WHERE (t.committee_id = ? AND t.state = 'open') AND (t.body_id = ?)",
		"key_leader_person": "SELECT x.proposal_id FROM key_leader x WHERE x.committee_id = ? AND x.person_id = ? AND x.person_id <> ''",
	} {
		if got := plan(t, w, sql, w.CommitteeID, "x"); !strings.Contains(got, name) || strings.Contains(got, "SCAN") {
			t.Errorf("without %s:\n%s", name, got)
		}
	}
}

// TestWhatWaitsAboutKeyProposals walks the queues of the workbench.
func TestWhatWaitsAboutKeyProposals(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		id := w.filed(1)[0]
		w.dispatched(id)
		acts(w, proposal.KeyOpen, w.Office, proposal.KeyOpenIn{Session: w.Session})
		w.recommended(id)
		w.to(proposal.KeyShortlisting)
		w.waits("shortlisting", map[string]string{"office": "key-select"})
		w.shortlisted(id)
		w.to(proposal.KeyConsulting)
		w.consulted(id)
		w.to(proposal.KeyApproving)
		w.waits("approving", map[string]string{"chief": "key-approve"})
		acts(w, proposal.KeyApprove, w.Chief, w.approving(id))
		w.CaughtUp(t)
		w.waits("approved", map[string]string{"unit": "key", "leader": "key-led", "member": "key-own"})
		acts(w, proposal.KeySubmitPlan, w.HandlerA, planOf(id))
		w.waits("planned", map[string]string{"office": "key-plans", "leader": "key-led", "member": "key-own"})
		acts(w, proposal.KeyJudgePlan, w.Office, proposal.KeyJudgePlanIn{ID: id, Verdict: "accepted"})
		in := supervision(id, w.Bodies["deskP"], "2026-05-15")
		in.HeldOn, in.NextOn = "2026-02-02", "2026-06-01"
		acts(w, proposal.KeySupervise, w.Office, in)
		w.waits("supervised", map[string]string{"office": "key-supervise", "unit": "key", "desk": "key", "leader": "key-led", "member": "key-own"})
		w.At(t, "2026-05-18T09:00")
		w.waits("late", map[string]string{"office": "key-late key-supervise", "unit": "key", "desk": "key", "leader": "key-late key-led", "member": "key-own"})
		for who, n := range map[string]int{"office": 4, "unit": 2, "desk": 1, "leader": 4, "stranger": 0} {
			if got := w.days(w.people()[who]); got != n {
				t.Errorf("%s has %d things in the calendar, want %d", who, got, n)
			}
		}
	})
}

func (w *city) people() map[string]access.Actor {
	return map[string]access.Actor{"office": w.Office, "chief": w.Chief, "unit": w.HandlerA, "other": w.HandlerC, "desk": w.PartyDesk, "leader": w.Leader, "member": w.Members[0],
		"friend": w.Members[1], "stranger": w.Stranger, "admin": w.SysAdmin, "reviewer": w.Reviewer}
}

// waits checks the queues about key proposals of everybody.
func (w *city) waits(step string, want map[string]string) {
	w.t.Helper()
	for name, who := range w.people() {
		var list []string
		all := waiting(w.t, w.World, who)
		for _, k := range []string{"key", "key-select", "key-approve", "key-plans", "key-late", "key-supervise", "key-led", "key-own"} {
			if f, ok := all[k]; ok {
				list = append(list, k)
				x := f.list[0]
				if x.Title == "" || !strings.HasPrefix(x.Link, "/key/") || x.Since.IsZero() || strings.ContainsAny(w.Words.In("zh-CN").T(x.Key, anys(x.Args)...), "⟦{") {
					w.t.Errorf("%s: %s in %s reads %+v", step, name, k, x)
				}
			}
		}
		if got := strings.Join(list, " "); got != want[name] {
			w.t.Errorf("%s: %s has %q, want %q", step, name, got, want[name])
		}
	}
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, x := range list {
		out[i] = x
	}
	return out
}

// days counts what stands in somebody's calendar about key proposals.
func (w *city) days(who access.Actor) int {
	w.t.Helper()
	q := app.Ask("test.dues", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) (int, error) {
		n := 0
		for _, d := range proposal.Module().Dues[1:] {
			if !who.Is(d.For...) {
				continue
			}
			list, err := d.Find(l, "2026-01-01", "2026-12-31")
			if err != nil {
				return 0, err
			}
			for _, x := range list {
				n += x.N
			}
		}
		return n, nil
	})
	n, err := q.Do(w.t.Context(), w.App, who, struct{}{})
	must(w.t, err)
	return n
}

// TestWhatIsDueFollowsBodies: merged, renamed or ended, what a body owed goes
// with its clock to who stands for it, and nobody is asked twice.
func TestWhatIsDueFollowsBodies(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		id := w.filed(1)[0]
		w.dispatched(id)
		w.made(id)
		in := supervision(id, w.Bodies["unitC"], "2026-05-15")
		in.HeldOn = "2026-02-02"
		in.Requirements[1] = proposal.KeyRequirement{Text: "督促落实", Body: w.Bodies["deskP"], DueOn: "2026-05-16"}
		acts(w, proposal.KeySupervise, w.Office, in)
		due := w.shown(w.Office, id).Key.PlanDueOn
		n := look(t, w.World, func(l *app.Look) (int, error) {
			n, _, _, err := proposal.KeyBurden{}.Open(l, w.Bodies["unitC"])
			return n, err
		})
		if n != 1 {
			t.Errorf("unitC is burdened with %d things", n)
		}
		w.At(t, "2026-02-05T09:00")
		acts(w, organization.MergeBodies, w.SysAdmin, organization.MergeBodiesIn{IDs: []string{w.Bodies["unitA"], w.Bodies["unitC"]}, Into: w.Bodies["unitC"], Reference: "云编〔2026〕1号"})
		w.runs()
		acts(w, organization.RenameBody, w.SysAdmin, organization.RenameBodyIn{ID: w.Bodies["deskP"], Name: "市委督促检查室", Reference: "云编〔2026〕2号", Version: 1})
		w.runs()
		plans := w.tasks(id, proposal.DuePlan)
		if len(plans) != 1 || plans[0].BodyID != w.Bodies["unitC"] || plans[0].State != proposal.TaskOpen || plans[0].DueOn != due {
			t.Errorf("the plan, due %s: %+v", due, plans)
		}
		for _, x := range w.tasks(id, proposal.DueRequirement) {
			if want := map[string]string{w.Bodies["unitC"]: "市委宣传部", w.Bodies["deskP"]: "市委督促检查室"}[x.BodyID]; x.BodyName != want {
				t.Errorf("a requirement stands with %q (%s)", x.BodyName, x.BodyID)
			}
		}
		if n := w.facts("key.noticed"); n != 1 {
			t.Errorf("asked for a plan %d times", n)
		}
		acts(w, proposal.KeySubmitPlan, w.HandlerC, planOf(id))
	})
}
