package archive_test

import (
	"testing"

	"tongxin/internal/archive"
	"tongxin/internal/handling"
	"tongxin/internal/proposal"
	"tongxin/internal/supervision"
	"tongxin/internal/testkit"
)

// key makes a filed proposal a key proposal, with a supervision, an instruction
// and a result told.
func (w *city) key(id string) {
	w.t.Helper()
	today := w.Clock.Now().Format("2006-01-02")
	act(w, proposal.KeyOpen, w.Office, proposal.KeyOpenIn{Session: w.Session})
	act(w, proposal.KeyRecommend, w.Office, proposal.KeyRecommendIn{ID: id, Criteria: []string{"people"}, Reason: "群众反映集中。"})
	act(w, proposal.KeyMove, w.Office, proposal.KeyMoveIn{Session: w.Session, To: string(proposal.KeyShortlisting)})
	s, err := proposal.KeySelect.Do(w.t.Context(), w.App, w.Office, proposal.SessionIn{Session: w.Session})
	must(w.t, err)
	candidate := s.Selection.Candidates[0].ID
	act(w, proposal.KeyShortlist, w.Office, proposal.KeyShortlistIn{Session: w.Session, Rows: []proposal.KeyShortlistRow{{Candidate: candidate, Chosen: true, Words: "事关全局。"}}})
	act(w, proposal.KeyMove, w.Office, proposal.KeyMoveIn{Session: w.Session, To: string(proposal.KeyConsulting)})
	act(w, proposal.KeyConsult, w.Office, proposal.KeyConsultIn{Session: w.Session, HeldOn: today, People: "各专委会", GovernmentDesk: "同意列入。", Rows: []proposal.KeyVerdict{{Candidate: candidate, Verdict: "kept"}}})
	act(w, proposal.KeyMove, w.Office, proposal.KeyMoveIn{Session: w.Session, To: string(proposal.KeyApproving)})
	act(w, proposal.KeyApprove, w.Chief, proposal.KeyApproveIn{Session: w.Session, DecidedOn: today, Reference: "十四届十二次主席会议", Reason: "本年度重点工作多。", Rows: []proposal.KeyApproveRow{{Candidate: id, Approved: true,
		Assist: w.Bodies["special"], KeyLeader: proposal.KeyLeader{PersonID: w.Leader.PersonID, Organ: proposal.OrganCPPCC, Role: proposal.LeaderSupervises}}}})
	act(w, proposal.KeyInstruct, w.Leader, proposal.KeyInstructIn{ID: id, Text: "请抓紧落实。"})
	act(w, proposal.KeySupervise, w.Office, proposal.KeySuperviseIn{ID: id, Form: "symposium", HeldOn: today, Leader: "陆行简", Participants: "提案者、承办单位", Problems: "审批环节多。", Report: "已督促整改。"})
	act(w, proposal.KeyTell, w.Office, proposal.KeyReportIn{ID: id, Kind: "result", Receiver: "both", On: today, Reference: "云协报〔2026〕1号", Text: "督办取得进展。"})
}

// TestAYearOfPapers: a key proposal that went sideways, in one file.
func TestAYearOfPapers(t *testing.T) {
	t.Parallel()
	lent := append(parts(), archive.More{archive.Supervised})
	testkit.EachDB(t, append(modules(), supervision.Module()), lent, func(t *testing.T, h *testkit.House) {
		w := &city{World: testkit.NewWorld(t, h), t: t}
		w.At(t, "2026-02-02T09:00")
		id := w.filed("关于加装电梯的提案")
		w.key(id)
		w.dispatch(id, handling.UnitRole{Unit: w.Bodies["unitB"], Role: handling.Sole})
		wrong := w.assignment(id, "unitB")
		act(w, handling.Object, w.HandlerB, handling.ObjectIn{ID: wrong.ID, Reason: "不属于本单位职责。", Unit: "市住房和城乡建设局"})
		act(w, handling.Consent, w.SignerB, handling.ErrandIn{ID: wrong.ID})
		act(w, handling.RuleObjection, w.Office, handling.RuleIn{ID: wrong.ID, Ruling: handling.Accepted, Unit: "市住房和城乡建设局", Words: "同意改办。"})
		a := w.assignment(id, "unitA")
		act(w, handling.Sign, w.HandlerA, handling.SignIn{ID: a.ID, Handler: "石砚秋", Phone: "0000-1234567"})
		act(w, supervision.Send, w.Office, supervision.SendIn{IDs: []string{a.ID}, Form: supervision.Letter, Requirement: "请按期办复。"})
		w.contact(w.HandlerA, a, 1)
		first := w.reply(w.HandlerA, w.SignerA, a)
		act(w, handling.Rate, w.Members[0], handling.RateIn{ID: first, Attitude: "satisfied", Result: "dissatisfied", Reason: "没有时间表。"})
		w.contact(w.HandlerA, a, 1)
		second := w.reply(w.HandlerA, w.SignerA, a)
		act(w, handling.Rate, w.Members[0], handling.RateIn{ID: second, Attitude: "satisfied", Result: "satisfied"})
		w.CaughtUp(t)
		k := w.archived(id)
		if k.ArchiveNumber != "WS·2026·Y-0001" || k.Severe != 0 {
			t.Errorf("archived as %+v: %+v", k, w.show(w.Office, id).Editions[0].Findings)
		}
		m := unpack(t, w.bytes(id, 1))
		holds(t, m, "-key.html", "十四届十二次主席会议", "领衔督办：陆行简", "群众普遍关注")
		holds(t, m, "-supervision.html", "审批环节多。", "已督促整改。", "协商座谈")
		holds(t, m, "-instruction.html", "请抓紧落实。")
		holds(t, m, "-result.html", "云协报〔2026〕1号", "市委、市政府")
		holds(t, m, "-objection.html", "不属于本单位职责。", "同意退办", "同意改办。", "魏景行")
		holds(t, m, "-dispatch.html", "市财政局", "已改办", "市住房和城乡建设局")
		holds(t, m, "-chase.html", "请按期办复。", "号")
		holds(t, m, "-again.html", "提案者不满意")
		holds(t, m, "report.html", "答复：记录 2 份，全部在卷。", "评价：记录 2 份，全部在卷。", "退办申请：记录 1 份，全部在卷。", "督办记录：记录 1 份，全部在卷。")
		holds(t, m, "process.html", "申请退办", "退办裁定", "进入二次办理", "确定为重点提案", "催办")
		if s := w.show(w.Leader, id); s.New || s.Broken {
			t.Errorf("a leader sees %+v", s.File)
		}
		if v := act(w, archive.Verify, w.Office, archive.VerifyIn{Kind: "proposal", ID: id}); !v.Sound {
			t.Errorf("verified: %+v", v.Findings)
		}
		for name := range m {
			if !archive.Safe(name) {
				t.Errorf("a member is called %q", name)
			}
		}
	})
}
