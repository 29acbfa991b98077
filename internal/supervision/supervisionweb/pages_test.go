package supervisionweb_test

import (
	"context"
	"encoding/json"
	"fmt"
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
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/i18n"
	"tongxin/internal/store"
	"tongxin/internal/supervision"
	"tongxin/internal/supervision/supervisionweb"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

// sample is a kind with as many cases as are asked for.
type sample struct{ committee, member string }

func (s *sample) Case(l *app.Look, id string) (handling.Case, error) {
	if l.Who().CommitteeID != s.committee {
		return handling.Case{}, fault.New(fault.NotFound, "fault.not-found")
	}
	return handling.Case{Kind: "sample", ID: id, CommitteeID: s.committee, Number: "第 00" + id + " 号", Title: "关于<路灯>的提案" + id, Ready: true, Timing: "session",
		FiledAt: clock.InstantOf(testkit.Start), Proposers: []handling.Proposer{{PersonID: s.member, Name: "林知远", Lead: true}}}, nil
}

func (*sample) Stood(*app.Call, string, handling.Standing) error { return nil }

// doors are sessions by name.
type doors map[string]access.Actor

func (d doors) Resolve(_ context.Context, token string, via access.Via) (access.Actor, web.Prefs, error) {
	name, lang, _ := strings.Cut(token, "/")
	a, ok := d[name]
	if !ok {
		return access.Nobody(via), web.Prefs{}, nil
	}
	a.Via = via
	return a, web.Prefs{Lang: i18n.Parse(lang), Committee: "政协云州市委员会"}, nil
}

// town is a server with units that owe something.
type town struct {
	*testkit.World
	t      *testing.T
	server *httptest.Server
}

func build(t *testing.T) *town {
	t.Helper()
	s := &sample{}
	h := testkit.Open(t, store.SQLite, []app.Module{handling.Module(), supervision.Module()}, []any{handling.Kinds{"sample": s}, supervision.Chased{}})
	w := testkit.NewWorld(t, h)
	s.committee, s.member = w.CommitteeID, w.Members[0].PersonID
	k := web.NewKit(h.App, h.Words, doors{"office": w.Office, "chief": w.Chief, "desk": w.GovDesk, "party": w.PartyDesk, "handler": w.HandlerA, "signer": w.SignerA, "other": w.HandlerB,
		"leader": w.Leader, "member": w.Members[0], "stranger": w.Stranger, "admin": w.SysAdmin}, false)
	supervisionweb.Routes(k, api.NewKit(k))
	server := httptest.NewServer(k.Handler())
	t.Cleanup(server.Close)
	return &town{w, t, server}
}

// give sends a case to a unit through the government's supervision office and
// tells its assignment.
func (w *town) give(id, unit string) string {
	w.t.Helper()
	if _, err := handling.RouteCases.Do(w.t.Context(), w.App, w.Office, handling.RouteIn{Desk: w.Bodies["deskG"], Rows: []handling.CaseRow{{Kind: "sample", ID: id}}}); err != nil {
		w.t.Fatal(err)
	}
	_, err := handling.Dispatch.Do(w.t.Context(), w.App, w.GovDesk, handling.DispatchIn{Rows: []handling.CaseRow{{Kind: "sample", ID: id, Units: []handling.UnitRole{{Unit: w.Bodies[unit], Role: handling.Sole}}}}})
	if err != nil {
		w.t.Fatal(err)
	}
	v, err := handling.Show.Do(w.t.Context(), w.App, w.Office, handling.ViewIn{Kind: "sample", ID: id})
	if err != nil {
		w.t.Fatal(err)
	}
	return v.Assignments[0].ID
}

func (w *town) send(method, path, who string, form url.Values) (status int, body, location string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.AddCookie(&http.Cookie{Name: "tongxin", Value: who})
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
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
	elements = regexp.MustCompile(` id="([^"]+)"`)
	inline   = regexp.MustCompile(`<style|<script>|\sstyle=|\son[a-z]+=|<路灯>`)
	keys     = regexp.MustCompile(`⟦[^⟧]*⟧|>(supervision|handling)\.[a-z.-]+<|>[^<]*\{[a-z]+\}[^<]*<`)
)

// page opens a page in both languages and looks for what no page may have:
// inline style or script, text that was not escaped, one id twice, a key
// without a text.
func (w *town) page(path, who string, want ...string) string {
	w.t.Helper()
	var chinese string
	for _, lang := range []string{"/en", ""} {
		status, body, to := w.send("GET", path, who+lang, nil)
		if status != http.StatusOK {
			w.t.Fatalf("%s as %s%s: %d to %q", path, who, lang, status, to)
		}
		for _, bad := range []*regexp.Regexp{inline, keys} {
			if m := bad.FindString(body); m != "" {
				w.t.Errorf("%s as %s%s has %s", path, who, lang, m)
			}
		}
		seen := map[string]bool{}
		for _, m := range elements.FindAllStringSubmatch(body, -1) {
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

func (w *town) post(path, who string, pairs ...string) string {
	w.t.Helper()
	status, body, to := w.send("POST", path, who, form(pairs...))
	if status != http.StatusSeeOther {
		w.t.Fatalf("%s as %s: %d %s", path, who, status, problems(body))
	}
	to, _, _ = strings.Cut(to, "?")
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

// hidden wants a page that is not there for some.
func (w *town) hidden(path string, who ...string) {
	w.t.Helper()
	for _, x := range who {
		if status, _, _ := w.send("GET", path, x, nil); status != http.StatusNotFound {
			w.t.Errorf("%s opens %s: %d", x, path, status)
		}
	}
}

// TestSupervisionByItsPages walks from the overview down to a letter and back.
func TestSupervisionByItsPages(t *testing.T) {
	t.Parallel()
	w := build(t)
	w.page("/supervision", "office", "还没有交办的任务")
	w.page("/supervision/units/"+w.Bodies["unitA"], "handler", "目前没有在办的任务")
	w.page("/supervision/chases", "desk", "没有催办记录")
	w.page("/supervision/chases/new", "desk", "没有需要催办的任务")
	one, two, three := w.give("1", "unitA"), w.give("2", "unitA"), w.give("3", "unitB")
	w.At(t, "2026-05-10T09:00")

	unit := "/supervision/units/" + w.Bodies["unitA"]
	o := w.page("/supervision", "leader", "本周关注", "2 个单位有 3 件任务逾期", "市住房和城乡建设局", "<rect", `what=late"`)
	if strings.Contains(o, "/supervision/chases/new") {
		t.Error("a leader is offered to chase")
	}
	w.page("/supervision?year=2026&role=main&detail=1", "office", "退办获准", "承诺逾期", "市政府督查室", "催办全部逾期任务")
	w.page("/supervision?year=2026&role=assist", "chief", "还没有交办的任务")
	w.page("/supervision?year=2025", "desk", "还没有交办的任务")
	w.page("/supervision", "party", "还没有交办的任务")
	for _, bad := range []string{"?year=soon", "?year=99999", "?role=mayor"} {
		if status, _, _ := w.send("GET", "/supervision"+bad, "office", nil); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", bad, status)
		}
	}
	if _, _, to := w.send("GET", "/supervision", "handler", nil); to != unit {
		t.Errorf("a unit is sent to %q", to)
	}
	w.hidden("/supervision", "member", "admin", "stranger")
	w.hidden("/supervision/overview.csv", "member", "handler")
	w.hidden("/supervision/assignments", "member", "admin")
	w.hidden(unit, "other", "member", "stranger")
	w.hidden("/supervision/units/"+w.Bodies["deskG"], "office")

	status, sheet, _ := w.send("GET", "/supervision/overview.csv?year=2026", "office", nil)
	if status != 200 || !strings.HasPrefix(sheet, "\ufeff承办单位,交办合计") && !strings.HasPrefix(sheet, "\ufeff承办单位,交办") || !strings.Contains(sheet, "市住房和城乡建设局,2,2,0,0,2,0,0") || !strings.Contains(sheet, "合计,3,3") {
		t.Errorf("the sheet: %d %s", status, sheet)
	}
	w.page("/supervision/assignments?what=late&year=2026&unit="+w.Bodies["unitA"], "desk", "第 001 号", "待签收", "签收逾期", "催办所选")
	w.page("/supervision/assignments?what=all&q=002", "handler", "第 002 号")
	w.page("/supervision/assignments?what=done", "office", "没有符合条件的任务")
	w.page("/supervision/assignments?what=objected", "party", "没有符合条件的任务")
	w.page(unit, "desk", "写催办单", "逾期", "第 002 号")

	// One chase is formal and about the unit's two cases.
	w.page("/supervision/chases/new?unit="+w.Bodies["unitA"]+"&form=letter", "desk", "催办单", "这个期限怎么算出来的", one)
	w.hidden("/supervision/chases/new", "handler", "leader", "member")
	w.refused("/supervision/chases", "desk", "请填写此项", "还没写完", "_unit", w.Bodies["unitA"], "ids", one, "form", "letter", "requirement", "", "again", "1", "reason", "还没写完")
	w.refused("/supervision/chases", "desk", "请至少选择一件", "快办", "_unit", w.Bodies["unitA"], "form", "letter", "requirement", "快办")
	chase := w.post("/supervision/chases", "desk", "ids", one, "ids", two, "form", "letter", "requirement", "请抓紧<办理>。")
	w.page(chase, "handler", "催办〔2026〕1 号", "请抓紧&lt;办理&gt;。", "确认签收", "第 002 号")
	w.page(chase+"/print", "signer", "发文单位印章处", "提案办理催办单")
	w.hidden(chase, "other", "party", "member", "admin", "stranger")
	w.refused("/supervision/chases", "desk", "催办过。确需再次催办的", "再催", "_ids", one, "ids", one, "form", "note", "requirement", "再催")

	// In part: what was chased lately is left out, and told.
	status, body, _ := w.send("POST", "/supervision/chases", "office", form("ids", one, "ids", three, "form", "note", "requirement", "请办"))
	if status != 200 || !strings.Contains(body, "市财政局") || !strings.Contains(body, "第 001 号 已于 2026年5月10日 催办过") {
		t.Errorf("in part: %d %s", status, problems(body))
	}
	w.post(chase+"/receive", "signer")
	w.refused(chase+"/answer", "handler", "请填写此项", "", "words", " ")
	w.post(chase+"/answer", "handler", "words", "本月底前答复。")
	w.page(chase, "desk", "本月底前答复。", "已回复", "再次催办")
	w.page("/supervision/chases?state=all", "leader", "已回复", "待签收")
	w.page("/supervision/chases?state=open", "handler", "没有催办记录")
	w.page(unit, "signer", "已催办 1 次", "催办〔2026〕1 号")

	// A leader's instruction on what is late.
	at := "/supervision/assignments/" + one
	w.page(at, "leader", "作出批示", "市政府督查室")
	w.page(at, "desk", "第 001 号")
	w.hidden(at, "other", "party", "member")
	w.refused(at+"/instruct", "leader", "请填写今天以后", "请过问", "to", "unit", "words", "请过问", "due_on", "2026-05-10")
	note := w.post(at+"/instruct", "leader", "to", "unit", "words", "请主要负责同志过问。", "due_on", "2026-05-20")
	w.page(note, "handler", "请主要负责同志过问。", "提交反馈")
	w.hidden(note, "other", "party", "member")
	w.refused(note+"/report", "handler", "请填写此项", "")
	w.post(note+"/report", "handler", "words", "已专题研究。")
	w.page(note, "leader", "已专题研究。", "已反馈")
	w.page("/supervision", "leader", "领导批示", "已反馈")
}

// TestLongPagesHaveANextOne: the lists go on where they ended.
func TestLongPagesHaveANextOne(t *testing.T) {
	t.Parallel()
	w := build(t)
	for i := range 53 {
		w.give(fmt.Sprint(i), "unitA")
	}
	first := w.page("/supervision/units/"+w.Bodies["unitA"], "desk", "下一页")
	next := regexp.MustCompile(`href="([^"]+)" rel="next"`).FindStringSubmatch(first)
	if next == nil {
		t.Fatal("no next page")
	}
	last := w.page(strings.ReplaceAll(next[1], "&amp;", "&"), "desk")
	if n := strings.Count(last, `class="ttl"`); n != 3 {
		t.Errorf("%d on the second page", n)
	}
	w.page("/supervision/assignments?what=open", "office", "下一页", "53")
}

// TestTheSameByJSON asks and acts as programs do.
func TestTheSameByJSON(t *testing.T) {
	t.Parallel()
	w := build(t)
	one := w.give("1", "unitA")
	w.At(t, "2026-05-10T09:00")
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
	status, body := call("GET", "/api/v1/supervision?detail=1", "office", "")
	var o supervision.Overview
	if err := json.Unmarshal([]byte(body), &o); status != 200 || err != nil || o.Total.Late != 1 || o.Details == nil {
		t.Fatalf("overview: %d %v %s", status, err, body)
	}
	status, body = call("POST", "/api/v1/supervision/chases", "desk", `{"ids":["`+one+`"],"form":"letter","requirement":"请办"}`)
	var out supervision.SendOut
	if err := json.Unmarshal([]byte(body), &out); status != 200 || err != nil || len(out.Sent) != 1 {
		t.Fatalf("send: %d %v %s", status, err, body)
	}
	at := "/api/v1/supervision/chases/" + out.Sent[0].ID
	for _, x := range []struct {
		method, path, who, in string
		status                int
		want                  string
	}{
		{"POST", "/api/v1/supervision/chases", "desk", `{"ids":["` + one + `"],"form":"letter","requirement":"请办"}`, 422, `"field":"again"`},
		{"POST", "/api/v1/supervision/chases", "party", `{"ids":["` + one + `"],"form":"letter","requirement":"请办"}`, 404, "fault.not-found"},
		{"GET", at, "handler", "", 200, `"answer_due"`},
		{"GET", at, "other", "", 404, "fault.not-found"},
		{"POST", at + "/receive", "signer", `{}`, 200, "received_at"},
		{"POST", at + "/answer", "signer", `{"words":"好"}`, 200, `"late":false`},
		{"GET", "/api/v1/supervision/chases?state=answered", "desk", "", 200, `"total":1`},
		{"GET", "/api/v1/supervision/chases/candidates?what=open", "desk", "", 200, one},
		{"GET", "/api/v1/supervision/assignments?what=late", "handler", "", 200, `"colour":"red"`},
		{"GET", "/api/v1/supervision/assignments/" + one, "leader", "", 200, `"may_instruct":true`},
		{"GET", "/api/v1/supervision/units/" + w.Bodies["unitA"], "handler", "", 200, `"chases"`},
		{"GET", "/api/v1/supervision/attention", "leader", "", 200, `"late":1`},
		{"POST", "/api/v1/supervision/assignments/" + one + "/instruct", "leader", `{"to":"desk","words":"办","due_on":"2026-06-01"}`, 200, `"id"`},
		{"GET", "/api/v1/supervision?year=1", "office", "", 422, `"field":"year"`},
		{"GET", "/api/openapi.json", "office", "", 200, `"chase.send"`},
	} {
		if status, body := call(x.method, x.path, x.who, x.in); status != x.status || !strings.Contains(body, x.want) {
			t.Errorf("%s %s as %s: %d %s", x.method, x.path, x.who, status, body)
		}
	}
}
