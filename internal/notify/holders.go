package notify

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/store"
)

// Holders are the ids of the people who hold a post of one of the kinds today,
// in a body of the actor's committee, or in any body when bodyID is "".
func Holders(l *app.Look, bodyID string, kinds ...access.PostKind) ([]string, error) {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	day := calendar.DateOf(l.Now().Time, calendar.Beijing).String()
	q := store.Join(store.F("SELECT DISTINCT person_id FROM post WHERE"),
		store.And(store.F("committee_id = ?", l.Who().CommitteeID), when(bodyID != "", store.F("body_id = ?", bodyID)), store.In("kind", names...),
			store.F("valid_from <= ? AND (valid_to IS NULL OR valid_to >= ?)", day, day)),
		store.F("ORDER BY person_id"))
	list, err := store.List(l.Ctx(), l.Tx(), store.Column[string], q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("find who is to be told: %w", err)
	}
	return list, nil
}

// People adds the conveners of organisations to people.
func People(l *app.Look, people, bodies []string) ([]string, error) {
	list := append([]string(nil), people...)
	for _, b := range bodies {
		if b == "" {
			continue // a body without an id is no body, and not every body
		}
		more, err := Holders(l, b, access.Convener)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}
