package commendationweb_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/commendation"
	"tongxin/internal/commendation/commendationweb"
	"tongxin/internal/handling"
	"tongxin/internal/i18n"
	"tongxin/internal/proposal"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

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

// town is a server with a few proposals.
type town struct {
	*testkit.World
	t      *testing.T
	server *httptest.Server
}

type nothing struct{}

// Object names nothing.
func (nothing) Object() (kind, id string) { return "test", "" }

func build(t *testing.T) *town {
	t.Helper()
	h := testkit.Open(t, store.SQLite, []app.Module{handling.Module(), proposal.Module(), commendation.Module()}, []any{handling.Kinds{"proposal": proposal.Cases{}}})
	w := &town{testkit.NewWorld(t, h), t, nil}
	w.At(t, "2026-11-02T09:00")
	for n := 1; n <= 4; n++ {
		author, publish := w.Members[1], "agreed"
		if n == 1 {
			author = w.Members[0]
		}
		if n == 4 {
			publish = "refused"
		}
		w.exec(`INSERT INTO proposal (id, committee_id, session_id, state, number, title, timing, kind, author_id, lead_name, publish, created_at, saved_at)
			VALUES (?, ?, ?, 'closed', ?, ?, 'session', 'individual', ?, ?, ?, 1, 1)`, fmt.Sprint("p", n), w.CommitteeID, w.Session, n, fmt.Sprintf("关于<b>事项%d的提案", n), author.PersonID, author.Name, publish)
	}
	k := web.NewKit(h.App, h.Words, doors{"office": w.Office, "chief": w.Chief, "reviewer": w.Reviewer, "member": w.Members[0], "second": w.Members[1],
		"third": w.Members[2], "unit": w.HandlerA, "leader": w.Leader, "stranger": w.Stranger, "admin": w.SysAdmin}, false)
	commendationweb.Routes(k, api.NewKit(k))
	w.server = httptest.NewServer(k.Handler())
	t.Cleanup(w.server.Close)
	return w
}

func (w *town) exec(sql string, args ...any) {
	w.t.Helper()
	a := app.Define("test.exec", func(*app.Call, struct{}) (nothing, error) { return nothing{}, nil }, access.Public[nothing],
		func(c *app.Call, _ nothing, _ struct{}) (struct{}, error) {
			_, err := c.Tx().Exec(c.Ctx(), sql, args...)
			return struct{}{}, err
		})
	if _, err := a.Do(w.t.Context(), w.App, w.Office, struct{}{}); err != nil {
		w.t.Fatal(err)
	}
}

// send asks as somebody and gives status, body and where it leads.
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
	ids     = regexp.MustCompile(` id="([^"]+)"`)
	inline  = regexp.MustCompile(`<style|<script>|\sstyle=|\son[a-z]+=`)
	bare    = regexp.MustCompile(`>\s*(?:done\.)?commendation\.[a-z._-]+\s*<`)
	missing = "⟦"
)

// page opens a page in both languages and looks for what no page may have: inline
// style or script, one id twice, a key without a text, a hole not filled.
func (w *town) page(path, who string, want ...string) string {
	w.t.Helper()
	var chinese string
	for _, lang := range []string{"/en", ""} {
		status, body, to := w.send("GET", path, who+lang, nil)
		if status != http.StatusOK {
			w.t.Fatalf("%s as %s%s: %d to %q", path, who, lang, status, to)
		}
		w.sound(path+lang, body)
		chinese = body
	}
	for _, x := range want {
		if !strings.Contains(chinese, x) {
			w.t.Errorf("%s as %s does not show %q", path, who, x)
		}
	}
	return chinese
}

