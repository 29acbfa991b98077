package proposal

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/document"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
)

// Attachments tells document who may add to and read the files of a proposal.
type Attachments struct{}

var (
	_ document.Owner   = Attachments{}
	_ document.Claimer = Attachments{}
)

// MayAttach lets the proposer add and take files while he may change the text.
func (Attachments) MayAttach(l *app.Look, id string) error {
	p, err := load(l, id)
	if err != nil {
		return err
	}
	v := mayWrite(l.Who(), p)
	switch {
	case v.Hidden():
		return fault.New(fault.NotFound, "fault.not-found")
	case !v.Allowed():
		return fault.New(fault.Forbidden, v.Key())
	case !p.editable():
		return fault.New(fault.Closed, "proposal.closed.edit")
	}
	return nil
}

// MayRead lets whoever may see the proposal open its files.
func (Attachments) MayRead(l *app.Look, id string) error {
	p, err := load(l, id)
	if err == nil && !maySee(l.Who(), p) {
		return fault.New(fault.NotFound, "fault.not-found")
	}
	return err
}

// Limits are those of the committee's rules.
func (Attachments) Limits(l *app.Look) (int, int64, error) {
	r, _, err := profile.Current(l)
	if err != nil {
		return 0, 0, err
	}
	return r.Proposal.AttachmentsMax, r.Proposal.AttachmentBytes, nil
}

// Claim makes other acts on the proposal wait.
func (Attachments) Claim(c *app.Call, id string) error {
	if err := c.Tx().Claim(c.Ctx(), "proposal", "id", id); err != nil {
		return fmt.Errorf("claim proposal %s: %w", id, err)
	}
	return nil
}

// detach takes every file off a draft that is given up.
func detach(c *app.Call, id string) error {
	if owners, ok := app.PartOf[document.Owners](c.App()); !ok || owners[caseKind] == nil {
		return nil
	}
	list, err := document.Listing.In(&c.Look, document.ListIn{Kind: caseKind, ID: id})
	if err != nil {
		return err
	}
	for _, f := range list.Files {
		if _, err := document.Remove.Within(c, document.RemoveIn{ID: f.ID}); err != nil {
			return fmt.Errorf("give up draft %s: %w", id, err)
		}
	}
	return nil
}

// secrets tells where a writing bears the mark of a state secret: nothing of
// the kind may be handed in on this system.
func (w Writing) secrets() error {
	var p fault.Problems
	for _, x := range []struct{ field, text string }{
		{"title", w.Title}, {"background", w.Background}, {"analysis", w.Analysis}, {"measures", w.Measures}, {"basis", w.Basis}, {"publish_reason", w.PublishReason},
	} {
		for _, m := range document.Marks(x.text) {
			p.Add(x.field, "proposal.field.secret", "mark", m.Text)
			break
		}
	}
	for i, x := range w.Items {
		if m := document.Marks(x); len(m) > 0 {
			p.Add("items", "proposal.field.item.secret", "no", i+1, "mark", m[0].Text)
		}
	}
	return p.Err()
}

// mayEnterNew is mayEnter before there is anything to enter.
func mayEnterNew(who access.Actor) bool { return mayEnter(who, &Proposal{}).Allowed() }
