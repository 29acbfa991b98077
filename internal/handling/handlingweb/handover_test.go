package handlingweb_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"tongxin/internal/handling"
	"tongxin/internal/organization"
)

// take dispatches the case to two units and lets the first sign.
func (w *town) take() (lead string) {
	w.t.Helper()
	w.post("/dispatch/route", "office", "desk", w.Bodies["deskG"], "rows.0.kind", "sample", "rows.0.id", "1")
	w.post("/dispatch", "desk", "rows.0.kind", "sample", "rows.0.id", "1", "rows.0.units.0.unit", "市住房和城乡建设局", "rows.0.units.0.role", "lead",
		"rows.0.units.1.unit", "市财政局", "rows.0.units.1.role", "assist")
	lead = w.assignment("市住房和城乡建设局")
	w.post("/assignments/"+lead+"/sign", "handler", "_kind", "sample", "_case", "1", "handler", "石砚秋", "phone", "0000-1234567")
	return lead
}

// TestWorkIsHandedOverByPages: the dry run, the order, and what became of it.
func TestWorkIsHandedOverByPages(t *testing.T) {
	t.Parallel()
	w := build(t)
	w.page("/dispatch/hand-over", "desk", "没有可以移交的工作")
	w.page("/dispatch/hand-over?orphans=1", "office", "没有无人办理的工作")
	lead := w.take()
	a, b := w.Bodies["unitA"], w.Bodies["unitB"]
	w.page("/dispatch/hand-over", "desk", "市住房和城乡建设局：1 件", "试算")
	w.page("/dispatch/hand-over?from="+a, "office", "关于路灯的提案", "选择接收单位后试算", "全部移交（1 件）")
	w.page("/dispatch/hand-over?from="+a+"&to="+b, "desk", "接收单位改为承办，原会办任务并入", `name="ids" value="`+lead+`"`)
	w.page("/dispatch/hand-over?from="+b+"&to="+a, "desk", "并入接收单位自己的承办任务")
	w.page("/dispatch/hand-over?from=nothing", "desk", "请选择单位")
	for _, who := range []string{"handler", "member", "admin", "stranger"} {
		if status, _, _ := w.send("GET", "/dispatch/hand-over?from="+a, who, nil); status != http.StatusNotFound {
			t.Errorf("%s plans a hand-over: %d", who, status)
		}
		if status, _, _ := w.send("POST", "/dispatch/hand-over", who, form("from", a, "to", b, "all", "1", "reason", "x")); status != http.StatusNotFound && status != http.StatusForbidden {
			t.Errorf("%s hands over: %d", who, status)
		}
	}
	w.refused("/dispatch/hand-over", "desk", "请填写此项", "云府办2号", "from", a, "to", b, "all", "1", "reference", "云府办2号")
	w.refused("/dispatch/hand-over", "desk", "请至少选择一件", "职能划转", "from", a, "to", b, "reason", "职能划转")
	w.refused("/dispatch/hand-over", "desk", "没有名为", "职能划转", "from", a, "to", "", "ids", lead, "reason", "职能划转")
	to := w.post("/dispatch/hand-over", "desk", "from", a, "to", w.Bodies["unitC"], "ids", lead, "reason", "职能划转", "reference", "云府办2号")
	order, _, _ := strings.Cut(to, "?")
	w.page(to, "desk", "移交已提出", "由市住房和城乡建设局移交市委宣传部", "已移交", "云府办2号", "完成时间")
	w.page("/dispatch/hand-over", "office", "最近的移交")
	for _, who := range []string{"handler", "member", "admin", "stranger"} {
		if status, _, _ := w.send("GET", order, who, nil); status != http.StatusNotFound {
			t.Errorf("%s reads the order: %d", who, status)
		}
	}
	w.page("/cases/sample/1", "office", "工作由市住房和城乡建设局移交市委宣传部（职能划转，云府办2号）", "原承办联系人石砚秋不再负责")
	w.page("/cases/sample/1", "member", "工作由市住房和城乡建设局移交市委宣传部")
	if status, _, _ := w.send("GET", "/cases/sample/1", "handler", nil); status != http.StatusNotFound {
		t.Errorf("the unit before still sees it: %d", status)
	}
	w.refused("/dispatch/hand-over", "desk", "没有可以移交的工作", "", "from", a, "to", b, "ids", lead, "reason", "再来一次")
}

