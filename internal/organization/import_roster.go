package organization

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/identity"
	"tongxin/internal/seal"
	"tongxin/internal/store"
)

// ImportRosterIn is a roster file as text. A dry run tells what would happen
// and changes nothing; CreateBodies adds sectors and special committees that
// do not exist yet.
type ImportRosterIn struct {
	Content      string `json:"content"`
	DryRun       bool   `json:"dry_run"`
	CreateBodies bool   `json:"create_bodies"`
}

// ImportRosterOut tells what happened or, after a dry run, would happen.
type ImportRosterOut struct {
	DryRun      bool         `json:"dry_run"`
	Rows        int          `json:"rows"`
	New         int          `json:"new"`       // people nobody knew
	Returning   int          `json:"returning"` // people known already, enrolled in another term
	NewSectors  []string     `json:"new_sectors"`
	NewSpecials []string     `json:"new_specials"`
	Problems    []RowProblem `json:"problems"`
}

// ImportRoster enrolls the members of a file, all or none (导入名册).
var ImportRoster = app.Define("organization.import-roster", anew[ImportRosterIn]("roster"), bySystemAdmin[thing], importRoster).Unkept()

func importRoster(c *app.Call, _ thing, in ImportRosterIn) (ImportRosterOut, error) {
	if err := claimCommittee(c); err != nil {
		return ImportRosterOut{}, err
	}
	rows, wrong, err := parseRoster(in.Content)
	if err != nil {
		return ImportRosterOut{}, err
	}
	k, err := readKnown(&c.Look)
	if err != nil {
		return ImportRosterOut{}, err
	}
	out := ImportRosterOut{DryRun: in.DryRun, Rows: len(rows), Problems: wrong}
	plans := make([]plan, len(rows))
	for i, r := range rows {
		var bad []RowProblem
		plans[i], bad = k.plan(r)
		out.Problems = append(out.Problems, bad...)
		if plans[i].personID == "" {
			out.New++
		} else {
			out.Returning++
		}
	}
	out.NewSectors, out.NewSpecials = k.newSectors, k.newSpecials
	slices.SortStableFunc(out.Problems, func(a, b RowProblem) int { return a.Row - b.Row })
	c.Detail(map[string]any{"dry_run": in.DryRun, "rows": out.Rows, "new": out.New, "problems": len(out.Problems)})
	if in.DryRun {
		return out, nil
	}
	if len(out.Problems) > 0 {
		return out, fault.Field("file", "organization.roster.has-problems", "n", len(out.Problems), "row", out.Problems[0].Row)
	}
	if n := len(out.NewSectors) + len(out.NewSpecials); n > 0 && !in.CreateBodies {
		return out, fault.Field("create_bodies", "organization.roster.unknown-bodies", "n", n)
	}
	return out, carryOut(c, k, plans)
}

// known is what the committee has already.
type known struct {
	keeper                  *seal.Keeper
	now                     calendar.Date
	sectors, specials       map[string]string // name → id
	newSectors, newSpecials []string
	terms                   map[int64]Term
	phones                  map[string]owner  // lookup → person
	names                   map[string]string // name and sector → person
	enrolled                map[string]bool   // person and term
	taken                   map[string]bool   // people this file enrolls
}

// owner is a person found by phone.
type owner struct{ id, name string }

// plan is what one row becomes.
type plan struct {
	rosterRow
	personID string // "" for somebody new
	term     Term
}

func readKnown(l *app.Look) (*known, error) {
	k := &known{keeper: app.Part[*seal.Keeper](l), now: today(l), sectors: map[string]string{}, specials: map[string]string{}, terms: map[int64]Term{},
		phones: map[string]owner{}, names: map[string]string{}, enrolled: map[string]bool{}, taken: map[string]bool{}}
	list, err := Bodies(l, Sector, SpecialCommittee)
	if err != nil {
		return nil, err
	}
	for _, b := range list {
		if b.Kind == Sector {
			k.sectors[b.Name] = b.ID
		} else {
			k.specials[b.Name] = b.ID
		}
	}
	all, err := terms(l)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		k.terms[t.Number] = t
	}
	return k, k.readPeople(l)
}

