package proposal

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// Sorts of the list.
const (
	Newest   = "newest"
	ByNumber = "number" // those without number come last, newest first
	ByDue    = "due"
)

// ListIn are the filters of the list. An empty session is the current one for
// those who see whole sessions, and every session for the others.
type ListIn struct {
	Session  string `json:"session,omitempty"`
	Category string `json:"category,omitempty"`
	State    string `json:"state,omitempty"` // a State, AllFiled or Open
	Kind     string `json:"kind,omitempty"`
	Timing   string `json:"timing,omitempty"`
	Unit     string `json:"unit,omitempty"` // id of the main unit
	Q        string `json:"q,omitempty"`    // number, or a part of title or proposer
	Late     bool   `json:"late,omitempty"`
	Key      bool   `json:"key,omitempty"`  // key proposals only
	Mine     bool   `json:"mine,omitempty"` // written or entered by the one who asks
	Sort     string `json:"sort,omitempty"`
	After    string `json:"after,omitempty"` // Next of the page before
}

// Line is a proposal as the list shows it.
type Line struct {
	ID           string     `json:"id"`
	State        State      `json:"state"`
	Level        string     `json:"level,omitempty"`
	Number       int64      `json:"number,omitempty"`
	Title        string     `json:"title"`
	Category     string     `json:"category"`
	Timing       string     `json:"timing"`
	Kind         Kind       `json:"kind"`
	LeadName     string     `json:"lead_name"`
	Pending      bool       `json:"pending,omitempty"` // an office edit waits for the proposer
	Holder       string     `json:"holder,omitempty"`
	HolderName   string     `json:"holder_name,omitempty"`
	HolderSince  store.Time `json:"holder_since"`
	DueOn        string     `json:"due_on,omitempty"`
	Late         bool       `json:"late,omitempty"`
	LeadUnitName string     `json:"lead_unit_name,omitempty"`
	ReplyClass   string     `json:"reply_class,omitempty"`
	KeyYear      int64      `json:"key_year,omitempty"`
	SubmittedAt  store.Time `json:"submitted_at"`
	SavedAt      store.Time `json:"saved_at"`
}

const lineColumns = `p.id, p.state, p.level, COALESCE(p.number, 0), p.title, p.category, p.timing, p.kind, p.lead_name, p.pending,
	p.holder, p.holder_name, p.holder_since, p.due_on, p.lead_unit_name, p.reply_class, p.key_year, p.submitted_at, p.saved_at`

func scanLine(today string) func(store.Row, *Line) error {
	return func(r store.Row, x *Line) error {
		var pending int64
		if err := r.Scan(&x.ID, &x.State, &x.Level, &x.Number, &x.Title, &x.Category, &x.Timing, &x.Kind, &x.LeadName, &pending,
			&x.Holder, &x.HolderName, &x.HolderSince, &x.DueOn, &x.LeadUnitName, &x.ReplyClass, &x.KeyYear, &x.SubmittedAt, &x.SavedAt); err != nil {
			return err
		}
		x.Pending = pending > 0
		x.Late = x.DueOn < today
		if x.DueOn == Never {
			x.DueOn = ""
		}
		return nil
	}
}

// Figures are the exact totals above the list, of what the one who asks may
// see in the session.
type Figures struct {
	Submitted int `json:"submitted"` // every submission, whatever became of it
	Filed     int `json:"filed"`     // filed and later
	Open      int `json:"open"`      // filed and not closed
	Closed    int `json:"closed"`
	Late      int `json:"late"`
}

// Listed is one page of the list.
type Listed struct {
	Session    string                 `json:"session,omitempty"` // the one shown, "" for all
	Lines      []Line                 `json:"proposals"`
	Total      int                    `json:"total"`
	Next       string                 `json:"next,omitempty"` // cursor, "" on the last page
	Figures    Figures                `json:"figures"`
	Sessions   []organization.Session `json:"-"`
	Categories []profile.Coded        `json:"-"`
	Classes    []profile.Coded        `json:"-"` // of replies
	Units      []Unit                 `json:"-"`
	Width      int                    `json:"-"` // digits of a number
}

// pageSize is the number of lines of a page.
const pageSize = 30

// List lists the proposals that somebody may see, with the exact total.
var List = app.Ask("proposal.list", scopeOf, func(l *app.Look, scope access.Scope, in ListIn) (Listed, error) {
	f := &finder{l: l, scope: scope, in: in, today: today(l).String()}
	if err := f.prepare(); err != nil {
		return Listed{}, err
	}
	if err := f.find(); err != nil {
		return Listed{}, fmt.Errorf("list proposals: %w", err)
	}
	return f.out, nil
})

// finder finds one page of the list.
type finder struct {
	l     *app.Look
	scope access.Scope
	in    ListIn
	today string
	from  cursor
	whole []State // every proposal in these states may be seen; nil: see the scope
	want  []State // the filter's states
	cells []cell  // totals of the session, when whole
	out   Listed
}

