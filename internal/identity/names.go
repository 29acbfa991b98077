package identity

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/store"
)

type named struct{ id, name string }

// Names gives the names of people of the actor's committee, by id.
func Names(l *app.Look, ids ...string) (map[string]string, error) {
	if len(ids) == 0 {
		return map[string]string{}, nil
	}
	q := store.Join(store.F("SELECT id, name FROM person WHERE"), store.And(store.F("committee_id = ?", l.Who().CommitteeID), store.In("id", ids...)))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, n *named) error { return r.Scan(&n.id, &n.name) }, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	m := make(map[string]string, len(list))
	for _, n := range list {
		m[n.id] = n.name
	}
	return m, nil
}
