package notify

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"tongxin/internal/i18n"
)

// Names of channels, as the outbox keeps them and as Notice.By names them.
const (
	ByMail     = "mail"
	BySMS      = "sms"      // 短信
	ByWeCom    = "wecom"    // 企业微信
	ByDingTalk = "dingtalk" // 钉钉
	ByFeishu   = "feishu"   // 飞书
	ByWebhook  = "webhook"  // another system of the city; it has no people of its own
)

// personal are the channels on which people are reached, in the order of the pages.
func personal() []string { return []string{ByMail, BySMS, ByWeCom, ByDingTalk, ByFeishu} }

// platforms are those whose names of people this package keeps.
func platforms() []string { return []string{ByWeCom, ByDingTalk, ByFeishu} }

// Channel is one way on which a message leaves the house.
type Channel interface {
	// Name is the word of the channel: mail, sms, wecom …
	Name() string
	// Host is where it leads, for the doctor: no account, no secret.
	Host() string
	// Send hands one letter over and gives the provider's own id of it, "" when
	// there is none. Its errors are *Refusal, or anything else for a failure that
	// may pass; their texts are dropped, because they may repeat address or key.
	Send(ctx context.Context, l Letter) (providerID string, err error)
}

// overheard is what a channel says of itself on which others read along, such
// as the robot of a group: then not even a number is named.
type overheard interface{ Overheard() bool }

// Letter is what a channel sends.
type Letter struct {
	ID      string // the same at each try, for the provider's own search for repetitions
	To      string
	Subject string // of mail
	Text    string

	// What another system is told besides.
	PersonID string
	Kind     string // message key of the sentence
	Urgency  Urgency
	At       time.Time
	Link     string // address of the page where the case stands
}

// Refusal is the no of a provider. Class is a word for the record, Code the
// provider's own number.
type Refusal struct {
	Class   string
	Code    string
	Lasting bool          // trying again is of no use
	After   time.Duration // do not try earlier
}

// Error is the class and the code.
func (r *Refusal) Error() string { return "refused: " + r.word() }

// word is what the outbox keeps.
func (r *Refusal) word() string {
	if r.Code == "" {
		return r.Class
	}
	return r.Class + ":" + r.Code
}

// Classes of failures, as the outbox keeps them; after a colon may stand the
// provider's number.
const (
	NoAddress   = "no-address"  // the person has no address on this channel
	Unreachable = "unreachable" // no connection, or it broke off
	Slow        = "slow"        // no answer in time: it may have been sent
	SignIn      = "sign-in"     // the provider does not accept our account
	NoTLS       = "no-tls"      // the certificate is not good
	Recipient   = "recipient"   // the provider refuses the recipient
	Content     = "content"     // the provider refuses the text
	Busy        = "busy"        // too many at once; later
	Broken      = "broken"      // the provider has a trouble of its own, or answers what nobody can read
	Private     = "private"     // the address leads into a network that the settings do not name
	Provider    = "provider"    // another no, see its number
	Undelivered = "undelivered" // taken, but a receipt says that it did not arrive
	Off         = "off"         // the channel was taken out of the settings
	GaveUp      = "gave-up"     // we ended during the last try
)

// refusalOf is the failure as a refusal; what nobody classed may pass.
func refusalOf(err error) *Refusal {
	if r := (*Refusal)(nil); errors.As(err, &r) {
		return r
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &Refusal{Class: Slow}
	}
	return &Refusal{Class: Unreachable}
}

// Channels are the ways on which messages leave the house. Package site hands
// them over as a part; without it, or with no way, nothing is ever sent.
type Channels struct {
	// Words are the texts of the product.
	Words *i18n.Catalogue
	// Site is the address people type, such as https://zx.example.cn.
	Site string
	// Sign stands before each text message, such as 【市政协】; "" when the
	// gateway puts its own.
	Sign string
	// ReceiptKey is what the SMS gateway signs its receipts with; without it
	// none are taken.
	ReceiptKey []byte
	// Ways are the channels that the settings name.
	Ways []Channel

	rest sync.Map // name of a channel → time.Time until when its provider asked to be left alone
}

// rests tells whether a provider asked to be left alone for a while.
func (ch *Channels) rests(name string, now time.Time) bool {
	until, ok := ch.rest.Load(name)
	return ok && now.Before(until.(time.Time))
}

// leave lets a channel rest, as a provider asks that has had too much at once:
// going on would only use up the tries of what waits.
func (ch *Channels) leave(name string, until time.Time) { ch.rest.Store(name, until) }

// way finds a channel by its name.
func (ch *Channels) way(name string) (Channel, bool) {
	i := slices.IndexFunc(ch.Ways, func(w Channel) bool { return w.Name() == name })
	if i < 0 {
		return nil, false
	}
	return ch.Ways[i], true
}

// Has tells whether the settings name a channel.
func (ch *Channels) Has(name string) bool {
	if ch == nil {
		return false
	}
	_, ok := ch.way(name)
	return ok
}

// check tells what is missing, before anything is sent.
func (ch *Channels) check() error {
	if ch.Words == nil || ch.Site == "" {
		return errors.New("notify: the part of the channels is incomplete")
	}
	var names []string
	for _, w := range ch.Ways {
		if w == nil || slices.Contains(names, w.Name()) {
			return errors.New("notify: a channel is missing or named twice")
		}
		names = append(names, w.Name())
	}
	return nil
}

// pauses are the waits after the first, second … try that failed.
func pauses() []time.Duration {
	return []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour}
}

// triesAtMost is how often a letter is tried: once more than there are pauses.
const triesAtMost = 8

// pause is the wait after that many tries.
func pause(tries int64) time.Duration {
	p := pauses()
	return p[min(max(int(tries)-1, 0), len(p)-1)]
}
