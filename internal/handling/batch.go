package handling

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
)

// CaseRow is one case of an act on several, with the units that get it. A row
// without an id was not chosen on the form and does not count.
type CaseRow struct {
	Kind  string     `json:"kind"`
	ID    string     `json:"id"`
	Units []UnitRole `json:"units,omitempty"`
	Note  string     `json:"note,omitempty"`
}

// Batch are several cases that one act is about.
type Batch struct {
	Matters []*Matter
	rows    []chosen
}

// chosen is a row that counts, with its place in the input.
type chosen struct {
	CaseRow
	at int
	m  *Matter
}

// Object names the case, or that there are several.
func (b *Batch) Object() (string, string) {
	if len(b.Matters) == 1 {
		return b.Matters[0].Object()
	}
	return "cases", ""
}

// casesAtMost bounds one bulk act.
const casesAtMost = 200

// loadBatch loads the chosen cases. They are claimed in one order, so that two
// bulk acts never wait for each other in a circle.
func loadBatch(c *app.Call, rows []CaseRow) (*Batch, error) {
	b := &Batch{}
	for i, r := range rows {
		if r.ID != "" {
			b.rows = append(b.rows, chosen{CaseRow: r, at: i})
		}
	}
	if len(b.rows) == 0 {
		return nil, fault.Field("rows", "handling.batch.none")
	}
	if len(b.rows) > casesAtMost {
		return nil, fault.Field("rows", "handling.batch.many", "max", casesAtMost)
	}
	inTurn := slices.Clone(b.rows)
	slices.SortFunc(inTurn, func(x, y chosen) int { return strings.Compare(x.Kind+"/"+x.ID, y.Kind+"/"+y.ID) })
	loaded := map[string]*Matter{}
	for _, r := range inTurn {
		key := r.Kind + "/" + r.ID
		if loaded[key] != nil {
			return nil, fault.Field(fmt.Sprintf("rows.%d.id", r.at), "handling.batch.twice", "number", loaded[key].Number)
		}
		if _, known := app.Part[Kinds](&c.Look)[r.Kind]; !known {
			return nil, fault.New(fault.NotFound, "fault.not-found")
		}
		m, err := matterOf(&c.Look, r.Kind, r.ID)
		if err != nil {
			return nil, err
		}
		loaded[key] = m
	}
	for i := range b.rows {
		b.rows[i].m = loaded[b.rows[i].Kind+"/"+b.rows[i].ID]
		b.Matters = append(b.Matters, b.rows[i].m)
	}
	return b, nil
}

// ids are the cases for the audit record.
func (b *Batch) ids() []string {
	list := make([]string, len(b.Matters))
	for i, m := range b.Matters {
		list[i] = m.ID
	}
	return list
}

// every asks a rule about each case; the first no is the answer, and what must
// stay hidden hides all.
func (b *Batch) every(rule func(*Matter) access.Verdict) access.Verdict {
	answer := access.Hide()
	for i, m := range b.Matters {
		v := rule(m)
		if v.Hidden() {
			return v
		}
		if i == 0 || answer.Allowed() {
			answer = v
		}
	}
	return answer
}

// directory finds units by id or by exact name.
type directory map[string]organization.Body

func unitsOf(l *app.Look) (directory, error) {
	list, err := organization.Bodies(l, organization.Unit)
	if err != nil {
		return nil, err
	}
	d := directory{}
	for _, b := range list {
		if b.ShortName != "" {
			d[b.ShortName] = b
		}
	}
	for _, b := range list {
		d[b.Name] = b
	}
	for _, b := range list {
		d[b.ID] = b
	}
	return d, nil
}

const (
	unitsAtMost = 30
	noteAtMost  = 500
)

// resolve turns the units of a row into bodies and tells what is wrong with
// them beside their fields. Empty lines of the form do not count.
func (d directory) resolve(r chosen, p *fault.Problems) []UnitRole {
	var list []UnitRole
	seen := map[string]bool{}
	for i, u := range r.Units {
		field := fmt.Sprintf("rows.%d.units.%d", r.at, i)
		u.Unit = strings.TrimSpace(u.Unit)
		if u.Unit == "" {
			continue
		}
		b, ok := d[u.Unit]
		p.Check(ok, field+".unit", "handling.unit-unknown", "name", u.Unit)
		p.Check(slices.Contains(Roles(), u.Role), field+".role", "handling.role-unknown")
		p.Check(!ok || !seen[b.ID], field+".unit", "handling.unit-twice", "name", b.Name)
		seen[b.ID] = ok
		list = append(list, UnitRole{Unit: b.ID, Role: u.Role, Name: b.Name})
	}
	p.Check(len(list) <= unitsAtMost, fmt.Sprintf("rows.%d.units", r.at), "handling.units-many", "max", unitsAtMost)
	p.Check(utf8.RuneCountInString(r.Note) <= noteAtMost, fmt.Sprintf("rows.%d.note", r.at), "handling.too-long", "max", noteAtMost)
	return list
}

// checkRoles tells whether the roles fit together: exactly one lead (with or
// without assisting units), exactly one sole, or at least two separate ones
// (with or without assisting units).
func checkRoles(list []UnitRole) (key string) {
	n := map[Role]int{}
	for _, u := range list {
		n[u.Role]++
	}
	switch {
	case len(list) == 0:
		return "handling.roles.none"
	case n[Sole] > 0 && len(list) > 1:
		return "handling.roles.sole"
	case n[Lead] > 0 && n[Separate] > 0 || n[Lead] > 1:
		return "handling.roles.lead"
	case n[Separate] == 1:
		return "handling.roles.separate"
	case n[Lead]+n[Separate]+n[Sole] == 0:
		return "handling.roles.assist"
	}
	return ""
}
