package proposal

import (
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
)

// CorrectIn puts a clerical error of a filed proposal right.
type CorrectIn struct {
	ID       string `json:"id"`
	Version  int64  `json:"version,omitempty"`
	Reason   string `json:"reason"` // in words
	Category string `json:"category,omitempty"`
	Edited
}

// Correct puts a clerical error right after filing (更正). The number stays, and
// the suggestions keep theirs: units answer them by number.
var Correct = app.Define("proposal.correct", func(c *app.Call, in CorrectIn) (*Proposal, error) { return claim(c, in.ID) }, mayEdit, correct)

// WasCorrected is the fact that a filed proposal was corrected.
type WasCorrected struct {
	Revision int64 `json:"revision"` // 0 when only the category changed
}

// FactName implements app.Fact.
func (WasCorrected) FactName() string { return "proposal.corrected" }

func correct(c *app.Call, p *Proposal, in CorrectIn) (Moved, error) {
	if !p.State.IsFiled() {
		return Moved{}, fault.New(fault.Closed, "proposal.correct.not-filed")
	}
	if err := unchanged(p, in.Version); err != nil {
		return Moved{}, err
	}
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return Moved{}, err
	}
	now, err := textOf(&c.Look, p.ID, p.Revision)
	if err != nil {
		return Moved{}, err
	}
	if err := correctable(p, in, now, rules); err != nil {
		return Moved{}, err
	}
	was := *p
	var text Text
	if !in.text().same(now) {
		if text, err = revise(c, p, in.Edited, in.Reason, CorrectionText, &rules.Proposal); err != nil {
			return Moved{}, err
		}
		p.Revision, p.Title = text.Revision, text.Title
	}
	if in.Category != "" {
		p.Category = in.Category
	}
	if err := record(c, p, VerdictRight, "", clean(in.Reason)); err != nil {
		return Moved{}, err
	}
	if err := save(c, &was, p); err != nil {
		return Moved{}, err
	}
	c.Detail(map[string]any{"revision": text.Revision, "category": p.Category})
	return moved(p), c.Record(WasCorrected{text.Revision}, caseKind, p.ID)
}

// correctable: something changes, and nothing that others rely on.
func correctable(p *Proposal, in CorrectIn, now Text, rules *profile.Rules) error {
	var problems fault.Problems
	words(&problems, "reason", clean(in.Reason), true)
	if in.Category != p.Category {
		offered(&problems, "category", in.Category, rules.Proposal.Categories, false)
	}
	text := in.text()
	problems.Check(len(text.Items) == len(now.Items), "items", "proposal.correct.items", "n", len(now.Items))
	problems.Check(!text.same(now) || in.Category != "" && in.Category != p.Category, "background", "proposal.amend.same")
	return problems.Err()
}
