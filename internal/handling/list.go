package handling

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

// Filters of the list of assignments beside single states.
const (
	OpenOnes = "open" // not answered yet
	LateOnes = "late" // and overdue
	ToSignOf = "signing"
)

// ListIn are the filters of the list of assignments.
type ListIn struct {
	State string `json:"state,omitempty"` // a State, open, late or signing (a reply waits for sign-off); open without it
	All   bool   `json:"all,omitempty"`   // every state
	Unit  string `json:"unit,omitempty"`  // for the office and the supervision offices
	Role  Role   `json:"role,omitempty"`
	Q     string `json:"q,omitempty"` // a part of number or title
	After string `json:"after,omitempty"`
}

// Line is an assignment in the list.
type Line struct {
	ID           string     `json:"id"`
	CaseKind     string     `json:"case_kind"`
	CaseID       string     `json:"case_id"`
	Number       string     `json:"number"`
	Title        string     `json:"title"`
	UnitID       string     `json:"unit_id"`
	UnitName     string     `json:"unit_name"`
	Role         Role       `json:"role"`
	State        State      `json:"state"`
	ReplyState   ReplyState `json:"reply_state,omitempty"` // only for the unit itself
	DispatchedAt store.Time `json:"dispatched_at"`
	Since        store.Time `json:"since"` // of the present state
	SignBy       string     `json:"sign_by,omitempty"`
	DueOn        string     `json:"due_on,omitempty"`
	Left         int        `json:"left"` // working days until what is awaited now
	Late         bool       `json:"late,omitempty"`
}

// Tally are the exact totals of the tabs, whatever the filters.
type Tally struct {
	Unsigned int `json:"unsigned"`
	Signed   int `json:"signed"`
	Late     int `json:"late"`
	Answered int `json:"answered"`
}

// Open is the number of those not answered yet.
func (t Tally) Open() int { return t.Unsigned + t.Signed }

// Listed is a page of the list, the most urgent first.
type Listed struct {
	Lines []Line `json:"assignments"`
	Total int    `json:"total"`
	Next  string `json:"next,omitempty"`
	Tally Tally  `json:"tally"`
}

const pageSize = 30

// scopeOf is the part of table assignment (alias a) that somebody may see:
// a unit its own, a supervision office what it dispatched, the office all.
func scopeOf(who access.Actor) access.Scope {
	all := access.Committee("a.committee_id", who.CommitteeID)
	switch {
	case office(who), who.Is(access.Leader, access.Reviewer, access.System):
		return all
	case who.Is(access.Dispatcher):
		return all.And("a.desk_id = ?", who.Post.BodyID)
	case unitPost(who):
		return all.And("a.unit_id = ?", who.Post.BodyID)
	default:
		return access.Nothing()
	}
}

// List lists what units have to do: for a unit its own, for a supervision
// office what it dispatched.
var List = app.Ask("assignment.list", scopeOf, func(l *app.Look, s access.Scope, in ListIn) (Listed, error) {
	f := &lister{l: l, mine: store.F(s.SQL()+" AND a.state <> 'changed'", s.Args()...), in: in}
	if err := f.check(); err != nil {
		return Listed{}, err
	}
	if err := f.find(); err != nil {
		return Listed{}, fmt.Errorf("list assignments: %w", err)
	}
	return f.out, nil
})

type lister struct {
	l      *app.Look
	mine   store.Fragment
	in     ListIn
	k      *clockOf
	cursor [2]string // due date and id
	out    Listed
}

const longestQuery = 50

