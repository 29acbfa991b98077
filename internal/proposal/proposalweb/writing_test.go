package proposalweb_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/document"
	"tongxin/internal/i18n"
	"tongxin/internal/id"
	"tongxin/internal/proposal"
	"tongxin/internal/proposal/proposalweb"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

// as lets every request be somebody's, whose name stands in the token.
type as map[string]access.Actor

func (a as) Resolve(_ context.Context, token string, via access.Via) (access.Actor, web.Prefs, error) {
	who := a[token]
	who.Via = via
	return who, web.Prefs{Lang: i18n.Chinese, Committee: "政协云州市委员会", SealKey: "c2VhbA=="}, nil
}

// desk is a running site of one domain.
type desk struct {
	*testkit.World
	site http.Handler
}

func open(t *testing.T) desk {
	t.Helper()
	h := testkit.Open(t, store.SQLite, []app.Module{document.Module(), proposal.Module()}, []any{document.Owners{"proposal": proposal.Attachments{}}})
	w := testkit.NewWorld(t, h)
	k := web.NewKit(w.App, w.Words, as{"me": w.Members[0], "friend": w.Members[1], "office": w.Office, "party": w.Convener, "unit": w.HandlerA}, false)
	proposalweb.Routes(k, api.NewKit(k))
	return desk{w, k.Handler()}
}

// send sends a form, or fetches a page when there is none.
func (d desk) send(t *testing.T, who, path string, form url.Values, headers ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	if form != nil {
		r = httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	r.Header.Set("Authorization", "Bearer "+who)
	w := httptest.NewRecorder()
	d.site.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Result(), string(body)
}

// shows fetches a page and checks what stands on it.
func (d desk) shows(t *testing.T, who, path string, status int, texts ...string) string {
	t.Helper()
	r, body := d.send(t, who, path, nil)
	if r.StatusCode != status {
		t.Fatalf("%s is %d for %s:\n%s", path, r.StatusCode, who, body)
	}
	check(t, path, body, texts...)
	return body
}

func check(t *testing.T, path, body string, texts ...string) {
	t.Helper()
	for _, x := range texts {
		if !strings.Contains(body, x) {
			t.Errorf("%s does not show %q", path, x)
		}
	}
	if i := strings.Index(body, "⟦"); i >= 0 {
		t.Errorf("%s lacks a text: %s", path, body[i:min(len(body), i+80)])
	}
	for _, x := range []string{" style=", "<script>", "onclick="} {
		if strings.Contains(body, x) {
			t.Errorf("%s has %s inline", path, x)
		}
	}
}

func filled() url.Values {
	return url.Values{"title": {"关于加装电梯的提案"}, "category": {"society"}, "background": {strings.Repeat("老旧小区上下楼难。", 20)}, "basis": {"走访三个小区"},
		"items": {"简化审批", "设立补助", ""}, "publish": {"agreed"}, "whole": {"1"}, "version": {"0"}}
}

func TestTheWritingPages(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.shows(t, "me", "/proposals/new", 200, "撰写提案", `data-draft="new"`, `data-seal-key=`, "data-row-template", "正文不少于 100 字", "委员个人提案")
	d.shows(t, "party", "/proposals/new", 200, "党派提案", "民建云州市委会", "联合提出的组织")
	d.shows(t, "office", "/proposals/new", 403)
	if n := number(t, d.World, "SELECT COUNT(*) FROM proposal"); n != 0 {
		t.Error("opening the page wrote something")
	}

	key := id.New()
	form := filled()
	form.Set("_from", "new")
	r, _ := d.send(t, "me", "/proposals/"+key+"/draft", form)
	if r.StatusCode != 303 || r.Header.Get("Location") != "/proposals/"+key+"/edit?new=1&done=proposal.draft" {
		t.Fatalf("saving leads with %d to %s", r.StatusCode, r.Header.Get("Location"))
	}
	d.shows(t, "me", "/proposals/"+key+"/edit?new=1&done=proposal.draft", 200, "草稿已保存", "简化审批", "设立补助", `value="关于加装电梯的提案"`, `data-draft="`+key+`"`,
		`data-draft-done="new"`, "删除草稿", "附件")
	d.shows(t, "me", "/proposals/"+key+"/preview", 200, "关于加装电梯的提案", "社会建设")
	d.shows(t, "friend", "/proposals/"+key+"/edit", 404)
	d.shows(t, "office", "/proposals/"+key+"/edit", 404)
	d.shows(t, "me", "/proposals/new", 200, "您有还没有完成的提案")

	r, body := d.send(t, "me", "/proposals/"+key+"/draft", url.Values{"version": {"1"}, "title": {"自动保存"}}, "X-Requested-With", "autosave")
	var saved struct {
		Version int64  `json:"version"`
		SavedAt string `json:"saved_at"`
	}
	if err := json.Unmarshal([]byte(body), &saved); err != nil || r.StatusCode != 200 || saved.Version != 2 || saved.SavedAt == "" {
		t.Errorf("autosave is answered with %d %s", r.StatusCode, body)
	}
	r, _ = d.send(t, "me", "/proposals/"+key+"/draft", url.Values{"version": {"1"}, "title": {"旧页面"}}, "X-Requested-With", "autosave")
	if r.StatusCode != 409 {
		t.Errorf("a stale autosave is answered with %d", r.StatusCode)
	}
}

func TestNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	d := open(t)
	key := id.New()
	form := filled()
	form.Set("title", "")
	form.Set("background", "太短")
	r, body := d.send(t, "me", "/proposals/"+key+"/submit", form)
	if r.StatusCode != 422 {
		t.Fatalf("an incomplete proposal is answered with %d", r.StatusCode)
	}
	check(t, "submit", body, "请填写案由", "不少于 100 字", `href="#title"`, "太短", "简化审批", "data-unsaved", `action="/proposals/`+key+`/draft"`)

	_, _ = d.send(t, "me", "/proposals/"+key+"/draft", filled())
	newer := filled()
	newer.Set("version", "1")
	newer.Set("background", "别处写的新内容")
	_, _ = d.send(t, "me", "/proposals/"+key+"/draft", newer)
	old := filled()
	old.Set("version", "1")
	old.Set("basis", "这里写的旧页面内容")
	r, body = d.send(t, "me", "/proposals/"+key+"/draft", old)
	if r.StatusCode != 409 {
		t.Fatalf("a stale page is answered with %d", r.StatusCode)
	}
	check(t, "draft", body, "这里写的旧页面内容", "别处写的新内容", `name="version" value="2"`, `data-autosave=""`)
}

