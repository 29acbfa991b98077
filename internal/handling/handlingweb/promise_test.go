package handlingweb_test

import (
	"encoding/csv"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/handling"
)

func do[In any, S app.Subject, Out any](w *town, a *app.Action[In, S, Out], who string, in In) Out {
	w.t.Helper()
	people := doors{"office": w.Office, "desk": w.GovDesk, "handler": w.HandlerA, "signer": w.SignerA}
	out, err := a.Do(w.t.Context(), w.App, people[who], in)
	if err != nil {
		w.t.Fatalf("%s: %v", a.Name(), err)
	}
	return out
}

// promised is a town in which unit A promised things in its reply; the ids are
// in order of their days.
func promised(t *testing.T, texts ...string) (*town, []string) {
	t.Helper()
	w := build(t)
	row := []handling.CaseRow{{Kind: "sample", ID: "1", Units: []handling.UnitRole{{Unit: w.Bodies["unitA"], Role: handling.Sole}}}}
	do(w, handling.RouteCases, "office", handling.RouteIn{Desk: w.Bodies["deskG"], Rows: row})
	do(w, handling.Dispatch, "desk", handling.DispatchIn{Rows: row})
	a := w.assignment("市住房和城乡建设局")
	do(w, handling.Sign, "handler", handling.SignIn{ID: a, Handler: "石砚秋", Phone: "0000-1234567"})
	do(w, handling.RecordContact, "handler", handling.ContactIn{ID: a, Form: "meeting", HeldOn: w.Clock.Now().Format("2006-01-02"), Notes: "当面沟通"})
	text := handling.ReplyText{Number: "云建〔2026〕1号", Class: "B", Body: "现答复如下。", Publicity: "full",
		Items: []handling.ItemAnswer{{No: 1, Outcome: "planned", Answer: "拟增设"}, {No: 2, Outcome: "adopted", Answer: "已安排"}}}
	for i, x := range texts {
		text.Promises = append(text.Promises, handling.PromiseText{No: 1, Text: x, Owner: "何承宇", DueOn: w.Clock.Now().AddDate(0, 0, 30*(i+1)).Format("2006-01-02")})
	}
	out := do(w, handling.Submit, "handler", handling.SubmitIn{ID: a, ReplyText: text})
	do(w, handling.Issue, "signer", handling.IssueIn{ID: out.ID, Version: out.Version})
	v, err := handling.Show.Do(t.Context(), w.App, w.Office, handling.ViewIn{Kind: "sample", ID: "1"})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, p := range v.Promises {
		ids = append(ids, p.ID)
	}
	return w, ids
}

