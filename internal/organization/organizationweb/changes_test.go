package organizationweb_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tongxin/internal/app"
	"tongxin/internal/i18n"
	"tongxin/internal/organization"
	"tongxin/internal/testkit"
)

// work is a burden: one unit has three things open.
type work struct{ unit *string }

func (x work) Open(_ *app.Look, bodyID string) (int, string, string, error) {
	if bodyID == *x.unit {
		return 3, "organization.end.burdened", "", nil
	}
	return 0, "organization.end.burdened", "", nil
}

// TestBodiesChangeByPages renames, merges, splits and ends bodies by forms;
// what was typed stays when a form is refused.
func TestBodiesChangeByPages(t *testing.T) {
	t.Parallel()
	for _, e := range testkit.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			busy := ""
			h := testkit.Open(t, e, nil, []any{organization.Burdens{work{&busy}}})
			changeByPages(t, h, &busy)
		})
	}
}

func changeByPages(t *testing.T, h *testkit.House, busy *string) {
	t.Helper()
	w := testkit.NewWorld(t, h)
	admin := acting{w.SysAdmin, i18n.Chinese}
	a, b, c := w.Bodies["unitA"], w.Bodies["unitB"], w.Bodies["unitC"]
	shows := func(path string, want ...string) {
		t.Helper()
		for _, lang := range i18n.Langs() {
			if code, _ := get(t, h, acting{w.SysAdmin, lang}, path); code != http.StatusOK {
				t.Errorf("%s: %d", path, code)
			}
		}
		_, body := get(t, h, admin, path)
		for _, x := range want {
			if !strings.Contains(body, x) {
				t.Errorf("%s does not show %s", path, x)
			}
		}
	}
	sends := func(path string, status int, form url.Values, want ...string) string {
		t.Helper()
		code, body, to := post(t, h, admin, path, form)
		if code != status {
			t.Fatalf("%s: %d %s", path, code, body)
		}
		for _, x := range want {
			if !strings.Contains(body+to, x) {
				t.Errorf("%s does not answer %s", path, x)
			}
		}
		return to
	}
	shows("/setup/bodies/"+a, "更名", "合并", "拆分", "撤销并移交", "没有更名、合并或拆分的记录")
	sends("/setup/bodies/"+a+"/rename", 422, url.Values{"name": {"市住建委"}, "version": {"1"}}, "请填写这一项", `value="市住建委"`)
	sends("/setup/bodies/"+a+"/rename", 303, url.Values{"name": {"市住建委"}, "reference": {"云编办1号"}, "version": {"1"}}, "done=body.rename")
	shows("/setup/bodies/"+a+"?done=body.rename", "曾用名", "市住房和城乡建设局", "云编办1号", "机构已更名")
	shows("/setup/bodies?kind=unit&q=城乡建设局", "市住建委")
	if code, body := get(t, h, acting{w.Office, i18n.Chinese}, "/setup/bodies/"+a); code != http.StatusOK || strings.Contains(body, "/rename") || !strings.Contains(body, "市住房和城乡建设局") {
		t.Errorf("the office looks at a unit: %d", code)
	}
	if code, _ := get(t, h, acting{w.Members[0], i18n.Chinese}, "/setup/bodies/"+a); code != http.StatusForbidden {
		t.Errorf("a member looks at a unit: %d", code)
	}

	shows("/setup/bodies/merge?choose=1&kind=unit&ids="+a, "合并哪些机构", "市财政局")
	shows("/setup/bodies/merge?kind=unit", "合并哪些机构")
	shows("/setup/bodies/merge?kind=unit&ids="+a+"&ids="+b, "石砚秋", "陶以安", "随机构转入", "没有未办完的工作")
	sends("/setup/bodies/merge", 422, url.Values{"ids": {a, b}, "name": {""}, "people.0.id": {w.HandlerA.Post.ID}, "people.0.to": {"nowhere"}}, "请填写这一项", "石砚秋")
	to := sends("/setup/bodies/merge", 303, url.Values{"ids": {a, b}, "name": {"市建设财政局"}, "reference": {"云编办2号"}, "people.0.id": {w.HandlerA.Post.ID}, "people.0.to": {"end"}}, "done=body.merge")
	merged, _, _ := strings.Cut(strings.TrimPrefix(to, "/setup/bodies/"), "?")
	shows("/setup/bodies/"+merged, "由来", "市住建委", "云编办2号")
	shows("/setup/bodies/"+a, "去向", "市建设财政局")
	if code, _ := get(t, h, admin, "/setup/bodies/"+a+"/split"); code != http.StatusConflict {
		t.Errorf("splitting what ended: %d", code)
	}

	shows("/setup/bodies/"+merged+"/split", "第 2 部分", "转入第 2 部分", "未办完的工作由谁承接")
	sends("/setup/bodies/"+merged+"/split", 422, url.Values{"version": {"1"}, "parts.0.name": {"市建设局"}, "default": {"0"}, "reference": {"3号"}}, "拆分至少要有两个部分", `value="市建设局"`)
	sends("/setup/bodies/"+merged+"/split", 303, url.Values{"version": {"1"}, "parts.0.id": {merged}, "parts.2.name": {"市财政二局"}, "default": {"2"}, "reference": {"3号"}}, "done=body.split")

	*busy = c
	shows("/setup/bodies/"+c+"/end", "还有 3 件工作没有办完", "唐采薇")
	sends("/setup/bodies/"+c+"/end", 422, url.Values{"version": {"1"}, "reference": {"4号"}}, "请指定承接机构", `value="4号"`)
	sends("/setup/bodies/"+c+"/end", 303, url.Values{"version": {"1"}, "reference": {"4号"}, "heir": {merged}}, "done=body.end")
	*busy = ""
	if code, _, _ := post(t, h, acting{w.Office, i18n.Chinese}, "/setup/bodies/"+merged+"/end", url.Values{"version": {"2"}, "reference": {"5号"}}); code != http.StatusForbidden {
		t.Errorf("the office ends a unit: %d", code)
	}

	for path, want := range map[string]string{"/api/v1/bodies/" + a + "/story": "市住房和城乡建设局", "/api/v1/bodies/changing?ids=" + merged: "陶以安"} {
		if _, body, _ := send(t, h, acting{w.SysAdmin, i18n.Chinese}, httptest.NewRequest(http.MethodGet, path, nil)); !strings.Contains(body, want) {
			t.Errorf("%s: %s", path, body)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/api/v1/bodies/"+merged+"/rename", strings.NewReader(`{"name":"市建设局","reference":"6号","version":2}`))
	if code, body, _ := send(t, h, acting{w.SysAdmin, i18n.Chinese}, r); code != http.StatusOK {
		t.Errorf("renamed by JSON: %d %s", code, body)
	}
	r = httptest.NewRequest(http.MethodPost, "/api/v1/bodies/merge", strings.NewReader(`{"ids":["x","y"],"name":"z","reference":"7"}`))
	if code, _, _ := send(t, h, acting{w.Stranger, i18n.Chinese}, r); code != http.StatusNotFound {
		t.Errorf("a stranger merges: %d", code)
	}
}
