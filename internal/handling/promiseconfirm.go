package handling

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// Answers of a proposer who is asked whether a promise was kept.
const (
	ConfirmYes = "yes"
	ConfirmNo  = "no"
)

// ConfirmIn says whether a promise was kept.
type ConfirmIn struct {
	ID      string `json:"id"` // promise
	Version int64  `json:"version,omitempty"`
	Answer  string `json:"answer"`          // yes or no
	Words   string `json:"words,omitempty"` // required with no
}

// ConfirmPromise is a proposer's word on whether a promise was kept (承诺确认).
// Any of those who got the reply may say it, for an organisation its convener;
// the first answer counts. With no the promise is open again, under the date it
// had. Nobody confirms what a unit did in which he holds a post.
var ConfirmPromise = app.Define("promise.confirm",
	func(c *app.Call, in ConfirmIn) (*Pledge, error) { return loadPledge(c, in.ID) },
	mayConfirmPromise,
	func(c *app.Call, g *Pledge, in ConfirmIn) (PromiseOut, error) {
		switch {
		case g.P.Confirmed != "":
			return PromiseOut{}, fault.New(fault.Closed, "handling.promise.confirm-done", "name", g.P.ConfirmedName)
		case !g.P.Awaited():
			return PromiseOut{}, fault.New(fault.Closed, "handling.promise.not-asked")
		case in.Version != 0 && in.Version != g.P.Version: // it was kept anew meanwhile
			return PromiseOut{}, fault.New(fault.Stale, "fault.stale")
		}
		var p fault.Problems
		p.Check(in.Answer == ConfirmYes || in.Answer == ConfirmNo, "answer", "handling.choose")
		said := words(&p, "words", in.Words, reasonAtMost, in.Answer == ConfirmNo)
		if err := p.Err(); err != nil {
			return PromiseOut{}, err
		}
		x := g.P
		x.Confirmed, x.ConfirmWords, x.confirmedBy, x.ConfirmedName, x.ConfirmedAt = in.Answer, said, c.Who().PersonID, g.confirms(c.Who()), c.Now()
		did := PromiseStep{What: StepConfirmed, Words: said}
		if in.Answer == ConfirmNo {
			did.What = StepDenied
			if err := g.reopen(); err != nil {
				return PromiseOut{}, err
			}
		}
		if err := g.keep(c, did); err != nil {
			return PromiseOut{}, err
		}
		if err := g.follow(c); err != nil {
			return PromiseOut{}, err
		}
		c.Detail(map[string]any{"answer": in.Answer})
		return g.out(), g.record(c, WasPromiseConfirmed{g.told(), x.ID, in.Answer})
	})

func mayConfirmPromise(who access.Actor, g *Pledge) access.Verdict {
	r := g.reply(g.P.ReplyID)
	switch {
	case r == nil || (&Letter{g.Matter, g.A, r}).receipt(who) == nil:
		return g.otherwise(who, "handling.proposers-only")
	case who.HoldsPostIn(g.P.UnitID), who.HoldsPostIn(g.A.keeper()):
		return access.Deny("handling.promise.own-unit")
	default:
		return access.Allow()
	}
}

// confirms is the name under which somebody confirms: his own, or that of the
// organisation for which he acts.
func (g *Pledge) confirms(who access.Actor) string {
	if me := g.proposer(who); me != nil && me.Name != "" {
		return me.Name
	}
	return who.Name
}

// reopen takes back that the promise was kept. What was said then stays among
// its steps. It is the unit's now, and the desk's, to whom the case belongs now.
func (g *Pledge) reopen() error {
	x := g.P
	if err := x.move(PromiseOpen); err != nil {
		return err
	}
	x.KeptOn, x.Evidence, x.endedBy, x.EndedName, x.EndedAt, x.ConfirmAsked = "", "", "", "", store.Time{}, false
	x.UnitID, x.UnitName, x.DeskID = g.A.keeper(), g.A.keeperName(), g.A.DeskID
	return nil
}

// follow gives a promise that is open again to the unit that stands for one
// that ended meanwhile.
func (g *Pledge) follow(c *app.Call) error {
	if g.P.State != PromiseOpen {
		return nil
	}
	to, err := organization.HeirOf(&c.Look, g.A.keeper())
	if err != nil || to.ID == g.A.keeper() || to.ValidTo != "" {
		return err
	}
	if err := g.succeededBy(c, to, handing{cause: CauseReopened, person: c.Who().PersonID}); err != nil {
		return err
	}
	g.P.UnitID, g.P.UnitName = to.ID, to.Name
	return nil
}