func (k *known) readPeople(l *app.Look) error {
	_, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, _ *struct{}) error {
		var lookup string
		var p owner
		if err := r.Scan(&lookup, &p.id, &p.name); err != nil {
			return err
		}
		k.phones[lookup] = p
		return nil
	}, "SELECT phone_lookup, id, name FROM person WHERE committee_id = ? AND phone_lookup <> ''", l.Who().CommitteeID)
	if err != nil {
		return fmt.Errorf("read phones: %w", err)
	}
	_, err = store.List(l.Ctx(), l.Tx(), func(r store.Row, _ *struct{}) error {
		var personID, name, sector, term string
		var open bool
		if err := r.Scan(&personID, &name, &sector, &term, &open); err != nil {
			return err
		}
		k.names[nameKey(name, sector)] = personID
		if open {
			k.enrolled[personID+term] = true
		}
		return nil
	}, `SELECT p.id, p.name, COALESCE(b.name, ''), m.term_id, m.valid_to IS NULL FROM membership m JOIN person p ON p.id = m.person_id
		LEFT JOIN body b ON b.id = m.sector_id WHERE m.committee_id = ? ORDER BY m.valid_from, m.id`, l.Who().CommitteeID)
	if err != nil {
		return fmt.Errorf("read members: %w", err)
	}
	return nil
}

func phoneKey(phone string) string { return seal.NormalizePhone(phone) }

// plan tells what a row becomes and what is wrong with it.
func (k *known) plan(r rosterRow) (p plan, wrong []RowProblem) {
	p = plan{rosterRow: r}
	bad := func(column, key string, args ...any) { wrong = append(wrong, RowProblem{r.row, column, key, args}) }
	k.unknown(r.sector, k.sectors, &k.newSectors)
	k.unknown(r.special, k.specials, &k.newSpecials)
	if r.sitting.Term > 0 {
		var ok bool
		if p.term, ok = k.terms[r.sitting.Term]; !ok {
			bad(colSitting, "organization.roster.no-term", "term", Sitting{Term: r.sitting.Term}.String())
		}
	}
	p.personID = k.names[nameKey(r.name, r.sector)]
	if has, ok := k.byPhone(r.phone); ok {
		if has.name != r.name {
			bad(colPhone, "organization.roster.phone-of", "name", has.name)
		}
		p.personID = has.id
	}
	switch {
	case p.personID == "":
	case p.term.ID != "" && k.enrolled[p.personID+p.term.ID]:
		bad(colName, "organization.roster.enrolled", "name", r.name, "term", Sitting{Term: p.term.Number}.String())
	case k.taken[p.personID+p.term.ID]:
		bad(colName, "organization.roster.name-twice", "row", r.row, "sector", r.sector)
	default:
		k.taken[p.personID+p.term.ID] = true
	}
	return p, wrong
}

func (k *known) unknown(name string, have map[string]string, list *[]string) {
	if _, ok := have[name]; !ok && name != "" && !slices.Contains(*list, name) {
		*list = append(*list, name)
	}
}

func (k *known) byPhone(phone string) (owner, bool) {
	for _, lookup := range k.keeper.Lookups(phoneKey(phone)) {
		if p, ok := k.phones[lookup]; ok {
			return p, true
		}
	}
	return owner{}, false
}

// carryOut writes a file without problems.
func carryOut(c *app.Call, k *known, plans []plan) error {
	for _, x := range []struct {
		kind BodyKind
		have map[string]string
		list []string
	}{{Sector, k.sectors, k.newSectors}, {SpecialCommittee, k.specials, k.newSpecials}} {
		for _, name := range x.list {
			bodyID, err := insertBody(c, BodyIn{Kind: string(x.kind), Name: name, Sort: int64(len(x.have) + 1)})
			if err != nil {
				return err
			}
			x.have[name] = bodyID
		}
	}
	main, err := mainBody(&c.Look)
	if err != nil {
		return err
	}
	for _, p := range plans {
		if err := p.enroll(c, k, main); err != nil {
			return fmt.Errorf("import row %d: %w", p.row, err)
		}
	}
	return nil
}

func (p plan) enroll(c *app.Call, k *known, main string) error {
	from := begins(p.term, k.now)
	fresh := p.personID == ""
	if fresh {
		x, err := identity.Add(c, identity.Person{CommitteeID: c.Who().CommitteeID, Name: p.name, Phone: p.phone})
		if err != nil {
			return err
		}
		p.personID = x.ID
	}
	if p.sitting.Session > 1 {
		from = k.now // joined in the middle of the term
	}
	_, err := insertMembership(c, EnrollIn{PersonID: p.personID, TermID: p.term.ID, SectorID: k.sectors[p.sector], SpecialCommitteeID: k.specials[p.special],
		Workplace: p.workplace, Remark: p.remark}, from)
	if err != nil {
		return err
	}
	if !fresh {
		return becomeMember(c, p.personID, from)
	}
	_, err = insertPost(c, GivePostIn{PersonID: p.personID, BodyID: main, Kind: string(access.Member)}, from, calendar.Date{})
	return err
}
