package appraisalweb_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"tongxin/internal/appraisal"
)

// TestAYearByItsPages carries a scheme from a draft to its end by forms.
func TestAYearByItsPages(t *testing.T) {
	t.Parallel()
	w := build(t)
	w.answered("unitA", "2026-05-20")
	w.answered("unitA", "2026-06-20")
	w.page("/appraisal", "office", "还没有考核办法")
	w.page("/appraisal/new?year=2026", "office", "逐件评分制", `value="2026"`)
	w.refused("/appraisal/new", "office", "请填写四位年份", "我们的办法", "year", "26", "title", "我们的办法")
	path := w.post("/appraisal/new", "office", "year", "2026", "copy", "sample:extra")
	w.page(path, "office", "面商率", "模拟测算", "90% 及以下得 5 分，以上每 1 个百分点 0.5 分，100% 起得 10 分", "还没有测算")
	w.page(path+"/edit", "office", "优秀")
	w.refused(path+"/edit", "office", "日期前后颠倒", "改名的办法", "title", "改名的办法", "from", "2026-01-01", "to", "2025-01-01", "until", "2026-12-31")
	w.post(path+"/edit", "office", "title", "改名的办法", "from", "2026-01-01", "to", "2026-12-31", "until", "2026-12-31", "appeal_workdays", "5", "levels.0.name", "优秀", "levels.0.from", "90")
	w.page(path+"/indicators/new", "office", "按比例", "各口径的分子和分母")
	w.page(path+"/indicators/k4", "office", "按期答复率", `value="90"`, "删去这项指标")
	w.refused(path+"/indicators", "office", "请填写每一个加多少分", "重复上访", "name", "重复上访", "group", "扣分", "measure", "entered-count", "kind", "each")
	w.post(path+"/indicators", "office", "name", "办理虚假", "group", "扣分", "measure", "entered-count", "of", "all", "kind", "each", "each", "-2", "cap", "0", "floor", "-10", "without", "zero", "position", "13")
	w.post(path+"/indicators/k12/remove", "office")
	w.page(path+"/marks/k13", "office", "市住房和城乡建设局", "依据")
	w.refused(path+"/marks/k13", "office", "请填写次数", "1.5", "rows.0.unit", w.Bodies["unitA"], "rows.0.value", "1.5", "rows.0.words", "抽查")
	w.post(path+"/marks/k13", "office", "rows.0.unit", w.Bodies["unitA"], "rows.0.value", "1", "rows.0.words", "抽查发现一件")
	w.post(path+"/simulate", "office")
	w.page(path, "office", "模拟结果", "市住房和城乡建设局", "还有 1 个单位没有录入")
	w.page(path, "leader", "模拟结果")
	w.closed(path, "handler", "desk", "member", "stranger", "admin")
	sheet := path + "/units/" + w.Bodies["unitA"]
	w.page(sheet, "office", "按期答复率 1/2 = 50%", "办理虚假 1；每 1 次扣 2 分 → -2 分", "依据：抽查发现一件", "办公室没有录入")
	w.post(path+"/publish", "chief")
	w.page("/appraisal", "handler", sheet)
	w.page(sheet, "handler", "提出申诉", "未得 5 分")
	w.page(sheet+"/print", "handler", "考核单")
	w.page(sheet+"/cases/k4", "handler", "关于路灯的提案", "未达到", "/proposals/case-")
	w.page(sheet+"/cases/k13", "handler", "没有计入的提案")
	w.closed(sheet, "other", "member", "stranger", "admin")
	w.closed("/appraisal", "member", "stranger", "admin")
	w.page(path, "desk", "市住房和城乡建设局")
	w.refused(sheet+"/appeal", "handler", "请填写此项", "", "code", "k4")
	w.post(sheet+"/appeal", "handler", "code", "k4", "reason", "其中一件已获准延期<b>。")
	w.page("/appraisal", "office", "有 1 件申诉等待答复")
	list := w.page("/appraisal/appeals", "office", "其中一件已获准延期&lt;b&gt;。")
	if !strings.Contains(list, sheet+"#appeal") {
		t.Error("the list does not lead to the sheet")
	}
	w.page("/appraisal/appeals", "handler", "其中一件")
	page := w.page(sheet, "office", "答复申诉", "更正分数")
	_, rest, _ := strings.Cut(page, `action="/appraisal/appeals/`)
	appeal, _, _ := strings.Cut(rest, "/")
	w.refused("/appraisal/appeals/"+appeal+"/rule", "office", "请填写此项", "", "ruling", "upheld", "_scheme", strings.TrimPrefix(path, "/appraisal/schemes/"), "_unit", w.Bodies["unitA"])
	w.post("/appraisal/appeals/"+appeal+"/rule", "office", "ruling", "upheld", "words", "经核实，该件已延期。", "points", "2.5", "code", "k4")
	w.post(sheet+"/adjust", "office", "points", "-1", "reason", "复核")
	w.page(sheet, "handler", "经核实，该件已延期。", "+2.5 分", "-1 分")
	w.page(path, "office", "更正 +1.5")
	w.page(path+"/compare", "leader", "重算")
	w.page("/appraisal/new?year=2026&copy="+strings.TrimPrefix(path, "/appraisal/schemes/"), "office", "换版理由")
	second := w.post("/appraisal/new", "office", "year", "2026", "copy", strings.TrimPrefix(path, "/appraisal/schemes/"), "reason", "面商率口径有误")
	w.page(second, "office", "面商率口径有误", "第 2 版")
	w.refused(second+"/publish", "office", "请先模拟测算", "")
	w.post(second+"/simulate", "office")
	w.page(second+"/compare?with="+strings.TrimPrefix(path, "/appraisal/schemes/"), "office", "左为第 2 版，右为第 1 版")
	w.post(second+"/discard", "office")
	w.At(t, "2027-03-01T09:00")
	w.post(path+"/close", "chief")
	w.page(path, "office", "本年度考核已结束")
	for _, p := range []string{path + "/edit", path + "/indicators/new", path + "/marks/k1"} {
		if status, _, _ := w.send("GET", p, "office", nil); status != http.StatusConflict {
			t.Errorf("%s of a closed year: %d", p, status)
		}
	}
	w.closed(path+"/indicators/k99", "stranger")
}