func TestFromTheFormToTheReceipt(t *testing.T) {
	t.Parallel()
	d := open(t)
	key := id.New()
	_, _ = d.send(t, "me", "/proposals/"+key+"/draft", filled())
	d.shows(t, "me", "/proposals/"+key+"/signers?q=zhou", 200, "周若水", "教育界")
	r, _ := d.send(t, "me", "/proposals/"+key+"/invite", url.Values{"signers": {d.Members[1].PersonID}})
	if r.StatusCode != 303 {
		t.Fatalf("inviting is answered with %d", r.StatusCode)
	}
	d.shows(t, "me", "/proposals/"+key+"/signers", 200, "周若水", "待确认", "移除")
	d.shows(t, "friend", "/proposals/invitations", 200, "关于加装电梯的提案", "待确认")
	d.shows(t, "friend", "/proposals/"+key+"/cosign", 200, "老旧小区上下楼难", "同意联名", "婉拒")
	d.shows(t, "office", "/proposals/"+key+"/cosign", 404)
	r, body := d.send(t, "friend", "/proposals/"+key+"/cosign", url.Values{"version": {"7"}})
	if r.StatusCode != 409 {
		t.Errorf("signing another version is answered with %d", r.StatusCode)
	}
	check(t, "cosign", body, "请阅读最新内容后再确认")
	r, _ = d.send(t, "friend", "/proposals/"+key+"/cosign", url.Values{"version": {"1"}})
	if r.StatusCode != 303 {
		t.Errorf("signing is answered with %d", r.StatusCode)
	}
	form := filled()
	form.Set("version", "1")
	r, _ = d.send(t, "me", "/proposals/"+key+"/submit", form)
	if r.StatusCode != 303 || !strings.HasPrefix(r.Header.Get("Location"), "/proposals/"+key+"/submitted") {
		t.Fatalf("submitting leads with %d to %s", r.StatusCode, r.Header.Get("Location"))
	}
	d.shows(t, "me", "/proposals/"+key+"/submitted?done=proposal.submit", 200, "提案回执", "提案已提交", "委员联名提案", "大会提案", "提案委员会办公室", "这个期限怎么算出来的",
		`data-draft-done="`+key+`"`, "已确认")
	r, _ = d.send(t, "me", "/proposals/"+key+"/edit", nil)
	if r.StatusCode != 303 {
		t.Errorf("the writing page of a submitted proposal is %d", r.StatusCode)
	}
	form.Set("version", "2")
	r, body = d.send(t, "me", "/proposals/"+key+"/submit", form)
	if r.StatusCode != 409 {
		t.Errorf("submitting twice is answered with %d", r.StatusCode)
	}
	check(t, "submit", body, "已经提交，不能再次提交")
	d.shows(t, "me", "/proposals/"+key+"/amendment", 404)
}

