package proposal

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// Move follows an arrow, for the walk over every pair of states.
func (p *Proposal) Move(to State) error { return p.move(to) }

// Next are the arrows.
func Next() map[State][]State { return next }

// KeyNext are the arrows of key proposals.
func KeyNext() map[KeyState][]KeyState { return keyNext }

// MoveKey follows an arrow of key proposals.
func MoveKey(from, to KeyState) (KeyState, error) {
	s := from
	err := s.move(to)
	return s, err
}

// KeySees is the rule of who may know of a key proposal.
func KeySees(l *app.Look, id string, who access.Actor) (bool, error) {
	k, err := keyCase(l, id)
	if err != nil {
		return false, err
	}
	p := *k.Proposal
	p.Involved, err = store.List(l.Ctx(), l.Tx(), store.Column[string], "SELECT body_id FROM handling_involved WHERE case_kind = 'proposal' AND case_id = ?", id)
	k.Proposal = &p
	return k.sees(who), err
}

// KeyScope is the scope that says the same.
var KeyScope = keyScope
