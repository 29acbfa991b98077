package notify

import (
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// ReadIn names a message.
type ReadIn struct {
	ID string `json:"id"`
}

// ReadOut says where the case stands that the message is about.
type ReadOut struct {
	Link string `json:"link"`
}

// Read marks one's own message as read and tells where it leads. Opening it
// again changes nothing. It leaves no audit row: the message itself keeps when
// it was read first.
var Read = app.Define("notify.read", loadForRead, mayRead, read).Quietly()

func loadForRead(c *app.Call, in ReadIn) (*Message, error) {
	m := &Message{}
	err := scanMessage(c.Tx().Row(c.Ctx(), "SELECT "+messageColumns+" FROM message m WHERE m.id = ?", in.ID), m)
	if errors.Is(err, store.ErrNone) {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return nil, fmt.Errorf("load message %s: %w", in.ID, err)
	}
	return m, nil
}

// mayRead: one's own, in any post; those of others do not exist.
func mayRead(who access.Actor, m *Message) access.Verdict {
	if !who.SignedIn() || m.personID != who.PersonID || m.committeeID != who.CommitteeID {
		return access.Hide()
	}
	return access.Allow()
}

func read(c *app.Call, m *Message, _ ReadIn) (ReadOut, error) {
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE message SET read_at = ? WHERE id = ? AND read_at IS NULL", c.Now(), m.ID)
	if err != nil {
		return ReadOut{}, fmt.Errorf("mark message %s: %w", m.ID, err)
	}
	return ReadOut{Link: m.Link}, nil
}
