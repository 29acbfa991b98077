package commendation

import (
	"strings"
	"unicode/utf8"

	"tongxin/internal/calendar"
	"tongxin/internal/fault"
)

// Longest texts, in characters.
const (
	wordsAtMost     = 500
	titleAtMost     = 60
	referenceAtMost = 60
	nameAtMost      = 60
)

// words reads a text that somebody typed and tells what is wrong with it.
func words(p *fault.Problems, field, text string, most int, required bool) string {
	text = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), ""))
	p.Check(text != "" || !required, field, "commendation.required")
	p.Check(utf8.RuneCountInString(text) <= most, field, "commendation.too-long", "max", most)
	return text
}

// day reads a day that somebody typed; the zero Date with a problem noted.
func day(p *fault.Problems, field, text string) calendar.Date {
	d, err := calendar.ParseDate(strings.TrimSpace(text))
	p.Check(err == nil, field, "web.not-a-date")
	return d
}

// within checks a number.
func within(p *fault.Problems, field string, n, least, most int) {
	p.Check(n >= least && n <= most, field, "commendation.range", "least", least, "most", most)
}
