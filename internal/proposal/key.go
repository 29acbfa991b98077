package proposal

import (
	"slices"

	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// KeyState is how far something about key proposals (重点提案) has come: the
// selection of a session, one candidate, a key proposal, its plan, or
// something that is due.
type KeyState string

// The states.
const (
	// Of a selection.
	KeyRecommending KeyState = "recommending" // 推荐
	KeyShortlisting KeyState = "shortlisting" // 初选
	KeyConsulting   KeyState = "consulting"   // 征求意见、协商会
	KeyApproving    KeyState = "approving"    // 审定
	KeyDecided      KeyState = "decided"

	// Of a candidate.
	KeyRecommended KeyState = "recommended"
	KeyShortlisted KeyState = "shortlisted"
	KeyPassedOver  KeyState = "passed_over" // not shortlisted
	KeyKept        KeyState = "kept"        // by the consultation
	KeyDropped     KeyState = "dropped"     // by the consultation
	KeyApproved    KeyState = "approved"
	KeyNotApproved KeyState = "not_approved"

	// Of a key proposal.
	KeyUnderway KeyState = "underway"
	KeyReported KeyState = "reported" // its result went to Party and government
	KeyReleased KeyState = "released" // it is a key proposal no more

	// Of its plan (办理方案).
	PlanAwaited   KeyState = "plan_awaited"
	PlanSubmitted KeyState = "plan_submitted"
	PlanReturned  KeyState = "plan_returned"
	PlanAccepted  KeyState = "plan_accepted"

	// Of what is due.
	TaskOpen  KeyState = "open"
	TaskDone  KeyState = "done"
	TaskEnded KeyState = "ended" // nobody owes it any more
)

// keyNext are the arrows.
//
//	selection  recommending ⇄ shortlisting ⇄ consulting ⇄ approving → decided → recommending (a supplement)
//	candidate  recommended → shortlisted | passed_over; shortlisted → kept | dropped; kept → approved | not_approved;
//	           a step that goes back lets the office choose again
//	proposal   underway → reported; both → released
//	plan       awaited → submitted → accepted | returned; returned → submitted
//	due        open → done | ended; done and ended → open (sent back)
var keyNext = map[KeyState][]KeyState{ //nolint:gochecknoglobals // the arrow table
	KeyRecommending: {KeyShortlisting},
	KeyShortlisting: {KeyConsulting, KeyRecommending},
	KeyConsulting:   {KeyApproving, KeyShortlisting},
	KeyApproving:    {KeyDecided, KeyConsulting},
	KeyDecided:      {KeyRecommending},

	KeyRecommended: {KeyShortlisted, KeyPassedOver},
	KeyShortlisted: {KeyKept, KeyDropped, KeyPassedOver},
	KeyPassedOver:  {KeyShortlisted, KeyRecommended},
	KeyKept:        {KeyApproved, KeyNotApproved, KeyDropped, KeyPassedOver},
	KeyDropped:     {KeyKept, KeyRecommended, KeyShortlisted, KeyPassedOver},
	KeyApproved:    {},
	KeyNotApproved: {KeyRecommended},

	KeyUnderway: {KeyReported, KeyReleased},
	KeyReported: {KeyReleased},
	KeyReleased: {},

	PlanAwaited:   {PlanSubmitted},
	PlanSubmitted: {PlanAccepted, PlanReturned},
	PlanReturned:  {PlanSubmitted},
	PlanAccepted:  {},

	TaskOpen:  {TaskDone, TaskEnded},
	TaskDone:  {TaskOpen},
	TaskEnded: {TaskOpen},
}

// keySteps are the steps of a selection in their order.
func keySteps() []KeyState {
	return []KeyState{KeyRecommending, KeyShortlisting, KeyConsulting, KeyApproving, KeyDecided}
}

// move follows an arrow, or says that the step is over.
func (s *KeyState) move(to KeyState) error {
	if !slices.Contains(keyNext[*s], to) {
		return fault.New(fault.Closed, "proposal.key.closed."+string(*s))
	}
	*s = to
	return nil
}

// What may be due about a key proposal.
const (
	DuePlan        = "plan"        // the unit's plan
	DueMilestone   = "milestone"   // of the accepted plan
	DueRequirement = "requirement" // of a supervision
	DueFollowUp    = "follow_up"   // of an instruction
	DueSupervision = "supervision" // the next one, the committee's own
)

// Organs of leaders, and to whom results are told.
const (
	OrganParty      = "party"      // 市委
	OrganGovernment = "government" // 市政府
	OrganCPPCC      = "cppcc"      // 市政协
	OrganBoth       = "both"       // results only: 市委、市政府
)

// Roles of a leader.
const (
	LeaderHandles    = "handles"    // 领办
	LeaderSupervises = "supervises" // 领衔督办
)

// KeyLeader is a leader who leads a key proposal.
type KeyLeader struct {
	PersonID string `json:"person_id,omitempty" doc:"Somebody with the post of a leader; empty for a leader without an account"`
	Name     string `json:"name,omitempty" doc:"Needed without an account"`
	Organ    string `json:"organ,omitempty" doc:"party, government or cppcc"`
	Role     string `json:"role,omitempty" doc:"handles or supervises"`
}

// KeyTask is something that a body owes a key proposal by a day.
type KeyTask struct {
	ID         string     `json:"id"`
	ProposalID string     `json:"proposal_id"`
	Kind       string     `json:"kind"` // plan, milestone, requirement, follow_up, supervision
	SourceID   string     `json:"source_id,omitempty"`
	BodyID     string     `json:"body_id,omitempty"` // "" is the committee's office
	BodyName   string     `json:"body_name,omitempty"`
	Text       string     `json:"text,omitempty"`
	DueOn      string     `json:"due_on"`
	State      KeyState   `json:"state"`
	Outcome    string     `json:"outcome,omitempty"`
	Reason     string     `json:"reason,omitempty"` // why it was changed or sent back
	AnsweredAt store.Time `json:"answered_at"`
	At         store.Time `json:"at"`
	Version    int64      `json:"version"`
	Left       int        `json:"left"` // working days until DueOn, negative when late; of open ones
	Late       bool       `json:"late"`
}

// Key is what makes a proposal a key proposal. Reports and appraisals read it
// with KeyOf and KeysOf.
type Key struct {
	ProposalID string            `json:"proposal_id"`
	SessionID  string            `json:"session_id"`
	Year       int64             `json:"year"`
	DecisionID string            `json:"-"`
	DecidedOn  string            `json:"decided_on"`
	Reference  string            `json:"reference"` // of the decision
	State      KeyState          `json:"state"`
	Criteria   []string          `json:"criteria"` // codes
	AssistID   string            `json:"assist_id,omitempty"`
	AssistName string            `json:"assist_name,omitempty"` // special committee that assists
	Plan       KeyState          `json:"plan"`
	PlanDueOn  string            `json:"plan_due_on,omitempty"`
	PlanDue    calendar.Deadline `json:"plan_due"`
	NoticedAt  store.Time        `json:"noticed_at"` // when a unit was told; none before dispatch
	ApprovedAt store.Time        `json:"approved_at"`
	Released   string            `json:"released,omitempty"` // why it is none any more
	Version    int64             `json:"version"`
	Leaders    []KeyLeader       `json:"leaders"`
	Tasks      []KeyTask         `json:"tasks"`
	Records    int               `json:"records"` // supervisions so far
}

// InForce reports whether it still is a key proposal.
func (k *Key) InForce() bool { return k.State != KeyReleased }

// task finds one by id.
func (k *Key) task(id string) *KeyTask {
	i := slices.IndexFunc(k.Tasks, func(t KeyTask) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return &k.Tasks[i]
}

// NextOn is the day of the next supervision, "" without one.
func (k *Key) NextOn() string {
	for _, t := range k.Tasks {
		if t.Kind == DueSupervision && t.State == TaskOpen {
			return t.DueOn
		}
	}
	return ""
}

// Late are the tasks that are overdue.
func (k *Key) Late() []KeyTask {
	var list []KeyTask
	for _, t := range k.Tasks {
		if t.Late {
			list = append(list, t)
		}
	}
	return list
}