// prepare checks the filters and reads what the page needs beside the lines.
func (f *finder) prepare() error {
	if err := f.check(); err != nil {
		return err
	}
	rules, _, err := profile.Current(f.l)
	if err != nil {
		return err
	}
	f.out.Categories, f.out.Classes, f.out.Width = rules.Proposal.Categories, rules.Handling.Classes, rules.Proposal.NumberWidth
	if f.out.Sessions, err = organization.Sessions(f.l); err != nil {
		return err
	}
	f.whole = wholeOf(f.l.Who())
	if f.whole != nil {
		if f.out.Units, err = unitsByName(f.l); err != nil {
			return err
		}
	}
	return f.choose()
}

// unitsByName are the units of the filter: every list reads them, so only what
// it shows.
func unitsByName(l *app.Look) ([]Unit, error) {
	list, err := store.List(l.Ctx(), l.Tx(), scanUnit, "SELECT id, name FROM body WHERE committee_id = ? AND kind = ? AND valid_to IS NULL ORDER BY sort, id",
		l.Who().CommitteeID, string(organization.Unit))
	if err != nil {
		return nil, fmt.Errorf("list the units: %w", err)
	}
	return list, nil
}

func scanUnit(r store.Row, u *Unit) error { return r.Scan(&u.ID, &u.Name) }

const longestQuery = 50

func (f *finder) check() error {
	in := &f.in
	in.Q = strings.TrimSpace(in.Q)
	var p fault.Problems
	p.Check(in.State == "" || statesOf(in.State) != nil, "state", "proposal.list.bad-filter")
	p.Check(in.Timing == "" || in.Timing == organization.InSession || in.Timing == organization.Intersession, "timing", "proposal.list.bad-filter")
	p.Check(utf8.RuneCountInString(in.Q) <= longestQuery, "q", "proposal.list.long-query", "max", longestQuery)
	p.Check(in.Sort == "" || slices.Contains([]string{Newest, ByNumber, ByDue}, in.Sort), "sort", "proposal.list.bad-filter")
	if in.Sort == "" {
		in.Sort = Newest
	}
	var err error
	f.from, err = readCursor(in.After, in.Sort)
	p.Check(err == nil, "after", "proposal.list.bad-cursor")
	return p.Err()
}

// choose settles which session and states are listed. A session of another
// committee is as good as none.
func (f *finder) choose() error {
	in := &f.in
	at := func(id string) bool {
		return slices.ContainsFunc(f.out.Sessions, func(s organization.Session) bool { return s.ID == id })
	}
	if in.Session == "" && f.whole != nil {
		s, err := organization.SessionAt(f.l, f.l.Now())
		if err != nil && !errors.Is(err, organization.ErrNoSession) {
			return err
		}
		in.Session = s.ID
	}
	if in.Session != "" && !at(in.Session) {
		return fault.New(fault.NotFound, "fault.not-found")
	}
	f.out.Session = in.Session
	f.want = statesOf(in.State)
	// Drafts and what somebody entered himself are few, and found by scope alone.
	if f.whole != nil && (in.Mine || in.State == string(Draft)) {
		f.whole = nil
	}
	if f.whole == nil {
		return nil
	}
	if f.want == nil {
		f.want = f.whole
	}
	f.want = slices.DeleteFunc(slices.Clone(f.want), func(s State) bool { return !slices.Contains(f.whole, s) })
	return nil
}

func (f *finder) find() error {
	if wholeOf(f.l.Who()) != nil {
		var err error
		if f.cells, err = cellsOf(f.l, f.in.Session); err != nil {
			return err
		}
	}
	if err := f.figures(); err != nil {
		return err
	}
	if err := f.lines(); err != nil {
		return err
	}
	return f.total()
}

// residual are the filters that no total is kept for.
func (f *finder) residual() []store.Fragment {
	in, list := f.in, []store.Fragment{}
	if in.Kind != "" {
		list = append(list, store.F("p.kind = ?", in.Kind))
	}
	if in.Timing != "" {
		list = append(list, store.F("p.timing = ?", in.Timing))
	}
	if in.Unit != "" {
		// The second half lets the index of units be used.
		list = append(list, store.F("p.lead_unit_id = ? AND p.lead_unit_id <> ''", in.Unit))
	}
	if in.Late {
		list = append(list, store.F("p.due_on < ?", f.today))
	}
	if in.Key {
		list = append(list, store.F("p.key_year > 0")) // the index of the few key proposals says the same
	}
	if in.Mine {
		list = append(list, store.F("p.author_id = ? OR p.entered_by = ? AND p.entered_by <> ''", f.l.Who().PersonID, f.l.Who().PersonID))
	}
	if in.Q != "" {
		list = append(list, searched(in.Q))
	}
	return list
}

// searched is the condition of the search field.
func searched(q string) store.Fragment {
	like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(q)) + "%"
	words := store.F(`LOWER(p.title) LIKE ? ESCAPE '\' OR LOWER(p.lead_name) LIKE ? ESCAPE '\'`, like, like)
	digits := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(q, "第"), "号"))
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return store.F("p.number = ? OR "+words.SQL, append([]any{n}, words.Args...)...)
	}
	return words
}

