package supervision

import (
	"cmp"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// Which assignments of a unit are counted: those in which it answers the
// proposers, or those in which it assists.
const (
	MainOnes = "main"   // 主办, 分办, 独办
	Assists  = "assist" // 会办
)

// OverviewIn says of what the overview is.
type OverviewIn struct {
	Year   int    `json:"year,omitempty"` // of dispatch; this one without it
	Role   string `json:"role,omitempty"` // main or assist; both together without it
	Desk   string `json:"desk,omitempty"` // for those who see all: what this supervision office dispatched, or direct
	Detail bool   `json:"detail,omitempty"`
}

// ByOffice asks for what no supervision office dispatched.
const ByOffice = "direct"

// Counts are the assignments of one unit, or of all. Open ones are late, near
// or neither.
type Counts struct {
	Open     int `json:"open"`
	Near     int `json:"near"`
	Late     int `json:"late"`
	Done     int `json:"done"` // answered in time
	DoneLate int `json:"done_late"`
}

// Green are the open ones that have time.
func (c Counts) Green() int { return c.Open - c.Near - c.Late }

// All are the assignments that were given.
func (c Counts) All() int { return c.Open + c.Done + c.DoneLate }

func (c *Counts) add(x Counts) {
	c.Open, c.Near, c.Late, c.Done, c.DoneLate = c.Open+x.Open, c.Near+x.Near, c.Late+x.Late, c.Done+x.Done, c.DoneLate+x.DoneLate
}

// UnitRow is a unit in the overview.
type UnitRow struct {
	UnitID   string `json:"unit_id"`
	UnitName string `json:"unit_name"`
	Counts
	Detail *Detail `json:"detail,omitempty"`
}

// Earlier tells that something dispatched in an earlier year is still open.
type Earlier struct {
	Year int `json:"year"`
	Open int `json:"open"`
	Late int `json:"late"`
}

// Overview is every unit with what it owes and what it did.
type Overview struct {
	Year      int       `json:"year"`
	First     int       `json:"first"` // year of which there is anything
	Last      int       `json:"last"`
	Today     string    `json:"today"`
	NearUntil string    `json:"near_until"` // the last due date that is near
	Near      int       `json:"near_workdays"`
	Units     []UnitRow `json:"units"` // the most late first
	Total     Counts    `json:"total"`
	Details   *Detail   `json:"details,omitempty"` // of all units
	Earlier   []Earlier `json:"earlier,omitempty"`
	Desks     []Desk    `json:"desks,omitempty"` // for those who see all: by whom things are dispatched
}

// Desk is a supervision office.
type Desk struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// See is the overview of all units (督办总览).
var See = app.Ask("supervision.overview", watchesAll, func(l *app.Look, s access.Scope, in OverviewIn) (Overview, error) {
	if !watches(l.Who()) || unitPost(l.Who()) {
		return Overview{}, missing()
	}
	o := &overview{l: l, in: in, units: map[string]*UnitRow{}}
	if err := o.check(s); err != nil {
		return Overview{}, err
	}
	if err := o.read(); err != nil {
		return Overview{}, fmt.Errorf("count what units owe: %w", err)
	}
	return o.out, nil
})

// overview fills one overview.
type overview struct {
	l     *app.Look
	in    OverviewIn
	k     *clockOf
	mine  store.Fragment // of assignment_tally a, but the year
	units map[string]*UnitRow
	out   Overview
}

func (o *overview) check(s access.Scope) error {
	var err error
	if o.k, err = clockNow(o.l); err != nil {
		return err
	}
	if o.in.Year == 0 {
		o.in.Year = o.k.today.Year()
	}
	var p fault.Problems
	p.Check(o.in.Year > 1900 && o.in.Year < 3000, "year", "supervision.filter")
	p.Check(slices.Contains([]string{"", MainOnes, Assists}, o.in.Role), "role", "supervision.filter")
	list := []store.Fragment{store.F(s.SQL(), s.Args()...)}
	if o.in.Role != "" {
		list = append(list, store.F("a.main = ?", o.in.Role == MainOnes))
	}
	if o.in.Desk != "" {
		list = append(list, store.F("a.desk_id = ?", deskOf(o.in.Desk)))
	}
	o.mine = store.And(list...)
	o.out = Overview{Year: o.in.Year, Today: o.k.today.String(), NearUntil: o.k.nearUntil().String(), Near: o.k.rules.NearWorkdays}
	return p.Err()
}

// deskOf is the desk that a filter means.
func deskOf(filter string) string {
	if filter == ByOffice {
		return ""
	}
	return filter
}

func (o *overview) read() error {
	for _, step := range []func() error{o.years, o.openOnes, o.doneOnes, o.names, o.earlier} {
		if err := step(); err != nil {
			return err
		}
	}
	o.sum()
	if !o.in.Detail {
		return nil
	}
	return o.details()
}

// years finds the years of which there is anything, by two looks into the index.
func (o *overview) years() error {
	o.out.First, o.out.Last = o.k.today.Year(), o.k.today.Year()
	for _, x := range []struct {
		q  string
		to *int
	}{{"MIN", &o.out.First}, {"MAX", &o.out.Last}} {
		var y int
		err := o.l.Tx().Row(o.l.Ctx(), "SELECT COALESCE("+x.q+"(year), 0) FROM assignment_tally WHERE committee_id = ?", o.l.Who().CommitteeID).Scan(&y)
		if err != nil {
			return err
		}
		if y != 0 && (y < o.out.First || y > o.out.Last) {
			*x.to = y
		}
	}
	return nil
}

// openOnes counts what is open, by the due date that is the mark of each total.
// The conditions are those of index assignment_tally_open.
func (o *overview) openOnes() error {
	q := store.Join(store.F(`SELECT a.unit_id, SUM(a.n), SUM(CASE WHEN a.mark < ? THEN a.n ELSE 0 END), SUM(CASE WHEN a.mark >= ? AND a.mark <= ? THEN a.n ELSE 0 END)
		FROM assignment_tally a WHERE a.n > 0 AND a.state <> 'answered' AND a.year = ? AND`, o.out.Today, o.out.Today, o.out.NearUntil, o.in.Year),
		o.mine, store.F("GROUP BY a.unit_id"))
	list, err := store.List(o.l.Ctx(), o.l.Tx(), func(r store.Row, x *UnitRow) error { return r.Scan(&x.UnitID, &x.Open, &x.Late, &x.Near) }, q.SQL, q.Args...)
	return o.take(list, err)
}

// doneOnes counts what was answered; its index is assignment_tally_done.
func (o *overview) doneOnes() error {
	q := store.Join(store.F(`SELECT a.unit_id, SUM(CASE WHEN a.mark = 'on' THEN a.n ELSE 0 END), SUM(CASE WHEN a.mark = 'late' THEN a.n ELSE 0 END)
		FROM assignment_tally a WHERE a.n > 0 AND a.state = 'answered' AND a.year = ? AND`, o.in.Year), o.mine, store.F("GROUP BY a.unit_id"))
	list, err := store.List(o.l.Ctx(), o.l.Tx(), func(r store.Row, x *UnitRow) error { return r.Scan(&x.UnitID, &x.Done, &x.DoneLate) }, q.SQL, q.Args...)
	return o.take(list, err)
}

func (o *overview) take(list []UnitRow, err error) error {
	for _, x := range list {
		o.unit(x.UnitID).add(x.Counts)
	}
	return err
}

func (o *overview) unit(id string) *UnitRow {
	u := o.units[id]
	if u == nil {
		u = &UnitRow{UnitID: id}
		o.units[id] = u
	}
	return u
}

// named is a unit or supervision office and its name.
type named struct {
	id, name string
	desk     bool
}

// names names the units, those that ended too, and the supervision offices.
func (o *overview) names() error {
	list, err := store.List(o.l.Ctx(), o.l.Tx(), func(r store.Row, x *named) error { return r.Scan(&x.id, &x.name, &x.desk) },
		"SELECT id, name, kind <> 'unit' FROM body WHERE committee_id = ? AND kind IN ('unit', 'supervision_party', 'supervision_government') ORDER BY kind, sort, id", o.l.Who().CommitteeID)
	for _, x := range list {
		if u := o.units[x.id]; u != nil {
			u.UnitName = x.name
		}
		if x.desk && !o.l.Who().Is(access.Dispatcher) {
			o.out.Desks = append(o.out.Desks, Desk{x.id, x.name})
		}
	}
	return err
}

// earlier counts what of earlier years is still open, so that nothing drops
// out of sight at New Year.
func (o *overview) earlier() error {
	if o.in.Year != o.k.today.Year() || o.out.First == o.in.Year {
		return nil
	}
	q := store.Join(store.F(`SELECT a.year, SUM(a.n), SUM(CASE WHEN a.mark < ? THEN a.n ELSE 0 END)
		FROM assignment_tally a WHERE a.n > 0 AND a.state <> 'answered' AND a.year < ? AND`, o.out.Today, o.in.Year), o.mine, store.F("GROUP BY a.year ORDER BY a.year DESC"))
	var err error
	o.out.Earlier, err = store.List(o.l.Ctx(), o.l.Tx(), func(r store.Row, x *Earlier) error { return r.Scan(&x.Year, &x.Open, &x.Late) }, q.SQL, q.Args...)
	return err
}

// sum adds up and puts the units with the most late ones first.
func (o *overview) sum() {
	o.out.Units = make([]UnitRow, 0, len(o.units))
	for _, u := range o.units {
		o.out.Units = append(o.out.Units, *u)
		o.out.Total.add(u.Counts)
	}
	slices.SortFunc(o.out.Units, func(a, b UnitRow) int {
		return cmp.Or(cmp.Compare(b.Late, a.Late), cmp.Compare(b.Near, a.Near), cmp.Compare(b.Open, a.Open), cmp.Compare(b.All(), a.All()), cmp.Compare(a.UnitID, b.UnitID))
	})
}
