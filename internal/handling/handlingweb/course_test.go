package handlingweb_test

import (
	"regexp"
	"strings"
	"testing"

	"tongxin/internal/handling"
)

// inOrder reports whether the words stand on the page one after another.
func inOrder(body string, words ...string) bool {
	for _, x := range words {
		i := strings.Index(body, x)
		if i < 0 {
			return false
		}
		body = body[i+len(x):]
	}
	return true
}

// TestTheCourseKeepsTheUnitsThatHadTheCase: nobody forgets where a case was, and
// a proposer does not read why a unit gave it back.
func TestTheCourseKeepsTheUnitsThatHadTheCase(t *testing.T) {
	t.Parallel()
	w := build(t)
	at := []string{"_kind", "sample", "_case", "1"}
	with := func(more ...string) []string { return append(append([]string(nil), at...), more...) }
	w.post("/dispatch/route", "office", with("rows.0.kind", "sample", "rows.0.id", "1", "desk", w.Bodies["deskG"])...)
	w.post("/dispatch", "desk", "rows.0.kind", "sample", "rows.0.id", "1", "rows.0.units.0.unit", "市住房和城乡建设局", "rows.0.units.0.role", "lead",
		"rows.0.units.1.unit", "市财政局", "rows.0.units.1.role", "assist")
	a := w.assignment("市住房和城乡建设局")
	w.At(t, "2026-01-13T09:00")
	w.post("/assignments/"+a+"/object", "handler", with("reason", "职能已经划转", "unit", "市委宣传部")...)
	w.post("/assignments/"+a+"/consent", "signer", at...)
	w.At(t, "2026-01-14T09:00")
	w.post("/assignments/"+a+"/rule", "desk", with("ruling", "accepted", "unit", "市委宣传部")...)

	first := "交办市住房和城乡建设局（主办）、市财政局（会办）"
	if body := w.page("/cases/sample/1", "desk", "职能已经划转"); !inOrder(body[strings.Index(body, "办理过程"):], first, "申请退办，建议改由市委宣传部承办", "同意退办，改由市委宣传部承办", "不再承办", "交办市委宣传部（主办）") {
		t.Error("the desk reads another course")
	}
	body := w.page("/cases/sample/1", "member")
	if !inOrder(body[strings.Index(body, "办理过程"):], first, "市住房和城乡建设局</b>", "不再承办", "交办市委宣传部（主办）") {
		t.Error("the proposer does not read where his case was")
	}
	if strings.Contains(body, "职能已经划转") || strings.Contains(body, "申请退办") {
		t.Error("the proposer reads why the unit gave it back")
	}
}

// TestUnitsThatKeptSilentStandInOneLine: what the clockwork did at one instant
// is one line of the course.
func TestUnitsThatKeptSilentStandInOneLine(t *testing.T) {
	t.Parallel()
	w := build(t)
	w.post("/dispatch/route", "office", "rows.0.kind", "sample", "rows.0.id", "1", "desk", w.Bodies["deskG"])
	w.post("/dispatch", "desk", "rows.0.kind", "sample", "rows.0.id", "1", "rows.0.units.0.unit", "市住房和城乡建设局", "rows.0.units.0.role", "lead",
		"rows.0.units.1.unit", "市财政局", "rows.0.units.1.role", "assist")
	w.At(t, "2026-02-27T09:00")
	if err := w.App.RunTasks(t.Context()); err != nil {
		t.Fatal(err)
	}
	body := w.page("/cases/sample/1", "desk", "市住房和城乡建设局、市财政局</b>", "退办期限已过，视为接受")
	if n := strings.Count(body, "退办期限已过，视为接受"); n != 1 {
		t.Errorf("it is told %d times", n)
	}
}

// TestASecondReplyBeginsWithWhatWasPromised: answering anew forgets no promise,
// and the earlier reply is folded up.
func TestASecondReplyBeginsWithWhatWasPromised(t *testing.T) {
	t.Parallel()
	w, ids := promised(t, "增设路灯二十盏")
	v, err := handling.Show.Do(t.Context(), w.App, w.Office, handling.ViewIn{Kind: "sample", ID: "1"})
	if err != nil {
		t.Fatal(err)
	}
	first := v.Replies[0].ID
	w.post("/replies/"+first+"/rate", "member", "attitude", "satisfied", "result", "dissatisfied", "reason", "没有时间表")
	body := w.page("/cases/sample/1/reply", "handler", `value="增设路灯二十盏"`, `value="`+ids[0]+`" selected`)
	due := regexp.MustCompile(`name="promises.0.due_on"[^>]*value="([0-9-]+)"`).FindStringSubmatch(body)
	if due == nil {
		t.Fatal("the day of the promise is not there")
	}
	a := w.assignment("市住房和城乡建设局")
	w.At(t, "2026-01-20T09:00")
	letter := w.post("/assignments/"+a+"/submit", "handler", "_kind", "sample", "_case", "1", "version", "0", "number", "云建〔2026〕9号", "class", "B", "body", "再次答复如下。", "publicity", "full",
		"items.0.no", "1", "items.0.outcome", "planned", "items.0.answer", "三月增设", "items.1.no", "2", "items.1.outcome", "adopted", "items.1.answer", "已安排",
		"promises.0.no", "1", "promises.0.text", "增设路灯二十盏", "promises.0.owner", "何承宇", "promises.0.due_on", due[1], "promises.0.renews", ids[0])
	letter, _, _ = strings.Cut(letter, "?")
	if body := w.page(letter, "signer", "签发并印发"); strings.Contains(body, "撤回修改") {
		t.Error("who signs is offered to take it back, beside giving it back")
	}
	w.post(letter+"/issue", "signer", "version", "2")
	w.page("/cases/sample/1", "member", "此前答复中的承诺", "的第 2 次答复", "市住房和城乡建设局的答复 · B 类")
}
