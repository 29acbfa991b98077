package organizationweb_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/i18n"
	"tongxin/internal/identity"
	"tongxin/internal/organization"
	"tongxin/internal/organization/organizationweb"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

type acting struct {
	who  access.Actor
	lang i18n.Lang
}

func (a acting) Resolve(context.Context, string, access.Via) (access.Actor, web.Prefs, error) {
	return a.who, web.Prefs{Lang: a.lang}, nil
}

func send(t *testing.T, h *testkit.House, a acting, r *http.Request) (int, string, http.Header) {
	t.Helper()
	k := web.NewKit(h.App, h.Words, a, false)
	organizationweb.Routes(k, api.NewKit(k))
	rec := httptest.NewRecorder()
	k.Handler().ServeHTTP(rec, r)
	body := rec.Body.String()
	if at := strings.Index(body, "⟦"); at >= 0 {
		t.Errorf("%s lacks words: %.80s", r.URL.Path, body[at:])
	}
	return rec.Code, body, rec.Header()
}

func get(t *testing.T, h *testkit.House, a acting, path string) (int, string) {
	t.Helper()
	code, body, _ := send(t, h, a, httptest.NewRequest(http.MethodGet, path, nil))
	return code, body
}

func post(t *testing.T, h *testkit.House, a acting, path string, form url.Values) (int, string, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	code, body, head := send(t, h, a, r)
	return code, body, head.Get("Location")
}

func upload(t *testing.T, h *testkit.House, a acting, path string, fields map[string]string, file string) (int, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := m.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	if file != "" {
		f, err := m.CreateFormFile("file", "roster.csv")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, file); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	code, body, _ := send(t, h, a, r)
	return code, body
}

func TestFoundingOnThePage(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		nobody := acting{}
		for _, lang := range i18n.Langs() {
			if code, body := get(t, h, acting{lang: lang}, "/setup"); code != http.StatusOK || !strings.Contains(body, `name="code"`) {
				t.Errorf("the first page: %d", code)
			}
		}
		code, err := identity.EnsureBootstrap(t.Context(), h.App)
		if err != nil {
			t.Fatal(err)
		}
		form := url.Values{"code": {code}, "name": {"政协云州市委员会"}, "short_name": {"云州政协"}, "level": {"city"}, "term": {"14"}, "number": {"3"},
			"collect_from": {"2025-10-28T00:00"}, "opens_on": {"2026-01-27"}, "closes_on": {"2026-01-30"}, "cutoff_at": {"2026-01-29T18:30"},
			"admin_name": {"系统员"}, "login": {"xitong"}, "password": {"Green-Tea-4711"}, "again": {"Green-Tea-4712"}, "security_name": {"安全员"}, "auditor_name": {"审计员"}}
		if status, body, _ := post(t, h, nobody, "/setup", form); status != http.StatusUnprocessableEntity || !strings.Contains(body, "云州政协") || strings.Contains(body, "Green-Tea") {
			t.Errorf("passwords differ: %d", status)
		}
		form.Set("again", "Green-Tea-4711")
		status, body, _ := post(t, h, nobody, "/setup", form)
		if n := len(regexp.MustCompile(`<span class="code">`).FindAllString(body, -1)); status != http.StatusOK || n != 2 {
			t.Fatalf("founded: %d, %d codes\n%s", status, n, body)
		}
		if status, _, to := post(t, h, nobody, "/setup", form); status != http.StatusSeeOther && status != http.StatusConflict {
			t.Errorf("founded again: %d %s", status, to)
		}
		if status, _ := get(t, h, nobody, "/setup"); status != http.StatusSeeOther {
			t.Errorf("the first page afterwards: %d", status)
		}
	})
}

