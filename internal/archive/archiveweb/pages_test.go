package archiveweb_test

import (
	"archive/zip"
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/archive"
	"tongxin/internal/archive/archiveweb"
	"tongxin/internal/document"
	"tongxin/internal/handling"
	"tongxin/internal/i18n"
	"tongxin/internal/jobs"
	"tongxin/internal/notify"
	"tongxin/internal/proposal"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

// doors are sessions by name, with the language after a slash.
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

type town struct {
	*testkit.World
	t *testing.T
	k *web.Kit
}

func build(t *testing.T) *town {
	t.Helper()
	owners := handling.Owners()
	owners["proposal"] = proposal.Attachments{}
	h := testkit.Open(t, store.SQLite, []app.Module{document.Module(), notify.Module(), jobs.Module(), handling.Module("proposal.filed"), proposal.Module(), archive.Module()},
		[]any{handling.Kinds{"proposal": proposal.Cases{}}, owners, archive.Kinds{"proposal": archive.Proposals{}}, jobs.Register(archive.Bulk()...)})
	w := testkit.NewWorld(t, h)
	k := web.NewKit(h.App, h.Words, doors{"office": w.Office, "chief": w.Chief, "leader": w.Leader, "member": w.Members[0], "admin": w.SysAdmin, "stranger": w.Stranger}, false)
	archiveweb.Routes(k, api.NewKit(k))
	return &town{w, t, k}
}

func do[In any, S app.Subject, Out any](w *town, a *app.Action[In, S, Out], who access.Actor, in In) Out {
	w.t.Helper()
	out, err := a.Do(w.t.Context(), w.App, who, in)
	if err != nil {
		w.t.Fatalf("%s: %v", a.Name(), err)
	}
	return out
}

// closed is a case that was carried to its end.
func (w *town) closed(title, number string) string {
	w.t.Helper()
	s := do(w, proposal.Submit, w.Members[0], proposal.SubmitIn{Writing: proposal.Writing{Title: title, Category: "society", Background: strings.Repeat("老旧小区上下楼难。", 20), Basis: "走访。",
		Items: []string{"简化审批手续"}, Publish: proposal.PublishAgreed}})
	do(w, proposal.Review, w.Office, proposal.ReviewIn{ID: s.ID})
	do(w, proposal.File, w.Chief, proposal.FileIn{ID: s.ID})
	do(w, handling.RouteCases, w.Office, handling.RouteIn{Desk: "direct", Rows: []handling.CaseRow{{Kind: "proposal", ID: s.ID, Units: []handling.UnitRole{{Unit: w.Bodies["unitA"], Role: handling.Sole}}}}})
	v, err := handling.Show.Do(w.t.Context(), w.App, w.Office, handling.ViewIn{Kind: "proposal", ID: s.ID})
	if err != nil {
		w.t.Fatal(err)
	}
	a := v.Assignments[0].ID
	do(w, handling.Sign, w.HandlerA, handling.SignIn{ID: a, Handler: "石砚秋", Phone: "0000-1234567"})
	do(w, handling.RecordContact, w.HandlerA, handling.ContactIn{ID: a, Form: "meeting", HeldOn: "2026-01-12", Proposers: []string{w.Members[0].PersonID}, Notes: "座谈。"})
	r := do(w, handling.Submit, w.HandlerA, handling.SubmitIn{ID: a, ReplyText: handling.ReplyText{Number: number, Class: "A", Publicity: "full", Body: "已经办结。", Items: []handling.ItemAnswer{{No: 1, Outcome: "adopted", Answer: "已经简化。"}}}})
	do(w, handling.Issue, w.SignerA, handling.IssueIn{ID: r.ID, Version: r.Version})
	do(w, handling.Rate, w.Members[0], handling.RateIn{ID: r.ID, Attitude: "satisfied", Result: "satisfied"})
	w.CaughtUp(w.t)
	return s.ID
}

func (w *town) send(method, path, who string, form url.Values) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.AddCookie(&http.Cookie{Name: "tongxin", Value: who})
	rec := httptest.NewRecorder()
	w.k.Handler().ServeHTTP(rec, r)
	return rec
}

var (
	ids    = regexp.MustCompile(` id="([^"]+)"`)
	inline = regexp.MustCompile(`<style|<script>|\sstyle=|\son[a-z]+=`)
)

// page opens a page in both languages and looks for what no page may have.
func (w *town) page(path, who string, want ...string) string {
	w.t.Helper()
	var body string
	for _, lang := range []string{"/en", ""} {
		rec := w.send("GET", path, who+lang, nil)
		body = rec.Body.String()
		if rec.Code != http.StatusOK {
			w.t.Fatalf("%s as %s%s: %d %s", path, who, lang, rec.Code, body)
		}
		w.clean(path, body)
	}
	for _, x := range want {
		if !strings.Contains(body, x) {
			w.t.Errorf("%s as %s does not show %q", path, who, x)
		}
	}
	return body
}

func (w *town) clean(path, body string) {
	w.t.Helper()
	if m := inline.FindString(body); m != "" {
		w.t.Errorf("%s has %s", path, m)
	}
	if i := strings.Index(body, "⟦"); i >= 0 {
		w.t.Errorf("%s lacks words: %.60s", path, body[i:])
	}
	seen := map[string]bool{}
	for _, m := range ids.FindAllStringSubmatch(body, -1) {
		if seen[m[1]] {
			w.t.Errorf("%s has two elements %q", path, m[1])
		}
		seen[m[1]] = true
	}
}

