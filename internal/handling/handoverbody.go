package handling

import (
	"context"
	"encoding/json"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// bodyFacts are what happens to units and supervision offices, and orders.
func bodyFacts() []string {
	return []string{"body.renamed", "body.merged", "body.split", "body.ended", "hand-over.asked"}
}

// hearBodies lets open work follow what becomes of units. Hearing it again
// moves nothing: an order has the id of the fact, and a name is the present one.
func hearBodies(ctx context.Context, a *app.App, f app.Heard) error {
	who := access.Machine(f.CommitteeID, machine)
	h := &heirloom{ctx, a, who, f}
	switch f.Kind {
	case "body.renamed":
		return h.eachCase(bodyCaseIn{Body: f.ObjectID}, renameUnit.Do)
	case "body.merged":
		var x organization.WasMerged
		if err := json.Unmarshal(f.Body, &x); err != nil {
			return fmt.Errorf("read %s: %w", f.Kind, err)
		}
		for _, from := range x.From {
			if err := h.passOn(from, x.Into, x.Kind, CauseMerged, x.Reference); err != nil {
				return err
			}
		}
	case "body.split":
		var x organization.WasSplit
		if err := json.Unmarshal(f.Body, &x); err != nil {
			return fmt.Errorf("read %s: %w", f.Kind, err)
		}
		return h.passOn(x.ID, x.Default, x.Kind, CauseSplit, x.Reference)
	case "body.ended":
		var x organization.WasEnded
		if err := json.Unmarshal(f.Body, &x); err != nil {
			return fmt.Errorf("read %s: %w", f.Kind, err)
		}
		return h.passOn(x.ID, x.Heir, x.Kind, CauseEnded, x.Reference)
	case "hand-over.asked":
		var x HandOverWasAsked
		if err := json.Unmarshal(f.Body, &x); err != nil {
			return fmt.Errorf("read %s: %w", f.Kind, err)
		}
		return carryOut(ctx, a, who, x.Order)
	}
	return nil
}

// heirloom is what a listener does after one fact about a body.
type heirloom struct {
	ctx context.Context //nolint:containedctx // lives as long as the hearing of one fact
	a   *app.App
	who access.Actor
	f   app.Heard
}

// passOn hands the work of a unit, or what a supervision office looks after, to
// its heir.
func (h *heirloom) passOn(from, to string, kind organization.BodyKind, cause, reference string) error {
	if to == "" || to == from {
		return nil
	}
	switch kind {
	case organization.Unit:
		if _, err := beginOrder.Do(h.ctx, h.a, h.who, beginIn{h.f.ID + "/" + from, from, to, cause, reference, h.f.PersonID}); err != nil {
			return err
		}
		return h.eachCase(bodyCaseIn{Body: from, Waiting: true}, renameUnit.Do)
	case organization.SupervisionParty, organization.SupervisionGovernment:
		return h.eachCase(bodyCaseIn{Body: from, To: to, Closed: true}, moveDesk.Do)
	}
	return nil
}

// bodyCaseIn is a body in one case. As a question it is where the last answer
// ended, and which cases are meant.
type bodyCaseIn struct {
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	Body    string `json:"body"`
	To      string `json:"to,omitempty"`      // its heir
	Closed  bool   `json:"closed,omitempty"`  // closed cases too
	Waiting bool   `json:"waiting,omitempty"` // only those that wait at a supervision office
}

// eachCase does an act for every case that names a body, one at a time.
func (h *heirloom) eachCase(in bodyCaseIn, do func(context.Context, *app.App, access.Actor, bodyCaseIn) (struct{}, error)) error {
	for {
		list, err := casesNaming.Do(h.ctx, h.a, h.who, in)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, x := range list {
			in.Kind, in.ID = x.Kind, x.ID
			if _, err := do(h.ctx, h.a, h.who, in); err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
		}
	}
}

// casesNaming finds the cases in which a body is the unit or the supervision
// office, or is proposed as a unit, after a cursor; only the clockwork asks.
var casesNaming = app.Ask("assignment.of-body", noRows, func(l *app.Look, _ access.Scope, in bodyCaseIn) ([]bodyCaseIn, error) {
	if !l.Who().Is(access.System) {
		return nil, nil
	}
	k := l.Who().CommitteeID
	q := store.F(`SELECT case_kind, case_id FROM handling_route WHERE committee_id = ? AND done_at IS NULL AND (desk_id = ? OR units LIKE ?)`, k, in.Body, "%\""+in.Body+"\"%")
	if !in.Waiting {
		q = store.Join(q, store.F(`UNION SELECT x.case_kind, x.case_id FROM assignment x`+theCase+`WHERE x.committee_id = ? AND (x.unit_id = ? OR x.desk_id = ? OR x.successor_id = ?)
			AND x.state <> 'changed' AND (h.closed_at IS NULL OR ? OR EXISTS (SELECT 1 FROM promise p WHERE p.assignment_id = x.id AND p.state = 'open'))`, k, in.Body, in.Body, in.Body, in.Closed))
	}
	q = store.Join(store.F("SELECT y.case_kind, y.case_id FROM ("), q, store.F(") y WHERE (y.case_kind, y.case_id) > (?, ?) ORDER BY y.case_kind, y.case_id LIMIT 200", in.Kind, in.ID))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *bodyCaseIn) error { return r.Scan(&x.Kind, &x.ID) }, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("find the cases of body %s: %w", in.Body, err)
	}
	return list, nil
})

