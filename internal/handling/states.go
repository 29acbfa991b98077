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
	Waived    State = "waived"     // an assisting opinion that is not waited for any more
)

// States lists the states of an assignment.
func States() []State { return []State{Sent, SignedFor, Answered, Changed, Waived} }

//nolint:gochecknoglobals // the arrow tables
var (
	next = map[State][]State{
		Sent:      {SignedFor, Changed, Waived},
		SignedFor: {Answered, Changed, Waived},
		Answered:  {SignedFor}, // a second handling
		Changed:   {},
		Waived:    {},
	}
	nextReply = map[ReplyState][]ReplyState{
		Drafted:        {Countersigning, Signing},
		Countersigning: {Drafted, Signing},
		Signing:        {Drafted, Reading, Issued},
		Reading:        {Drafted, Issued},
		Issued:         {},
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
	Drafted        ReplyState = "draft"          // with the handler
	Countersigning ReplyState = "countersigning" // with the assisting units
	Signing        ReplyState = "signing"        // with the signing leader
	Reading        ReplyState = "reading"        // signed off, with who dispatched the case
	Issued         ReplyState = "issued"         // sent to the proposers
)

// ReplyStates lists the states of a reply.
func ReplyStates() []ReplyState {
	return []ReplyState{Drafted, Countersigning, Signing, Reading, Issued}
}

// What a reply is for.
const (
	FirstReply = "first"    // the first handling
	AgainReply = "again"    // a second handling, asked for by a rating or a ruling
	FollowUp   = "followup" // a promise was kept, or the class changed, after the case was answered
)

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
