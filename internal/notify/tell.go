package notify

import (
	"context"
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
)

// machine is the name of the system actor of this package.
const machine = "notify"

// listener hears the facts that rules speak of and tells.
func listener(rules []Rule) app.Listener {
	byFact := map[string][]Rule{}
	var kinds []string
	for _, r := range rules {
		if r.Fact == "" || r.Notices == nil {
			panic("notify: a rule lacks its fact or its notices")
		}
		if byFact[r.Fact] == nil {
			kinds = append(kinds, r.Fact)
		}
		byFact[r.Fact] = append(byFact[r.Fact], r)
	}
	return app.Listener{Name: machine, Kinds: kinds, Hear: func(ctx context.Context, a *app.App, f app.Heard) error {
		_, err := tell.Do(ctx, a, access.Machine(f.CommitteeID, machine), telling{Fact: f, Rules: byFact[f.Kind]})
		return err
	}}
}

// telling is a fact with the rules that speak of it.
type telling struct {
	Fact  app.Heard
	Rules []Rule
}

// Object names the fact.
func (t telling) Object() (string, string) { return "fact", t.Fact.ID }

// told is how many messages were written.
type told struct {
	Messages int64 `json:"messages"`
}

// tell writes the messages of a fact, and what is to leave the house. Hearing
// the fact again writes nothing.
var tell = app.Define("notify.tell",
	func(_ *app.Call, in telling) (telling, error) { return in, nil },
	bySystem[telling],
	func(c *app.Call, t telling, _ telling) (told, error) {
		var out told
		for _, r := range t.Rules {
			notices, err := r.Notices(&c.Look, t.Fact)
			if f := (*fault.Error)(nil); errors.As(err, &f) && f.Kind == fault.NotFound {
				continue // the case is gone; there is nothing to tell of it
			}
			if err != nil {
				return out, fmt.Errorf("apply the rule of %s: %w", r.Fact, err)
			}
			for _, n := range notices {
				k, err := write(c, t.Fact, n)
				if err != nil {
					return out, err
				}
				out.Messages += k
			}
		}
		return out, nil
	}).Quietly()

// bySystem is the rule of what only the clockwork does.
func bySystem[S any](who access.Actor, _ S) access.Verdict {
	return access.When(who.Is(access.System), "access.denied")
}

// write makes one message per person and tells how many are new.
func write(c *app.Call, f app.Heard, n Notice) (int64, error) {
	args, err := packed(n.Args)
	if err != nil {
		return 0, err
	}
	var made int64
	for _, person := range n.To {
		if person == "" || person == f.PersonID {
			continue
		}
		message := id.New()
		k, err := c.Tx().Exec(c.Ctx(), `INSERT INTO message (id, committee_id, person_id, fact_id, kind, args, link, at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (person_id, fact_id, kind) DO NOTHING`,
			message, f.CommitteeID, person, f.ID, n.Key, args, n.Link, f.At)
		if err != nil {
			return made, fmt.Errorf("tell %s of %s: %w", person, f.ID, err)
		}
		if k == 0 {
			continue
		}
		made++
		if err := post(c, n, f.CommitteeID, person, message); err != nil {
			return made, err
		}
	}
	return made, nil
}
