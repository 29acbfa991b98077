package proposalweb_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/document"
	"tongxin/internal/document/documentweb"
	"tongxin/internal/handling"
	"tongxin/internal/proposal"
	"tongxin/internal/proposal/proposalweb"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

// leading is a running site with those who are concerned by key proposals.
func leading(t *testing.T) desk {
	t.Helper()
	modules := []app.Module{document.Module(), handling.Module("proposal.filed"), proposal.Module()}
	h := testkit.Open(t, store.SQLite, modules, []any{document.Owners{"proposal": proposal.Attachments{}, proposal.KeyFilesKind: proposal.KeyFiles{}}, handling.Kinds{"proposal": proposal.Cases{}}})
	w := testkit.NewWorld(t, h)
	w.At(t, "2026-02-02T09:00")
	k := web.NewKit(w.App, w.Words, as{"me": w.Members[0], "other": w.Members[1], "office": w.Office, "chief": w.Chief, "leader": w.Leader, "unit": w.HandlerA, "named": w.HandlerC,
		"desk": w.GovDesk, "admin": w.SysAdmin, "stranger": w.Stranger}, false)
	j := api.NewKit(k)
	proposalweb.Routes(k, j)
	documentweb.Routes(k, j)
	return desk{w, k.Handler()}
}

// files files a proposal of the first member and gives it to a unit.
func (d desk) files(t *testing.T, title string) string {
	t.Helper()
	id := d.hands(t, title)
	d.posts(t, "office", "/proposals/"+id+"/review", url.Values{})
	d.posts(t, "chief", "/proposals/"+id+"/file", url.Values{})
	d.CaughtUp(t)
	row := handling.CaseRow{Kind: "proposal", ID: id}
	if _, err := handling.RouteCases.Do(t.Context(), d.App, d.Office, handling.RouteIn{Desk: d.Bodies["deskG"], Rows: []handling.CaseRow{row}}); err != nil {
		t.Fatal(err)
	}
	row.Units = []handling.UnitRole{{Unit: d.Bodies["unitA"], Role: handling.Sole}}
	if _, err := handling.Dispatch.Do(t.Context(), d.App, d.GovDesk, handling.DispatchIn{Rows: []handling.CaseRow{row}}); err != nil {
		t.Fatal(err)
	}
	return id
}

// candidate is the id of the only candidate of the current selection.
func (d desk) candidate(t *testing.T) string {
	t.Helper()
	s, err := proposal.KeySelect.Do(t.Context(), d.App, d.Office, proposal.SessionIn{})
	if err != nil || len(s.Selection.Candidates) != 1 {
		t.Fatalf("%+v %v", s, err)
	}
	return s.Selection.Candidates[0].ID
}

// selects carries a proposal through the pages of a selection.
func (d desk) selects(t *testing.T, id string) {
	t.Helper()
	at := "/key/selection/" + d.Session
	d.shows(t, "office", "/key", 200, "还没有重点提案", "重点提案遴选")
	d.shows(t, "office", "/key/selection", 200, "启动遴选", "本次会议重点提案限 1 件", `value="2026"`)
	for _, who := range []string{"me", "leader", "unit", "desk", "admin", "stranger"} {
		d.shows(t, who, at, 404)
	}
	if got := d.posts(t, "office", at+"/open", url.Values{"year": {"2026"}}); got != at+"?done=key.open" {
		t.Errorf("after opening: %s", got)
	}
	d.shows(t, "office", at+"?done=key.open", 200, "遴选已启动", "还没有推荐", "进入“初选”")
	d.shows(t, "me", "/proposals/"+id, 200, "推荐为重点提案", "群众普遍关注")
	if body := d.shows(t, "unit", "/proposals/"+id, 200); strings.Contains(body, "推荐为重点提案") {
		t.Error("the unit may recommend what it handles")
	}
	r, body := d.send(t, "me", "/proposals/"+id+"/recommend", url.Values{"reason": {"打动人的理由"}})
	if r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("without a criterion: %d", r.StatusCode)
	}
	check(t, "recommend", body, "请至少勾选一条标准", "打动人的理由")
	d.posts(t, "me", "/proposals/"+id+"/recommend", url.Values{"reason": {"电梯牵动千家万户。"}, "criteria": {"people", "feasible"}})
	d.shows(t, "me", "/proposals/"+id, 200, "再次提交会更新理由", "电梯牵动千家万户。")
	d.posts(t, "office", at+"/move", url.Values{"to": {"shortlisting"}})
	d.shows(t, "office", at, 200, "初选：1 件", "林知远推荐：群众普遍关注、建议具体、能够办理。电梯牵动千家万户。")
	row := url.Values{"rows.0.candidate": {d.candidate(t)}, "rows.0.chosen": {"1"}}
	r, body = d.send(t, "office", at+"/shortlist", row)
	if r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("without words: %d", r.StatusCode)
	}
	check(t, "shortlist", body, "请填写", `href="#rows.0.words"`, `id="rows.0.words"`)
	row.Set("rows.0.words", "事关民生。")
	d.posts(t, "office", at+"/shortlist", row)
	d.posts(t, "office", at+"/move", url.Values{"to": {"consulting"}})
	d.shows(t, "office", at, 200, "协商会：1 件", "市委督查室意见", "初选意见：事关民生。")
	d.posts(t, "office", at+"/consult", url.Values{"held_on": {"2026-02-01"}, "people": {"两个督查室"}, "government_desk": {"同意列入"},
		"rows.0.candidate": {d.candidate(t)}, "rows.0.verdict": {"kept"}})
	r, body = d.send(t, "office", at+"/move", url.Values{"to": {"shortlisting"}})
	if r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("back without a reason: %d", r.StatusCode)
	}
	check(t, "back", body, "退回理由", "请填写")
	d.posts(t, "office", at+"/move", url.Values{"to": {"approving"}})
	d.shows(t, "office", at, 200, "候选提案等待主席会议审定", "同意列入")
	d.shows(t, "chief", at, 200, "记录审定结果并通知", "陆行简")
	d.folds(t, at)
	d.posts(t, "chief", at+"/approve", url.Values{"decided_on": {"2026-02-02"}, "reference": {"十二次主席会议"}, "rows.0.candidate": {d.candidate(t)}, "rows.0.approved": {"1"},
		"rows.0.person_id": {d.Leader.PersonID}, "rows.0.organ": {"cppcc"}, "rows.0.role": {"supervises"}, "rows.0.assist": {d.Bodies["special"]}})
	d.shows(t, "office", at, 200, "已审定", "定为重点提案 1 件", "退回“推荐”", "遴选过程")
	d.CaughtUp(t)
}

