package tour_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"tongxin/e2e/browser"
	"tongxin/e2e/product"
)

func TestMain(m *testing.M) {
	os.Exit(browser.Main(func() int { return product.Main(m.Run) }))
}

// city is one running demo for all tests of the package.
type city struct {
	address  string
	password string
}

// open starts the demo; it ends with the test.
func open(t *testing.T) city {
	t.Helper()
	p := product.Start(t, nil, "demo", "--listen", "127.0.0.1:0", "--proposals", "160")
	c := city{address: p.Address()}
	c.password = p.Line(`the password is (\S+) for all`)[1]
	return c
}

func (c city) visit(t *testing.T, login, language string, screen browser.Screen) *browser.Page {
	t.Helper()
	p := browser.Start(t).Visit(browser.Visitor{Name: login, Address: c.address, Screen: screen, Language: language})
	p.Open("/sign-in")
	if strings.HasPrefix(language, "en") {
		p.Fill("Login or phone number", login)
		p.Fill("Password", c.password)
		p.Click("Sign in")
	} else {
		p.Fill("登录名或手机号", login)
		p.Fill("密码", c.password)
		p.Click("登录")
	}
	p.ExpectPath(`^/$`)
	return p
}

// stops are the pages that each role looks at.
func stops() map[string][]string {
	return map[string][]string{
		"member":         {"/", "/proposals", "/proposals/new", "/inbox", "/account", "/help", "first:/proposals?state=closed", "first:/proposals?state=replied", "/calendar"},
		"convener":       {"/", "/proposals", "/proposals/new"},
		"office":         {"/", "/proposals", "/proposals?state=submitted", "first:/proposals?state=submitted", "first:/proposals?state=handling", "/proposals/numbers", "/proposals/enter", "/dispatch", "/setup/calendar"},
		"chief":          {"/", "/proposals/filing", "first:/proposals?state=submitted", "/setup/rules"},
		"reviewer":       {"/", "/proposals"},
		"dispatcher":     {"/", "/dispatch", "/assignments", "/proposals"},
		"handler":        {"/", "/assignments", "/proposals", "first:/assignments"},
		"signer":         {"/", "/assignments"},
		"leader":         {"/", "/proposals"},
		"system_admin":   {"/", "/setup", "/setup/people", "/setup/sessions", "/setup/bodies", "/setup/roster", "/setup/rules", "/accounts"},
		"security_admin": {"/", "/accounts"},
		"auditor":        {"/"},
	}
}

var unsafe = regexp.MustCompile(`[^a-z0-9]+`)

// walk looks at each stop of a role.
func walk(t *testing.T, p *browser.Page, role, kind string) {
	t.Helper()
	for _, stop := range stops()[role] {
		path, first := strings.CutPrefix(stop, "first:")
		p.Open(path)
		if first {
			if p.Count("main a.ttl") == 0 {
				continue // this role has none of them today
			}
			p.OpenFirst("main a.ttl")
		}
		p.Absent("⟦")
		p.FitsWidth()
		p.Axe()
		p.Screenshot(fmt.Sprintf("%s-%s-%s", role, strings.Trim(unsafe.ReplaceAllString(stop, "-"), "-"), kind))
	}
}

func TestEveryMainPageOnDeskAndPhone(t *testing.T) {
	t.Parallel()
	c := open(t)
	for role := range stops() {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			p := c.visit(t, role, "zh-CN", browser.Desktop())
			walk(t, p, role, "zh")
			p = c.visit(t, role, "zh-CN", browser.Phone())
			walk(t, p, role, "zh")
		})
	}
}

func TestTheSameInEnglishAndInLargeText(t *testing.T) {
	t.Parallel()
	c := open(t)
	for _, role := range []string{"member", "office", "handler", "system_admin"} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			p := c.visit(t, role, "en", browser.Phone())
			walk(t, p, role, "en")
			p.Click("Large text")
			walk(t, p, role, "en-large")
			p = c.visit(t, role, "en", browser.Desktop())
			walk(t, p, role, "en-large")
		})
	}
}