// TestPromisesByTheirPages carries three promises to their ends by forms.
func TestPromisesByTheirPages(t *testing.T) {
	t.Parallel()
	w, ids := promised(t, "增设路灯<b>二十盏", "更换灯罩", "成立维修队")
	at := []string{"_kind", "sample", "_case", "1"}
	with := func(more ...string) []string { return append(append([]string(nil), at...), more...) }
	one, two, three := "/promises/"+ids[0], "/promises/"+ids[1], "/promises/"+ids[2]
	today := w.Clock.Now().Format("2006-01-02")

	w.page("/promises", "handler", "增设路灯&lt;b&gt;二十盏", "何承宇", "落实中")
	w.page("/cases/sample/1", "handler", "报告已落实", "申请取消这项承诺", one)
	w.page("/cases/sample/1", "desk", "取消这项承诺", "取消立即生效")
	w.page(one, "handler", "报告已落实", "附件")
	if body := w.page("/cases/sample/1", "member", "承诺事项"); strings.Contains(body, "/keep\"") || strings.Contains(body, "取消这项承诺") {
		t.Error("a proposer is offered what only the unit does")
	}
	w.refused(one+"/keep", "handler", "请填写此项", today, with("version", "1", "kept_on", today)...)
	w.refused(one+"/keep", "handler", "日期", "灯装好了", "version", "1", "kept_on", "昨天", "evidence", "灯装好了")
	if to := w.post(one+"/keep", "handler", with("version", "1", "kept_on", today, "evidence", "灯装好了，<i>验收单</i>见附件")...); to != "/samples/1?done=promise.keep" {
		t.Errorf("kept, led to %s", to)
	}
	w.page(one, "member", "请您确认是否落实", "灯装好了，&lt;i&gt;验收单")
	w.refused(one+"/confirm", "second", "请填写此项", "", "answer", "no")
	if to := w.post(one+"/confirm", "second", "answer", "no", "words", "只装了五盏"); to != one+"?done=promise.confirm" {
		t.Errorf("confirmed, led to %s", to)
	}
	w.refused(one+"/confirm", "member", "已经作出确认", "", with("answer", "yes")...)
	w.page(one, "handler", "认为没有落实", "只装了五盏", "报告已落实")

	w.post(two+"/cancel", "signer", "version", "1", "reason", "规划调整")
	w.page(two, "desk", "承办单位申请取消承诺", "规划调整")
	if body := w.page(two, "member", "更换灯罩"); strings.Contains(body, "规划调整") {
		t.Error("a proposer reads what is not decided")
	}
	w.refused(two+"/decide", "desk", "请从选项中选择", "", with("version", "2")...)
	w.post(two+"/decide", "desk", with("version", "2", "decision", "granted")...)
	w.page(two, "second", "已取消", "规划调整")
	w.post(three+"/keep", "handler", "version", "1", "kept_on", today, "evidence", "维修队已经成立")
	w.post(three+"/confirm", "member", "answer", "yes")
	w.page("/cases/sample/1", "office", "林知远确认已经落实", "报告", "落实过程")

	for _, tab := range []string{"open", "near", "late", "awaiting", "kept", "cancelled", "replaced", "all", "running", "on-time", "tardy", "proved"} {
		w.page("/promises?state="+tab, "office")
	}
	w.page("/promises?state=kept", "office", "成立维修队", `aria-current="true"`)
	w.page("/promises?state=tardy", "office", "没有符合条件的承诺", "逾期后落实")
	if status, body, _ := w.send("GET", "/promises?state=nothing", "office", nil); status != http.StatusUnprocessableEntity || !strings.Contains(body, "增设路灯") {
		t.Errorf("a strange filter: %d", status)
	}
	w.Clock.Advance(40 * 24 * time.Hour)
	w.page("/promises?state=late", "desk", "逾期未落实", "增设路灯")
	for _, who := range []string{"admin"} {
		for _, path := range []string{"/promises", "/promises/export", "/promises/look-back", "/promises/look-back/print", one} {
			if status, _, _ := w.send("GET", path, who, nil); status != http.StatusNotFound {
				t.Errorf("%s opens %s: %d", who, path, status)
			}
		}
	}
	for _, who := range []string{"stranger", "other", "assistant"} {
		if status, _, _ := w.send("GET", one, who, nil); status != http.StatusNotFound {
			t.Errorf("%s opens a promise: %d", who, status)
		}
		w.page("/promises", who, "没有符合条件的承诺")
	}
}

// TestLookingBackByItsPages: the numbers lead to their rows, on paper stands
// every promise, and the file is one for spreadsheets.
func TestLookingBackByItsPages(t *testing.T) {
	t.Parallel()
	w, ids := promised(t, "=HYPERLINK(\"x\")", "更换灯罩")
	year := w.Clock.Now().Format("2006")
	w.post("/promises/"+ids[1]+"/keep", "handler", "version", "1", "kept_on", w.Clock.Now().Format("2006-01-02"), "evidence", "已更换")
	w.page("/promises/look-back", "handler")
	body := w.page("/promises/look-back?year="+year, "office", "市住房和城乡建设局", "1 / 1")
	links := regexp.MustCompile(`href="(/promises\?[^"]+)"[^>]*>(\d+)<`).FindAllStringSubmatch(body, -1)
	if len(links) != 3 { // promised, in time, not due
		t.Errorf("%d numbers lead to rows: %v", len(links), links)
	}
	for _, l := range links {
		w.page(strings.ReplaceAll(l[1], "&amp;", "&"), "office", "共 "+l[2]+" 项")
	}
	w.page("/promises/look-back?year=1999", "office", "这一年没有登记的承诺", "1999")
	w.page("/promises/look-back/print?year="+year, "office", "更换灯罩", "已更换", "落实“回头看”")
	w.page("/promises/look-back/print?year=1999", "office", "这一年没有登记的承诺")

	status, file, _ := w.send("GET", "/promises/export?state=all", "office", nil)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	if status != http.StatusOK || err != nil || len(rows) != 3 || rows[1][2] != `'=HYPERLINK("x")` || rows[2][9] == "" {
		t.Errorf("the file: %d %v %v", status, err, rows)
	}
}

