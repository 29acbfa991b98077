package handling

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// Filters of the register of promises beside the states of a promise.
const (
	PromiseNear    = "near"     // open, and its date is near by the profile
	PromiseLate    = "late"     // open after its date
	PromiseRunning = "running"  // open, and its date is to come
	PromiseAwaited = "awaiting" // reported kept, the proposers are asked to confirm it
	PromiseOnTime  = "on-time"  // kept by the day that was promised first
	PromiseTardy   = "tardy"    // kept after it
	PromiseProved  = "proved"   // kept, and a proposer confirmed it
	PromiseEvery   = "all"
)

// DeskDirect is the filter for what the committee's office dispatched itself.
const DeskDirect = "direct"

// PromisesIn are the filters of the register.
type PromisesIn struct {
	State string `json:"state,omitempty"` // open without it
	Unit  string `json:"unit,omitempty"`
	Year  int    `json:"year,omitempty"` // in which it was promised first
	Desk  string `json:"desk,omitempty"` // a supervision office, or direct
	Q     string `json:"q,omitempty"`    // a part of the case's number or title, or of the promise
	After string `json:"after,omitempty"`
}

// PromiseLine is one row of the register.
type PromiseLine struct {
	Promise
	Number   string `json:"case_number"`
	Title    string `json:"title"`
	DeskName string `json:"desk_name,omitempty"`
}

// PromiseTally are the exact totals of the tabs under the other filters.
type PromiseTally struct {
	Open      int `json:"open"`
	Near      int `json:"near"`
	Late      int `json:"late"`
	Awaiting  int `json:"awaiting"`
	Kept      int `json:"kept"`
	Cancelled int `json:"cancelled"`
	Replaced  int `json:"replaced"`
}

// Promises is a page of the register, by date.
type Promises struct {
	Lines []PromiseLine `json:"promises"`
	Total int           `json:"total"`
	Next  string        `json:"next,omitempty"`
	Tally PromiseTally  `json:"tally"`
	PromiseChoices
}

// PromiseChoices are what the register can be filtered by.
type PromiseChoices struct {
	Units []BodyName `json:"units"`
	Desks []BodyName `json:"desks"`
	Years []int      `json:"years"` // the latest first
}

// BodyName is a body to choose.
type BodyName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// promiseScope is the part of the register that somebody may see, over table
// promise (alias p) with its assignment (a): a unit what it answers for, a
// supervision office what it dispatched, a proposer what he was promised, the
// committee's office and who looks on all.
func promiseScope(who access.Actor) access.Scope {
	all := access.Committee("p.committee_id", who.CommitteeID)
	switch {
	case office(who), who.Is(access.Leader, access.Reviewer, access.System):
		return all
	case who.Is(access.Dispatcher):
		return all.And("a.desk_id = ?", who.Post.BodyID)
	case unitPost(who):
		return all.And("a.state <> 'changed' AND (a.unit_id = ? OR a.successor_id = ?)", who.Post.BodyID, who.Post.BodyID)
	case who.Is(access.Member):
		return all.And("p.reply_id IN (SELECT d.reply_id FROM reply_delivery d WHERE d.committee_id = ? AND d.proposer_id = ? AND NOT d.is_body)", who.CommitteeID, who.PersonID)
	case who.Is(access.Convener):
		return all.And("p.reply_id IN (SELECT d.reply_id FROM reply_delivery d WHERE d.committee_id = ? AND d.proposer_id = ? AND d.is_body)", who.CommitteeID, who.Post.BodyID)
	default:
		return access.Nothing()
	}
}

// ListPromises is the register of promises (承诺台账).
var ListPromises = app.Ask("promise.list", promiseScope, func(l *app.Look, s access.Scope, in PromisesIn) (Promises, error) {
	f, err := register(l, s, in)
	if err != nil {
		return Promises{}, err
	}
	var out Promises
	if err := f.page(&out); err != nil {
		return out, fmt.Errorf("list promises: %w", err)
	}
	if err := f.tally(&out.Tally); err != nil {
		return out, fmt.Errorf("count promises: %w", err)
	}
	out.PromiseChoices, err = choices(l, s)
	return out, err
})

// exportAtMost bounds the rows of one export.
const exportAtMost = 20_000

// PromiseSheet is the register without pages.
type PromiseSheet struct {
	Lines []PromiseLine `json:"promises"`
}

