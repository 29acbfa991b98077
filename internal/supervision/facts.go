package supervision

// About is what every fact of a chase says.
type About struct {
	ID       string `json:"id"`
	Form     string `json:"form"`
	Year     int    `json:"year,omitempty"`
	No       int    `json:"no,omitempty"`
	UnitID   string `json:"unit_id"`
	UnitName string `json:"unit_name"`
	DeskID   string `json:"desk_id,omitempty"`   // whose assignments they are
	FromDesk string `json:"from_desk,omitempty"` // who sent it
	FromName string `json:"from_name"`
	N        int    `json:"n"`
	Number   string `json:"number"` // of the most urgent case
	Title    string `json:"title"`
}

// WasSent tells that a unit was chased.
type WasSent struct {
	About
	AnswerBy string `json:"answer_by"`
}

// FactName is the fact's name.
func (WasSent) FactName() string { return "chase.sent" }

// WasReceived tells that the unit has the chase.
type WasReceived struct{ About }

// FactName is the fact's name.
func (WasReceived) FactName() string { return "chase.received" }

// WasAnswered tells that a chase was answered, in words or by what was awaited.
type WasAnswered struct {
	About
	How  string `json:"how"`
	Late bool   `json:"late,omitempty"`
}

// FactName is the fact's name.
func (WasAnswered) FactName() string { return "chase.answered" }

// WasUnanswered tells that the day of an answer passed without one.
type WasUnanswered struct {
	About
	AnswerBy string `json:"answer_by"`
}

// FactName is the fact's name.
func (WasUnanswered) FactName() string { return "chase.unanswered" }

// WasInstructed tells that a leader wrote an instruction on a late assignment.
type WasInstructed struct {
	ID           string `json:"id"`
	AssignmentID string `json:"assignment_id"`
	CaseKind     string `json:"case_kind"`
	CaseID       string `json:"case_id"`
	Number       string `json:"number"`
	Title        string `json:"title"`
	UnitID       string `json:"unit_id"`
	UnitName     string `json:"unit_name"`
	DeskID       string `json:"desk_id,omitempty"`
	To           string `json:"to"`
	LeaderID     string `json:"leader_id"`
	LeaderName   string `json:"leader_name"`
	DueOn        string `json:"due_on"`
}

// FactName is the fact's name.
func (WasInstructed) FactName() string { return "instruction.given" }

// WasReported tells that what a leader instructed was reported on.
type WasReported struct {
	WasInstructed
	Late bool `json:"late,omitempty"`
}

// FactName is the fact's name.
func (WasReported) FactName() string { return "instruction.reported" }

// WeekTold is the digest of one leader and one ISO week.
type WeekTold struct {
	Week     string     `json:"week"` // 2026-W12
	PersonID string     `json:"person_id"`
	Late     int        `json:"late"`
	Units    []UnitLate `json:"units"` // the most late first
}

// FactName is the fact's name.
func (WeekTold) FactName() string { return "supervision.week" }
