package notify

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/store"
)

// Trace is what became of one message to one person on one channel, for the
// domain that had it told: never where it went.
type Trace struct {
	PersonID string     `json:"person_id"`
	Channel  string     `json:"channel"`
	State    string     `json:"state"` // waiting, sent, delivered, read, failed
	At       store.Time `json:"at"`    // null while it waits
}

// Traces tells what became of the messages with a key about a page, to people
// of the actor's committee: whether the chase letter of this case went out by
// text message. Who may see it is the caller's rule.
func Traces(l *app.Look, key, link string, people ...string) ([]Trace, error) {
	if len(people) == 0 {
		return nil, nil
	}
	q := store.Join(store.F(`SELECT m.person_id, d.channel, d.state, d.receipt, d.ended_at, d.receipt_at FROM message m JOIN delivery d ON d.message_id = m.id WHERE`),
		store.And(store.F("m.committee_id = ?", l.Who().CommitteeID), store.In("m.person_id", people...), store.F("m.kind = ?", key), store.F("m.link = ?", link)),
		store.F("ORDER BY d.id"))
	list, err := store.List(l.Ctx(), l.Tx(), scanTrace, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("read what became of %s: %w", key, err)
	}
	return list, nil
}

func scanTrace(r store.Row, t *Trace) error {
	var receipt string
	var seen store.Time
	if err := r.Scan(&t.PersonID, &t.Channel, &t.State, &receipt, &t.At, &seen); err != nil {
		return err
	}
	switch {
	case t.State == sent && receipt != "":
		t.State, t.At = receipt, seen
	case t.State == digested || t.State == joined:
		t.State = waiting
	}
	return nil
}
