package proposal

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
)

// Edited is a text as the office gives it back.
type Edited struct {
	Title      string   `json:"title"`
	Background string   `json:"background"`
	Analysis   string   `json:"analysis,omitempty"`
	Measures   string   `json:"measures,omitempty"`
	Basis      string   `json:"basis,omitempty"`
	Items      []string `json:"items"`
}

// AmendIn edits a proposal under review.
type AmendIn struct {
	ID      string `json:"id"`
	Version int64  `json:"version,omitempty"`
	Reason  string `json:"reason"` // in words
	Edited
}

// Amend edits the text of a proposal under review. The edit is a revision of
// its own beside the proposer's; where the rules ask for it, it waits for the
// proposer's answer and nothing is filed meanwhile.
var Amend = app.Define("proposal.amend", func(c *app.Call, in AmendIn) (*Proposal, error) { return claim(c, in.ID) }, mayEdit, amend)

// mayEdit: the office and its director touch a proposer's text.
func mayEdit(who access.Actor, p *Proposal) access.Verdict {
	if !maySee(who, p) {
		return access.Hide()
	}
	return access.When(who.Is(access.Office, access.Chief), "proposal.review.office-only")
}

// WasAmended is the fact that the office edited the text.
type WasAmended struct {
	Revision int64 `json:"revision"`
	Waits    bool  `json:"waits"` // for the proposer's answer
}

// FactName implements app.Fact.
func (WasAmended) FactName() string { return "proposal.amended" }

func amend(c *app.Call, p *Proposal, in AmendIn) (Moved, error) {
	if err := underReview(p, in.Version); err != nil {
		return Moved{}, err
	}
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return Moved{}, err
	}
	text, err := revise(c, p, in.Edited, in.Reason, OfficeText, &rules.Proposal)
	if err != nil {
		return Moved{}, err
	}
	if err := record(c, p, Amended, "", text.Reason); err != nil {
		return Moved{}, err
	}
	was := *p
	if rules.Proposal.ConfirmAmended {
		p.Pending = text.Revision
		hold(c, p, HeldByProposer, p.LeadName)
	} else {
		p.Revision, p.Title = text.Revision, text.Title
	}
	if err := save(c, &was, p); err != nil {
		return Moved{}, err
	}
	c.Detail(map[string]any{"revision": text.Revision})
	return moved(p), c.Record(WasAmended{text.Revision, p.Pending > 0}, caseKind, p.ID)
}

// revise checks an edited text against the text in force and writes it as the
// next revision.
func revise(c *app.Call, p *Proposal, e Edited, reason, kind string, rules *profile.ProposalRules) (Text, error) {
	now, err := textOf(&c.Look, p.ID, p.Revision)
	if err != nil {
		return Text{}, err
	}
	text := e.text()
	text.Kind, text.Reason, text.PersonID, text.At = kind, clean(reason), c.Who().PersonID, c.Now()
	if err := sound(text, now, rules); err != nil {
		return Text{}, err
	}
	if text.Revision, err = nextRevision(&c.Look, p.ID); err != nil {
		return Text{}, err
	}
	if err := writeText(c, p.ID, text); err != nil {
		return Text{}, fmt.Errorf("revise %s: %w", p.ID, err)
	}
	return text, nil
}

func (e Edited) text() Text {
	t := Text{Title: cleanLine(e.Title), Background: clean(e.Background), Analysis: clean(e.Analysis), Measures: clean(e.Measures), Basis: clean(e.Basis)}
	for _, x := range e.Items {
		if x = clean(x); x != "" {
			t.Items = append(t.Items, x)
		}
	}
	return t
}

// sound tells everything that is wrong with an edited text.
func sound(t, now Text, rules *profile.ProposalRules) error {
	var p fault.Problems
	p.Check(t.Title != "", "title", "proposal.amend.title-missing")
	p.Check(characters(t.Title) <= rules.TitleMax, "title", "proposal.amend.title-long", "max", rules.TitleMax)
	p.Check(t.Characters() > 0, "background", "proposal.amend.body-missing")
	p.Check(t.Characters() <= rules.BodyMax, "background", "proposal.amend.body-long", "max", rules.BodyMax)
	p.Check(characters(t.Basis) <= rules.BodyMax, "basis", "proposal.amend.body-long", "max", rules.BodyMax)
	p.Check(len(t.Items) >= rules.ItemsMin, "items", "proposal.amend.items-few", "min", rules.ItemsMin)
	p.Check(len(t.Items) <= rules.ItemsMax, "items", "proposal.amend.items-many", "max", rules.ItemsMax)
	for _, x := range t.Items {
		if characters(x) > mostWords {
			p.Add("items", "proposal.review.words-long", "max", mostWords)
			break
		}
	}
	words(&p, "reason", t.Reason, true)
	if err := p.Err(); err != nil {
		return err
	}
	if t.same(now) {
		return fault.Field("background", "proposal.amend.same")
	}
	return nil
}
