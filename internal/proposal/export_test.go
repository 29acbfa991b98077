package proposal

// Move follows an arrow, for the walk over every pair of states.
func (p *Proposal) Move(to State) error { return p.move(to) }

// Next are the arrows.
func Next() map[State][]State { return next }
