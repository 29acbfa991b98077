package appraisalweb

import (
	"strconv"
	"strings"

	"tongxin/internal/appraisal"
	"tongxin/internal/web"
)

func itoa(n int) string { return strconv.Itoa(n) }

// valueWords is a value with its unit: 92%, 3, 41.5 working days.
func valueWords(v web.View, m appraisal.Measure, d appraisal.Decimal) string {
	switch m.Unit {
	case appraisal.Percent:
		return d.String() + "%"
	case appraisal.Days:
		return v.T("appraisal.value.days", "value", d)
	case appraisal.Points:
		return v.T("appraisal.points", "points", d)
	default:
		return d.String()
	}
}

// ruleWords says how a value becomes points.
func ruleWords(v web.View, i appraisal.Indicator) string {
	m, r := appraisal.MeasureOf(i.Measure), i.Rule
	switch r.Kind {
	case appraisal.Each:
		key := "appraisal.say.each.add"
		if r.Each < 0 {
			key = "appraisal.say.each.deduct"
		}
		text := v.T(key, "each", strings.TrimPrefix(r.Each.String(), "-"), "unit", unitWord(v, m))
		if r.Base != 0 {
			return v.T("appraisal.say.base", "base", r.Base, "rule", text)
		}
		return text
	case appraisal.Bonus:
		return v.T("appraisal.say.bonus", "at", valueWords(v, m, r.Rows[0].At), "points", r.Rows[0].Points)
	case appraisal.Direct:
		return v.T("appraisal.say.direct")
	case appraisal.Steps:
		return strings.Join(rowWords(v, m, r.Rows, "appraisal.say.step"), v.T("appraisal.say.and"))
	}
	if slope, exact := r.Slope(); exact && slope != 0 {
		key := "appraisal.say.linear.rise"
		if slope < 0 {
			key = "appraisal.say.linear.fall"
		}
		return v.T(key, "from", valueWords(v, m, r.Rows[0].At), "points", r.Rows[0].Points, "slope", strings.TrimPrefix(slope.String(), "-"), "unit", unitWord(v, m),
			"to", valueWords(v, m, r.Rows[1].At), "last", r.Rows[1].Points)
	}
	return v.T("appraisal.say.linear", "rows", strings.Join(rowWords(v, m, r.Rows, "appraisal.say.at"), v.T("appraisal.say.and")))
}

func rowWords(v web.View, m appraisal.Measure, rows []appraisal.Row, key string) []string {
	list := make([]string, len(rows))
	for i, r := range rows {
		list[i] = v.T(key, "at", valueWords(v, m, r.At), "points", r.Points)
	}
	return list
}

// unitWord is one of what a measure is counted in.
func unitWord(v web.View, m appraisal.Measure) string { return v.T("appraisal.unit." + string(m.Unit)) }

// lineWords is the whole way from the records to the points, with the numbers
// put in.
func lineWords(v web.View, i appraisal.Indicator, l appraisal.Line) string {
	if l.How != appraisal.Counted {
		key := "appraisal.say." + l.How
		if l.How == appraisal.TooFew && l.Cases == 0 {
			key = "appraisal.say.none"
		}
		return v.T(key, "measure", measureName(v, i.Measure), "cases", l.Cases, "min", max(i.MinCases, 1), "without", v.T("appraisal.say.without."+i.Without), "points", l.Points)
	}
	text := v.T("appraisal.say.line", "value", figureWords(v, i, l), "rule", ruleWords(v, i), "points", l.Points)
	switch {
	case l.Raw > l.Points:
		text += v.T("appraisal.say.cap", "raw", l.Raw, "cap", i.Cap)
	case l.Raw < l.Points:
		text += v.T("appraisal.say.floor", "raw", l.Raw, "floor", i.Floor)
	}
	return text
}