// common are the conditions of every query of the list but category and state.
func (f *finder) common(more ...store.Fragment) []store.Fragment {
	scope := f.scope
	if f.whole != nil {
		scope = wholeScope(f.l.Who())
	}
	list := []store.Fragment{store.F(scope.SQL(), scope.Args()...)}
	if f.in.Session != "" {
		list = append(list, store.F("p.session_id = ?", f.in.Session))
	}
	return append(append(list, f.residual()...), more...)
}

// chosen are the conditions on category and state.
func (f *finder) chosen() []store.Fragment {
	var list []store.Fragment
	if f.in.Category != "" {
		list = append(list, store.F("p.category = ?", f.in.Category))
	}
	if len(f.want) > 0 && (f.whole == nil || len(f.want) < len(f.whole)) {
		list = append(list, inStates(f.want))
	}
	return list
}

func inStates(states []State) store.Fragment {
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = string(s)
	}
	if len(names) == 1 {
		return store.F("p.state = ?", names[0])
	}
	return store.In("p.state", names...)
}

// total is the exact number of proposals that the filters leave.
func (f *finder) total() error {
	rest := len(f.residual()) > 0
	if f.whole != nil && !rest {
		f.out.Total = sum(f.cells, f.in.Category, f.want)
		return nil
	}
	if f.whole != nil && f.lateOnly() {
		f.out.Total = f.out.Figures.Late
		return nil
	}
	if f.in.After == "" && f.out.Next == "" {
		f.out.Total = len(f.out.Lines) // everything is on this page
		return nil
	}
	where := f.common(f.chosen()...)
	if f.whole != nil && f.in.Late {
		// Naming the cells lets the index of due dates be used.
		where = append(where, f.named(f.want)...)
	}
	w := store.And(where...)
	return f.l.Tx().Row(f.l.Ctx(), "SELECT COUNT(*) FROM proposal p WHERE "+w.SQL, w.Args...).Scan(&f.out.Total)
}

// lateOnly reports whether overdue is the one filter that is set.
func (f *finder) lateOnly() bool {
	return f.in.Late && len(f.residual()) == 1 && f.in.Category == "" && len(f.want) == len(f.whole)
}

// named are the categories and states of the cells, by name.
func (f *finder) named(states []State) []store.Fragment {
	var categories []string
	for _, c := range matching(f.cells, f.in.Category, states) {
		if !slices.Contains(categories, c.category) {
			categories = append(categories, c.category)
		}
	}
	slices.Sort(categories)
	return []store.Fragment{store.In("p.category", categories...), inStates(states)}
}

// figures fills the totals above the list.
func (f *finder) figures() error {
	who := f.l.Who()
	states := wholeOf(who)
	if states == nil {
		return f.counted()
	}
	x := &f.out.Figures
	x.Submitted = sum(f.cells, "", states)
	x.Filed = sum(f.cells, "", filedStates())
	x.Open = sum(f.cells, "", openStates())
	x.Closed = sum(f.cells, "", []State{Closed})
	if !who.Is(access.Leader) {
		var err error
		x.Late, err = lateIn(f.l, f.in.Session, f.today)
		return err
	}
	// A leader sees no submissions, which may be late too.
	plain := &finder{l: f.l, scope: f.scope, in: ListIn{Session: f.in.Session, Late: true}, today: f.today, whole: f.whole, cells: f.cells}
	w := store.And(append(plain.common(), plain.named(openStates())...)...)
	return f.l.Tx().Row(f.l.Ctx(), "SELECT COUNT(*) FROM proposal p WHERE "+w.SQL, w.Args...).Scan(&x.Late)
}

type counts struct {
	state   State
	n, late int
}

// counted counts within a scope that holds some proposals only.
func (f *finder) counted() error {
	w := store.And(store.F(f.scope.SQL(), f.scope.Args()...), store.F("p.state <> 'draft'"))
	if f.in.Session != "" {
		w = store.And(w, store.F("p.session_id = ?", f.in.Session))
	}
	list, err := store.List(f.l.Ctx(), f.l.Tx(), func(r store.Row, c *counts) error { return r.Scan(&c.state, &c.n, &c.late) },
		"SELECT p.state, COUNT(*), SUM(CASE WHEN p.due_on < ? THEN 1 ELSE 0 END) FROM proposal p WHERE "+w.SQL+" GROUP BY p.state",
		append([]any{f.today}, w.Args...)...)
	if err != nil {
		return err
	}
	x := &f.out.Figures
	for _, c := range list {
		x.Submitted += c.n
		x.Late += c.late
		if c.state.IsFiled() {
			x.Filed += c.n
		}
		if slices.Contains(openStates(), c.state) {
			x.Open += c.n
		}
		if c.state == Closed {
			x.Closed += c.n
		}
	}
	return nil
}
