package supervision

import (
	"fmt"
	"slices"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/store"
)

// Which chases a list shows, beside AllOnes.
const (
	Unanswered = "open"
	Overdues   = "overdue"
	AnsweredBy = "answered"
)

// ChasesIn are the filters of the list of chases.
type ChasesIn struct {
	State string `json:"state,omitempty"` // open, overdue, answered, all; open without it
	Unit  string `json:"unit,omitempty"`
	After string `json:"after,omitempty"`
}

// ChasesOut is a page of the list, the latest first.
type ChasesOut struct {
	Chases  []Chase `json:"chases"`
	Total   int     `json:"total"`
	Open    int     `json:"open"`
	Overdue int     `json:"overdue"`
	Next    string  `json:"next,omitempty"`
}

// Chases lists chases: a unit those that it got, an office those about what it
// dispatched.
var Chases = app.Ask("chase.list", committeeScope, func(l *app.Look, _ access.Scope, in ChasesIn) (ChasesOut, error) {
	if !watches(l.Who()) {
		return ChasesOut{}, missing()
	}
	k, err := clockNow(l)
	if err != nil {
		return ChasesOut{}, err
	}
	if in.State == "" {
		in.State = Unanswered
	}
	f := &chaseLister{l: l, k: k, in: in, size: pageSize}
	if err := f.find(); err != nil {
		return ChasesOut{}, err
	}
	return f.out, f.count()
})

type chaseLister struct {
	l    *app.Look
	k    *clockOf
	in   ChasesIn
	size int
	mine store.Fragment
	out  ChasesOut
}

func (f *chaseLister) which(state string) store.Fragment {
	switch state {
	case Unanswered:
		return store.F("x.answered_at IS NULL")
	case Overdues:
		return store.F("x.answered_at IS NULL AND x.answer_by < ?", f.k.today.String())
	case AnsweredBy:
		return store.F("x.answered_at IS NOT NULL")
	default:
		return store.F("1 = 1")
	}
}

// find reads a page.
func (f *chaseLister) find() error {
	cursor, ok := readCursor(f.in.After)
	var p fault.Problems
	p.Check(ok, "after", "supervision.cursor")
	p.Check(slices.Contains([]string{Unanswered, Overdues, AnsweredBy, AllOnes}, f.in.State), "state", "supervision.filter")
	if err := p.Err(); err != nil {
		return err
	}
	var err error
	if f.mine, err = mine(f.l); err != nil {
		return err
	}
	if f.in.Unit != "" {
		f.mine = store.And(f.mine, store.F("x.unit_id = ?", f.in.Unit))
	}
	where := store.And(f.mine, f.which(f.in.State))
	if f.in.After != "" {
		at, err := strconv.ParseInt(cursor[0], 10, 64)
		if err != nil {
			return fault.Field("after", "supervision.cursor")
		}
		where = store.And(where, store.F("(x.sent_at, x.id) < (?, ?)", at, cursor[1]))
	}
	q := store.Join(store.F("SELECT "+chaseColumns+" FROM chase x WHERE"), where, store.F("ORDER BY x.sent_at DESC, x.id DESC LIMIT ?", f.size+1))
	list, err := store.List(f.l.Ctx(), f.l.Tx(), f.k.scanChase, q.SQL, q.Args...)
	if err != nil {
		return fmt.Errorf("list chases: %w", err)
	}
	if len(list) > f.size {
		list = list[:f.size]
		last := list[f.size-1]
		f.out.Next = cursorOf(strconv.FormatInt(last.SentAt.UnixMilli(), 10), last.ID)
	}
	f.out.Chases = list
	return nil
}

func (f *chaseLister) count() error {
	for _, x := range []struct {
		state string
		to    *int
	}{{f.in.State, &f.out.Total}, {Unanswered, &f.out.Open}, {Overdues, &f.out.Overdue}} {
		q := store.Join(store.F("SELECT COUNT(*) FROM chase x WHERE"), store.And(f.mine, f.which(x.state)))
		if err := f.l.Tx().Row(f.l.Ctx(), q.SQL, q.Args...).Scan(x.to); err != nil {
			return fmt.Errorf("count chases: %w", err)
		}
	}
	return nil
}

// Shown is one chase with what it is about and what may be done.
type Shown struct {
	Chase
	Items     []ChaseItem `json:"assignments"`
	Committee string      `json:"committee"` // its name, for the head of the letter
	May       struct {
		Receive bool `json:"receive"`
		Answer  bool `json:"answer"`
		OnPaper bool `json:"on_paper"` // entered by staff for a unit without account
		Again   bool `json:"again"`    // chase again
	} `json:"may"`
}

// ShowChase is one chase.
var ShowChase = app.Ask("chase.show", committeeScope, func(l *app.Look, _ access.Scope, in ReceiveIn) (Shown, error) {
	x, err := chaseOf(l, in.ID)
	if err != nil {
		return Shown{}, err
	}
	if !x.sees(l.Who()) {
		return Shown{}, missing()
	}
	out := Shown{Chase: *x}
	if out.Items, err = itemsOf(l, x.ID); err != nil {
		return Shown{}, err
	}
	if err := l.Tx().Row(l.Ctx(), "SELECT name FROM committee WHERE id = ?", x.committeeID).Scan(&out.Committee); err != nil {
		return Shown{}, fmt.Errorf("name the committee: %w", err)
	}
	may := byUnit(l.Who(), x).Allowed() && x.AnsweredAt.IsZero()
	out.May.Answer, out.May.Receive = may, may && x.ReceivedAt.IsZero()
	out.May.OnPaper = may && !x.ofUnit(l.Who())
	out.May.Again = x.keeps(l.Who()) && slices.ContainsFunc(out.Items, func(i ChaseItem) bool {
		return i.State == handling.Sent || i.State == handling.SignedFor
	})
	return out, nil
})
