package browser_test

import (
	"embed"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/input"

	"tongxin/e2e/browser"
)

//go:embed testdata
var pages embed.FS

func TestMain(m *testing.M) {
	// The failures provoked here are none to look at.
	if err := os.Unsetenv("TONGXIN_E2E_SHOTS"); err != nil {
		panic(err)
	}
	os.Exit(browser.Main(m.Run))
}

// site is a small server of our own, so that the helpers are tested before and without
// the product.
type site struct {
	address string
}

func newSite(t *testing.T) *site {
	t.Helper()
	files, err := fs.Sub(pages, "testdata")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(files))
	mux.HandleFunc("GET /cases/{number}", func(w http.ResponseWriter, r *http.Request) {
		say(w, http.StatusOK, "案号 "+r.PathValue("number"))
	})
	mux.HandleFunc("POST /saved", saved)
	mux.HandleFunc("GET /slow", func(w http.ResponseWriter, _ *http.Request) {
		<-time.After(300 * time.Millisecond) // longer than a helper that does not wait needs
		_, _ = fmt.Fprint(w, "终于好了")
	})
	mux.HandleFunc("GET /sign-in", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "who", Value: r.URL.Query().Get("as"), Path: "/"})
		say(w, http.StatusOK, "欢迎")
	})
	mux.HandleFunc("GET /who", func(w http.ResponseWriter, r *http.Request) {
		name := "谁"
		if cookie, err := r.Cookie("who"); err == nil {
			name = cookie.Value
		}
		say(w, http.StatusOK, "您是"+html.EscapeString(name))
	})
	mux.HandleFunc("GET /hidden", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusNotFound, "没有这一页") })
	mux.HandleFunc("GET /broken", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusInternalServerError, "出错了") })
	mux.HandleFunc("GET /page/{kind}", faulty)
	server := httptest.NewServer(strict(mux))
	t.Cleanup(server.Close)
	return &site{address: server.URL}
}

// strict sends the policy the product sends: nothing but our own files.
func strict(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		next.ServeHTTP(w, r)
	})
}

// say writes a small page.
func say(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `<!doctype html><html lang="zh-CN"><meta name="viewport" content="width=device-width"><title>页</title><main><h1>页</h1>%s</main></html>`, body)
}

// saved says back what a form sent.
func saved(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		say(w, http.StatusBadRequest, "读不了")
		return
	}
	var lines strings.Builder
	for _, name := range []string{"title", "body", "due", "sector", "public", "agree", "draft"} {
		_, _ = fmt.Fprintf(&lines, "<p>%s=%s;</p>", name, html.EscapeString(r.Form.Get(name)))
	}
	say(w, http.StatusOK, lines.String())
}

// faulty has one thing wrong with it, for the watch to hear.
func faulty(w http.ResponseWriter, r *http.Request) {
	body := map[string]string{
		"inline-script":   `<script>document.title = 'never'</script>`,
		"other-host":      `<img alt="" src="http://127.0.0.2:9/x.png">`,
		"missing-style":   `<link rel="stylesheet" href="/nowhere.css">`,
		"missing-picture": `<img alt="" src="/nowhere.png">`,
		"throws":          `<script src="/throws.js"></script>`,
		"console":         `<script src="/console.js"></script>`,
		"no-name":         `<p><input name="x"></p><p><img src="/dot.svg"></p>`,
		"too-wide":        `<pre>` + strings.Repeat("宽", 400) + `</pre>`,
	}[r.PathValue("kind")]
	say(w, http.StatusOK, body)
}

// shortPatience is for what must fail: the pages here have all they will ever have at once.
const shortPatience = time.Second

