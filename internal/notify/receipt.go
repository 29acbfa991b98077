package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// What a receipt tells.
const (
	Delivered = "delivered" // it is on the person's device
	ReadThere = "read"      // it was opened there
	Failed    = "failed"    // it will not arrive
)

// Receipt is what a gateway tells of one text message.
type Receipt struct {
	// ID is the id that we sent with the text, or the gateway's own.
	ID    string `json:"id"`
	State string `json:"state"`           // delivered, read, failed
	Class string `json:"class,omitempty"` // the gateway's word or number for a failure
}

// Receipts is the body of the request.
type Receipts struct {
	Receipts []Receipt `json:"receipts"`
}

const (
	receiptsAtMost = 500
	// ReceiptBytes is the largest body of receipts.
	ReceiptBytes = 256 << 10
)

// TakeReceipts reads signed receipts of the SMS gateway: a request with the
// headers of Signed and a body of Receipts. Only the signature opens this door;
// who knows the key is told nothing either: an unknown id is passed over.
// fault.NotFound without a key in the settings, fault.Unauthenticated for a
// signature that does not fit, fault.Invalid for a body that is none.
func TakeReceipts(ctx context.Context, a *app.App, header http.Header, body []byte) error {
	ways, _ := app.PartOf[*Channels](a)
	if ways == nil || len(ways.ReceiptKey) == 0 {
		return fault.New(fault.NotFound, "fault.not-found")
	}
	if !Genuine(header, ways.ReceiptKey, a.Clock().Now(), body) {
		return fault.New(fault.Unauthenticated, "notify.receipt.signature")
	}
	var in Receipts
	if err := json.Unmarshal(body, &in); err != nil {
		return fault.New(fault.Invalid, "web.form-unreadable").Because(err)
	}
	if len(in.Receipts) > receiptsAtMost {
		return fault.New(fault.TooLarge, "notify.receipt.many", "max", receiptsAtMost)
	}
	_, err := receive.Do(ctx, a, access.Machine("", machine), in)
	return err
}

// receive keeps receipts. The same one again changes nothing; one that comes
// before our own record of the sending counts as that record. A failure after
// a delivery is a mistake of the gateway and passed over.
var receive = app.Define("notify.receive",
	func(*app.Call, Receipts) (outbox, error) { return outbox{}, nil },
	bySystem[outbox],
	func(c *app.Call, _ outbox, in Receipts) (struct{}, error) {
		for _, r := range in.Receipts {
			if err := r.keep(c); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	}).Quietly()

// ours reads an id that we gave: the delivery and which sending of it.
func ours(id string) (delivery string, round int64) {
	base, after, again := strings.Cut(id, ".")
	if !again {
		return base, 0
	}
	n, err := strconv.ParseInt(after, 10, 64)
	if err != nil || n < 1 {
		return "", 0
	}
	return base, n
}

func (r Receipt) keep(c *app.Call) error {
	if short(r.ID) == "" {
		return nil
	}
	id, round := ours(r.ID)
	const ours = " WHERE channel = 'sms' AND ((id = ? AND round = ?) OR provider_id = ?) AND tries > 0 AND "
	var err error
	switch r.State {
	case Delivered:
		_, err = c.Tx().Exec(c.Ctx(), "UPDATE delivery SET state = 'sent', error = '', receipt = 'delivered', receipt_at = ?, ended_at = COALESCE(ended_at, ?)"+ours+
			"state IN ('waiting', 'sent', 'failed') AND receipt IN ('', 'failed')", c.Now(), c.Now(), id, round, r.ID)
	case ReadThere:
		_, err = c.Tx().Exec(c.Ctx(), "UPDATE delivery SET state = 'sent', error = '', receipt = 'read', receipt_at = ?, ended_at = COALESCE(ended_at, ?)"+ours+
			"state IN ('waiting', 'sent', 'failed') AND receipt <> 'read'", c.Now(), c.Now(), id, round, r.ID)
	case Failed:
		word := (&Refusal{Class: Undelivered, Code: short(r.Class)}).word()
		_, err = c.Tx().Exec(c.Ctx(), "UPDATE delivery SET state = 'failed', error = ?, receipt = 'failed', receipt_at = ?, ended_at = ?"+ours+
			"state IN ('waiting', 'sent') AND receipt = ''", word, c.Now(), c.Now(), id, round, r.ID)
	}
	if err != nil {
		return fmt.Errorf("keep a receipt: %w", err)
	}
	return nil
}
