package help

import (
	"embed"
	"fmt"
	"path"
	"regexp"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/i18n"
)

//go:embed text
var texts embed.FS

// Visitor is the page for those who have not signed in.
const Visitor access.PostKind = "visitor"

// Kinds are the pages, in the order of the list: the visitor's first.
func Kinds() []access.PostKind {
	kinds := []access.PostKind{Visitor}
	for _, k := range access.PostKinds() {
		if k != access.System {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// Page is one page of help.
type Page struct {
	Title    string
	Lead     []string // paragraphs before the first section
	Sections []Section
}

// Section is a heading and what stands below it.
type Section struct {
	ID     string // anchor: s1, s2 …
	Title  string
	Blocks []Block
}

// Block is a run of lines of one sort; only one of the three is filled.
type Block struct {
	Text  string   // a paragraph
	Steps []string // numbered
	Words []Word
}

// Word is a word of the committee and what it means.
type Word struct{ Name, Meaning string }

// Book is every page in every language. It does not change once opened.
type Book struct {
	pages map[i18n.Lang]map[access.PostKind]Page
}

// Open reads the pages. A page that is missing in a language is an error.
func Open() (*Book, error) {
	b := &Book{pages: map[i18n.Lang]map[access.PostKind]Page{}}
	for _, lang := range i18n.Langs() {
		b.pages[lang] = map[access.PostKind]Page{}
		for _, k := range Kinds() {
			raw, err := texts.ReadFile(path.Join("text", string(lang), string(k)+".txt"))
			if err != nil {
				return nil, fmt.Errorf("open the help: %w", err)
			}
			b.pages[lang][k] = Parse(string(raw))
		}
	}
	return b, nil
}

// Page gives the page of a kind of post; false for a kind that has none.
func (b *Book) Page(lang i18n.Lang, kind access.PostKind) (Page, bool) {
	p, ok := b.pages[lang][kind]
	return p, ok
}

var (
	heading = regexp.MustCompile(`^(?:[一二三四五六七八九十]+、|[IVX]+\. )`)
	step    = regexp.MustCompile(`^[0-9]+\. `)
)

// Parse reads a text of the form that the package comment describes.
func Parse(text string) Page {
	var p Page
	lines := strings.Split(strings.TrimSpace(text), "\n")
	p.Title = strings.TrimSpace(lines[0])
	for _, l := range lines[1:] {
		l = strings.TrimSpace(l)
		switch {
		case l == "":
		case heading.MatchString(l):
			p.Sections = append(p.Sections, Section{ID: fmt.Sprintf("s%d", len(p.Sections)+1), Title: l})
		case len(p.Sections) == 0:
			p.Lead = append(p.Lead, l)
		default:
			p.Sections[len(p.Sections)-1].add(l)
		}
	}
	return p
}

// add puts a line into the section; lines of one sort that follow each other
// stand in one block.
func (s *Section) add(l string) {
	var last *Block
	if n := len(s.Blocks); n > 0 {
		last = &s.Blocks[n-1]
	}
	switch {
	case step.MatchString(l):
		text := step.ReplaceAllString(l, "")
		if last != nil && last.Steps != nil {
			last.Steps = append(last.Steps, text)
			return
		}
		s.Blocks = append(s.Blocks, Block{Steps: []string{text}})
	case strings.HasPrefix(l, "· "):
		w := wordOf(strings.TrimPrefix(l, "· "))
		if last != nil && last.Words != nil {
			last.Words = append(last.Words, w)
			return
		}
		s.Blocks = append(s.Blocks, Block{Words: []Word{w}})
	default:
		s.Blocks = append(s.Blocks, Block{Text: l})
	}
}

// wordOf cuts a word from its meaning at the first colon of either script; a
// line without one is all meaning.
func wordOf(l string) Word {
	if name, meaning, ok := strings.Cut(l, "："); ok {
		return Word{strings.TrimSpace(name), strings.TrimSpace(meaning)}
	}
	if name, meaning, ok := strings.Cut(l, ": "); ok {
		return Word{strings.TrimSpace(name), strings.TrimSpace(meaning)}
	}
	return Word{"", l}
}