// renameUnit writes the present name of a unit or supervision office where work
// is open; where a unit that ended was proposed, its heir. What was issued or
// closed keeps the name of its time.
var renameUnit = app.Define("assignment.rename-unit",
	func(c *app.Call, in bodyCaseIn) (*Matter, error) { return MatterOf(&c.Look, in.Kind, in.ID) },
	bySystem[*Matter],
	func(c *app.Call, m *Matter, in bodyCaseIn) (struct{}, error) {
		b, err := organization.HeirOf(&c.Look, in.Body)
		if err != nil || b.ValidTo != "" {
			return struct{}{}, err
		}
		n, err := m.rename(c, b, in.Body)
		if err != nil || n == 0 {
			return struct{}{}, err
		}
		c.Detail(map[string]string{"body": b.ID})
		return struct{}{}, settle(c, m)
	})

func (m *Matter) rename(c *app.Call, b organization.Body, was string) (changed int, err error) {
	for _, a := range m.live() {
		if !m.Row.ClosedAt.IsZero() { // promises go on, and further replies
			if a.keeper() == b.ID {
				if err := (&Errand{m, a}).bring(c, a, b); err != nil {
					return 0, err
				}
			}
			continue
		}
		if a.UnitID == b.ID && a.UnitName != b.Name {
			changed++
			x := Handed{AssignmentID: a.ID, FromUnit: b.ID, From: a.UnitName, ToUnit: b.ID, To: b.Name, Outcome: CauseRenamed, RoleWas: a.Role, RoleIs: a.Role, DueOn: a.DueOn}
			if err := (&Errand{m, a}).noteHanded(c, x, handing{cause: CauseRenamed, person: c.Who().PersonID}); err != nil {
				return 0, err
			}
			if err := (&Errand{m, a}).bring(c, a, b); err != nil {
				return 0, err
			}
		}
		if a.DeskID == b.ID && a.DeskName != b.Name || a.SuccessorID == b.ID && a.SuccessorName != b.Name {
			changed++
		}
	}
	if o := m.openRoute(); o != nil {
		n, err := m.renameRoute(c, o, b, was)
		if err != nil {
			return 0, err
		}
		changed += n
	}
	if changed == 0 {
		return 0, nil
	}
	_, err = c.Tx().Exec(c.Ctx(), `UPDATE assignment SET unit_name = CASE WHEN unit_id = ? THEN ? ELSE unit_name END, desk_name = CASE WHEN desk_id = ? THEN ? ELSE desk_name END,
			successor_name = CASE WHEN successor_id = ? THEN ? ELSE successor_name END WHERE case_kind = ? AND case_id = ? AND state <> 'changed'`,
		b.ID, b.Name, b.ID, b.Name, b.ID, b.Name, m.Kind, m.ID)
	if err != nil {
		return 0, fmt.Errorf("rename body %s in %s %s: %w", b.ID, m.Kind, m.ID, err)
	}
	return changed, nil
}

// renameRoute corrects the waiting of a case at a supervision office: the
// office's own id and name, and the units that were proposed to it.
func (m *Matter) renameRoute(c *app.Call, o *Route, b organization.Body, was string) (changed int, err error) {
	if o.DeskID == was && (o.DeskName != b.Name || o.DeskID != b.ID) {
		o.DeskID, o.DeskName = b.ID, b.Name
		changed++
	}
	for i := range o.Units {
		if u := &o.Units[i]; u.Unit == was && (u.Name != b.Name || u.Unit != b.ID) {
			u.Unit, u.Name = b.ID, b.Name
			changed++
		}
	}
	if changed == 0 {
		return 0, nil
	}
	units, err := packed(o.Units)
	if err != nil {
		return 0, err
	}
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE handling_route SET desk_id = ?, desk_name = ?, units = ? WHERE id = ?", o.DeskID, o.DeskName, units, o.ID); err != nil {
		return 0, fmt.Errorf("correct the route %s: %w", o.ID, err)
	}
	return changed, nil
}

