package appraisal

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// YearsOut are the schemes of all years, the newest first.
type YearsOut struct {
	Schemes []Scheme `json:"schemes"`
	Appeals int      `json:"appeals"` // that wait for a ruling; for those who run the appraisal
}

// Years lists the schemes that somebody may know of.
var Years = app.Ask("appraisal.years", schemeScope, func(l *app.Look, sc access.Scope, _ struct{}) (out YearsOut, err error) {
	if out.Schemes, err = schemesOf(l, sc, 0); err != nil || !oversees(l.Who()) {
		return out, err
	}
	err = l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM appraisal_appeal WHERE committee_id = ? AND ruling = ''", l.Who().CommitteeID).Scan(&out.Appeals)
	return out, err
})

// SchemeAsk names a scheme.
type SchemeAsk struct {
	ID string `json:"id"`
}

// May is what somebody may do with a scheme.
type May struct {
	Edit     bool `json:"edit"`
	Simulate bool `json:"simulate"`
	Publish  bool `json:"publish"`
	Revise   bool `json:"revise"`
	Close    bool `json:"close"`
	Discard  bool `json:"discard"`
}

// SchemeShown is a scheme with its results.
type SchemeShown struct {
	Scheme   Scheme       `json:"scheme"`
	Versions []Version    `json:"versions"` // of the year, that one may know of
	Run      *Run         `json:"run,omitempty"`
	Rows     []TableRow   `json:"rows"`    // of the units that one may see
	Units    int          `json:"units"`   // all that were scored
	Missing  []MissingOne `json:"missing"` // what the office has not entered, for those who run it
	May      May          `json:"may"`
}

// Version is another version of the same year.
type Version struct {
	ID     string `json:"id"`
	Number int    `json:"number"`
	State  State  `json:"state"`
	Reason string `json:"reason,omitempty"`
}

// MissingOne tells for how many units an indicator lacks what the office enters.
type MissingOne struct {
	Code string `json:"code"`
	Name string `json:"name"`
	N    int    `json:"n"`
}

// TableRow is a unit in the table of results.
type TableRow struct {
	UnitID   string     `json:"unit_id"`
	UnitName string     `json:"unit_name"`
	Channel  string     `json:"channel"`
	Rank     int        `json:"rank"`
	Total    Decimal    `json:"total"`    // after corrections
	Adjusted Decimal    `json:"adjusted"` // by corrections
	Level    string     `json:"level,omitempty"`
	Main     int        `json:"main"`
	Assist   int        `json:"assist"`
	Groups   []GroupSum `json:"groups"`
}

// Show tells a scheme and its results, the best first.
var Show = app.Ask("appraisal.scheme", schemeScope, func(l *app.Look, sc access.Scope, in SchemeAsk) (SchemeShown, error) {
	s, err := visible(l, sc, in.ID)
	if err != nil {
		return SchemeShown{}, err
	}
	out := SchemeShown{Scheme: *s, May: mayDo(l.Who(), s)}
	all, err := schemesOf(l, sc, s.Year)
	if err != nil {
		return out, err
	}
	for _, x := range all {
		out.Versions = append(out.Versions, Version{x.ID, x.Number, x.State, x.Reason})
	}
	if out.Run, err = runOf(l, s); err != nil || out.Run == nil {
		return out, err
	}
	sheets, err := outlinesOf(l, store.And(store.F("x.run_id = ?", s.RunID), scoped(sheetScope(l.Who()))))
	if err != nil {
		return out, err
	}
	out.Rows, err = table(l, out.Run, sheets)
	if err != nil {
		return out, err
	}
	if oversees(l.Who()) {
		out.Missing = missing(out.Run.terms, sheets)
	}
	err = l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM appraisal_sheet WHERE run_id = ?", s.RunID).Scan(&out.Units)
	return out, err
})

func scoped(sc access.Scope) store.Fragment { return store.F(sc.SQL(), sc.Args()...) }

// visible reads a scheme that a scope shows.
func visible(l *app.Look, sc access.Scope, id string) (*Scheme, error) {
	list, err := schemesOf(l, sc.And("s.id = ?", id), 0)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, notFound()
	}
	return &list[0], nil
}

