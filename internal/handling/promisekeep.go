package handling

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// KeepIn reports that a promise was kept.
type KeepIn struct {
	ID       string `json:"id"` // promise
	Version  int64  `json:"version,omitempty"`
	KeptOn   string `json:"kept_on"`  // the day on which it was done, 2026-11-30
	Evidence string `json:"evidence"` // what was done and how that can be seen; files are attached to the promise
}

// KeepPromise reports that a promise was kept (承诺落实), with evidence. Where the
// profile says so the proposers are asked to confirm it; their silence decides
// nothing.
var KeepPromise = app.Define("promise.keep",
	func(c *app.Call, in KeepIn) (*Pledge, error) { return loadPledge(c, in.ID) },
	mayKeepPromise, keepPromise)

// mayKeepPromise: the unit, and staff for a unit in which nobody has an account.
func mayKeepPromise(who access.Actor, g *Pledge) access.Verdict { return mayWork(who, g.Errand) }

func keepPromise(c *app.Call, g *Pledge, in KeepIn) (PromiseOut, error) {
	if err := g.stillOpen(in.Version); err != nil {
		return PromiseOut{}, err
	}
	k, err := clockNow(&c.Look)
	if err != nil {
		return PromiseOut{}, err
	}
	var p fault.Problems
	evidence := words(&p, "evidence", in.Evidence, textAtMost, true)
	on, err := calendar.ParseDate(in.KeptOn)
	switch {
	case in.KeptOn == "":
		p.Add("kept_on", "handling.required")
	case err != nil:
		p.Add("kept_on", "web.not-a-date")
	default:
		p.Check(!on.After(k.today), "kept_on", "handling.promise.kept-future")
		p.Check(!on.Before(dayOf(g.P.FirstMadeAt)), "kept_on", "handling.promise.kept-before", "on", dayOf(g.P.FirstMadeAt).String())
	}
	if err := p.Err(); err != nil {
		return PromiseOut{}, err
	}
	if err := g.end(c, PromiseKept); err != nil {
		return PromiseOut{}, err
	}
	x := g.P
	x.KeptOn, x.Evidence = on.String(), evidence
	x.Confirmed, x.ConfirmWords, x.confirmedBy, x.ConfirmedName, x.ConfirmedAt = "", "", "", "", store.Time{}
	if x.ConfirmAsked, err = g.asks(&c.Look, k); err != nil {
		return PromiseOut{}, err
	}
	if err := g.keep(c, PromiseStep{What: StepKept, KeptOn: x.KeptOn, Words: evidence}); err != nil {
		return PromiseOut{}, err
	}
	c.Detail(map[string]any{"kept_on": x.KeptOn, "due_on": x.DueOn, "confirm": x.ConfirmAsked})
	return g.out(), g.record(c, WasPromiseKept{g.told().forProposers(g.Proposers), x.ID, x.KeptOn, x.DueOn, x.ConfirmAsked, g.allKept(k)})
}

// asks reports whether the proposers are to confirm: where the profile says so,
// and at least one of those who got the reply holds no post in the unit.
func (g *Pledge) asks(l *app.Look, k *clockOf) (bool, error) {
	r := g.reply(g.P.ReplyID)
	if !k.rules.Promise.Confirm || r == nil {
		return false, nil
	}
	for _, d := range r.Deliveries {
		if d.IsBody {
			return true, nil
		}
		own, err := holdsPostIn(l, d.ProposerID, g.P.UnitID)
		if err != nil || !own {
			return !own, err
		}
	}
	return false, nil
}

// allKept reports whether everything that the unit promised in the case is
// kept, so that its reply may rise to a better class.
func (e *Errand) allKept(k *clockOf) bool {
	kept := false
	for _, p := range e.Promises {
		switch {
		case p.AssignmentID != e.A.ID || p.State == PromiseReplaced:
		case p.State == PromiseKept:
			kept = true
		default:
			return false
		}
	}
	last := e.issuedOf(e.A.ID)
	return kept && last != nil && k.promises(last.Class)
}
