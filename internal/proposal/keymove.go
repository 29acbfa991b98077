package proposal

import (
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// KeyMoveIn takes a selection to its next step, or back to the one before.
type KeyMoveIn struct {
	Session string `json:"session"`
	To      string `json:"to" doc:"recommending, shortlisting, consulting or approving"`
	Reason  string `json:"reason,omitempty" doc:"Needed when it goes back"`
	Version int64  `json:"version,omitempty"`
}

// KeyMove takes a selection a step on when its work is done, or back with a
// reason. What was decided is supplemented by going back to recommending.
var KeyMove = app.Define("key.move", func(c *app.Call, in KeyMoveIn) (*KeySelection, error) { return claimSelection(c, in.Session) }, selects, keyMove)

func keyMove(c *app.Call, s *KeySelection, in KeyMoveIn) (KeySelected, error) {
	if err := s.standsAt(s.State, in.Version); err != nil {
		return KeySelected{}, err
	}
	to := KeyState(in.To)
	if to == KeyDecided || !slices.Contains(keySteps(), to) {
		return KeySelected{}, fault.Field("to", "proposal.key.move.unknown")
	}
	from := s.State
	var p fault.Problems
	reason := said(&p, "reason", in.Reason, backwards(from, to), keyShort)
	if err := p.Err(); err != nil {
		return KeySelected{}, err
	}
	if err := s.ready(to); err != nil {
		return KeySelected{}, err
	}
	if from == KeyShortlisting && to == KeyConsulting {
		for _, x := range s.in(KeyRecommended) {
			x.State = KeyPassedOver
			if err := x.save(c); err != nil {
				return KeySelected{}, err
			}
		}
	}
	if err := s.step(c, to, reason); err != nil {
		return KeySelected{}, err
	}
	c.Detail(map[string]any{"from": from, "to": to})
	return selected(s), nil
}

// backwards reports whether a step goes back.
func backwards(from, to KeyState) bool {
	return slices.Index(keySteps(), to) < slices.Index(keySteps(), from)
}

// ready refuses to go on while the work of a step is not done.
func (s *KeySelection) ready(to KeyState) error {
	switch {
	case backwards(s.State, to):
		return nil
	case to == KeyShortlisting && len(s.in(KeyRecommended, KeyShortlisted, KeyKept)) == 0:
		return fault.New(fault.Closed, "proposal.key.move.no-candidate")
	case to == KeyConsulting && len(s.in(KeyShortlisted, KeyKept)) == 0:
		return fault.New(fault.Closed, "proposal.key.move.no-shortlist")
	case to == KeyApproving && len(s.in(KeyShortlisted)) > 0:
		return fault.New(fault.Closed, "proposal.key.move.undecided", "n", len(s.in(KeyShortlisted)))
	case to == KeyApproving && len(s.in(KeyKept)) == 0:
		return fault.New(fault.Closed, "proposal.key.move.none-kept")
	}
	return nil
}
