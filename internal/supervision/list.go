package supervision

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// Which assignments a list shows, beside the names of facets (see Detail).
const (
	OpenOnes  = "open"
	LateOnes  = "late"
	NearOnes  = "near"
	GreenOnes = "green"
	DueOnes   = "due" // late or near
	DoneOnes  = "done"
	DoneLate  = "done-late"
	AllOnes   = "all"
)

// ListIn are the filters of the list of assignments behind the overview.
type ListIn struct {
	What  string `json:"what,omitempty"` // open, late, near, green, due, done, done-late, all or a facet; late without it
	Year  int    `json:"year,omitempty"` // of dispatch; every year without it
	Unit  string `json:"unit,omitempty"`
	Role  string `json:"role,omitempty"` // main or assist
	Desk  string `json:"desk,omitempty"` // a supervision office, or direct
	Q     string `json:"q,omitempty"`    // a part of number or title
	After string `json:"after,omitempty"`
}

// Listed is a page of the list, the most urgent first.
type Listed struct {
	Items    []Item `json:"assignments"`
	Total    int    `json:"total"`
	Next     string `json:"next,omitempty"`
	UnitName string `json:"unit_name,omitempty"` // where one unit was asked for
}

const (
	pageSize     = 50
	longestQuery = 50
)

// Assignments lists the assignments behind a number of the overview.
var Assignments = app.Ask("supervision.assignments", scopeOf, func(l *app.Look, s access.Scope, in ListIn) (Listed, error) {
	if !watches(l.Who()) {
		return Listed{}, missing()
	}
	k, err := clockNow(l)
	if err != nil {
		return Listed{}, err
	}
	f := &lister{reader: reader{l, k}, scope: store.F(s.SQL(), s.Args()...), in: in, size: pageSize}
	if err := f.check(); err != nil {
		return Listed{}, err
	}
	if err := f.find(); err != nil {
		return Listed{}, fmt.Errorf("list assignments: %w", err)
	}
	if in.Unit != "" {
		f.out.UnitName, err = unitName(l, in.Unit)
	}
	return f.out, err
})

// ItemIn names an assignment.
type ItemIn struct {
	ID string `json:"id"`
}

// ShowItem is one assignment as supervision looks at it, with its instructions.
var ShowItem = app.Ask("supervision.assignment", scopeOf, func(l *app.Look, _ access.Scope, in ItemIn) (ItemShown, error) {
	x, err := itemOf(l, in.ID)
	if err != nil {
		return ItemShown{}, err
	}
	if !x.sees(l.Who()) {
		return ItemShown{}, missing()
	}
	k, err := clockNow(l)
	if err != nil {
		return ItemShown{}, err
	}
	out := ItemShown{Item: *x}
	out.Instructions, err = instructionsOf(l, k, store.F("x.assignment_id = ?", x.ID), chasesShown)
	return out, err
})

// ItemShown is an assignment with the instructions of leaders on it.
type ItemShown struct {
	Item
	Instructions []Instruction `json:"instructions"`
}

func unitName(l *app.Look, id string) (string, error) {
	list, err := store.List(l.Ctx(), l.Tx(), store.Column[string], "SELECT name FROM body WHERE id = ? AND committee_id = ?", id, l.Who().CommitteeID)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0], nil
}

type lister struct {
	reader
	scope  store.Fragment
	in     ListIn
	size   int
	cursor [2]string // due date and id
	out    Listed
}

func (f *lister) check() error {
	f.in.Q = strings.TrimSpace(f.in.Q)
	if f.in.What == "" {
		f.in.What = LateOnes
	}
	var p fault.Problems
	known := append([]string{OpenOnes, LateOnes, NearOnes, GreenOnes, DueOnes, DoneOnes, DoneLate, AllOnes}, facetNames()...)
	p.Check(slices.Contains(known, f.in.What), "what", "supervision.filter")
	p.Check(f.in.Year == 0 || f.in.Year > 1900 && f.in.Year < 3000, "year", "supervision.filter")
	p.Check(slices.Contains([]string{"", MainOnes, Assists}, f.in.Role), "role", "supervision.filter")
	p.Check(utf8.RuneCountInString(f.in.Q) <= longestQuery, "q", "supervision.too-long", "max", longestQuery)
	var ok bool
	f.cursor, ok = readCursor(f.in.After)
	p.Check(ok, "after", "supervision.cursor")
	return p.Err()
}

// readCursor reads where the page before ended.
func readCursor(text string) (c [2]string, ok bool) {
	if text == "" {
		return c, true
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	on, id, found := strings.Cut(string(raw), " ")
	return [2]string{on, id}, err == nil && found && utf8.Valid(raw)
}

func cursorOf(on, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(on + " " + id))
}

