package notify

import (
	"encoding/json"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// Message is what somebody was told.
type Message struct {
	ID     string     `json:"id"`
	Key    string     `json:"key"`  // message key of the sentence
	Args   []string   `json:"args"` // pairs of placeholder and value
	Link   string     `json:"link"`
	At     store.Time `json:"at"`
	ReadAt store.Time `json:"read_at"` // null while unread

	committeeID, personID string
}

// Object names the message in the audit record.
func (m *Message) Object() (string, string) { return "message", m.ID }

// Unread reports whether nobody has opened it yet.
func (m *Message) Unread() bool { return m.ReadAt.IsZero() }

// InboxIn asks for a page of the inbox.
type InboxIn struct {
	After  string `json:"after"`  // Next of the page before; the first page without it
	Unread bool   `json:"unread"` // only those not read yet
}

// InboxOut is a page of the inbox, the newest first, and the exact totals.
type InboxOut struct {
	Messages []Message `json:"messages"`
	Total    int       `json:"total"`
	Unread   int       `json:"unread"`
	Next     string    `json:"next,omitempty"` // After of the next page, "" on the last
}

// perPage is the number of messages on a page.
const perPage = 30

// own is the scope of one's own messages, whichever post is acting.
func own(who access.Actor) access.Scope {
	if !who.SignedIn() {
		return access.Nothing()
	}
	return access.Committee("m.committee_id", who.CommitteeID).And("m.person_id = ?", who.PersonID)
}

const messageColumns = "m.id, m.kind, m.args, m.link, m.at, m.read_at, m.committee_id, m.person_id"

func scanMessage(r store.Row, m *Message) error {
	var args string
	if err := r.Scan(&m.ID, &m.Key, &args, &m.Link, &m.At, &m.ReadAt, &m.committeeID, &m.personID); err != nil {
		return err
	}
	return json.Unmarshal([]byte(args), &m.Args)
}

// Inbox lists what somebody was told.
var Inbox = app.Ask("notify.inbox", own, func(l *app.Look, s access.Scope, in InboxIn) (InboxOut, error) {
	var out InboxOut
	mine := store.F(s.SQL(), s.Args()...)
	q := store.Join(store.F("SELECT "+messageColumns+" FROM message m WHERE"),
		store.And(mine, when(in.After != "", store.F("m.id < ?", in.After)), when(in.Unread, store.F("m.read_at IS NULL"))),
		store.F("ORDER BY m.id DESC LIMIT ?", perPage+1))
	list, err := store.List(l.Ctx(), l.Tx(), scanMessage, q.SQL, q.Args...)
	if err != nil {
		return out, fmt.Errorf("list messages: %w", err)
	}
	if len(list) > perPage {
		list = list[:perPage]
		out.Next = list[perPage-1].ID
	}
	out.Messages = list
	// Both counts read one index and nothing else.
	total := store.Join(store.F("SELECT COUNT(*) FROM message m WHERE"), mine)
	if err := l.Tx().Row(l.Ctx(), total.SQL, total.Args...).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count messages: %w", err)
	}
	out.Unread, err = unread(l, s)
	return out, err
})

// when is the condition if ok, and none otherwise.
func when(ok bool, f store.Fragment) store.Fragment {
	if ok {
		return f
	}
	return store.Fragment{}
}
