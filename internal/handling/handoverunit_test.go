package handling_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/organization"
)

// TestAUnitGetsAnotherName: open work has the new name, letters and closed cases
// keep the old one.
func TestAUnitGetsAnotherName(t *testing.T) {
	t.Parallel()
	changing(t, func(t *testing.T, w *city) {
		w.rules(1, `{"closing":"replied"}`)
		open, answered, waits := w.petition(), w.petition(), w.petition()
		for _, c := range []handling.Case{open, answered} {
			w.dispatch(c, w.unit("unitA", handling.Sole))
			w.sign(w.HandlerA, c, "unitA")
			w.contact(w.HandlerA, c, "unitA")
		}
		act(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["deskG"], Rows: []handling.CaseRow{{Kind: waits.Kind, ID: waits.ID, Units: []handling.UnitRole{w.unit("unitA", handling.Sole)}}}})
		d := act(w, handling.Draft, w.HandlerA, handling.DraftIn{ID: w.assignment(open, "unitA").ID, ReplyText: handling.ReplyText{Body: "稿"}})
		sent := w.issue(w.HandlerA, w.SignerA, answered, "unitA", "1号", "A")
		w.stands(answered, handling.Closed, "", "")
		was := w.assignment(open, "unitA")

		act(w, organization.RenameBody, w.SysAdmin, organization.RenameBodyIn{ID: w.Bodies["unitA"], Name: "市住建委", Reference: "云编办1号", Version: 1})
		act(w, organization.RenameBody, w.SysAdmin, organization.RenameBodyIn{ID: w.Bodies["deskG"], Name: "市政府督查局", Reference: "云编办2号", Version: 1})
		w.CaughtUp(t)
		w.stands(open, handling.Underway, handling.HeldByUnit, "市住建委")
		now := w.assignment(open, "unitA")
		if now.UnitName != "市住建委" || now.DeskName != "市政府督查局" || now.DueOn != was.DueOn || now.Handler != was.Handler || now.Version != was.Version {
			t.Errorf("open work: %+v", now)
		}
		v := w.view(w.HandlerA, open)
		if v.Replies[0].UnitName != "市住建委" || len(v.Handed) != 1 || v.Handed[0].From != "市住房和城乡建设局" || v.Handed[0].Cause != handling.CauseRenamed {
			t.Errorf("the draft and the course: %+v %+v", v.Replies, v.Handed)
		}
		act(w, handling.Draft, w.HandlerA, handling.DraftIn{ID: now.ID, Version: d.Version, ReplyText: handling.ReplyText{Body: "接着写"}})
		if r := w.view(w.Office, answered).Replies[0]; r.ID != sent.ID || r.UnitName != "市住房和城乡建设局" {
			t.Errorf("the letter: %+v", r)
		}
		if s := w.stands(answered, handling.Closed, "", ""); s.LeadName != "市住房和城乡建设局" {
			t.Errorf("the closed case is of %s", s.LeadName)
		}
		if p := w.view(w.Office, answered).Promises; len(p) != 1 || p[0].UnitName != "市住建委" {
			t.Errorf("the promise, which goes on: %+v", p)
		}
		w.stands(waits, handling.Filed, handling.HeldByDesk, "市政府督查局")
		act(w, handling.Dispatch, w.GovDesk, handling.DispatchIn{Rows: []handling.CaseRow{{Kind: waits.Kind, ID: waits.ID, Units: w.view(w.GovDesk, waits).Route.Units}}})

		// Heard again nothing is written; the name is the present one, whatever is heard.
		before := w.ask("SELECT COUNT(*) FROM assignment_handed")
		w.hearAgain("body.renamed")
		if n := w.ask("SELECT COUNT(*) FROM assignment_handed"); n != before {
			t.Errorf("heard twice, noted %d times more", n-before)
		}
		w.tallied()
	})
}

// hearAgain lets the listener of bodies hear its facts once more.
func (w *city) hearAgain(kind string) {
	w.t.Helper()
	w.inside(w.Chief, func(c *app.Call) error {
		_, err := c.Tx().Exec(c.Ctx(), "UPDATE fact_cursor SET position = 0, fact_id = '' WHERE listener = 'handling.bodies'")
		return err
	})
	if w.ask("SELECT COUNT(*) FROM fact WHERE kind = ?", kind) == 0 {
		w.t.Fatalf("there is no %s", kind)
	}
	w.CaughtUp(w.t)
}

