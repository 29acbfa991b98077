package handlingweb_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/clock"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/handling/handlingweb"
	"tongxin/internal/jobs"
	"tongxin/internal/jobs/jobsweb"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

// samples is a kind with several cases.
type samples map[string]handling.Case

func (s samples) Case(l *app.Look, id string) (handling.Case, error) {
	k, ok := s[id]
	if !ok || l.Who().CommitteeID != k.CommitteeID {
		return handling.Case{}, fault.New(fault.NotFound, "fault.not-found")
	}
	return k, nil
}

func (samples) Stood(*app.Call, string, handling.Standing) error { return nil }

// openIn is an act in which cases become ready for dispatch.
type openIn struct{}

func (openIn) Object() (string, string) { return "test", "" }

// bulkTown is a server with n cases that wait at the government's desk, the odd
// ones with units.
func bulkTown(t *testing.T, n int) *town {
	t.Helper()
	s := samples{}
	h := testkit.Open(t, store.SQLite, []app.Module{handling.Module(), jobs.Module()}, []any{handling.Kinds{"sample": s}, jobs.Register(handling.Bulk()...)})
	w := testkit.NewWorld(t, h)
	ready := app.Define("test.ready", func(*app.Call, openIn) (openIn, error) { return openIn{}, nil }, access.Public[openIn],
		func(c *app.Call, _ openIn, _ openIn) (struct{}, error) {
			for i := range n {
				k := handling.Case{Kind: "sample", ID: fmt.Sprint(i + 1), CommitteeID: w.CommitteeID, Number: fmt.Sprintf("第 %03d 号", i+1), Title: fmt.Sprintf("关于第%d件事的提案", i+1),
					Ready: true, Timing: "session", FiledAt: clock.InstantOf(w.Clock.Now()), Proposers: []handling.Proposer{{PersonID: w.Members[0].PersonID, Name: "林知远", Lead: true}}}
				s[k.ID] = k
				if err := handling.Open(c, k.Kind, k.ID); err != nil {
					return struct{}{}, err
				}
			}
			return struct{}{}, nil
		})
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := ready.Do(t.Context(), w.App, w.Office, openIn{})
	must(err)
	for i := range n {
		row := handling.CaseRow{Kind: "sample", ID: fmt.Sprint(i + 1)}
		if i%2 == 0 {
			row.Units = []handling.UnitRole{{Unit: w.Bodies["unitA"], Role: handling.Lead}, {Unit: w.Bodies["unitB"], Role: handling.Assist}}
		}
		_, err := handling.RouteCases.Do(t.Context(), w.App, w.Office, handling.RouteIn{Desk: w.Bodies["deskG"], Rows: []handling.CaseRow{row}})
		must(err)
	}
	k := web.NewKit(h.App, h.Words, doors{"office": w.Office, "desk": w.GovDesk, "handler": w.HandlerA, "member": w.Members[0], "stranger": w.Stranger}, false)
	j := api.NewKit(k)
	handlingweb.Routes(k, j)
	jobsweb.Routes(k, j)
	server := httptest.NewServer(k.Handler())
	t.Cleanup(server.Close)
	return &town{w, t, server}
}

