package browser

import (
	"encoding/base64"
	"fmt"

	"github.com/go-rod/rod"
)

// Fetch reads the file behind the link with these words, as the visitor, byte by byte.
func (p *Page) Fetch(text string) []byte {
	p.t.Helper()
	var bytes []byte
	p.until(fmt.Sprintf("fetch %q", text), func(tab *rod.Page) error {
		link, err := p.find(tab, "clickable", text)
		if err != nil {
			return err
		}
		got, err := link.Eval(`async () => {
			const answer = await fetch(this.href)
			if (!answer.ok) throw new Error('it was answered with ' + answer.status)
			const bytes = new Uint8Array(await answer.arrayBuffer())
			let text = ''
			for (const b of bytes) text += String.fromCharCode(b)
			return btoa(text)
		}`)
		if err != nil {
			return plain(err)
		}
		bytes, err = base64.StdEncoding.DecodeString(got.Value.Str())
		return err
	})
	p.settle("fetch")
	return bytes
}