func (w *town) sound(path, body string) {
	w.t.Helper()
	if m := inline.FindString(body); m != "" {
		w.t.Errorf("%s has %s", path, m)
	}
	if i := strings.Index(body, missing); i >= 0 {
		w.t.Errorf("%s: a key without a text: %s", path, body[i:min(i+80, len(body))])
	}
	if m := bare.FindString(body); m != "" {
		w.t.Errorf("%s shows a key: %s", path, m)
	}
	if m := regexp.MustCompile(`>[^<]*\{[a-z]+\}[^<]*<`).FindString(body); m != "" {
		w.t.Errorf("%s has a hole: %s", path, m)
	}
	if strings.Contains(body, "关于<b>") {
		w.t.Errorf("%s does not escape", path)
	}
	seen := map[string]bool{}
	for _, m := range ids.FindAllStringSubmatch(body, -1) {
		if seen[m[1]] {
			w.t.Errorf("%s has two elements %q", path, m[1])
		}
		seen[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`class="errors".*?</div>`).FindAllString(body, -1) {
		for _, l := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(m, -1) {
			if !seen[l[1]] {
				w.t.Errorf("%s: a problem leads to %q, which is not on the page", path, l[1])
			}
		}
	}
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

// refused sends a form that must be shown again with the sentence and with what
// was typed.
func (w *town) refused(path, who, sentence, typed string, pairs ...string) {
	w.t.Helper()
	status, body, _ := w.send("POST", path, who, form(pairs...))
	if status != http.StatusUnprocessableEntity && status != http.StatusConflict || !strings.Contains(body, sentence) || !strings.Contains(body, typed) {
		w.t.Errorf("%s as %s: %d %s (typed kept: %v)", path, who, status, problems(body), strings.Contains(body, typed))
	}
	w.sound(path+" refused", body)
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

// plan are the fields of a plan as the form sends them.
func plan(changes ...string) []string {
	fields := []string{"kind", "proposal", "year", "2026", "title", "2026 年度优秀提案评选", "opens_on", "2026-11-02", "closes_on", "2026-11-06", "number", "1", "per_mille", "0",
		"collective_percent", "0", "reach", "replied", "rating", "any", "criteria", "选题重要\n建议具体", "method", "vote", "mark", "50", "quorum_percent", "50", "notice_workdays", "5",
		"quotas.0.by", "member", "quotas.0.number", "3", "quotas.0.own_most", "1", "quotas.6.by", "unit", "quotas.6.number", "1", "quotas.6.linked", "1"}
	for i := 0; i < len(changes); i += 2 {
		if j := slices.Index(fields, changes[i]); j >= 0 {
			fields[j+1] = changes[i+1]
		} else {
			fields = append(fields, changes[i], changes[i+1])
		}
	}
	return fields
}

var candidateLink = regexp.MustCompile(`href="(/commendation-candidates/[^"]+)"`)

// TestACampaignByItsPages carries a campaign from the plan to the certificates.
func TestACampaignByItsPages(t *testing.T) {
	t.Parallel()
	w := build(t)
	w.page("/commendations", "member", "还没有评优活动")
	w.page("/commendations", "office", "拟定评优方案")
	for _, k := range []string{"proposal", "unit", "person"} {
		w.page("/commendations/new?kind="+k, "office", "推荐名额", "公示工作日")
	}
	if status, _, _ := w.send("GET", "/commendations/new", "member", nil); status != http.StatusNotFound {
		t.Errorf("a member plans: %d", status)
	}
	w.refused("/commendations", "office", "截止日不能早于开始日", "写好的名称", plan("title", "写好的名称", "closes_on", "2026-11-01", "quotas.0.number", "-3")...)
	at, _, _ := strings.Cut(w.post("/commendations", "office", plan()...), "?")
	if status, _, _ := w.send("GET", at, "member", nil); status != http.StatusNotFound {
		t.Errorf("a member sees a draft: %d", status)
	}
	w.page(at+"/edit", "office", "2026 年度优秀提案评选", `value="3"`)
	w.post(at+"/edit", "office", plan("version", "1")...)
	w.page(at, "chief", "启动推荐", "委员各 3 个", "限本单位主办的")
	w.post(at+"/open", "chief")

	w.page(at, "member", "您还可以推荐 3 个")
	body := w.page(at+"/nominate", "member", "还可推荐 3 个，共 3 个", "事项1", "事项3")
	if strings.Contains(body, "事项4") || strings.Contains(body, `href="/proposals/p2"`) || !strings.Contains(body, `href="/proposals/p1"`) {
		t.Error("the list shows what it must not, or leads where one may not go")
	}
	w.page(at+"/nominate?q=2", "member", "事项2")
	w.page(at+"/nominate?q=没有这样的", "member", "没有符合条件的")
	w.page(at+"/nominate?own=1", "member", "本人的")
	w.page(at+"/nominate?all=1", "office", "事项4")
	if status, body, _ := w.send("GET", at+"/nominate?after=x", "member", nil); status != http.StatusUnprocessableEntity || !strings.Contains(body, "翻页位置无效") {
		t.Errorf("a strange page: %d", status)
	}
	w.refused(at+"/nominate", "member", "请填写此项", "事项2", "subject", "p2", "reason", " ", "_q", "事项")
	w.refused(at+"/nominate", "unit", "只能推荐与本单位", "", "subject", "p2", "reason", "好")
	if to := w.post(at+"/nominate", "member", "subject", "p2", "reason", "选题好", "_q", "事项"); !strings.HasPrefix(to, at+"/nominate?q=") {
		t.Errorf("nominated to %s", to)
	}
	w.post(at+"/nominate", "member", "subject", "p1", "reason", "我自己的")
	w.post(at+"/nominate", "second", "subject", "p4", "reason", "好")
	body = w.page(at+"/nominate", "member", "还可推荐 1 个", "撤回推荐", "已推荐")
	withdraw := regexp.MustCompile(`action="(/commendation-nominations/[^"]+/withdraw)"`).FindAllStringSubmatch(body, -1)
	w.post(withdraw[1][1], "member", "_campaign", strings.TrimPrefix(at, "/commendations/"))
	w.refused(withdraw[1][1], "member", "已经撤回", "", "_campaign", strings.TrimPrefix(at, "/commendations/"))
	w.refused(at+"/close-nominating", "office", "次日起才能进入初评", "")
	w.refused(at+"/extend", "office", "请填写此项", "2026-11-07", "closes_on", "2026-11-07", "version", "3")
	w.post(at+"/extend", "office", "closes_on", "2026-11-07", "version", "3", "reason", "推荐不足")

	w.At(t, "2026-11-09T09:00")
	w.page(at+"/nominate", "member", "现在不在推荐时间内")
	w.post(at+"/close-nominating", "office")
	w.page(at, "member", "初评期间由办公室掌握")
	body = w.page(at, "office", "待初评", "各环节情况")
	for _, m := range candidateLink.FindAllStringSubmatch(body, -1) {
		w.page(m[1], "office", "初评意见", "推荐情况", "选题重要")
		w.refused(m[1]+"/read", "office", "请选择一项", "写了一半", "words", "写了一半", "version", "1")
		w.post(m[1]+"/read", "office", "words", "质量好", "verdict", "pass", "checks", "选题重要", "version", "1")
		w.page(m[1], "office", "符合：选题重要")
		if status, _, _ := w.send("GET", m[1], "member", nil); status != http.StatusNotFound {
			t.Errorf("a member sees the reading: %d", status)
		}
	}
	w.refused(at+"/close-review", "chief", "现在不是审议环节", "")
	w.post(at+"/close-reading", "office")
	w.reviewed(at)
}

// reviewed carries it on from the review: two are level at the cut of one.
func (w *town) reviewed(at string) {
	w.t.Helper()
	body := w.page(at+"/review", "reviewer", "每个候选只能审议一次", "事项4")
	rows := regexp.MustCompile(`name="rows\.(\d)\.id" value="([^"]+)"`).FindAllStringSubmatch(body, -1)
	w.refused(at+"/review", "reviewer", "请选择一项", "写了说明", "rows.0.id", rows[0][2], "rows.0.vote", "maybe", "rows.0.words", "写了说明")
	w.post(at+"/review", "reviewer", "rows.0.id", rows[0][2], "rows.0.vote", "yes")
	w.post("/commendation-candidates/"+rows[1][2]+"/review", "reviewer", "vote", "yes")
	w.page(at+"/review", "reviewer", "没有等待您审议的候选")
	w.post(at+"/review", "chief", "rows.0.id", rows[0][2], "rows.0.vote", "yes", "rows.1.id", rows[1][2], "rows.1.vote", "yes")
	w.page(at, "chief", "已参加 2 人")
	w.post(at+"/close-review", "chief")
	w.page(at, "leader", "并列")
	body = w.page(at+"/approve", "chief", "并列", "须由主席会议逐个决定", "超出名额的理由")
	if status, _, to := w.send("GET", at+"/approve", "office", nil); status != http.StatusSeeOther || to != at {
		w.t.Errorf("the office decides: %d %s", status, to)
	}
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(body)[1]
	decision := []string{"version", version, "decided_on", "2026-11-09", "reference", "第31次主席会议", "rows.0.id", rows[0][2], "rows.0.decision", "keep", "rows.1.id", rows[1][2]}
	w.refused(at+"/approve", "chief", "请选择入选或不入选", "第31次主席会议", decision...)
	decision = append(decision, "rows.1.decision", "keep")
	w.refused(at+"/approve", "chief", "超过名额 1 个，请说明理由", "第31次主席会议", decision...)
	w.post(at+"/approve", "chief", append(decision, "over_reason", "两件并列，一并表彰")...)
	w.page(at, "office", "两件并列，一并表彰", "开始公示")
	if status, _, _ := w.send("GET", at+"/winners", "third", nil); status != http.StatusNotFound {
		w.t.Errorf("winners before the notice: %d", status)
	}
	w.post(at+"/publish", "office")
	w.page(at, "third", "公示期怎么算出来的", "次日起算", "2026年11月16日")
	body = w.page(at+"/winners", "third", "公示名单", "案由不显示")
	w.page(at+"/winners", "office", "事项4")
	one := candidateLink.FindStringSubmatch(body)[1]
	w.page(one, "third", "提出异议")
	w.refused(one+"/object", "third", "请填写此项", "", "words", "")
	w.post(one+"/object", "third", "words", "内容与去年相同")
	body = w.page(at, "office", "内容与去年相同", "处理异议")
	rule := regexp.MustCompile(`action="(/commendation-objections/[^"]+/rule)"`).FindStringSubmatch(body)[1]
	campaign := strings.TrimPrefix(at, "/commendations/")
	w.refused(rule, "office", "请选择一项", "核实过了", "words", "核实过了", "_campaign", campaign)
	w.post(rule, "office", "words", "核实过了", "ruling", "dismissed", "_campaign", campaign)
	w.At(w.t, "2026-11-17T09:00")
	w.refused(at+"/announce", "chief", "请填写此项", "", "occasion", "")
	w.post(at+"/announce", "chief", "occasion", "十四届四次会议")
	w.page(at+"/winners", "third", "表彰名单", "十四届四次会议")
	w.page(at, "office", "证书文本", "入选")
	w.page("/commendations", "third", "入选 2 个", "已表彰")
	w.page(at+"/certificates", "office", "荣誉证书", "被评为 2026 年度优秀提案", "（用印处）")
	if status, _, _ := w.send("GET", at+"/certificates", "third", nil); status != http.StatusNotFound {
		w.t.Errorf("certificates for everybody: %d", status)
	}
	if status, body, _ := w.send("GET", at+"/winners.csv", "third", nil); status != 200 || !strings.Contains(body, "案号") || strings.Contains(body, "事项4") || !strings.Contains(body, "事项2") {
		w.t.Errorf("the list as a file: %d %s", status, body)
	}
	for _, path := range []string{at, at + "/winners", at + "/winners.csv", at + "/nominate", at + "/review", at + "/approve", at + "/edit", at + "/certificates", one} {
		for _, who := range []string{"stranger", "admin"} {
			if status, _, _ := w.send("GET", path, who, nil); status != http.StatusNotFound {
				w.t.Errorf("%s opens %s: %d", who, path, status)
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
	status, body := call("POST", "/api/v1/commendations", "office", `{"kind":"unit","year":2026,"title":"先进单位","opens_on":"2026-11-02","closes_on":"2026-11-06","number":2,"late_most":-1,
		"dissatisfied_most":-1,"criteria":"好","method":"vote","mark":50,"notice_workdays":5,"quotas":[{"by":"member","number":1}]}`)
	if status != 200 || !strings.Contains(body, `"stage":"draft"`) {
		t.Fatalf("create: %d %s", status, body)
	}
	id := regexp.MustCompile(`"id":"([^"]+)"`).FindStringSubmatch(body)[1]
	if status, body := call("POST", "/api/v1/commendations/"+id+"/open", "office", `{}`); status != 403 || !strings.Contains(body, "commendation.chief-only") {
		t.Errorf("the office opens: %d %s", status, body)
	}
	if status, body := call("POST", "/api/v1/commendations/"+id+"/open", "chief", `{}`); status != 200 {
		t.Fatalf("open: %d %s", status, body)
	}
	if status, body := call("GET", "/api/v1/commendations/"+id+"/eligible", "member", ""); status != 200 || !strings.Contains(body, `"left":1`) {
		t.Errorf("eligible: %d %s", status, body)
	}
	if status, body := call("POST", "/api/v1/commendations/"+id+"/nominate", "member", `{"subject":"`+w.Bodies["unitA"]+`","reason":"好"}`); status != 200 || !strings.Contains(body, `"left":0`) {
		t.Errorf("nominate: %d %s", status, body)
	}
	for _, path := range []string{"/api/v1/commendations", "/api/v1/commendations/form?kind=person", "/api/v1/commendations/marks?kind=unit&ids=x", "/api/v1/commendations/" + id} {
		if status, body := call("GET", path, "office", ""); status != 200 {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if status, body := call("GET", "/api/openapi.json", "office", ""); status != 200 || !strings.Contains(body, `"commendation.review-many"`) {
		t.Errorf("openapi: %d", status)
	}
}
