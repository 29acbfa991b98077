package notify

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/organization"
)

// Holders are the ids of the people who hold a post of one of the kinds today,
// in a body of the actor's committee, or in any body when bodyID is "".
func Holders(l *app.Look, bodyID string, kinds ...access.PostKind) ([]string, error) {
	holders, err := organization.Holders(l, l.Who().CommitteeID, bodyID, kinds...)
	if err != nil {
		return nil, fmt.Errorf("find who is to be told: %w", err)
	}
	var list []string
	for _, h := range holders {
		if !slices.Contains(list, h.PersonID) {
			list = append(list, h.PersonID)
		}
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