// folds: a refused decision opens only the rows into which something was typed.
func (d desk) folds(t *testing.T, at string) {
	t.Helper()
	form := url.Values{"decided_on": {"2026-02-02"}, "rows.0.candidate": {d.candidate(t)}, "rows.0.approved": {"1"}}
	if _, body := d.send(t, "chief", at+"/approve", form); strings.Contains(body, "<details open>") || !strings.Contains(body, "请填写") {
		t.Error("a row without a leader is unfolded, or nothing was wrong")
	}
	form.Set("rows.0.organ", "cppcc")
	if _, body := d.send(t, "chief", at+"/approve", form); !strings.Contains(body, "<details open>") {
		t.Error("a row with what was typed is folded away")
	}
}

func TestAKeyProposalOnItsPages(t *testing.T) {
	t.Parallel()
	d := leading(t)
	id := d.files(t, "关于加装电梯的提案")
	d.selects(t, id)
	at := "/key/" + id
	d.shows(t, "leader", "/key", 200, "我领衔的 1 件", "关于加装电梯的提案", "市住房和城乡建设局", "提交办理方案", "写批示", at+"#instruct")
	d.shows(t, "leader", "/proposals?key=1", 200, "重点", "共 1 件")
	d.shows(t, "me", "/proposals/"+id, 200, "2026年度重点提案", "陆行简（市政协，领衔督办）", at)
	d.shows(t, "unit", at, 200, "提交办理方案", "这个期限怎么算出来的", "通知")
	r, body := d.send(t, "unit", at+"/plan", url.Values{"text": {"写了很久的方案"}, "milestones.0.text": {"第一步"}})
	if r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a step without a day: %d", r.StatusCode)
	}
	check(t, "plan", body, "请填写日期", "写了很久的方案", "第一步", `href="#milestones.0.due_on"`, `id="milestones.0.due_on"`)
	d.posts(t, "unit", at+"/plan", url.Values{"text": {"成立专班。"}, "milestones.0.text": {"完成摸底"}, "milestones.0.due_on": {"2026-04-30"}})
	d.shows(t, "office", at, 200, "审核办理方案", "完成摸底")
	d.posts(t, "office", at+"/judge", url.Values{"verdict": {"accepted"}})
	form := url.Values{"form": {"visit"}, "held_on": {"2026-02-02"}, "leader": {"陆行简"}, "participants": {"林知远、石砚秋"}, "problems": {"进度偏慢。"}, "next_on": {"2026-03-10"},
		"requirements.0.text": {"加快审批"}, "requirements.0.body": {d.Bodies["unitC"]}, "requirements.0.due_on": {"2026-03-20"}}
	r, body = d.send(t, "office", at+"/supervise", url.Values{"form": {"visit"}, "held_on": {"2026-02-02"}, "leader": {"陆行简"}, "requirements.0.text": {"加快审批"}})
	if r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a requirement of nobody: %d", r.StatusCode)
	}
	check(t, "supervise", body, "请选择责任单位", "请填写日期", "加快审批")
	d.posts(t, "office", at+"/supervise", form)
	d.shows(t, "me", at, 200, "实地视察", "林知远、石砚秋", "市委宣传部　督办要求：加快审批", "下次督办")
	d.instructs(t, id)
	d.shows(t, "named", at, 200, "加快审批", "反馈落实情况")
	if body := d.shows(t, "named", at, 200); strings.Contains(body, "进度偏慢") || strings.Contains(body, "请市政府督查室跟进") || strings.Contains(body, "成立专班") || strings.Contains(body, "/proposals/"+id) {
		t.Error("a unit that is merely named reads more than what concerns it")
	}
	for _, who := range []string{"other", "admin", "stranger"} {
		d.shows(t, who, at, 404)
		if body := d.shows(t, who, "/key", 200, "还没有重点提案"); strings.Contains(body, "电梯") {
			t.Errorf("%s sees it in the list", who)
		}
	}
	d.ends(t, id)
}

