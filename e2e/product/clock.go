package product

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"
)

// Clock is a server whose clock the test moves, with a gateway for text messages that
// keeps what it is given. In everything else it is the product.
type Clock struct {
	*Process
	hand, texts string
}

// Text is one text message that the gateway took.
type Text struct {
	ID     string `json:"id"`
	Phone  string `json:"phone"`
	Text   string `json:"text"`
	Signed bool   `json:"signed"` // with the key in the settings
	Times  int    `json:"times"`  // how often it was sent
}

// StartClock runs the server from this time on (2026-03-02T09:00, Beijing time), with the
// settings of `tongxin serve`; the gateway's address is its own affair.
func StartClock(t testing.TB, at string, args ...string) *Clock {
	t.Helper()
	p := start(t, clockVariable, nil, append([]string{"--start", at}, args...))
	return &Clock{Process: p, texts: p.Line(`^Texts at (\S+)$`)[1], hand: p.Line(`^Clock at (\S+)$`)[1]}
}

// Address waits until the server says where it answers.
func (c *Clock) Address() string {
	c.t.Helper()
	return c.Line(`^Tongxin listens on (\S+)$`)[1]
}

// Move moves the clock forward. What is due by then is done when it returns: reminders
// have left, lists are up to date.
func (c *Clock) Move(at string) {
	c.t.Helper()
	c.ask(http.MethodPost, c.hand+"/"+at)
}

// Settle leaves the clock where it is and lets the house do what is due.
func (c *Clock) Settle() {
	c.t.Helper()
	c.Move("")
}

// Texts are the messages that the gateway took so far, one per id.
func (c *Clock) Texts() []Text {
	c.t.Helper()
	var list []Text
	if err := json.Unmarshal(c.ask(http.MethodGet, c.texts), &list); err != nil {
		c.t.Fatalf("read the text messages: %v", err)
	}
	return list
}

// ask sends a request to the helpers of the server.
func (c *Clock) ask(method, address string) []byte {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, address, nil)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, address, err)
	}
	client := http.Client{Timeout: time.Minute}
	answer, err := client.Do(r)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, address, err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		c.t.Fatalf("%s %s: %s: %s %v", method, address, answer.Status, body, err)
	}
	return body
}
