package handling

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// CancelIn asks to cancel a promise, or cancels it.
type CancelIn struct {
	ID      string `json:"id"` // promise
	Version int64  `json:"version,omitempty"`
	Reason  string `json:"reason"`
}

// CancelPromise ends a promise that will not be kept (承诺取消), with a reason that
// the proposers read. The unit asks; who dispatched the case decides
// (promise.decide), and may cancel without being asked.
var CancelPromise = app.Define("promise.cancel",
	func(c *app.Call, in CancelIn) (*Pledge, error) { return loadPledge(c, in.ID) },
	mayCancelPromise,
	func(c *app.Call, g *Pledge, in CancelIn) (PromiseOut, error) {
		if err := g.stillOpen(in.Version); err != nil {
			return PromiseOut{}, err
		}
		if !g.P.CancelAskedAt.IsZero() {
			return PromiseOut{}, fault.New(fault.Closed, "handling.promise.cancel-waits")
		}
		var p fault.Problems
		reason := words(&p, "reason", in.Reason, reasonAtMost, true)
		if err := p.Err(); err != nil {
			return PromiseOut{}, err
		}
		if g.keeps(c.Who()) {
			return g.cancel(c, reason)
		}
		return g.askToCancel(c, reason)
	})

func mayCancelPromise(who access.Actor, g *Pledge) access.Verdict {
	if g.keeps(who) && g.sees(who) {
		return access.Allow()
	}
	return mayWork(who, g.Errand)
}

// askToCancel notes the wish of the unit; the promise stands meanwhile.
func (g *Pledge) askToCancel(c *app.Call, reason string) (PromiseOut, error) {
	g.P.CancelAskedAt, g.P.CancelAskedName, g.P.CancelReason = c.Now(), c.Who().Name, reason
	if err := g.keep(c, PromiseStep{What: StepAsked, Words: reason}); err != nil {
		return PromiseOut{}, err
	}
	c.Detail(map[string]any{"asked": true})
	return g.out(), g.record(c, WasCancelAsked{g.told(), g.P.ID})
}

// cancel ends the promise.
func (g *Pledge) cancel(c *app.Call, reason string) (PromiseOut, error) {
	if err := g.end(c, PromiseCancelled); err != nil {
		return PromiseOut{}, err
	}
	g.P.Reason = reason
	if err := g.keep(c, PromiseStep{What: StepCancelled, Words: reason}); err != nil {
		return PromiseOut{}, err
	}
	c.Detail(map[string]any{"due_on": g.P.DueOn})
	return g.out(), g.record(c, WasPromiseCancelled{g.told().forProposers(g.Proposers), g.P.ID})
}

// DecidePromiseIn decides the unit's wish to cancel a promise.
type DecidePromiseIn struct {
	ID       string `json:"id"` // promise
	Version  int64  `json:"version,omitempty"`
	Decision string `json:"decision"`        // granted or refused
	Words    string `json:"words,omitempty"` // required when refused; when granted the unit's reason stands without them
}

// DecidePromise grants or refuses that a promise is cancelled (承诺取消审批).
var DecidePromise = app.Define("promise.decide",
	func(c *app.Call, in DecidePromiseIn) (*Pledge, error) { return loadPledge(c, in.ID) },
	func(who access.Actor, g *Pledge) access.Verdict { return mayKeep(who, g.Errand) },
	func(c *app.Call, g *Pledge, in DecidePromiseIn) (PromiseOut, error) {
		if g.P.State == PromiseOpen && g.P.CancelAskedAt.IsZero() {
			return PromiseOut{}, fault.New(fault.Closed, "handling.promise.cancel-none")
		}
		if err := g.stillOpen(in.Version); err != nil {
			return PromiseOut{}, err
		}
		var p fault.Problems
		p.Check(in.Decision == Granted || in.Decision == Refused, "decision", "handling.choose")
		said := words(&p, "words", in.Words, reasonAtMost, in.Decision == Refused)
		if err := p.Err(); err != nil {
			return PromiseOut{}, err
		}
		if in.Decision == Granted {
			if said == "" {
				said = g.P.CancelReason
			}
			return g.cancel(c, said)
		}
		g.P.CancelAskedAt, g.P.CancelAskedName, g.P.CancelReason = store.Time{}, "", ""
		if err := g.keep(c, PromiseStep{What: StepRefused, Words: said}); err != nil {
			return PromiseOut{}, err
		}
		return g.out(), g.record(c, WasCancelRefused{g.told(), g.P.ID})
	})