// ExportPromises is the register without pages, for a spreadsheet or print.
var ExportPromises = app.Ask("promise.export", promiseScope, func(l *app.Look, s access.Scope, in PromisesIn) (PromiseSheet, error) {
	in.After = ""
	f, err := register(l, s, in)
	if err != nil {
		return PromiseSheet{}, err
	}
	list, err := f.lines(f.where(f.in.State), exportAtMost+1)
	if err != nil {
		return PromiseSheet{}, fmt.Errorf("export promises: %w", err)
	}
	if len(list) > exportAtMost {
		return PromiseSheet{}, fault.New(fault.Invalid, "handling.promises.export-large", "max", exportAtMost)
	}
	return PromiseSheet{list}, nil
})

// registered looks through the register.
type registered struct {
	l      *app.Look
	mine   store.Fragment
	in     PromisesIn
	k      *clockOf
	cursor [2]string // date and id
}

func register(l *app.Look, s access.Scope, in PromisesIn) (*registered, error) {
	f := &registered{l: l, mine: store.F(s.SQL(), s.Args()...), in: in}
	f.in.Q = strings.TrimSpace(in.Q)
	if f.in.State == "" {
		f.in.State = PromiseOpen
	}
	var err error
	if f.k, err = clockNow(l); err != nil {
		return nil, err
	}
	var p fault.Problems
	_, known := f.states()[f.in.State]
	p.Check(known, "state", "handling.list.filter")
	p.Check(in.Year == 0 || isYear(in.Year), "year", "handling.list.filter")
	p.Check(utf8.RuneCountInString(f.in.Q) <= longestQuery, "q", "handling.too-long", "max", longestQuery)
	var ok bool
	f.cursor, ok = readCursor(in.After)
	p.Check(ok, "after", "handling.list.cursor")
	return f, p.Err()
}

// isYear keeps what is no year of any committee out of computing.
func isYear(n int) bool { return n >= 1949 && n <= 2999 }

// states are the conditions of the filters by state, as of today.
func (f *registered) states() map[string]store.Fragment {
	today, near := f.k.today.String(), f.k.nearUntil().String()
	return map[string]store.Fragment{
		PromiseOpen:      store.F("p.state = 'open'"),
		PromiseNear:      store.F("p.state = 'open' AND p.due_on BETWEEN ? AND ?", today, near),
		PromiseLate:      store.F("p.state = 'open' AND p.due_on < ?", today),
		PromiseRunning:   store.F("p.state = 'open' AND p.due_on >= ?", today),
		PromiseAwaited:   store.F("p.state = 'kept' AND p.confirm_asked AND p.confirmed = ''"),
		PromiseKept:      store.F("p.state = 'kept'"),
		PromiseOnTime:    store.F("p.state = 'kept' AND p.kept_on <= p.first_due_on"),
		PromiseTardy:     store.F("p.state = 'kept' AND p.kept_on > p.first_due_on"),
		PromiseProved:    store.F("p.state = 'kept' AND p.confirmed = 'yes'"),
		PromiseCancelled: store.F("p.state = 'cancelled'"),
		PromiseReplaced:  store.F("p.state = 'replaced'"),
		PromiseEvery:     {},
	}
}

// where are the conditions of the list but the cursor; of a state "" those of
// every state.
func (f *registered) where(state string) store.Fragment {
	list := []store.Fragment{f.mine, f.states()[state]}
	if f.in.Unit != "" {
		list = append(list, store.F("p.unit_id = ?", f.in.Unit))
	}
	if f.in.Year != 0 {
		list = append(list, madeIn(f.in.Year))
	}
	switch f.in.Desk {
	case "":
	case DeskDirect:
		list = append(list, store.F("a.desk_id = ''"))
	default:
		list = append(list, store.F("a.desk_id = ?", f.in.Desk))
	}
	if f.in.Q != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(f.in.Q)) + "%"
		list = append(list, store.F(`LOWER(h.title) LIKE ? ESCAPE '\' OR LOWER(h.number) LIKE ? ESCAPE '\' OR LOWER(p.body) LIKE ? ESCAPE '\'`, like, like, like))
	}
	return store.And(list...)
}

// madeIn is the condition of what was promised first in a year.
func madeIn(year int) store.Fragment {
	first := calendar.MustParseDate(fmt.Sprintf("%04d-01-01", year)).Start(calendar.Beijing)
	end := calendar.MustParseDate(fmt.Sprintf("%04d-01-01", year+1)).Start(calendar.Beijing)
	return store.F("p.first_made_at >= ? AND p.first_made_at < ?", first.UnixMilli(), end.UnixMilli())
}

