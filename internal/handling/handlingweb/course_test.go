package handlingweb_test

import (
	"strings"
	"testing"
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
