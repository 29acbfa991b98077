package proposal_test

import (
	"fmt"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/document"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/notify"
	"tongxin/internal/proposal"
	"tongxin/internal/testkit"
)

// city is a small committee with what key proposals need around them.
type city struct {
	*testkit.World
	t     testing.TB
	asked int // rules entered so far
}

// keys runs a test about key proposals on both engines.
func keys(t *testing.T, f func(t *testing.T, w *city)) {
	t.Helper()
	modules := []app.Module{document.Module(), notify.Module(proposal.Notices()...), handling.Module("proposal.filed", "proposal.corrected"), proposal.Module()}
	parts := []any{handling.Kinds{"proposal": proposal.Cases{}}, document.Owners{"proposal": proposal.Attachments{}, proposal.KeyFilesKind: proposal.KeyFiles{}}}
	testkit.EachDB(t, modules, parts, func(t *testing.T, h *testkit.House) {
		w := &city{World: testkit.NewWorld(t, h), t: t}
		w.At(t, "2026-02-02T09:00")
		f(t, w)
	})
}

// acts performs an act that must succeed.
func acts[In any, S app.Subject, Out any](w *city, a *app.Action[In, S, Out], who access.Actor, in In) Out {
	w.t.Helper()
	out, err := a.Do(w.t.Context(), w.App, who, in)
	if err != nil {
		w.t.Fatalf("%s by %s: %v", a.Name(), who.Name, err)
	}
	return out
}

// no performs an act that must be refused with a sentence, somewhere among all
// that was wrong.
func no[In any, S app.Subject, Out any](w *city, a *app.Action[In, S, Out], who access.Actor, in In, kind fault.Kind, key string) {
	w.t.Helper()
	_, err := a.Do(w.t.Context(), w.App, who, in)
	if err == nil {
		w.t.Fatalf("%s by %s was not refused, want %s", a.Name(), who.Name, key)
	}
	f := fault.From(err)
	for _, x := range f.All() {
		if x.Key == key && f.Kind == kind {
			return
		}
	}
	w.t.Fatalf("%s by %s: want kind %d with %s, got %v", a.Name(), who.Name, kind, key, err)
}

// rules enters a version of the committee's rules of key proposals.
func (w *city) rules(keyJSON string) {
	w.t.Helper()
	w.asked++
	do(w.t, w.World, "INSERT INTO profile_version (committee_id, version, at, person_id, person_name, reason, rules) VALUES (?, ?, ?, 'x', 'x', 'test', ?)",
		w.CommitteeID, w.asked, w.asked, fmt.Sprintf(`{"key":%s}`, keyJSON))
}

// filed hands in and files proposals of the members in turn.
func (w *city) filed(n int) []string {
	w.t.Helper()
	var list []string
	for i := range n {
		p := acts(w, proposal.Submit, w.Members[i%5], proposal.SubmitIn{Writing: whole()})
		acts(w, proposal.Review, w.Office, proposal.ReviewIn{ID: p.ID})
		acts(w, proposal.File, w.Chief, proposal.FileIn{ID: p.ID})
		list = append(list, p.ID)
	}
	w.CaughtUp(w.t)
	return list
}

// dispatched gives proposals to unitA, with unitB assisting, by the
// government's supervision office, and tells who listens.
func (w *city) dispatched(ids ...string) {
	w.t.Helper()
	rows := make([]handling.CaseRow, len(ids))
	for i, id := range ids {
		rows[i] = handling.CaseRow{Kind: "proposal", ID: id}
	}
	acts(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["deskG"], Rows: rows})
	for i := range rows {
		rows[i].Units = []handling.UnitRole{{Unit: w.Bodies["unitA"], Role: handling.Lead}, {Unit: w.Bodies["unitB"], Role: handling.Assist}}
	}
	acts(w, handling.Dispatch, w.GovDesk, handling.DispatchIn{Rows: rows})
	w.CaughtUp(w.t)
}

// selection reads the selection of the session.
func (w *city) selection() *proposal.KeySelectionShown {
	w.t.Helper()
	s, err := proposal.KeySelect.Do(w.t.Context(), w.App, w.Office, proposal.SessionIn{Session: w.Session})
	must(w.t, err)
	return s
}

// to moves the selection.
func (w *city) to(step proposal.KeyState) {
	w.t.Helper()
	acts(w, proposal.KeyMove, w.Office, proposal.KeyMoveIn{Session: w.Session, To: string(step)})
}

// recommended lets the office recommend.
func (w *city) recommended(ids ...string) {
	w.t.Helper()
	for _, id := range ids {
		acts(w, proposal.KeyRecommend, w.Office, proposal.KeyRecommendIn{ID: id, Criteria: []string{"people"}, Reason: "群众反映集中。"})
	}
}

