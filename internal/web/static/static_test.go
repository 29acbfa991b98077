package static

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
)

// What others wrote is exactly what the list says, and every minified stranger is on it.
func TestVendoredFilesMatchTheirList(t *testing.T) {
	t.Parallel()
	var list []struct{ Name, Version, Licence, Source, File, SHA256 string }
	raw, err := os.ReadFile("VENDORED.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, v := range list {
		listed[v.File] = true
		content, err := os.ReadFile(v.File)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		if got := hex.EncodeToString(sum[:]); got != v.SHA256 {
			t.Errorf("%s: sha256 %s, the list says %s", v.File, got, v.SHA256)
		}
		if v.Name == "" || v.Version == "" || v.Licence == "" {
			t.Errorf("%s: name, version or licence is missing", v.File)
		}
	}
	for name := range load().byName {
		if strings.HasSuffix(name, ".min.js") && !listed[name] {
			t.Errorf("%s is not in VENDORED.json", name)
		}
	}
}

// The style sheet works on Chromium 86 and under a content security policy of 'self'.
func TestStyleIsOldBrowserSafe(t *testing.T) {
	t.Parallel()
	forbidden := regexp.MustCompile(`:has\(|:is\(|:where\(|color-mix|oklch|@layer|@container|@import|[;{\s]inset\s*:|aspect-ratio|container-type|data:|https?:|subgrid|[0-9](dvh|svh|lvh)|&[:.\s]`)
	comment := regexp.MustCompile(`(?s)/\*.*?\*/`)
	for _, name := range []string{"tongxin.css", "../style/tongxin.css"} {
		css, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := forbidden.FindString(comment.ReplaceAllString(string(css), "")); found != "" {
			t.Errorf("%s uses %q, which Chromium 86 or the policy does not know", name, found)
		}
		if depth := deepest(string(css)); depth > 2 {
			t.Errorf("%s nests %d deep: a rule inside a rule", name, depth)
		}
	}
}

// deepest is how many braces are open at once; a media query with a rule in it is two.
func deepest(css string) int {
	open, most := 0, 0
	for _, c := range css {
		switch c {
		case '{':
			open++
			most = max(most, open)
		case '}':
			open--
		}
	}
	return most
}

// The script needs nothing newer than the oldest browser, and nothing the policy forbids.
func TestScriptIsOldBrowserSafe(t *testing.T) {
	t.Parallel()
	forbidden := regexp.MustCompile(`\beval\(|new Function|\.replaceAll\(|\.at\(-|structuredClone|\.replaceChildren\(|\?\?=|\|\|=|randomUUID|\.innerHTML|insertAdjacentHTML`)
	js, err := os.ReadFile("tongxin.js")
	if err != nil {
		t.Fatal(err)
	}
	if found := forbidden.FindString(string(js)); found != "" {
		t.Errorf("tongxin.js uses %q", found)
	}
}

// What a first visit fetches stays within the budget: 60 kB with 20 kB of HTML.
func TestTransferBudget(t *testing.T) {
	t.Parallel()
	budget := map[string]int{"tongxin.css": 8 << 10, "tongxin.js": 10 << 10, "htmx.min.js": 17 << 10, "icons.svg": 2 << 10}
	total := 0
	for name, most := range budget {
		size := len(load().byName[name].packed)
		total += size
		if size == 0 || size > most {
			t.Errorf("%s: %d bytes compressed, at most %d", name, size, most)
		}
	}
	if total > 40<<10 {
		t.Errorf("together %d bytes, at most %d", total, 40<<10)
	}
}

// A hashed address is kept for ever, a plain one for a while, an unknown one is not found.
func TestHandler(t *testing.T) {
	t.Parallel()
	css := Path("tongxin.css")
	if !regexp.MustCompile(`^/static/tongxin\.[0-9a-f]{16}\.css$`).MatchString(css) {
		t.Fatalf("Path = %q", css)
	}
	cases := map[string]struct {
		method, path, accept, match string
		status                      int
		cache, encoding             string
	}{
		"hashed and compressed": {"GET", css, "br, gzip", "", 200, "public, max-age=31536000, immutable", "gzip"},
		"hashed and plain":      {"GET", css, "", "", 200, "public, max-age=31536000, immutable", ""},
		"gzip refused":          {"GET", css, "gzip;q=0", "", 200, "public, max-age=31536000, immutable", ""},
		"head":                  {"HEAD", css, "gzip", "", 200, "public, max-age=31536000, immutable", "gzip"},
		"plain name":            {"GET", "/static/icon-192.png", "", "", 200, "public, max-age=600", ""},
		"already there":         {"GET", "/static/favicon.svg", "", `"` + load().byName["favicon.svg"].hash + `"`, 304, "public, max-age=600", ""},
		"unknown":               {"GET", "/static/nothing.css", "", "", 404, "", ""},
		"the list is not sent":  {"GET", "/static/VENDORED.json", "", "", 404, "", ""},
		"a stale hash":          {"GET", "/static/tongxin.0000000000000000.css", "", "", 404, "", ""},
		"post":                  {"POST", css, "", "", 405, "", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(c.method, c.path, nil)
			r.Header.Set("Accept-Encoding", c.accept)
			r.Header.Set("If-None-Match", c.match)
			w := httptest.NewRecorder()
			Handler().ServeHTTP(w, r)
			if w.Code != c.status {
				t.Fatalf("status %d, want %d", w.Code, c.status)
			}
			if got := w.Header().Get("Cache-Control"); got != c.cache {
				t.Errorf("Cache-Control %q, want %q", got, c.cache)
			}
			if got := w.Header().Get("Content-Encoding"); got != c.encoding {
				t.Errorf("Content-Encoding %q, want %q", got, c.encoding)
			}
			if c.method == "HEAD" && w.Body.Len() > 0 {
				t.Error("HEAD was answered with a body")
			}
		})
	}
}

// Compressed or not, the browser reads the same file.
func TestCompressedContentIsTheSame(t *testing.T) {
	t.Parallel()
	for name, f := range load().byName {
		if f.packed == nil {
			continue
		}
		r := httptest.NewRequest(http.MethodGet, Path(name), nil)
		r.Header.Set("Accept-Encoding", "gzip")
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, r)
		unpack, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(unpack)
		if err != nil || string(got) != string(f.plain) {
			t.Errorf("%s: compressed content differs (%v)", name, err)
		}
		if f.kind == "application/octet-stream" {
			t.Errorf("%s has no content type of its own", name)
		}
	}
}

// Path refuses a name that is not there: a template with a slip of the pen fails in its first test.
func TestUnknownNamePanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("Path of an unknown name did not panic")
		}
	}()
	Path("tongxni.css")
}

// Every drawing an icon address can name exists once.
func TestIconsAreDistinct(t *testing.T) {
	t.Parallel()
	svg := string(load().byName["icons.svg"].plain)
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`<symbol id="([a-z]+)"`).FindAllStringSubmatch(svg, -1) {
		if seen[m[1]] {
			t.Errorf("icon %s is drawn twice", m[1])
		}
		seen[m[1]] = true
	}
	for _, name := range []string{"mark", "home", "doc", "pen", "inbox", "person", "search", "up", "down", "close"} {
		if !seen[name] {
			t.Errorf("icon %s is missing", name)
		}
	}
	if !strings.HasSuffix(Icon("home"), ".svg#home") {
		t.Errorf("Icon = %q", Icon("home"))
	}
}
