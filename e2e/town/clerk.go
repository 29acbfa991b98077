package town

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Clerk speaks the JSON operations as somebody.
type Clerk struct {
	town  *Town
	token string
}

// Fields are what an operation is given.
type Fields map[string]any

// Made is the answer of what makes something.
type Made struct{ ID string }

// Done is an answer that nobody reads.
type Done map[string]any

// As is somebody at the JSON operations, signed in.
func (w *Town) As(name string) *Clerk {
	w.t.Helper()
	if w.clerks[name] == nil {
		login := adminLogin
		if name != admin {
			login = w.person(name).Login
		}
		in := Post[struct{ Token string }](w.nobody(), "/api/v1/sign-in", Fields{"login": login, "password": Password})
		w.clerks[name] = &Clerk{w, in.Token}
	}
	return w.clerks[name]
}

// nobody has not signed in.
func (w *Town) nobody() *Clerk { return &Clerk{town: w} }

// Post does an operation that must succeed.
func Post[Out any](c *Clerk, path string, in any) Out {
	c.town.t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		c.town.t.Fatal(err)
	}
	return send[Out](c, http.MethodPost, path, bytes.NewReader(text))
}

// Get reads something that must be there.
func Get[Out any](c *Clerk, path string) Out {
	c.town.t.Helper()
	return send[Out](c, http.MethodGet, path, nil)
}

func send[Out any](c *Clerk, method, path string, body io.Reader) Out {
	w := c.town
	w.t.Helper()
	text := c.raw(method, path, body)
	var out Out
	if err := json.Unmarshal(text, &out); err != nil {
		w.t.Fatalf("%s %s: %v in %s", method, path, err, text)
	}
	return out
}

// Fetch reads a file.
func (c *Clerk) Fetch(path string) []byte {
	c.town.t.Helper()
	return c.raw(http.MethodGet, path, nil)
}

func (c *Clerk) raw(method, path string, body io.Reader) []byte {
	w := c.town
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.Address+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if method == http.MethodPost {
		w.sent++
		r.Header.Set("Idempotency-Key", fmt.Sprintf("town-%d", w.sent))
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	client := http.Client{Timeout: time.Minute}
	answer, err := client.Do(r)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		w.t.Fatalf("%s %s: %d %s %v", method, path, answer.StatusCode, text, err)
	}
	return text
}
