package identityweb_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/identity"
	"tongxin/internal/identity/identityweb"
	"tongxin/internal/organization"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

const good = "Green-Tea-4711"

// doors resolves sessions as the product does.
type doors struct{ app *app.App }

func (d doors) Resolve(ctx context.Context, token string, via access.Via) (access.Actor, web.Prefs, error) {
	f, err := organization.Resolve(ctx, d.app, token, via)
	return f.Who, web.Prefs{Lang: f.Lang, Elder: f.Elder, Committee: f.Committee}, err
}

// browser is somebody with cookies.
type browser struct {
	t *testing.T
	*http.Client
	base string
}

func open(t *testing.T, h *testkit.House) browser {
	t.Helper()
	k := web.NewKit(h.App, h.Words, doors{h.App}, false)
	identityweb.Routes(k, api.NewKit(k))
	s := httptest.NewServer(k.Handler())
	t.Cleanup(s.Close)
	return another(t, s.URL)
}

func another(t *testing.T, base string) browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return browser{t, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, base}
}

// get answers status, page and the address of a redirect.
func (b browser) get(path string) (int, string, string) {
	b.t.Helper()
	r, err := b.Get(b.base + path)
	return b.read(path, r, err)
}

func (b browser) post(path string, form url.Values) (int, string, string) {
	b.t.Helper()
	r, err := b.PostForm(b.base+path, form)
	return b.read(path, r, err)
}

func (b browser) read(path string, r *http.Response, err error) (int, string, string) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if at := strings.Index(string(body), "⟦"); at >= 0 {
		b.t.Errorf("%s lacks words: %.80s", path, body[at:])
	}
	return r.StatusCode, string(body), r.Header.Get("Location")
}

func code(t *testing.T, w *testkit.World, who access.Actor) identity.Slip {
	t.Helper()
	out, err := identity.IssueCodes.Do(t.Context(), w.App, w.SysAdmin, identity.IssueCodesIn{People: []string{who.PersonID}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Slips[0]
}

// claimed comes in as somebody with the password good.
func (b browser) claimed(w *testkit.World, who access.Actor) (login string) {
	b.t.Helper()
	slip := code(b.t, w, who)
	status, page, to := b.post("/claim", url.Values{"code": {slip.Code}, "password": {good}, "again": {good}})
	if status != http.StatusSeeOther || to == "" {
		b.t.Fatalf("claim: %d %s", status, page)
	}
	return slip.Login
}

func TestComingIn(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		b := open(t, h)
		if status, _, to := b.get("/account"); status != http.StatusSeeOther || to != "/sign-in?next=%2Faccount" {
			t.Errorf("without a session: %d %s", status, to)
		}
		login := b.claimed(w, w.Members[0])
		if status, page, _ := b.get("/account"); status != http.StatusOK || !strings.Contains(page, w.Members[0].Name) {
			t.Errorf("my account: %d", status)
		}
		if status, _, to := b.post("/sign-out", nil); status != http.StatusSeeOther || to != "/sign-in?done=identity.sign-out" {
			t.Errorf("sign out: %d %s", status, to)
		}
		if status, page, _ := b.get("/sign-in?done=identity.sign-out&next=//evil.example"); status != http.StatusOK || strings.Contains(page, "evil.example") || !strings.Contains(page, "非涉密") {
			t.Errorf("sign-in page: %d %s", status, page)
		}
		status, wrong, _ := b.post("/sign-in", url.Values{"login": {login}, "password": {"Canary-Wrong-1"}})
		if status != http.StatusUnprocessableEntity || strings.Contains(wrong, "Canary-Wrong-1") || !strings.Contains(wrong, login) {
			t.Errorf("a wrong password: %d", status)
		}
		unknownStatus, unknown, _ := b.post("/sign-in", url.Values{"login": {"nobody"}, "password": {"Canary-Wrong-1"}})
		if unknownStatus != status || strings.ReplaceAll(unknown, "nobody", login) != wrong {
			t.Error("an unknown user gets another answer")
		}
		for next, want := range map[string]string{"/account": "/account", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/", "": "/"} {
			b.post("/sign-out", nil)
			if status, _, to := b.post("/sign-in", url.Values{"login": {login}, "password": {good}, "next": {next}}); status != http.StatusSeeOther || to != want {
				t.Errorf("next %q: %d %s", next, status, to)
			}
		}
	})
}

