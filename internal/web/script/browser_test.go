package script

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/web/static"
)

// A save is what the script sent to the autosave address.
type save struct {
	Body     string `json:"body"`
	By       string `json:"by"`
	Key      string `json:"key"`
	Answered int    `json:"answered"`
}

// A result is what one check in testdata/checks.js found.
type result struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Got  string `json:"got"`
}

// A partner plays the server to the script: it answers as the mode says and remembers what was sent.
type partner struct {
	mu      sync.Mutex
	mode    string
	version int
	saves   []save
	submits int
	polls   int
	results chan []result
}

// The committed script does what the catalogue of parts promises, in a real browser under the real policy.
func TestScriptInBrowser(t *testing.T) {
	t.Parallel()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("TONGXIN_TEST_STRICT") != "" {
			t.Fatal("chromium is not installed")
		}
		t.Skip("chromium is not installed")
	}
	p := &partner{version: 3, results: make(chan []result, 1)}
	server := httptest.NewServer(p.routes(t))
	defer server.Close()
	stop := browse(t, chromium, server.URL+"/page")
	defer stop()
	select {
	case results := <-p.results:
		report(t, results)
	case <-time.After(90 * time.Second):
		t.Fatal("the browser gave no results within 90 s")
	}
}

// report fails the test for each check that did not hold, and when checks are missing.
func report(t *testing.T, results []result) {
	t.Helper()
	if len(results) < 30 {
		t.Errorf("%d checks ran, want at least 30", len(results))
	}
	for _, r := range results {
		if !r.OK {
			t.Errorf("%s: got %s", r.Name, r.Got)
		}
	}
}

// browse opens the page in a browser of its own; the answer ends that browser.
func browse(t *testing.T, chromium, url string) (stop func()) {
	t.Helper()
	dir, err := os.MkdirTemp("", "tongxin-browser-")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
		"--remote-debugging-port=0", "--user-data-dir="+dir, url)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return func() {
		_ = cmd.Process.Kill() // its children leave with it
		_ = cmd.Wait()
		_ = os.RemoveAll(dir)
	}
}

func (p *partner) routes(t *testing.T) http.Handler {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("GET /static/", static.Handler())
	mux.HandleFunc("GET /page", p.page)
	mux.HandleFunc("GET /checks.js", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, "testdata/checks.js") })
	mux.HandleFunc("POST /mode", func(_ http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.mode = r.URL.Query().Get("m")
	})
	mux.HandleFunc("POST /save", p.save)
	mux.HandleFunc("GET /saves", func(w http.ResponseWriter, _ *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		_ = json.NewEncoder(w).Encode(p.saves)
	})
	mux.HandleFunc("POST /submit", func(_ http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if r.FormValue("act") == "go" {
			p.submits++
		}
	})
	mux.HandleFunc("GET /submits", func(w http.ResponseWriter, _ *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		_, _ = fmt.Fprint(w, p.submits)
	})
	mux.HandleFunc("GET /poll", p.poll)
	mux.HandleFunc("POST /elder", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /results", func(_ http.ResponseWriter, r *http.Request) {
		var results []result
		if err := json.NewDecoder(r.Body).Decode(&results); err != nil {
			t.Errorf("read results: %v", err)
		}
		p.results <- results
	})
	return mux
}

// page is the same document as the real pages have it: strict policy, the version the server knows.
func (p *partner) page(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	raw, err := os.ReadFile("testdata/page.html")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	html := strings.NewReplacer("{{VERSION}}", strconv.Itoa(p.version), "{{TITLE}}", "", `"/static/tongxin.js"`, `"`+static.Path("tongxin.js")+`"`).Replace(string(raw))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'")
	_, _ = io.WriteString(w, html)
}

// save answers an autosave as the mode says.
func (p *partner) save(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s := save{Body: string(body), By: r.Header.Get("X-Requested-With"), Key: r.Header.Get("Idempotency-Key")}
	switch p.mode {
	case "signedout":
		http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	case "down":
		w.WriteHeader(http.StatusServiceUnavailable)
	case "conflict":
		w.WriteHeader(http.StatusConflict)
	default:
		p.version++
		s.Answered = p.version
		_ = json.NewEncoder(w).Encode(map[string]any{"version": p.version, "saved_at": "2026-03-01T08:00:00Z"})
	}
	p.saves = append(p.saves, s)
}

// poll is done at the second look.
func (p *partner) poll(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.polls++
	if p.polls < 2 {
		_, _ = io.WriteString(w, `<div id="job" data-poll="/poll">half</div>`)
		return
	}
	_, _ = io.WriteString(w, `<div id="job" data-done="ready">ready</div>`)
}
