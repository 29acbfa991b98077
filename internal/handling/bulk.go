package handling

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/jobs"
	"tongxin/internal/organization"
)

// BulkDispatch is Dispatch done to many cases (批量交办): each row is one case and
// its own commit, so that one that cannot be dispatched holds up no other.
var BulkDispatch = jobs.Of(Dispatch, "handling.bulk.dispatch")

// Bulk are the kinds of acts of handling that may be done to many things.
func Bulk() []jobs.Kind { return []jobs.Kind{BulkDispatch} }

// withBulk adds the acts and questions of bulk work to the module.
func withBulk(m app.Module) app.Module {
	m.Actions = append(m.Actions, DispatchAll, DispatchList)
	m.Queries = append(m.Queries, DispatchPlan, listPlan)
	for _, a := range []string{DispatchAll.Name(), DispatchList.Name()} {
		m.Relations = append(m.Relations, app.Relation{Action: a, Name: "stranger", Subject: func(who access.Actor) any { return pile{who.Post.BodyID} }})
	}
	return m
}

// pile is what waits at a place for dispatch: with the office, or at a desk.
type pile struct{ body string }

// Object names the place.
func (p pile) Object() (string, string) { return "dispatch", p.body }

// mayDispatchMany: whoever dispatches single cases; each row is judged by itself.
func mayDispatchMany(who access.Actor, _ pile) access.Verdict {
	return access.When(office(who) || who.Is(access.Dispatcher), "handling.dispatcher-only")
}

func loadPile[In any](c *app.Call, _ In) (pile, error) { return pile{c.Who().Post.BodyID}, nil }

// Planned is what dispatching one case would do, and what stands against it.
type Planned struct {
	Row      int          `json:"row,omitempty"` // of a list: as a spreadsheet counts, the header is row 1
	Kind     string       `json:"kind,omitempty"`
	ID       string       `json:"id,omitempty"`
	Number   string       `json:"number"`
	Title    string       `json:"title,omitempty"`
	Units    []UnitRole   `json:"units,omitempty"`
	Note     string       `json:"note,omitempty"`
	Problems []jobs.Fault `json:"problems,omitempty"`
}

// Fits reports whether nothing stands against it.
func (p Planned) Fits() bool { return len(p.Problems) == 0 }

func (p *Planned) wrong(column, key string, args ...any) {
	p.Problems = append(p.Problems, jobs.FaultsOf(fault.Field(column, key, args...))...)
}

// row is the row of the job.
func (p Planned) row() jobs.Row[DispatchIn] {
	units := make([]UnitRole, len(p.Units))
	for i, u := range p.Units {
		units[i] = UnitRole{Unit: u.Unit, Role: u.Role}
	}
	return jobs.Row[DispatchIn]{Label: p.Number + " " + p.Title, Link: PathOf(p.Kind, p.ID),
		In: DispatchIn{Rows: []CaseRow{{Kind: p.Kind, ID: p.ID, Units: units, Note: p.Note}}}}
}

// Plan is what a bulk dispatch would do.
type Plan struct {
	Rows        []Planned `json:"rows"`        // what cannot be dispatched first
	Fitting     int       `json:"fitting"`     // cases that can be dispatched
	Against     int       `json:"against"`     // cases that cannot
	Assignments int       `json:"assignments"` // that would be made
	More        int       `json:"more"`        // cases beyond what one job takes
	// Digest names what was shown: the act wants it back, so that nobody
	// dispatches what he has not seen.
	Digest string `json:"digest"`
}

// sum counts, puts what cannot be dispatched first, and names the plan.
func (p *Plan) sum() error {
	var fit, not []Planned
	for _, r := range p.Rows {
		if r.Fits() {
			p.Assignments += len(r.Units)
			fit = append(fit, r)
		} else {
			not = append(not, r)
		}
	}
	p.Fitting, p.Against, p.Rows = len(fit), len(not), append(not, fit...)
	b, err := json.Marshal(p.Rows)
	if err != nil {
		return fmt.Errorf("name a plan: %w", err)
	}
	digest := sha256.Sum256(b)
	p.Digest = hex.EncodeToString(digest[:16])
	return nil
}

// rows are the rows of a job but those that are left out.
func (p *Plan) rows(except []string) []jobs.Row[DispatchIn] {
	out := map[string]bool{}
	for _, id := range except {
		out[id] = true
	}
	var list []jobs.Row[DispatchIn]
	for _, r := range p.Rows {
		if r.Fits() && !out[r.ID] {
			list = append(list, r.row())
		}
	}
	return list
}