// shortlisted chooses these and passes over the others.
func (w *city) shortlisted(ids ...string) {
	w.t.Helper()
	in := proposal.KeyShortlistIn{Session: w.Session}
	for _, x := range w.selection().Selection.Candidates {
		row := proposal.KeyShortlistRow{Candidate: x.ID}
		for _, id := range ids {
			if x.ProposalID == id {
				row.Chosen, row.Words = true, "事关全局，建议具体。"
			}
		}
		in.Rows = append(in.Rows, row)
	}
	acts(w, proposal.KeyShortlist, w.Office, in)
}

// consulted keeps these and drops the others of the shortlist.
func (w *city) consulted(ids ...string) {
	w.t.Helper()
	in := proposal.KeyConsultIn{Session: w.Session, HeldOn: w.today(), People: "市委督查室、市政府督查室、各专委会", GovernmentDesk: "同意列入。"}
	for _, x := range w.selection().Selection.Candidates {
		if x.State != proposal.KeyShortlisted {
			continue
		}
		row := proposal.KeyVerdict{Candidate: x.ID, Verdict: "dropped", Reason: "已列入部门年度计划。"}
		for _, id := range ids {
			if x.ProposalID == id {
				row.Verdict, row.Reason = "kept", ""
			}
		}
		in.Rows = append(in.Rows, row)
	}
	acts(w, proposal.KeyConsult, w.Office, in)
}

// approving is the decision that approves these, led by the leader.
func (w *city) approving(ids ...string) proposal.KeyApproveIn {
	in := proposal.KeyApproveIn{Session: w.Session, DecidedOn: w.today(), Reference: "十四届十二次主席会议"}
	for _, id := range ids {
		in.Rows = append(in.Rows, proposal.KeyApproveRow{Candidate: id, Approved: true, Assist: w.Bodies["special"],
			KeyLeader: proposal.KeyLeader{PersonID: w.Leader.PersonID, Organ: proposal.OrganCPPCC, Role: proposal.LeaderSupervises}})
	}
	return in
}

// made carries proposals through the whole selection.
func (w *city) made(ids ...string) {
	w.t.Helper()
	acts(w, proposal.KeyOpen, w.Office, proposal.KeyOpenIn{Session: w.Session})
	w.recommended(ids...)
	w.to(proposal.KeyShortlisting)
	w.shortlisted(ids...)
	w.to(proposal.KeyConsulting)
	w.consulted(ids...)
	w.to(proposal.KeyApproving)
	in := w.approving(ids...)
	in.Reason = "本年度重点工作多。"
	acts(w, proposal.KeyApprove, w.Chief, in)
	w.CaughtUp(w.t)
}

func (w *city) today() string { return w.Clock.Now().Format("2006-01-02") }

// shown is the page of a key proposal as somebody sees it.
func (w *city) shown(who access.Actor, id string) *proposal.KeyShown {
	w.t.Helper()
	s, err := proposal.KeyShow.Do(w.t.Context(), w.App, who, proposal.ShowIn{ID: id})
	if err != nil {
		w.t.Fatalf("%s looks at %s: %v", who.Name, id, err)
	}
	return s
}

// list is the year's list as somebody sees it.
func (w *city) list(who access.Actor) proposal.KeyListed {
	w.t.Helper()
	out, err := proposal.KeyList.Do(w.t.Context(), w.App, who, proposal.KeyListIn{})
	must(w.t, err)
	return out
}

// tasks are what is due of a kind, as the office sees it.
func (w *city) tasks(id, kind string) []proposal.KeyTask {
	w.t.Helper()
	var list []proposal.KeyTask
	for _, x := range w.shown(w.Office, id).Key.Tasks {
		if x.Kind == kind {
			list = append(list, x)
		}
	}
	return list
}

// runs lets the clockwork run once.
func (w *city) runs() {
	w.t.Helper()
	must(w.t, w.App.RunTasks(w.t.Context()))
	w.CaughtUp(w.t)
}

// facts counts the facts of a kind.
func (w *city) facts(kind string) int64 {
	w.t.Helper()
	return number(w.t, w.World, "SELECT COUNT(*) FROM fact WHERE kind = ?", kind)
}

// planOf is a complete plan.
func planOf(id string) proposal.KeyPlanIn {
	return proposal.KeyPlanIn{ID: id, Text: "成立专班，逐条落实。", Milestones: []proposal.KeyMilestone{{Text: "完成摸底", DueOn: "2026-04-30"}, {Text: "出台办法", DueOn: "2026-06-30"}, {}}}
}

// supervision is a record with one requirement of a body.
func supervision(id, body, due string) proposal.KeySuperviseIn {
	return proposal.KeySuperviseIn{ID: id, Form: "visit", Leader: "陆行简", Participants: "林知远、石砚秋", Problems: "进度偏慢。", Report: "现场查看三处。",
		Requirements: []proposal.KeyRequirement{{Text: "加快审批", Body: body, DueOn: due}, {}}}
}
