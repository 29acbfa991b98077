package help_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/help"
	"tongxin/internal/i18n"
)

func opened(t testing.TB) *help.Book {
	t.Helper()
	b, err := help.Open()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// all is everything a page says.
func all(p help.Page) string {
	parts := append([]string{p.Title}, p.Lead...)
	for _, s := range p.Sections {
		parts = append(parts, s.Title)
		for _, b := range s.Blocks {
			parts = append(append(parts, b.Text), b.Steps...)
			for _, w := range b.Words {
				parts = append(parts, w.Name, w.Meaning)
			}
		}
	}
	return strings.Join(parts, "\n")
}

func TestEveryPostHasHelpInBothLanguages(t *testing.T) {
	t.Parallel()
	b := opened(t)
	for _, kind := range append(access.PostKinds(), help.Visitor) {
		zh, ok := b.Page(i18n.Chinese, kind)
		en, ok2 := b.Page(i18n.English, kind)
		if kind == access.System {
			if ok || ok2 {
				t.Error("the clockwork needs no help")
			}
			continue
		}
		if !ok || !ok2 {
			t.Errorf("%s: Chinese %v, English %v", kind, ok, ok2)
			continue
		}
		if n := utf8.RuneCountInString(all(zh)); n < 300 || n > 900 {
			t.Errorf("%s: the Chinese text has %d characters", kind, n)
		}
		if len(zh.Sections) < 3 || len(zh.Sections) != len(en.Sections) {
			t.Errorf("%s: %d sections in Chinese, %d in English", kind, len(zh.Sections), len(en.Sections))
			continue
		}
		for i, s := range zh.Sections {
			if a, b := shape(s), shape(en.Sections[i]); a != b {
				t.Errorf("%s %q: %s in Chinese, %s in English", kind, s.Title, a, b)
			}
		}
		if i := strings.IndexFunc(all(en), func(r rune) bool { return unicode.Is(unicode.Han, r) }); i >= 0 {
			t.Errorf("%s: Chinese characters in the English text: %.20s", kind, all(en)[i:])
		}
	}
}

// shape is how many steps, words and paragraphs a section has.
func shape(s help.Section) string {
	var b strings.Builder
	for _, x := range s.Blocks {
		b.WriteString(strings.Repeat("1", len(x.Steps)) + strings.Repeat("w", len(x.Words)))
		if x.Text != "" {
			b.WriteByte('p')
		}
	}
	return b.String()
}

func TestTheFormOfATextIsRead(t *testing.T) {
	t.Parallel()
	p := help.Parse("标题\n开头\n\n一、第一节\n1. 甲\n2. 乙\n说明\n3. 丙\n· 立案：编号\n· 办结\n\nII. Second\n· filed: numbered\n")
	if p.Title != "标题" || len(p.Lead) != 1 || len(p.Sections) != 2 {
		t.Fatalf("%+v", p)
	}
	s := p.Sections[0]
	if s.ID != "s1" || s.Title != "一、第一节" || shape(s) != "11p1ww" || s.Blocks[0].Steps[1] != "乙" {
		t.Errorf("%+v", s)
	}
	if w := s.Blocks[3].Words; w[0] != (help.Word{Name: "立案", Meaning: "编号"}) || w[1] != (help.Word{Meaning: "办结"}) {
		t.Errorf("%+v", w)
	}
	if w := p.Sections[1].Blocks[0].Words[0]; w.Name != "filed" || w.Meaning != "numbered" {
		t.Errorf("%+v", w)
	}
	for _, odd := range []string{"", "\n\n", "1. a step without a section", "· x"} {
		help.Parse(odd) // must not fall
	}
}