// fit finds the units, and tells what is wrong with them.
func (p *Planned) fit(units directory) {
	for i, u := range p.Units {
		if _, known := units[u.Unit]; !known && u.Name != "" { // a unit that was closed is told by its name
			p.Units[i].Unit = u.Name
		}
	}
	var wrong fault.Problems
	given := units.resolve(chosen{CaseRow: CaseRow{Units: p.Units, Note: p.Note}}, &wrong)
	for _, f := range jobs.FaultsOf(wrong.Err()) {
		if f.Field = ""; f.Key == "handling.role-unknown" {
			f = jobs.Fault{Key: "handling.bulk.role-missing"}
		}
		if !slices.ContainsFunc(p.Problems, func(x jobs.Fault) bool { return x.Key == f.Key && slices.Equal(x.Args, f.Args) }) {
			p.Problems = append(p.Problems, f)
		}
	}
	if !p.Fits() {
		return
	}
	p.Units = given
	if key := checkRoles(given); key != "" {
		p.wrong("", key)
	}
}

// Started names the job that does it.
type Started struct {
	Job   string `json:"job"`
	Cases int    `json:"cases"`
}

// begin starts the job of a plan.
func begin(c *app.Call, title string, rows []jobs.Row[DispatchIn]) (Started, error) {
	if len(rows) == 0 {
		return Started{}, fault.New(fault.Closed, "handling.bulk.none")
	}
	job, err := BulkDispatch.Start(c, jobs.Order[DispatchIn]{Title: title, Rows: rows})
	c.Detail(map[string]any{"job": job, "cases": len(rows)})
	return Started{job, len(rows)}, err
}

// waiting are the cases that somebody may dispatch now, the oldest first.
func waiting(l *app.Look, s access.Scope) (Queue, error) {
	from := atDesks
	if office(l.Who()) {
		from = atOffice
	}
	return queue(l, s, from, "", jobs.RowsAtMost)
}

// DispatchPlan tells what dispatching everything that waits, as proposed, would
// do: the units that the office proposed, else the one that the proposer
// suggested. Which of several suggested units leads, somebody must decide.
var DispatchPlan = app.Ask("assignment.dispatch-plan", queueScope, func(l *app.Look, s access.Scope, _ struct{}) (Plan, error) {
	var plan Plan
	list, err := waiting(l, s)
	if err != nil {
		return plan, err
	}
	plan.More = list.Total - len(list.Waits)
	units, err := unitsOf(l)
	if err != nil {
		return plan, err
	}
	for _, w := range list.Waits {
		p, err := asProposed(l, w, units)
		if err != nil {
			return plan, err
		}
		plan.Rows = append(plan.Rows, p)
	}
	return plan, plan.sum()
})

// asProposed plans one waiting case.
func asProposed(l *app.Look, w Waits, units directory) (Planned, error) {
	p := Planned{Kind: w.Kind, ID: w.ID, Number: w.Number, Title: w.Title}
	if err := unpack(w.key, &p.Units); err != nil {
		return p, err
	}
	if len(p.Units) == 0 {
		k, err := CaseOf(l, w.Kind, w.ID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return p, err
		}
		p.suggest(k.Suggested, units)
	}
	if p.Fits() {
		p.fit(units)
	}
	return p, nil
}

// suggest takes what the proposer suggested.
func (p *Planned) suggest(ids []string, units directory) {
	for _, id := range ids {
		if u, ok := units[id]; ok {
			p.Units = append(p.Units, UnitRole{Unit: u.ID, Name: u.Name})
		}
	}
	switch len(p.Units) {
	case 0:
		p.wrong("", "handling.bulk.nothing-proposed")
	case 1:
		p.Units[0].Role = Sole
	default:
		p.wrong("", "handling.bulk.roles-open")
	}
}

// placeOf is the name of the place from which somebody dispatches, for the
// title of a job.
func placeOf(who access.Actor) string { return who.Post.BodyName }

// fewUnits is up to how many units are read one by one.
const fewUnits = 8

// unitsNamed is unitsOf for the units of some rows: the few of a small act that
// names them by id, as a job's rows do, cost less than the list of all.
func unitsNamed(l *app.Look, rows []chosen) (directory, error) {
	d := directory{}
	for _, r := range rows {
		for _, u := range r.Units {
			name := strings.TrimSpace(u.Unit)
			if _, known := d[name]; known || name == "" {
				continue
			}
			if !id.Valid(name) || len(d) == fewUnits {
				return unitsOf(l)
			}
			b, err := organization.BodyOf(l, name)
			switch {
			case fault.Is(err, fault.NotFound), err == nil && (b.Kind != organization.Unit || b.ValidTo != ""):
				return unitsOf(l) // which tells what is wrong
			case err != nil:
				return nil, err
			}
			d[name] = b
		}
	}
	return d, nil
}
