package handling

import (
	"slices"

	"tongxin/internal/fault"
)

// Role is what a unit has to do in a case.
type Role string

// The roles.
const (
	Lead     Role = "lead"     // 主办: answers for all
	Assist   Role = "assist"   // 会办: gives its opinion to the lead
	Separate Role = "separate" // 分办: answers its own part
	Sole     Role = "sole"     // 独办: answers alone
)

// Roles lists the roles in the order of forms.
func Roles() []Role { return []Role{Lead, Assist, Separate, Sole} }

// Main reports whether a unit of this role answers the proposers itself.
func (r Role) Main() bool { return r != Assist }

// State is how far a unit has come with its assignment.
type State string

// The states of an assignment.
const (
	Sent      State = "dispatched" // waits for the unit to sign for it
	SignedFor State = "signed"     // the unit works on it
	Answered  State = "answered"   // reply issued, or opinion given
	Changed   State = "changed"    // another unit took it over
)

// States lists the states of an assignment.
func States() []State { return []State{Sent, SignedFor, Answered, Changed} }

//nolint:gochecknoglobals // the arrow tables
var (
	next = map[State][]State{
		Sent:      {SignedFor, Changed},
		SignedFor: {Answered},
		Answered:  {},
		Changed:   {},
	}
	nextReply = map[ReplyState][]ReplyState{
		Drafted: {Signing},
		Signing: {Drafted, Issued},
		Issued:  {},
	}
)

// move follows an arrow, or says that the step is over.
func (a *Assignment) move(to State) error {
	if !slices.Contains(next[a.State], to) {
		return fault.New(fault.Closed, "handling.closed."+string(a.State))
	}
	a.State = to
	return nil
}

// ReplyState is how far a reply has come.
type ReplyState string

// The states of a reply.
const (
	Drafted ReplyState = "draft"   // with the handler
	Signing ReplyState = "signing" // with the signing leader
	Issued  ReplyState = "issued"  // sent to the proposers
)

// ReplyStates lists the states of a reply.
func ReplyStates() []ReplyState { return []ReplyState{Drafted, Signing, Issued} }

// move follows an arrow, or says that the step is over.
func (r *Reply) move(to ReplyState) error {
	if !slices.Contains(nextReply[r.State], to) {
		return fault.New(fault.Closed, "handling.reply.closed."+string(r.State))
	}
	r.State = to
	return nil
}

// Rules by which a case closes (profile.HandlingRules.Closing).
const (
	CloseReplied   = "replied"
	CloseRated     = "rated"
	CloseConfirmed = "confirmed"
)

// NoResponse is the value of a rating that never came; Dissatisfied is the
// grade that needs a reason.
const (
	NoResponse   = "no_response"
	Dissatisfied = "dissatisfied"
)

// Channels of a rating.
const (
	RatedSelf   = "self"   // the rater's own act
	RatedPaper  = "paper"  // entered by staff from a paper form
	RatedLapsed = "lapsed" // the time passed
)
