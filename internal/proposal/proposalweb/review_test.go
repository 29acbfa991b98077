package proposalweb_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/document"
	"tongxin/internal/handling"
	"tongxin/internal/proposal"
	"tongxin/internal/proposal/proposalweb"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

// reviewing is a running site with those who review.
func reviewing(t *testing.T) desk {
	t.Helper()
	handled := handling.Module()
	h := testkit.Open(t, store.SQLite, []app.Module{document.Module(), handled, proposal.Module()}, []any{document.Owners{"proposal": proposal.Attachments{}}, handling.Kinds{"proposal": proposal.Cases{}}})
	w := testkit.NewWorld(t, h)
	k := web.NewKit(w.App, w.Words, as{"me": w.Members[0], "office": w.Office, "chief": w.Chief, "leader": w.Leader, "unit": w.HandlerA, "admin": w.SysAdmin}, false)
	proposalweb.Routes(k, api.NewKit(k))
	return desk{w, k.Handler()}
}

// hands is a proposal that the member handed in.
func (d desk) hands(t *testing.T, title string) string {
	t.Helper()
	out, err := proposal.Submit.Do(t.Context(), d.App, d.Members[0], proposal.SubmitIn{Writing: proposal.Writing{Title: title, Category: "society",
		Background: strings.Repeat("老旧小区上下楼难。", 20), Basis: "走访三个小区。", Items: []string{"简化审批手续"}, Publish: proposal.PublishAgreed}})
	if err != nil {
		t.Fatal(err)
	}
	return out.ID
}

// posts sends a form that must succeed.
func (d desk) posts(t *testing.T, who, path string, form url.Values) string {
	t.Helper()
	r, body := d.send(t, who, path, form)
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s by %s is %d:\n%s", path, who, r.StatusCode, body)
	}
	return r.Header.Get("Location")
}

// sendJSON sends a body to the API.
func (d desk) sendJSON(t *testing.T, who, path, body string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+who)
	w := httptest.NewRecorder()
	d.site.ServeHTTP(w, r)
	return w.Result(), w.Body.String()
}

func TestFromTheQueueToTheFile(t *testing.T) {
	t.Parallel()
	d := reviewing(t)
	id := d.hands(t, "关于加装电梯的提案")
	at := "/proposals/" + id
	d.shows(t, "office", "/proposals", 200, "关于加装电梯的提案", "审查中", "提案委员会办公室", "共 1 件", "批量立案")
	body := d.shows(t, "office", at, 200, "关于加装电梯的提案", "初审", "审查期限", "个工作日", "退回修改", "简化审批手续", "提交提案")
	if strings.Contains(body, "立案编号") || strings.Contains(body, `action="`+at+`/decline"`) {
		t.Error("the office sees what only the director decides")
	}
	d.shows(t, "me", at, 200, "撤回提案")
	for _, who := range []string{"leader", "unit", "admin"} {
		d.shows(t, who, at, 404)
	}
	if got := d.posts(t, "office", at+"/review", url.Values{"opinion": {"同意"}, "version": {"1"}}); got != at+"?done=proposal.review" {
		t.Errorf("after the review: %s", got)
	}
	d.shows(t, "chief", at+"?done=proposal.review", 200, "提案转入下一环节", "立案编号", "留空则编为第 001 号", "同意", "审查记录")
	r, body := d.send(t, "chief", at+"/file", url.Values{"version": {"1"}, "opinion": {"写了很久的意见"}})
	if r.StatusCode != http.StatusConflict {
		t.Errorf("a stale form is %d", r.StatusCode)
	}
	check(t, "stale", body, "别人已经改动了这一项", "写了很久的意见", `name="version" value="2"`)
	d.posts(t, "chief", at+"/file", url.Values{"version": {"2"}, "number": {"14"}})
	d.shows(t, "leader", at, 200, "第 014 号", "已立案，待交办", "下载 Word 文本")
	r, body = d.send(t, "leader", at+"/word", nil)
	if r.StatusCode != http.StatusOK || !strings.HasPrefix(body, "PK") || !strings.Contains(r.Header.Get("Content-Disposition"), url.PathEscape("关于加装电梯的提案.docx")) {
		t.Errorf("the Word text is %d %v", r.StatusCode, r.Header)
	}
	d.shows(t, "unit", at+"/word", 404)
	d.shows(t, "office", at+"/correct", 200, "更正", "简化审批手续")
	d.shows(t, "office", "/proposals/numbers", 200, "1–13", "提交合计")
	d.shows(t, "me", "/proposals/numbers", 404)
	r, _ = d.send(t, "chief", at+"/file", url.Values{})
	if r.StatusCode != http.StatusConflict {
		t.Errorf("filing twice is %d", r.StatusCode)
	}
}

func TestARefusedPanelKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	d := reviewing(t)
	at := "/proposals/" + d.hands(t, "关于停车的提案")
	r, body := d.send(t, "office", at+"/return", url.Values{"reason": {""}, "words": {strings.Repeat("长", 1001)}})
	if r.StatusCode != http.StatusUnprocessableEntity {
		t.Fatalf("refused with %d", r.StatusCode)
	}
	check(t, "return", body, "请选择一项", "不超过 1000 个字", strings.Repeat("长", 1001), `href="#words"`, `id="words"`)
	if n := strings.Count(body, `id="words"`); n != 1 {
		t.Errorf("the id words stands %d times on the page", n)
	}
	if n := strings.Count(body, strings.Repeat("长", 1001)); n != 1 {
		t.Errorf("what was typed stands in %d fields", n)
	}
}

