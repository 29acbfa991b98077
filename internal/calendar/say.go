package calendar

import (
	"strings"
)

// Say writes the rule as people say it: 自交办之日起3个月，最后一日不是工作日的顺延.
func (r Rule) Say(words Words) string {
	var b strings.Builder
	if r.Fixed != "" {
		b.WriteString(r.sayFixed(words))
	} else {
		var parts []string
		for _, p := range []struct {
			key string
			n   int
		}{{"calendar.say.months", r.Months}, {"calendar.say.days", r.Days}, {"calendar.say.workdays", r.Workdays}} {
			if p.n > 0 {
				parts = append(parts, words.T(p.key, "n", p.n))
			}
		}
		b.WriteString(words.T("calendar.say.period", "base", words.T(r.Base.Key()), "period", strings.Join(parts, words.T("calendar.say.plus"))))
	}
	for _, e := range r.Extra {
		b.WriteString(words.T("calendar.say.extra", "least", e.AtLeast, "n", e.Days))
	}
	if r.Roll == RollForward {
		b.WriteString(words.T("calendar.say.roll"))
	}
	return b.String()
}

// sayFixed writes a full date, or the first such day after the base.
func (r Rule) sayFixed(words Words) string {
	if _, err := ParseDate(r.Fixed); err == nil {
		return words.T("calendar.say.on", "on", words.Day(r.Fixed))
	}
	d, err := ParseDate("2000-" + r.Fixed)
	if err != nil {
		return r.Fixed
	}
	_, month, day := d.Civil()
	return words.T("calendar.say.yearly", "base", words.T(r.Base.Key()), "month", int(month), "day", day)
}
