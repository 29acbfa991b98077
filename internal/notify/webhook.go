package notify

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"
)

// webhook hands every message to another system of the city, signed.
type webhook struct {
	out *Outward
	at  *url.URL
	key []byte
}

// Told is the body of the outgoing webhook: who is told, of which sort, and
// where the case stands. It names no title and nobody's name.
type Told struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Person  string    `json:"person"` // id of the person in this system
	Kind    string    `json:"kind"`
	Urgency string    `json:"urgency"`
	Text    string    `json:"text"`
	Link    string    `json:"link"`
}

// NewWebhook makes the channel of the outgoing webhook. It is never sent
// unsigned.
func NewWebhook(address string, key []byte, out *Outward) (Channel, error) {
	at, err := addressOf("webhook-url", address)
	if err != nil {
		return nil, err
	}
	if len(key) < 16 {
		return nil, errors.New("webhook-secret-file: the key must have 16 bytes at least")
	}
	return &webhook{out, at, key}, nil
}

// Name is webhook.
func (w *webhook) Name() string { return ByWebhook }

// Host is where the other system stands.
func (w *webhook) Host() string { return w.at.Host }

// Send posts one message.
func (w *webhook) Send(ctx context.Context, l Letter) (string, error) {
	body, err := plainJSON(Told{l.ID, l.At, l.PersonID, l.Kind, l.Urgency.String(), l.Text, l.Link})
	if err != nil {
		return "", &Refusal{Class: Content, Lasting: true}
	}
	header := http.Header{}
	Signed(header, w.key, l.ID, w.out.now(), body)
	a, err := w.out.ask(ctx, "POST", w.at.String(), header, body)
	if err != nil {
		return "", err
	}
	return "", a.refused()
}