const fromPromises = "FROM promise p JOIN assignment a ON a.id = p.assignment_id JOIN handling_case h ON h.case_kind = p.case_kind AND h.case_id = p.case_id WHERE"

func (f *registered) page(out *Promises) error {
	where := f.where(f.in.State)
	page := where
	if f.in.After != "" {
		page = store.And(where, store.F("(p.due_on, p.id) > (?, ?)", f.cursor[0], f.cursor[1]))
	}
	list, err := f.lines(page, pageSize+1)
	if err != nil {
		return err
	}
	if len(list) > pageSize {
		list = list[:pageSize]
		out.Next = cursorOf(list[pageSize-1].DueOn, list[pageSize-1].ID)
	}
	out.Lines = list
	q := store.Join(store.F("SELECT COUNT(*) "+fromPromises), where)
	return f.l.Tx().Row(f.l.Ctx(), q.SQL, q.Args...).Scan(&out.Total)
}

func (f *registered) lines(where store.Fragment, most int) ([]PromiseLine, error) {
	q := store.Join(store.F("SELECT "+promiseColumns+", h.number, h.title, a.desk_name "+fromPromises), where, store.F("ORDER BY p.due_on, p.id LIMIT ?", most))
	proposer := f.l.Who().Is(access.Member, access.Convener)
	return store.List(f.l.Ctx(), f.l.Tx(), func(r store.Row, x *PromiseLine) error {
		if err := r.Scan(append(x.columns(), &x.Number, &x.Title, &x.DeskName)...); err != nil {
			return err
		}
		x.marks(f.k)
		if proposer {
			x.reserved()
		}
		return nil
	}, q.SQL, q.Args...)
}

func (f *registered) tally(t *PromiseTally) error {
	s := f.states()
	var counts []store.Fragment
	for i, name := range []string{PromiseOpen, PromiseNear, PromiseLate, PromiseAwaited, PromiseKept, PromiseCancelled, PromiseReplaced} {
		comma := ", "
		if i == 0 {
			comma = "SELECT "
		}
		counts = append(counts, store.F(comma+"COUNT(*) FILTER (WHERE "+s[name].SQL+")", s[name].Args...))
	}
	q := store.Join(append(counts, store.F(fromPromises), f.where(""))...)
	return f.l.Tx().Row(f.l.Ctx(), q.SQL, q.Args...).Scan(&t.Open, &t.Near, &t.Late, &t.Awaiting, &t.Kept, &t.Cancelled, &t.Replaced)
}

// choices are the units, supervision offices and years of what somebody may see.
func choices(l *app.Look, s access.Scope) (c PromiseChoices, err error) {
	from := "FROM promise p JOIN assignment a ON a.id = p.assignment_id WHERE "
	scan := func(r store.Row, b *BodyName) error { return r.Scan(&b.ID, &b.Name) }
	if c.Units, err = store.List(l.Ctx(), l.Tx(), scan, "SELECT p.unit_id, MAX(p.unit_name) "+from+s.SQL()+" GROUP BY p.unit_id ORDER BY p.unit_id", s.Args()...); err != nil {
		return c, fmt.Errorf("list the units that promised: %w", err)
	}
	if c.Desks, err = store.List(l.Ctx(), l.Tx(), scan, "SELECT a.desk_id, MAX(a.desk_name) "+from+s.SQL()+" GROUP BY a.desk_id ORDER BY a.desk_id", s.Args()...); err != nil {
		return c, fmt.Errorf("list the supervision offices of promises: %w", err)
	}
	c.Desks = slices.DeleteFunc(c.Desks, func(b BodyName) bool { return b.ID == "" })
	var first, last store.Time
	if err := l.Tx().Row(l.Ctx(), "SELECT MIN(p.first_made_at), MAX(p.first_made_at) "+from+s.SQL(), s.Args()...).Scan(&first, &last); err != nil {
		return c, fmt.Errorf("find the years of promises: %w", err)
	}
	if first.IsZero() {
		return c, nil
	}
	for y := dayOf(last).Year(); y >= dayOf(first).Year(); y-- {
		c.Years = append(c.Years, y)
	}
	return c, nil
}
