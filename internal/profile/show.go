package profile

import (
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// ShowIn asks for a version; 0 is the one in force.
type ShowIn struct {
	Version int64 `json:"version"`
}

// Shown is one version of the rules.
type Shown struct {
	Version int64    `json:"version"` // 0: nothing was ever changed
	Latest  int64    `json:"latest"`
	Rules   Rules    `json:"rules"`
	Changed []string `json:"changed"` // keys that differ from what the product came with
}

// Differs reports whether a setting is not what the product came with.
func (s Shown) Differs(key string) bool { return slices.Contains(s.Changed, key) }

// Show gives the rules; everybody of the committee may know them.
var Show = app.Ask("profile.show", everybody, show)

// HistoryIn asks for nothing in particular.
type HistoryIn struct{}

// Edition is one change of the rules: when, who, why, what.
type Edition struct {
	Version int64      `json:"version"`
	At      store.Time `json:"at"`
	ByName  string     `json:"by_name"`
	Reason  string     `json:"reason"`
	Changes []Change   `json:"changes"`
}

// Editions are the latest changes, newest first.
type Editions struct {
	Items []Edition `json:"items"`
	Total int64     `json:"total"`
}

// History tells who changed the rules, when and why, and what was different.
var History = app.Ask("profile.history", staff, history)

func everybody(who access.Actor) access.Scope {
	return access.Committee("committee_id", who.CommitteeID)
}

// staff are those who answer for the rules or watch over them.
func staff(who access.Actor) access.Scope {
	if !who.Is(access.Chief, access.Office, access.Leader, access.SystemAdmin, access.SecurityAdmin, access.Auditor) {
		return access.Nothing()
	}
	return everybody(who)
}

func show(l *app.Look, s access.Scope, in ShowIn) (Shown, error) {
	current, latest, err := Current(l)
	if err != nil {
		return Shown{}, err
	}
	if len(s.Args()) == 0 {
		return Shown{}, fault.New(fault.NotFound, "fault.not-found")
	}
	out := Shown{Version: latest, Latest: latest, Rules: *current, Changed: []string{}}
	if in.Version != 0 && in.Version != latest {
		if out.Rules, err = rulesAt(l, s, in.Version); err != nil {
			return Shown{}, err
		}
		out.Version = in.Version
	}
	d := Defaults()
	for _, c := range Diff(&d, &out.Rules) {
		if !out.Differs(c.Key) {
			out.Changed = append(out.Changed, c.Key)
		}
	}
	return out, nil
}

func rulesAt(l *app.Look, s access.Scope, version int64) (Rules, error) {
	q := store.Join(store.F("SELECT rules FROM profile_version WHERE"), store.And(store.F(s.SQL(), s.Args()...), store.F("version = ?", version)))
	var text string
	err := l.Tx().Row(l.Ctx(), q.SQL, q.Args...).Scan(&text)
	if errors.Is(err, store.ErrNone) {
		return Rules{}, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return Rules{}, fmt.Errorf("read rules %d: %w", version, err)
	}
	rules, err := read(text)
	if err != nil {
		return Rules{}, fmt.Errorf("read rules %d: %w", version, err)
	}
	return rules, nil
}

// historyAtOnce bounds the page; a committee changes its rules a few times a year.
const historyAtOnce = 100

type written struct {
	Edition
	text string
}

func history(l *app.Look, s access.Scope, _ HistoryIn) (Editions, error) {
	out := Editions{Items: []Edition{}}
	if len(s.Args()) == 0 {
		return out, fault.New(fault.NotFound, "fault.not-found")
	}
	where := store.F("WHERE "+s.SQL(), s.Args()...)
	count := store.Join(store.F("SELECT COUNT(*) FROM profile_version"), where)
	if err := l.Tx().Row(l.Ctx(), count.SQL, count.Args...).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count the changes of the rules: %w", err)
	}
	q := store.Join(store.F("SELECT version, at, person_name, reason, rules FROM profile_version"), where, store.F("ORDER BY version DESC LIMIT ?", historyAtOnce+1))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, w *written) error {
		return r.Scan(&w.Version, &w.At, &w.ByName, &w.Reason, &w.text)
	}, q.SQL, q.Args...)
	if err != nil {
		return out, fmt.Errorf("list the changes of the rules: %w", err)
	}
	was := Defaults()
	if len(list) > historyAtOnce {
		if was, err = read(list[historyAtOnce].text); err != nil {
			return out, fmt.Errorf("read rules %d: %w", list[historyAtOnce].Version, err)
		}
	}
	for i := min(len(list), historyAtOnce) - 1; i >= 0; i-- {
		is, err := read(list[i].text)
		if err != nil {
			return out, fmt.Errorf("read rules %d: %w", list[i].Version, err)
		}
		list[i].Changes = Diff(&was, &is)
		out.Items = append(out.Items, list[i].Edition)
		was = is
	}
	slices.Reverse(out.Items)
	return out, nil
}