// hidden is the value of a hidden field of a page.
func hidden(page, name string) string {
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

func (w *town) work() {
	w.t.Helper()
	if err := jobs.Work(w.t.Context(), w.App); err != nil {
		w.t.Fatal(err)
	}
}

func TestDispatchAllByItsPages(t *testing.T) {
	t.Parallel()
	w := bulkTown(t, 7)
	w.page("/dispatch", "desk", "按建议全部交办", "按清单交办")
	plan := w.page("/dispatch/all", "desk", "不能交办的", "没有建议的承办单位", "市财政局（会办）", "开始交办", "共 7 件等待交办：4 件可以交办，承办 8 家次；3 件不能")
	w.refused("/dispatch/all", "desk", "刚刚有变化", "checked", "digest", "old", "except", "3")
	to := w.post("/dispatch/all", "desk", "digest", hidden(plan, "digest"), "except", "3", "except", "no such")
	job, _, _ := strings.Cut(to, "?")
	before := w.page(job, "desk", "批量交办：市政府督查室", "等待开始", "已办 0 项，共 3 项", `data-poll="`+job+`/progress"`, `<progress`, "停止", "刷新进度")
	if strings.Contains(before, "data-done") {
		t.Error("the job is said to be over")
	}
	w.work()
	status, part, _ := w.send("GET", job+"/progress", "desk", nil)
	if status != 200 || strings.Contains(part, "<html") || !strings.Contains(part, `data-done="批量办理已结束：成功 3 项，未成功 0 项。"`) || strings.Contains(part, "data-poll") {
		t.Errorf("the part at the end: %d %s", status, part)
	}
	w.page(job, "desk", "已结束", "第 001 号 关于第1件事的提案", "/samples/1", "成功 3")
	w.page(job+"?state=failed", "desk", "没有这样的项")
	w.page("/jobs", "desk", "批量交办：市政府督查室", "江望舒", "成功 3，未成功 0")
	w.refused(job+"/stop", "desk", "已经结束或停止", job)
	w.refused(job+"/again", "desk", "没有需要再次执行的项", job)
	w.page("/dispatch/all", "desk", "1 件可以交办")
	for _, path := range []string{job, job + "/progress"} {
		for _, who := range []string{"member", "handler", "stranger", "office"} {
			if status, _, _ := w.send("GET", path, who, nil); status != http.StatusNotFound {
				t.Errorf("%s opens %s: %d", who, path, status)
			}
		}
	}
	for _, path := range []string{"/dispatch/all", "/dispatch/list"} {
		for _, who := range []string{"member", "handler", "stranger"} {
			if status, _, _ := w.send("GET", path, who, nil); status != http.StatusNotFound {
				t.Errorf("%s opens %s: %d", who, path, status)
			}
			if status, _, _ := w.send("POST", path, who, form("digest", "x", "content", "案号,承办单位\n1,市财政局")); status != http.StatusForbidden {
				t.Errorf("%s sends %s: %d", who, path, status)
			}
		}
	}
}

func TestStopAndAgainByTheirPages(t *testing.T) {
	t.Parallel()
	w := bulkTown(t, 3)
	to := w.post("/dispatch/all", "desk", "digest", hidden(w.page("/dispatch/all", "desk"), "digest"))
	job, _, _ := strings.Cut(to, "?")
	w.post(job+"/stop", "desk")
	w.page(job, "desk", "已停止", "未执行", "执行余下的 2 项")
	second := w.post(job+"/again", "desk", "what", "unrun")
	second, _, _ = strings.Cut(second, "?")
	w.page(job, "desk", "查看再次执行的结果", second)
	// Somebody dispatches one by hand before the job gets to it.
	w.post("/dispatch", "desk", "rows.0.kind", "sample", "rows.0.id", "1", "rows.0.units.0.unit", "市财政局", "rows.0.units.0.role", "sole")
	w.work()
	w.page(second, "desk", "第 001 号已经交办，不能重复交办。", "再次执行未成功的 1 项", "查看原来的批量办理")
	w.page("/jobs", "stranger", "还没有批量办理")
}

// upload sends a file with the form of a list.
func (w *town) upload(who, name string, file []byte, pairs ...string) (status int, body string) {
	w.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		_ = m.WriteField(pairs[i], pairs[i+1])
	}
	part, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(file)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.server.URL+"/dispatch/list", &b)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", m.FormDataContentType())
	req.AddCookie(&http.Cookie{Name: "tongxin", Value: who})
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return r.StatusCode, string(text)
}