// recorder stands in for *testing.T where a helper is expected to fail.
type recorder struct {
	testing.TB
	mu       sync.Mutex
	messages []string
	ends     []func()
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.messages = append(r.messages, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Cleanup(end func()) { r.ends = append(r.ends, end) }

// failures runs a test with the recorder and answers what it complained about.
func failures(t *testing.T, address string, screen browser.Screen, test func(*browser.Page)) string {
	t.Helper()
	r := &recorder{TB: t}
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		test(browser.Start(r).Visit(browser.Visitor{Name: "试用", Address: address, Screen: screen}))
	}()
	<-finished
	for i := len(r.ends) - 1; i >= 0; i-- {
		r.ends[i]()
	}
	return strings.Join(r.messages, "\n")
}

func TestPersonFillsAndSendsForm(t *testing.T) {
	t.Parallel()
	for _, screen := range []browser.Screen{browser.Desktop(), browser.Phone()} {
		t.Run(screen.Name, func(t *testing.T) {
			t.Parallel()
			page := browser.Start(t).Visit(browser.Visitor{Name: "委员", Address: newSite(t).address, Screen: screen})
			page.Open("/form.html")
			page.FitsWidth()
			page.Axe()
			page.Screenshot("form")

			page.Fill("标题", "旧")
			page.Fill("标题", "新题目")
			page.Fill("正文", "第一行\n第二行")
			page.Fill("截止日期", "2026-03-31")
			page.Choose("界别", "教育界")
			page.Choose("公开方式", "不公开")
			page.Tick("已经调研")
			page.Tick("已经调研")
			page.ExpectValue("标题", "新题目")
			page.ExpectValue("界别", "教育界")
			page.Click("提交")

			page.ExpectPath(`^/saved$`)
			page.Expect("title=新题目;", "body=第一行 第二行;", "due=2026-03-31;", "sector=e;", "public=none;", "agree=on;", "draft=;")
		})
	}
}

func TestBrowserWithoutScriptFillsAndSendsForm(t *testing.T) {
	t.Parallel()
	for _, screen := range []browser.Screen{browser.Desktop(), browser.Phone()} {
		t.Run(screen.Name, func(t *testing.T) {
			t.Parallel()
			page := browser.Start(t).Visit(browser.Visitor{Name: "委员", Address: newSite(t).address, Screen: screen, NoScript: true})
			page.Open("/form.html")
			page.Click("慢慢来")
			page.Absent("终于好了")
			page.Fill("标题", "没有脚本")
			page.Fill("正文", "第一行")
			page.Choose("界别", "教育界")
			page.Choose("公开方式", "不公开")
			page.Tick("已经调研")
			page.Click("提交")
			page.Expect("title=没有脚本;", "body=第一行;", "sector=e;", "public=none;", "agree=on;")
		})
	}
}

func TestPersonFindsTheirWay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := browser.Start(t).Visit(browser.Visitor{Name: "委员", Address: s.address})
	page.Open("/form.html")
	page.Within("tr", "第2号").Click("查看")
	if number := page.ExpectPath(`^/cases/(\d)$`)[1]; number != "2" {
		t.Errorf("opened case %s", number)
	}
	page.Back()
	page.Absent("藏着的话")
	page.Click("更多")
	page.Expect("藏着的话")
	page.ClickTwice("更多") // closed, and open again
	page.Expect("藏着的话")
	page.Untick("已经调研")
	page.Click("删除")
	page.Expect("已删除")
	if got := page.Dialogs(); len(got) != 1 || got[0] != "真的删除？" {
		t.Errorf("dialogs %q", got)
	}
	page.Paste("备注栏", "<b>粗</b>体", "粗体")
	page.ExpectValue("备注栏", "净：粗体")
	page.Fill("备注栏", "")
	page.Fill("标题", "回车")
	page.Press(input.Enter)
	page.Expect("title=回车;")

	page.Open("/hidden")
	page.ExpectStatus(http.StatusNotFound)
}

func TestClickWaitsForItsAnswer(t *testing.T) {
	t.Parallel()
	page := browser.Start(t).Visit(browser.Visitor{Name: "委员", Address: newSite(t).address})
	page.Open("/form.html")
	page.Click("慢慢来")
	// Read once, without waiting: the click has waited.
	if got := page.Words(); !strings.Contains(got, "终于好了") {
		t.Errorf("the answer is not there yet: %s", got)
	}
}

func TestVisitorsShareNothingAndTabsShareAll(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := browser.Start(t)
	one := b.Visit(browser.Visitor{Name: "甲", Address: s.address})
	other := b.Visit(browser.Visitor{Name: "乙", Address: s.address})
	one.Open("/sign-in?as=jia")
	other.Open("/who")
	other.Expect("您是谁")
	tab := one.NewTab()
	tab.Open("/who")
	tab.Expect("您是jia")
	one.Reload()
	one.Expect("欢迎")
}

