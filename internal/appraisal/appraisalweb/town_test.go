package appraisalweb_test

import (
	"context"
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
	"tongxin/internal/appraisal"
	"tongxin/internal/appraisal/appraisalweb"
	"tongxin/internal/clock"
	"tongxin/internal/handling"
	"tongxin/internal/i18n"
	"tongxin/internal/id"
	"tongxin/internal/notify"
	"tongxin/internal/store"
	"tongxin/internal/supervision"
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

// town is a server with a few answered cases.
type town struct {
	*testkit.World
	t      *testing.T
	server *httptest.Server
	kit    *web.Kit
}

func build(t *testing.T) *town {
	t.Helper()
	h := testkit.Open(t, store.SQLite, []app.Module{handling.Module(), supervision.Module(), notify.Module(appraisal.Notices()...), appraisal.Module()}, []any{handling.Kinds{}})
	w := testkit.NewWorld(t, h)
	w.At(t, "2026-12-31T09:00")
	k := web.NewKit(h.App, h.Words, doors{"office": w.Office, "chief": w.Chief, "leader": w.Leader, "desk": w.GovDesk, "handler": w.HandlerA, "signer": w.SignerA, "other": w.HandlerB,
		"member": w.Members[0], "second": w.Members[1], "third": w.Members[4], "stranger": w.Stranger, "admin": w.SysAdmin}, false)
	appraisalweb.Routes(k, api.NewKit(k))
	server := httptest.NewServer(k.Handler())
	t.Cleanup(server.Close)
	return &town{w, t, server, k}
}

type nothing struct{}

func (nothing) Object() (string, string) { return "test", "" }

// inside runs f in a transaction.
func (w *town) inside(f func(c *app.Call) error) {
	w.t.Helper()
	step := app.Define("test.inside", func(*app.Call, struct{}) (nothing, error) { return nothing{}, nil }, access.Public[nothing],
		func(c *app.Call, _ nothing, _ struct{}) (struct{}, error) { return struct{}{}, f(c) })
	if _, err := step.Do(w.t.Context(), w.App, w.Office, struct{}{}); err != nil {
		w.t.Fatal(err)
	}
}

func at(t testing.TB, text string) store.Time {
	t.Helper()
	var i clock.Instant
	if err := i.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return i
}

// answered writes an answered case of two proposers, the reply issued on a day,
// and gives its assignment.
func (w *town) answered(unit, day string) (assignment string) {
	w.t.Helper()
	assignment = id.New()
	reply, issued, sent := id.New(), at(w.t, day+"T10:00"), at(w.t, "2026-03-02T09:00")
	w.inside(func(c *app.Call) error {
		for _, x := range []struct {
			q    string
			args []any
		}{
			{"INSERT INTO handling_case (case_kind, case_id, committee_id, number, title, stage, opened_at) VALUES ('proposal', ?, ?, '第 007 号', '关于路灯的提案', 'replied', ?)", []any{"case-" + assignment, w.CommitteeID, sent}},
			{`INSERT INTO assignment (id, committee_id, case_kind, case_id, unit_id, unit_name, role, position, channel, dispatched_by, dispatched_at, state, sign_by, sign_due, signed_at, due_on, valid_from)
				VALUES (?, ?, 'proposal', ?, ?, ?, 'lead', 0, 'government', 'x', ?, 'answered', '2026-03-11', '', ?, '2026-06-02', ?)`, []any{assignment, w.CommitteeID, "case-" + assignment, w.Bodies[unit], unit, sent, sent, sent}},
			{`INSERT INTO reply (id, committee_id, case_kind, case_id, assignment_id, unit_id, unit_name, round, state, number, class, publicity, drafted_by, saved_at, issued_at, signed_off_at, due_on)
				VALUES (?, ?, 'proposal', ?, ?, ?, ?, 1, 'issued', ?, 'A', 'full', 'x', ?, ?, ?, '2026-06-02')`, []any{reply, w.CommitteeID, "case-" + assignment, assignment, w.Bodies[unit], unit, reply, issued, issued, issued}},
		} {
			if _, err := c.Tx().Exec(c.Ctx(), x.q, x.args...); err != nil {
				return err
			}
		}
		for i, m := range w.Members[:2] {
			if _, err := c.Tx().Exec(c.Ctx(), `INSERT INTO reply_delivery (reply_id, proposer_id, committee_id, case_kind, case_id, is_body, name, is_lead, rates, position, delivered_at) VALUES (?, ?, ?, 'proposal', ?, FALSE, ?, ?, TRUE, ?, ?)`,
				reply, m.PersonID, w.CommitteeID, "case-"+assignment, m.Name, i == 0, i, issued); err != nil {
				return err
			}
		}
		told := handling.About{CaseKind: "proposal", CaseID: "case-" + assignment, Number: "第 007 号", Title: "关于路灯的提案", UnitID: w.Bodies[unit], UnitName: unit}
		return c.Record(handling.WasIssued{About: told, ReplyID: reply, Class: "A"}, "proposal", "case-"+assignment)
	})
	w.CaughtUp(w.t)
	return assignment
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

// json sends a JSON request.
func (w *town) json(method, path, who, in string) (int, string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+path, strings.NewReader(in))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+who)
	req.Header.Set("Content-Type", "application/json")
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

var (
	ids    = regexp.MustCompile(` id="([^"]+)"`)
	inline = regexp.MustCompile(`<style|<script>|\sstyle=|\son[a-z]+=`)
	keys   = regexp.MustCompile(`>(appraisal|handling|web)\.[a-z.-]+<`)
	holes  = regexp.MustCompile(`\{[a-z_0-9]+\}`)
	forms  = regexp.MustCompile(`(?s)<form method="post".*?</form>`)
)

// page opens a page in both languages and looks for what no page may have:
// inline style or script, one id twice, a key without a text, a placeholder
// without a value, a form without its key.
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
		if i := strings.Index(body, "⟦"); i >= 0 || keys.MatchString(body) {
			w.t.Errorf("%s%s: a key without a text: %s %s", path, lang, body[max(i, 0):min(max(i, 0)+80, len(body))], keys.FindString(body))
		}
		if m := holes.FindString(strings.ReplaceAll(body, `data-checked-count`, "")); m != "" && m != "{time}" && m != "{reason}" {
			i := strings.Index(body, m)
			w.t.Errorf("%s%s: a placeholder without a value: %s", path, lang, body[max(i-60, 0):min(i+30, len(body))])
		}
		for _, f := range forms.FindAllString(body, -1) {
			if !strings.Contains(f, `name="_key"`) && !strings.Contains(f, `action="/preferences"`) && !strings.Contains(f, `action="/p`) && !strings.Contains(f, `action="/sign-out"`) {
				w.t.Errorf("%s: a form without a key: %.120s", path, f)
			}
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

// post sends a form that must succeed and gives where it leads, without what
// was done.
func (w *town) post(path, who string, pairs ...string) string {
	w.t.Helper()
	status, body, to := w.send("POST", path, who, form(pairs...))
	if status != http.StatusSeeOther {
		w.t.Fatalf("%s as %s: %d %s", path, who, status, problems(body))
	}
	to, done, _ := strings.Cut(to, "?done=")
	if !w.Words.In(i18n.Chinese).Has("done." + done) {
		w.t.Errorf("%s: nothing is said of %s", path, done)
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

// closed wants that somebody finds nothing there.
func (w *town) closed(path string, whos ...string) {
	w.t.Helper()
	for _, who := range whos {
		if status, _, _ := w.send("GET", path, who, nil); status != http.StatusNotFound {
			w.t.Errorf("%s opens %s: %d", who, path, status)
		}
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
	return fmt.Sprint(regexp.MustCompile(`class="error[^>]*>[^<]*`).FindAllString(body, -1), regexp.MustCompile(`(?s)class="errors".{0,200}`).FindString(body))
}