func TestDispatchFromAListByItsPages(t *testing.T) {
	t.Parallel()
	w := bulkTown(t, 3)
	w.page("/dispatch/list", "desk", "清单文件", "或粘贴清单", "案号,承办单位,交办意见")
	w.refused("/dispatch/list", "desk", "请选择文件，或粘贴清单。", "", "dry_run", "1")
	w.refused("/dispatch/list", "desk", "缺少“承办单位”一栏", "案号,案由", "dry_run", "1", "content", "案号,案由\n1,甲")
	status, body, _ := w.send("POST", "/dispatch/list", "desk", form("dry_run", "1", "content", "案号\t承办单位\n1\t主办:市财政局;会办:市住房和城乡建设局\n9\t市财政局\n2\t市魔法局<b>"))
	for _, x := range []string{"共 3 行：1 行可以交办，承办 2 家次；2 行有问题", "没有找到案号“9”。", "市魔法局&lt;b&gt;", "开始交办 1 件", "有问题的行不会交办"} {
		if status != 200 || !strings.Contains(body, x) {
			t.Errorf("the check (%d) does not show %q", status, x)
		}
	}
	content := regexp.MustCompile(`(?s)<textarea name="content" hidden>(.*?)</textarea>`).FindStringSubmatch(body)
	if content == nil {
		t.Fatal("the check does not keep the list")
	}
	text := html.UnescapeString(content[1])
	w.refused("/dispatch/list", "desk", "与核对时的情况不同了", "9", "content", text, "digest", "old")
	to := w.post("/dispatch/list", "desk", "content", text, "digest", hidden(body, "digest"))
	job, _, _ := strings.Cut(to, "?")
	w.work()
	w.page(job, "desk", "已结束", "第 001 号")
	status, body = w.upload("desk", "交办.csv", []byte("\xb0\xb8\xba\xc5,\xb3\xd0\xb0\xec\xb5\xa5\xce\xbb\n3,x\n"), "dry_run", "1") // 案号,承办单位 in GBK
	if status != 200 || !strings.Contains(body, "没有名为“x”的承办单位") || !strings.Contains(body, `name="name" value="交办.csv"`) {
		t.Errorf("a file: %d", status)
	}
	var z bytes.Buffer
	zw := zip.NewWriter(&z)
	_, _ = zw.Create("word/document.xml")
	_ = zw.Close()
	for name, raw := range map[string][]byte{"x.xlsx": z.Bytes(), "x.xls": []byte("\xd0\xcf\x11\xe0"), "x.csv": nil, "x.bin": {0xff, 0xff, 0}} {
		if status, body := w.upload("desk", name, raw, "dry_run", "1"); status != http.StatusUnprocessableEntity || !strings.Contains(body, `class="error`) {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, _ := w.upload("desk", "big.csv", bytes.Repeat([]byte("x"), handling.SheetBytes+1), "dry_run", "1"); status != http.StatusUnprocessableEntity {
		t.Errorf("a file that is too large: %d", status)
	}
}

func TestJobsByJSON(t *testing.T) {
	t.Parallel()
	w := bulkTown(t, 1)
	call := func(method, path, in string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), method, w.server.URL+path, strings.NewReader(in))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer desk")
		r, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Body.Close() }()
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(b)
	}
	status, body := call("GET", "/api/v1/dispatch/plan", "")
	digest := regexp.MustCompile(`"digest":"([0-9a-f]+)"`).FindStringSubmatch(body)
	if status != 200 || digest == nil {
		t.Fatalf("plan: %d %s", status, body)
	}
	if status, body = call("POST", "/api/v1/dispatch/all", `{"digest":"`+digest[1]+`"}`); status != 200 {
		t.Fatalf("all: %d %s", status, body)
	}
	job := regexp.MustCompile(`"job":"(\w+)"`).FindStringSubmatch(body)
	w.work()
	if status, body = call("GET", "/api/v1/jobs/"+job[1], ""); status != 200 || !strings.Contains(body, `"state":"done"`) || !strings.Contains(body, `"label":"第 001 号 关于第1件事的提案"`) {
		t.Errorf("job: %d %s", status, body)
	}
	if status, body = call("POST", "/api/v1/jobs/"+job[1]+"/stop", ""); status != 409 || !strings.Contains(body, "jobs.stop.over") {
		t.Errorf("stop: %d %s", status, body)
	}
	if status, body = call("POST", "/api/v1/jobs/"+job[1]+"/again", `{}`); status != 409 {
		t.Errorf("again: %d %s", status, body)
	}
	if status, body = call("POST", "/api/v1/dispatch/list", `{"content":"案号,承办单位\n1,市财政局","dry_run":true}`); status != 200 || !strings.Contains(body, "handling.dispatch.done") {
		t.Errorf("list: %d %s", status, body)
	}
	if status, body = call("GET", "/api/v1/jobs", ""); status != 200 || !strings.Contains(body, job[1]) {
		t.Errorf("jobs: %d %s", status, body)
	}
	if status, body = call("GET", "/api/openapi.json", ""); status != 200 || !strings.Contains(body, `"job.show"`) || !strings.Contains(body, `"assignment.dispatch-list"`) {
		t.Errorf("openapi: %d", status)
	}
}