func mayDo(who access.Actor, s *Scheme) May {
	if !manage(who, s).Allowed() {
		return May{}
	}
	can := func(to State) bool { return slices.Contains(next[s.State], to) }
	return May{Edit: can(Draft), Simulate: can(Simulated) && len(s.Indicators) > 0, Publish: can(Published), Revise: s.State == Published, Close: can(Closed), Discard: can(Discarded)}
}

// table puts the totals after corrections beside the sheets.
func table(l *app.Look, run *Run, sheets []outline) ([]TableRow, error) {
	ranked, err := totals(l, run.ID)
	if err != nil {
		return nil, err
	}
	byUnit := map[string]outline{}
	for _, x := range sheets {
		byUnit[x.UnitID] = x
	}
	rows := make([]TableRow, 0, len(sheets))
	for _, t := range ranked {
		x, ok := byUnit[t.unit]
		if !ok {
			continue
		}
		r := x.TableRow
		r.Rank, r.Total, r.Adjusted, r.Level = t.rank, t.total, t.total-x.total, levelOf(run.terms.Levels, t.total)
		rows = append(rows, r)
	}
	return rows, nil
}

func missing(t Terms, sheets []outline) []MissingOne {
	list := []MissingOne{}
	for _, i := range t.Indicators {
		n := 0
		for _, s := range sheets {
			if i.Full > 0 && slices.Contains(s.lacking, i.Code) { // what only adds may stay empty
				n++
			}
		}
		if n > 0 {
			list = append(list, MissingOne{i.Code, i.Name, n})
		}
	}
	return list
}

// SheetAsk names a unit's sheet.
type SheetAsk struct {
	ID   string `json:"id"` // scheme
	Unit string `json:"unit"`
	Code string `json:"code,omitempty"` // of an indicator, for its cases
}

// SheetShown is the sheet of a unit, with everything that explains it.
type SheetShown struct {
	Scheme      Scheme       `json:"scheme"`
	Run         Run          `json:"run"`
	Terms       Terms        `json:"terms"` // that it was computed with
	Sheet       Sheet        `json:"sheet"`
	Adjustments []Adjustment `json:"adjustments"`
	Total       Decimal      `json:"total"` // after corrections
	Rank        int          `json:"rank"`
	Units       int          `json:"units"`
	Level       string       `json:"level,omitempty"`
	Appeal      *Appeal      `json:"appeal,omitempty"`
	MayAppeal   bool         `json:"may_appeal"`
	MayRule     bool         `json:"may_rule"`
	MayAdjust   bool         `json:"may_adjust"`
}

// ShowSheet tells the sheet of one unit.
var ShowSheet = app.Ask("appraisal.sheet", sheetScope, showSheet)

func showSheet(l *app.Look, sc access.Scope, in SheetAsk) (SheetShown, error) {
	s, err := visible(l, schemeScope(l.Who()), in.ID)
	if err != nil {
		return SheetShown{}, err
	}
	run, err := runOf(l, s)
	if err != nil {
		return SheetShown{}, err
	}
	if run == nil {
		return SheetShown{}, notFound()
	}
	list, err := sheetsOf(l, store.And(store.F("x.run_id = ? AND x.unit_id = ?", run.ID, in.Unit), scoped(sc)))
	if err != nil {
		return SheetShown{}, err
	}
	if len(list) == 0 {
		return SheetShown{}, notFound()
	}
	out := SheetShown{Scheme: *s, Run: *run, Terms: run.terms, Sheet: list[0]}
	ranked, err := totals(l, run.ID)
	if err != nil {
		return out, err
	}
	out.Units = len(ranked)
	for _, t := range ranked {
		if t.unit == in.Unit {
			out.Total, out.Rank = t.total, t.rank
		}
	}
	out.Level = levelOf(run.terms.Levels, out.Total)
	return out, out.claims(l)
}

// claims adds corrections, the appeal, and what may be done.
func (out *SheetShown) claims(l *app.Look) error {
	all, err := adjustmentsOf(l, out.Run.ID)
	if err != nil {
		return err
	}
	out.Adjustments = all[out.Sheet.UnitID]
	list, err := appeals(l, store.F("p.run_id = ? AND p.unit_id = ? AND p.committee_id = ?", out.Run.ID, out.Sheet.UnitID, l.Who().CommitteeID))
	if err != nil {
		return err
	}
	if len(list) > 0 {
		out.Appeal = &list[0]
	}
	who, x := l.Who(), &Claim{Scheme: &out.Scheme, UnitID: out.Sheet.UnitID, Found: true}
	live := out.Scheme.State == Published
	out.MayAppeal = live && out.Appeal == nil && MakeAppeal.May(who, x) && out.Scheme.AppealBy >= today(l).String()
	out.MayAdjust = live && Adjust.May(who, x)
	out.MayRule = out.Appeal != nil && out.Appeal.Ruling == "" && RuleAppeal.May(who, x)
	return nil
}

