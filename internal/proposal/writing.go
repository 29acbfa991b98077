package proposal

import (
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
)

// Writing is what a proposer writes. A draft may be incomplete.
type Writing struct {
	Title         string   `json:"title" doc:"案由"`
	Category      string   `json:"category" doc:"Code of a category of the committee's rules"`
	Background    string   `json:"background" doc:"The whole text when the committee asks for one part"`
	Analysis      string   `json:"analysis"`
	Measures      string   `json:"measures"`
	Basis         string   `json:"basis" doc:"Research basis"`
	Items         []string `json:"items" doc:"Numbered suggestions, in order"`
	Units         []string `json:"units" doc:"Ids of suggested units"`
	Publish       string   `json:"publish" enum:",agreed,refused"`
	PublishReason string   `json:"publish_reason" doc:"Why it may not be published"`
}

// Hard limits of what is kept at all, in characters; the committee's own
// limits hold when it is handed in.
const (
	lineCap  = 200
	textCap  = 20000
	itemCap  = 2000
	itemsCap = 50
	unitsCap = 20
)

// cleaned is the writing in order, or what is beyond every limit.
func (w Writing) cleaned() (Writing, error) {
	var items, units []string
	for _, x := range w.Items {
		if x = clean(x); x != "" {
			items = append(items, x)
		}
	}
	for _, x := range w.Units {
		if x = cleanLine(x); x != "" && !slices.Contains(units, x) {
			units = append(units, x)
		}
	}
	w = Writing{cleanLine(w.Title), cleanLine(w.Category), clean(w.Background), clean(w.Analysis), clean(w.Measures), clean(w.Basis), items, units,
		cleanLine(w.Publish), clean(w.PublishReason)}
	var p fault.Problems
	for _, x := range []struct {
		field, text string
		most        int
	}{
		{"title", w.Title, lineCap}, {"background", w.Background, textCap}, {"analysis", w.Analysis, textCap}, {"measures", w.Measures, textCap},
		{"basis", w.Basis, textCap}, {"publish_reason", w.PublishReason, itemCap},
	} {
		p.Check(characters(x.text) <= x.most, x.field, "proposal.field.cap", "max", x.most)
	}
	p.Check(len(w.Items) <= itemsCap, "items", "proposal.field.items.cap", "max", itemsCap)
	for i, x := range w.Items {
		p.Check(characters(x) <= itemCap, "items", "proposal.field.item.cap", "no", i+1, "max", itemCap)
	}
	p.Check(len(w.Units) <= unitsCap, "units", "proposal.field.units.cap", "max", unitsCap)
	p.Check(w.Publish == "" || w.Publish == PublishAgreed || w.Publish == PublishRefused, "publish", "proposal.field.publish.required")
	return w, p.Err()
}

// known checks what the writing names: the category and the units. kept is the
// category it had, which may be one that is no longer offered.
func (w Writing) known(l *app.Look, rules *profile.ProposalRules, kept string) error {
	var p fault.Problems
	p.Check(w.Category == "" || w.Category == kept || profile.Offered(rules.Categories, w.Category), "category", "proposal.field.category.unknown")
	for _, u := range w.Units {
		b, err := organization.BodyOf(l, u)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		p.Check(err == nil && b.Kind == organization.Unit && b.ValidTo == "", "units", "proposal.field.units.unknown")
	}
	return p.Err()
}

// Missing lists what a writing still lacks to be handed in under the
// committee's rules, each with its field.
func (w Writing) Missing(r *profile.ProposalRules) error {
	var p fault.Problems
	p.Check(w.Title != "", "title", "proposal.field.title.required")
	p.Check(characters(w.Title) <= r.TitleMax, "title", "proposal.field.title.long", "max", r.TitleMax, "have", characters(w.Title))
	p.Check(profile.Offered(r.Categories, w.Category), "category", "proposal.field.category.required")
	w.missingBody(r, &p)
	p.Check(!r.BasisRequired || w.Basis != "", "basis", "proposal.field.basis.required")
	p.Check(len(w.Items) >= r.ItemsMin, "items", "proposal.field.items.few", "min", r.ItemsMin)
	p.Check(len(w.Items) <= r.ItemsMax || r.ItemsMax == 0, "items", "proposal.field.items.many", "max", r.ItemsMax)
	p.Check(w.Publish == PublishAgreed || w.Publish == PublishRefused, "publish", "proposal.field.publish.required")
	p.Check(w.Publish != PublishRefused || w.PublishReason != "", "publish_reason", "proposal.field.publish_reason.required")
	return p.Err()
}

func (w Writing) missingBody(r *profile.ProposalRules, p *fault.Problems) {
	if r.BodyMode == profile.ThreeParts {
		p.Check(w.Background != "", "background", "proposal.field.background.required")
		p.Check(w.Analysis != "", "analysis", "proposal.field.analysis.required")
		p.Check(w.Measures != "", "measures", "proposal.field.measures.required")
	} else {
		p.Check(w.Background != "", "background", "proposal.field.body.required")
	}
	n := w.text().Characters()
	p.Check(n == 0 || n >= r.BodyMin, "background", "proposal.field.body.short", "min", r.BodyMin, "have", n)
	p.Check(n <= r.BodyMax || r.BodyMax == 0, "background", "proposal.field.body.long", "max", r.BodyMax, "have", n)
}

// empty reports whether nothing was written at all.
func (w Writing) empty() bool {
	return w.Title == "" && w.Background == "" && w.Analysis == "" && w.Measures == "" && w.Basis == "" && len(w.Items) == 0
}

// text is the part of the writing that is kept as a revision.
func (w Writing) text() Text {
	return Text{Title: w.Title, Background: w.Background, Analysis: w.Analysis, Measures: w.Measures, Basis: w.Basis, Items: w.Items}
}

// writingOf is what the proposer of p last wrote.
func writingOf(l *app.Look, p *Proposal) (Writing, error) {
	t, err := newest(l, p)
	if err != nil {
		return Writing{}, err
	}
	units, err := suggestedUnits(l, p.ID)
	return Writing{t.Title, p.Category, t.Background, t.Analysis, t.Measures, t.Basis, t.Items, units, p.Publish, p.PublishReason}, err
}
