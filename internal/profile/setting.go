package profile

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tongxin/internal/calendar"
)

// Shape says what kind of value a setting has, so that a page can word it.
type Shape int

// The shapes.
const (
	Number Shape = iota
	Flag
	Choice
	List     // of codes with words
	Codes    // one or more codes of another list (see Among), or levels
	Days     // working days before and after
	Deadline // a calendar.Rule as JSON, "" for none
	Plain    // text, "" when it is not known yet
)

// Setting is one rule as pages, histories and audit rows name it.
type Setting struct {
	Section Section
	Key     string // as in the JSON of Rules: proposal.title_max
	Shape   Shape
	get     func(*Rules) any
}

// SettingOf finds a setting by its key.
func SettingOf(key string) (Setting, bool) {
	all := Settings()
	i := slices.IndexFunc(all, func(s Setting) bool { return s.Key == key })
	if i < 0 {
		return Setting{}, false
	}
	return all[i], true
}

// Text is the value in a short form that can be compared and kept: a number, a
// code, true or false, codes with commas, a deadline as JSON.
func (s Setting) Text(r *Rules) string {
	switch v := s.get(r).(type) {
	case int:
		return strconv.Itoa(v)
	case bool:
		return strconv.FormatBool(v)
	case string:
		return v
	case []string:
		return strings.Join(v, ",")
	case []int:
		texts := make([]string, len(v))
		for i, n := range v {
			texts[i] = strconv.Itoa(n)
		}
		return strings.Join(texts, ",")
	case []Coded:
		return codesOf(v)
	case calendar.Rule:
		return ruleText(&v)
	case *calendar.Rule:
		return ruleText(v)
	default:
		return ""
	}
}

// Among is the list that the codes of Codes come from; nil for levels of review.
func (s Setting) Among(r *Rules) []Coded {
	switch s.Key {
	case "handling.face_to_face":
		return r.Handling.ContactForms
	case "handling.promise.outcomes":
		return r.Handling.ItemOutcomes
	case "handling.promise.classes":
		return r.Handling.Classes
	case "archive.usual", "archive.key_usual":
		return r.Archive.Retention
	default:
		return nil
	}
}

// Entries is the value of a List.
func (s Setting) Entries(r *Rules) []Coded {
	list, _ := s.get(r).([]Coded)
	return list
}

func codesOf(list []Coded) string {
	codes := make([]string, len(list))
	for i, c := range list {
		codes[i] = c.Code
	}
	return strings.Join(codes, ",")
}

func ruleText(r *calendar.Rule) string {
	if r == nil {
		return ""
	}
	b, err := json.Marshal(r)
	if err != nil {
		return ""
	}
	return string(b)
}

// Change is one difference between two versions. For an entry of a list Code
// names it and the texts are its words; a list whose order changed has the
// codes in order.
type Change struct {
	Key    string `json:"key"`
	Code   string `json:"code,omitempty"`
	Was    string `json:"was"`
	Is     string `json:"is"`
	WasOff bool   `json:"was_off,omitempty"`
	IsOff  bool   `json:"is_off,omitempty"`
}

// Diff lists what changed from one version to another.
func Diff(was, is *Rules) []Change {
	list := []Change{}
	for _, s := range Settings() {
		if s.Shape == List {
			list = append(list, diffEntries(s.Key, s.Entries(was), s.Entries(is))...)
			continue
		}
		if a, b := s.Text(was), s.Text(is); a != b {
			list = append(list, Change{Key: s.Key, Was: a, Is: b})
		}
	}
	return list
}

func diffEntries(key string, was, is []Coded) []Change {
	var list []Change
	old := map[string]Coded{}
	for _, c := range was {
		old[c.Code] = c
	}
	for _, c := range is {
		o, had := old[c.Code]
		delete(old, c.Code)
		if !had || o != c {
			list = append(list, Change{Key: key, Code: c.Code, Was: o.Name, Is: c.Name, WasOff: o.Off, IsOff: c.Off})
		}
	}
	for _, c := range was {
		if _, gone := old[c.Code]; gone {
			list = append(list, Change{Key: key, Code: c.Code, Was: c.Name, WasOff: c.Off})
		}
	}
	if a, b := common(was, is), common(is, was); a != b {
		list = append(list, Change{Key: key, Was: a, Is: b})
	}
	return list
}

// common are the codes of list that other has too, in the order of list.
func common(list, other []Coded) string {
	var codes []string
	for _, c := range list {
		if slices.ContainsFunc(other, func(o Coded) bool { return o.Code == c.Code }) {
			codes = append(codes, c.Code)
		}
	}
	return strings.Join(codes, ",")
}
