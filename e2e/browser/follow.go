package browser

import "github.com/go-rod/rod"

// OpenFirst goes where the first visible link that matches the selector leads, of a list for
// instance.
func (p *Page) OpenFirst(css string) {
	p.t.Helper()
	var path string
	p.until("find the first "+css, func(tab *rod.Page) error {
		found, err := tab.Eval(`css => { const one = [...document.querySelectorAll(css)].find(x => x.href && x.getBoundingClientRect().width > 0); if (!one) throw new Error('there is none'); return one.getAttribute('href') }`, css)
		if err != nil {
			return plain(err)
		}
		path = found.Value.Str()
		return nil
	})
	p.Open(path)
}
