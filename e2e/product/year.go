package product

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"
)

// yearVariable names the binary of MainOfYear; set by hand it spares building.
const yearVariable = "TONGXIN_E2E_YEAR_BINARY"

// MainOfYear is Main for journeys through a year. It builds cmd/tongxin-clock: the house
// that is released, with a clock that the test moves.
func MainOfYear(run func() int) int {
	if made := os.Getenv(yearVariable); made != "" {
		return with(made, run)
	}
	return mainOf(run, "-tags", "e2e", "./cmd/tongxin-clock")
}

// Clock is the clock of a house that StartAt started.
type Clock struct {
	t       testing.TB
	address string
}

// StartAt serves a house whose clock begins at a day and time in Beijing, 2026-03-02T09:00,
// on a folder of its own, and answers where it is served.
func StartAt(t testing.TB, at string, args ...string) (p *Process, c *Clock, address string) {
	t.Helper()
	p = Start(t, nil, append([]string{"--start", at, "--listen", "127.0.0.1:0"}, args...)...)
	c = &Clock{t: t, address: p.Line(`^Clock at (\S+)`)[1]}
	return p, c, p.Line(`^Tongxin listens on (\S+)`)[1]
}

// Set moves the clock forward. What is due by then is done when it returns: reminders are
// sent, lists are brought up to date.
func (c *Clock) Set(at string) { c.t.Helper(); c.post("/" + at) }

// Settle leaves the clock where it is and lets the house do what is due.
func (c *Clock) Settle() { c.t.Helper(); c.post("/") }

func (c *Clock) post(path string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.address+path, nil)
	if err != nil {
		c.t.Fatalf("set the clock: %v", err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatalf("set the clock: %v", err)
	}
	defer func() { _ = answer.Body.Close() }()
	if text, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		c.t.Fatal(fmt.Sprintf("set the clock to %s: %d %s", path, answer.StatusCode, text), err)
	}
}
