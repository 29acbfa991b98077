package notify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// lookBack is how far the administrator's page and the repetition reach: what
// is older nobody waits for any more.
const lookBack = 30 * 24 * time.Hour

// DeliveriesOut is how the channels of the committee do, for its system
// administrator: no person, no text.
type DeliveriesOut struct {
	Days     int          `json:"days"` // how far back the figures reach
	Channels []ChannelRun `json:"channels"`
	Failures []FailureRun `json:"failures"`
}

// ChannelRun is how one channel does.
type ChannelRun struct {
	Channel   string `json:"channel"`
	Set       bool   `json:"set"` // the settings have it
	Waiting   int64  `json:"waiting"`
	Sent      int64  `json:"sent"`      // with those delivered
	Delivered int64  `json:"delivered"` // a receipt says so
	Failed    int64  `json:"failed"`
}

// FailureRun is how often one channel failed in one way.
type FailureRun struct {
	Channel string     `json:"channel"`
	Class   string     `json:"class"`
	Code    string     `json:"code"` // the provider's own number, "" without one
	N       int64      `json:"n"`
	First   store.Time `json:"first"`
	Last    store.Time `json:"last"`
}

// runs is the scope of those who see how the channels do.
func runs(who access.Actor) access.Scope {
	if !who.Is(access.SystemAdmin) {
		return access.Nothing()
	}
	return access.Committee("committee_id", who.CommitteeID)
}

// Deliveries is how the channels do. Others than the system administrator see
// nothing.
var Deliveries = app.Ask("notify.deliveries", runs, func(l *app.Look, s access.Scope, _ struct{}) (DeliveriesOut, error) {
	out := DeliveriesOut{Days: int(lookBack / (24 * time.Hour))}
	if !l.Who().Is(access.SystemAdmin) {
		return out, fault.New(fault.NotFound, "fault.not-found")
	}
	byName := map[string]*ChannelRun{}
	ways, _ := app.PartOf[*Channels](l.App())
	for _, name := range append(personal(), ByWebhook) {
		byName[name] = &ChannelRun{Channel: name, Set: ways.Has(name)}
	}
	type row struct {
		channel, state, receipt string
		n                       int64
	}
	mine := store.F(s.SQL(), s.Args()...)
	recent := store.Time{Time: l.Now().Add(-lookBack)}
	q := store.Join(store.F("SELECT channel, state, receipt, COUNT(*) FROM delivery WHERE"), store.And(mine, store.F("ended_at >= ?", recent)),
		store.F("GROUP BY channel, state, receipt UNION ALL SELECT channel, 'waiting', '', COUNT(*) FROM delivery WHERE"),
		store.And(mine, store.F("ended_at IS NULL AND state IN ('waiting', 'digest')")), store.F("GROUP BY channel"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *row) error { return r.Scan(&x.channel, &x.state, &x.receipt, &x.n) }, q.SQL, q.Args...)
	if err != nil {
		return out, fmt.Errorf("count deliveries: %w", err)
	}
	for _, x := range list {
		if byName[x.channel] == nil {
			byName[x.channel] = &ChannelRun{Channel: x.channel}
		}
		byName[x.channel].add(x.state, x.receipt, x.n)
	}
	for _, name := range append(personal(), ByWebhook) {
		if c := byName[name]; c.Set || *c != (ChannelRun{Channel: name}) {
			out.Channels = append(out.Channels, *c)
		}
	}
	out.Failures, err = failures(l, mine, recent)
	return out, err
})

func (c *ChannelRun) add(state, receipt string, n int64) {
	switch state {
	case waiting:
		c.Waiting += n
	case given:
		c.Failed += n
	case sent:
		c.Sent += n
		if receipt != "" {
			c.Delivered += n
		}
	}
}

func failures(l *app.Look, mine store.Fragment, since store.Time) ([]FailureRun, error) {
	q := store.Join(store.F("SELECT channel, error, COUNT(*), MIN(ended_at), MAX(ended_at) FROM delivery WHERE"),
		store.And(mine, store.F("state = 'failed'"), store.F("ended_at >= ?", since)), store.F("GROUP BY channel, error"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, f *FailureRun) error {
		err := r.Scan(&f.Channel, &f.Class, &f.N, &f.First, &f.Last)
		f.Class, f.Code, _ = strings.Cut(f.Class, ":")
		return err
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("count failures: %w", err)
	}
	slices.SortFunc(list, func(a, b FailureRun) int {
		return cmp.Or(b.Last.Compare(a.Last.Time), cmp.Compare(a.Channel+a.Class+a.Code, b.Channel+b.Class+b.Code))
	})
	return list, nil
}

// RetryIn names what is to be sent again.
type RetryIn struct {
	Channel string `json:"channel"`
	Class   string `json:"class"`
	Code    string `json:"code"`
}

// RetryOut is how many wait again.
type RetryOut struct {
	Again int64 `json:"again"`
}

// Retry sends again what failed on a channel in one way within the last days
// (重新发送), after somebody mended the cause. What the provider had taken and
// then reported as lost gets a new id, so that it is not thrown away as a
// repetition; everything else keeps its id.
var Retry = app.Define("notify.retry",
	func(c *app.Call, _ RetryIn) (house, error) { return house{c.Who().CommitteeID}, nil },
	mayRun,
	func(c *app.Call, h house, in RetryIn) (RetryOut, error) {
		word := (&Refusal{Class: in.Class, Code: in.Code}).word()
		n, err := c.Tx().Exec(c.Ctx(), `UPDATE delivery SET state = 'waiting', tries = 0, next_at = ?, error = '', ended_at = NULL, provider_id = '',
			round = CASE WHEN receipt = 'failed' THEN round + 1 ELSE round END, receipt = '', receipt_at = NULL
			WHERE committee_id = ? AND channel = ? AND state = 'failed' AND error = ? AND ended_at >= ?`,
			c.Now(), h.committeeID, in.Channel, word, store.Time{Time: c.Now().Add(-lookBack)})
		if err != nil {
			return RetryOut{}, fmt.Errorf("send again: %w", err)
		}
		if n == 0 {
			return RetryOut{}, fault.New(fault.Stale, "notify.retry.none")
		}
		c.Detail(map[string]any{"channel": in.Channel, "class": word, "again": n})
		return RetryOut{n}, nil
	})
