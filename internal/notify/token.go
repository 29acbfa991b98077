package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"sync"
	"time"
)

// token keeps what a platform lets our application in with: the documents ask
// to keep it until it ends, and to fetch another when it is refused early.
type token struct {
	fetch func(ctx context.Context) (value string, valid time.Duration, err error)

	mu    sync.Mutex
	value string
	ends  time.Time
}

// early is how long before its end a token is fetched anew.
const early = 5 * time.Minute

func (t *token) get(ctx context.Context) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.value != "" && time.Now().Before(t.ends) {
		return t.value, nil
	}
	value, valid, err := t.fetch(ctx)
	if err != nil {
		return "", err
	}
	if value == "" {
		return "", &Refusal{Class: Broken}
	}
	t.value, t.ends = value, time.Now().Add(valid-early)
	return value, nil
}

// drop forgets a token that was refused, unless somebody fetched another.
func (t *token) drop(value string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.value == value {
		t.value = ""
	}
}

// errStale says that the platform wants another token.
type errStale struct{}

func (errStale) Error() string { return "the token ended" }

// with calls f with a token, and once more with a fresh one when it is refused.
func (t *token) with(ctx context.Context, f func(token string) (string, error)) (string, error) {
	for range 2 {
		value, err := t.get(ctx)
		if err != nil {
			return "", err
		}
		id, err := f(value)
		if _, stale := err.(errStale); !stale { //nolint:errorlint // ours, never wrapped
			return id, err
		}
		t.drop(value)
	}
	return "", &Refusal{Class: SignIn}
}

// settled turns a wish for another token into a no: where there is no token yet,
// another one would not help.
func settled(err error) error {
	if _, stale := err.(errStale); stale { //nolint:errorlint // ours, never wrapped
		return &Refusal{Class: SignIn}
	}
	return err
}

// plainJSON encodes without writing < > & as \u003c …, which WeCom refuses
// (40033).
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// read decodes an answer; a text that is no JSON is judged by its status.
func (a answer) read(into any) error {
	if err := json.Unmarshal(a.body, into); err != nil {
		if no := a.refused(); no != nil {
			return no
		}
		return &Refusal{Class: Broken}
	}
	return nil
}

// post sends a body as JSON and decodes the answer.
func (o *Outward) post(ctx context.Context, address string, header map[string]string, body, into any) error {
	text, err := plainJSON(body)
	if err != nil {
		return &Refusal{Class: Content, Lasting: true}
	}
	h := make(map[string][]string, len(header))
	for k, v := range header {
		h[k] = []string{v}
	}
	a, err := o.ask(ctx, "POST", address, h, text)
	if err != nil {
		return err
	}
	if a.status == 429 || a.status >= 500 {
		return a.refused()
	}
	return a.read(into)
}
