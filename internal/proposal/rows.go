package proposal

import (
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// begin is a proposal that somebody is about to write; nothing is stored yet.
func begin(who access.Actor, id string, now store.Time) *Proposal {
	kind, _ := kindOf(who)
	p := &Proposal{ID: id, CommitteeID: who.CommitteeID, State: Draft, Kind: kind, AuthorID: who.PersonID, LeadName: who.Name,
		CreatedAt: now, SavedAt: now, DueOn: Never}
	if kind.Collective() {
		p.LeadName = who.Post.BodyName
		p.Signers = []Signer{{ID: who.Post.BodyID, IsBody: true, Name: who.Post.BodyName, State: Signed, InvitedAt: now, AnsweredAt: now}}
	}
	return p
}

// create writes the row of a new proposal, with its signers. due is the JSON
// of the deadline of its review, "" for a draft.
func create(c *app.Call, p *Proposal, due string) error {
	p.Version = 1
	var registration any
	if p.Registration > 0 {
		registration = p.Registration
	}
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO proposal (id, committee_id, session_id, state, level, registration, title, category, timing, kind,
			author_id, lead_name, entered_by, on_paper, publish, publish_reason, revision, holder, holder_since, due_on, due, created_at, saved_at, submitted_at, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		p.ID, p.CommitteeID, p.SessionID, string(p.State), p.Level, registration, p.Title, p.Category, p.Timing, string(p.Kind),
		p.AuthorID, p.LeadName, p.EnteredBy, p.OnPaper, p.Publish, p.PublishReason, p.Revision, p.Holder, p.HolderSince, p.due(), due,
		p.CreatedAt, p.SavedAt, p.SubmittedAt, p.Version)
	if errors.Is(err, store.ErrUnique) {
		// The same new page was sent twice at once; the other one stands.
		return fault.New(fault.Stale, "fault.repeat-running")
	}
	if err != nil {
		return fmt.Errorf("create proposal %s: %w", p.ID, err)
	}
	for i := range p.Signers {
		if err := writeSigner(c, p, &p.Signers[i], i); err != nil {
			return err
		}
	}
	if err := retally(c, nil, p); err != nil {
		return err
	}
	return redue(c, nil, p)
}

// erase removes a draft with everything that was written in it.
func erase(c *app.Call, p *Proposal) error {
	for _, q := range []string{
		"DELETE FROM proposal_text WHERE proposal_id = ?", "DELETE FROM proposal_signer WHERE proposal_id = ?",
		"DELETE FROM proposal_unit WHERE proposal_id = ?", "DELETE FROM proposal WHERE id = ?",
	} {
		if _, err := c.Tx().Exec(c.Ctx(), q, p.ID); err != nil {
			return fmt.Errorf("erase draft %s: %w", p.ID, err)
		}
	}
	_, err := c.Tx().Exec(c.Ctx(), `UPDATE proposal_tally SET n = n - 1 WHERE committee_id = ? AND session_id = ? AND category = ? AND state = ? AND slot = ?`,
		p.CommitteeID, p.SessionID, p.Category, string(p.State), p.slot())
	if err != nil {
		return fmt.Errorf("count draft %s: %w", p.ID, err)
	}
	return nil
}

// writeSigner writes one signer at a place of the list; somebody asked again
// keeps his place.
func writeSigner(c *app.Call, p *Proposal, s *Signer, position int) error {
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO proposal_signer (proposal_id, signer_id, committee_id, is_body, name, position, state, invited_at, answered_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (proposal_id, signer_id) DO UPDATE SET state = excluded.state, invited_at = excluded.invited_at, answered_at = excluded.answered_at`,
		p.ID, s.ID, p.CommitteeID, s.IsBody, s.Name, position, s.State, s.InvitedAt, s.AnsweredAt)
	if err != nil {
		return fmt.Errorf("write signer %s of proposal %s: %w", s.ID, p.ID, err)
	}
	return nil
}

// answer notes what became of an invitation.
func answer(c *app.Call, p *Proposal, s *Signer, state string) error {
	s.State, s.AnsweredAt = state, c.Now()
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE proposal_signer SET state = ?, answered_at = ? WHERE proposal_id = ? AND signer_id = ?",
		s.State, s.AnsweredAt, p.ID, s.ID)
	if err != nil {
		return fmt.Errorf("answer for %s in proposal %s: %w", s.ID, p.ID, err)
	}
	return nil
}

// rekind makes a member's proposal joint or individual by who signs with him:
// anybody in one of the states counts. It does not touch the version, because
// no form shows it.
func rekind(c *app.Call, p *Proposal, states ...string) error {
	if p.Kind.Collective() {
		return nil
	}
	kind := Individual
	if p.count(states...) > 0 {
		kind = Joint
	}
	if kind == p.Kind {
		return nil
	}
	p.Kind = kind
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE proposal SET kind = ? WHERE id = ?", string(kind), p.ID); err != nil {
		return fmt.Errorf("change the kind of proposal %s: %w", p.ID, err)
	}
	return nil
}

// settleSigners ends asking: who has not signed does not count, and a joint
// proposal that nobody signed is its author's alone. It belongs to the cut-off,
// to filing and to every other end of the review.
func settleSigners(c *app.Call, p *Proposal) error {
	var late []string
	for i := range p.Signers {
		if p.Signers[i].State == Invited {
			if err := answer(c, p, &p.Signers[i], Lapsed); err != nil {
				return err
			}
			late = append(late, p.Signers[i].ID)
		}
	}
	if err := rekind(c, p, Signed); err != nil || len(late) == 0 {
		return err
	}
	return c.Record(InvitationsLapsed{Signers: late}, caseKind, p.ID)
}

// suggestedUnits are the ids of the units that the proposer suggests.
func suggestedUnits(l *app.Look, id string) ([]string, error) {
	list, err := store.List(l.Ctx(), l.Tx(), store.Column[string], "SELECT unit_id FROM proposal_unit WHERE proposal_id = ? ORDER BY unit_id", id)
	if err != nil {
		return nil, fmt.Errorf("read the suggested units of proposal %s: %w", id, err)
	}
	return list, nil
}

// suggest writes the suggested units anew; had tells that some may be stored.
func suggest(c *app.Call, id string, units []string, had bool) error {
	if had {
		if _, err := c.Tx().Exec(c.Ctx(), "DELETE FROM proposal_unit WHERE proposal_id = ?", id); err != nil {
			return fmt.Errorf("change the suggested units of proposal %s: %w", id, err)
		}
	}
	for _, u := range units {
		if _, err := c.Tx().Exec(c.Ctx(), "INSERT INTO proposal_unit (proposal_id, unit_id) VALUES (?, ?)", id, u); err != nil {
			return fmt.Errorf("suggest unit %s for proposal %s: %w", u, id, err)
		}
	}
	return nil
}
