package proposal

import (
	"errors"
	"fmt"
	"hash/fnv"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

const columns = `p.id, p.committee_id, p.session_id, p.state, p.level, COALESCE(p.number, 0), COALESCE(p.registration, 0), p.title, p.category, p.timing,
	p.kind, p.author_id, p.lead_name, p.entered_by, p.on_paper, p.publish, p.publish_reason, p.revision, p.pending, p.holder, p.holder_name, p.holder_since,
	p.due_on, p.lead_unit_id, p.lead_unit_name, p.reply_class, p.key_year, p.created_at, p.saved_at, p.submitted_at, p.filed_at, p.version`

func scan(r store.Row, p *Proposal) error {
	return r.Scan(&p.ID, &p.CommitteeID, &p.SessionID, &p.State, &p.Level, &p.Number, &p.Registration, &p.Title, &p.Category, &p.Timing,
		&p.Kind, &p.AuthorID, &p.LeadName, &p.EnteredBy, &p.OnPaper, &p.Publish, &p.PublishReason, &p.Revision, &p.Pending, &p.Holder, &p.HolderName, &p.HolderSince,
		&p.DueOn, &p.LeadUnitID, &p.LeadUnitName, &p.ReplyClass, &p.KeyYear, &p.CreatedAt, &p.SavedAt, &p.SubmittedAt, &p.FiledAt, &p.Version)
}

// load reads a proposal of the actor's committee with its signers.
func load(l *app.Look, id string) (*Proposal, error) {
	p := &Proposal{}
	err := scan(l.Tx().Row(l.Ctx(), "SELECT "+columns+" FROM proposal p WHERE p.id = ? AND p.committee_id = ?", id, l.Who().CommitteeID), p)
	if errors.Is(err, store.ErrNone) {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return nil, fmt.Errorf("load proposal %s: %w", id, err)
	}
	p.Signers, err = store.List(l.Ctx(), l.Tx(), scanSigner, `SELECT signer_id, is_body, name, state, invited_at, answered_at
		FROM proposal_signer WHERE proposal_id = ? ORDER BY position`, id)
	if err != nil {
		return nil, fmt.Errorf("load the signers of %s: %w", id, err)
	}
	return p, involve(l, p)
}

// claim loads a proposal inside an act and makes other acts on it wait.
func claim(c *app.Call, id string) (*Proposal, error) {
	if err := c.Tx().Claim(c.Ctx(), "proposal", "id", id); err != nil {
		return nil, fmt.Errorf("claim proposal %s: %w", id, err)
	}
	return load(&c.Look, id)
}

func scanSigner(r store.Row, s *Signer) error {
	return r.Scan(&s.ID, &s.IsBody, &s.Name, &s.State, &s.InvitedAt, &s.AnsweredAt)
}

// save writes what an act changed in the row; was is the row before, for the
// tally. The version goes up by one.
func save(c *app.Call, was, p *Proposal) error {
	p.Version++
	var number, registration any
	if p.Number > 0 {
		number = p.Number
	}
	if p.Registration > 0 {
		registration = p.Registration
	}
	if p.DueOn == "" {
		p.DueOn = Never
	}
	_, err := c.Tx().Exec(c.Ctx(), `UPDATE proposal SET session_id = ?, state = ?, level = ?, number = ?, registration = ?, title = ?, category = ?, timing = ?, kind = ?,
		lead_name = ?, publish = ?, publish_reason = ?, revision = ?, pending = ?, holder = ?, holder_name = ?, holder_since = ?, due_on = ?,
		lead_unit_id = ?, lead_unit_name = ?, reply_class = ?, saved_at = ?, submitted_at = ?, filed_at = ?, version = ? WHERE id = ?`,
		p.SessionID, string(p.State), p.Level, number, registration, p.Title, p.Category, p.Timing, string(p.Kind),
		p.LeadName, p.Publish, p.PublishReason, p.Revision, p.Pending, p.Holder, p.HolderName, p.HolderSince, p.DueOn,
		p.LeadUnitID, p.LeadUnitName, p.ReplyClass, p.SavedAt, p.SubmittedAt, p.FiledAt, p.Version, p.ID)
	if err != nil {
		return fmt.Errorf("save proposal %s: %w", p.ID, err)
	}
	if err := retally(c, was, p); err != nil {
		return err
	}
	return redue(c, was, p)
}

// retally moves a proposal from one total to another. was is nil for a new one.
func retally(c *app.Call, was, p *Proposal) error {
	if was != nil && was.State == p.State && was.SessionID == p.SessionID && was.Category == p.Category {
		return nil
	}
	for _, x := range []counted{{was, -1}, {p, 1}} {
		if x.p == nil {
			continue
		}
		_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO proposal_tally (committee_id, session_id, category, state, slot, n) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (committee_id, session_id, category, state, slot) DO UPDATE SET n = proposal_tally.n + excluded.n`,
			p.CommitteeID, x.p.SessionID, x.p.Category, string(x.p.State), x.p.slot(), x.n)
		if err != nil {
			return fmt.Errorf("count proposal %s: %w", p.ID, err)
		}
	}
	return nil
}

// redue moves a proposal from one due date's total to another, so that what is
// late is known without counting rows. What is never due is not counted.
func redue(c *app.Call, was, p *Proposal) error {
	if was != nil && was.SessionID == p.SessionID && was.due() == p.due() {
		return nil
	}
	for _, x := range []counted{{was, -1}, {p, 1}} {
		if x.p == nil || x.p.due() == Never {
			continue
		}
		_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO proposal_due_tally (committee_id, session_id, due_on, slot, n) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (committee_id, session_id, due_on, slot) DO UPDATE SET n = proposal_due_tally.n + excluded.n`,
			p.CommitteeID, x.p.SessionID, x.p.DueOn, x.p.slot(), x.n)
		if err != nil {
			return fmt.Errorf("count the due date of proposal %s: %w", p.ID, err)
		}
	}
	return nil
}

type counted struct {
	p *Proposal
	n int64
}

func (p *Proposal) due() string {
	if p.DueOn == "" {
		return Never
	}
	return p.DueOn
}

func (p *Proposal) slot() int64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(p.ID))
	return int64(h.Sum32() % slots)
}

// slots spread the tally's writers; more than a cluster writes at once to one
// total in the minutes before the cut-off.
const slots = 8
