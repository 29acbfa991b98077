package document

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// BlockKind says how a piece of text is set.
type BlockKind string

// The kinds of blocks.
const (
	Paragraph BlockKind = "paragraph" // body text; the levels 一、（一）1. are found by their numbers
	Heading   BlockKind = "heading"   // a heading of the first level
	Item      BlockKind = "item"      // a numbered suggestion, its number in the text
	Signature BlockKind = "signature" // flush right: proposer, date
)

// Block is one piece of a sheet's text; line ends begin new paragraphs.
type Block struct {
	Kind BlockKind
	Text string
}

// Sheet is a proposal as it is set for print.
type Sheet struct {
	Heading string      // above the title: the committee and session
	Number  string      // 第 12 号
	Title   string      // 案由
	Meta    [][2]string // label and value: proposer, category, units …
	Blocks  []Block
}

// ProposalDocx writes the Word form of a proposal after GB/T 9704: A4 with
// margins 37/26/35/28 mm, title 二号小标宋, body 三号仿宋 at exactly 29 pt. Fonts are
// named, never embedded; the office has them. Errors are those of writing.
func ProposalDocx(w io.Writer, d Sheet) error {
	z := zip.NewWriter(w)
	parts := []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", packageRelations},
		{"word/_rels/document.xml.rels", documentRelations},
		{"word/styles.xml", styles},
		{"word/footer1.xml", footer("right")},
		{"word/footer2.xml", footer("left")},
		{"word/settings.xml", settings},
		{"word/document.xml", body(d)},
	}
	for _, p := range parts {
		f, err := z.Create(p.name)
		if err != nil {
			return fmt.Errorf("write %s: %w", p.name, err)
		}
		if _, err := io.WriteString(f, p.text); err != nil {
			return fmt.Errorf("write %s: %w", p.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write proposal: %w", err)
	}
	return nil
}

// Sizes in twentieths of a point, as Word counts: 1 mm is 56.7.
const (
	pageMargins = `<w:pgMar w:top="2098" w:bottom="1984" w:left="1587" w:right="1474" w:header="851" w:footer="1588" w:gutter="0"/>`
	section     = `<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:footerReference w:type="even" r:id="rId3"/>` +
		`<w:pgSz w:w="11906" w:h="16838"/>` + pageMargins + `<w:docGrid w:type="lines" w:linePitch="580"/></w:sectPr>`

	namespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	xmlHead    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

	contentTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
		`<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>` +
		`<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
		`<Override PartName="/word/footer2.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>`

	officeRelations  = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	packageRelations = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + officeRelations + `officeDocument" Target="word/document.xml"/></Relationships>`
	documentRelations = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + officeRelations + `styles" Target="styles.xml"/><Relationship Id="rId2" Type="` + officeRelations + `footer" Target="footer1.xml"/>` +
		`<Relationship Id="rId3" Type="` + officeRelations + `footer" Target="footer2.xml"/><Relationship Id="rId4" Type="` + officeRelations + `settings" Target="settings.xml"/></Relationships>`

	settings = xmlHead + `<w:settings ` + namespaces + `><w:evenAndOddHeaders/><w:characterSpacingControl w:val="doNotCompress"/></w:settings>`

	// Run spacing of -0.25 pt gives 28 characters in a line of 156 mm.
	styles = xmlHead + `<w:styles ` + namespaces + `><w:docDefaults><w:rPrDefault><w:rPr>` +
		`<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋_GB2312"/><w:spacing w:val="-5"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/>` +
		`</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="580" w:lineRule="exact"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>`
)

// The fonts the office supplies.
const (
	fangSong     = "仿宋_GB2312"
	kaiTi        = "楷体_GB2312"
	heiTi        = "黑体"
	xiaoBiaoSong = "方正小标宋简体"
)

// look is how a paragraph is set. Sizes are half points.
type look struct {
	font   string
	size   int
	align  string
	indent string // w:ind attributes
}

func body(d Sheet) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:document ` + namespaces + `><w:body>`)
	line := func(text string, l look) {
		if text != "" {
			write(&b, text, l)
		}
	}
	line(d.Heading, look{kaiTi, 32, "center", ""})
	line(d.Number, look{kaiTi, 32, "center", ""})
	write(&b, "", look{fangSong, 32, "", ""})
	for _, l := range textLines(d.Title) {
		line(l, look{xiaoBiaoSong, 44, "center", ""})
	}
	write(&b, "", look{fangSong, 32, "", ""})
	for _, m := range d.Meta {
		pair(&b, m[0], m[1])
	}
	if len(d.Meta) > 0 {
		write(&b, "", look{fangSong, 32, "", ""})
	}
	for _, block := range d.Blocks {
		for _, l := range textLines(block.Text) {
			line(l, lookOf(block.Kind, l))
		}
	}
	b.WriteString(section + `</w:body></w:document>`)
	return b.String()
}

// lookOf sets headings by their numbers: 一、 in 黑体, （一） in 楷体, all else in 仿宋.
func lookOf(kind BlockKind, text string) look {
	const twoIn = `w:firstLineChars="200" w:firstLine="640"`
	switch {
	case kind == Signature:
		return look{fangSong, 32, "right", `w:rightChars="400" w:right="1280"`}
	case kind == Heading || numbered(text, "", "、") && len([]rune(text)) <= 40:
		return look{heiTi, 32, "", twoIn}
	case (numbered(text, "（", "）") || numbered(text, "(", ")")) && len([]rune(text)) <= 40:
		return look{kaiTi, 32, "", twoIn}
	}
	return look{fangSong, 32, "", twoIn}
}

// numbered reports whether a text begins with a Chinese numeral between two marks.
func numbered(text, open, end string) bool {
	rest, ok := strings.CutPrefix(text, open)
	if !ok {
		return false
	}
	n := strings.TrimLeft(rest, "一二三四五六七八九十")
	return n != rest && strings.HasPrefix(n, end)
}

func write(b *strings.Builder, text string, l look) {
	b.WriteString(`<w:p><w:pPr><w:spacing w:line="580" w:lineRule="exact"/>`)
	if l.indent != "" {
		b.WriteString(`<w:ind ` + l.indent + `/>`)
	}
	if l.align != "" {
		b.WriteString(`<w:jc w:val="` + l.align + `"/>`)
	}
	b.WriteString(`</w:pPr>`)
	run(b, text, l)
	b.WriteString(`</w:p>`)
}

// pair sets a label in 黑体 and its value in 仿宋.
func pair(b *strings.Builder, label, value string) {
	b.WriteString(`<w:p><w:pPr><w:spacing w:line="580" w:lineRule="exact"/></w:pPr>`)
	run(b, label+"：", look{font: heiTi, size: 32})
	run(b, strings.Join(textLines(value), "；"), look{font: fangSong, size: 32})
	b.WriteString(`</w:p>`)
}

func run(b *strings.Builder, text string, l look) {
	if text == "" {
		return
	}
	fmt.Fprintf(b, `<w:r><w:rPr><w:rFonts w:eastAsia="%s"/><w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr><w:t xml:space="preserve">`, l.font, l.size, l.size)
	_ = xml.EscapeText(b, []byte(printable(text))) // a strings.Builder does not fail
	b.WriteString(`</w:t></w:r>`)
}

// textLines are the lines of a text without blanks around them.
func textLines(text string) []string {
	var list []string
	for l := range strings.SplitSeq(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			list = append(list, l)
		}
	}
	return list
}

// printable leaves out what XML does not allow.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return ' '
		}
		if unicode.IsControl(r) || r == 0xfffe || r == 0xffff || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, text)
}

// footer is the page number — 1 — in 四号 half-width 宋体, one character in.
func footer(side string) string {
	const rpr = `<w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/><w:sz w:val="28"/></w:rPr>`
	return xmlHead + `<w:ftr ` + namespaces + `><w:p><w:pPr><w:ind w:` + side + `Chars="100" w:` + side + `="280"/><w:jc w:val="` + side + `"/></w:pPr>` +
		`<w:r>` + rpr + `<w:t xml:space="preserve">— </w:t></w:r>` +
		`<w:r>` + rpr + `<w:fldChar w:fldCharType="begin"/></w:r><w:r>` + rpr + `<w:instrText>PAGE</w:instrText></w:r><w:r>` + rpr + `<w:fldChar w:fldCharType="separate"/></w:r>` +
		`<w:r>` + rpr + `<w:t>1</w:t></w:r><w:r>` + rpr + `<w:fldChar w:fldCharType="end"/></w:r>` +
		`<w:r>` + rpr + `<w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>`
}