// figureWords is the measured value: 按期答复率 46/50 = 92%.
func figureWords(v web.View, i appraisal.Indicator, l appraisal.Line) string {
	m := appraisal.MeasureOf(i.Measure)
	name := measureName(v, i.Measure)
	switch {
	case m.Unit == appraisal.Percent, m.Unit == appraisal.Days:
		return v.T("appraisal.say.ratio", "measure", name, "part", l.N, "whole", l.D, "value", valueWords(v, m, l.Value))
	case m.Entered:
		return v.T("appraisal.say.value", "measure", i.Name, "value", valueWords(v, m, l.Value))
	default:
		return v.T("appraisal.say.value", "measure", name, "value", valueWords(v, m, l.Value))
	}
}

// measureName is the word of a measure; of one that this version does not know,
// its code.
func measureName(v web.View, code string) string {
	if m := appraisal.MeasureOf(code); m.Code != "" {
		return v.T(m.Key())
	}
	return code
}

// stateTone is the colour of the dot of a scheme.
func stateTone(s appraisal.State) string {
	switch s {
	case appraisal.Published:
		return "ok"
	case appraisal.Draft, appraisal.Simulated:
		return "warn"
	default:
		return "mute"
	}
}

func stateWord(v web.View, s appraisal.State) string { return v.T("appraisal.state." + string(s)) }

// form is one of several forms on a page: only the one that was refused shows
// what was typed and what is wrong, and ids do not meet.
type form struct {
	v    web.View
	path string
	mark string // prefix of the ids of a form that was not refused
}

func formAt(v web.View, path, mark string) form {
	if v.Failed == path {
		return form{v, path, ""}
	}
	v.Typed, v.Fault = nil, nil
	return form{v, path, mark + "-"}
}

// field is a field of the form; label is a message key.
func (f form) field(name, label string) web.Field {
	return web.Field{Name: name, Label: f.v.T(label), ID: f.mark + name}
}

func (f form) required(name, label string) web.Field {
	x := f.field(name, label)
	x.Required = true
	return x
}

func (f form) optional(name, label string) web.Field {
	x := f.field(name, label)
	x.Optional = true
	return x
}

func hinted(x web.Field, hint string) web.Field {
	x.Hint = hint
	return x
}

func filled(x web.Field, value string) web.Field {
	x.Value = value
	return x
}

// number is a field for a number with two decimals.
func number(x web.Field, value string) web.Field {
	x.Value, x.Mode = value, "decimal"
	return x
}

func dated(x web.Field, value string) web.Field {
	x.Value, x.Type = value, "date"
	return x
}

// decimalText is a number for a form: nothing for what was never set.
func decimalText(d appraisal.Decimal, set bool) string {
	if !set {
		return ""
	}
	return d.String()
}

func coded(v web.View, prefix string, values []string) []web.Option {
	list := make([]web.Option, len(values))
	for i, x := range values {
		list[i] = web.Option{Value: x, Text: v.T(prefix + x)}
	}
	return list
}

func measureOptions(v web.View) []web.Option {
	list := []web.Option{{Text: v.T("appraisal.choose.one")}}
	for _, m := range appraisal.Measures() {
		list = append(list, web.Option{Value: m.Code, Text: v.T(m.Key())})
	}
	return list
}

func ruleOptions(v web.View) []web.Option {
	var list []web.Option
	for _, k := range appraisal.RuleKinds() {
		list = append(list, web.Option{Value: string(k), Text: v.T("appraisal.rule." + string(k)), Hint: v.T("appraisal.rule.hint." + string(k))})
	}
	return list
}

// codeOptions are the indicators of a scheme, for appeals and corrections.
func codeOptions(v web.View, t appraisal.Terms) []web.Option {
	list := []web.Option{{Text: v.T("appraisal.whole")}}
	for _, i := range t.Indicators {
		list = append(list, web.Option{Value: i.Code, Text: i.Group + " · " + i.Name})
	}
	return list
}

func copyOptions(v web.View, schemes []appraisal.Scheme) []web.Option {
	list := []web.Option{{Text: v.T("appraisal.copy.none")}}
	for _, s := range appraisal.Samples() {
		list = append(list, web.Option{Value: "sample:" + s.Code, Text: v.T("appraisal.copy.sample", "name", v.T("appraisal.sample."+s.Code))})
	}
	for _, s := range schemes {
		list = append(list, web.Option{Value: s.ID, Text: v.T("appraisal.copy.version", "title", s.Title, "n", s.Number)})
	}
	return list
}
