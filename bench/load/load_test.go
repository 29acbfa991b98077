package load_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/bench/load"
)

func TestPercentile(t *testing.T) {
	t.Parallel()
	ten := make([]time.Duration, 10)
	for i := range ten {
		ten[i] = time.Duration(i + 1)
	}
	for _, c := range []struct {
		list []time.Duration
		q    float64
		want time.Duration
	}{
		{nil, 0.5, 0}, {ten[:1], 0.99, 1}, {ten, 0, 1}, {ten, 0.5, 5}, {ten, 0.51, 6}, {ten, 0.99, 10}, {ten, 1, 10},
	} {
		if got := load.Percentile(c.list, c.q); got != c.want {
			t.Errorf("Percentile of %d values at %v: got %d, want %d", len(c.list), c.q, got, c.want)
		}
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		list []float64
		want float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 5}, 5}, {[]float64{4, 1, 2, 9}, 3}} {
		if got := load.Median(c.list); got != c.want {
			t.Errorf("Median(%v): got %v, want %v", c.list, got, c.want)
		}
	}
}

// echo answers what it was told, in one piece or in chunks.
func echo(t *testing.T) (address string, keys *sync.Map) {
	t.Helper()
	keys = &sync.Map{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if _, twice := keys.LoadOrStore(r.Header.Get("Idempotency-Key"), true); twice && r.Method == http.MethodPost {
			t.Errorf("key %q twice", r.Header.Get("Idempotency-Key"))
		}
		switch r.URL.Path {
		case "/chunks":
			_, _ = io.WriteString(w, "one")
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, " two "+r.Header.Get("Authorization"))
		case "/nothing":
			w.WriteHeader(http.StatusNoContent)
		case "/bad":
			w.WriteHeader(http.StatusTeapot)
		default:
			_, _ = w.Write(body)
		}
	}))
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://"), keys
}

func TestOneConnectionManyShapes(t *testing.T) {
	t.Parallel()
	address, _ := echo(t)
	c, err := load.Dial(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	h := load.Head{Host: address, Token: "tok", Key: "k"}
	for i, x := range []struct {
		request []byte
		status  int
		body    string
	}{
		{h.Get(nil, "/chunks"), 200, "one two Bearer tok"},
		{h.Get(nil, "/nothing"), 204, ""},
		{h.Post(nil, "/", 1, []byte(`{"a":"提案"}`)), 200, `{"a":"提案"}`},
		{h.Get(nil, "/bad"), 418, ""},
		{h.Get(nil, "/chunks"), 200, "one two Bearer tok"},
	} {
		a, err := c.Do(x.request, true)
		if err != nil || a.Status != x.status || string(a.Body) != x.body || a.Bytes != len(x.body) {
			t.Errorf("request %d: got %d %q (%d bytes) %v, want %d %q", i, a.Status, a.Body, a.Bytes, err, x.status, x.body)
		}
	}
}

func TestRunStopsAtItsNumberAndRepeatsNoKey(t *testing.T) {
	t.Parallel()
	address, keys := echo(t)
	h := load.Head{Host: address, Key: "run-"}
	p := load.Plan{Address: address, Connections: 8, For: time.Minute, Most: 500, Want: 200, From: 7,
		Next: func(n uint64, buf []byte) []byte {
			body, _ := json.Marshal(n)
			return h.Post(buf, "/", n, body)
		}}
	r, err := load.Run(p)
	if err != nil || r.Sent() != 500 || r.PerSecond() <= 0 {
		t.Fatalf("sent %d of 500: %v", r.Sent(), err)
	}
	if _, ok := keys.Load("run-7"); !ok {
		t.Error("the first request has not the number asked for")
	}
}

func TestRunFailsWithAWrongStatus(t *testing.T) {
	t.Parallel()
	address, _ := echo(t)
	h := load.Head{Host: address}
	p := load.Plan{Address: address, Connections: 2, For: time.Minute, Want: 200,
		Next: func(_ uint64, buf []byte) []byte { return h.Get(buf, "/bad") }}
	if _, err := load.Run(p); err == nil || !strings.Contains(err.Error(), "status 418") {
		t.Errorf("got %v, want a complaint about status 418", err)
	}
}