// open is the condition of the partial indexes of what units owe.
const open = "a.state IN ('dispatched', 'signed')"

// which is the condition of one sort of assignments.
func (f *lister) which() store.Fragment {
	today, near := f.k.today.String(), f.k.nearUntil().String()
	switch f.in.What {
	case OpenOnes:
		return store.F(open)
	case LateOnes:
		return store.F(open+" AND a.due_on < ?", today)
	case NearOnes:
		return store.F(open+" AND a.due_on >= ? AND a.due_on <= ?", today, near)
	case GreenOnes:
		return store.F(open+" AND a.due_on > ?", near)
	case DueOnes:
		return store.F(open+" AND a.due_on <= ?", near)
	case DoneOnes:
		return store.F("a.state = 'answered' AND NOT a.late")
	case DoneLate:
		return store.F("a.state = 'answered' AND a.late")
	case AllOnes:
		return store.F("a.state IN ('dispatched', 'signed', 'answered')")
	}
	ids, _ := facet(f.in.What, f.l.Who().CommitteeID, today)
	return store.Join(store.F("a.id IN ("), ids, store.F(")"))
}

// filters are the conditions of the list but the cursor.
func (f *lister) filters() store.Fragment {
	list := append([]store.Fragment{f.scope, f.which()}, roleAndDesk(f.in.Role, f.in.Desk)...)
	if f.in.Year != 0 {
		from, to := yearOf(f.in.Year)
		list = append(list, store.F("a.dispatched_at >= ?", from), store.F("a.dispatched_at < ?", to))
	}
	if f.in.Unit != "" {
		list = append(list, store.F("a.unit_id = ?", f.in.Unit))
	}
	if f.in.Q != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(f.in.Q)) + "%"
		list = append(list, store.F(`LOWER(h.title) LIKE ? ESCAPE '\' OR LOWER(h.number) LIKE ? ESCAPE '\'`, like, like))
	}
	return store.And(list...)
}

func (f *lister) find() error {
	where := f.filters()
	page := where
	if f.in.After != "" {
		page = store.And(where, store.F("(a.due_on, a.id) > (?, ?)", f.cursor[0], f.cursor[1]))
	}
	list, err := f.list(page, store.F("ORDER BY a.due_on, a.id LIMIT ?", f.size+1))
	if err != nil {
		return err
	}
	if len(list) > f.size {
		list = list[:f.size]
		last := list[f.size-1]
		on := last.DueOn
		if on == "" {
			on = never
		}
		f.out.Next = cursorOf(on, last.ID)
	}
	f.out.Items = list
	return f.total(where)
}

// total counts: by the totals where they say it, else the rows.
func (f *lister) total(where store.Fragment) error {
	q := store.Join(store.F("SELECT COUNT(*) FROM assignment a JOIN handling_case h ON h.case_kind = a.case_kind AND h.case_id = a.case_id WHERE"), where)
	if marks, ok := f.marks(); ok && f.in.Q == "" {
		list := []store.Fragment{f.scope, marks, store.F("a.n > 0")}
		switch f.in.Role {
		case MainOnes:
			list = append(list, store.F("a.main"))
		case Assists:
			list = append(list, store.F("NOT a.main"))
		}
		if f.in.Desk != "" {
			list = append(list, store.F("a.desk_id = ?", deskOf(f.in.Desk)))
		}
		if f.in.Year != 0 {
			list = append(list, store.F("a.year = ?", f.in.Year))
		}
		if f.in.Unit != "" {
			list = append(list, store.F("a.unit_id = ?", f.in.Unit))
		}
		q = store.Join(store.F("SELECT COALESCE(SUM(a.n), 0) FROM assignment_tally a WHERE"), store.And(list...))
	}
	return f.l.Tx().Row(f.l.Ctx(), q.SQL, q.Args...).Scan(&f.out.Total)
}

// marks is which in the words of table assignment_tally; false for facets.
func (f *lister) marks() (store.Fragment, bool) {
	today, near := f.k.today.String(), f.k.nearUntil().String()
	const owed = "a.state <> 'answered'"
	switch f.in.What {
	case OpenOnes:
		return store.F(owed), true
	case LateOnes:
		return store.F(owed+" AND a.mark < ?", today), true
	case NearOnes:
		return store.F(owed+" AND a.mark >= ? AND a.mark <= ?", today, near), true
	case GreenOnes:
		return store.F(owed+" AND a.mark > ?", near), true
	case DueOnes:
		return store.F(owed+" AND a.mark <= ?", near), true
	case DoneOnes:
		return store.F("a.state = 'answered' AND a.mark = 'on'"), true
	case DoneLate:
		return store.F("a.state = 'answered' AND a.mark = 'late'"), true
	case AllOnes:
		return store.F("1 = 1"), true
	default:
		return store.Fragment{}, false
	}
}
