package proposal

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
)

// SubmitIn hands in a draft as it was saved, or with what stands on the screen,
// which is then saved and handed in in one act. Without an id a new proposal is
// written and handed in at once.
type SubmitIn struct {
	ID      string `json:"id" doc:"Empty for a new proposal"`
	Version int64  `json:"version" doc:"The version that was shown; 0 for a new proposal"`
	Whole   bool   `json:"whole,omitempty" doc:"The text is given here even where it is empty; otherwise an empty text means: as saved"`
	Writing
}

// SubmitOut is the receipt.
type SubmitOut struct {
	ID           string `json:"id"`
	Version      int64  `json:"version"`
	Registration int64  `json:"registration"`
	Timing       string `json:"timing"`
	Kind         Kind   `json:"kind"`
	DueOn        string `json:"due_on" doc:"Until when its disposition is due"`
}

// Submit hands a draft in for review (提交), or again after a return.
var Submit = app.Define("proposal.submit", loadForSubmit, mayStart, submit)

func loadForSubmit(c *app.Call, in SubmitIn) (*Proposal, error) {
	return claimOrBegin(c, in.ID, in.Version)
}

func submit(c *app.Call, p *Proposal, in SubmitIn) (SubmitOut, error) {
	was := *p
	if err := p.move(Submitted); err != nil {
		return SubmitOut{}, err
	}
	if in.Version != p.Version {
		return SubmitOut{}, fault.New(fault.Stale, "fault.stale")
	}
	w, err := in.cleaned()
	if err == nil && p.Version > 0 && w.empty() && !in.Whole {
		w, err = writingOf(&c.Look, p)
	}
	if err != nil {
		return SubmitOut{}, err
	}
	if was.Version > 0 { // handing in what nobody saved changes the text like saving it
		if err := resetSignatures(c, &was, w); err != nil {
			return SubmitOut{}, err
		}
	}
	c.Made(p.ID)
	forOther(c, p)
	return handIn(c, &was, p, w)
}

// handIn checks a writing against the committee's rules and puts it before the
// first level of review. was is p before.
func handIn(c *app.Call, was, p *Proposal, w Writing) (SubmitOut, error) {
	rules, version, err := profile.Current(&c.Look)
	if err != nil {
		return SubmitOut{}, err
	}
	r := &rules.Proposal
	if err := p.schedule(c, r); err != nil {
		return SubmitOut{}, err
	}
	if err := w.Missing(r); err != nil {
		return SubmitOut{}, err
	}
	if err := w.secrets(); err != nil {
		return SubmitOut{}, err
	}
	if err := w.known(&c.Look, r, ""); err != nil {
		return SubmitOut{}, err
	}
	due, err := reviewDue(c, r, version)
	if err != nil {
		return SubmitOut{}, err
	}
	if p.Revision, err = revisionFor(c, p); err != nil {
		return SubmitOut{}, err
	}
	if p.Registration == 0 {
		if p.Registration, err = nextNumber(c, p.SessionID, "registration"); err != nil {
			return SubmitOut{}, err
		}
	}
	p.Title, p.Category, p.Publish, p.PublishReason, p.SavedAt = w.Title, w.Category, w.Publish, w.PublishReason, c.Now()
	p.Pending = 0
	p.Level, p.Holder, p.HolderName, p.HolderSince, p.DueOn = r.Levels[0], holderOf(r.Levels[0]), "", c.Now(), due.On.String()
	if err := writeHandedIn(c, was, p, w, due); err != nil {
		return SubmitOut{}, err
	}
	c.Detail(map[string]any{"registration": p.Registration, "revision": p.Revision, "text": digest(w), "rules": version})
	return SubmitOut{p.ID, p.Version, p.Registration, p.Timing, p.Kind, p.DueOn},
		c.Record(WasSubmitted{p.Registration, p.Revision, p.SessionID, p.Timing, p.Kind, p.Level, p.Holder, p.DueOn, was.State == Returned}, caseKind, p.ID)
}

