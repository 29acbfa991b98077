package commendation

// Tie is how somebody stands to what may be commended.
type Tie string

// The ties.
const (
	Stranger  Tie = ""
	Colleague Tie = "colleague" // holds a post in the unit, whichever post is acting
	Himself   Tie = "himself"   // proposes it, alone, together or by his organisation; or is the person
)

// Act is what may be done to a candidate.
type Act string

// The acts that somebody may be too near for.
const (
	ToNominate Act = "nominate"
	ToRead     Act = "read"
	ToReview   Act = "review"
	ToRule     Act = "rule" // on an objection
)

// Grant is what a tie leaves.
type Grant int

// The grants.
const (
	Free    Grant = iota
	Counted       // within the part of the quota for one's own
	Never
)

// ownTable says what somebody may do to what is his own. What it does not name
// is Never for a tie and Free for a stranger.
var ownTable = map[Act]map[Kind]map[Tie]Grant{ //nolint:gochecknoglobals // the table
	ToNominate: {
		OfProposals: {Himself: Counted, Colleague: Free}, // a unit nominates what it handles
		OfUnits:     {Himself: Never, Colleague: Never},
		OfPeople:    {Himself: Never, Colleague: Free}, // a unit nominates its own people
	},
	ToRead:   {},
	ToReview: {},
	ToRule:   {},
}

// Granted is what a tie leaves somebody to do.
func Granted(a Act, k Kind, t Tie) Grant {
	if t == Stranger {
		return Free
	}
	if g, named := ownTable[a][k][t]; named {
		return g
	}
	return Never
}
