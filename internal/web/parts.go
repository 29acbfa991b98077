package web

import (
	"net/url"
	"strings"
)

// lines are the paragraphs of a plain text.
func lines(text string) []string {
	var list []string
	for l := range strings.SplitSeq(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			list = append(list, l)
		}
	}
	return list
}

// after is the address of the next page of a list.
func after(v View, cursor string) string {
	q := url.Values{}
	for k, x := range v.Query {
		q[k] = x
	}
	q.Del("done")
	q.Set("after", cursor)
	return v.Path + "?" + q.Encode()
}

// navAtMost is how many entries the bar on top of a desk screen shows; when
// there are more, the last ones stand behind one.
const navAtMost = 7

// nav splits the menu into what is shown at once and what stands behind 更多.
func (v View) nav() (first, rest []MenuItem) {
	if len(v.Menu) <= navAtMost {
		return v.Menu, nil
	}
	return v.Menu[:navAtMost-1], v.Menu[navAtMost-1:]
}

// within reports whether the page belongs to one of the entries.
func (v View) within(list []MenuItem) bool {
	for _, m := range list {
		if v.Here(m.Path) {
			return true
		}
	}
	return false
}
