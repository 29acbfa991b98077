package web_test

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

	"github.com/a-h/templ"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

// letter is a small domain: a letter of at most ten characters.
type letter struct{ ID string }

func (l letter) Object() (string, string) { return "letter", l.ID }

type writeIn struct {
	ID    string   `json:"id"`
	Text  string   `json:"text"`
	Tags  []string `json:"tags"`
	Lines []struct {
		No   int    `json:"no"`
		Text string `json:"text"`
	} `json:"lines"`
	Secret string `json:"-"`
}

type writeOut struct {
	ID      string     `json:"id"`
	Echo    string     `json:"echo"`
	SavedAt store.Time `json:"saved_at"`
}

var write = app.Define("letter.write",
	func(_ *app.Call, in writeIn) (letter, error) { return letter{in.ID}, nil },
	func(who access.Actor, l letter) access.Verdict {
		if l.ID == "geheim" {
			return access.Hide()
		}
		return access.When(who.Is(access.Member), "access.denied")
	},
	func(c *app.Call, l letter, in writeIn) (writeOut, error) {
		var p fault.Problems
		p.Check(len([]rune(in.Text)) <= 10, "text", "web.body-too-large", "max", 10)
		if in.Text == "stale" {
			return writeOut{}, fault.New(fault.Stale, "fault.stale")
		}
		if in.Text == "panic" {
			panic("a mistake of ours with /secret/path")
		}
		if in.Secret != "" {
			return writeOut{}, fault.New(fault.Invalid, "web.form-unreadable")
		}
		b, _ := json.Marshal(in)
		return writeOut{l.ID, string(b), c.Now()}, p.Err()
	})

// known tokens stand for sessions.
type tokens map[string]access.Actor

func (k tokens) Resolve(_ context.Context, token string, via access.Via) (access.Actor, web.Prefs, error) {
	a, ok := k[token]
	if !ok {
		return access.Nobody(via), web.Prefs{}, nil
	}
	a.Via = via
	return a, web.Prefs{Lang: "zh-CN", Committee: "政协云州市委员会", SealKey: "a2V5"}, nil
}

func site(t *testing.T) (*httptest.Server, *testkit.World) {
	t.Helper()
	h := testkit.Open(t, store.SQLite, nil, nil)
	w := testkit.NewWorld(t, h)
	k := web.NewKit(h.App, h.Words, tokens{"member": w.Members[0], "office": w.Office}, false)
	j := api.NewKit(k)
	page := func(r *web.Request) (web.Page, error) {
		return web.Page{Title: "信", Body: templ.ComponentFunc(func(ctx context.Context, o io.Writer) error {
			if err := web.Problems(r.View).Render(ctx, o); err != nil {
				return err
			}
			return web.Area(r.View, web.Field{Name: "text", Label: "正文", Max: 10}).Render(ctx, o)
		})}, nil
	}
	k.Page("GET /letters/{id}", page)
	k.Open("POST /door", func(r *web.Request) (web.Page, error) {
		if r.Arg("text") == "panic" {
			panic("a mistake of ours with /secret/path")
		}
		return web.See("/heard-" + r.Arg("text")), nil
	})
	web.Form(k, "POST /letters/{id}", write, func(_ *web.Request, o writeOut) string { return "/letters/" + o.ID }, web.Again[writeIn](page))
	api.Post(j, "/api/v1/letters/{id}/write", write)
	s := httptest.NewServer(k.Handler())
	t.Cleanup(s.Close)
	return s, w
}

type answer struct {
	status   int
	body     string
	header   http.Header
	location string
}

func send(t *testing.T, s *httptest.Server, method, path, token string, body io.Reader, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.AddCookie(&http.Cookie{Name: "tongxin", Value: token})
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{r.StatusCode, string(b), r.Header, r.Header.Get("Location")}
}

func form(pairs ...string) io.Reader {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return strings.NewReader(v.Encode())
}

func TestAFormIsAnsweredWithARedirectOrWithWhatWasTyped(t *testing.T) {
	t.Parallel()
	s, _ := site(t)
	if a := send(t, s, "POST", "/letters/7", "member", form("text", "你好")); a.status != 303 || a.location != "/letters/7?done=letter.write" {
		t.Errorf("a good form: %d to %q", a.status, a.location)
	}
	long := "一二三四五六七八九十<script>"
	a := send(t, s, "POST", "/letters/7", "member", form("text", long))
	if a.status != 422 || !strings.Contains(a.body, "一二三四五六七八九十&lt;script&gt;") || !strings.Contains(a.body, `id="text-error"`) || !strings.Contains(a.body, `aria-invalid="true"`) {
		t.Errorf("a refused form: %d %s", a.status, a.body)
	}
	if a := send(t, s, "POST", "/letters/7", "member", form("text", "stale")); a.status != 409 || !strings.Contains(a.body, ">stale</textarea>") {
		t.Errorf("a stale form lost its text: %d", a.status)
	}
}