func pairs(list ...string) url.Values {
	v := url.Values{"_key": {strings.Join(list, "-")}}
	for i := 0; i+1 < len(list); i += 2 {
		v.Add(list[i], list[i+1])
	}
	return v
}

func TestACaseIsArchivedOnThePages(t *testing.T) {
	t.Parallel()
	w := build(t)
	w.page("/archive", "office", "没有等待归档的提案")
	w.page("/archive/numbers", "office", "还没有给出档号")
	id := w.closed("关于加装电梯的提案", "1号")
	sheet := "/archive/proposal/" + id
	w.page("/archive", "office", "关于加装电梯的提案", "可以归档", "批量归档")
	if body := w.page("/archive", "leader", "关于加装电梯的提案"); strings.Contains(body, `name="cases"`) {
		t.Error("a leader gets the form")
	}
	w.page(sheet, "office", "提案审查表", "归档时给出", "30 年")
	if body := w.page(sheet, "leader"); strings.Contains(body, `method="post" action="/archive`) {
		t.Error("a leader gets the forms")
	}
	rec := w.send("POST", sheet, "office", pairs("retention", "y99", "reason", "写过的理由"))
	if body := rec.Body.String(); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "写过的理由") || !strings.Contains(body, "请从保管期限表中选择") {
		t.Errorf("refused: %d", rec.Code)
	} else {
		w.clean(sheet, body)
	}
	if rec := w.send("POST", sheet, "office", pairs("retention", "", "reason", "")); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != sheet+"?done=archive.case" {
		t.Fatalf("archived: %d %s %s", rec.Code, rec.Header().Get("Location"), rec.Body.String())
	}
	w.page(sheet+"?done=archive.case", "office", "已归档。", "WS·2026·D30-0001", "第 1 版", "真实性", "答复：记录 1 份，全部在卷。")
	if rec := w.send("POST", sheet+"/verify", "office", pairs("edition", "1")); rec.Code != http.StatusSeeOther {
		t.Fatalf("verified: %d %s", rec.Code, rec.Body.String())
	}
	w.page(sheet, "leader", "复检，完好")
	rec = w.send("GET", sheet+"/file/1", "leader", nil)
	z, err := zip.NewReader(bytes.NewReader(rec.Body.Bytes()), int64(rec.Body.Len()))
	if err != nil || rec.Code != http.StatusOK || len(z.File) < 15 || !strings.Contains(rec.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("downloaded: %d %v", rec.Code, err)
	}
	for _, path := range []string{sheet + "/file/2", sheet + "/file/x", sheet + "/file/0", "/archive/proposal/none", "/archive/none/" + id} {
		if rec := w.send("GET", path, "office", nil); rec.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
	for _, who := range []string{"member", "admin", "stranger"} {
		for _, path := range []string{"/archive", "/archive/numbers", sheet, sheet + "/file/1", "/api/v1/archive", "/api/v1/archive/proposal/" + id, "/api/v1/archive/proposal/" + id + "/file/1"} {
			if rec := w.send("GET", path, who, nil); rec.Code != http.StatusNotFound {
				t.Errorf("%s as %s: %d", path, who, rec.Code)
			}
		}
	}
	if rec := w.send("POST", sheet+"/supplement", "office", pairs("reason", "补充")); rec.Code != http.StatusConflict || !strings.Contains(rec.Body.String(), "没有新的材料") {
		t.Errorf("nothing new: %d", rec.Code)
	}
	if rec := w.send("POST", sheet+"/reopen", "chief", pairs("reason", "")); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), "请写明理由") {
		t.Errorf("reopened without reason: %d", rec.Code)
	}
	for _, x := range []struct {
		path string
		form url.Values
	}{{"/reopen", pairs("reason", "单位将补充答复。")}, {"/retention", pairs("retention", "permanent", "reason", "重新鉴定。")}} {
		if rec := w.send("POST", sheet+x.path, "chief", x.form); rec.Code != http.StatusSeeOther {
			t.Errorf("%s: %d %s", x.path, rec.Code, rec.Body.String())
		}
	}
	w.page(sheet, "office", "第 2 版", "重新鉴定。", "WS·2026·Y-0001")
	w.page("/archive/numbers", "leader", "WS·2026·D30-0001", "调整保管期限后改用其他档号")
	w.page("/archive?state=archived", "office", "WS·2026·Y-0001", "永久")
	w.page("/archive?state=supplement", "office", "关于加装电梯的提案", "待补充")
	w.page("/archive?state=broken", "office", "这里还没有内容")
}

func TestManyAreArchivedFromTheList(t *testing.T) {
	t.Parallel()
	w := build(t)
	if rec := w.send("POST", "/archive", "office", pairs("session", w.Session)); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), "没有等待归档的提案") {
		t.Errorf("none: %d", rec.Code)
	}
	one, two := w.closed("关于加装电梯的提案", "1号"), w.closed("关于路灯的提案", "2号")
	rec := w.send("POST", "/archive", "office", pairs("session", w.Session, "cases", "proposal/"+one))
	if rec.Code != http.StatusSeeOther || !strings.HasPrefix(rec.Header().Get("Location"), "/jobs/") {
		t.Fatalf("chosen: %d %s", rec.Code, rec.Body.String())
	}
	if err := jobs.Work(t.Context(), w.App); err != nil {
		t.Fatal(err)
	}
	body := w.page("/archive", "office", "关于路灯的提案")
	if strings.Contains(body, one) || !strings.Contains(body, two) {
		t.Error("the one that was chosen still waits, or the other does not")
	}
}
