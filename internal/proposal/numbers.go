package proposal

import (
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// SessionIn asks about one session; "" is the current one.
type SessionIn struct {
	Session string `json:"session,omitempty"`
}

// Gap is a run of numbers that no proposal has.
type Gap struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// NumbersOut is the series of numbers of a session.
type NumbersOut struct {
	Session  organization.Session   `json:"session"`
	Last     int64                  `json:"last"`  // the last number given
	Given    int64                  `json:"given"` // how many proposals have one
	Gaps     []Gap                  `json:"gaps"`
	Sessions []organization.Session `json:"-"`
}

// Numbers shows the numbers of a session with its gaps. Numbers are never used
// again, so a gap stays.
var Numbers = app.Ask("proposal.numbers", deskScope, func(l *app.Look, scope access.Scope, in SessionIn) (NumbersOut, error) {
	out := NumbersOut{Gaps: []Gap{}}
	var err error
	if out.Session, out.Sessions, err = sessionOf(l, scope, in.Session); err != nil {
		return out, err
	}
	if out.Last, err = lastNumber(l, out.Session.ID); err != nil {
		return out, err
	}
	w := store.And(store.F(scope.SQL(), scope.Args()...), store.F("p.session_id = ? AND p.number IS NOT NULL", out.Session.ID))
	if err = l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM proposal p WHERE "+w.SQL, w.Args...).Scan(&out.Given); err != nil {
		return out, fmt.Errorf("count the numbers of %s: %w", out.Session.ID, err)
	}
	gaps, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, g *Gap) error { return r.Scan(&g.From, &g.To) },
		`SELECT x.before + 1, x.number - 1 FROM (SELECT p.number, LAG(p.number, 1, 0) OVER (ORDER BY p.number) AS before FROM proposal p WHERE `+w.SQL+`) AS x
			WHERE x.number > x.before + 1 ORDER BY x.number`, w.Args...)
	if err != nil {
		return out, fmt.Errorf("list the gaps of %s: %w", out.Session.ID, err)
	}
	out.Gaps = append(out.Gaps, gaps...)
	return out, nil
})

// deskScope is scopeOf for those who work with figures of whole sessions.
func deskScope(who access.Actor) access.Scope {
	if wholeOf(who) == nil {
		return access.Nothing()
	}
	return scopeOf(who)
}

// sessionOf finds a session by id, or the current one. Who sees no whole
// session is told that there is none.
func sessionOf(l *app.Look, scope access.Scope, id string) (organization.Session, []organization.Session, error) {
	none := fault.New(fault.NotFound, "fault.not-found")
	if scope.SQL() == access.Nothing().SQL() {
		return organization.Session{}, nil, none
	}
	list, err := organization.Sessions(l)
	if err != nil {
		return organization.Session{}, nil, err
	}
	if id == "" {
		s, err := organization.SessionAt(l, l.Now())
		if errors.Is(err, organization.ErrNoSession) {
			err = none
		}
		return s, list, err
	}
	for _, s := range list {
		if s.ID == id {
			return s, list, nil
		}
	}
	return organization.Session{}, nil, none
}
