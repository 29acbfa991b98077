package handling

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// LookBackIn asks what became of what was promised in a year.
type LookBackIn struct {
	Year int    `json:"year,omitempty"` // this year without it
	Desk string `json:"desk,omitempty"` // a supervision office, or direct
}

// LookedBack are the promises of one unit, of a year, by what became of them:
// OnTime, Tardy, Running, Late, Cancelled and Replaced add up to Made. Proved
// and Awaited are some of those kept.
type LookedBack struct {
	UnitID    string `json:"unit_id"`
	UnitName  string `json:"unit_name"`
	Made      int    `json:"made"`
	OnTime    int    `json:"on_time"` // kept by the day that was promised first
	Tardy     int    `json:"tardy"`   // kept after it
	Running   int    `json:"running"` // open, the date is to come
	Late      int    `json:"late"`    // open after its date
	Cancelled int    `json:"cancelled"`
	Replaced  int    `json:"replaced"` // made anew in a later reply, which counts by itself
	Proved    int    `json:"proved"`   // confirmed by a proposer
	Awaited   int    `json:"awaited"`  // a proposer is asked
}

// Kept are those kept, in time or not.
func (x LookedBack) Kept() int { return x.OnTime + x.Tardy }

// Due are those that are kept or should be: over them is counted who kept his word.
func (x LookedBack) Due() int { return x.Kept() + x.Late }

// LookBackOut is the look back at a year (回头看), by unit.
type LookBackOut struct {
	Year  int          `json:"year"`
	Units []LookedBack `json:"units"`
	Total LookedBack   `json:"total"`
	PromiseChoices
}

// LookBack tells of each unit what became of what it promised in a year. Each
// number is that of the register with the same filters.
var LookBack = app.Ask("promise.look-back", promiseScope, func(l *app.Look, s access.Scope, in LookBackIn) (LookBackOut, error) {
	f, err := register(l, s, PromisesIn{Year: in.Year, Desk: in.Desk, State: PromiseEvery})
	if err != nil {
		return LookBackOut{}, err
	}
	if f.in.Year == 0 {
		f.in.Year = f.k.today.Year()
	}
	out := LookBackOut{Year: f.in.Year}
	if out.Units, err = f.lookBack(); err != nil {
		return out, err
	}
	for _, x := range out.Units {
		out.Total.add(x)
	}
	out.PromiseChoices, err = choices(l, s)
	return out, err
})

func (x *LookedBack) add(y LookedBack) {
	x.Made += y.Made
	x.OnTime += y.OnTime
	x.Tardy += y.Tardy
	x.Running += y.Running
	x.Late += y.Late
	x.Cancelled += y.Cancelled
	x.Replaced += y.Replaced
	x.Proved += y.Proved
	x.Awaited += y.Awaited
}

func (f *registered) lookBack() ([]LookedBack, error) {
	s := f.states()
	parts := []store.Fragment{store.F("SELECT p.unit_id, MAX(p.unit_name), COUNT(*)")}
	for _, name := range []string{PromiseOnTime, PromiseTardy, PromiseRunning, PromiseLate, PromiseCancelled, PromiseReplaced, PromiseProved, PromiseAwaited} {
		parts = append(parts, store.F(", COUNT(*) FILTER (WHERE "+s[name].SQL+")", s[name].Args...))
	}
	q := store.Join(append(parts, store.F(fromPromises), f.where(""), store.F("GROUP BY p.unit_id ORDER BY COUNT(*) DESC, p.unit_id"))...)
	list, err := store.List(f.l.Ctx(), f.l.Tx(), func(r store.Row, x *LookedBack) error {
		return r.Scan(&x.UnitID, &x.UnitName, &x.Made, &x.OnTime, &x.Tardy, &x.Running, &x.Late, &x.Cancelled, &x.Replaced, &x.Proved, &x.Awaited)
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("look back at the promises of %d: %w", f.in.Year, err)
	}
	return list, nil
}
