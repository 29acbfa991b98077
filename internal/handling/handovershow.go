package handling

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// OrderedLine is a hand-over in the list of the latest.
type OrderedLine struct {
	ID     string     `json:"id"`
	From   string     `json:"from"`
	To     string     `json:"to"`
	Cause  string     `json:"cause"`
	At     store.Time `json:"at"`
	DoneAt store.Time `json:"done_at"`
	Total  int        `json:"total"`
	Done   int        `json:"done"`
}

// latestOrders lists the latest hand-overs as far as somebody may see any of
// their cases.
func latestOrders(l *app.Look) ([]OrderedLine, error) {
	who := l.Who()
	where := store.F("o.committee_id = ?", who.CommitteeID)
	if who.Is(access.Dispatcher) {
		where = store.And(where, store.F(`EXISTS (SELECT 1 FROM hand_over_row y JOIN assignment x ON x.id = y.assignment_id WHERE y.hand_over_id = o.id AND x.desk_id = ?)`, who.Post.BodyID))
	}
	q := store.Join(store.F(`SELECT o.id, o.from_name, o.to_name, o.cause, o.at, o.done_at, (SELECT COUNT(*) FROM hand_over_row y WHERE y.hand_over_id = o.id),
		(SELECT COUNT(*) FROM hand_over_row y WHERE y.hand_over_id = o.id AND y.outcome <> '') FROM hand_over o WHERE`), where, store.F("ORDER BY o.at DESC, o.id DESC LIMIT 10"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *OrderedLine) error {
		return r.Scan(&x.ID, &x.From, &x.To, &x.Cause, &x.At, &x.DoneAt, &x.Total, &x.Done)
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list hand-overs: %w", err)
	}
	return list, nil
}

// HandOverID names an order.
type HandOverID struct {
	ID string `json:"id"`
}

// HandOverShown is an order and what became of each case.
type HandOverShown struct {
	ID        string         `json:"id"`
	FromID    string         `json:"from_id"`
	From      string         `json:"from"`
	ToID      string         `json:"to_id"`
	To        string         `json:"to"`
	Cause     string         `json:"cause"`
	Reason    string         `json:"reason,omitempty"`
	Reference string         `json:"reference,omitempty"`
	At        store.Time     `json:"at"`
	DoneAt    store.Time     `json:"done_at"`
	Waiting   int            `json:"waiting"`
	Total     int            `json:"total"`
	Rows      []HandOverStep `json:"rows"` // at most 300
}

// HandOverStep is what became of one case of an order.
type HandOverStep struct {
	AssignmentID string `json:"assignment_id"`
	CaseKind     string `json:"case_kind"`
	CaseID       string `json:"case_id"`
	Number       string `json:"number"`
	Title        string `json:"title"`
	Unit         string `json:"unit"` // that has it now
	Role         Role   `json:"role"`
	DueOn        string `json:"due_on,omitempty"`
	Outcome      string `json:"outcome"` // "" while it waits
}

// ShowHandOver shows an order and what became of each case, as far as one may
// hand work over.
var ShowHandOver = app.Ask("hand-over.show", planners, func(l *app.Look, s access.Scope, in HandOverID) (HandOverShown, error) {
	var out HandOverShown
	o, err := orderOf(l, in.ID)
	if err != nil {
		return out, err
	}
	out = HandOverShown{ID: o.ID, FromID: o.FromID, From: o.FromName, ToID: o.ToID, To: o.ToName, Cause: o.Cause, Reason: o.Reason, Reference: o.Reference, At: o.At, DoneAt: o.DoneAt}
	from := store.Join(store.F("FROM hand_over_row y JOIN assignment x ON x.id = y.assignment_id"+theCase+"WHERE"), store.And(store.F("y.hand_over_id = ?", o.ID), store.F(s.SQL(), s.Args()...)))
	q := store.Join(store.F("SELECT COUNT(*), COUNT(*) FILTER (WHERE y.outcome = '')"), from)
	if err := l.Tx().Row(l.Ctx(), q.SQL, q.Args...).Scan(&out.Total, &out.Waiting); err != nil {
		return out, fmt.Errorf("count the cases of hand-over %s: %w", o.ID, err)
	}
	if out.Total == 0 && !office(l.Who()) {
		return HandOverShown{}, missing()
	}
	q = store.Join(store.F("SELECT x.id, x.case_kind, x.case_id, h.number, h.title, CASE WHEN x.successor_id <> '' THEN x.successor_name ELSE x.unit_name END, x.role, x.due_on, y.outcome"),
		from, store.F("ORDER BY x.due_on, x.id LIMIT ?", plannedAtMost))
	out.Rows, err = store.List(l.Ctx(), l.Tx(), func(r store.Row, x *HandOverStep) error {
		err := r.Scan(&x.AssignmentID, &x.CaseKind, &x.CaseID, &x.Number, &x.Title, &x.Unit, &x.Role, &x.DueOn, &x.Outcome)
		if x.DueOn == never {
			x.DueOn = ""
		}
		return err
	}, q.SQL, q.Args...)
	if err != nil {
		return out, fmt.Errorf("list the cases of hand-over %s: %w", o.ID, err)
	}
	return out, nil
})
