package handling

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// MayPromise is what the one who asks may do with a promise now.
type MayPromise struct {
	Keep    bool `json:"keep"`
	Cancel  bool `json:"cancel"`
	Direct  bool `json:"direct"` // cancelling takes effect at once, it is not asked for
	Decide  bool `json:"decide"` // about the wish to cancel it
	Confirm bool `json:"confirm"`
}

// Any reports whether anything may be done.
func (m *MayPromise) Any() bool { return m != nil && (m.Keep || m.Cancel || m.Decide || m.Confirm) }

// marks says how a promise stands today.
func (p *Promise) marks(k *clockOf) {
	if p.State != PromiseOpen {
		return
	}
	p.Left, p.Late = k.left(p.DueOn)
	p.Near = !p.Late && p.DueOn <= k.nearUntil().String()
}

// reserved takes away what the unit and who dispatched the case settle between
// themselves.
func (p *Promise) reserved() {
	p.CancelAskedAt, p.CancelAskedName, p.CancelReason = Promise{}.CancelAskedAt, "", ""
}

// viewPromises are the promises of the case as somebody may see them.
func (m *Matter) viewPromises(k *clockOf, who access.Actor) []Promise {
	var list []Promise
	for i := range m.Promises {
		p := m.Promises[i]
		p.marks(k)
		if m.assignment(p.AssignmentID) != nil {
			p.May = m.pledge(&m.Promises[i]).may(who)
		}
		if m.proposer(who) != nil {
			p.reserved()
		}
		list = append(list, p)
	}
	return list
}

func (g *Pledge) may(who access.Actor) *MayPromise {
	open, asked := g.P.State == PromiseOpen, !g.P.CancelAskedAt.IsZero()
	may := MayPromise{
		Keep:    open && KeepPromise.May(who, g),
		Cancel:  open && !asked && CancelPromise.May(who, g),
		Decide:  open && asked && DecidePromise.May(who, g),
		Confirm: g.P.Awaited() && ConfirmPromise.May(who, g),
	}
	may.Direct = may.Cancel && g.keeps(who)
	return &may
}

// viewPromiseSteps adds what was done with the promises.
func (m *Matter) viewPromiseSteps(l *app.Look, v *View) error {
	if !m.Row.Deeds.Has(HadPromise) {
		return nil
	}
	list, err := PromiseSteps(l, m.Kind, m.ID)
	for _, s := range list {
		if m.proposer(l.Who()) == nil || !s.between() {
			v.PromiseSteps = append(v.PromiseSteps, s)
		}
	}
	return err
}

// PromiseShown is one promise with its case and its story.
type PromiseShown struct {
	Kind     string        `json:"kind"`
	CaseID   string        `json:"case_id"`
	Number   string        `json:"case_number"`
	Title    string        `json:"title"`
	DeskName string        `json:"desk_name,omitempty"`
	Item     string        `json:"item,omitempty"` // text of the suggestion that it answers
	Promise  Promise       `json:"promise"`
	Steps    []PromiseStep `json:"steps,omitempty"`
	Earlier  []Promise     `json:"earlier,omitempty"` // those that it renews, the latest first
	Later    *Promise      `json:"later,omitempty"`   // the one that renews it
}

// ShowPromise shows one promise to everybody who sees its case.
var ShowPromise = app.Ask("promise.show", committeeScope, func(l *app.Look, _ access.Scope, in ReadIn) (PromiseShown, error) {
	g, err := pledgeOf(l, in.ID)
	if err != nil {
		return PromiseShown{}, err
	}
	if !g.sees(l.Who()) {
		return PromiseShown{}, fault.New(fault.NotFound, "fault.not-found")
	}
	k, err := clockNow(l)
	if err != nil {
		return PromiseShown{}, err
	}
	out := PromiseShown{Kind: g.Kind, CaseID: g.ID, Number: g.Number, Title: g.Title, DeskName: g.A.DeskName}
	for _, it := range g.Items {
		if it.No == g.P.No {
			out.Item = it.Text
		}
	}
	var v View
	if err := g.viewPromiseSteps(l, &v); err != nil {
		return out, err
	}
	for _, s := range v.PromiseSteps {
		if s.PromiseID == g.P.ID {
			out.Steps = append(out.Steps, s)
		}
	}
	out.chain(g.viewPromises(k, l.Who()), g.P.ID)
	return out, nil
})

// chain finds the promise, those it renews, and the one that renews it.
func (s *PromiseShown) chain(list []Promise, id string) {
	byID := map[string]Promise{}
	for _, p := range list {
		byID[p.ID] = p
		if p.Renews == id {
			later := p
			s.Later = &later
		}
	}
	s.Promise = byID[id]
	for p, ok := byID[s.Promise.Renews]; ok; p, ok = byID[p.Renews] {
		s.Earlier = append(s.Earlier, p)
	}
}
