package crash_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// client speaks the JSON API as one account, over connections of its own.
type client struct {
	http    *http.Client
	address string
	token   string
}

// answer is a response, read whole.
type answer struct {
	status int
	kind   string // content type
	body   []byte
}

func (a answer) String() string { return fmt.Sprintf("%d %s %s", a.status, a.kind, a.body) }

func newClient(address, token string) *client {
	return &client{http: &http.Client{Transport: &http.Transport{}, Timeout: 30 * time.Second}, address: address, token: token}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// send sends a request; an error means that there is no answer, so nobody knows what
// became of it.
func (c *client) send(ctx context.Context, method, path, key string, in any) (answer, error) {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return answer{}, err
		}
		body = bytes.NewReader(text)
	}
	return c.request(ctx, method, path, key, body)
}

// post sends a body as it is.
func (c *client) post(ctx context.Context, path, key string, body io.Reader) (answer, error) {
	return c.request(ctx, http.MethodPost, path, key, body)
}

func (c *client) request(ctx context.Context, method, path, key string, body io.Reader) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.address+path, body)
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	w, err := c.http.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = w.Body.Close() }()
	text, err := io.ReadAll(w.Body)
	if err != nil {
		return answer{}, fmt.Errorf("read the answer: %w", err)
	}
	return answer{w.StatusCode, w.Header.Get("Content-Type"), text}, nil
}

// signIn starts a session and answers its token.
func signIn(t *testing.T, address, login, password string) string {
	t.Helper()
	c := newClient(address, "")
	defer c.close()
	a, err := c.send(t.Context(), http.MethodPost, "/api/v1/sign-in", "", map[string]string{"login": login, "password": password})
	if err != nil || a.status != http.StatusOK {
		t.Fatalf("sign in as %s: %s %v", login, a, err)
	}
	var session struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal(a.body, &session); err != nil || session.Token == "" {
		t.Fatalf("sign in as %s: no token in the answer, %v", login, err)
	}
	return session.Token
}

// get reads something that must be there.
func get[T any](t *testing.T, c *client, path string) T {
	t.Helper()
	var out T
	a, err := c.send(t.Context(), http.MethodGet, path, "", nil)
	if err != nil || a.status != http.StatusOK {
		t.Fatalf("GET %s: %s %v", path, a, err)
	}
	if err := json.Unmarshal(a.body, &out); err != nil {
		t.Fatalf("GET %s: %v in %s", path, err, a.body)
	}
	return out
}

// listed are the ids of everything the member wrote, by title.
func listed(t *testing.T, c *client) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	after := ""
	for {
		page := get[struct {
			Proposals []struct{ ID, Title string }
			Next      string
		}](t, c, "/api/v1/proposals?mine=true&after="+url.QueryEscape(after))
		for _, p := range page.Proposals {
			found[p.Title] = append(found[p.Title], p.ID)
		}
		if page.Next == "" {
			return found
		}
		after = page.Next
	}
}

// partition is what became of the submissions of the current session.
type partition struct {
	Submitted        int64 `json:"submitted"`
	Pending          int64 `json:"pending"`
	Filed            int64 `json:"filed"`
	NotFiled         int64 `json:"not_filed"`
	ConvertedOpinion int64 `json:"converted_opinion"`
	ConvertedLetter  int64 `json:"converted_letter"`
	TransferredUp    int64 `json:"transferred_up"`
	Withdrawn        int64 `json:"withdrawn"`
}

func (p partition) sum() int64 {
	return p.Pending + p.Filed + p.NotFiled + p.ConvertedOpinion + p.ConvertedLetter + p.TransferredUp + p.Withdrawn
}

func partitionOf(t *testing.T, c *client) partition {
	t.Helper()
	return get[partition](t, c, "/api/v1/proposals/partition")
}
