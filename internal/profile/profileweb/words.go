package profileweb

import (
	"encoding/json"
	"strconv"
	"strings"

	"tongxin/internal/calendar"
	"tongxin/internal/profile"
	"tongxin/internal/web"
)

// value words a setting's value; lists names of a list are looked up in rules.
func value(v web.View, s profile.Setting, text string, rules *profile.Rules) string {
	switch s.Shape {
	case profile.Flag:
		if text == "true" {
			return v.T("web.yes")
		}
		return v.T("web.no")
	case profile.Choice:
		return v.T("profile.choice." + s.Key + "." + text)
	case profile.Codes:
		return codes(v, s, text, rules)
	case profile.Days:
		return days(v, text)
	case profile.Deadline:
		return deadline(v, text)
	case profile.List:
		return entries(v, s.Entries(rules))
	case profile.Number:
		return number(v, s.Key, text)
	case profile.Plain:
		if text == "" {
			return v.T("profile.unknown")
		}
		return text
	default:
		return text
	}
}

func split(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

func join(v web.View, words []string) string {
	if len(words) == 0 {
		return v.T("profile.empty")
	}
	return strings.Join(words, v.T("profile.list.and"))
}

// codes words levels of review, or codes of another list.
func codes(v web.View, s profile.Setting, text string, rules *profile.Rules) string {
	var words []string
	for _, c := range split(text) {
		if s.Key == "proposal.levels" {
			words = append(words, v.T("profile.level."+c))
		} else {
			words = append(words, profile.NameOf(s.Among(rules), c))
		}
	}
	return join(v, words)
}

// number words a number; some say something else with 0.
func number(v web.View, key, text string) string {
	if text != "0" {
		return text
	}
	switch key {
	case "handling.extension.most", "handling.supervision.quiet_workdays", "handling.supervision.leader_after", "handling.promise.near_days", "key.number":
		return v.T("profile.zero." + key)
	default:
		return text
	}
}

func days(v web.View, text string) string {
	var words []string
	for _, d := range split(text) {
		n, err := strconv.Atoi(d)
		switch {
		case err != nil:
			continue
		case n > 0:
			words = append(words, v.T("profile.remind.before", "n", n))
		case n == 0:
			words = append(words, v.T("profile.remind.on"))
		default:
			words = append(words, v.T("profile.remind.after", "n", -n))
		}
	}
	return join(v, words)
}

func deadline(v web.View, text string) string {
	if text == "" {
		return v.T("profile.none")
	}
	var r calendar.Rule
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return text
	}
	return r.Say(v)
}

func entries(v web.View, list []profile.Coded) string {
	words := make([]string, len(list))
	for i, c := range list {
		words[i] = entry(v, c.Name, c.Off)
	}
	return join(v, words)
}

func entry(v web.View, name string, off bool) string {
	if off && name != "" {
		return v.T("profile.off", "name", name)
	}
	return name
}

// difference is one line of the history.
type difference struct{ label, was, is string }

// differ words a change; rules in force name the codes, which never go away.
func differ(v web.View, c profile.Change, rules *profile.Rules) difference {
	s, known := profile.SettingOf(c.Key)
	if !known {
		return difference{c.Key, c.Was, c.Is}
	}
	d := difference{label: v.T("profile.setting." + c.Key)}
	switch {
	case s.Shape == profile.List && c.Code != "":
		d.was, d.is = entry(v, c.Was, c.WasOff), entry(v, c.Is, c.IsOff)
	case s.Shape == profile.List:
		d.label += " · " + v.T("profile.diff.order")
		d.was, d.is = order(v, s, c.Was, rules), order(v, s, c.Is, rules)
	default:
		d.was, d.is = value(v, s, c.Was, rules), value(v, s, c.Is, rules)
	}
	return d
}

// order names the entries of a list whose order changed.
func order(v web.View, s profile.Setting, text string, rules *profile.Rules) string {
	var words []string
	for _, c := range split(text) {
		words = append(words, profile.NameOf(s.Entries(rules), c))
	}
	return join(v, words)
}