// instructs: the leader writes, the supervision office answers; proposers read
// nothing of it.
func (d desk) instructs(t *testing.T, id string) {
	t.Helper()
	at := "/key/" + id
	d.shows(t, "leader", at, 200, "写批示", `id="instruct"`)
	d.posts(t, "leader", at+"/instruct", url.Values{"text": {"请市政府督查室跟进。"}, "body": {d.Bodies["deskG"]}, "due_on": {"2026-03-01"}})
	d.shows(t, "desk", at, 200, "请市政府督查室跟进", "反馈落实情况")
	if body := d.shows(t, "me", at, 200); strings.Contains(body, "请市政府督查室跟进") {
		t.Error("the proposer reads an instruction")
	}
	s, err := proposal.KeyShow.Do(t.Context(), d.App, d.GovDesk, proposal.ShowIn{ID: id})
	if err != nil || len(s.Answers) != 1 {
		t.Fatalf("%+v %v", s, err)
	}
	task := "/key/tasks/" + s.Answers[0]
	r, body := d.send(t, "desk", task+"/answer", url.Values{"_case": {id}, "outcome": {""}})
	if r.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("an empty answer is %d", r.StatusCode)
	}
	check(t, "answer", body, "请填写", "反馈落实情况")
	if got := d.posts(t, "desk", task+"/answer", url.Values{"_case": {id}, "outcome": {"已开协调会。"}}); got != at+"?done=key.answer" {
		t.Errorf("after the answer: %s", got)
	}
	d.shows(t, "leader", at+"?done=key.answer", 200, "已开协调会")
	d.posts(t, "office", task+"/change", url.Values{"what": {"again"}, "due_on": {"2026-03-05"}, "reason": {"请附会议纪要"}})
	d.shows(t, "desk", at, 200, "请附会议纪要")
}

// ends: files, results, press, the list as a table, and the release.
func (d desk) ends(t *testing.T, id string) {
	t.Helper()
	at := "/key/" + id
	s, err := proposal.KeyShow.Do(t.Context(), d.App, d.Office, proposal.ShowIn{ID: id})
	if err != nil {
		t.Fatal(err)
	}
	files := "/attachments/" + proposal.KeyFilesKind + "/" + s.Records[0].ID
	d.shows(t, "office", files, 200)
	d.shows(t, "named", files, 404)
	d.posts(t, "office", at+"/report", url.Values{"kind": {"result"}, "receiver": {"both"}, "on": {"2026-02-02"}, "reference": {"云协发〔2026〕3号"}, "text": {"成效明显。"}})
	d.posts(t, "office", at+"/press", url.Values{"kind": {"press"}, "receiver": {"云州日报"}, "on": {"2026-02-01"}})
	d.shows(t, "me", at, 200, "报送市委、市政府", "云州日报", "成效明显")
	d.posts(t, "office", at+"/arrange", url.Values{"leaders.0.person_id": {d.Leader.PersonID}, "leaders.0.organ": {"cppcc"}, "leaders.0.role": {"supervises"},
		"leaders.1.name": {"高远"}, "leaders.1.organ": {"government"}, "leaders.1.role": {"handles"}})
	d.shows(t, "leader", at, 200, "高远（市政府，领办）")
	d.At(t, "2026-03-25T09:00")
	d.shows(t, "leader", "/key", 200, "项逾期", "市委宣传部　督办要求：加快审批", "已逾期 3 个工作日")
	d.lateness(t, id)
	r, body := d.send(t, "office", "/key/export?year=2026", nil)
	if r.StatusCode != http.StatusOK || !strings.Contains(body, "关于加装电梯的提案") || !strings.Contains(r.Header.Get("Content-Type"), "csv") {
		t.Errorf("the table is %d: %s", r.StatusCode, body)
	}
	r, body = d.send(t, "stranger", "/key/export", nil)
	if r.StatusCode != http.StatusOK || strings.Contains(body, "电梯") {
		t.Errorf("a stranger's table is %d: %s", r.StatusCode, body)
	}
	d.posts(t, "chief", at+"/release", url.Values{"reason": {"已并入专项工作。"}})
	d.shows(t, "office", at, 200, "已不再是重点提案：已并入专项工作。")
	d.shows(t, "leader", "/key?year=x", 200, "还没有重点提案")
}

