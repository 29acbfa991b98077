package documentweb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/api"
	"tongxin/internal/app"
	"tongxin/internal/document"
	"tongxin/internal/document/documentweb"
	"tongxin/internal/fault"
	"tongxin/internal/i18n"
	"tongxin/internal/testkit"
	"tongxin/internal/web"
)

// desk is a thing of the test: the office attaches, the chief reads.
type desk struct{}

func (desk) MayAttach(l *app.Look, _ string) error {
	switch {
	case l.Who().Is(access.Office):
		return nil
	case l.Who().Is(access.Chief):
		return fault.New(fault.Forbidden, "access.denied")
	}
	return fault.New(fault.NotFound, "fault.not-found")
}

func (desk) MayRead(l *app.Look, _ string) error {
	if l.Who().Is(access.Office, access.Chief) {
		return nil
	}
	return fault.New(fault.NotFound, "fault.not-found")
}

func (desk) Limits(*app.Look) (int, int64, error) { return 2, 1 << 20, nil }

type acting struct{ who access.Actor }

func (a acting) Resolve(context.Context, string, access.Via) (access.Actor, web.Prefs, error) {
	return a.who, web.Prefs{Lang: i18n.Chinese}, nil
}

// server answers as somebody; the real server ends each request's context.
func server(t *testing.T, w *testkit.World, who access.Actor) *httptest.Server {
	t.Helper()
	k := web.NewKit(w.App, w.Words, acting{who}, false)
	documentweb.Routes(k, api.NewKit(k))
	s := httptest.NewServer(k.Handler())
	t.Cleanup(s.Close)
	return s
}

func send(t *testing.T, r *http.Request) (*http.Response, string) {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "⟦") {
		t.Errorf("%s lacks words", r.URL)
	}
	return res, string(b)
}

func request(t *testing.T, method, url string, body io.Reader, kind string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return r
}

func form(t *testing.T, next string, files map[string]string) (io.Reader, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("next", next)
	_ = m.WriteField("sums", "forged")
	for name, content := range files {
		f, err := m.CreateFormFile("files", name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(f, content)
	}
	_ = m.Close()
	return &b, m.FormDataContentType()
}

func house(t *testing.T, f func(t *testing.T, w *testkit.World)) {
	t.Helper()
	testkit.EachDB(t, []app.Module{document.Module()}, []any{document.Owners{"desk": desk{}}}, func(t *testing.T, h *testkit.House) { f(t, testkit.NewWorld(t, h)) })
}

func TestAFormUploadsShowsAndRemoves(t *testing.T) {
	t.Parallel()
	house(t, func(t *testing.T, w *testkit.World) {
		office := server(t, w, w.Office)
		body, kind := form(t, "/somewhere", map[string]string{"甲.txt": "一", "乙.txt": "二"})
		res, text := send(t, request(t, "POST", office.URL+"/attachments/desk/1", body, kind))
		if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/somewhere?done=document.attach" {
			t.Fatalf("%d %s", res.StatusCode, text)
		}
		list, err := document.Listing.Do(t.Context(), w.App, w.Chief, document.ListIn{Kind: "desk", ID: "1"})
		if err != nil || len(list.Files) != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		res, text = send(t, request(t, "GET", office.URL+"/attachments/desk/1", nil, ""))
		if res.StatusCode != http.StatusOK || !strings.Contains(text, "甲.txt") || !strings.Contains(text, "2 个附件的上限") {
			t.Errorf("the page: %d", res.StatusCode)
		}
		chief := server(t, w, w.Chief)
		for _, path := range []string{"/attachments/", "/api/v1/attachments/"} {
			end := ""
			if strings.HasPrefix(path, "/api") {
				end = "/content"
			}
			res, text = send(t, request(t, "GET", chief.URL+path+list.Files[0].ID+end, nil, ""))
			if text != "一" && text != "二" || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment; filename*=UTF-8''") ||
				!strings.Contains(res.Header.Get("Content-Security-Policy"), "sandbox") || res.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %q %v", path, text, res.Header)
			}
		}
		member := server(t, w, w.Members[0])
		for _, path := range []string{"/attachments/" + list.Files[0].ID, "/attachments/desk/1", "/api/v1/attachments/desk/1", "/api/v1/attachments/" + list.Files[0].ID + "/content", "/attachments/nothing/1"} {
			if res, _ := send(t, request(t, "GET", member.URL+path, nil, "")); res.StatusCode != http.StatusNotFound {
				t.Errorf("a member gets %s: %d", path, res.StatusCode)
			}
		}
		res, _ = send(t, request(t, "POST", office.URL+"/attachments/"+list.Files[0].ID+"/remove", strings.NewReader("next=//evil.example/"), "application/x-www-form-urlencoded"))
		if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/?done=document.remove" {
			t.Errorf("removing: %d %s", res.StatusCode, res.Header.Get("Location"))
		}
	})
}

