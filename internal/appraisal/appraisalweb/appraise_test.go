package appraisalweb_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"tongxin/internal/appraisal"
)

// TestBackToBackByItsPages: both sides grade on the phone.
func TestBackToBackByItsPages(t *testing.T) {
	t.Parallel()
	w := build(t)
	w.At(t, "2026-05-20T11:00")
	w.page("/appraisal/two-way", "office", "没有可评议的提案")
	pair := w.answered("unitA", "2026-05-20")
	path := "/appraisal/two-way/" + pair
	w.page("/appraisal/two-way?todo=1", "handler", "关于路灯的提案", path)
	w.page("/appraisal/two-way", "member", "评议中")
	w.page(path, "handler", "评议这件提案", "科学性", "优秀")
	w.page(path, "member", "评议办理工作", "落实成效")
	w.page(path, "office", "双方都交齐")
	w.closed(path, "other", "third", "stranger", "admin")
	w.closed("/appraisal/two-way", "admin")
	grade := func(codes []string, mark string) []string {
		var pairs []string
		for i, c := range codes {
			n := string(rune('0' + i))
			pairs = append(pairs, "marks."+n+".aspect", c, "marks."+n+".mark", mark)
		}
		return pairs
	}
	proposal, handled := []string{"science", "earnest", "feasible", "standard", "influence"}, []string{"contact", "pertinent", "effect"}
	w.refused(path+"/proposal", "handler", "每一项都要评", "建议很具体", "marks.0.aspect", "science", "marks.0.mark", "95", "words", "建议很具体")
	w.post(path+"/proposal", "handler", append(grade(proposal, "95"), "words", "建议很具体<b>")...)
	w.page(path, "handler", "您这一方已经交了", "建议很具体&lt;b&gt;")
	if strings.Contains(w.page(path, "member"), "建议很具体") {
		t.Error("the proposer reads the unit's side before both are in")
	}
	w.post(path+"/handling", "member", grade(handled, "82")...)
	w.post(path+"/handling", "second", grade(handled, "95")...)
	w.page(path, "member", "建议很具体", "优秀", "已公开")
	w.page("/appraisal/two-way", "desk", "95（优秀）", "88.5（良好）")
	w.closed("/appraisal/two-way/terms", "member", "leader")
	w.page("/appraisal/two-way/terms", "office", "影响性", "沟通协商")
	w.refused("/appraisal/two-way/terms", "office", "请填写 1 到 120 之间的工作日数", "新一项", "version", "0", "workdays", "999", "mode", "grades", "proposal.0.name", "新一项")
	w.post("/appraisal/two-way/terms", "office", "version", "0", "on", "1", "workdays", "15", "mode", "marks", "proposal.0.code", "science", "proposal.0.name", "科学性", "handling.0.name", "实效",
		"grades.0.name", "好", "grades.0.from", "80", "grades.0.mark", "90", "grades.1.name", "差", "grades.1.from", "0", "grades.1.mark", "40")
	next := w.answered("unitA", "2026-05-20")
	w.page("/appraisal/two-way/"+next, "handler", "0 到 100 分")
}