// lateness: a supervision that did not take place is a matter of the leader and
// the committee, not of the unit; what was done late says so.
func (d desk) lateness(t *testing.T, id string) {
	t.Helper()
	const missed = "应于2026年3月10日完成"
	d.shows(t, "leader", "/key", 200, missed)
	if body := d.shows(t, "unit", "/key", 200); strings.Contains(body, missed) {
		t.Error("the unit is reproached with a supervision in the list")
	}
	if body := d.shows(t, "unit", "/key/"+id, 200, "主办单位", missed); strings.Count(body, missed) != 1 {
		t.Error("the unit is reproached with a supervision on the page")
	}
	s, err := proposal.KeyShow.Do(t.Context(), d.App, d.HandlerC, proposal.ShowIn{ID: id})
	if err != nil || len(s.Answers) != 1 {
		t.Fatalf("%+v %v", s, err)
	}
	d.posts(t, "named", "/key/tasks/"+s.Answers[0]+"/answer", url.Values{"_case": {id}, "outcome": {"已压缩一半。"}})
	d.shows(t, "leader", "/key/"+id, 200, "2026年3月25日完成，晚于时限 2026年3月20日", "陆行简批示：请市政府督查室跟进。")
}

func TestKeyProposalsByTheAPI(t *testing.T) {
	t.Parallel()
	d := leading(t)
	id := d.files(t, "关于停车的提案")
	base := "/api/v1/key/selection/" + d.Session
	say := func(who, path, body string, status int) string {
		t.Helper()
		r, out := d.sendJSON(t, who, path, body)
		if r.StatusCode != status {
			t.Fatalf("%s by %s is %d: %s", path, who, r.StatusCode, out)
		}
		return out
	}
	say("leader", base+"/open", "{}", 404)
	say("office", base+"/open", "{}", 200)
	say("me", "/api/v1/proposals/"+id+"/recommend", `{"criteria":["matter"],"reason":"x"}`, 200)
	say("office", base+"/move", `{"to":"shortlisting"}`, 200)
	c := d.candidate(t)
	say("office", base+"/shortlist", `{"rows":[{"candidate":"`+c+`","chosen":true,"words":"x"}]}`, 200)
	say("office", base+"/move", `{"to":"consulting"}`, 200)
	say("office", base+"/consult", `{"held_on":"2026-02-01","people":"x","rows":[{"candidate":"`+c+`","verdict":"kept"}]}`, 200)
	say("office", base+"/move", `{"to":"approving"}`, 200)
	say("office", base+"/approve", `{"decided_on":"2026-02-01","reference":"x","rows":[{"candidate":"`+c+`","approved":true}]}`, 403)
	say("chief", base+"/approve", `{"decided_on":"2026-02-01","reference":"x","rows":[{"candidate":"`+c+`","approved":true}]}`, 200)
	d.CaughtUp(t)
	at := "/api/v1/key/" + id
	say("office", at+"/arrange", `{"leaders":[{"person_id":"`+d.Leader.PersonID+`","organ":"party","role":"handles"}]}`, 200)
	say("unit", at+"/plan", `{"text":"x","milestones":[{"text":"y","due_on":"2026-05-01"}]}`, 200)
	say("office", at+"/judge", `{"verdict":"accepted"}`, 200)
	say("stranger", at+"/supervise", `{}`, 404)
	r, body := d.send(t, "leader", "/api/v1/key", nil)
	var out proposal.KeyListed
	if err := json.Unmarshal([]byte(body), &out); r.StatusCode != http.StatusOK || err != nil || len(out.Mine) != 1 || out.Mine[0].Plan != proposal.PlanAccepted {
		t.Errorf("the list is %d: %s", r.StatusCode, body)
	}
	for path, status := range map[string]int{at: 200, "/api/v1/proposals/" + id + "/key": 200, base: 404, "/api/v1/key/none": 404} {
		if r, body := d.send(t, "leader", path, nil); r.StatusCode != status {
			t.Errorf("%s is %d: %s", path, r.StatusCode, body)
		}
	}
}