func TestOnesOwnPage(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		both := w.Also(t, w.Members[0], access.Handler, "unitA", "科员")
		b := open(t, h)
		b.claimed(w, both)
		if status, page, _ := b.post("/account/contact", url.Values{"phone": {"12"}, "version": {"1"}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, `value="12"`) {
			t.Errorf("a bad phone: %d", status)
		}
		if status, _, to := b.post("/account/contact", url.Values{"phone": {"10012345678"}, "version": {"1"}}); status != http.StatusSeeOther || to != "/account?done=identity.change-contact" {
			t.Errorf("a phone: %d %s", status, to)
		}
		if status, _, _ := b.post("/account/contact", url.Values{"phone": {"10012345679"}, "version": {"1"}}); status != http.StatusConflict {
			t.Errorf("a stale form: %d", status)
		}
		status, page, _ := b.post("/account/tokens", url.Values{"label": {"oa"}, "days": {"7"}})
		token := regexp.MustCompile(`<span class="code">([^<]+)</span>`).FindStringSubmatch(page)
		if status != http.StatusOK || token == nil {
			t.Fatalf("token: %d %s", status, page)
		}
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, b.base+"/api/v1/account", nil)
		r.Header.Set("Authorization", "Bearer "+token[1])
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		var a identity.Account
		if err := json.NewDecoder(resp.Body).Decode(&a); err != nil || a.Phone != "10012345678" || len(a.Tokens) != 1 {
			t.Errorf("%+v %v", a, err)
		}
		if _, page, _ := b.get("/account"); strings.Contains(page, token[1]) || !strings.Contains(page, "/account/tokens/"+a.Tokens[0].ID+"/end") {
			t.Error("the token is shown again, or cannot be ended")
		}
		if status, _, _ := b.post("/account/tokens/"+a.Tokens[0].ID+"/end", nil); status != http.StatusSeeOther {
			t.Errorf("end the token: %d", status)
		}
		for path, form := range map[string]url.Values{
			"/acting-post": {"post_id": {both.Posts[1].ID}},
			"/preferences": {"lang": {"en"}, "elder": {"1"}, "next": {"/account"}},
		} {
			if status, _, _ := b.post(path, form); status != http.StatusSeeOther {
				t.Errorf("%s: %d", path, status)
			}
		}
		if _, page, _ := b.get("/account"); !strings.Contains(page, `lang="en"`) || !strings.Contains(page, `class="elder"`) || !strings.Contains(page, "My account") {
			t.Error("language or size was not kept")
		}
		if status, _, _ := b.post("/acting-post", url.Values{"post_id": {w.SysAdmin.Post.ID}}); status != http.StatusUnprocessableEntity {
			t.Errorf("somebody else's post: %d", status)
		}
	})
}

func TestTheListOfAccounts(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		b := open(t, h)
		b.claimed(w, w.SysAdmin)
		for _, path := range []string{"/accounts", "/accounts?state=issued", "/accounts?q=zzz", "/accounts/" + w.Members[0].PersonID} {
			if status, page, _ := b.get(path); status != http.StatusOK {
				t.Errorf("%s: %d %s", path, status, page)
			}
		}
		status, page, _ := b.post("/accounts/codes", url.Values{"people": {w.Members[0].PersonID, w.Members[1].PersonID}})
		codes := regexp.MustCompile(`<span class="code">([^<]+)</span>`).FindAllStringSubmatch(page, -1)
		sheet := regexp.MustCompile(`(?s)<textarea name="sheet" hidden>(.+?)</textarea>`).FindStringSubmatch(page)
		if status != http.StatusOK || len(codes) != 2 || sheet == nil || !strings.Contains(sheet[1], codes[0][1]) {
			t.Fatalf("slips: %d %s", status, page)
		}
		if status, file, _ := b.post("/accounts/slips.csv", url.Values{"sheet": {sheet[1]}}); status != http.StatusOK || !strings.Contains(file, codes[1][1]) {
			t.Errorf("file: %d %s", status, file)
		}
		if status, page, _ := b.post("/accounts/codes", nil); status != http.StatusUnprocessableEntity || !strings.Contains(page, "请先勾选") {
			t.Errorf("nobody ticked: %d", status)
		}
		member := another(t, b.base)
		member.claimed(w, w.Members[2])
		for path, want := range map[string]int{"/accounts": 404, "/accounts/" + w.Members[0].PersonID: 404} {
			if status, _, _ := member.get(path); status != want {
				t.Errorf("a member at %s: %d", path, status)
			}
		}
		for path, want := range map[string]int{"/accounts/codes": 403, "/accounts/slips.csv": 403, "/accounts/" + w.Members[0].PersonID + "/suspend": 403} {
			if status, _, _ := member.post(path, url.Values{"sheet": {"x"}}); status != want {
				t.Errorf("a member posts %s: %d", path, status)
			}
		}
	})
}