func TestEveryPageOfSetUp(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		paths := map[string]int{"/setup": 403, "/setup/committee": 403, "/setup/terms": 403, "/setup/roster": 200, "/setup/people/new": 403,
			"/setup/bodies/" + w.Bodies["unitA"]: 200, "/setup/bodies/merge?kind=unit": 403, "/setup/bodies/merge?ids=" + w.Bodies["unitA"]: 403,
			"/setup/bodies/" + w.Bodies["unitA"] + "/split": 403, "/setup/bodies/" + w.Bodies["unitA"] + "/end": 403}
		both := []string{"/setup/bodies", "/setup/bodies?kind=unit&closed=1", "/setup/bodies?kind=nonsense", "/setup/people", "/setup/people?q=lin&kind=member&body_id=" + w.Bodies["sector1"],
			"/setup/people?left=1", "/setup/people/" + w.Members[0].PersonID, "/setup/people/" + w.SysAdmin.PersonID}
		for _, lang := range i18n.Langs() {
			for path, office := range paths {
				if code, body := get(t, h, acting{w.SysAdmin, lang}, path); code != http.StatusOK {
					t.Errorf("%s: %d %s", path, code, body)
				}
				if code, _ := get(t, h, acting{w.Office, lang}, path); code != office {
					t.Errorf("the office at %s: %d", path, code)
				}
			}
			for _, path := range both {
				for _, who := range []access.Actor{w.SysAdmin, w.Office} {
					if code, body := get(t, h, acting{who, lang}, path); code != http.StatusOK {
						t.Errorf("%s at %s: %d %s", who.Name, path, code, body)
					}
				}
				if code, _ := get(t, h, acting{w.Members[0], lang}, path); code != http.StatusForbidden {
					t.Errorf("a member at %s: %d", path, code)
				}
			}
		}
		if code, _ := get(t, h, acting{w.SysAdmin, ""}, "/setup/people/"+w.Stranger.PersonID); code != http.StatusNotFound {
			t.Errorf("a stranger: %d", code)
		}
		if _, body := get(t, h, acting{w.Office, ""}, "/setup/people/"+w.Members[0].PersonID); strings.Contains(body, `action="/setup/`) {
			t.Error("the office sees forms it may not send")
		}
	})
}

func TestSettingUpOnThePages(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		admin := acting{w.SysAdmin, i18n.Chinese}
		done := func(path string, form url.Values, want string) string {
			t.Helper()
			code, body, to := post(t, h, admin, path, form)
			if code != http.StatusSeeOther || !strings.Contains(to, want) {
				t.Fatalf("%s: %d %s %s", path, code, to, body)
			}
			return to
		}
		refused := func(path string, form url.Values, status int, words ...string) {
			t.Helper()
			code, body, _ := post(t, h, admin, path, form)
			if code != status {
				t.Errorf("%s: %d, want %d", path, code, status)
			}
			for _, x := range words {
				if !strings.Contains(body, x) {
					t.Errorf("%s does not say %q", path, x)
				}
			}
		}
		done("/setup/bodies", url.Values{"kind": {"unit"}, "name": {"市教育局"}, "channel": {"government"}}, "/setup/bodies?kind=unit&done=organization.add-body")
		refused("/setup/bodies", url.Values{"kind": {"unit"}, "name": {"市教育局"}, "short_name": {"教育"}, "channel": {"government"}}, 422, "同类机构中已有这个名称", `value="教育"`)
		done("/setup/bodies/paste", url.Values{"kind": {"group"}, "lines": {"第二小组\r\n第三小组"}}, "kind=group")
		refused("/setup/bodies/paste", url.Values{"kind": {"group"}, "lines": {"第四小组\r\n第三小组"}}, 422, "第 2 行", "第四小组")
		refused("/setup/bodies/"+w.Bodies["unitA"]+"/close", url.Values{"version": {"1"}}, 409, "还有")
		refused("/setup/sessions", url.Values{"form": {"new-" + w.Bodies["term"]}, "term_id": {w.Bodies["term"]}, "number": {"4"}, "title": {"四次"}, "opens_on": {"2027-01-12"}, "closes_on": {"2027-01-15"},
			"collect_from": {"2026-01-01T00:00"}, "cutoff_at": {"2027-01-14T18:00"}}, 422, "重叠", `value="四次"`)
		to := done("/setup/people", url.Values{"name": {"白露"}, "phone": {"10012345678"}}, "/setup/people/")
		path := strings.TrimSuffix(to, "?done=organization.add-person")
		refused(path+"/posts", url.Values{"kind": {"handler"}, "body_id": {w.Bodies["sector1"]}, "title": {"科员"}}, 422, "这个职务不能设在", `value="科员"`)
		done(path+"/posts", url.Values{"kind": {"handler"}, "body_id": {w.Bodies["unitA"]}, "title": {"科员"}}, "done=organization.give-post")
		done(path+"/memberships", url.Values{"term_id": {w.Bodies["term"]}, "sector_id": {w.Bodies["sector1"]}, "standing": {"1"}}, "done=organization.enroll")
		_, body := get(t, h, admin, path)
		m := regexp.MustCompile(`action="/setup/memberships/([^/"]+)"`).FindStringSubmatch(body)
		p := regexp.MustCompile(`action="/setup/posts/([^/"]+)/end"`).FindStringSubmatch(body)
		if m == nil || p == nil || strings.Contains(body, "10012345678") {
			t.Fatalf("the person's page: %s", body)
		}
		person := strings.TrimPrefix(path, "/setup/people/")
		done("/setup/memberships/"+m[1], url.Values{"person_id": {person}, "version": {"1"}, "sector_id": {w.Bodies["sector2"]}}, path)
		refused("/setup/posts/"+p[1]+"/end", url.Values{"person_id": {person}, "valid_to": {"nie"}}, 422, "2026-03-31", "白露")
		done("/setup/posts/"+p[1]+"/end", url.Values{"person_id": {person}}, path)
		done(path, url.Values{"name": {"白霜"}, "version": {"1"}, "clear": {"phone"}}, path)
		refused(path, url.Values{"name": {"白雪"}, "version": {"1"}}, 409, "白雪")
		done(path+"/close", url.Values{}, path)
		done(path+"/return", url.Values{}, path)
		refused("/setup/people/"+w.SysAdmin.PersonID+"/close", url.Values{}, 409, "最后一位")
		done("/setup/committee", url.Values{"name": {"政协云州市委员会"}, "short_name": {"市政协"}, "level": {"city"}, "version": {"1"}}, "done=")
		done("/setup/terms", url.Values{"number": {"15"}, "starts_on": {"2028-01-01"}}, "done=")
		refused("/setup/terms", url.Values{"number": {"x"}, "starts_on": {"2028-01-01"}}, 422, "请填写数字")
	})
}

