package browser

import (
	"fmt"

	"github.com/go-rod/rod"
)

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

// File is what a link hands out for keeping.
type File struct {
	Name string // as the header Content-Disposition says it, undecoded
	Type string
	Text string
}

// Download fetches the file behind the link with these words, as the visitor.
func (p *Page) Download(text string) File {
	p.t.Helper()
	var f File
	p.until(fmt.Sprintf("download %q", text), func(tab *rod.Page) error {
		link, err := p.find(tab, "clickable", text)
		if err != nil {
			return err
		}
		got, err := link.Eval(`async () => {
			const answer = await fetch(this.href)
			if (!answer.ok) throw new Error('it was answered with ' + answer.status)
			return { name: answer.headers.get('Content-Disposition'), type: answer.headers.get('Content-Type'), text: await answer.text() }
		}`)
		if err != nil {
			return plain(err)
		}
		f = File{Name: got.Value.Get("name").Str(), Type: got.Value.Get("type").Str(), Text: got.Value.Get("text").Str()}
		return nil
	})
	p.settle("download")
	return f
}