func TestWhatIsRefusedIsToldAndLeavesNothing(t *testing.T) {
	t.Parallel()
	house(t, func(t *testing.T, w *testkit.World) {
		office := server(t, w, w.Office)
		for name, c := range map[string]struct {
			file, content, want string
			status              int
		}{
			"marked":   {"机密-甲.txt", "一", "密级标志", 422},
			"mismatch": {"甲.pdf", "一", "内容与扩展名不符", 422},
			"large":    {"甲.txt", strings.Repeat("字", 1<<20), "超过 1 MB", 413},
			"empty":    {"", "", "请先选择", 422},
		} {
			files := map[string]string{c.file: c.content}
			if c.file == "" {
				files = nil
			}
			body, kind := form(t, "/somewhere", files)
			res, text := send(t, request(t, "POST", office.URL+"/attachments/desk/1", body, kind))
			if res.StatusCode != c.status || !strings.Contains(text, c.want) || !strings.Contains(text, `href="/somewhere"`) {
				t.Errorf("%s: %d, %v", name, res.StatusCode, strings.Contains(text, c.want))
			}
		}
		body, kind := form(t, "/", map[string]string{"甲.txt": "一", "乙.txt": "一"}) // the same twice: the act refuses
		if res, _ := send(t, request(t, "POST", office.URL+"/attachments/desk/1", body, kind)); res.StatusCode != 422 {
			t.Errorf("twice the same: %d", res.StatusCode)
		}
		for who, want := range map[*httptest.Server]int{server(t, w, w.Chief): 403, server(t, w, w.Members[0]): 404, server(t, w, access.Actor{}): 401} {
			res, _ := send(t, request(t, "POST", who.URL+"/api/v1/attachments/desk/1?name=x.txt", strings.NewReader("一"), "application/octet-stream"))
			if res.StatusCode != want {
				t.Errorf("want %d, got %d", want, res.StatusCode)
			}
		}
		waitEmpty(t, w)
	})
}

// waitEmpty waits until what was refused is gone: it goes when the request is
// over, on its own.
func waitEmpty(t *testing.T, w *testkit.World) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		n := 0
		if err := w.Blobs.Each(ctx, func(string, time.Time) error { n++; return nil }); err != nil {
			t.Fatalf("%d files stay: %v", n, err)
		}
		if n == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%d files stay in the store", n)
		}
	}
}

func TestTheAPITakesARawBody(t *testing.T) {
	t.Parallel()
	house(t, func(t *testing.T, w *testkit.World) {
		office := server(t, w, w.Office)
		put := func(name, content, key string) (*http.Response, string) {
			r := request(t, "POST", office.URL+"/api/v1/attachments/desk/1?name="+name, strings.NewReader(content), "application/octet-stream")
			r.Header.Set("Idempotency-Key", key)
			return send(t, r)
		}
		res, text := put("%E7%94%B2.txt", "一", "a")
		var out document.AttachOut
		if err := json.Unmarshal([]byte(text), &out); err != nil || res.StatusCode != 200 || out.Files[0].Name != "甲.txt" {
			t.Fatalf("%d %s %v", res.StatusCode, text, err)
		}
		if res, text = put("x.html", "<b>", "b"); res.StatusCode != 422 || !strings.Contains(text, `"field":"files"`) {
			t.Errorf("a web page: %d %s", res.StatusCode, text)
		}
		if res, _ = put("", "一", "c"); res.StatusCode != 422 {
			t.Errorf("no name: %d", res.StatusCode)
		}
		if res, _ = put("b.txt", strings.Repeat("x", 2<<20), "d"); res.StatusCode != 413 {
			t.Errorf("too large: %d", res.StatusCode)
		}
		_, text = send(t, request(t, "GET", office.URL+"/api/openapi.json", nil, ""))
		for _, want := range []string{`"document.attach"`, `"document.remove"`, `"document.list"`, `"document.show"`, `"document.content"`, `"application/octet-stream"`} {
			if !strings.Contains(text, want) {
				t.Errorf("the API document lacks %s", want)
			}
		}
	})
}
