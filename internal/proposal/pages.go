package proposal

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"tongxin/internal/store"
)

// cursor is where a page of the list begins: after this line of this sort.
type cursor struct {
	Sort   string `json:"s"`
	ID     string `json:"i"`
	Due    string `json:"d,omitempty"`
	Number int64  `json:"n,omitempty"` // 0 in the part without number
}

var errCursor = errors.New("not a cursor of this list")

// readCursor reads what a page gave as its next one. It decides nothing but
// where to begin: what may be seen is the scope's business.
func readCursor(text, sort string) (cursor, error) {
	var c cursor
	if text == "" {
		return c, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) > 300 || json.Unmarshal(raw, &c) != nil {
		return cursor{}, errCursor
	}
	if c.Sort != sort || c.ID == "" || len(c.ID) > 40 || (sort == ByDue) != (len(c.Due) == 10) {
		return cursor{}, errCursor
	}
	return c, nil
}

func (c cursor) String() string {
	raw, err := json.Marshal(c)
	if err != nil {
		panic(err) // a struct of texts and a number always encodes
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// order is one way through an index: the key's columns, and where to begin.
type order struct {
	by    string         // ORDER BY of alias p
	key   string         // columns of the key beside id, for the merge of cells
	merge string         // ORDER BY of the merged keys
	from  store.Fragment // keyset condition
	only  []State        // the part of the list this order goes through; nil: all of it
}

// orders are the parts of the list in the order in which they are shown, from
// where the page begins.
func (f *finder) orders() []order {
	c := f.from
	switch f.in.Sort {
	case ByDue:
		o := order{by: "p.due_on, p.id", key: "p.due_on AS k", merge: "k, id"}
		if c.ID != "" {
			o.from = store.F("(p.due_on, p.id) > (?, ?)", c.Due, c.ID)
		}
		return []order{o}
	case ByNumber:
		return f.numbered()
	default:
		o := order{by: "p.id DESC", key: "0 AS k", merge: "id DESC"}
		if c.ID != "" {
			o.from = store.F("p.id < ?", c.ID)
		}
		return []order{o}
	}
}

// numbered shows what has a number, then what has none, newest first.
func (f *finder) numbered() []order {
	c := f.from
	one := order{by: "p.number, p.id", key: "p.number AS k", merge: "k, id", from: store.F("p.number IS NOT NULL"), only: filedStates()}
	if f.whole != nil {
		one.by = "p.number" // within a session nothing shares a number
	}
	unfiled := slices.DeleteFunc(States(), State.IsFiled)
	two := order{by: "p.id DESC", key: "0 AS k", merge: "id DESC", from: store.F("p.number IS NULL"), only: unfiled}
	switch {
	case c.ID == "":
		return []order{one, two}
	case c.Number > 0 && f.whole != nil:
		one.from = store.F("p.number IS NOT NULL AND p.number > ?", c.Number)
		return []order{one, two}
	case c.Number > 0:
		one.from = store.F("p.number IS NOT NULL AND (p.number, p.id) > (?, ?)", c.Number, c.ID)
		return []order{one, two}
	default:
		two.from = store.F("p.number IS NULL AND p.id < ?", c.ID)
		return []order{two}
	}
}

// lines reads the page, and one line more to know whether there is a next one.
func (f *finder) lines() error {
	for _, o := range f.orders() {
		more, err := f.part(o, pageSize+1-len(f.out.Lines))
		if err != nil {
			return err
		}
		f.out.Lines = append(f.out.Lines, more...)
		if len(f.out.Lines) > pageSize {
			break
		}
	}
	if len(f.out.Lines) > pageSize {
		f.out.Lines = f.out.Lines[:pageSize]
		f.out.Next = f.after(f.out.Lines[pageSize-1]).String()
	}
	return nil
}

func (f *finder) after(x Line) cursor {
	c := cursor{Sort: f.in.Sort, ID: x.ID}
	switch f.in.Sort {
	case ByDue:
		if c.Due = x.DueOn; c.Due == "" {
			c.Due = Never
		}
	case ByNumber:
		c.Number = x.Number
	}
	return c
}

// part reads up to n lines of one order: by one walk through an index, or as
// the merge of the walks through a few cells.
func (f *finder) part(o order, n int) ([]Line, error) {
	if f.whole == nil {
		return f.walk(o, n, f.chosen())
	}
	states := f.want
	if o.only != nil {
		states = slices.DeleteFunc(slices.Clone(states), func(s State) bool { return !slices.Contains(o.only, s) })
	}
	everything := f.in.Category == "" && len(f.want) == len(f.whole) && (o.only == nil || o.only[0] == Filed)
	if everything || f.in.Unit != "" || f.in.Key {
		return f.walk(o, n, f.chosen())
	}
	switch cells := matching(f.cells, f.in.Category, states); len(cells) {
	case 0:
		return nil, nil
	case 1:
		return f.walk(o, n, []store.Fragment{store.F("p.category = ? AND p.state = ?", cells[0].category, string(cells[0].state))})
	default:
		return f.merge(o, n, cells)
	}
}

func (f *finder) walk(o order, n int, more []store.Fragment) ([]Line, error) {
	w := store.And(f.common(append(more, o.from)...)...)
	q := store.Join(store.F("SELECT "+lineColumns+" FROM proposal p WHERE"), w, store.F("ORDER BY "+o.by+" LIMIT ?", n))
	return store.List(f.l.Ctx(), f.l.Tx(), scanLine(f.today), q.SQL, q.Args...)
}

// merge takes the first n keys of each cell from its index, orders them
// together, and reads only the lines that are shown.
func (f *finder) merge(o order, n int, cells []cell) ([]Line, error) {
	var arms []store.Fragment
	for _, c := range cells {
		arms = append(arms, f.arm(o, n, c))
	}
	keys := joined(arms, " UNION ALL ")
	// CROSS JOIN keeps SQLite from beginning with the table.
	q := store.Join(store.F("SELECT "+lineColumns+" FROM (SELECT id, k FROM ("), keys, store.F(") AS u ORDER BY "+o.merge+" LIMIT ?) AS m CROSS JOIN proposal p WHERE p.id = m.id AND", n),
		store.F("("+f.scope.SQL()+")", f.scope.Args()...), store.F("ORDER BY "+o.by))
	return store.List(f.l.Ctx(), f.l.Tx(), scanLine(f.today), q.SQL, q.Args...)
}

// arm is the walk through one cell, which never holds drafts.
func (f *finder) arm(o order, n int, c cell) store.Fragment {
	where := []store.Fragment{store.F("p.committee_id = ? AND p.session_id = ? AND p.category = ? AND p.state = ?",
		f.l.Who().CommitteeID, f.in.Session, c.category, string(c.state))}
	where = append(append(where, f.residual()...), o.from)
	return store.Join(store.F("SELECT id, k FROM (SELECT p.id, "+o.key+" FROM proposal p WHERE"), store.And(where...), store.F("ORDER BY "+o.by+" LIMIT ?) AS a", n))
}

func joined(list []store.Fragment, word string) store.Fragment {
	texts := make([]string, len(list))
	var args []any
	for i, x := range list {
		texts[i] = x.SQL
		args = append(args, x.Args...)
	}
	return store.Fragment{SQL: strings.Join(texts, word), Args: args}
}