// TestASupervisionOfficeIsMerged: what it dispatched and what waits with it has
// another keeper, closed cases too.
func TestASupervisionOfficeIsMerged(t *testing.T) {
	t.Parallel()
	changing(t, func(t *testing.T, w *city) {
		c, waits := w.petition(), w.petition()
		w.dispatch(c, w.unit("unitA", handling.Lead), w.unit("unitB", handling.Assist))
		act(w, handling.Object, w.HandlerA, handling.ObjectIn{ID: w.assignment(c, "unitA").ID, Reason: "不归我管", Unit: w.Bodies["unitC"]})
		act(w, handling.Consent, w.SignerA, handling.ErrandIn{ID: w.assignment(c, "unitA").ID})
		act(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["deskG"], Rows: []handling.CaseRow{{Kind: waits.Kind, ID: waits.ID}}})
		w.stands(c, handling.Dispatched, handling.HeldForRuling, "市政府督查室")
		refused(t, try(w, organization.EndBody, w.SysAdmin, organization.EndBodyIn{ID: w.Bodies["deskG"], Reference: "1", Version: 1}), fault.Invalid, "organization.end.burdened")
		new := act(w, organization.AddBody, w.SysAdmin, organization.BodyIn{Kind: "supervision_government", Name: "市政府办公室督查处"})
		act(w, organization.EndBody, w.SysAdmin, organization.EndBodyIn{ID: w.Bodies["deskG"], Heir: new.ID, Reference: "1", Version: 1})
		w.CaughtUp(t)
		w.stands(c, handling.Dispatched, handling.HeldForRuling, "市政府办公室督查处")
		w.stands(waits, handling.Filed, handling.HeldByDesk, "市政府办公室督查处")
		desk := in(w.GovDesk, new.ID)
		act(w, handling.RuleObjection, desk, handling.RuleIn{ID: w.assignment(c, "unitA").ID, Ruling: handling.Rejected, Words: "职责清楚"})
		act(w, handling.Dispatch, desk, handling.DispatchIn{Rows: []handling.CaseRow{{Kind: waits.Kind, ID: waits.ID, Units: []handling.UnitRole{w.unit("unitC", handling.Sole)}}}})
		w.hearAgain("body.ended")
		w.tallied()
	})
}