func TestTheOfficesEditsOnThePages(t *testing.T) {
	t.Parallel()
	d := reviewing(t)
	at := "/proposals/" + d.hands(t, "关于停车的提案")
	d.shows(t, "office", at+"/amend", 200, "修改文本", "老旧小区上下楼难", "简化审批手续")
	d.shows(t, "chief", at+"/correct", 409)
	d.shows(t, "me", at+"/amend", 403)
	d.shows(t, "unit", at+"/amend", 404)
	form := url.Values{"title": {"关于停车难的提案"}, "background": {strings.Repeat("老旧小区上下楼难。", 20)}, "basis": {"走访三个小区。"}, "items": {"简化审批手续", ""}}
	r, body := d.send(t, "office", at+"/amend", form)
	if r.StatusCode != http.StatusUnprocessableEntity {
		t.Fatalf("without a reason: %d", r.StatusCode)
	}
	check(t, "amend", body, "请写明理由", "关于停车难的提案")
	form.Set("reason", "案由更明确")
	d.posts(t, "office", at+"/amend", form)
	d.shows(t, "me", at, 200, "待提案者确认", "<ins>", "难</ins>", "答复办公室修改稿", "案由更明确")
	d.shows(t, "chief", at, 200, "<ins>")
}

func TestFilingInBulkOnThePage(t *testing.T) {
	t.Parallel()
	d := reviewing(t)
	var ids []string
	for _, title := range []string{"提案甲", "提案乙", "提案丙"} {
		id := d.hands(t, title)
		d.posts(t, "office", "/proposals/"+id+"/review", url.Values{})
		ids = append(ids, id)
	}
	body := d.shows(t, "chief", "/proposals/filing", 200, "提案甲", "第 001 号", "第 003 号", "data-row-up", "按此顺序立案")
	if strings.Index(body, "提案甲") > strings.Index(body, "提案丙") {
		t.Error("not in the order of registration")
	}
	d.shows(t, "me", "/proposals/filing", 404)
	d.shows(t, "office", "/proposals/filing", 200, "立案由提案委员会主任办理")
	last := d.hands(t, "提案丁")
	r, body := d.send(t, "chief", "/proposals/filing", url.Values{"ids": {ids[2], last, ids[0]}})
	if r.StatusCode != http.StatusUnprocessableEntity {
		t.Fatalf("one that cannot be filed: %d", r.StatusCode)
	}
	check(t, "bulk", body, "《提案丁》还没有到最后一个审查环节")
	if strings.Index(body, ">提案丙") > strings.Index(body, ">提案甲") {
		t.Error("the chosen order was lost")
	}
	d.posts(t, "chief", "/proposals/filing", url.Values{"ids": {ids[2], ids[0]}})
	d.shows(t, "chief", "/proposals/"+ids[2], 200, "第 001 号")
	d.shows(t, "chief", "/proposals/"+ids[0], 200, "第 002 号")
}

func TestFiltersOnThePage(t *testing.T) {
	t.Parallel()
	d := reviewing(t)
	d.hands(t, "关于<b>停车</b>的提案")
	d.shows(t, "office", "/proposals?q=停车&state=submitted&sort=due", 200, "关于&lt;b&gt;停车", "共 1 件", `value="停车"`, `aria-sort="ascending"`)
	d.shows(t, "office", "/proposals?category=economy", 200, "没有符合条件的提案", "清除筛选")
	d.shows(t, "office", "/proposals?state=secret&q=停车", 422, "没有这个筛选条件", `value="停车"`)
	d.shows(t, "office", "/proposals?after=zzz", 422, "请从第一页重新查看")
	d.shows(t, "office", "/proposals?session=elsewhere", 404)
	d.shows(t, "leader", "/proposals", 200, "没有符合条件的提案")
	d.shows(t, "admin", "/proposals", 200, "没有符合条件的提案")
}

func TestTheAPIOfReviewing(t *testing.T) {
	t.Parallel()
	d := reviewing(t)
	id := d.hands(t, "关于停车的提案")
	for _, x := range []struct {
		who, path, body string
		status          int
	}{
		{"office", "/" + id + "/review", `{"opinion":"同意"}`, 200}, {"office", "/" + id + "/file", `{}`, 403}, {"unit", "/" + id + "/file", `{}`, 404},
		{"chief", "/" + id + "/file", `{"number":"x"}`, 422}, {"chief", "/filing", `{"ids":[]}`, 422}, {"chief", "/" + id + "/file", `{"version":2}`, 200},
		{"chief", "/" + id + "/decline", `{"reason":"empty"}`, 409}, {"office", "/recompute-due", `{}`, 403},
	} {
		r, body := d.sendJSON(t, x.who, "/api/v1/proposals"+x.path, x.body)
		if r.StatusCode != x.status {
			t.Errorf("%s by %s: %d %s", x.path, x.who, r.StatusCode, body)
		}
	}
	_, body := d.send(t, "leader", "/api/v1/proposals", nil)
	var list proposal.Listed
	if err := json.Unmarshal([]byte(body), &list); err != nil || list.Total != 1 || list.Lines[0].Number != 1 {
		t.Errorf("the list: %v %s", err, body)
	}
	_, body = d.send(t, "leader", "/api/v1/proposals/"+id, nil)
	check(t, "show", body, `"digits":"001"`, `"state":"filed"`)
	_, body = d.send(t, "chief", "/api/v1/proposals/partition", nil)
	check(t, "partition", body, `"submitted":1`, `"filed":1`)
}