func TestRefusalsTellNothingTheyShouldNot(t *testing.T) {
	t.Parallel()
	s, _ := site(t)
	hidden := send(t, s, "POST", "/letters/geheim", "member", form("text", "x"))
	if hidden.status != 404 {
		t.Errorf("hidden: %d", hidden.status)
	}
	if a := send(t, s, "POST", "/letters/7", "office", form("text", "x")); a.status != 403 {
		t.Errorf("without rights: %d", a.status)
	}
	if a := send(t, s, "POST", "/letters/7", "", form("text", "x")); a.status != 303 || !strings.HasPrefix(a.location, "/sign-in?next=") {
		t.Errorf("without session: %d %q", a.status, a.location)
	}
	if a := send(t, s, "POST", "/letters/7", "", form("text", "x"), "X-Requested-With", "autosave"); a.status != 401 {
		t.Errorf("autosave without session: %d", a.status)
	}
	broken := send(t, s, "POST", "/letters/7", "member", form("text", "panic"))
	if broken.status != 500 || strings.Contains(broken.body, "secret/path") || !strings.Contains(broken.body, broken.header.Get("X-Request-Id")) {
		t.Errorf("our mistake: %d %s", broken.status, broken.body)
	}
	if a := send(t, s, "POST", "/letters/7", "member", form("text", "x"), "Sec-Fetch-Site", "cross-site"); a.status != 403 {
		t.Errorf("from another site: %d", a.status)
	}
	if a := send(t, s, "POST", "/letters/7", "member", strings.NewReader("text="+strings.Repeat("a", 2<<20))); a.status != 413 {
		t.Errorf("too large: %d", a.status)
	}
	if a := send(t, s, "GET", "/nowhere", "member", nil); a.status != 404 {
		t.Errorf("no such page: %d", a.status)
	}
}

func TestOneInputFromFormAndFromJSON(t *testing.T) {
	t.Parallel()
	s, _ := site(t)
	byForm := send(t, s, "POST", "/letters/7", "member", form("text", " 好\r\n ", "tags", "a", "tags", "b", "lines.0.no", "1", "lines.1.text", "乙", "secret", "x", "Secret", "x", "id", "9"),
		"X-Requested-With", "autosave")
	byJSON := send(t, s, "POST", "/api/v1/letters/7/write", "", strings.NewReader(`{"text":"好","tags":["a","b"],"lines":[{"no":1},{"text":"乙"}],"Secret":"x","id":"9"}`),
		"Authorization", "Bearer member", "Content-Type", "application/json")
	if byForm.status != 200 || byJSON.status != 200 || byForm.body != byJSON.body || !strings.Contains(byForm.body, `"id":"7"`) {
		t.Errorf("form %d %s\njson %d %s", byForm.status, byForm.body, byJSON.status, byJSON.body)
	}
	bad := send(t, s, "POST", "/api/v1/letters/7/write", "", strings.NewReader(`{"text":7}`), "Authorization", "Bearer member", "Accept-Language", "en")
	if bad.status != 422 || bad.header.Get("Content-Type") != "application/problem+json" || !strings.Contains(bad.body, `"field":"text"`) {
		t.Errorf("bad JSON: %d %s", bad.status, bad.body)
	}
	if a := send(t, s, "POST", "/api/v1/letters/7/write", "", strings.NewReader(`{}`)); a.status != 401 {
		t.Errorf("API without token: %d", a.status)
	}
	if a := send(t, s, "GET", "/api/v1/nothing", "member", nil); a.status != 404 || a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("no such operation: %d", a.status)
	}
}

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	t.Parallel()
	s, _ := site(t)
	for _, path := range []string{"/letters/7", "/nowhere", "/api/openapi.json", "/api/v1/x"} {
		a := send(t, s, "GET", path, "member", nil)
		for _, h := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "X-Request-Id"} {
			if a.header.Get(h) == "" {
				t.Errorf("%s lacks %s", path, h)
			}
		}
		if strings.Contains(a.header.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("%s allows unsafe content", path)
		}
	}
	page := send(t, s, "GET", "/letters/7", "member", nil)
	if page.header.Get("Cache-Control") != "no-store" || strings.Contains(page.body, "data-seal-key") {
		t.Errorf("a page without autosave is cached or carries the key: %v", page.header)
	}
	if regexpInline.MatchString(page.body) {
		t.Error("the page has inline style or script")
	}
}

var regexpInline = regexp.MustCompile(`<style|<script>|\sstyle=|\son[a-z]+=`)

func TestNextStaysWithUs(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"/proposals": "/proposals", "//evil.example": "/", "https://evil.example": "/", "/\\evil": "/", "/\t/evil.example": "/", "/\x00/evil.example": "/", "": "/", "/a?b=c": "/a?b=c"} {
		if got := web.SafeNext(in); got != want {
			t.Errorf("next %q became %q", in, got)
		}
	}
}

// TestAnOpenDoorReadsNoLargeBody: before anybody signed in, what a request
// brings is bounded in every form of it.
func TestAnOpenDoorReadsNoLargeBody(t *testing.T) {
	t.Parallel()
	s, _ := site(t)
	send2 := func(padding int) answer {
		body := "--b\r\nContent-Disposition: form-data; name=\"pad\"; filename=\"pad\"\r\n\r\n" + strings.Repeat("a", padding) +
			"\r\n--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nme\r\n--b--\r\n"
		return send(t, s, "POST", "/door", "", strings.NewReader(body), "Content-Type", "multipart/form-data; boundary=b")
	}
	if a := send2(10); a.location != "/heard-me" {
		t.Errorf("a small form: %d %q", a.status, a.location)
	}
	if a := send2(3 << 20); a.location == "/heard-me" {
		t.Error("a body of three megabytes was read to its end")
	}
	if a := send(t, s, "POST", "/door", "", form("text", "panic")); a.status != 500 || strings.Contains(a.body, "secret") {
		t.Errorf("our mistake: %d %s", a.status, a.body)
	}
}