// TestWorkFollowsAMergerASplitAndAnEnd, and what is heard twice moves once.
func TestWorkFollowsAMergerASplitAndAnEnd(t *testing.T) {
	t.Parallel()
	changing(t, func(t *testing.T, w *city) {
		cases := []handling.Case{w.petition(), w.petition(), w.petition()}
		w.dispatch(cases[0], w.unit("unitA", handling.Lead), w.unit("unitB", handling.Assist), w.unit("unitC", handling.Assist))
		w.dispatch(cases[1], w.unit("unitB", handling.Separate), w.unit("unitA", handling.Separate))
		w.dispatch(cases[2], w.unit("unitC", handling.Sole))
		w.sign(w.HandlerB, cases[0], "unitB")
		proposed := w.petition()
		act(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["deskG"], Rows: []handling.CaseRow{{Kind: proposed.Kind, ID: proposed.ID, Units: []handling.UnitRole{w.unit("unitB", handling.Sole)}}}})

		id := w.merge("市建设财政局", "unitA", "unitB")
		w.stands(cases[0], handling.Dispatched, handling.HeldToSign, "市建设财政局、市委宣传部")
		w.stands(cases[1], handling.Dispatched, handling.HeldToSign, "市建设财政局")
		if a := w.view(w.Office, cases[1]).Assignments; len(a) != 1 || a[0].Role != handling.Sole {
			t.Errorf("two parts of one unit: %+v", a)
		}
		if u := w.view(w.GovDesk, proposed).Route.Units; len(u) != 1 || u[0].Unit != id || u[0].Name != "市建设财政局" {
			t.Errorf("the unit that was proposed: %+v", u)
		}
		for _, x := range w.view(w.Office, cases[0]).Handed {
			if x.Cause != handling.CauseMerged || x.Reference != "云编办〔2026〕9号" {
				t.Errorf("why: %+v", x)
			}
		}
		if n := w.ask("SELECT COUNT(*) FROM hand_over WHERE done_at IS NULL"); n != 0 {
			t.Errorf("%d orders are not done", n)
		}
		before := w.ask("SELECT COUNT(*) FROM assignment_handed")
		w.hearAgain("body.merged")
		if n := w.ask("SELECT COUNT(*) FROM assignment_handed"); n != before {
			t.Errorf("heard twice, moved %d times more", n-before)
		}

		// Split: everything goes to the default part, single cases to the other by hand.
		out := act(w, organization.SplitBody, w.SysAdmin, organization.SplitBodyIn{ID: id, Parts: []organization.PartIn{{Name: "市建设局"}, {Name: "市财政局"}}, Default: 1, Reference: "11号", Version: w.version(id)})
		w.CaughtUp(t)
		w.stands(cases[1], handling.Dispatched, handling.HeldToSign, "市财政局")
		act(w, handling.HandOver, w.GovDesk, handling.HandOverIn{From: out.Parts[1], To: out.Parts[0], IDs: []string{w.view(w.Office, cases[1]).Assignments[0].ID}, Reason: "拆分后归建设局"})
		w.stands(cases[1], handling.Dispatched, handling.HeldToSign, "市建设局")
		w.stands(cases[0], handling.Dispatched, handling.HeldToSign, "市财政局、市委宣传部")

		// A unit with work does not end without an heir; with one the assistant's part ends in the lead.
		refused(t, try(w, organization.EndBody, w.SysAdmin, organization.EndBodyIn{ID: w.Bodies["unitC"], Reference: "12号", Version: 1}), fault.Invalid, "organization.end.burdened")
		loads, err := organization.BodiesChanging.Do(t.Context(), w.App, w.SysAdmin, organization.ChangingIn{IDs: []string{w.Bodies["unitC"]}})
		if err != nil || len(loads.Loads) != 1 || loads.Loads[0].N != 2 || !strings.Contains(loads.Loads[0].Link, w.Bodies["unitC"]) {
			t.Errorf("what holds it: %+v %v", loads.Loads, err)
		}
		act(w, organization.EndBody, w.SysAdmin, organization.EndBodyIn{ID: w.Bodies["unitC"], Heir: out.Parts[1], Reference: "12号", Version: 1})
		w.CaughtUp(t)
		if a := w.view(w.Office, cases[0]).Assignments; len(a) != 1 || a[0].Role != handling.Lead || a[0].UnitID != out.Parts[1] {
			t.Errorf("lead and assistant: %+v", a)
		}
		w.stands(cases[2], handling.Dispatched, handling.HeldToSign, "市财政局")
		w.tallied()
	})
}

