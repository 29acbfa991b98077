package handlingweb_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/clock"
	"tongxin/internal/document"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/handling/handlingweb"
	"tongxin/internal/i18n"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

// sample is a kind with one case.
type sample struct{ is handling.Case }

func (s *sample) Case(l *app.Look, id string) (handling.Case, error) {
	if id != s.is.ID || l.Who().CommitteeID != s.is.CommitteeID {
		return handling.Case{}, fault.New(fault.NotFound, "fault.not-found")
	}
	return s.is, nil
}

func (s *sample) Stood(*app.Call, string, handling.Standing) error { return nil }

// doors are sessions by name.
type doors map[string]access.Actor

func (d doors) Resolve(_ context.Context, token string, via access.Via) (access.Actor, web.Prefs, error) {
	name, lang, _ := strings.Cut(token, "/")
	a, ok := d[name]
	if !ok {
		return access.Nobody(via), web.Prefs{}, nil
	}
	a.Via = via
	return a, web.Prefs{Lang: i18n.Parse(lang), Committee: "政协云州市委员会", SealKey: "a2V5"}, nil
}

// town is a server with one case.
type town struct {
	*testkit.World
	t      *testing.T
	server *httptest.Server
}

func build(t *testing.T) *town {
	t.Helper()
	s := &sample{}
	h := testkit.Open(t, store.SQLite, []app.Module{handling.Module(), document.Module()}, []any{handling.Kinds{"sample": s}, handling.Owners()})
	w := testkit.NewWorld(t, h)
	s.is = handling.Case{Kind: "sample", ID: "1", CommitteeID: w.CommitteeID, Number: "第 001 号", Title: "关于路灯的提案", Ready: true, Timing: "session",
		FiledAt: clock.InstantOf(w.Clock.Now()), Items: []handling.Item{{No: 1, Text: "增设路灯"}, {No: 2, Text: "及时维修"}}, Suggested: []string{w.Bodies["unitA"]},
		Proposers: []handling.Proposer{{PersonID: w.Members[0].PersonID, Name: "林知远", Lead: true}, {PersonID: w.Members[1].PersonID, Name: "周若水"}}}
	k := web.NewKit(h.App, h.Words, doors{"office": w.Office, "desk": w.GovDesk, "handler": w.HandlerA, "signer": w.SignerA, "assistant": w.HandlerB,
		"member": w.Members[0], "second": w.Members[1], "other": w.Members[4], "stranger": w.Stranger, "admin": w.SysAdmin}, false)
	handlingweb.Routes(k, api.NewKit(k))
	server := httptest.NewServer(k.Handler())
	t.Cleanup(server.Close)
	return &town{w, t, server}
}

// send asks as somebody and gives status, body and where it leads.
func (w *town) send(method, path, who string, form url.Values, header ...string) (status int, body, location string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.AddCookie(&http.Cookie{Name: "tongxin", Value: who})
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := c.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return r.StatusCode, string(b), r.Header.Get("Location")
}

var (
	ids     = regexp.MustCompile(` id="([^"]+)"`)
	inline  = regexp.MustCompile(`<style|<script>|\sstyle=|\son[a-z]+=`)
	missing = "⟦"
)

// page opens a page in both languages and looks for what no page may have:
// inline style or script, one id twice, a key without a text.
func (w *town) page(path, who string, want ...string) string {
	w.t.Helper()
	var chinese string
	for _, lang := range []string{"/en", ""} {
		status, body, to := w.send("GET", path, who+lang, nil)
		if status != http.StatusOK {
			w.t.Fatalf("%s as %s%s: %d to %q", path, who, lang, status, to)
		}
		if m := inline.FindString(body); m != "" {
			w.t.Errorf("%s has %s", path, m)
		}
		if strings.Contains(body, missing) || regexp.MustCompile(`>handling\.[a-z.-]+<`).MatchString(body) {
			i := strings.Index(body, missing)
			w.t.Errorf("%s%s: a key without a text: %s", path, lang, body[max(i, 0):min(max(i, 0)+80, len(body))])
		}
		seen := map[string]bool{}
		for _, m := range ids.FindAllStringSubmatch(body, -1) {
			if seen[m[1]] {
				w.t.Errorf("%s has two elements %q", path, m[1])
			}
			seen[m[1]] = true
		}
		chinese = body
	}
	for _, x := range want {
		if !strings.Contains(chinese, x) {
			w.t.Errorf("%s as %s does not show %q", path, who, x)
		}
	}
	return chinese
}

