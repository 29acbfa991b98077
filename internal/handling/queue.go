package handling

import (
	"fmt"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// QueueIn asks for a page of what waits for dispatch.
type QueueIn struct {
	AtDesks bool   `json:"at_desks,omitempty"` // for the office: what waits at the supervision offices
	After   string `json:"after,omitempty"`
}

// Waits is a case that waits for dispatch.
type Waits struct {
	Kind      string     `json:"kind"`
	ID        string     `json:"id"`
	Number    string     `json:"number"`
	Title     string     `json:"title"`
	Category  string     `json:"category,omitempty"`
	Proposer  string     `json:"proposer"`
	Since     store.Time `json:"since"`
	Held      int        `json:"held"` // working days
	DeskName  string     `json:"desk_name,omitempty"`
	Note      string     `json:"note,omitempty"`
	Proposed  []UnitRole `json:"proposed,omitempty"`  // by the office
	Suggested []UnitRole `json:"suggested,omitempty"` // by the proposer

	key string
}

// Queue is a page of what waits for dispatch, the oldest first.
type Queue struct {
	Waits   []Waits             `json:"cases"`
	Total   int                 `json:"total"`
	AtDesks int                 `json:"at_desks"` // for the office
	Next    string              `json:"next,omitempty"`
	Units   []organization.Body `json:"-"`
	Desks   []organization.Body `json:"-"`
}

// queueScope is what waits (alias q: since, key and desk) for somebody: at his
// own supervision office, or anywhere for the office.
func queueScope(who access.Actor) access.Scope {
	all := access.Committee("q.committee_id", who.CommitteeID)
	switch {
	case office(who):
		return all
	case who.Is(access.Dispatcher):
		return all.And("q.desk_id = ?", who.Post.BodyID)
	default:
		return access.Nothing()
	}
}

// queued are the waiting cases as one table: at the office, or at desks.
const (
	atOffice = `(SELECT h.committee_id, h.case_kind, h.case_id, h.number, h.title, h.opened_at AS since, '' AS desk_id, '' AS desk_name, '[]' AS units, '' AS note
		FROM handling_case h WHERE h.committee_id = ? AND h.holder = '` + HeldByOffice + `') q`
	atDesks = `(SELECT r.committee_id, r.case_kind, r.case_id, h.number, h.title, r.at AS since, r.desk_id, r.desk_name, r.units, r.note
		FROM handling_route r JOIN handling_case h ON h.case_kind = r.case_kind AND h.case_id = r.case_id WHERE r.committee_id = ? AND r.done_at IS NULL) q`
)

const queueSize = 20

// RouteQueue lists the cases that wait for dispatch.
var RouteQueue = app.Ask("assignment.route-queue", queueScope, func(l *app.Look, s access.Scope, in QueueIn) (Queue, error) {
	from := atDesks
	if office(l.Who()) && !in.AtDesks {
		from = atOffice
	}
	out, err := queue(l, s, from, in.After, queueSize)
	if err != nil {
		return out, err
	}
	if office(l.Who()) {
		if out.AtDesks, err = waitingIn(l, s, atDesks); err != nil {
			return out, err
		}
		if out.Desks, err = organization.Bodies(l, organization.SupervisionParty, organization.SupervisionGovernment); err != nil {
			return out, err
		}
	}
	return out, complement(l, &out)
})

func waitingIn(l *app.Look, s access.Scope, from string) (n int, err error) {
	args := append([]any{l.Who().CommitteeID}, s.Args()...)
	if err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM "+from+" WHERE "+s.SQL(), args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count what waits for dispatch: %w", err)
	}
	return n, nil
}

func queue(l *app.Look, s access.Scope, from, after string, most int) (Queue, error) {
	cursor, ok := readCursor(after)
	if !ok {
		return Queue{}, fault.Field("after", "handling.list.cursor")
	}
	where := store.F(s.SQL(), s.Args()...)
	if after != "" {
		since, err := strconv.ParseInt(cursor[0], 10, 64)
		if err != nil {
			return Queue{}, fault.Field("after", "handling.list.cursor")
		}
		where = store.And(where, store.F("(q.since, q.case_id) > (?, ?)", since, cursor[1]))
	}
	q := store.Join(store.F("SELECT q.case_kind, q.case_id, q.number, q.title, q.since, q.desk_name, q.units, q.note FROM "+from+" WHERE", l.Who().CommitteeID), where,
		store.F("ORDER BY q.since, q.case_id LIMIT ?", most+1))
	list, err := store.List(l.Ctx(), l.Tx(), scanWaits, q.SQL, q.Args...)
	if err != nil {
		return Queue{}, fmt.Errorf("list what waits for dispatch: %w", err)
	}
	out := Queue{Waits: list}
	if len(list) > most {
		out.Waits = list[:most]
		last := list[most-1]
		out.Next = cursorOf(strconv.FormatInt(last.Since.UnixMilli(), 10), last.ID)
	}
	out.Total, err = waitingIn(l, s, from)
	return out, err
}

func scanWaits(r store.Row, w *Waits) error {
	return r.Scan(&w.Kind, &w.ID, &w.Number, &w.Title, &w.Since, &w.DeskName, &w.key, &w.Note)
}

// complement adds what the domain knows of each case: proposer, category, and
// the units that were suggested.
func complement(l *app.Look, out *Queue) error {
	k, err := clockNow(l)
	if err != nil {
		return err
	}
	if out.Units, err = organization.Bodies(l, organization.Unit); err != nil {
		return err
	}
	names := map[string]string{}
	for _, u := range out.Units {
		names[u.ID] = u.Name
	}
	for i := range out.Waits {
		w := &out.Waits[i]
		if err := unpack(w.key, &w.Proposed); err != nil {
			return err
		}
		w.Held = k.held(w.Since)
		c, err := CaseOf(l, w.Kind, w.ID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		w.Category = c.Category
		var people []string
		for _, p := range c.Proposers {
			people = append(people, p.Name)
		}
		w.Proposer = joined(people)
		for _, id := range c.Suggested {
			if names[id] != "" {
				w.Suggested = append(w.Suggested, UnitRole{Unit: id, Name: names[id]})
			}
		}
	}
	return nil
}
