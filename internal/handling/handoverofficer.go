package handling

import (
	"cmp"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/organization"
	"tongxin/internal/seal"
	"tongxin/internal/store"
)

// Officer is a change of the officer of a case within its unit.
type Officer struct {
	AssignmentID string     `json:"assignment_id"`
	UnitName     string     `json:"unit_name"`
	Was          string     `json:"was,omitempty"`
	Is           string     `json:"is,omitempty"` // "" when nobody was named yet
	At           store.Time `json:"at"`
}

// officer is who is reached in a unit about a case.
type officer struct{ leader, section, handler, phone string }

// AppointIn names another officer for cases of a unit. Empty Section and Leader
// stay as they are.
type AppointIn struct {
	Unit    string   `json:"unit"`          // id; one's own unit without it
	IDs     []string `json:"ids,omitempty"` // assignments
	All     bool     `json:"all,omitempty"` // every open one of the unit
	Was     string   `json:"was,omitempty"` // with All: only those of this officer
	Handler string   `json:"handler"`
	Phone   string   `json:"phone"`
	Section string   `json:"section,omitempty"`
	Leader  string   `json:"leader,omitempty"`
	Reason  string   `json:"reason,omitempty"`
}

// AppointOut tells how many cases have the new officer.
type AppointOut struct {
	Unit    string `json:"unit"`
	Changed int    `json:"changed"`
}

// Appoint names another officer for open cases of a unit (更换承办人): its own
// people do, and staff for a unit in which nobody has an account. Who was
// reached before is kept; letters show who is reached now.
var Appoint = app.Define("assignment.appoint", loadPosting, mayAppoint, appoint)

// posting are cases of one unit that get another officer.
type posting struct {
	committeeID string
	unit        organization.Body
	unmanned    bool
	rows        []postingRow
}

// postingRow is one of them.
type postingRow struct {
	Assignment
	number, title string
}

// Object names the unit.
func (x *posting) Object() (string, string) { return "body", x.unit.ID }

// appointedAtMost bounds one change.
const appointedAtMost = 500

func loadPosting(c *app.Call, in AppointIn) (*posting, error) {
	if len(in.IDs) > appointedAtMost {
		return nil, fault.Field("ids", "handling.batch.many", "max", appointedAtMost)
	}
	x, err := postingOf(&c.Look, cmp.Or(in.Unit, c.Who().Post.BodyID))
	if err != nil {
		return nil, err
	}
	chosen := store.Fragment{}
	switch {
	case !in.All:
		chosen = store.In("x.id", in.IDs...)
	case in.Was != "":
		chosen = store.F("x.handler = ?", in.Was)
	}
	return x, x.read(&c.Look, chosen)
}

// postingOf finds the unit and whether it has anybody.
func postingOf(l *app.Look, unitID string) (*posting, error) {
	b, err := organization.BodyOf(l, unitID)
	if err != nil {
		return nil, err
	}
	x := &posting{committeeID: l.Who().CommitteeID, unit: b}
	q := store.Join(store.F("SELECT COUNT(*) FROM body b WHERE"), store.And(store.F("b.id = ?", b.ID), unmannedUnit(dayOf(l.Now()).String())))
	var n int
	if err := l.Tx().Row(l.Ctx(), q.SQL, q.Args...).Scan(&n); err != nil {
		return nil, fmt.Errorf("look who works in unit %s: %w", b.ID, err)
	}
	x.unmanned = n > 0
	return x, nil
}

// read reads the cases that a unit signed for and that are not closed, in the
// order of their ids, so that two changes never wait for each other in a circle.
func (x *posting) read(l *app.Look, chosen store.Fragment) error {
	q := store.Join(store.F("SELECT "+assignmentColumns+", h.number, h.title FROM (SELECT * FROM assignment) a JOIN assignment x ON x.id = a.id"+theCase+"WHERE"),
		store.And(store.F("x.committee_id = ? AND (x.unit_id = ? AND x.successor_id = '' OR x.successor_id = ?)", x.committeeID, x.unit.ID, x.unit.ID),
			store.F("x.state = 'signed' OR x.state = 'answered' AND h.closed_at IS NULL"), ownDesk(l.Who()), chosen), store.F("ORDER BY x.id"))
	var err error
	x.rows, err = store.List(l.Ctx(), l.Tx(), func(r store.Row, p *postingRow) error {
		return scanAssignment(alongside{r, []any{&p.number, &p.title}}, &p.Assignment)
	}, q.SQL, q.Args...)
	if err != nil {
		return fmt.Errorf("read the cases of unit %s: %w", x.unit.ID, err)
	}
	return nil
}