func TestTheRosterOnThePage(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		admin := acting{w.SysAdmin, i18n.Chinese}
		text := "姓名,手机号,界别,专委会,单位及职务,届次,备注\n白露,10012345678,新界别,,市一中,十四届,\n"
		gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		if code, body := upload(t, h, admin, "/setup/roster", map[string]string{"dry_run": "1"}, ""); code != http.StatusUnprocessableEntity || !strings.Contains(body, "请选择名册文件") {
			t.Errorf("no file: %d", code)
		}
		if code, body := upload(t, h, admin, "/setup/roster", map[string]string{"dry_run": "1"}, strings.ReplaceAll(text, "十四届", "明年")); code != http.StatusOK || !strings.Contains(body, "无法识别") {
			t.Errorf("a wrong row: %d", code)
		}
		code, body := upload(t, h, admin, "/setup/roster", map[string]string{"dry_run": "1"}, gbk)
		content := regexp.MustCompile(`(?s)<textarea name="content" hidden>(.+?)</textarea>`).FindStringSubmatch(body)
		if code != http.StatusOK || content == nil || !strings.Contains(body, "新界别") || !strings.Contains(body, `name="create_bodies"`) {
			t.Fatalf("the check: %d %s", code, body)
		}
		if code, body := upload(t, h, admin, "/setup/roster", map[string]string{"content": content[1]}, ""); code != http.StatusUnprocessableEntity || !strings.Contains(body, "同时建立") {
			t.Errorf("without the tick: %d", code)
		}
		if code, body := upload(t, h, admin, "/setup/roster", map[string]string{"content": content[1], "create_bodies": "1"}, ""); code != http.StatusOK || !strings.Contains(body, "名册已导入") {
			t.Errorf("import: %d %s", code, body)
		}
		if code, _ := upload(t, h, acting{w.Office, ""}, "/setup/roster", map[string]string{"content": content[1]}, ""); code != http.StatusForbidden {
			t.Errorf("the office imports: %d", code)
		}
		r := httptest.NewRequest(http.MethodPost, "/setup/roster/export", strings.NewReader("term_id="+w.Bodies["term"]))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		status, file, head := send(t, h, acting{w.Office, ""}, r)
		if status != http.StatusOK || !strings.Contains(file, "10012345678") || !strings.HasPrefix(head.Get("Content-Type"), "text/csv") {
			t.Errorf("export: %d %s", status, file)
		}
		if n := len(organization.RosterColumns()); n != 7 {
			t.Errorf("%d columns", n)
		}
	})
}