// post sends a form that must succeed and gives where it leads.
func (w *town) post(path, who string, pairs ...string) string {
	w.t.Helper()
	status, body, to := w.send("POST", path, who, form(pairs...))
	if status != http.StatusSeeOther {
		w.t.Fatalf("%s as %s: %d %s", path, who, status, problems(body))
	}
	return to
}

// refused sends a form that must be shown again with the sentence and with
// what was typed.
func (w *town) refused(path, who, sentence, typed string, pairs ...string) {
	w.t.Helper()
	status, body, _ := w.send("POST", path, who, form(pairs...))
	if status != http.StatusUnprocessableEntity && status != http.StatusConflict || !strings.Contains(body, sentence) || !strings.Contains(body, typed) {
		w.t.Errorf("%s as %s: %d %s (typed kept: %v)", path, who, status, problems(body), strings.Contains(body, typed))
	}
}

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func problems(body string) string {
	return strings.Join(regexp.MustCompile(`class="error[^>]*>[^<]*`).FindAllString(body, -1), "; ")
}

func (w *town) assignment(unit string) string {
	w.t.Helper()
	v, err := handling.Show.Do(w.t.Context(), w.App, w.Office, handling.ViewIn{Kind: "sample", ID: "1"})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, a := range v.Assignments {
		if a.UnitName == unit {
			return a.ID
		}
	}
	w.t.Fatalf("%s has no assignment", unit)
	return ""
}

