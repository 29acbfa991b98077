package notify

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/i18n"
	"tongxin/internal/id"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// delivery is a row of the outbox that was claimed, with what the letter needs.
type delivery struct {
	ID          string
	CommitteeID string
	Channel     string
	Tries       int64
	Round       int64
	Urgency     Urgency
	Forced      bool
	Joined      int64 // how many others the digest tells of
	PersonID    string
	Kind        string
	Args        []string
	Link        string
	At          store.Time
	ReadAt      store.Time
}

// providerID is the name under which the provider knows the delivery: the same
// at each try, another when a person asked for one more sending of what the
// provider had taken before.
func (d delivery) providerID() string {
	if d.Round == 0 {
		return d.ID
	}
	return d.ID + "." + strconv.FormatInt(d.Round, 10)
}

// reached is where and in which language somebody is told.
type reached struct {
	Address string
	Lang    i18n.Lang
	Bundle  []counted // what a digest tells of
}

// counted is how many messages of one sort a digest tells of.
type counted struct {
	Kind string
	N    int64
}

// States of a delivery.
const (
	waiting  = "waiting"
	digested = "digest" // waits for the digest
	joined   = "joined" // the digest tells of it
	sent     = "sent"
	given    = "failed"
	needless = "needless" // the person read the message first
)

const deliveryColumns = `d.id, d.committee_id, d.channel, d.tries, d.round, d.urgency, d.forced, m.person_id, m.kind, m.args, m.link, m.at, m.read_at,
	(SELECT COUNT(*) FROM delivery j WHERE j.lead_id = d.id AND j.state = 'joined')`

func scanDelivery(r store.Row, d *delivery) error {
	var args string
	if err := r.Scan(&d.ID, &d.CommitteeID, &d.Channel, &d.Tries, &d.Round, &d.Urgency, &d.Forced, &d.PersonID, &d.Kind, &args, &d.Link, &d.At, &d.ReadAt, &d.Joined); err != nil {
		return err
	}
	return json.Unmarshal([]byte(args), &d.Args)
}

// post puts a new message into the outbox, once for each channel by which the
// person wants to be told of it, or must be.
func post(c *app.Call, n Notice, committeeID, personID, messageID string) error {
	ways, on := app.PartOf[*Channels](c.App())
	if !on || ways == nil || len(ways.Ways) == 0 {
		return nil
	}
	addresses, _, err := addressesOf(&c.Look, personID)
	if err != nil {
		return err
	}
	chosen, err := choiceOf(&c.Look, personID)
	if err != nil {
		return err
	}
	rules, _, err := profile.Of(&c.Look, committeeID)
	if err != nil {
		return err
	}
	for _, channel := range channelsFor(ways, n, chosen, addresses) {
		forced := slices.Contains(n.By, channel)
		state, at := waiting, c.Now()
		if chosen.digest && n.Urgency == Normal && !forced && channel != ByWebhook {
			state, at = digested, store.Time{Time: digestAfter(c.Now().Time, rules.Notices)}
		}
		_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO delivery (id, committee_id, message_id, channel, state, next_at, urgency, forced) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (message_id, channel) DO NOTHING`, id.New(), committeeID, messageID, channel, state, at, n.Urgency, forced)
		if err != nil {
			return fmt.Errorf("post message %s: %w", messageID, err)
		}
	}
	return nil
}

// channelsFor are the channels of one message to one person: those he wants and
// where he has an address, and those the notice must go by. Somebody who has no
// address anywhere gets one delivery that will fail: the administrator is to
// see that nobody can be reached.
func channelsFor(ways *Channels, n Notice, c choice, addresses map[string]string) []string {
	var list []string
	lacking, reachable := "", false
	for _, name := range personal() {
		if !ways.Has(name) {
			continue
		}
		forced := slices.Contains(n.By, name)
		if !forced && !wanted(c.level(name), n.Urgency) {
			continue
		}
		switch {
		case addresses[name] != "":
			reachable = true
			list = append(list, name)
		case forced:
			list = append(list, name)
		case lacking == "":
			lacking = name
		}
	}
	if !reachable && lacking != "" && !slices.Contains(list, lacking) {
		list = append(list, lacking)
	}
	if ways.Has(ByWebhook) {
		list = append(list, ByWebhook)
	}
	return list
}

// lease is how long a claim holds: longer than a batch takes in which every
// provider answers at the last moment.
const lease = 5 * time.Minute

func after(now store.Time, d time.Duration) store.Time { return store.Time{Time: now.Add(d)} }
