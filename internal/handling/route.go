package handling

import (
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/organization"
)

// RouteIn sends cases to a supervision office, or directly to units.
type RouteIn struct {
	Desk string    `json:"desk"` // id of the supervision office, or direct
	Rows []CaseRow `json:"rows"` // the units are proposals to the supervision office
}

// BatchOut tells how many cases were moved.
type BatchOut struct {
	Cases int `json:"cases"`
}

// RouteCases sends filed cases on (送督查室、直接交办): all of them or none. A
// case that waits at another supervision office is taken back from it.
var RouteCases = app.Define("assignment.route",
	func(c *app.Call, in RouteIn) (*Batch, error) { return loadBatch(c, in.Rows) },
	mayRoute, route)

func mayRoute(who access.Actor, b *Batch) access.Verdict {
	return b.every(func(m *Matter) access.Verdict {
		if office(who) && m.sees(who) {
			return access.Allow()
		}
		return m.otherwise(who, "handling.office-only")
	})
}

func route(c *app.Call, b *Batch, in RouteIn) (BatchOut, error) {
	if in.Desk == organization.Direct {
		return dispatchAll(c, b, sender{channel: organization.Direct})
	}
	desk, err := deskOf(&c.Look, in.Desk)
	if err != nil {
		return BatchOut{}, err
	}
	units, err := unitsOf(&c.Look)
	if err != nil {
		return BatchOut{}, err
	}
	var p fault.Problems
	proposed := make([][]UnitRole, len(b.rows))
	for i, r := range b.rows {
		field := fmt.Sprintf("rows.%d.id", r.at)
		proposed[i] = units.resolve(r, &p)
		p.Check(len(r.m.live()) == 0, field, "handling.dispatch.done", "number", r.m.Number)
		if open := r.m.openRoute(); open != nil {
			p.Check(open.DeskID != desk.ID, field, "handling.route.same", "number", r.m.Number, "desk", desk.Name)
		}
	}
	if err := p.Err(); err != nil {
		return BatchOut{}, closedIfOne(b, err)
	}
	for i, r := range b.rows {
		if err := routeOne(c, r, desk, proposed[i]); err != nil {
			return BatchOut{}, err
		}
	}
	c.Detail(map[string]any{"desk": desk.ID, "cases": b.ids()})
	return BatchOut{len(b.rows)}, nil
}

// deskOf finds a supervision office; anything else is told beside the field.
func deskOf(l *app.Look, deskID string) (organization.Body, error) {
	list, err := organization.Bodies(l, organization.SupervisionParty, organization.SupervisionGovernment)
	if err != nil {
		return organization.Body{}, err
	}
	for _, b := range list {
		if b.ID == deskID {
			return b, nil
		}
	}
	return organization.Body{}, fault.Field("desk", "handling.desk-unknown")
}

// channelOf is the channel of a supervision office.
func channelOf(desk organization.Body) string {
	if desk.Kind == organization.SupervisionParty {
		return organization.ByParty
	}
	return organization.ByGovernment
}

func routeOne(c *app.Call, r chosen, desk organization.Body, proposed []UnitRole) error {
	if err := errors.Join(r.m.know(c), r.m.endRoute(c, true)); err != nil {
		return err
	}
	units, err := packed(proposed)
	if err != nil {
		return err
	}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO handling_route (id, committee_id, case_kind, case_id, desk_id, desk_name, channel, units, note, person_id, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id.New(), r.m.CommitteeID, r.m.Kind, r.m.ID, desk.ID, desk.Name, channelOf(desk), units, r.Note, c.Who().PersonID, c.Now())
	if err != nil {
		return fmt.Errorf("route %s %s: %w", r.m.Kind, r.m.ID, err)
	}
	if err := involve(c, r.m, desk.ID); err != nil {
		return err
	}
	told := r.m.about()
	told.DeskID = desk.ID
	if err := r.m.record(c, WasRouted{told}); err != nil {
		return err
	}
	return settle(c, r.m)
}

// endRoute ends the waiting at a supervision office; taken back, the office
// no longer sees the case.
func (m *Matter) endRoute(c *app.Call, takenBack bool) error {
	open := m.openRoute()
	if open == nil {
		return nil
	}
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE handling_route SET done_at = ? WHERE id = ?", c.Now(), open.ID); err != nil {
		return fmt.Errorf("end the route of %s %s: %w", m.Kind, m.ID, err)
	}
	if takenBack {
		return release(c, m, open.DeskID)
	}
	return nil
}

// closedIfOne turns "done already" about a single case into a fault.Closed:
// nothing that is typed can mend it.
func closedIfOne(b *Batch, err error) error {
	f := fault.From(err)
	if len(b.rows) == 1 && len(f.Also) == 0 && (f.Key == "handling.dispatch.done" || f.Key == "handling.route.same" || f.Key == "handling.dispatch.at-desk") {
		return fault.New(fault.Closed, f.Key, f.Args...)
	}
	return err
}
