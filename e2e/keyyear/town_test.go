package keyyear_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tongxin/e2e/browser"
	"tongxin/e2e/product"
)

func TestMain(m *testing.M) {
	os.Exit(browser.Main(func() int { return product.WithClock(m.Run) }))
}

// password is everybody's here; it satisfies the strictest rule.
const password = "Lantian-2031-qiao"

// town is the committee, and the people at work in it now. Nobody and nothing in it exists.
type town struct {
	t        *testing.T
	browser  *browser.Browser
	clock    *product.Clock
	today    string
	address  string
	people   map[string]string // ids by name
	bodies   map[string]string // ids by name
	clerks   map[string]*clerk
	visitors map[string]*browser.Page
	entered  map[string]bool // who has signed in since the clock was moved
	sent     int
}

// clerk speaks the JSON operations as somebody.
type clerk struct {
	town  *town
	token string
}

// found starts the product on nothing, in the days of the plenary.
func found(t *testing.T) *town {
	t.Helper()
	const today = "2026-01-14"
	folder := t.TempDir()
	clock := product.StartClock(t, today+"T09:00", "--listen", "127.0.0.1:0", "--database", filepath.Join(folder, "tongxin.db"), "--data", filepath.Join(folder, "data"))
	w := &town{t: t, browser: browser.Start(t), clock: clock, today: today, address: clock.Address(), people: map[string]string{}, bodies: map[string]string{},
		clerks: map[string]*clerk{}, visitors: map[string]*browser.Page{}, entered: map[string]bool{}}
	w.furnish(clock.Line(`^\s+([A-Z0-9]{4}(?:-[A-Z0-9]{4}){3})$`)[1])
	return w
}

// season moves the clock; everybody signs in anew.
func (w *town) season(day string) {
	w.clock.Move(day + "T09:00")
	w.today = day
	clear(w.clerks)
	clear(w.entered)
}

// as is somebody at the JSON operations.
func (w *town) as(name string) *clerk {
	w.t.Helper()
	if w.clerks[name] == nil {
		nobody := &clerk{town: w}
		in := post[struct{ Token string }](nobody, "/api/v1/sign-in", fields{"login": login(name), "password": password})
		w.clerks[name] = &clerk{w, in.Token}
	}
	return w.clerks[name]
}

// at is somebody at his own screen, signed in.
func (w *town) at(name string) *browser.Page {
	w.t.Helper()
	p := w.visitors[name]
	if p == nil {
		p = w.browser.Visit(browser.Visitor{Name: name, Address: w.address, Screen: screenOf(name)})
		w.visitors[name] = p
	}
	if !w.entered[name] {
		w.entered[name] = true
		p.Open("/sign-in")
		p.Fill("登录名或手机号", login(name))
		p.Fill("密码", password)
		p.Click("登录")
		p.ExpectPath(`^/(\?.*)?$`)
	}
	return p
}

// look is what every page met must stand: at the visitor's own screen all of it, at the
// other one that nothing sticks out.
func look(p *browser.Page, picture string) {
	stand(p, picture)
	other(p, func() {
		p.FitsWidth()
		p.Screenshot(picture)
	})
}

// inspect is look at a page that matters most: it must stand all of it at both screens.
func inspect(p *browser.Page, picture string) {
	stand(p, picture)
	other(p, func() { stand(p, picture) })
}

// stand is what a page must stand at the screen it is on.
func stand(p *browser.Page, picture string) {
	p.Absent("⟦")
	p.FitsWidth()
	p.Axe()
	p.Screenshot(picture)
}

// other does something at a phone instead of a desk, or the other way round.
func other(p *browser.Page, do func()) {
	was := p.Screen()
	if was.Touch {
		p.Turn(browser.Desktop())
	} else {
		p.Turn(browser.Phone())
	}
	do()
	p.Turn(was)
}

// fields are what an operation is given.
type fields map[string]any

// post does an operation that must succeed.
func post[Out any](c *clerk, path string, in any) Out {
	c.town.t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		c.town.t.Fatal(err)
	}
	return send[Out](c, http.MethodPost, path, bytes.NewReader(text))
}

// get reads something that must be there.
func get[Out any](c *clerk, path string) Out {
	c.town.t.Helper()
	return send[Out](c, http.MethodGet, path, nil)
}

func send[Out any](c *clerk, method, path string, body io.Reader) Out {
	w := c.town
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.address+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if method == http.MethodPost {
		w.sent++
		r.Header.Set("Idempotency-Key", fmt.Sprintf("keyyear-%d", w.sent))
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
	var out Out
	if err := json.Unmarshal(text, &out); err != nil {
		w.t.Fatalf("%s %s: %v in %s", method, path, err, text)
	}
	return out
}

// made is the answer of what makes something.
type made struct{ ID string }

// done is an answer that nobody reads.
type done = map[string]any
