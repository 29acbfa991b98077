package proposal

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// KeyOpenIn opens the selection of a session; the year is that of its plenary
// when it is left out.
type KeyOpenIn struct {
	Session string `json:"session"`
	Year    int64  `json:"year,omitempty"`
}

// KeySelected is the answer of every act on a selection.
type KeySelected struct {
	ID      string   `json:"id"`
	Session string   `json:"session"`
	Year    int64    `json:"year"`
	State   KeyState `json:"state"`
	Version int64    `json:"version"`
}

func selected(s *KeySelection) KeySelected {
	return KeySelected{s.ID, s.SessionID, s.Year, s.State, s.Version}
}

// KeyOpen opens the selection of a session's key proposals (启动遴选): from now
// on they may be recommended.
var KeyOpen = app.Define("key.open", func(c *app.Call, in KeyOpenIn) (*KeySelection, error) {
	list, err := organization.Sessions(&c.Look)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(s organization.Session) bool { return s.ID == in.Session })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	s, err := selectionOf(&c.Look, in.Session)
	if err != nil || s != nil {
		return s, err
	}
	s = &KeySelection{CommitteeID: c.Who().CommitteeID, SessionID: in.Session, Year: in.Year}
	if s.Year == 0 && len(list[i].OpensOn) >= 4 {
		s.Year, err = strconv.ParseInt(list[i].OpensOn[:4], 10, 64)
	}
	return s, err
}, selects, keyOpen)

func keyOpen(c *app.Call, s *KeySelection, _ KeyOpenIn) (KeySelected, error) {
	if s.ID != "" {
		return KeySelected{}, fault.New(fault.Closed, "proposal.key.open.twice")
	}
	if s.Year < 2000 || s.Year > 2200 {
		return KeySelected{}, fault.Field("year", "proposal.key.open.year")
	}
	s.ID, s.State, s.Since, s.Version = id.New(), KeyRecommending, c.Now(), 1
	_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO key_selection (id, committee_id, session_id, year, state, since, opened_by, opened_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		s.ID, s.CommitteeID, s.SessionID, s.Year, string(s.State), s.Since, c.Who().PersonID, c.Now(), s.Version)
	if errors.Is(err, store.ErrUnique) {
		return KeySelected{}, fault.New(fault.Closed, "proposal.key.open.twice")
	}
	if err != nil {
		return KeySelected{}, fmt.Errorf("open the selection of session %s: %w", s.SessionID, err)
	}
	c.Made(s.ID)
	c.Detail(map[string]any{"session": s.SessionID, "year": s.Year})
	return selected(s), c.Record(KeyMoved{"", s.State, s.Year}, keySelectionKind, s.ID)
}
