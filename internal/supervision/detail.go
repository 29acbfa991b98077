package supervision

import (
	"tongxin/internal/store"
)

// What happened to assignments beside being answered. Each counts assignments,
// so that its number is the length of the list behind it.
const (
	Objected     = "objected"      // 退办: an objection was filed
	Accepted     = "accepted"      // and accepted: the case went elsewhere
	Again        = "again"         // 二次办理
	Returned     = "returned"      // a reply came back from pre-reading
	Extended     = "extended"      // 延期 granted
	ChasedOnes   = "chased"        // 催办
	PromisesLate = "promises_late" // a promise of it is open after its date
)

// Detail counts what happened to the assignments of a unit.
type Detail struct {
	Objected     int `json:"objected"`
	Accepted     int `json:"accepted"`
	Again        int `json:"again"`
	Returned     int `json:"returned"`
	Extended     int `json:"extended"`
	Chased       int `json:"chased"`
	PromisesLate int `json:"promises_late"`
}

// Facet is one of the counts of a Detail with its name.
type Facet struct {
	Name string
	N    int
}

// Facets lists the counts in the order of pages.
func (d *Detail) Facets() []Facet {
	list := make([]Facet, 0, len(facetNames()))
	for _, name := range facetNames() {
		list = append(list, Facet{name, *d.of(name)})
	}
	return list
}

func facetNames() []string {
	return []string{Objected, Accepted, Again, Returned, Extended, ChasedOnes, PromisesLate}
}

func (d *Detail) of(name string) *int {
	switch name {
	case Objected:
		return &d.Objected
	case Accepted:
		return &d.Accepted
	case Again:
		return &d.Again
	case Returned:
		return &d.Returned
	case Extended:
		return &d.Extended
	case ChasedOnes:
		return &d.Chased
	default:
		return &d.PromisesLate
	}
}

// facet asks for the ids of the assignments to which something happened, each
// by an index of its table; false for a name that is none.
func facet(name, committee, today string) (store.Fragment, bool) {
	switch name {
	case Objected:
		return store.F("SELECT DISTINCT x.assignment_id AS id FROM objection x WHERE x.committee_id = ?", committee), true
	case Accepted:
		return store.F("SELECT DISTINCT x.assignment_id AS id FROM objection x WHERE x.committee_id = ? AND x.ruling = 'accepted'", committee), true
	case Again:
		return store.F("SELECT DISTINCT x.assignment_id AS id FROM rehandling x WHERE x.committee_id = ?", committee), true
	case Returned:
		return store.F("SELECT DISTINCT x.assignment_id AS id FROM reply x WHERE x.committee_id = ? AND x.returns > 0", committee), true
	case Extended:
		return store.F("SELECT DISTINCT x.assignment_id AS id FROM extension x WHERE x.committee_id = ? AND x.decision = 'granted'", committee), true
	case ChasedOnes:
		return store.F("SELECT x.assignment_id AS id FROM chase_last x WHERE x.committee_id = ?", committee), true
	case PromisesLate:
		return store.F("SELECT DISTINCT x.assignment_id AS id FROM promise x WHERE x.committee_id = ? AND x.state = 'open' AND x.due_on < ?", committee, today), true
	default:
		return store.Fragment{}, false
	}
}

// details counts what happened, for those who ask. The conditions are those of
// the lists behind the numbers.
func (o *overview) details() error {
	o.out.Details = &Detail{}
	for i := range o.out.Units {
		o.out.Units[i].Detail = &Detail{}
	}
	at := map[string]int{}
	for i, u := range o.out.Units {
		at[u.UnitID] = i
	}
	where := o.assignments()
	for _, name := range facetNames() {
		ids, _ := facet(name, o.l.Who().CommitteeID, o.out.Today)
		q := store.Join(store.F("SELECT a.unit_id, COUNT(*) FROM ("), ids, store.F(") f CROSS JOIN assignment a WHERE a.id = f.id AND"), where, store.F("GROUP BY a.unit_id"))
		list, err := store.List(o.l.Ctx(), o.l.Tx(), func(r store.Row, x *counted) error { return r.Scan(&x.unit, &x.n) }, q.SQL, q.Args...)
		if err != nil {
			return err
		}
		for _, x := range list {
			*o.out.Details.of(name) += x.n
			if i, ok := at[x.unit]; ok {
				*o.out.Units[i].Detail.of(name) = x.n
			} else if err := o.alsoThere(x, name, at); err != nil {
				return err
			}
		}
	}
	return nil
}

type counted struct {
	unit string
	n    int
}

// alsoThere adds a unit that has nothing in the totals: everything it was given
// went elsewhere.
func (o *overview) alsoThere(x counted, name string, at map[string]int) error {
	u := UnitRow{UnitID: x.unit, Detail: &Detail{}}
	err := o.l.Tx().Row(o.l.Ctx(), "SELECT name FROM body WHERE id = ? AND committee_id = ?", x.unit, o.l.Who().CommitteeID).Scan(&u.UnitName)
	*u.Detail.of(name) = x.n
	at[x.unit] = len(o.out.Units)
	o.out.Units = append(o.out.Units, u)
	return err
}

// assignments are the conditions of the overview on table assignment a.
func (o *overview) assignments() store.Fragment {
	from, to := yearOf(o.in.Year)
	s := watchesAll(o.l.Who())
	list := []store.Fragment{store.F(s.SQL(), s.Args()...), store.F("a.dispatched_at >= ?", from), store.F("a.dispatched_at < ?", to)}
	return store.And(append(list, roleAndDesk(o.in.Role, o.in.Desk)...)...)
}

// roleAndDesk are the filters of the overview that table assignment a has too.
func roleAndDesk(role, desk string) []store.Fragment {
	var list []store.Fragment
	switch role {
	case MainOnes:
		list = append(list, store.F("a.role <> 'assist'"))
	case Assists:
		list = append(list, store.F("a.role = 'assist'"))
	}
	if desk != "" {
		list = append(list, store.F("a.desk_id = ?", deskOf(desk)))
	}
	return list
}