// TestAnOfficerIsReplaced: the letter's contact is the new one, who was reached
// before is kept, and only those are told who reach somebody else now.
func TestAnOfficerIsReplaced(t *testing.T) {
	t.Parallel()
	changing(t, func(t *testing.T, w *city) {
		one, two, sent := w.petition(), w.petition(func(c *handling.Case) { c.Proposers = c.Proposers[1:] }), w.petition()
		for _, c := range []handling.Case{one, two, sent} {
			w.dispatch(c, w.unit("unitA", handling.Lead), w.unit("unitB", handling.Assist))
		}
		w.sign(w.HandlerA, one, "unitA")
		w.sign(w.HandlerA, two, "unitA")
		w.sign(w.HandlerB, one, "unitB")
		a, b := w.assignment(one, "unitA"), w.assignment(two, "unitA")
		good := handling.AppointIn{IDs: []string{a.ID}, Handler: "顾念真", Phone: "0000-7654321", Section: "燃气科", Reason: "岗位调整"}
		for what, x := range map[string]struct {
			who    access.Actor
			change func(*handling.AppointIn)
			kind   fault.Kind
			key    string
		}{
			"by another unit":   {w.HandlerB, func(in *handling.AppointIn) { in.Unit = w.Bodies["unitA"] }, fault.NotFound, "fault.not-found"},
			"by the office":     {w.Office, func(in *handling.AppointIn) { in.Unit = w.Bodies["unitA"] }, fault.Forbidden, "handling.unit-has-account"},
			"by the desk":       {w.GovDesk, func(in *handling.AppointIn) { in.Unit = w.Bodies["unitA"] }, fault.Forbidden, "handling.unit-has-account"},
			"by a member":       {w.Members[0], func(in *handling.AppointIn) { in.Unit = w.Bodies["unitA"] }, fault.NotFound, "fault.not-found"},
			"by a stranger":     {w.Stranger, func(in *handling.AppointIn) { in.Unit = w.Bodies["unitA"] }, fault.NotFound, "fault.not-found"},
			"nobody":            {w.HandlerA, func(in *handling.AppointIn) { in.Handler = "" }, fault.Invalid, "handling.required"},
			"no phone":          {w.HandlerA, func(in *handling.AppointIn) { in.Phone = "打给我" }, fault.Invalid, "handling.phone"},
			"nothing chosen":    {w.HandlerA, func(in *handling.AppointIn) { in.IDs = nil }, fault.Invalid, "handling.batch.none"},
			"not signed":        {w.HandlerA, func(in *handling.AppointIn) { in.IDs = []string{w.assignment(sent, "unitA").ID} }, fault.Closed, "handling.appoint.nothing"},
			"another's":         {w.HandlerA, func(in *handling.AppointIn) { in.IDs = []string{w.assignment(one, "unitB").ID} }, fault.Closed, "handling.appoint.nothing"},
			"too long a name":   {w.HandlerA, func(in *handling.AppointIn) { in.Handler = strings.Repeat("顾", 41) }, fault.Invalid, "handling.too-long"},
			"of no unit":        {w.Leader, func(in *handling.AppointIn) { in.Unit = "x" }, fault.NotFound, "fault.not-found"},
			"a leader looks on": {w.Leader, func(in *handling.AppointIn) { in.Unit = w.Bodies["unitA"] }, fault.Forbidden, "handling.unit-only"},
		} {
			in := good
			x.change(&in)
			err := try(w, handling.Appoint, x.who, in)
			if err == nil {
				t.Errorf("%s: done", what)
				continue
			}
			refused(t, err, x.kind, x.key)
		}
		if out := act(w, handling.Appoint, w.SignerA, good); out.Changed != 1 {
			t.Errorf("changed: %+v", out)
		}
		now := w.assignment(one, "unitA")
		if now.Handler != "顾念真" || now.Phone != "0000-7654321" || now.Section != "燃气科" || now.Leader != a.Leader || now.DueOn != a.DueOn {
			t.Errorf("the officer: %+v", now)
		}
		if o := w.view(w.Members[0], one).Officers; len(o) != 1 || o[0].Was != "石砚秋" || o[0].Is != "顾念真" {
			t.Errorf("the course: %+v", o)
		}
		act(w, handling.Appoint, w.SignerA, good) // the same again changes nothing
		list, err := handling.Postings.Do(t.Context(), w.App, w.HandlerA, handling.PostingIn{Was: "石砚秋"})
		if err != nil || list.Total != 1 || list.Rows[0].ID != b.ID || len(list.Officers) != 2 || !slices.Contains(list.People, w.HandlerA.Name) {
			t.Errorf("who has what: %+v %v", list, err)
		}
		if out := act(w, handling.Appoint, w.HandlerA, handling.AppointIn{All: true, Was: "石砚秋", Handler: "顾念真", Phone: "0000-7654321"}); out.Changed != 1 {
			t.Errorf("all of one officer: %+v", out)
		}
		if n := w.ask("SELECT COUNT(*) FROM assignment_officer"); n != 2 {
			t.Errorf("%d changes are kept", n)
		}
		if sealed := w.texts("SELECT phone_sealed FROM assignment_officer"); strings.Contains(sealed[0], "1234567") || sealed[0] == "" {
			t.Errorf("the phone before is kept as %q", sealed[0])
		}
		// Another leader alone: nobody reaches somebody else.
		act(w, handling.Appoint, w.HandlerA, handling.AppointIn{All: true, Handler: "顾念真", Phone: "0000-7654321", Leader: "白云起"})
		act(w, handling.Appoint, w.HandlerB, handling.AppointIn{All: true, Handler: "江临", Phone: "0000-1111111"})
		w.CaughtUp(t)
		for who, n := range map[string]int{w.Members[0].PersonID: 1, w.Members[1].PersonID: 2} {
			if got := w.ask("SELECT COUNT(*) FROM message WHERE kind = 'handling.notice.appointed' AND person_id = ?", who); got != n {
				t.Errorf("told %d times, want %d", got, n)
			}
		}
	})
}

