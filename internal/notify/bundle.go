package notify

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// bundled is what one digest gathers: all that waits for one person on one
// channel.
type bundled struct {
	CommitteeID string
	PersonID    string
	Channel     string
	At          store.Time // instant of the latest digest that is due
	LeadID      string     // the first of them: it becomes the digest
}

// bundlesAtOnce bounds the work of one transaction.
const bundlesAtOnce = 50

// dueDigests looks for digests whose hour has come.
const dueDigests = `SELECT d.committee_id, m.person_id, d.channel, MAX(d.next_at), MIN(d.id) FROM delivery d JOIN message m ON m.id = d.message_id
	WHERE d.state = 'digest' AND d.next_at <= ? GROUP BY d.committee_id, m.person_id, d.channel ORDER BY MIN(d.id) LIMIT ?`

func scanBundled(r store.Row, b *bundled) error {
	return r.Scan(&b.CommitteeID, &b.PersonID, &b.Channel, &b.At, &b.LeadID)
}

// bundle makes digests of what waits for them and tells how many it looked at.
// The row of notice_digest is what keeps two nodes, and two runs, from making
// one twice: whoever comes late waits for the next digest.
var bundle = app.Define("notify.bundle",
	func(*app.Call, struct{}) (outbox, error) { return outbox{}, nil },
	bySystem[outbox],
	func(c *app.Call, _ outbox, _ struct{}) (int, error) {
		// What was read in the meantime needs no digest.
		_, err := c.Tx().Exec(c.Ctx(), `UPDATE delivery SET state = 'needless', ended_at = ? WHERE state = 'digest' AND next_at <= ?
			AND message_id IN (SELECT id FROM message WHERE read_at IS NOT NULL)`, c.Now(), c.Now())
		if err != nil {
			return 0, fmt.Errorf("drop what was read: %w", err)
		}
		list, err := store.List(c.Ctx(), c.Tx(), scanBundled, dueDigests, c.Now(), bundlesAtOnce)
		if err != nil {
			return 0, fmt.Errorf("look for digests that are due: %w", err)
		}
		for _, b := range list {
			if err := b.make(c); err != nil {
				return 0, fmt.Errorf("make the digest of %s: %w", b.PersonID, err)
			}
		}
		return len(list), nil
	}).Quietly()

// rows are the deliveries of the digest.
const rows = `state = 'digest' AND channel = ? AND next_at <= ? AND message_id IN (SELECT id FROM message WHERE person_id = ? AND committee_id = ?)`

func (b bundled) make(c *app.Call) error {
	args := []any{b.Channel, c.Now(), b.PersonID, b.CommitteeID}
	first, err := c.Tx().Exec(c.Ctx(), `INSERT INTO notice_digest (person_id, channel, at, committee_id, lead_id)
		SELECT ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM notice_digest WHERE person_id = ? AND channel = ? AND at >= ?)
		ON CONFLICT (person_id, channel, at) DO NOTHING`,
		b.PersonID, b.Channel, b.At, b.CommitteeID, b.LeadID, b.PersonID, b.Channel, b.At)
	if err != nil {
		return err
	}
	if first == 0 {
		rules, _, err := profile.Of(&c.Look, b.CommitteeID)
		if err != nil {
			return err
		}
		next := store.Time{Time: digestAfter(c.Now().Time, rules.Notices)}
		_, err = c.Tx().Exec(c.Ctx(), "UPDATE delivery SET next_at = ? WHERE "+rows, append([]any{next}, args...)...)
		return err
	}
	_, err = c.Tx().Exec(c.Ctx(), "UPDATE delivery SET state = 'joined', lead_id = ? WHERE id <> ? AND "+rows, append([]any{b.LeadID, b.LeadID}, args...)...)
	if err != nil {
		return err
	}
	_, err = c.Tx().Exec(c.Ctx(), "UPDATE delivery SET state = 'waiting', next_at = ? WHERE id = ? AND state = 'digest'", c.Now(), b.LeadID)
	return err
}
