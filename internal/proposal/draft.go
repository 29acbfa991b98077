package proposal

import (
	"errors"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// DraftIn is a draft as it stands on somebody's screen.
type DraftIn struct {
	// ID is the draft's id. A new page brings a fresh one, so that saving it
	// twice makes one draft; without any the server makes one.
	ID      string `json:"id" doc:"Empty for a new draft"`
	Version int64  `json:"version" doc:"The version that was shown; 0 for a new draft"`
	Writing
}

// DraftOut is what was saved.
type DraftOut struct {
	ID      string     `json:"id"`
	Version int64      `json:"version"`
	SavedAt store.Time `json:"saved_at"`
}

// SaveDraft begins a draft or saves it (起草, 保存); autosave is the same act. A
// draft may be incomplete. What was changed elsewhere meanwhile is never
// written over: fault.Stale.
var SaveDraft = app.Define("proposal.draft", loadDraft, mayStart, saveDraft)

func loadDraft(c *app.Call, in DraftIn) (*Proposal, error) { return claimOrBegin(c, in.ID, in.Version) }

// claimOrBegin gives the stored proposal, or a new one when there is none yet.
func claimOrBegin(c *app.Call, key string, version int64) (*Proposal, error) {
	if key == "" {
		return begin(c.Who(), id.New(), c.Now()), nil
	}
	p, err := claim(c, key)
	if fault.Is(err, fault.NotFound) && version == 0 && id.Valid(key) {
		return begin(c.Who(), key, c.Now()), nil
	}
	return p, err
}

func saveDraft(c *app.Call, p *Proposal, in DraftIn) (DraftOut, error) {
	if !p.editable() {
		return DraftOut{}, fault.New(fault.Closed, "proposal.closed.edit")
	}
	if in.Version != p.Version {
		return DraftOut{}, fault.New(fault.Stale, "fault.stale")
	}
	w, err := in.cleaned()
	if err != nil {
		return DraftOut{}, err
	}
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return DraftOut{}, err
	}
	if err := w.known(&c.Look, &rules.Proposal, p.Category); err != nil {
		return DraftOut{}, err
	}
	c.Made(p.ID)
	forOther(c, p)
	err = keep(c, p, w)
	return DraftOut{p.ID, p.Version, c.Now()}, err
}

// forOther names the member for whom staff acts.
func forOther(c *app.Call, p *Proposal) {
	if p.AuthorID != c.Who().PersonID && !authored(c.Who(), p) {
		c.OnBehalf(p.AuthorID)
	}
}

// keep stores a writing as the draft of p.
func keep(c *app.Call, p *Proposal, w Writing) error {
	was := *p
	if err := p.take(c, w); err != nil {
		return err
	}
	fresh := p.Version == 0
	if fresh {
		if err := create(c, p, ""); err != nil {
			return err
		}
	} else {
		if err := resetSignatures(c, p, w); err != nil {
			return err
		}
		if err := save(c, &was, p); err != nil {
			return err
		}
	}
	t := w.text()
	t.Kind, t.PersonID, t.At = DraftText, c.Who().PersonID, c.Now()
	if err := writeText(c, p.ID, t); err != nil {
		return err
	}
	return suggest(c, p.ID, w.Units, !fresh)
}

// take puts what the row shows of a writing into p. A draft counts for the
// session in which it was begun until it is handed in.
func (p *Proposal) take(c *app.Call, w Writing) error {
	p.Title, p.Category, p.Publish, p.PublishReason, p.SavedAt = w.Title, w.Category, w.Publish, w.PublishReason, c.Now()
	if p.SessionID != "" {
		return nil
	}
	s, err := organization.SessionAt(&c.Look, c.Now())
	if err != nil && !errors.Is(err, organization.ErrNoSession) {
		return err
	}
	p.SessionID = s.ID
	return nil
}

// resetSignatures asks everybody anew who signed a draft whose text is now
// another: nobody's name stands under words he has not seen.
func resetSignatures(c *app.Call, p *Proposal, w Writing) error {
	if p.State != Draft || p.count(Signed) == 0 {
		return nil
	}
	old, err := newest(&c.Look, p)
	if err != nil || old.same(w.text()) {
		return err
	}
	var reset []string
	for i := range p.Signers {
		s := &p.Signers[i]
		if s.State != Signed || s == p.leadBody() {
			continue
		}
		if err := answer(c, p, s, Invited); err != nil {
			return err
		}
		reset = append(reset, s.ID)
	}
	return c.Record(SignaturesReset{Signers: reset}, caseKind, p.ID)
}

// today is the civil day of the act.
func today(c *app.Look) calendar.Date { return calendar.DateOf(c.Now().Time, calendar.Beijing) }
