package browser

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/go-rod/rod"
)

// Expect waits until the page shows each of the texts. White space counts as one blank.
func (p *Page) Expect(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		p.until(fmt.Sprintf("expect %q", text), func(tab *rod.Page) error {
			shown, err := p.words(tab)
			if err == nil && !strings.Contains(shown, text) {
				err = errors.New("it is not there")
			}
			return err
		})
	}
}

// Absent makes sure that the page does not show any of the texts. It looks once the page
// has come to rest; what a script takes away later is waited for.
func (p *Page) Absent(texts ...string) {
	p.t.Helper()
	p.settle("look")
	for _, text := range texts {
		p.until(fmt.Sprintf("expect %q to be absent", text), func(tab *rod.Page) error {
			shown, err := p.words(tab)
			if err == nil && strings.Contains(shown, text) {
				err = errors.New("it is there")
			}
			return err
		})
	}
}

// ExpectPath waits until the address matches the pattern, without the host, and answers
// its groups: p.ExpectPath(`^/proposals/(\w+)$`)[1].
func (p *Page) ExpectPath(pattern string) []string {
	p.t.Helper()
	want := regexp.MustCompile(pattern)
	var groups []string
	p.until("expect the address "+pattern, func(tab *rod.Page) error {
		result, err := tab.Eval(`() => location.pathname + location.search`)
		if err != nil {
			return err
		}
		groups = want.FindStringSubmatch(result.Value.Str())
		if groups == nil {
			return fmt.Errorf("it is %s", result.Value.Str())
		}
		return nil
	})
	return groups
}

// ExpectStatus makes sure that the page shown was answered with this HTTP status.
func (p *Page) ExpectStatus(status int) {
	p.t.Helper()
	if got := p.Status(); got != status {
		p.fail("expect HTTP status %d: it is %d", status, got)
	}
}

// ExpectValue waits until the field with this label holds the value; for a list, until
// the chosen option reads so.
func (p *Page) ExpectValue(label, value string) {
	p.t.Helper()
	p.until(fmt.Sprintf("expect %q to hold %q", label, value), func(tab *rod.Page) error {
		field, err := p.find(tab, "field", label)
		if err != nil {
			return err
		}
		got, err := field.Eval(`() => this.isContentEditable ? this.innerText.trim()
			: this.matches('select') ? (this.selectedOptions[0]?.label ?? '').trim() : this.value`)
		if err == nil && got.Value.Str() != value {
			err = fmt.Errorf("it holds %q", got.Value.Str())
		}
		return err
	})
}

// Words answers what the page shows, white space folded.
func (p *Page) Words() string {
	p.t.Helper()
	var shown string
	p.until("read the page", func(tab *rod.Page) (err error) {
		shown, err = p.words(tab)
		return err
	})
	return shown
}

// Count tells how many visible elements match the selector.
func (p *Page) Count(css string) int {
	p.t.Helper()
	var count int
	p.until("count "+css, func(tab *rod.Page) error {
		result, err := tab.Eval(`css => [...document.querySelectorAll(css)].filter(one => one.checkVisibility()).length`, css)
		if err == nil {
			count = result.Value.Int()
		}
		return err
	})
	return count
}

// FitsWidth makes sure that nothing sticks out sideways: a page scrolls in one direction.
func (p *Page) FitsWidth() {
	p.t.Helper()
	p.until("expect the page to fit its width", func(tab *rod.Page) error {
		result, err := tab.Eval(`width => {
			const page = document.scrollingElement
			const needed = Math.max(page.scrollWidth, page.clientWidth)
			if (needed <= width) return ''
			const wide = [...document.body.querySelectorAll('*')]
				.filter(one => one.checkVisibility() && Math.max(one.getBoundingClientRect().right, one.scrollWidth) > width + 1)
				.filter((one, _, all) => !all.some(other => other !== one && one.contains(other)))
				.slice(0, 5).map(one => [one.tagName.toLowerCase(), ...one.classList].join('.'))
			return needed + ' of ' + width + ' px: ' + wide.join(', ')
		}`, p.visitor.Screen.Width)
		if err == nil && result.Value.Str() != "" {
			err = errors.New("it is too wide, " + result.Value.Str())
		}
		return err
	})
}

func (p *Page) words(tab *rod.Page) (string, error) {
	result, err := tab.Eval(findJS, "text", p.scope)
	if err != nil {
		return "", plain(err)
	}
	return result.Value.Str(), nil
}