// moveDesk gives what a supervision office looks after to its heir.
var moveDesk = app.Define("assignment.move-desk",
	func(c *app.Call, in bodyCaseIn) (*Matter, error) { return MatterOf(&c.Look, in.Kind, in.ID) },
	bySystem[*Matter],
	func(c *app.Call, m *Matter, in bodyCaseIn) (struct{}, error) {
		to, err := organization.HeirOf(&c.Look, in.To)
		if err != nil || to.ID == in.Body || to.ValidTo != "" {
			return struct{}{}, err
		}
		n, err := c.Tx().Exec(c.Ctx(), "UPDATE assignment SET desk_id = ?, desk_name = ?, version = version + 1 WHERE case_kind = ? AND case_id = ? AND desk_id = ? AND state <> 'changed'",
			to.ID, to.Name, m.Kind, m.ID, in.Body)
		if err != nil {
			return struct{}{}, fmt.Errorf("give %s %s to desk %s: %w", m.Kind, m.ID, to.ID, err)
		}
		changed := 0
		if o := m.openRoute(); o != nil {
			if changed, err = m.renameRoute(c, o, to, in.Body); err != nil {
				return struct{}{}, err
			}
		}
		if n == 0 && changed == 0 {
			return struct{}{}, nil
		}
		for _, q := range []string{
			"UPDATE objection SET desk_id = ? WHERE case_kind = ? AND case_id = ? AND desk_id = ? AND ruling = ''",
			"UPDATE extension SET desk_id = ? WHERE case_kind = ? AND case_id = ? AND desk_id = ? AND decision IN ('', 'endorsed')",
			"UPDATE promise SET desk_id = ? WHERE case_kind = ? AND case_id = ? AND desk_id = ? AND state = 'open'",
		} {
			if _, err := c.Tx().Exec(c.Ctx(), q, to.ID, m.Kind, m.ID, in.Body); err != nil {
				return struct{}{}, fmt.Errorf("give %s %s to desk %s: %w", m.Kind, m.ID, to.ID, err)
			}
		}
		c.Detail(map[string]string{"from": in.Body, "to": to.ID})
		if err := involve(c, m, to.ID); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, settle(c, m)
	})

// Burdens are what handling keeps for bodies (organization.Burden).
func Burdens() organization.Burdens { return organization.Burdens{unitBurden{}, deskBurden{}} }

type unitBurden struct{}

// Open counts what a unit has not finished, or what may come of what it answered.
func (unitBurden) Open(l *app.Look, bodyID string) (int, string, string, error) {
	var n int
	q := store.Join(store.F("SELECT COUNT(*) FROM assignment x"+theCase+"WHERE"), handedOn(l.Who().CommitteeID, bodyID))
	if err := l.Tx().Row(l.Ctx(), q.SQL, q.Args...).Scan(&n); err != nil {
		return 0, "", "", fmt.Errorf("count the work of unit %s: %w", bodyID, err)
	}
	return n, "handling.burden.unit", handOverPath(bodyID, ""), nil
}

type deskBurden struct{}

// Open counts the cases that a supervision office looks after or has to
// dispatch, closed ones too where a reply or promise is still open.
func (deskBurden) Open(l *app.Look, bodyID string) (int, string, string, error) {
	var n int
	err := l.Tx().Row(l.Ctx(), `SELECT (SELECT COUNT(*) FROM handling_route WHERE committee_id = ? AND desk_id = ? AND done_at IS NULL)
		+ (SELECT COUNT(*) FROM assignment x`+theCase+`WHERE x.committee_id = ? AND x.desk_id = ? AND x.state <> 'changed' AND (h.closed_at IS NULL
			OR EXISTS (SELECT 1 FROM reply r WHERE r.assignment_id = x.id AND r.state <> 'issued')
			OR EXISTS (SELECT 1 FROM promise p WHERE p.assignment_id = x.id AND p.state = 'open')))`,
		l.Who().CommitteeID, bodyID, l.Who().CommitteeID, bodyID).Scan(&n)
	if err != nil {
		return 0, "", "", fmt.Errorf("count the cases of desk %s: %w", bodyID, err)
	}
	return n, "handling.burden.desk", "", nil
}

// handOverPath is the page of handing the work of a unit over.
func handOverPath(from, to string) string {
	path := "/dispatch/hand-over?from=" + from
	if to != "" {
		path += "&to=" + to
	}
	return path
}