func TestProblemsOfAPageAreHeard(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tests := []struct {
		name, path, want string
	}{
		{"script against the policy", "/page/inline-script", "Content Security Policy"},
		{"another host", "/page/other-host", "another host"},
		{"stylesheet missing", "/page/missing-style", "nowhere.css"},
		{"picture missing", "/page/missing-picture", "part of the page is missing: 404"},
		{"script that throws", "/page/throws", "script error"},
		{"error on the console", "/page/console", "console error: so nicht"},
		{"server error", "/broken", "answer 500"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := failures(t, s.address, browser.Desktop(), func(page *browser.Page) { page.Open(test.path) })
			if !strings.Contains(got, test.want) {
				t.Errorf("want a complaint about %q, got %q", test.want, got)
			}
			quiet := failures(t, s.address, browser.Desktop(), func(page *browser.Page) {
				page.Tolerate("")
				page.Open(test.path)
			})
			if quiet != "" {
				t.Errorf("a tolerated problem was told: %q", quiet)
			}
		})
	}
}

func TestUnusablePagesFail(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	got := failures(t, s.address, browser.Desktop(), func(page *browser.Page) {
		page.Open("/page/no-name")
		page.Axe()
	})
	for _, want := range []string{"at /page/no-name", "label (critical)", "image-alt", "input"} {
		if !strings.Contains(got, want) {
			t.Errorf("axe did not tell %q: %s", want, got)
		}
	}
	got = failures(t, s.address, browser.Phone(), func(page *browser.Page) {
		page.Open("/page/too-wide")
		page.Patience(shortPatience)
		page.FitsWidth()
	})
	if !strings.Contains(got, "it is too wide") || !strings.Contains(got, "390 px: pre") {
		t.Errorf("width: got %q", got)
	}
}

func TestWhatIsNotThereFails(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	tests := []struct {
		name string
		do   func(*browser.Page)
		want string
	}{
		{"no such button", func(p *browser.Page) { p.Click("立案") }, `no links or buttons reads “立案”; there are: 全文公开 | 不公开 | 已经调研 | 提交 | 存草稿`},
		{"two such links", func(p *browser.Page) { p.Click("查看") }, "2 links or buttons read “查看”"},
		{"no such field", func(p *browser.Page) { p.Fill("姓名", "x") }, "no fields reads “姓名”; there are: 标题"},
		{"no such option", func(p *browser.Page) { p.Choose("界别", "经济界") }, "教育界 | 医药卫生界"},
		{"too long", func(p *browser.Page) { p.Fill("标题", strings.Repeat("长", 21)) }, "it holds"},
		{"text missing", func(p *browser.Page) { p.Expect("藏着的话") }, "it is not there"},
		{"text there", func(p *browser.Page) { p.Absent("公开方式") }, "it is there"},
		{"wrong address", func(p *browser.Page) { p.ExpectPath("^/saved$") }, "it is /form.html"},
		{"wrong value", func(p *browser.Page) { p.ExpectValue("界别", "教育界") }, `it holds "请选择"`},
		{"wrong status", func(p *browser.Page) { p.ExpectStatus(404) }, "it is 200"},
		{"no such part", func(p *browser.Page) { p.Within("tr", "第3号").Click("查看") }, "0 visible tr contain “第3号”"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := failures(t, s.address, browser.Desktop(), func(page *browser.Page) {
				page.Open("/form.html")
				page.Patience(shortPatience)
				test.do(page)
			})
			if !strings.Contains(got, test.want) || !strings.Contains(got, "试用 (desktop) at /form.html") {
				t.Errorf("want %q, got %q", test.want, got)
			}
		})
	}
}

func TestPicturesAreKeptWhenAsked(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "shots")
	t.Setenv("TONGXIN_E2E_SHOTS", folder)
	page := browser.Start(t).Visit(browser.Visitor{Name: "委员", Address: newSite(t).address, Screen: browser.Phone()})
	page.Open("/form.html")
	page.Screenshot("01 form")
	picture, err := os.ReadFile(filepath.Join(folder, "01-form-phone.png"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(picture), "\x89PNG") {
		t.Error("not a picture")
	}
}
