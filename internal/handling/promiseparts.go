package handling

import (
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// withPromises adds the register of promises.
func withPromises(m app.Module) app.Module {
	m.Actions = append(m.Actions, KeepPromise, CancelPromise, DecidePromise, ConfirmPromise, remindPromise)
	m.Queries = append(m.Queries, ListPromises, ExportPromises, ShowPromise, LookBack, ripePromises)
	m.Relations = append(m.Relations, promiseRelations()...)
	m.AppendOnly = append(m.AppendOnly, "promise_step")
	m.Personal = append(m.Personal,
		app.Personal{Table: "promise", Column: "cancel_asked_name", Purpose: "names who asked to cancel a promise", Retention: "as the case"},
		app.Personal{Table: "promise_step", Column: "person_name", Purpose: "names who reported, cancelled or confirmed a promise", Retention: "as the case"})
	m.Waits = append(m.Waits, promiseWaits()...)
	m.Dues = append(m.Dues, promiseDues())
	m.Tasks = append(m.Tasks, app.Task{Name: "promise.remind", Every: 10 * time.Minute, Run: remindPromises})
	return m
}

// promiseRelations are the rows of the permission table.
func promiseRelations() []app.Relation {
	var list []app.Relation
	for _, r := range stands() {
		for _, a := range []string{KeepPromise.Name(), CancelPromise.Name(), DecidePromise.Name(), ConfirmPromise.Name()} {
			list = append(list, app.Relation{Action: a, Name: r.name, Subject: func(who access.Actor) any { return r.promised(who) }})
		}
	}
	return append(list, app.Relation{Action: remindPromise.Name(), Name: "anybody", Subject: func(who access.Actor) any { return stand{}.promised(who) }})
}

// promised is a promise in the reply of a stand.
func (s stand) promised(who access.Actor) *Pledge {
	l := s.letter(who)
	l.Promises = []Promise{{ID: "sample", ReplyID: l.R.ID, AssignmentID: l.A.ID, UnitID: l.A.UnitID, State: PromiseOpen}}
	return l.pledge(&l.Promises[0])
}

// promiseFiles are the evidence of a promise.
type promiseFiles struct{ fileLimits }

// MayAttach: who reports the promise kept, while it is open.
func (promiseFiles) MayAttach(l *app.Look, id string) error {
	g, err := pledgeOf(l, id)
	switch {
	case err != nil:
		return err
	case !mayKeepPromise(l.Who(), g).Allowed():
		return refusal(g.sees(l.Who()))
	case g.P.State != PromiseOpen:
		return fault.New(fault.Closed, "handling.promise.closed."+g.P.State)
	}
	return nil
}

// MayRead: everybody who sees the case.
func (promiseFiles) MayRead(l *app.Look, id string) error {
	g, err := pledgeOf(l, id)
	if err != nil {
		return err
	}
	if !g.sees(l.Who()) {
		return missing()
	}
	return nil
}
