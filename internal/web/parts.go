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

// iconPaths are drawings of our own on a 24 by 24 grid.
func iconPaths(name string) []string {
	switch name {
	case "home":
		return []string{"M4 11 12 4l8 7", "M6 10v10h12V10"}
	case "paper":
		return []string{"M6 3h9l4 4v14H6z", "M9 12h7M9 16h7M14 3v5h5"}
	case "pen":
		return []string{"M4 20l1-5L16 4l4 4L9 19z", "M14 6l4 4"}
	case "tray":
		return []string{"M4 13l3-8h10l3 8v6H4z", "M4 13h5l1 3h4l1-3h5"}
	case "bell":
		return []string{"M6 17V11a6 6 0 0 1 12 0v6l2 2H4z", "M10 21h4"}
	case "gear":
		return []string{"M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z", "M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M18.4 5.6l-2.2 2.2M7.8 16.2l-2.2 2.2"}
	case "eye":
		return []string{"M2 12s4-6 10-6 10 6 10 6-4 6-10 6-10-6-10-6z", "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z"}
	default:
		return []string{"M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z", "M4 21c0-4 4-7 8-7s8 3 8 7"}
	}
}
