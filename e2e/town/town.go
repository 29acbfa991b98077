package town

import (
	"path/filepath"
	"testing"

	"tongxin/e2e/browser"
	"tongxin/e2e/product"
)

// Password is everybody's; it satisfies the strictest rule.
const Password = "Lantian-2031-qiao"

// Plan is a committee before it is founded. Nobody and nothing in one exists.
type Plan struct {
	At     string // when the clock starts, 2026-03-02T09:00
	Bodies []Body
	People []Person
	Args   []string // further settings of the server
}

// Body is a body of the committee or a unit.
type Body struct {
	Kind, Name string
	Channel    string // of a unit
}

// Person is somebody with one post.
type Person struct {
	Name, Login string
	Kind, Body  string // of the post; Body is the committee when left empty
	Sector      string // of a member
	Phone       string
	Screen      browser.Screen // a desk when left empty
}

// Town is a committee at work, with a clock that the test moves.
type Town struct {
	*product.Clock
	Address string
	Bodies  map[string]string // ids by name, the committee's own under ""

	t        testing.TB
	browser  *browser.Browser
	plan     Plan
	clerks   map[string]*Clerk
	visitors map[string]*browser.Page
	entered  map[string]bool // who signed in since the clock was moved
	sent     int
}

// the administrators, whom the plan need not name.
const admin, adminLogin = "秦思齐", "qinsiqi"

// Found starts the product on nothing and sets the committee up.
func Found(t *testing.T, p Plan) *Town {
	t.Helper()
	folder := t.TempDir()
	args := append([]string{"--listen", "127.0.0.1:0", "--database", filepath.Join(folder, "tongxin.db"), "--data", filepath.Join(folder, "data")}, p.Args...)
	clock := product.StartClock(t, p.At, args...)
	w := &Town{Clock: clock, Address: clock.Address(), Bodies: map[string]string{}, t: t, browser: browser.Start(t), plan: p,
		clerks: map[string]*Clerk{}, visitors: map[string]*browser.Page{}, entered: map[string]bool{}}
	w.open(clock.Line(`^\s+([A-Z0-9]{4}(?:-[A-Z0-9]{4}){3})$`)[1])
	w.build()
	w.settle()
	return w
}

// At is somebody at his own screen, signed in.
func (w *Town) At(name string) *browser.Page {
	w.t.Helper()
	p := w.visitors[name]
	if p == nil {
		p = w.browser.Visit(browser.Visitor{Name: name, Address: w.Address, Screen: w.person(name).Screen})
		w.visitors[name] = p
	}
	if !w.entered[name] {
		w.entered[name] = true
		p.Open("/sign-in")
		p.Fill("登录名或手机号", w.person(name).Login)
		p.Fill("密码", Password)
		p.Click("登录")
		p.ExpectPath(`^/(\?.*)?$`)
	}
	return p
}

// Move moves the clock forward; after half an hour everybody has to sign in anew.
func (w *Town) Move(at string) {
	w.t.Helper()
	w.Clock.Move(at)
	clear(w.clerks)
	clear(w.entered)
}

func (w *Town) person(name string) Person {
	for _, x := range w.plan.People {
		if x.Name == name {
			return x
		}
	}
	w.t.Fatalf("the plan has nobody called %s", name)
	return Person{}
}

// Look is what every page met must stand: on the visitor's own screen it is accessible, and
// at a desk and on a phone it has every word and scrolls in one direction.
func Look(p *browser.Page, picture string) {
	own, other := p.Screen(), browser.Phone()
	if own.Touch {
		other = browser.Desktop()
	}
	p.Turn(other)
	p.FitsWidth()
	p.Screenshot(picture)
	p.Turn(own)
	p.Absent("⟦")
	p.FitsWidth()
	p.Axe()
	p.Screenshot(picture)
}