// alongside scans further columns after those that a scanner knows.
type alongside struct {
	r    store.Row
	more []any
}

// Scan reads the known columns and the further ones.
func (a alongside) Scan(dest ...any) error { return a.r.Scan(append(dest, a.more...)...) }

func mayAppoint(who access.Actor, x *posting) access.Verdict {
	own := !slices.ContainsFunc(x.rows, func(r postingRow) bool { return !who.In(r.DeskID) })
	staff := office(who) || who.Is(access.Dispatcher) && own
	switch {
	case who.CommitteeID == "" || who.CommitteeID != x.committeeID:
		return access.Hide()
	case unitPost(who) && who.In(x.unit.ID), staff && x.unmanned:
		return access.Allow()
	case staff:
		return access.Deny("handling.unit-has-account")
	case who.Is(access.Leader, access.Reviewer):
		return access.Deny("handling.unit-only")
	default:
		return access.Hide()
	}
}

func appoint(c *app.Call, x *posting, in AppointIn) (AppointOut, error) {
	var p fault.Problems
	now := officer{line(&p, "leader", in.Leader, nameAtMost, false), line(&p, "section", in.Section, nameAtMost, false),
		line(&p, "handler", in.Handler, nameAtMost, true), line(&p, "phone", in.Phone, nameAtMost, true)}
	p.Check(now.phone == "" || isPhone(now.phone), "phone", "handling.phone")
	reason := words(&p, "reason", in.Reason, noteAtMost, false)
	p.Check(in.All || len(in.IDs) > 0, "ids", "handling.batch.none")
	if err := p.Err(); err != nil {
		return AppointOut{}, err
	}
	if len(x.rows) == 0 {
		return AppointOut{}, fault.New(fault.Closed, "handling.appoint.nothing")
	}
	for i := range x.rows {
		if err := x.rows[i].appoint(c, now, reason); err != nil {
			return AppointOut{}, err
		}
	}
	c.Detail(map[string]any{"assignments": len(x.rows)})
	return AppointOut{x.unit.ID, len(x.rows)}, nil
}

// appoint names the officer of one case, and tells the proposers when they
// reach somebody else now.
func (r *postingRow) appoint(c *app.Call, now officer, reason string) error {
	keeper := app.Part[*seal.Keeper](&c.Look)
	was := ""
	if r.phone != "" {
		var err error
		if was, err = keeper.Open(r.phone, phonePlace(r.ID)); err != nil {
			return fmt.Errorf("open the phone of assignment %s: %w", r.ID, err)
		}
	}
	other := r.Handler != now.handler || was != now.phone
	now.leader, now.section = cmp.Or(now.leader, r.Leader), cmp.Or(now.section, r.Section)
	if !other && now.leader == r.Leader && now.section == r.Section {
		return nil
	}
	// Who acts on the case at the same moment comes before or after.
	m, err := MatterOf(&c.Look, r.CaseKind, r.CaseID)
	if err != nil {
		return err
	}
	a := m.assignment(r.ID)
	if a == nil || a.Version != r.Version {
		return fault.New(fault.Stale, "fault.stale")
	}
	e := &Errand{m, a}
	if err := e.noteOfficer(c, now, reason, c.Who().PersonID); err != nil {
		return err
	}
	sealed, err := keeper.Seal(now.phone, phonePlace(r.ID))
	if err != nil {
		return fmt.Errorf("seal the phone of assignment %s: %w", r.ID, err)
	}
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE assignment SET leader = ?, section = ?, handler = ?, phone_sealed = ?, version = version + 1 WHERE id = ? AND version = ?",
		now.leader, now.section, now.handler, sealed, r.ID, r.Version)
	if err := written(n, err, "assignment "+r.ID); err != nil {
		return err
	}
	told := e.about().ofUnit(a)
	if other && a.Role.Main() {
		told = told.forProposers(m.Proposers)
	}
	return e.record(c, WasAppointed{told, a.ID})
}

