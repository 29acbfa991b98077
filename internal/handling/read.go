package handling

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// ReadIn names a reply that a proposer opened.
type ReadIn struct {
	ID string `json:"id"`
}

// ReadOut is the receipt.
type ReadOut struct {
	ID     string     `json:"id"`
	ReadAt store.Time `json:"read_at"` // when it was opened for the first time
}

// Read notes that a proposer opened a reply (签阅): the first time counts.
var Read = app.Define("reply.read",
	func(c *app.Call, in ReadIn) (*Letter, error) { return loadLetter(c, in.ID) },
	func(who access.Actor, l *Letter) access.Verdict {
		if l.receipt(who) != nil {
			return access.Allow()
		}
		return l.letterless(who, "handling.proposers-only")
	},
	func(c *app.Call, l *Letter, _ ReadIn) (ReadOut, error) {
		d := l.receipt(c.Who())
		if !d.ReadAt.IsZero() {
			return ReadOut{l.R.ID, d.ReadAt}, nil
		}
		_, err := c.Tx().Exec(c.Ctx(), "UPDATE reply_delivery SET read_at = ?, read_by = ? WHERE reply_id = ? AND proposer_id = ? AND read_at IS NULL",
			c.Now(), c.Who().PersonID, l.R.ID, d.ProposerID)
		if err != nil {
			return ReadOut{}, fmt.Errorf("note that reply %s was read: %w", l.R.ID, err)
		}
		return ReadOut{l.R.ID, c.Now()}, nil
	})

// receipt is the delivery of an issued reply to somebody, nil for those to
// whom it was not delivered.
func (l *Letter) receipt(who access.Actor) *Delivery {
	p := l.proposer(who)
	if p == nil || l.R.State != Issued || !l.Ready {
		return nil
	}
	return l.R.delivery(p.Key())
}
