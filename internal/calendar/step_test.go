package calendar_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tongxin/internal/calendar"
	"tongxin/internal/i18n"
)

func catalogue(t *testing.T) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.Load(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestStepsAreSaidInBothLanguages(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	d := compute(t, "2024-02-02", calendar.Rule{Base: calendar.FromDispatch, Workdays: 6}, official(t))
	d, err := calendar.Extend(d, calendar.Rule{Fixed: "2024-09-15", Roll: calendar.RollForward}, official(t))
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[i18n.Lang][]string{
		i18n.Chinese: {
			"交办之日为2024年2月2日，当日不计，次日起算",
			"加6个工作日，至2024年2月9日",
			"其间放假不计，调休上班计入：2024年2月4日上班",
			"批准延期，自原期限2024年2月9日次日起算",
			"按规定日期，截止于2024年9月15日",
			"2024年9月15日为中秋节放假，顺延至2024年9月18日",
		},
		i18n.English: {
			"The day of dispatch is 2 Feb 2024; it is not counted, counting starts on the next day",
			"Add 6 working days: 9 Feb 2024",
			"Holidays on the way are not counted, make-up working days are: 4 Feb 2024 worked",
			"Extension approved; counting starts on the day after the earlier deadline 9 Feb 2024",
			"The rule names a fixed date: 15 Sep 2024",
			"15 Sep 2024 is a holiday (Mid-Autumn Festival); moved to 18 Sep 2024",
		},
	} {
		var got []string
		for _, s := range d.Steps {
			got = append(got, s.Say(c.In(lang)))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", lang, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestSpansAreSaid(t *testing.T) {
	t.Parallel()
	zh, en := catalogue(t).In(i18n.Chinese), catalogue(t).In(i18n.English)
	run := calendar.Span{Kind: calendar.Holiday, Name: "国庆节、中秋节", From: day("2025-10-01"), To: day("2025-10-08")}
	one := calendar.Span{Kind: calendar.Holiday, Name: "校庆", From: day("2025-10-01"), To: day("2025-10-01")}
	for got, want := range map[string]string{
		run.Say(zh): "国庆节、中秋节2025年10月1日至2025年10月8日放假",
		run.Say(en): "National Day and Mid-Autumn Festival, 1 Oct 2025 to 8 Oct 2025",
		one.Say(zh): "校庆2025年10月1日放假",
		one.Say(en): "校庆, 1 Oct 2025",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// No step may leave a placeholder or a key in front of a reader.
func TestEveryStepIsSaidWhole(t *testing.T) {
	t.Parallel()
	c, w := catalogue(t), official(t)
	rules := []calendar.Rule{
		{Months: 1, Days: 1, Workdays: 1, Roll: calendar.RollForward},
		{Months: 2, Days: 2, Workdays: 200, Extra: []calendar.Extra{{AtLeast: 1, Days: 1}}, Load: 1, Roll: calendar.RollForward},
		{Fixed: "2020-01-01"}, {Fixed: "06-30", Roll: calendar.RollForward},
		{Months: 1, Roll: calendar.RollForward},
	}
	seen := map[string]bool{}
	for _, base := range calendar.Bases() {
		for _, rule := range rules {
			rule.Base = base
			for _, from := range []string{"2024-01-18", "2025-09-01", "2026-06-12", "2026-12-30", "2025-06-07"} {
				d, err := calendar.Extend(compute(t, from, rule, w), rule, w)
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range d.Steps {
					seen[s.Key] = true
					for _, lang := range i18n.Langs() {
						if text := s.Say(c.In(lang)); strings.ContainsAny(text, "{}⟦⟧") || strings.Contains(text, "calendar.") {
							t.Errorf("%s in %s: %s", s.Key, lang, text)
						}
					}
				}
			}
		}
	}
	for _, key := range c.Keys() {
		if strings.HasPrefix(key, "calendar.step.") && !seen[key] {
			t.Errorf("%s was never met", key)
		}
	}
}

func TestMessagesHaveTheSamePlaceholders(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	placeholder := regexp.MustCompile(`\{\w+\}`)
	names := func(text string) []string {
		found := placeholder.FindAllString(text, -1)
		slices.Sort(found)
		return found
	}
	for _, key := range c.Keys() {
		zh, _ := c.Text(i18n.Chinese, key)
		en, ok := c.Text(i18n.English, key)
		if !ok {
			en, _ = c.Text(i18n.English, key+".other")
		}
		if !slices.Equal(names(zh), names(en)) {
			t.Errorf("%s: %v in Chinese, %v in English", key, names(zh), names(en))
		}
	}
}

func TestEveryKeyInTheSourceHasAText(t *testing.T) {
	t.Parallel()
	words := catalogue(t).In(i18n.English)
	literal := regexp.MustCompile(`"(calendar\.(?:step|span|holiday|notice|rule|base)\.[a-z_-]+)"`)
	found := 0
	for _, name := range []string{"deadline.go", "step.go", "notice.go", "rule.go"} {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range literal.FindAllStringSubmatch(string(source), -1) {
			found++
			if !words.Has(m[1]) {
				t.Errorf("%s: %s has no text", name, m[1])
			}
		}
	}
	for _, base := range calendar.Bases() {
		if !words.Has(base.Key()) {
			t.Errorf("%s has no text", base.Key())
		}
	}
	if found < 30 {
		t.Errorf("only %d keys were found in the source", found)
	}
}
