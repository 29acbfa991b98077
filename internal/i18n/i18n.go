// Package i18n looks up the words that people read: message keys to texts in
// Chinese and English, with placeholders, plural forms, dates and numbers.
//
// What does not live here: the texts themselves (each domain keeps its own
// messages/zh-CN.json and en.json) and texts that people wrote.
package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Lang is a language of the product.
type Lang string

// The languages; Chinese is the first and the one of official documents.
const (
	Chinese Lang = "zh-CN"
	English Lang = "en"
)

// Langs lists the languages in the order of the switch.
func Langs() []Lang { return []Lang{Chinese, English} }

// Parse reads a language from a cookie or profile; unknown means Chinese.
func Parse(s string) Lang {
	if Lang(s) == English || strings.HasPrefix(strings.ToLower(s), "en") {
		return English
	}
	return Chinese
}

// Catalogue holds every text of the product. It does not change once loaded.
type Catalogue struct {
	texts map[Lang]map[string]string
}

// Load reads messages/<lang>.json of each folder. A key that two folders
// declare, or that one language lacks, is an error.
func Load(folders ...fs.FS) (*Catalogue, error) {
	c := &Catalogue{texts: map[Lang]map[string]string{}}
	for _, lang := range Langs() {
		c.texts[lang] = map[string]string{}
		for _, f := range folders {
			if err := c.read(f, lang); err != nil {
				return nil, err
			}
		}
	}
	return c, c.compare()
}

func (c *Catalogue) read(f fs.FS, lang Lang) error {
	name := "messages/" + string(lang) + ".json"
	raw, err := fs.ReadFile(f, name)
	if err != nil {
		return fmt.Errorf("load messages: %w", err)
	}
	var m map[string]string
	if err := json.Unmarshal(raw, &m); err != nil {
		return fmt.Errorf("load %s: %w", name, err)
	}
	for k, v := range m {
		if _, twice := c.texts[lang][k]; twice {
			return fmt.Errorf("load %s: %q stands in two folders", name, k)
		}
		c.texts[lang][k] = v
	}
	return nil
}

func (c *Catalogue) compare() error {
	for _, k := range c.Keys() {
		if _, ok := c.texts[English][base(k, c.texts[English])]; !ok {
			return fmt.Errorf("load messages: %q has no English text", k)
		}
	}
	for k := range c.texts[English] {
		if _, ok := c.texts[Chinese][strings.TrimSuffix(strings.TrimSuffix(k, ".one"), ".other")]; ok {
			continue
		}
		if _, ok := c.texts[Chinese][k]; !ok {
			return fmt.Errorf("load messages: %q has no Chinese text", k)
		}
	}
	return nil
}

// base is the key itself, or its plural form when only that exists.
func base(k string, texts map[string]string) string {
	if _, ok := texts[k]; ok {
		return k
	}
	return k + ".other"
}

// Keys lists the message keys in order.
func (c *Catalogue) Keys() []string {
	keys := make([]string, 0, len(c.texts[Chinese]))
	for k := range c.texts[Chinese] {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Text is the raw text of a key, for tests.
func (c *Catalogue) Text(lang Lang, key string) (string, bool) {
	t, ok := c.texts[lang][key]
	return t, ok
}

// In returns the words in one language.
func (c *Catalogue) In(lang Lang) Words { return Words{c: c, lang: lang} }

// Words speaks one language.
type Words struct {
	c    *Catalogue
	lang Lang
}

// Language tells which.
func (w Words) Language() Lang { return w.lang }

// Has reports whether the key has a text.
func (w Words) Has(key string) bool {
	_, ok := w.c.texts[w.lang][base(key, w.c.texts[w.lang])]
	return ok
}

// T is the text of a key. args are pairs of placeholder and value; the value
// of "n" chooses the English plural form (key.one, key.other). A missing key
// is shown in brackets, so that it is seen and a test finds it.
func (w Words) T(key string, args ...any) string {
	texts := w.c.texts[w.lang]
	text, ok := texts[key]
	if !ok {
		form := key + ".other"
		for i := 0; i+1 < len(args); i += 2 {
			if args[i] == "n" && fmt.Sprint(args[i+1]) == "1" {
				form = key + ".one"
			}
		}
		if text, ok = texts[form]; !ok {
			return "⟦" + key + "⟧"
		}
	}
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	return w.fill(text, args)
}

// fill puts the values into their placeholders; one without a value stays as
// it is. Pages do this hundreds of times, hence no Replacer.
func (w Words) fill(text string, args []any) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(text[open:], '}')
		if end < 0 {
			break
		}
		end += open
		b.WriteString(text[:open])
		if v, ok := w.valueOf(text[open+1:end], args); ok {
			b.WriteString(v)
		} else {
			b.WriteByte('{')
			end = open
		}
		text = text[end+1:]
	}
	b.WriteString(text)
	return b.String()
}

func (w Words) valueOf(name string, args []any) (string, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return w.value(args[i+1]), true
		}
	}
	return "", false
}

func (w Words) value(v any) string {
	switch v := v.(type) {
	case time.Time:
		return w.DateTime(v)
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case fmt.Stringer:
		return v.String()
	default:
		return fmt.Sprint(v)
	}
}

// Date writes a calendar day: 2025年3月31日 or 31 Mar 2025; "" for no time.
func (w Words) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if w.lang == English {
		return t.Format("2 Jan 2006")
	}
	return t.Format("2006年1月2日")
}

// DateTime writes a day and the time to the minute.
func (w Words) DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return w.Date(t) + " " + t.Format("15:04")
}

// Day writes a calendar date kept as text 2006-01-02.
func (w Words) Day(date string) string {
	t, err := time.Parse("2006-01-02", date)
	if err != nil {
		return date
	}
	return w.Date(t)
}
