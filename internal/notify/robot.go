package notify

import (
	"context"
	"net/url"
	"time"
)

// speech is what the robots of the three platforms do differently.
type speech interface {
	// letter is the body, and what is added to the query of the address.
	letter(l Letter, now time.Time) (query map[string]string, body any)
	// judge reads the answer.
	judge(a answer) error
}

// robot writes into a group and names the person there. Others read along.
type robot struct {
	name string
	out  *Outward
	at   *url.URL
	speech
}

func newRobot(name, address string, out *Outward, s speech) (Channel, error) {
	at, err := addressOf(name+"-robot-file", address)
	if err != nil {
		return nil, err
	}
	return &robot{name, out, at, s}, nil
}

// Name is that of the platform.
func (r *robot) Name() string { return r.name }

// Host is where the platform stands.
func (r *robot) Host() string { return r.at.Host + " (robot)" }

// Overheard says that a group reads along.
func (r *robot) Overheard() bool { return true }

// Send writes into the group.
func (r *robot) Send(ctx context.Context, l Letter) (string, error) {
	query, body := r.letter(l, r.out.now())
	text, err := plainJSON(body)
	if err != nil {
		return "", &Refusal{Class: Content, Lasting: true}
	}
	at := *r.at
	q := at.Query()
	for k, v := range query {
		q.Set(k, v)
	}
	at.RawQuery = q.Encode()
	a, err := r.out.ask(ctx, "POST", at.String(), nil, text)
	if err != nil {
		return "", err
	}
	if a.status == 429 || a.status >= 500 {
		return "", a.refused()
	}
	return "", r.judge(a)
}
