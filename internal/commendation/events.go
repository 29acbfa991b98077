package commendation

import (
	"encoding/json"
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/id"
	"tongxin/internal/identity"
	"tongxin/internal/store"
)

// Why is a reason: a sentence of ours with its values, or a person's own words.
type Why struct {
	Key   string   `json:"key,omitempty"`
	Args  []string `json:"args,omitempty"` // pairs of placeholder and value
	Words string   `json:"words,omitempty"`
}

// because makes a reason of ours.
func because(key string, args ...any) Why {
	w := Why{Key: key}
	for _, a := range args {
		w.Args = append(w.Args, fmt.Sprint(a))
	}
	return w
}

// text is the reason as the database keeps it, "" for none.
func (w Why) text() string {
	if w.Key == "" && w.Words == "" {
		return ""
	}
	b, _ := json.Marshal(w) // texts only: it cannot fail
	return string(b)
}

func readWhy(text string) (w Why, err error) {
	if text == "" {
		return w, nil
	}
	return w, json.Unmarshal([]byte(text), &w)
}

// Event is who did what at which stage, and why.
type Event struct {
	CandidateID string     `json:"candidate_id,omitempty"`
	Stage       Stage      `json:"stage"`
	What        string     `json:"what"` // message key is commendation.event.<what>
	Why         Why        `json:"why"`
	By          string     `json:"by"` // name
	At          store.Time `json:"at"`

	personID string
}

// note writes an event; candidate is "" for the campaign as a whole.
func (g *Campaign) note(c *app.Call, candidate string, at Stage, what string, why Why) error {
	_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO commendation_event (id, committee_id, campaign_id, candidate_id, stage, what, why, person_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		id.New(), g.CommitteeID, g.ID, candidate, string(at), what, why.text(), c.Who().PersonID, c.Now())
	if err != nil {
		return fmt.Errorf("note %s of campaign %s: %w", what, g.ID, err)
	}
	return nil
}

// eventsOf are the events of the campaign as a whole, or of one candidate.
func eventsOf(l *app.Look, campaign, candidate string) ([]Event, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, e *Event) error {
		var why string
		if err := r.Scan(&e.CandidateID, &e.Stage, &e.What, &why, &e.personID, &e.At); err != nil {
			return err
		}
		var err error
		e.Why, err = readWhy(why)
		return err
	}, "SELECT candidate_id, stage, what, why, person_id, at FROM commendation_event WHERE committee_id = ? AND campaign_id = ? AND candidate_id = ? ORDER BY id",
		l.Who().CommitteeID, campaign, candidate)
	if err != nil {
		return nil, fmt.Errorf("read what happened in campaign %s: %w", campaign, err)
	}
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].personID
	}
	names, err := identity.Names(l, ids...)
	for i := range list {
		list[i].By = names[list[i].personID]
	}
	return list, err
}