func appeals(l *app.Look, where store.Fragment) ([]Appeal, error) {
	q := store.Join(store.F("SELECT "+appealColumns+" FROM appraisal_appeal p WHERE"), where, store.F("ORDER BY p.at DESC, p.id DESC"))
	list, err := store.List(l.Ctx(), l.Tx(), scanAppeal, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list appeals: %w", err)
	}
	return list, nil
}

// CasesShown are the cases behind one line of a sheet.
type CasesShown struct {
	Scheme    Scheme       `json:"scheme"`
	Indicator Indicator    `json:"indicator"`
	Sheet     Sheet        `json:"sheet"`
	Line      Line         `json:"line"`
	Cases     []BehindCase `json:"cases"`
}

// Cases opens one line of a sheet down to its cases.
var Cases = app.Ask("appraisal.cases", sheetScope, func(l *app.Look, sc access.Scope, in SheetAsk) (CasesShown, error) {
	s, err := showSheet(l, sc, in)
	if err != nil {
		return CasesShown{}, err
	}
	k := s.Terms.indicator(in.Code)
	if k < 0 {
		return CasesShown{}, notFound()
	}
	out := CasesShown{Scheme: s.Scheme, Indicator: s.Terms.Indicators[k], Sheet: s.Sheet, Line: s.Sheet.Lines[k]}
	out.Cases, err = behind(l, out.Line.Of)
	return out, err
})

// AppealsIn filters the list of appeals.
type AppealsIn struct {
	All bool `json:"all,omitempty"` // those that were ruled too
}

// Appealed is an appeal in the list, with the scheme it belongs to.
type Appealed struct {
	Appeal
	Title string `json:"title"`
}

// Appeals lists appeals: a unit its own, those who oversee all.
var Appeals = app.Ask("appraisal.appeals", appealScope, func(l *app.Look, sc access.Scope, in AppealsIn) ([]Appealed, error) {
	where := scoped(sc)
	if !in.All && oversees(l.Who()) {
		where = store.And(where, store.F("p.ruling = ''"))
	}
	q := store.Join(store.F("SELECT "+appealColumns+", s.title FROM appraisal_appeal p JOIN appraisal_scheme s ON s.id = p.scheme_id WHERE"), where, store.F("ORDER BY p.at DESC, p.id DESC LIMIT 500"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *Appealed) error {
		return r.Scan(&x.ID, &x.SchemeID, &x.RunID, &x.UnitID, &x.UnitName, &x.Code, &x.Reason, &x.PersonName, &x.At, &x.Ruling, &x.RuledName, &x.RuledWords, &x.RuledAt, &x.Title)
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list appeals: %w", err)
	}
	return list, nil
})

func appealScope(who access.Actor) access.Scope {
	all := access.Committee("p.committee_id", who.CommitteeID)
	switch {
	case oversees(who):
		return all
	case unitPost(who):
		return all.And("p.unit_id = ?", who.Post.BodyID)
	default:
		return access.Nothing()
	}
}

// Standing is how a unit stands in a published year.
type Standing struct {
	UnitID string  `json:"unit_id"`
	Rank   int     `json:"rank"`
	Total  Decimal `json:"total"`
	Level  string  `json:"level,omitempty"`
}

// StandingsOf tells how the units stand in the year's version in force, after
// corrections, the best first; nothing before it is published. It is for acts
// and queries of other domains, whose rule says who may read it.
func StandingsOf(l *app.Look, year int) ([]Standing, error) {
	s, err := inForce(l, year)
	if err != nil || s == nil {
		return nil, err
	}
	list, err := totals(l, s.RunID)
	out := make([]Standing, 0, len(list))
	for _, t := range list {
		out = append(out, Standing{t.unit, t.rank, t.total, levelOf(s.Levels, t.total)})
	}
	return out, err
}
