package notify

import (
	"fmt"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// outbox is what claiming is about.
type outbox struct{}

// Object names the outbox.
func (outbox) Object() (string, string) { return "outbox", "all" }

// claimIn names the channel, and whether the settings still have it.
type claimIn struct {
	Channel string
	Known   bool
}

// claimed is a batch to send; Found is how many were looked at.
type claimed struct {
	Found int
	Mine  []delivery
}

// claim takes what is due on a channel: from its commit on no other node takes
// it until the lease ends, which is when it is tried again if this node dies.
var claim = app.Define("notify.claim",
	func(*app.Call, claimIn) (outbox, error) { return outbox{}, nil },
	bySystem[outbox],
	func(c *app.Call, _ outbox, in claimIn) (claimed, error) {
		if err := giveUp(c, in); err != nil {
			return claimed{}, err
		}
		list, err := store.List(c.Ctx(), c.Tx(), scanDelivery, "SELECT "+deliveryColumns+` FROM delivery d JOIN message m ON m.id = d.message_id
			WHERE d.state = 'waiting' AND d.next_at <= ? AND d.channel = ? ORDER BY d.next_at, d.id LIMIT ?`, c.Now(), in.Channel, claimAtOnce)
		if err != nil {
			return claimed{}, fmt.Errorf("find what is due: %w", err)
		}
		out := claimed{Found: len(list)}
		rules := map[string]profile.NoticeRules{}
		for _, d := range list {
			mine, err := take(c, d, rules)
			if err != nil {
				return out, fmt.Errorf("claim delivery %s: %w", d.ID, err)
			}
			if mine {
				d.Tries++
				out.Mine = append(out.Mine, d)
			}
		}
		return out, nil
	}).Quietly()

// giveUp ends what was tried often enough, and what has no channel any more.
func giveUp(c *app.Call, in claimIn) error {
	const end = "UPDATE delivery SET state = 'failed', error = ?, ended_at = ? WHERE state = 'waiting' AND next_at <= ? AND channel = ?"
	if !in.Known {
		if _, err := c.Tx().Exec(c.Ctx(), end, Off, c.Now(), c.Now(), in.Channel); err != nil {
			return fmt.Errorf("give up a channel: %w", err)
		}
		return nil
	}
	if _, err := c.Tx().Exec(c.Ctx(), end+" AND tries >= ?", GaveUp, c.Now(), c.Now(), in.Channel, triesAtMost); err != nil {
		return fmt.Errorf("give up deliveries: %w", err)
	}
	return nil
}

// take claims one row, or puts it off to the end of quiet hours, or drops it
// because the person has read the message meanwhile. A row that another node
// moved first is left to it.
func take(c *app.Call, d delivery, rules map[string]profile.NoticeRules) (bool, error) {
	if !d.ReadAt.IsZero() && d.Urgency == Normal && !d.Forced && d.Joined == 0 && d.Channel != ByWebhook {
		_, err := c.Tx().Exec(c.Ctx(), "UPDATE delivery SET state = 'needless', ended_at = ? WHERE id = ? AND state = 'waiting' AND tries = ?", c.Now(), d.ID, d.Tries)
		return false, err
	}
	later, err := quietUntil(c, d, rules)
	if err != nil {
		return false, err
	}
	if later.After(c.Now().Time) {
		_, err := c.Tx().Exec(c.Ctx(), "UPDATE delivery SET next_at = ? WHERE id = ? AND state = 'waiting' AND tries = ?", store.Time{Time: later}, d.ID, d.Tries)
		return false, err
	}
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE delivery SET tries = ?, next_at = ? WHERE id = ? AND state = 'waiting' AND tries = ? AND next_at <= ?",
		d.Tries+1, after(c.Now(), lease), d.ID, d.Tries, c.Now())
	return n == 1, err
}

// quietUntil is when the person may be told: now, or at the end of the quiet
// hours, by the rules and the choice of this moment.
func quietUntil(c *app.Call, d delivery, rules map[string]profile.NoticeRules) (time.Time, error) {
	if d.Urgency >= Urgent {
		return c.Now().Time, nil
	}
	r, known := rules[d.CommitteeID]
	if !known {
		all, _, err := profile.Of(&c.Look, d.CommitteeID)
		if err != nil {
			return time.Time{}, err
		}
		r = all.Notices
		rules[d.CommitteeID] = r
	}
	chosen, err := choiceOf(&c.Look, d.PersonID)
	if err != nil {
		return time.Time{}, err
	}
	return awake(c.Now().Time, chosen.windows(r)...), nil
}