// TestACaseByItsPages carries a case from dispatch to its end by forms.
func TestACaseByItsPages(t *testing.T) {
	t.Parallel()
	w := build(t)
	at := []string{"_kind", "sample", "_case", "1"}
	one := append([]string{"rows.0.kind", "sample", "rows.0.id", "1"}, at...)
	with := func(base []string, more ...string) []string { return append(append([]string(nil), base...), more...) }

	w.page("/cases/sample/1", "office", "送督查室或直接交办", "市住房和城乡建设局")
	w.refused("/dispatch/route", "office", "请选择督查室", "市魔法局", with(one, "rows.0.units.0.unit", "市魔法局", "rows.0.units.0.role", "lead")...)
	w.post("/dispatch/route", "office", with(one, "desk", w.Bodies["deskG"], "rows.0.units.0.unit", "市住房和城乡建设局", "rows.0.units.0.role", "lead", "_next", "/samples/1")...)
	w.page("/dispatch", "office", "没有等待交办的提案")
	w.page("/dispatch?at_desks=1", "office", "市政府督查室")
	w.page("/dispatch", "desk", "关于路灯的提案", "拟交")
	w.refused("/dispatch", "desk", "请至少选择一件", "", "rows.0.kind", "sample")
	w.refused("/dispatch", "desk", "主办单位只能有一个", "市财政局", "rows.0.kind", "sample", "rows.0.id", "1",
		"rows.0.units.0.unit", "市财政局", "rows.0.units.0.role", "lead", "rows.0.units.1.unit", "市委宣传部", "rows.0.units.1.role", "lead")
	if to := w.post("/dispatch", "desk", "rows.0.kind", "sample", "rows.0.id", "1", "rows.0.units.0.unit", "市住房和城乡建设局", "rows.0.units.0.role", "lead",
		"rows.0.units.1.unit", "市财政局", "rows.0.units.1.role", "assist"); to != "/dispatch?done=assignment.dispatch" {
		t.Errorf("dispatched to %s", to)
	}
	a, b := w.assignment("市住房和城乡建设局"), w.assignment("市财政局")
	w.page("/assignments", "handler", "关于路灯的提案", "待签收")
	w.page("/assignments?state=late", "desk", "没有符合条件的任务")
	w.page("/cases/sample/1", "handler", "签收", "这个期限怎么算出来的")
	w.refused("/assignments/"+a+"/sign", "handler", "能打通的电话", "石砚秋", with(at, "handler", "石砚秋", "phone", "没有")...)
	w.post("/assignments/"+a+"/sign", "handler", with(at, "handler", "石砚秋", "phone", "0000-1234567")...)
	w.post("/assignments/"+b+"/sign", "assistant", with(at, "handler", "陶以安", "phone", "0000-1234567")...)
	w.page("/cases/sample/1", "assistant", "出具会办意见")
	w.post("/assignments/"+b+"/opinion", "assistant", with(at, "number", "1号", "text", "同意。")...)
	w.refused("/assignments/"+a+"/contact", "handler", "须先征得提案者同意", "电话沟通过", with(at, "form", "phone", "held_on", "2026-01-12", "notes", "电话沟通过")...)
	w.post("/assignments/"+a+"/contact", "handler", with(at, "form", "meeting", "held_on", "2026-01-12", "notes", "当面沟通", "proposers", w.Members[0].PersonID, "proposers", w.Members[1].PersonID)...)
	w.page("/cases/sample/1", "member", "当面沟通", "0000-1234567")

	w.page("/cases/sample/1/reply", "handler", "拟写答复", `data-autosave="/assignments/`+a+`/reply"`, "增设路灯", `data-seal-key="a2V5"`)
	status, body, _ := w.send("POST", "/assignments/"+a+"/reply", "handler", form("version", "0", "body", "初稿", "items.0.no", "1", "items.0.answer", "拟增设"), "X-Requested-With", "autosave")
	var saved handling.ReplySaved
	if err := json.Unmarshal([]byte(body), &saved); status != 200 || err != nil || saved.Version != 1 {
		t.Fatalf("autosave: %d %s", status, body)
	}
	if status, _, _ := w.send("POST", "/assignments/"+a+"/reply", "signer", form("version", "0", "body", "另一稿"), "X-Requested-With", "autosave"); status != http.StatusConflict {
		t.Errorf("an older autosave: %d", status)
	}
	w.page("/cases/sample/1/reply", "handler", "初稿", "拟增设")
	text := with(at, "version", "1", "number", "云建〔2026〕1号", "class", "A", "body", "现答复如下<b>。", "publicity", "full",
		"items.0.no", "1", "items.0.outcome", "adopted", "items.0.answer", "已增设", "items.1.no", "2", "items.1.outcome", "adopted")
	w.refused("/assignments/"+a+"/submit", "handler", "请答复第 2 条建议", "现答复如下&lt;b&gt;。", text...)
	letter := w.post("/assignments/"+a+"/submit", "handler", with(text, "items.1.answer", "已安排")...)
	letter, _, _ = strings.Cut(letter, "?")
	if status, _, to := w.send("GET", "/cases/sample/1/reply", "handler", nil); status != 303 || to != letter {
		t.Errorf("writing what was sent for sign-off: %d %s", status, to)
	}
	for _, who := range []string{"member", "desk", "office", "assistant", "stranger", "admin"} {
		if status, _, _ := w.send("GET", letter, who, nil); status != http.StatusNotFound {
			t.Errorf("%s opens a draft: %d", who, status)
		}
	}
	w.page(letter, "signer", "签发并印发", "退回")
	w.refused(letter+"/return", "signer", "请填写此项", "", "version", "3")
	if to := w.post(letter+"/issue", "signer", "version", "3"); to != letter+"?done=reply.issue" {
		t.Errorf("issued to %s", to)
	}

	w.page(letter, "office", "已送达，未阅", "录入纸质评价")
	w.page(letter, "member", "现答复如下&lt;b&gt;。", "请您评价", "已阅")
	w.page(letter+"/print", "member", "承办单位印章处")
	w.page(letter+"/rate", "member", "对办理工作", "满意")
	w.refused(letter+"/rate", "member", "评为不满意时", "", "attitude", "satisfied", "result", "dissatisfied")
	w.post(letter+"/rate", "member", "attitude", "dissatisfied", "result", "basically", "reason", "没有时间表")
	if status, _, to := w.send("GET", letter+"/rate", "member", nil); status != 303 || to != letter {
		t.Errorf("rating again: %d %s", status, to)
	}
	w.refused(letter+"/rate-on-paper", "office", "请从本案提案者中选择", "", "rater", "x", "attitude", "satisfied", "result", "satisfied")
	w.post(letter+"/rate-on-paper", "office", "rater", w.Members[1].PersonID, "attitude", "satisfied", "result", "satisfied")
	w.page("/cases/sample/1", "office", "本案已于", "不满意", "纸质评价")
	w.page("/cases/sample/1", "member", "没有时间表")
	w.page("/assignments?state=answered", "handler", "已办复")
	w.page("/assignments", "office", "没有符合条件的任务")
	for _, path := range []string{"/cases/sample/1", "/cases/nothing/1", "/cases/sample/1/reply", letter, letter + "/rate", letter + "/print"} {
		for _, who := range []string{"stranger", "admin", "other"} {
			if status, _, _ := w.send("GET", path, who, nil); status != http.StatusNotFound {
				t.Errorf("%s opens %s: %d", who, path, status)
			}
		}
	}
}