// TestAFurtherReplyNamesThePromise: its form offers the promises that stand.
func TestAFurtherReplyNamesThePromise(t *testing.T) {
	t.Parallel()
	w, ids := promised(t, "增设路灯", "更换灯罩")
	a := w.assignment("市住房和城乡建设局")
	w.post("/assignments/"+a+"/follow-up", "handler", "_kind", "sample", "_case", "1")
	body := w.page("/cases/sample/1/reply", "handler", "接续哪项承诺", "新的承诺")
	if n := strings.Count(body, `<option value="`+ids[0]+`" selected>`); n != 1 {
		t.Errorf("the first promise is named on %d lines", n)
	}
	day := w.Clock.Now().AddDate(0, 6, 0).Format("2006-01-02")
	letter := w.post("/assignments/"+a+"/submit", "handler", "_kind", "sample", "_case", "1", "version", "1", "number", "云建〔2026〕9号", "class", "B", "body", "续复如下。", "publicity", "full",
		"items.0.no", "1", "items.0.outcome", "planned", "items.0.answer", "继续推进", "items.1.no", "2", "items.1.outcome", "adopted", "items.1.answer", "已安排",
		"promises.0.no", "1", "promises.0.text", "增设路灯", "promises.0.owner", "何承宇", "promises.0.due_on", day, "promises.0.renews", ids[0])
	letter, _, _ = strings.Cut(letter, "?")
	w.page(letter, "signer", "原定")
	w.post(letter+"/issue", "signer", "version", "3")
	w.page("/promises/"+ids[0], "member", "已重新答复", "重新承诺")
	w.page("/promises", "member", "原定", "更换灯罩")
}

type nothing struct{}

func (nothing) Object() (string, string) { return "test", "" }

// TestTheCommitteesQuestionsAreAsked on the form of a rating.
func TestTheCommitteesQuestionsAreAsked(t *testing.T) {
	t.Parallel()
	w, _ := promised(t, "增设路灯")
	rules := app.Define("test.rules", func(*app.Call, struct{}) (nothing, error) { return nothing{}, nil }, access.Public[nothing], func(c *app.Call, _ nothing, _ struct{}) (struct{}, error) {
		_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO profile_version (committee_id, version, at, person_id, person_name, reason, rules) VALUES (?, 1, ?, 'x', 'test', 'test', ?)",
			w.CommitteeID, c.Now(), `{"handling":{"questions":[{"code":"pertinent","name":"答复是否针对所提建议"}]}}`)
		return struct{}{}, err
	})
	if _, err := rules.Do(t.Context(), w.App, w.Chief, struct{}{}); err != nil {
		t.Fatal(err)
	}
	v, err := handling.Show.Do(t.Context(), w.App, w.Members[0], handling.ViewIn{Kind: "sample", ID: "1"})
	if err != nil {
		t.Fatal(err)
	}
	letter := "/replies/" + v.Replies[0].ID
	w.page(letter+"/rate", "member", "答复是否针对所提建议")
	w.post(letter+"/rate", "member", "attitude", "satisfied", "result", "satisfied", "answers.0.code", "pertinent", "answers.0.grade", "basically")
	w.page("/cases/sample/1", "office", "答复是否针对所提建议")
}
