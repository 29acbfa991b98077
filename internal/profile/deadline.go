package profile

import (
	"cmp"
	"errors"
	"slices"
	"strconv"

	"tongxin/internal/calendar"
	"tongxin/internal/fault"
)

// Bounds of the additions by load.
const (
	// ExtrasMost is how many additions a deadline may have.
	ExtrasMost    = 3
	extraCases    = 9999
	extraDaysMost = 366
)

// deadline checks a rule and keeps only what a committee may set; days by load
// have no place in it.
func deadline(p *fault.Problems, field string, rule calendar.Rule, bases ...calendar.Base) calendar.Rule {
	p.Check(len(filled(rule.Extra)) == 0, field+".extra", "profile.extra.not-here")
	rule.Extra = nil
	return checked(p, field, rule, bases)
}

// byLoad is deadline for a rule that may give more days to a unit with many cases.
func byLoad(p *fault.Problems, field string, rule calendar.Rule, bases ...calendar.Base) calendar.Rule {
	extra := extras(p, field+".extra", rule.Extra)
	rule.Extra = nil // judged already
	rule = checked(p, field, rule, bases)
	rule.Extra = extra
	return rule
}

func checked(p *fault.Problems, field string, rule calendar.Rule, bases []calendar.Base) calendar.Rule {
	rule.Load, rule.Version = 0, 0
	if !slices.Contains(bases, rule.Base) {
		p.Add(field+".base", "profile.base")
	}
	f := (*fault.Error)(nil)
	if errors.As(rule.Check(), &f) {
		for _, x := range f.All() {
			if x.Field != "base" {
				p.Add(field+"."+x.Field, x.Key, x.Args...)
			}
		}
	}
	return rule
}

// extras checks the additions by load and puts them in order: more cases
// never give fewer days.
func extras(p *fault.Problems, field string, typed []calendar.Extra) []calendar.Extra {
	for i, e := range typed {
		if e == (calendar.Extra{}) {
			continue // a spare row
		}
		row := field + "." + strconv.Itoa(i)
		within(p, row+".at_least", e.AtLeast, 1, extraCases)
		within(p, row+".days", e.Days, 1, extraDaysMost)
	}
	list := filled(typed)
	slices.SortStableFunc(list, func(a, b calendar.Extra) int { return cmp.Compare(a.AtLeast, b.AtLeast) })
	p.Check(len(list) <= ExtrasMost, field, "profile.extra.many", "most", ExtrasMost)
	for i := 1; i < len(list); i++ {
		p.Check(list[i].AtLeast > list[i-1].AtLeast, field, "profile.extra.twice", "cases", list[i].AtLeast)
		p.Check(list[i].Days >= list[i-1].Days, field, "profile.extra.fewer", "cases", list[i].AtLeast)
	}
	return list
}

// filled leaves out the rows in which nothing was typed.
func filled(typed []calendar.Extra) []calendar.Extra {
	var list []calendar.Extra
	for _, e := range typed {
		if e != (calendar.Extra{}) {
			list = append(list, e)
		}
	}
	return list
}
