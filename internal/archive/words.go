package archive

import (
	"io/fs"
	"strings"

	"tongxin/internal/app"
	"tongxin/internal/i18n"
	"tongxin/internal/proposal"
	"tongxin/internal/store"
)

// chinese are the words of official documents. Package site lends the whole
// catalogue; without it the modules' own files are read.
func chinese(a *app.App) i18n.Words {
	if c, ok := app.PartOf[*i18n.Catalogue](a); ok {
		return c.In(i18n.Chinese)
	}
	var folders []fs.FS
	for _, m := range a.Modules() {
		if m.Messages != nil {
			folders = append(folders, m.Messages)
		}
	}
	c, err := i18n.Load(folders...)
	if err != nil {
		return i18n.Words{} // the same files were loaded at start; a key is shown in brackets
	}
	return c.In(i18n.Chinese)
}

// word is the word of a code, or the code itself; nothing for none.
func (s *source) word(prefix, code string) string {
	if code == "" || !s.words.Has(prefix+code) {
		return code
	}
	return s.words.T(prefix + code)
}

func (s *source) wish() string {
	w := s.word("proposal.field.publish.", s.r.Publish)
	if s.r.PublishReason != "" {
		w += "：" + s.r.PublishReason
	}
	return w
}

func unitNames(list []proposal.Unit) []string {
	out := make([]string, len(list))
	for i, u := range list {
		out[i] = u.Name
	}
	return out
}

// moment writes an instant in Beijing time, "" for none.
func moment(t store.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006年1月2日 15:04")
}

// day writes a calendar date kept as text.
func day(date string) string { return i18n.Words{}.Day(date) }

func yes(b bool) string {
	if b {
		return "是"
	}
	return "否"
}

// short is the beginning of a text, for a sentence.
func short(text string) string {
	if r := []rune(text); len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return text
}

func table(heads []string, rows [][]string) Block {
	return Block{Kind: Table, Rows: append([][]string{heads}, rows...)}
}

// plain takes away what no document may hold: characters that XML forbids, and
// those that turn the direction of text or cannot be seen.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff || r == 0xfffd:
			return -1
		case r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff:
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}
