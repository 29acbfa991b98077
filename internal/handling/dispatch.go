package handling

import (
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// DispatchIn gives cases to units with roles.
type DispatchIn struct {
	Rows []CaseRow `json:"rows"`
}

// Dispatch gives cases to units (交办): all of them or none. A supervision
// office dispatches what was routed to it, the office what waits with itself.
var Dispatch = app.Define("assignment.dispatch",
	func(c *app.Call, in DispatchIn) (*Batch, error) { return loadBatch(c, in.Rows) },
	mayDispatch,
	func(c *app.Call, b *Batch, _ DispatchIn) (BatchOut, error) {
		from := sender{channel: organization.Direct}
		if c.Who().Is(access.Dispatcher) {
			desk, err := deskOf(&c.Look, c.Who().Post.BodyID)
			if err != nil {
				return BatchOut{}, err
			}
			from = sender{desk.ID, desk.Name, channelOf(desk)}
		}
		return dispatchAll(c, b, from)
	})

func mayDispatch(who access.Actor, b *Batch) access.Verdict {
	return b.every(func(m *Matter) access.Verdict {
		switch {
		case office(who) && m.sees(who), m.desk(who) && m.Ready:
			return access.Allow()
		default:
			return m.otherwise(who, "handling.dispatcher-only")
		}
	})
}

// sender is who dispatches: a supervision office, or the office itself.
type sender struct{ desk, name, channel string }

func dispatchAll(c *app.Call, b *Batch, from sender) (BatchOut, error) {
	units, err := unitsNamed(&c.Look, b.rows)
	if err != nil {
		return BatchOut{}, err
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return BatchOut{}, err
	}
	var p fault.Problems
	given := make([][]UnitRole, len(b.rows))
	for i, r := range b.rows {
		given[i] = units.resolve(r, &p)
		field := fmt.Sprintf("rows.%d", r.at)
		open := r.m.openRoute()
		p.Check(len(r.m.live()) == 0, field+".id", "handling.dispatch.done", "number", r.m.Number)
		p.Check(open == nil || open.DeskID == from.desk, field+".id", "handling.dispatch.at-desk", "number", r.m.Number)
		if key := checkRoles(given[i]); key != "" {
			p.Add(field+".units", key)
		}
	}
	if err := p.Err(); err != nil {
		return BatchOut{}, closedIfOne(b, err)
	}
	for i, r := range b.rows {
		if err := dispatchOne(c, k, r, from, given[i]); err != nil {
			return BatchOut{}, err
		}
	}
	c.Detail(map[string]any{"channel": from.channel, "cases": b.ids()})
	return BatchOut{len(b.rows)}, nil
}

func dispatchOne(c *app.Call, k *clockOf, r chosen, from sender, given []UnitRole) error {
	m := r.m
	if err := errors.Join(m.know(c), m.endRoute(c, false)); err != nil {
		return err
	}
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE handling_case SET stage = ?, closing = ?, profile_version = ? WHERE case_kind = ? AND case_id = ?",
		string(Dispatched), k.rules.Closing, k.version, m.Kind, m.ID)
	if err != nil {
		return fmt.Errorf("dispatch %s %s: %w", m.Kind, m.ID, err)
	}
	for i, u := range given {
		a := &Assignment{UnitID: u.Unit, UnitName: u.Name, Role: u.Role, Position: int64(i), Note: r.Note}
		if err := assign(c, k, m, a, from); err != nil {
			return err
		}
	}
	return settle(c, m)
}

// assign gives a case to a unit, now.
func assign(c *app.Call, k *clockOf, m *Matter, a *Assignment, from sender) error {
	a.ID, a.State, a.DispatchedAt, a.SignedAt, a.Round, a.Version = id.New(), Sent, c.Now(), store.Time{}, 1, 1
	a.DeskID, a.DeskName, a.Channel = from.desk, from.name, from.channel
	if err := k.schedule(m, a); err != nil {
		return fmt.Errorf("compute the deadlines of %s %s: %w", m.Kind, m.ID, err)
	}
	sign, contact, due, err := a.written()
	if err != nil {
		return err
	}
	object, err := writeDue(a.ObjectDue)
	if err != nil {
		return err
	}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO assignment (id, committee_id, case_kind, case_id, unit_id, unit_name, role, position, channel, desk_id, desk_name, dispatched_by, dispatched_at,
			state, sign_by, sign_due, contact_by, contact_due, due_on, due, object_by, object_due, calendar, note, valid_from)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, m.CommitteeID, m.Kind, m.ID, a.UnitID, a.UnitName, string(a.Role), a.Position, a.Channel, a.DeskID, a.DeskName, c.Who().PersonID, a.DispatchedAt,
		string(a.State), a.SignBy, sign, a.ContactBy, contact, dated(a.DueOn), due, a.ObjectBy, object, a.calendar, a.Note, c.Now())
	if err != nil {
		return fmt.Errorf("assign %s %s to %s: %w", m.Kind, m.ID, a.UnitID, err)
	}
	if err := involve(c, m, a.UnitID); err != nil {
		return err
	}
	return m.record(c, WasDispatched{m.about().ofUnit(a), a.ID, a.Role, a.SignBy, a.DueOn})
}

// written is the JSON of the three deadlines.
func (a *Assignment) written() (sign, contact, due string, err error) {
	if sign, err = writeDue(a.SignDue); err != nil {
		return "", "", "", err
	}
	if contact, err = writeDue(a.ContactDue); err != nil {
		return "", "", "", err
	}
	due, err = writeDue(a.Due)
	return sign, contact, due, err
}