// TestWorkThatNobodyDoes is found: on the workbench of who can mend it, and by
// the doctor; what came back to an ended unit is gathered.
func TestWorkThatNobodyDoes(t *testing.T) {
	t.Parallel()
	changing(t, func(t *testing.T, w *city) {
		c, other := w.petition(), w.petition()
		w.dispatch(c, w.unit("unitA", handling.Lead), w.unit("unitB", handling.Assist))
		w.dispatch(other, w.unit("unitC", handling.Sole))
		lost := func(ended, unmanned, office, party int) {
			t.Helper()
			got, err := handling.CountOrphans(context.Background(), w.App)
			if err != nil || got != (handling.Lost{Ended: ended, Unmanned: unmanned}) {
				t.Errorf("lost: %+v %v", got, err)
			}
			for who, n := range map[string]int{"office": office, "party": party} {
				actor := map[string]access.Actor{"office": w.Office, "party": w.PartyDesk}[who]
				if total := w.waiting(actor, "handling.waits.orphans"); total != n {
					t.Errorf("%s sees %d, want %d", who, total, n)
				}
			}
		}
		lost(0, 0, 0, 0)
		// The people of a unit go: the office enters for it, and may hand over.
		for _, post := range []string{w.HandlerA.Post.ID, w.SignerA.Post.ID} {
			act(w, organization.EndPost, w.SysAdmin, organization.EndPostIn{ID: post})
		}
		lost(0, 1, 1, 0)
		// An account that is suspended is none: the office enters for those who hold
		// the posts, so the work is not lost, but the doctor tells of it.
		w.inside(w.Chief, func(k *app.Call) error {
			_, err := k.Tx().Exec(k.Ctx(), "UPDATE account SET state = 'suspended' WHERE person_id IN (?, ?)", w.HandlerB.PersonID, w.SignerB.PersonID)
			return err
		})
		lost(0, 2, 1, 0)
		staff := handling.AppointIn{Unit: w.Bodies["unitB"], All: true, Handler: "江临", Phone: "0000-1111111"}
		refused(t, try(w, handling.Appoint, w.GovDesk, staff), fault.Closed, "handling.appoint.nothing")
		w.sign(w.GovDesk, c, "unitB") // for a unit that signs on paper
		refused(t, try(w, handling.Appoint, w.PartyDesk, staff), fault.Closed, "handling.appoint.nothing")
		if out := act(w, handling.Appoint, w.GovDesk, staff); out.Changed != 1 || w.assignment(c, "unitB").Handler != "江临" {
			t.Errorf("by staff: %+v", out)
		}
	})
}

// waiting counts a queue of somebody's workbench.
func (w *city) waiting(who access.Actor, name string) (total int) {
	w.t.Helper()
	w.inside(who, func(c *app.Call) error {
		for _, q := range handling.Module().Waits {
			if q.Name != name {
				continue
			}
			list, n, err := q.Find(&c.Look, 5)
			if err != nil || n > 0 && (len(list) == 0 || !strings.HasPrefix(list[0].Link, "/dispatch/hand-over?from=")) {
				w.t.Errorf("%s: %+v %v", name, list, err)
			}
			total = n
		}
		return nil
	})
	return total
}

// TestWhatComesBackToAnEndedUnitIsGathered by the clockwork.
func TestWhatComesBackToAnEndedUnitIsGathered(t *testing.T) {
	t.Parallel()
	changing(t, func(t *testing.T, w *city) {
		c := w.petition()
		w.dispatch(c, w.unit("unitA", handling.Sole))
		id := w.merge("市建设局", "unitA", "unitC")
		w.inside(w.Chief, func(k *app.Call) error { // as if it had come back on a way that nobody thought of
			_, err := k.Tx().Exec(k.Ctx(), "UPDATE assignment SET unit_id = ?, unit_name = '市住房和城乡建设局' WHERE case_id = ?", w.Bodies["unitA"], c.ID)
			return err
		})
		if got, err := handling.CountOrphans(context.Background(), w.App); err != nil || got.Ended != 1 {
			t.Errorf("lost: %+v %v", got, err)
		}
		if n := w.waiting(w.Office, "handling.waits.orphans"); n != 1 {
			t.Errorf("the office sees %d", n)
		}
		w.tasks(t.Context())
		if a := w.view(w.Office, c).Assignments[0]; a.UnitID != id {
			t.Errorf("it is with %s", a.UnitName)
		}
		orders := w.ask("SELECT COUNT(*) FROM hand_over")
		w.tasks(t.Context())
		if n := w.ask("SELECT COUNT(*) FROM hand_over"); n != orders {
			t.Error("gathered twice")
		}
	})
}