func (f *lister) check() error {
	f.in.Q = strings.TrimSpace(f.in.Q)
	var p fault.Problems
	known := []string{"", OpenOnes, LateOnes, ToSignOf, string(Sent), string(SignedFor), string(Answered)}
	p.Check(slices.Contains(known, f.in.State), "state", "handling.list.filter")
	p.Check(f.in.Role == "" || slices.Contains(Roles(), f.in.Role), "role", "handling.list.filter")
	p.Check(utf8.RuneCountInString(f.in.Q) <= longestQuery, "q", "handling.too-long", "max", longestQuery)
	var ok bool
	f.cursor, ok = readCursor(f.in.After)
	p.Check(ok, "after", "handling.list.cursor")
	if f.in.State == "" && !f.in.All {
		f.in.State = OpenOnes
	}
	var err error
	if f.k, err = clockNow(f.l); err != nil {
		return err
	}
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

// filters are the conditions of the list but the cursor.
func (f *lister) filters() store.Fragment {
	list := []store.Fragment{f.mine}
	today := f.k.today.String()
	switch f.in.State {
	case OpenOnes:
		list = append(list, store.F("a.state IN ('dispatched', 'signed')"))
	case LateOnes:
		list = append(list, store.F("a.state = 'signed' AND a.due_on < ? OR a.state = 'dispatched' AND (a.due_on < ? OR a.sign_by < ?)", today, today, today))
	case ToSignOf:
		list = append(list, store.F("a.state = 'signed' AND EXISTS (SELECT 1 FROM reply r WHERE r.assignment_id = a.id AND r.state = 'signing')"))
	case "":
	default:
		list = append(list, store.F("a.state = ?", f.in.State))
	}
	if f.in.Unit != "" {
		list = append(list, store.F("a.unit_id = ?", f.in.Unit))
	}
	if f.in.Role != "" {
		list = append(list, store.F("a.role = ?", string(f.in.Role)))
	}
	if f.in.Q != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(f.in.Q)) + "%"
		list = append(list, store.F(`LOWER(h.title) LIKE ? ESCAPE '\' OR LOWER(h.number) LIKE ? ESCAPE '\'`, like, like))
	}
	return store.And(list...)
}

const fromAssignments = "FROM assignment a JOIN handling_case h ON h.case_kind = a.case_kind AND h.case_id = a.case_id WHERE"

func (f *lister) find() error {
	where := f.filters()
	page := where
	if f.in.After != "" {
		page = store.And(where, store.F("(a.due_on, a.id) > (?, ?)", f.cursor[0], f.cursor[1]))
	}
	q := store.Join(store.F(`SELECT a.id, a.case_kind, a.case_id, h.number, h.title, a.unit_id, a.unit_name, a.role, a.state, a.dispatched_at,
		CASE WHEN a.state = 'answered' THEN a.answered_at WHEN a.state = 'signed' THEN a.signed_at ELSE a.dispatched_at END, a.sign_by, a.due_on,
		COALESCE((SELECT r.state FROM reply r WHERE r.assignment_id = a.id ORDER BY r.round DESC LIMIT 1), '') `+fromAssignments), page, store.F("ORDER BY a.due_on, a.id LIMIT ?", pageSize+1))
	list, err := store.List(f.l.Ctx(), f.l.Tx(), f.scan, q.SQL, q.Args...)
	if err != nil {
		return err
	}
	if len(list) > pageSize {
		list = list[:pageSize]
		last := list[pageSize-1]
		f.out.Next = cursorOf(dated(last.DueOn), last.ID)
	}
	f.out.Lines = list
	total := store.Join(store.F("SELECT COUNT(*) "+fromAssignments), where)
	if err := f.l.Tx().Row(f.l.Ctx(), total.SQL, total.Args...).Scan(&f.out.Total); err != nil {
		return err
	}
	return f.tally()
}

func (f *lister) scan(r store.Row, x *Line) error {
	if err := r.Scan(&x.ID, &x.CaseKind, &x.CaseID, &x.Number, &x.Title, &x.UnitID, &x.UnitName, &x.Role, &x.State, &x.DispatchedAt, &x.Since, &x.SignBy, &x.DueOn, &x.ReplyState); err != nil {
		return err
	}
	if x.DueOn == never {
		x.DueOn = ""
	}
	if !unitPost(f.l.Who()) && x.ReplyState != Issued {
		x.ReplyState = ""
	}
	switch x.State {
	case Sent:
		x.Left, x.Late = f.k.left(x.SignBy)
	case SignedFor:
		x.Left, x.Late = f.k.left(x.DueOn)
	}
	return nil
}

func (f *lister) tally() error {
	today := f.k.today.String()
	q := store.Join(store.F(`SELECT COUNT(*) FILTER (WHERE a.state = 'dispatched'), COUNT(*) FILTER (WHERE a.state = 'signed'),
		COUNT(*) FILTER (WHERE a.state = 'signed' AND a.due_on < ? OR a.state = 'dispatched' AND (a.due_on < ? OR a.sign_by < ?)),
		COUNT(*) FILTER (WHERE a.state = 'answered') FROM assignment a WHERE`, today, today, today), f.mine)
	t := &f.out.Tally
	return f.l.Tx().Row(f.l.Ctx(), q.SQL, q.Args...).Scan(&t.Unsigned, &t.Signed, &t.Late, &t.Answered)
}