// TestOfficersAreReplacedByPages: by the unit itself.
func TestOfficersAreReplacedByPages(t *testing.T) {
	t.Parallel()
	w := build(t)
	w.page("/assignments/hand-over", "handler", "没有在办的案件")
	lead := w.take()
	w.page("/assignments/hand-over", "signer", "石砚秋（1 件）", "关于路灯的提案", "本单位承办人员：石砚秋")
	w.page("/assignments/hand-over?was=石砚秋", "handler", `value="`+lead+`" checked`)
	w.refused("/assignments/hand-over", "handler", "能打通的电话", "顾念真", "ids", lead, "handler", "顾念真", "phone", "没有")
	w.refused("/assignments/hand-over", "handler", "请至少选择一件", "顾念真", "handler", "顾念真", "phone", "0000-7654321")
	if to := w.post("/assignments/hand-over", "handler", "all", "1", "was", "石砚秋", "handler", "顾念真", "phone", "0000-7654321"); to != "/assignments/hand-over?done=assignment.appoint" {
		t.Errorf("then to %s", to)
	}
	w.page("/assignments/hand-over?done=assignment.appoint", "handler", "承办人已更换", "顾念真（1 件）")
	w.page("/cases/sample/1", "member", "承办联系人由石砚秋换为顾念真", "0000-7654321")
	for who, want := range map[string]int{"member": 404, "assistant": 404, "stranger": 404, "office": 403, "desk": 403} {
		if status, _, _ := w.send("GET", "/assignments/hand-over?unit="+w.Bodies["unitA"], who, nil); status != want {
			t.Errorf("%s looks at the officers: %d, want %d", who, status, want)
		}
	}
	for _, post := range []string{w.HandlerA.Post.ID, w.SignerA.Post.ID} {
		if _, err := organization.EndPost.Do(t.Context(), w.App, w.SysAdmin, organization.EndPostIn{ID: post}); err != nil {
			t.Fatal(err)
		}
	}
	w.page("/assignments/hand-over?unit="+w.Bodies["unitA"], "desk", "顾念真（1 件）")
	if to := w.post("/assignments/hand-over", "desk", "unit", w.Bodies["unitA"], "ids", lead, "handler", "江临", "phone", "0000-1111111"); !strings.HasPrefix(to, "/assignments/hand-over?unit=") {
		t.Errorf("then to %s", to)
	}
	w.page("/dispatch/hand-over?orphans=1", "office", "没有可用账号")
}

// TestHandOverByJSON does the same as programs do.
func TestHandOverByJSON(t *testing.T) {
	t.Parallel()
	w := build(t)
	lead := w.take()
	call := func(method, path, who, in string, want int) string {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, w.server.URL+path, strings.NewReader(in))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+who)
		r, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Body.Close() }()
		b, err := io.ReadAll(r.Body)
		if err != nil || r.StatusCode != want {
			t.Fatalf("%s %s: %d %s %v", method, path, r.StatusCode, b, err)
		}
		return string(b)
	}
	var plan handling.HandOverPlan
	if err := json.Unmarshal([]byte(call("GET", "/api/v1/hand-over?from="+w.Bodies["unitA"]+"&to="+w.Bodies["unitC"], "desk", "", 200)), &plan); err != nil || len(plan.Rows) != 1 || plan.Rows[0].Will != handling.NoMeeting {
		t.Errorf("plan: %+v %v", plan, err)
	}
	call("POST", "/api/v1/hand-over", "desk", `{"from":"`+w.Bodies["unitA"]+`","to":"市财政局","ids":["`+lead+`"]}`, 422)
	call("POST", "/api/v1/hand-over", "member", `{"from":"`+w.Bodies["unitA"]+`","to":"市财政局","all":true,"reason":"x"}`, 404)
	call("POST", "/api/v1/assignments/officers", "handler", `{"ids":["`+lead+`"],"handler":"顾念真","phone":"0000-7654321"}`, 200)
	if body := call("GET", "/api/v1/assignments/officers", "handler", "", 200); !strings.Contains(body, "顾念真") {
		t.Error(body)
	}
	var out handling.HandOverOut
	if err := json.Unmarshal([]byte(call("POST", "/api/v1/hand-over", "desk", `{"from":"`+w.Bodies["unitA"]+`","to":"市财政局","all":true,"reason":"x"}`, 200)), &out); err != nil || out.Ordered != 1 {
		t.Errorf("order: %+v %v", out, err)
	}
	if body := call("GET", "/api/v1/hand-over/"+out.ID, "desk", "", 200); !strings.Contains(body, `"outcome":"merged"`) {
		t.Error(body)
	}
	if body := call("GET", "/api/v1/assignments/orphans", "office", "", 200); body != `{"ended":0,"unmanned":0}` {
		t.Error(body)
	}
	if body := call("GET", "/api/v1/cases/sample/1", "office", "", 200); !strings.Contains(body, `"handed"`) || !strings.Contains(body, `"officers"`) {
		t.Error(body)
	}
}