func TestEnteringPages(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.shows(t, "me", "/proposals/enter", 403)
	d.shows(t, "office", "/proposals/enter", 200, "为谁录入")
	d.shows(t, "office", "/proposals/enter?q=林", 200, "林知远", "/proposals/enter?for="+d.Members[0].PersonID)
	d.shows(t, "office", "/proposals/enter?for="+d.Members[0].PersonID, 200, "为林知远录入提案", "来自签名的纸质提案", "周若水", `data-draft="enter:`)
	d.shows(t, "office", "/proposals/enter?for="+d.Bodies["party"], 200, "民建云州市委会")
	form := filled()
	form.Set("for", d.Members[0].PersonID)
	form.Set("id", id.New())
	form.Set("title", "")
	r, body := d.send(t, "office", "/proposals/enter", form)
	if r.StatusCode != 422 {
		t.Fatalf("an incomplete entry is answered with %d", r.StatusCode)
	}
	check(t, "enter", body, "请填写案由", form.Get("id"), "为林知远录入提案")
	form.Set("title", "关于加装电梯的提案")
	for range 2 { // a double click
		if r, _ = d.send(t, "office", "/proposals/enter", form, "Idempotency-Key", "once"); r.StatusCode != 303 {
			t.Fatalf("entering is answered with %d", r.StatusCode)
		}
	}
	if n := number(t, d.World, "SELECT COUNT(*) FROM proposal"); n != 1 {
		t.Errorf("%d proposals were entered", n)
	}
}

func TestTheAPIOfWriting(t *testing.T) {
	t.Parallel()
	d := open(t)
	post := func(who, path, body string) (int, string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1"+path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+who)
		w := httptest.NewRecorder()
		d.site.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	whole := `{"title":"关于养老的提案","category":"society","background":"` + strings.Repeat("养老服务。", 30) + `","basis":"走访","items":["一","二"],"publish":"agreed"}`
	status, body := post("me", "/proposals/submit", whole)
	if status != 200 || !strings.Contains(body, `"registration":1`) {
		t.Fatalf("submitted with %d %s", status, body)
	}
	for name, c := range map[string]struct {
		who, path, body string
		status          int
	}{
		"empty":          {"me", "/proposals/submit", `{}`, 422},
		"not JSON":       {"me", "/proposals/submit", `title=x`, 422},
		"wrong type":     {"me", "/proposals/submit", `{"items":"one"}`, 422},
		"control signs":  {"me", "/proposals/draft", `{"title":"a\u0000b"}`, 200},
		"a unit":         {"unit", "/proposals/draft", `{}`, 403},
		"nobody":         {"", "/proposals/draft", `{}`, 401},
		"lapse by hand":  {"me", "/proposals/x/lapse", `{}`, 404},
		"foreign id":     {"me", "/proposals/draft", `{"id":"../../etc/passwd"}`, 404},
		"a state secret": {"me", "/proposals/submit", strings.Replace(whole, "走访", "机密★5年", 1), 422},
	} {
		if status, body := post(c.who, c.path, c.body); status != c.status {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
}

// number reads one figure.
func number(t *testing.T, w *testkit.World, sql string) int64 {
	t.Helper()
	q := app.Ask("test.look", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) (n int64, err error) {
		return n, l.Tx().Row(l.Ctx(), sql).Scan(&n)
	})
	n, err := q.Do(t.Context(), w.App, w.Office, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