// TestAMeetingByItsPages: prepared by the office, scored on the phone, mended
// by the unit.
func TestAMeetingByItsPages(t *testing.T) {
	t.Parallel()
	w := build(t)
	w.answered("unitA", "2026-05-20")
	w.page("/appraisal/meetings", "office", "没有民主评议")
	w.page("/appraisal/meetings/new", "office", "评议日期")
	w.refused("/appraisal/meetings/new", "office", "请按 2026-03-31 的格式填写日期", "民主评议会", "title", "民主评议会", "held_on", "明天")
	path := w.post("/appraisal/meetings/new", "office", "title", "民主评议会", "held_on", "2027-01-15")
	w.page(path, "office", "还没有参评单位", "筹备中")
	w.page(path+"/edit", "office", "组织领导", "市财政局")
	settings := []string{"title", "民主评议会", "held_on", "2027-01-15", "items.0.code", "lead", "items.0.name", "组织领导", "items.0.full", "40", "items.1.name", "办理成效", "items.1.full", "60",
		"levels.0.name", "优秀", "levels.0.from", "90", "units.0.unit", "市住房和城乡建设局", "units.0.case", "第 007 号"}
	w.refused(path+"/edit", "office", "没有找到“无此人”", "办理成效", append(settings, "people", "无此人")...)
	w.post(path+"/edit", "office", append(settings, "people", "林知远\n周若水")...)
	w.page(path+"/edit", "office", "林知远", "第 007 号")
	w.closed(path, "member", "handler", "desk")
	w.post(path+"/open", "office")
	unit := path + "/units/" + w.Bodies["unitA"]
	w.page("/appraisal/meetings", "member", "民主评议会")
	w.page(path, "handler", "填写自评")
	w.refused(unit+"/account", "handler", "请填写此项", "")
	w.post(unit+"/account", "handler", "words", "主要领导领办<b>。")
	w.page(path+"/score", "member", "组织领导（满分 40）", "主要领导领办&lt;b&gt;。", "关于路灯的提案")
	row := func(n, item, mark string) []string {
		return []string{"rows." + n + ".unit", w.Bodies["unitA"], "rows." + n + ".item", item, "rows." + n + ".mark", mark}
	}
	w.refused(path+"/score", "member", "请填写 0 到 60 之间的整数", "36", append(row("0", "lead", "36"), row("1", "i1", "61")...)...)
	w.post(path+"/score", "member", append(row("0", "lead", "36"), row("1", "i1", "60")...)...)
	if status, _, to := w.send("GET", path+"/score", "member", nil); status != http.StatusSeeOther || to != path {
		t.Errorf("scoring again: %d %s", status, to)
	}
	w.page(path, "member", "您已交评分表", "1/2")
	w.page(path, "office", "录入纸质票合计", "未交")
	w.refused(unit+"/paper", "office", "不能是同一人", "叶小棠", "sheets", "1", "counted", "叶小棠", "checked", "叶小棠", "sums.0.item", "lead", "sums.0.sum", "30", "sums.1.item", "i1", "sums.1.sum", "50")
	w.post(unit+"/paper", "office", "sheets", "1", "counted", "叶小棠", "checked", "郑观澜", "sums.0.item", "lead", "sums.0.sum", "30", "sums.1.item", "i1", "sums.1.sum", "50")
	w.page(path, "office", "纸质票 1 张，叶小棠计票，郑观澜复核")
	w.post(path+"/announce", "office")
	w.page(path, "second", "88") // (36+30)/2 + (60+50)/2
	w.page(path, "office", "2（纸质 1）", "报告并提出整改要求")
	w.refused(path+"/report", "office", "请填写此项", "完善台账", "rows.0.unit", w.Bodies["unitA"], "rows.0.demand", "完善台账", "rows.0.mend_by", "2027-03-31")
	w.post(path+"/report", "office", "report", "总体较好。", "rows.0.unit", w.Bodies["unitA"], "rows.0.demand", "完善台账", "rows.0.mend_by", "2027-03-31")
	w.page(path, "handler", "完善台账", "填写整改情况", "总体较好")
	w.post(unit+"/mend", "handler", "words", "台账已建。")
	w.page(path, "office", "台账已建", "回头看")
	w.refused(unit+"/look-back", "office", "请按 2026-03-31 的格式填写日期", "还差一项", "words", "还差一项")
	w.post(unit+"/look-back", "office", "ok", "1", "words", "已到位。")
	w.page(path, "leader", "整改到位")
	w.post(path+"/close", "office")
	w.closed(path, "other", "third", "stranger", "admin")
	w.closed(path+"/score", "other", "stranger")
	w.closed("/appraisal/meetings", "admin")
}

// TestTheRestByJSON asks as programs do.
func TestTheRestByJSON(t *testing.T) {
	t.Parallel()
	w := build(t)
	w.At(t, "2026-05-20T11:00")
	pair := w.answered("unitA", "2026-05-20")
	if status, body := w.json("POST", "/api/v1/appraisal/two-way/"+pair+"/handling", "member", `{"marks":[{"aspect":"contact","mark":"95"},{"aspect":"pertinent","mark":"82"},{"aspect":"effect","mark":"67"}]}`); status != 200 || !strings.Contains(body, `"average":"81.33"`) {
		t.Errorf("grade: %d %s", status, body)
	}
	if status, body := w.json("GET", "/api/v1/appraisal/two-way?todo=1", "second", ""); status != 200 || !strings.Contains(body, pair) {
		t.Errorf("list: %d %s", status, body)
	}
	status, body := w.json("POST", "/api/v1/appraisal/meetings", "office", `{"title":"会","held_on":"2027-01-15"}`)
	var m appraisal.MeetingOut
	if err := json.Unmarshal([]byte(body), &m); status != 200 || err != nil || m.State != appraisal.MeetingDraft {
		t.Fatalf("meeting: %d %s", status, body)
	}
	if status, body := w.json("GET", "/api/v1/appraisal/meetings/"+m.ID, "leader", ""); status != 200 || !strings.Contains(body, `"state":"draft"`) || !strings.Contains(body, "组织领导") {
		t.Errorf("show: %d %s", status, body)
	}
	if status, body := w.json("POST", "/api/v1/appraisal/meetings/"+m.ID+"/open", "leader", `{}`); status != 403 || !strings.Contains(body, "appraisal.office-only") {
		t.Errorf("the leader opens: %d %s", status, body)
	}
}
