package proposal

// Facts of key proposals. None holds a text: who hears of one reads the key
// proposal, and may read no more than its own rules let him.

// KeyMoved says that the selection of key proposals took a step.
type KeyMoved struct {
	From KeyState `json:"from"`
	To   KeyState `json:"to"`
	Year int64    `json:"year"`
}

// FactName names the fact.
func (KeyMoved) FactName() string { return "key.moved" }

// KeyWasRecommended says who recommended a proposal.
type KeyWasRecommended struct {
	Kind string `json:"kind"`
	ByID string `json:"by_id"`
	Year int64  `json:"year"`
}

// FactName names the fact.
func (KeyWasRecommended) FactName() string { return "key.recommended" }

// KeyWasApproved says that the Chair's Council made a proposal a key proposal.
type KeyWasApproved struct {
	Year      int64  `json:"year"`
	DecidedOn string `json:"decided_on"`
	Decision  string `json:"decision"`
}

// FactName names the fact.
func (KeyWasApproved) FactName() string { return "key.approved" }

// KeyWasArranged says who leads and who assists. New are the people among the
// leaders who did not lead it before; they are told.
type KeyWasArranged struct {
	New     []string `json:"new,omitempty"`
	Leaders int      `json:"leaders"`
	Assist  string   `json:"assist,omitempty"` // body, when it is a new one
}

// FactName names the fact.
func (KeyWasArranged) FactName() string { return "key.arranged" }

// KeyWasNoticed says that units were told, and until when their plan is due.
type KeyWasNoticed struct {
	Units []string `json:"units"`
	DueOn string   `json:"due_on"`
}

// FactName names the fact.
func (KeyWasNoticed) FactName() string { return "key.noticed" }

// KeyPlanSubmitted says that a unit handed in its plan.
type KeyPlanSubmitted struct {
	Plan       string `json:"plan"`
	Unit       string `json:"unit"`
	Milestones int    `json:"milestones"`
}

// FactName names the fact.
func (KeyPlanSubmitted) FactName() string { return "key.plan-submitted" }

// KeyPlanJudged says whether the office accepted a plan.
type KeyPlanJudged struct {
	Plan     string `json:"plan"`
	Unit     string `json:"unit"`
	Accepted bool   `json:"accepted"`
}

// FactName names the fact.
func (KeyPlanJudged) FactName() string { return "key.plan-judged" }

// KeyWasSupervised says that a supervision was held, and which bodies owe what
// it required.
type KeyWasSupervised struct {
	Record string   `json:"record"`
	Form   string   `json:"form"`
	HeldOn string   `json:"held_on"`
	Bodies []string `json:"bodies,omitempty"`
	NextOn string   `json:"next_on,omitempty"`
}

// FactName names the fact.
func (KeyWasSupervised) FactName() string { return "key.supervised" }

// KeyWasInstructed says that a leader wrote an instruction. Leader is his
// person, if he has an account; Body owes the follow-up, if there is one.
type KeyWasInstructed struct {
	Instruction string `json:"instruction"`
	Leader      string `json:"leader,omitempty"`
	Body        string `json:"body,omitempty"`
	DueOn       string `json:"due_on,omitempty"`
}

// FactName names the fact.
func (KeyWasInstructed) FactName() string { return "key.instructed" }

// KeyWasAnswered says that something that was due is done.
type KeyWasAnswered struct {
	Task string `json:"task"`
	Kind string `json:"kind"`
	Body string `json:"body"`
	Late bool   `json:"late"`
}

// FactName names the fact.
func (KeyWasAnswered) FactName() string { return "key.answered" }

// KeyDueChanged says that the office changed what is due: another body or day,
// sent back, or ended.
type KeyDueChanged struct {
	Task  string   `json:"task"`
	Kind  string   `json:"kind"`
	Body  string   `json:"body"`
	DueOn string   `json:"due_on"`
	State KeyState `json:"state"`
}

// FactName names the fact.
func (KeyDueChanged) FactName() string { return "key.due-changed" }

// KeyWasReported says that the result was told, or that the press wrote.
type KeyWasReported struct {
	Report   string `json:"report"`
	Kind     string `json:"kind"`
	Receiver string `json:"receiver"`
}

// FactName names the fact.
func (KeyWasReported) FactName() string { return "key.reported" }

// KeyWasReminded says that somebody was reminded of something due, once before
// the day and once after it.
type KeyWasReminded struct {
	Task  string `json:"task"`
	Kind  string `json:"kind"`
	Body  string `json:"body,omitempty"`
	DueOn string `json:"due_on"`
	Step  string `json:"step"` // near, late
	Left  int    `json:"left"`
}

// FactName names the fact.
func (KeyWasReminded) FactName() string { return "key.reminded" }

// KeyWasReleased says that a proposal is a key proposal no more.
type KeyWasReleased struct {
	Year int64 `json:"year"`
}

// FactName names the fact.
func (KeyWasReleased) FactName() string { return "key.released" }
