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
