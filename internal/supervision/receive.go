package supervision

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/store"
)

// ReceiveIn names a chase that the unit has.
type ReceiveIn struct {
	ID string `json:"id"`
}

// ReceiveOut is the receipt.
type ReceiveOut struct {
	ID         string     `json:"id"`
	ReceivedAt store.Time `json:"received_at"` // the first time counts
}

// Receive notes that a unit has a chase (签收): the first time counts, doing it
// again changes nothing.
var Receive = app.Define("chase.receive",
	func(c *app.Call, in ReceiveIn) (*Chase, error) { return loadChase(c, in.ID) }, byUnit,
	func(c *app.Call, x *Chase, _ ReceiveIn) (ReceiveOut, error) {
		if !x.ReceivedAt.IsZero() {
			return ReceiveOut{x.ID, x.ReceivedAt}, nil
		}
		if err := x.receive(c); err != nil {
			return ReceiveOut{}, err
		}
		return ReceiveOut{x.ID, c.Now()}, c.Record(WasReceived{x.about()}, "chase", x.ID)
	})

// receive writes the receipt. Staff who enter it for a unit without account
// are named as who received it, with their own name.
func (x *Chase) receive(c *app.Call) error {
	x.ReceivedAt, x.ReceivedName = c.Now(), c.Who().Name
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE chase SET received_at = ?, received_by = ?, received_name = ? WHERE id = ? AND received_at IS NULL", c.Now(), c.Who().PersonID, c.Who().Name, x.ID)
	if err != nil {
		return fmt.Errorf("note that chase %s arrived: %w", x.ID, err)
	}
	return nil
}

func (x *Chase) about() About {
	return About{ID: x.ID, Form: x.Form, Year: x.Year, No: x.No, UnitID: x.UnitID, UnitName: x.UnitName, DeskID: x.DeskID, FromDesk: x.FromDesk, FromName: x.FromName, N: x.N}
}
