package notify

import (
	"fmt"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/store"
)

// outcome is how a try went; Class "" means that the provider took the letter.
type outcome struct {
	ID       string
	Tries    int64
	Class    string
	Lasting  bool
	After    int64 // milliseconds that the provider asks to wait
	Provider string

	kind string // Class without the provider's number
}

// Object names the delivery.
func (o outcome) Object() (string, string) { return "delivery", o.ID }

// state is what the delivery becomes.
func (o outcome) state() string {
	switch {
	case o.Class == "":
		return sent
	case o.Lasting || o.Tries >= triesAtMost:
		return given
	default:
		return waiting
	}
}

// pause is the wait before the next try: ours, or the provider's when longer.
func (o outcome) pause() time.Duration {
	return max(pause(o.Tries), min(time.Duration(o.After)*time.Millisecond, longestWait))
}

// settle records how a try went. A delivery that was tried again in the
// meantime keeps the later try's record, unless this one was sent. A receipt
// may have been faster: then only the provider's id is added.
var settle = app.Define("notify.settle",
	func(_ *app.Call, in outcome) (outcome, error) { return in, nil },
	bySystem[outcome],
	func(c *app.Call, o outcome, _ outcome) (struct{}, error) {
		var ended store.Time
		if o.state() != waiting {
			ended = c.Now()
		}
		_, err := c.Tx().Exec(c.Ctx(), "UPDATE delivery SET state = ?, error = ?, next_at = ?, ended_at = ?, provider_id = ? WHERE id = ? AND state = 'waiting' AND (tries = ? OR ?)",
			o.state(), o.Class, after(c.Now(), o.pause()), ended, o.Provider, o.ID, o.Tries, o.Class == "")
		if err != nil {
			return struct{}{}, fmt.Errorf("settle delivery %s: %w", o.ID, err)
		}
		if o.Class != "" {
			return struct{}{}, nil
		}
		return struct{}{}, tookAll(c, o)
	}).Quietly()

// tookAll ends what a digest told of, and keeps the provider's id of a delivery
// whose receipt came first.
func tookAll(c *app.Call, o outcome) error {
	if o.Provider != "" {
		if _, err := c.Tx().Exec(c.Ctx(), "UPDATE delivery SET provider_id = ? WHERE id = ? AND provider_id = ''", o.Provider, o.ID); err != nil {
			return fmt.Errorf("keep the provider's id of %s: %w", o.ID, err)
		}
	}
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE delivery SET state = 'sent', ended_at = ? WHERE lead_id = ? AND state = 'joined'", c.Now(), o.ID); err != nil {
		return fmt.Errorf("end what the digest %s tells of: %w", o.ID, err)
	}
	return nil
}
