package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed tongxin.css tongxin.js htmx.min.js icons.svg favicon.svg icon-192.png icon-512.png manifest.webmanifest
var files embed.FS

// prefix is where the program mounts Handler.
const prefix = "/static/"

// A file is one embedded file, ready to be sent.
type file struct {
	kind   string // content type
	hash   string // first 16 hex digits of the content's sha256
	plain  []byte
	packed []byte // gzip of plain; nil where that would not be smaller
}

// A table finds files by the name in the address.
type table struct {
	byName map[string]*file  // "tongxin.css"
	hashed map[string]string // "tongxin.css" -> "tongxin.0123456789abcdef.css"
	names  map[string]string // the way back
}

// load reads the embedded files once; their content cannot change while the program runs.
var load = sync.OnceValue(func() table { return must(read()) })

// Path is the address of an embedded file, with its hash in it: Path("tongxin.css") is "/static/tongxin.<hash>.css".
// A name that is not embedded is a mistake of the programmer and panics.
func Path(name string) string {
	hashed, ok := load().hashed[name]
	if !ok {
		panic("static: no file named " + name)
	}
	return prefix + hashed
}

// Icon is the address of one drawing in icons.svg, for <svg class="i"><use href=…></use></svg>.
func Icon(name string) string { return Path("icons.svg") + "#" + name }

// Handler answers GET and HEAD below /static/. Addresses from Path may be kept for a year; plain names, which the
// web manifest uses, for ten minutes.
func Handler() http.Handler {
	t := load()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { t.serve(w, r) })
}

// serve finds the file and sends it in the form the browser asked for.
func (t table) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	asked := strings.TrimPrefix(r.URL.Path, prefix)
	name, forever := t.names[asked]
	if !forever {
		name = asked
	}
	f, ok := t.byName[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	f.send(w, r, forever)
}

// send writes headers and, when the browser does not have it yet, the content.
func (f *file) send(w http.ResponseWriter, r *http.Request, forever bool) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "public, max-age=600")
	if forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body, tag := f.plain, `"`+f.hash+`"`
	if f.packed != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		body, tag = f.packed, `"`+f.hash+`-gz"`
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", tag)
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // a browser that left is nobody's error
	}
}

// acceptsGzip reads the header as far as needed: gzip is named and not refused.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, quality, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if coding == "gzip" {
			return quality != "q=0"
		}
	}
	return false
}

// read builds the table from the embedded files.
func read() (table, error) {
	t := table{byName: map[string]*file{}, hashed: map[string]string{}, names: map[string]string{}}
	entries, err := files.ReadDir(".")
	if err != nil {
		return t, fmt.Errorf("list the embedded files: %w", err)
	}
	for _, entry := range entries {
		name := entry.Name()
		plain, err := files.ReadFile(name)
		if err != nil {
			return t, fmt.Errorf("read embedded %s: %w", name, err)
		}
		sum := sha256.Sum256(plain)
		f := &file{kind: kindOf(name), hash: hex.EncodeToString(sum[:8]), plain: plain}
		if f.packed, err = pack(plain); err != nil {
			return t, fmt.Errorf("compress %s: %w", name, err)
		}
		ext := path.Ext(name)
		hashed := strings.TrimSuffix(name, ext) + "." + f.hash + ext
		t.byName[name], t.hashed[name], t.names[hashed] = f, hashed, name
	}
	return t, nil
}

// kindOf is the content type by the name's end. The machine's own list is not asked: it differs from place to place.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".webmanifest":
		return "application/manifest+json"
	}
	return "application/octet-stream"
}

// pack compresses; it gives nil when nothing is gained.
func pack(plain []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if b.Len() >= len(plain) {
		return nil, nil
	}
	return b.Bytes(), nil
}

// must stops the program when its own files cannot be read, which only a broken build can cause.
func must(t table, err error) table {
	if err != nil {
		panic(err)
	}
	return t
}
