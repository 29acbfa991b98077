package handling

import (
	"context"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// machine is the name of the system actor of this package.
const machine = "handling"

// lapseIn names a reply whose time for ratings passed.
type lapseIn struct {
	ID string `json:"id"`
}

// lapse ends the asking for ratings of a reply: those who did not answer are
// kept as "no response", a value of its own. Doing it again does nothing.
var lapse = app.Define("rating.lapse",
	func(c *app.Call, in lapseIn) (*Letter, error) { return loadLetter(c, in.ID) },
	bySystem[*Letter],
	func(c *app.Call, l *Letter, _ lapseIn) (struct{}, error) {
		if !l.R.RatingOpen || l.R.RateBy >= dayOf(c.Now()).String() {
			return struct{}{}, nil
		}
		for _, d := range l.R.awaited() {
			x := Rating{ID: id.New(), RaterID: d.ProposerID, IsBody: d.IsBody, RaterName: d.Name,
				Attitude: NoResponse, Result: NoResponse, Channel: RatedLapsed, personID: c.Who().PersonID}
			if err := l.enter(c, x); err != nil {
				return struct{}{}, err
			}
		}
		if err := l.endRating(c); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, settle(c, l.Matter)
	})

// bySystem is the rule of what only the clockwork does, within one committee.
func bySystem[S any](who access.Actor, _ S) access.Verdict {
	if who.Is(access.System) {
		return access.Allow()
	}
	return access.Hide()
}

// job is one thing the clockwork has to do in one committee.
type job struct{ committee, id string }

func scanJob(r store.Row, j *job) error { return r.Scan(&j.committee, &j.id) }

// overdueRatings finds the replies whose time for ratings passed, of all
// committees; only the clockwork asks.
var overdueRatings = app.Ask("rating.overdue", noRows, func(l *app.Look, _ access.Scope, _ struct{}) ([]job, error) {
	if !l.Who().Is(access.System) {
		return nil, nil
	}
	list, err := store.List(l.Ctx(), l.Tx(), scanJob, "SELECT committee_id, id FROM reply WHERE rating_open AND rate_by < ? ORDER BY rate_by, id LIMIT 500", dayOf(l.Now()).String())
	if err != nil {
		return nil, fmt.Errorf("find ratings that lapse: %w", err)
	}
	return list, nil
})

// noRows is the scope of questions that only the clockwork asks: across all
// committees, so they are not bounded by a scope but refuse everybody else.
func noRows(access.Actor) access.Scope { return access.Nothing() }

// lapseAll is the clockwork task.
func lapseAll(ctx context.Context, a *app.App) error {
	for {
		list, err := overdueRatings.Do(ctx, a, access.Machine("", machine), struct{}{})
		if err != nil || len(list) == 0 {
			return err
		}
		for _, j := range list {
			_, err := lapse.Do(ctx, a, access.Machine(j.committee, machine), lapseIn{j.id})
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			if err != nil {
				return fmt.Errorf("lapse the ratings of %s: its case is gone: %w", j.id, err)
			}
		}
	}
}