// TestTheSameByJSON asks and acts as programs do.
func TestTheSameByJSON(t *testing.T) {
	t.Parallel()
	w := build(t)
	call := func(method, path, who, in string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), method, w.server.URL+path, strings.NewReader(in))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+who)
		req.Header.Set("Content-Type", "application/json")
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
	if status, body := call("POST", "/api/v1/cases/route", "office", `{"desk":"direct","rows":[{"kind":"sample","id":"1"}]}`); status != 422 || !strings.Contains(body, `"field":"rows.0.units"`) {
		t.Errorf("without units: %d %s", status, body)
	}
	if status, body := call("POST", "/api/v1/cases/dispatch", "office", `{"rows":[{"kind":"sample","id":"1","units":[{"unit":"市财政局","role":"sole"}]}]}`); status != 200 || !strings.Contains(body, `"cases":1`) {
		t.Errorf("dispatch: %d %s", status, body)
	}
	status, body := call("GET", "/api/v1/cases/sample/1", "office", "")
	var v handling.View
	if err := json.Unmarshal([]byte(body), &v); status != 200 || err != nil || len(v.Assignments) != 1 || v.Assignments[0].Due.On.IsZero() {
		t.Fatalf("view: %d %v %s", status, err, body)
	}
	if status, body := call("POST", "/api/v1/assignments/"+v.Assignments[0].ID+"/sign", "member", `{"handler":"甲","phone":"0000-1234567"}`); status != 403 || !strings.Contains(body, "handling.unit-only") {
		t.Errorf("a member signs: %d %s", status, body)
	}
	if status, _ := call("GET", "/api/v1/assignments", "assistant", ""); status != 200 {
		t.Errorf("list: %d", status)
	}
	if status, _ := call("GET", "/api/v1/cases/waiting", "office", ""); status != 200 {
		t.Errorf("queue: %d", status)
	}
	if status, body := call("GET", "/api/openapi.json", "office", ""); status != 200 || !strings.Contains(body, `"reply.rate-on-paper"`) || !strings.Contains(body, `"assignment.route-queue"`) {
		t.Errorf("openapi: %d", status)
	}
}
