package proposal

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
)

// Pending is the disposition of what is still under review. The others are
// named as the states in which they end: filed, not_filed, withdrawn …
const Pending = "pending"

// dispose closes the open disposition of a submission and opens the next, so
// that each submission has exactly one at any instant. reason is a code, note
// the words. The first one of a submission closes nothing.
func dispose(c *app.Call, p *Proposal, disposition, reason, note string) error {
	if disposition != Pending {
		n, err := c.Tx().Exec(c.Ctx(), "UPDATE proposal_disposition SET valid_to = ? WHERE proposal_id = ? AND valid_to IS NULL", c.Now(), p.ID)
		if err != nil {
			return fmt.Errorf("close the disposition of proposal %s: %w", p.ID, err)
		}
		if n != 1 {
			return fault.New(fault.Stale, "fault.stale")
		}
	}
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO proposal_disposition (id, committee_id, session_id, proposal_id, disposition, reason, note, person_id, valid_from)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, id.New(), p.CommitteeID, p.SessionID, p.ID, disposition, reason, note, c.Who().PersonID, c.Now())
	if err != nil {
		return fmt.Errorf("dispose of proposal %s as %s: %w", p.ID, disposition, err)
	}
	return nil
}