// TestTheYearByJSON asks and acts as programs do.
func TestTheYearByJSON(t *testing.T) {
	t.Parallel()
	w := build(t)
	w.answered("unitA", "2026-05-20")
	status, body := w.json("POST", "/api/v1/appraisal/schemes", "office", `{"year":2026,"copy":"sample:itemwise"}`)
	var s appraisal.SchemeOut
	if err := json.Unmarshal([]byte(body), &s); status != 200 || err != nil || s.ID == "" {
		t.Fatalf("draft: %d %s", status, body)
	}
	at := "/api/v1/appraisal/schemes/" + s.ID
	if status, body := w.json("POST", at+"/indicators", "office", `{"name":"x","group":"y","measure":"cases","of":"all","kind":"steps","rows":[{"at":"1","points":"2.5"}],"cap":"5"}`); status != 200 {
		t.Errorf("indicator: %d %s", status, body)
	}
	if status, body := w.json("POST", at+"/indicators", "office", `{"name":"x"}`); status != 422 || !strings.Contains(body, `"field":"measure"`) {
		t.Errorf("half an indicator: %d %s", status, body)
	}
	for _, act := range []string{"simulate", "publish"} {
		if status, body := w.json("POST", at+"/"+act, "office", `{}`); status != 200 {
			t.Errorf("%s: %d %s", act, status, body)
		}
	}
	status, body = w.json("GET", at+"/units/"+w.Bodies["unitA"], "handler", "")
	var x appraisal.SheetShown
	if err := json.Unmarshal([]byte(body), &x); status != 200 || err != nil || x.Sheet.Lines[0].Points.String() != "20" || x.Total == 0 {
		t.Errorf("sheet: %d %v %s", status, err, body)
	}
	if status, _ := w.json("GET", at+"/units/"+w.Bodies["unitA"]+"/cases/k1", "handler", ""); status != 200 {
		t.Errorf("cases: %d", status)
	}
	if status, _ := w.json("GET", at, "member", ""); status != 404 {
		t.Errorf("a member reads the scheme: %d", status)
	}
	if status, body := w.json("POST", at+"/close", "leader", `{}`); status != 403 || !strings.Contains(body, "appraisal.office-only") {
		t.Errorf("the leader closes: %d %s", status, body)
	}
	if status, body := w.json("GET", "/api/openapi.json", "office", ""); status != 200 || !strings.Contains(body, `"appraisal.rule-appeal"`) || !strings.Contains(body, `"appraisal.compare"`) {
		t.Errorf("openapi: %d", status)
	}
}