// noteOfficer keeps who was reached before.
func (e *Errand) noteOfficer(c *app.Call, now officer, reason, person string) error {
	a := e.A
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO assignment_officer (id, committee_id, case_kind, case_id, assignment_id, unit_name, leader, section, handler, phone_sealed, becomes, reason, person_id, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id.New(), e.CommitteeID, e.Kind, e.ID, a.ID, a.keeperName(), a.Leader, a.Section, a.Handler, a.phone, now.handler, reason, person, c.Now())
	if err != nil {
		return fmt.Errorf("keep the officer of assignment %s: %w", a.ID, err)
	}
	return e.did(c, HadHandOver)
}

// PostingIn asks for the cases of a unit and who is reached about them.
type PostingIn struct {
	Unit string `json:"unit,omitempty"` // one's own without it
	Was  string `json:"was,omitempty"`  // only those of this officer
}

// Posting are the cases of a unit by officer.
type Posting struct {
	Unit     string        `json:"unit"`
	UnitName string        `json:"unit_name"`
	Officers []OfficerLoad `json:"officers"`
	Rows     []Posted      `json:"rows"` // at most 300
	Total    int           `json:"total"`
	People   []string      `json:"people"` // names of those who hold a post in the unit
}

// OfficerLoad is an officer and how many open cases he has.
type OfficerLoad struct {
	Name string `json:"name"`
	N    int    `json:"n"`
}

// Posted is one case with its officer.
type Posted struct {
	ID       string `json:"id"`
	CaseKind string `json:"case_kind"`
	CaseID   string `json:"case_id"`
	Number   string `json:"number"`
	Title    string `json:"title"`
	Role     Role   `json:"role"`
	State    State  `json:"state"`
	DueOn    string `json:"due_on,omitempty"`
	Handler  string `json:"handler"`
	Section  string `json:"section,omitempty"`
	Leader   string `json:"leader,omitempty"`
}

// Postings is the query of a unit's cases by officer, for those who may name another.
var Postings = app.Ask("assignment.officers", committeeScope, func(l *app.Look, _ access.Scope, in PostingIn) (Posting, error) {
	x, err := postingOf(l, cmp.Or(in.Unit, l.Who().Post.BodyID))
	if err != nil {
		return Posting{}, err
	}
	if err := x.read(l, store.Fragment{}); err != nil {
		return Posting{}, err
	}
	if v := mayAppoint(l.Who(), x); !v.Allowed() {
		if v.Hidden() {
			return Posting{}, missing()
		}
		return Posting{}, fault.New(fault.Forbidden, v.Key())
	}
	out := Posting{Unit: x.unit.ID, UnitName: x.unit.Name, Officers: []OfficerLoad{}, Rows: []Posted{}}
	slices.SortStableFunc(x.rows, func(a, b postingRow) int { return cmp.Compare(dated(a.DueOn), dated(b.DueOn)) })
	for _, r := range x.rows {
		i := slices.IndexFunc(out.Officers, func(o OfficerLoad) bool { return o.Name == r.Handler })
		if i < 0 {
			i, out.Officers = len(out.Officers), append(out.Officers, OfficerLoad{Name: r.Handler})
		}
		out.Officers[i].N++
		if in.Was != "" && r.Handler != in.Was {
			continue
		}
		if out.Total++; out.Total <= plannedAtMost {
			out.Rows = append(out.Rows, Posted{r.ID, r.CaseKind, r.CaseID, r.number, r.title, r.Role, r.State, r.DueOn, r.Handler, r.Section, r.Leader})
		}
	}
	holders, err := organization.Holders(l, x.committeeID, x.unit.ID, access.Handler)
	for _, h := range holders {
		out.People = append(out.People, h.Name)
	}
	return out, err
})
