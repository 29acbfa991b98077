package proposal

import (
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/document"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
)

// The longest texts about key proposals, in characters.
const (
	keyLong  = 4000 // plans, reports, instructions
	keyShort = 1000 // reasons, words
	keyLine  = 100  // names, references
)

// said checks a text and gives it without what should not be in it. Nothing
// with the mark of a state secret is kept on this system.
func said(p *fault.Problems, field, text string, required bool, most int) string {
	text = clean(text)
	if text == "" {
		p.Check(!required, field, "proposal.key.words-missing")
		return ""
	}
	p.Check(characters(text) <= most, field, "proposal.key.words-long", "max", most)
	if m := document.Marks(text); len(m) > 0 {
		p.Add(field, "proposal.field.secret", "mark", m[0].Text)
	}
	return text
}

// line is said for one line.
func line(p *fault.Problems, field, text string, required bool) string {
	return said(p, field, cleanLine(text), required, keyLine)
}

// day checks a date that was typed; the zero date for an empty or wrong one.
func day(p *fault.Problems, field, text string, required bool) calendar.Date {
	if text == "" {
		p.Check(!required, field, "proposal.key.date-missing")
		return calendar.Date{}
	}
	d, err := calendar.ParseDate(text)
	p.Check(err == nil, field, "proposal.key.date-wrong")
	return d
}

// pastDay is day of what has happened.
func pastDay(l *app.Look, p *fault.Problems, field, text string) string {
	d := day(p, field, text, true)
	p.Check(!d.After(today(l)), field, "proposal.key.date-future")
	return d.String()
}

// coming is day of what is yet to be done.
func coming(l *app.Look, p *fault.Problems, field, text string, required bool) string {
	d := day(p, field, text, required)
	p.Check(d.IsZero() || !d.Before(today(l)), field, "proposal.key.date-past")
	return d.String()
}

// ticked checks the criteria that were ticked against the committee's rules,
// and puts them into the order of the rules.
func ticked(p *fault.Problems, field string, codes []string, rules *profile.KeyRules) []string {
	list := []string{}
	for _, c := range rules.Criteria {
		if slices.Contains(codes, c.Code) {
			list = append(list, c.Code)
		}
	}
	for _, c := range codes {
		p.Check(profile.Offered(rules.Criteria, c), field, "proposal.review.not-offered")
	}
	p.Check(len(codes) > 0, field, "proposal.key.criteria-missing")
	return list
}

// responsible finds the unit or supervision office that shall do something, by
// id or exact name.
func responsible(l *app.Look, p *fault.Problems, field, typed string) (organization.Body, error) {
	if typed = cleanLine(typed); typed == "" {
		p.Add(field, "proposal.key.body-missing")
		return organization.Body{}, nil
	}
	list, err := organization.Bodies(l, organization.Unit, organization.SupervisionParty, organization.SupervisionGovernment)
	if err != nil {
		return organization.Body{}, err
	}
	i := slices.IndexFunc(list, func(b organization.Body) bool { return b.ID == typed || b.Name == typed })
	if i < 0 {
		p.Add(field, "proposal.key.body-unknown")
		return organization.Body{}, nil
	}
	return list[i], nil
}
