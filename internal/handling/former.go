package handling

import "tongxin/internal/store"

// Former is a unit that had a part of the case until another took it over: the
// course of the case tells where it was, without the reasons that units and
// supervision offices gave each other.
type Former struct {
	UnitName     string     `json:"unit_name"`
	Role         Role       `json:"role"`
	DeskName     string     `json:"desk_name,omitempty"`
	DispatchedAt store.Time `json:"dispatched_at"`
	ValidTo      store.Time `json:"valid_to"`
}

func (m *Matter) former() []Former {
	var list []Former
	for _, a := range m.Assignments {
		if a.State == Changed {
			list = append(list, Former{a.UnitName, a.Role, a.DeskName, a.DispatchedAt, a.ValidTo})
		}
	}
	return list
}