// schedule sets session and timing at the first handing in; after a return the
// proposal stays where it was.
func (p *Proposal) schedule(c *app.Call, r *profile.ProposalRules) error {
	if !p.SubmittedAt.IsZero() {
		return nil
	}
	s, err := organization.SessionAt(&c.Look, c.Now())
	if errors.Is(err, organization.ErrNoSession) {
		return fault.New(fault.Closed, "proposal.submit.no-session")
	}
	if err != nil {
		return err
	}
	p.SessionID, p.Timing, p.SubmittedAt = s.ID, s.TimingAt(c.Now()), c.Now()
	if (p.Kind == OfSector || p.Kind == OfGroup) && p.Timing != organization.InSession && !r.SectorAnytime {
		return fault.New(fault.Closed, "proposal.submit.sector-in-session")
	}
	return nil
}

// reviewDue is until when the submission must have its disposition.
func reviewDue(c *app.Call, r *profile.ProposalRules, version int64) (calendar.Deadline, error) {
	w, err := calendar.Current(&c.Look)
	if err != nil {
		return calendar.Deadline{}, err
	}
	rule := r.ReviewDue
	rule.Version = version
	return calendar.Compute(today(&c.Look), rule, w)
}

// revisionFor numbers the text that is handed in: the first one is 1.
func revisionFor(c *app.Call, p *Proposal) (int64, error) {
	if p.Revision == 0 {
		return 1, nil
	}
	return nextRevision(&c.Look, p.ID)
}

// writeHandedIn writes row, text and, the first time, the open disposition.
func writeHandedIn(c *app.Call, was, p *Proposal, w Writing, due calendar.Deadline) error {
	reasons, err := json.Marshal(due)
	if err != nil {
		return fmt.Errorf("explain the deadline of proposal %s: %w", p.ID, err)
	}
	fresh := p.Version == 0
	if fresh {
		err = create(c, p, string(reasons))
	} else {
		err = overwrite(c, was, p, string(reasons))
	}
	if err != nil {
		return err
	}
	t := w.text()
	t.Revision, t.Kind, t.PersonID, t.At = p.Revision, SubmittedText, c.Who().PersonID, c.Now()
	if err := writeText(c, p.ID, t); err != nil {
		return err
	}
	if err := suggest(c, p.ID, w.Units, !fresh); err != nil {
		return err
	}
	if was.SubmittedAt.IsZero() {
		return dispose(c, p, Pending, "", "")
	}
	return nil
}

// overwrite saves a draft that is handed in; its text moves on as a revision.
func overwrite(c *app.Call, was, p *Proposal, due string) error {
	if err := save(c, was, p); err != nil {
		return err
	}
	for _, x := range []struct {
		q    string
		args []any
	}{
		{"UPDATE proposal SET due = ? WHERE id = ?", []any{due, p.ID}},
		{"DELETE FROM proposal_text WHERE proposal_id = ? AND revision = 0", []any{p.ID}},
	} {
		if _, err := c.Tx().Exec(c.Ctx(), x.q, x.args...); err != nil {
			return fmt.Errorf("hand in draft %s: %w", p.ID, err)
		}
	}
	return nil
}

// nextNumber gives the next number of a series in a session. Numbers are never
// given twice; the row holds up others until the act ends.
func nextNumber(c *app.Call, sessionID, series string) (int64, error) {
	var n int64
	err := c.Tx().Row(c.Ctx(), `INSERT INTO proposal_counter (session_id, series, last) VALUES (?, ?, 1)
		ON CONFLICT (session_id, series) DO UPDATE SET last = proposal_counter.last + 1 RETURNING last`, sessionID, series).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("take a %s of session %s: %w", series, sessionID, err)
	}
	return n, nil
}

// digest tells in the audit record which text was handed in, without showing it.
func digest(w Writing) string {
	b, _ := json.Marshal(w) // texts and lists of texts always encode
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}
