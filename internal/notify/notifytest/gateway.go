// Package notifytest is an SMS gateway that sends nothing on: it keeps what it
// is given, for tests and for journeys that look at what would have been sent.
//
// What does not live here: anything the product itself uses.
package notifytest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"tongxin/internal/notify"
)

// Text is one text message as the gateway took it.
type Text struct {
	ID     string    `json:"id"`
	Phone  string    `json:"phone"`
	Text   string    `json:"text"`
	Signed bool      `json:"signed"` // the request was signed with the gateway's key just now
	At     time.Time `json:"at"`
	Times  int       `json:"times"` // how often it was sent: repetitions have the same id
}

// Gateway takes posts of the default form (phone, text, id) at every path, and
// answers a GET with the list of texts. Without an answer of its own it says
// yes.
type Gateway struct {
	key    []byte
	now    func() time.Time
	mu     sync.Mutex
	texts  []Text
	calls  int
	answer func(call int, w http.ResponseWriter) bool
}

// New makes a gateway. now is the clock that signatures are judged by.
func New(key []byte, now func() time.Time) *Gateway { return &Gateway{key: key, now: now} }

// Says lets a test answer in the gateway's place: f gets the number of the
// call, from 1, and tells whether it answered. What it answered is not kept as
// a text, unless it answers a yes by returning false.
func (g *Gateway) Says(f func(call int, w http.ResponseWriter) bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.answer = f
}

// Texts lists what was taken, one per id.
func (g *Gateway) Texts() []Text {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.texts)
}

// Calls is how often the gateway was posted to.
func (g *Gateway) Calls() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.calls
}

// ServeHTTP implements http.Handler.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if r.Method != http.MethodPost {
		_ = json.NewEncoder(w).Encode(g.Texts())
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
	t := Text{At: g.now(), Times: 1}
	if err != nil || json.Unmarshal(body, &t) != nil || t.ID == "" {
		http.Error(w, `{"error": "no text"}`, http.StatusBadRequest)
		return
	}
	t.Signed = notify.Genuine(r.Header, g.key, g.now(), body)
	call, answer := g.count()
	if answer != nil && answer(call, w) {
		return
	}
	_, _ = fmt.Fprintf(w, `{"code": 0, "id": "gw-%d"}`, g.keep(t))
}

func (g *Gateway) count() (int, func(int, http.ResponseWriter) bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.calls++
	return g.calls, g.answer
}

// keep adds a text and gives its number; a repetition has that of the first.
func (g *Gateway) keep(t Text) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.IndexFunc(g.texts, func(x Text) bool { return x.ID == t.ID })
	if i >= 0 {
		g.texts[i].Times++
		return i + 1
	}
	g.texts = append(g.texts, t)
	return len(g.texts)
}

// Listen serves a gateway on the loopback interface until stop is called.
func Listen(ctx context.Context, g *Gateway) (address string, stop func() error, err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("listen for text messages: %w", err)
	}
	s := &http.Server{Handler: g, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(l) }()
	return "http://" + l.Addr().String() + "/send", s.Close, nil
}

// Receipt is a request in which the gateway tells site what became of texts.
func Receipt(ctx context.Context, site string, key []byte, at time.Time, list ...notify.Receipt) (*http.Request, error) {
	body, err := json.Marshal(notify.Receipts{Receipts: list})
	if err != nil {
		return nil, fmt.Errorf("write a receipt: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, site+"/receipts/sms", bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("write a receipt: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	notify.Signed(r.Header, key, fmt.Sprintf("receipt-%d", at.UnixNano()), at, body)
	return r, nil
}
