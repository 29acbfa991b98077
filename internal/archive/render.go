package archive

import (
	"html"
	"strings"
)

// sheetStyle sets a paper for A4. It stands in the file because a paper must be
// readable without anything else.
const sheetStyle = `@page{size:A4;margin:25mm 22mm}body{font-family:"FangSong","仿宋_GB2312","SimSun",serif;font-size:12pt;line-height:1.8;max-width:170mm;margin:0 auto;padding:8mm;color:#000;background:#fff}` +
	`h1{font-size:18pt;text-align:center;font-weight:normal}h2{font-size:13pt}h3{font-size:12pt;margin:1em 0 .2em}table{border-collapse:collapse;width:100%}th,td{border:1px solid #000;padding:1mm 2mm;text-align:left;vertical-align:top;overflow-wrap:anywhere}` +
	`th{font-weight:normal;background:#f2f2f2}dl{display:grid;grid-template-columns:10em 1fr;margin:0}dt,dd{margin:0;border-bottom:1px solid #ccc;padding:1mm 0;overflow-wrap:anywhere}` +
	`p{text-indent:2em;margin:.3em 0}.foot{border-top:1px solid #000;margin-top:8mm;font-size:10pt}.foot p{text-indent:0}thead{display:table-header-group}tr{page-break-inside:avoid}`

// sheet writes a paper as a page that stands alone. It is well-formed XML too,
// so that it can be checked; it holds no script and loads nothing.
func sheet(title, foot string, blocks []Block) []byte {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width\"/>\n<title>" + esc(title) + "</title>\n<style>" + sheetStyle + "</style>\n</head>\n<body>\n<h1>" + esc(title) + "</h1>\n")
	for _, x := range blocks {
		x.html(&b)
	}
	b.WriteString("<div class=\"foot\"><p>" + esc(foot) + "</p></div>\n</body>\n</html>\n")
	return []byte(b.String())
}

func esc(text string) string { return html.EscapeString(plain(text)) }

func (x Block) html(b *strings.Builder) {
	switch x.Kind {
	case Heading:
		b.WriteString("<h2>" + esc(x.Text) + "</h2>\n")
	case Facts:
		b.WriteString("<dl>\n")
		for _, r := range x.Rows {
			if r[1] != "" {
				b.WriteString("<dt>" + esc(r[0]) + "</dt><dd>" + strings.ReplaceAll(esc(r[1]), "\n", "<br/>") + "</dd>\n")
			}
		}
		b.WriteString("</dl>\n")
	case Table:
		if len(x.Rows[0]) > widest {
			x.stacked(b)
			return
		}
		for i, r := range x.Rows {
			cell, open, end := "td", "", ""
			if i == 0 {
				cell, open, end = "th", "<table>\n<thead>\n", "</thead>\n<tbody>\n"
			}
			b.WriteString(open + "<tr>")
			for _, c := range r {
				b.WriteString("<" + cell + ">" + strings.ReplaceAll(esc(c), "\n", "<br/>") + "</" + cell + ">")
			}
			b.WriteString("</tr>\n" + end)
		}
		b.WriteString("</tbody>\n</table>\n")
	default:
		for l := range strings.SplitSeq(x.Text, "\n") {
			if strings.TrimSpace(l) != "" {
				b.WriteString("<p>" + esc(strings.TrimSpace(l)) + "</p>\n")
			}
		}
	}
}

// widest is how many columns stand side by side on A4.
const widest = 7

// stacked sets a wide table row by row, the first cell as a heading.
func (x Block) stacked(b *strings.Builder) {
	for _, r := range x.Rows[1:] {
		b.WriteString("<h3>" + esc(r[0]) + "</h3>\n")
		facts := Block{Kind: Facts}
		for i := 1; i < len(r); i++ {
			facts.Rows = append(facts.Rows, []string{x.Rows[0][i], r[i]})
		}
		facts.html(b)
	}
}

// text writes a paper as plain text: what remains readable when nothing else is.
func text(title, foot string, blocks []Block) []byte {
	var b strings.Builder
	b.WriteString(plain(title) + "\n\n")
	for _, x := range blocks {
		x.text(&b)
	}
	b.WriteString("--\n" + plain(foot) + "\n")
	return []byte(b.String())
}

func (x Block) text(b *strings.Builder) {
	switch x.Kind {
	case Heading:
		b.WriteString("【" + plain(x.Text) + "】\n")
	case Facts:
		for _, r := range x.Rows {
			if r[1] != "" {
				b.WriteString(plain(r[0]) + "：" + plain(r[1]) + "\n")
			}
		}
		b.WriteString("\n")
	case Table:
		for _, r := range x.Rows[1:] {
			for i, c := range r {
				if c != "" {
					b.WriteString(plain(x.Rows[0][i]) + "：" + plain(c) + "\n")
				}
			}
			b.WriteString("\n")
		}
	default:
		b.WriteString(plain(x.Text) + "\n\n")
	}
}

// said is everything a paper says, for the search for secrecy marks.
func (p Paper) said() string {
	return string(text(p.Title, p.Number, p.Blocks))
}

// pages estimates how many printed pages a paper fills: 22 lines of 28
// characters, the measure of official documents.
func (p Paper) pages() int {
	const lines, characters = 22, 28
	n := 0
	for l := range strings.SplitSeq(p.said(), "\n") {
		n += (len([]rune(l))+characters-1)/characters + 1
	}
	return (n + lines - 1) / lines
}
