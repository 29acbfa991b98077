package notify

import (
	"context"
	"errors"
	"strings"
	"time"

	"tongxin/internal/i18n"
	"tongxin/internal/identity"
)

// Mail is how messages leave the house. Package site hands it over as a part
// when a mail server is configured; without it nothing is ever sent.
type Mail struct {
	Sender Sender
	// Words are the texts of the product.
	Words *i18n.Catalogue
	// Site is the address people type, such as https://zx.example.cn.
	Site string
}

// Sender hands one letter to a mail server. Its errors are *Refusal, or
// anything else for a failure that may pass.
type Sender interface {
	Send(ctx context.Context, l Letter) error
}

// Letter is a mail.
type Letter struct {
	ID      string // makes the Message-ID, the same at each try
	To      string
	Subject string
	Text    string
}

// Refusal is the no of a mail server. Class is a word for the record; the
// text of the server stays out of it because it may repeat the address.
type Refusal struct {
	Class   string
	Lasting bool // trying again is of no use
}

// Error is the class.
func (r *Refusal) Error() string { return "mail refused: " + r.Class }

// Classes of failures, as the outbox keeps them.
const (
	NoAddress   = "no-address"  // the person has no mail address
	Unreachable = "unreachable" // no connection, or it broke off
	SignIn      = "sign-in"     // the server does not accept our account
	NoTLS       = "no-tls"      // the certificate of the server is not good
	Recipient   = "recipient"   // the server refuses the recipient
	Content     = "content"     // the server refuses the letter
	GaveUp      = "gave-up"     // we ended during the last try
)

// classOf is the class of a failure and whether it lasts.
func classOf(err error) (class string, lasting bool) {
	if r := (*Refusal)(nil); errors.As(err, &r) {
		return r.Class, r.Lasting
	}
	return Unreachable, false
}

// letter writes the mail of a message: that there is one, of which sort, and
// where to read it. Titles, names and numbers of a case stay in the house.
func (m *Mail) letter(d delivery, to identity.Reach) Letter {
	w := m.Words.In(to.Lang)
	sentence := w.T("notify.mail.general")
	if w.Has(d.Kind + ".mail") {
		sentence = w.T(d.Kind + ".mail")
	}
	return Letter{ID: d.ID, To: to.Mail, Subject: w.T("notify.mail.subject"), Text: strings.Join([]string{
		w.T("notify.mail.greeting"), "", sentence, "", w.T("notify.mail.link"), m.Site + "/inbox", "", w.T("notify.mail.foot"), "",
	}, "\n")}
}

// pauses are the waits after the first, second … try that failed.
func pauses() []time.Duration {
	return []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour}
}

// triesAtMost is how often a letter is tried: once more than there are pauses.
const triesAtMost = 8

// pause is the wait after that many tries; the last one is only the lease of a
// try that was never settled.
func pause(tries int64) time.Duration {
	p := pauses()
	return p[min(max(int(tries)-1, 0), len(p)-1)]
}

// check tells what is missing, before the server starts.
func (m *Mail) check() error {
	if m.Sender == nil || m.Words == nil || m.Site == "" {
		return errors.New("notify: the mail part is incomplete")
	}
	return nil
}
