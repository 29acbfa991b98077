package calendar

import (
	"slices"
	"strings"
)

// Step is one line of how a deadline was computed: a message key, its
// arguments, and the day reached.
type Step struct {
	Key string `json:"key"`
	// Args are the placeholders of the text. A value that begins with
	// "calendar." is a message key itself, one that reads as a date is a date.
	Args map[string]string `json:"args,omitempty"`
	On   Date              `json:"on"`
	// Spans are the holidays and make-up days on the way; Say writes them as
	// the placeholder list.
	Spans []Span `json:"spans,omitempty"`
}

// Span is a run of days of one name, both ends included.
type Span struct {
	Kind Kind   `json:"kind"`
	Name string `json:"name,omitempty"`
	From Date   `json:"from"`
	To   Date   `json:"to"`
}

// Words speaks one language; i18n.Words does.
type Words interface {
	// T is the text of a message key; args are pairs of placeholder and value.
	T(key string, args ...any) string
	// Day writes a date that is given as 2006-01-02.
	Day(date string) string
}

// Say writes the step as a sentence.
func (s Step) Say(words Words) string {
	pairs := []any{"on", words.Day(s.On.String())}
	for name, value := range s.Args {
		pairs = append(pairs, name, say(words, value))
	}
	if len(s.Spans) > 0 {
		pairs = append(pairs, "list", sayAll(words, s.Spans))
	}
	return words.T(s.Key, pairs...)
}

func say(words Words, value string) string {
	if strings.HasPrefix(value, "calendar.") {
		return words.T(value)
	}
	if _, err := ParseDate(value); err == nil {
		return words.Day(value)
	}
	return HolidayName(words, value)
}

func sayAll(words Words, spans []Span) string {
	texts := make([]string, len(spans))
	for i, s := range spans {
		texts[i] = s.Say(words)
	}
	return strings.Join(texts, words.T("calendar.span.between"))
}

// Say writes the span as part of a sentence.
func (s Span) Say(words Words) string {
	key := "calendar.span.days"
	switch {
	case s.Kind == Makeup:
		key = "calendar.span.makeup"
	case s.From == s.To:
		key = "calendar.span.day"
	}
	return words.T(key, "name", HolidayName(words, s.Name),
		"from", words.Day(s.From.String()), "to", words.Day(s.To.String()))
}

// HolidayName writes a holiday's name, given as the notice has it, in a
// language. A name nobody has foreseen stays as it is.
func HolidayName(words Words, name string) string {
	parts := strings.Split(name, "、")
	for i, part := range parts {
		if key := holidayKey(part); key != "" {
			parts[i] = words.T(key)
		}
	}
	return strings.Join(parts, words.T("calendar.holiday.and"))
}

func holidayKey(name string) string {
	switch name {
	case "元旦":
		return "calendar.holiday.new-year"
	case "春节":
		return "calendar.holiday.spring-festival"
	case "清明节":
		return "calendar.holiday.qingming"
	case "劳动节":
		return "calendar.holiday.labour"
	case "端午节":
		return "calendar.holiday.dragon-boat"
	case "中秋节":
		return "calendar.holiday.mid-autumn"
	case "国庆节":
		return "calendar.holiday.national"
	default:
		return ""
	}
}

func newStep(key string, on Date, pairs ...string) Step {
	s := Step{Key: key, On: on}
	for pair := range slices.Chunk(pairs, 2) {
		if s.Args == nil {
			s.Args = map[string]string{}
		}
		s.Args[pair[0]] = pair[1]
	}
	return s
}

// spansOf joins neighbouring days of one kind and name.
func spansOf(days []Exception) []Span {
	var spans []Span
	for _, e := range days {
		if i := len(spans) - 1; e.Kind == Holiday && i >= 0 && spans[i].Kind == Holiday &&
			spans[i].Name == e.Name && spans[i].To.Add(1) == e.On {
			spans[i].To = e.On
			continue
		}
		spans = append(spans, Span{Kind: e.Kind, Name: e.Name, From: e.On, To: e.On})
	}
	return spans
}
