package handling

// WasObjected tells that a unit wants to give a case back; it waits for the
// consent of the unit's leader.
type WasObjected struct {
	About
	AssignmentID string `json:"assignment_id"`
	Reason       string `json:"reason"`
}

// FactName is the fact's name.
func (WasObjected) FactName() string { return "objection.filed" }

// WasConsented tells that an objection waits for a ruling.
type WasConsented struct {
	About
	AssignmentID string `json:"assignment_id"`
	RuleBy       string `json:"rule_by"`
}

// FactName is the fact's name.
func (WasConsented) FactName() string { return "objection.consented" }

// WasRuled tells what became of an objection. To is the name of the unit that
// got the case.
type WasRuled struct {
	About
	AssignmentID string `json:"assignment_id"`
	Ruling       string `json:"ruling"`
	To           string `json:"to,omitempty"`
	Words        string `json:"words,omitempty"`
}

// FactName is the fact's name.
func (WasRuled) FactName() string { return "objection.ruled" }

// WasBound tells that the window to object passed in silence.
type WasBound struct {
	About
	AssignmentID string `json:"assignment_id"`
}

// FactName is the fact's name.
func (WasBound) FactName() string { return "assignment.bound" }

// WasHastened tells that the deadline of a reply came forward.
type WasHastened struct {
	About
	AssignmentID string `json:"assignment_id"`
	Was          string `json:"was"`
	DueOn        string `json:"due_on"`
}

// FactName is the fact's name.
func (WasHastened) FactName() string { return "assignment.hastened" }

// WasExtendAsked tells that a unit asks for more time.
type WasExtendAsked struct {
	About
	AssignmentID string `json:"assignment_id"`
	Until        string `json:"until"`
	Approver     string `json:"approver"`
}

// FactName is the fact's name.
func (WasExtendAsked) FactName() string { return "extension.asked" }

// WasEndorsed tells that the first of two agreed to more time.
type WasEndorsed struct {
	About
	AssignmentID string `json:"assignment_id"`
	Until        string `json:"until"`
}

// FactName is the fact's name.
func (WasEndorsed) FactName() string { return "extension.endorsed" }

// WasExtended tells what was decided about more time. People and Bodies are the
// proposers when it was granted to a unit that answers them.
type WasExtended struct {
	About
	AssignmentID string `json:"assignment_id"`
	Decision     string `json:"decision"`
	Was          string `json:"was"`
	Until        string `json:"until,omitempty"`
}

// FactName is the fact's name.
func (WasExtended) FactName() string { return "assignment.extended" }

// WasWaived tells that the opinion of a unit is not waited for any more.
type WasWaived struct {
	About
	AssignmentID string `json:"assignment_id"`
	Reason       string `json:"reason"`
}

// FactName is the fact's name.
func (WasWaived) FactName() string { return "assignment.waived" }

// WasAskedToAgree tells that assisting units are asked to countersign a draft.
type WasAskedToAgree struct {
	About
	ReplyID string   `json:"reply_id"`
	DueOn   string   `json:"due_on"`
	Units   []string `json:"units"`
}

// FactName is the fact's name.
func (WasAskedToAgree) FactName() string { return "reply.countersign-asked" }

// WasCountersigned tells what an assisting unit said to a draft. Disputed is
// set when all have spoken and the disagreement must be decided.
type WasCountersigned struct {
	About
	ReplyID  string `json:"reply_id"`
	LeadUnit string `json:"lead_unit"`
	LeadDesk string `json:"lead_desk,omitempty"`
	Answer   string `json:"answer"`
	Disputed bool   `json:"disputed,omitempty"`
}

// FactName is the fact's name.
func (WasCountersigned) FactName() string { return "reply.countersigned" }

// WasDecided tells what was decided of a disagreement between units.
type WasDecided struct {
	About
	ReplyID  string   `json:"reply_id"`
	Decision string   `json:"decision"`
	Words    string   `json:"words"`
	Units    []string `json:"units"`
}

// FactName is the fact's name.
func (WasDecided) FactName() string { return "reply.decided" }

// WasSignedOff tells that a reply waits to be read before it goes out.
type WasSignedOff struct {
	About
	ReplyID string `json:"reply_id"`
	ReadBy  string `json:"read_by"`
}

// FactName is the fact's name.
func (WasSignedOff) FactName() string { return "reply.signed-off" }

// WasRead tells the result of a reading.
type WasRead struct {
	About
	ReplyID  string `json:"reply_id"`
	Result   string `json:"result"`
	ClassWas string `json:"class_was"`
	ClassIs  string `json:"class_is"`
}

// FactName is the fact's name.
func (WasRead) FactName() string { return "reply.pre-read" }

// WasReopened tells that a second handling began.
type WasReopened struct {
	About
	AssignmentID string `json:"assignment_id"`
	Round        int64  `json:"round"`
	DueOn        string `json:"due_on"`
	Because      string `json:"because"`
}

// FactName is the fact's name.
func (WasReopened) FactName() string { return "case.reopened" }

// WasExhausted tells that the rounds are used up and the committee must rule.
type WasExhausted struct {
	About
	AssignmentID string `json:"assignment_id"`
	Round        int64  `json:"round"`
}

// FactName is the fact's name.
func (WasExhausted) FactName() string { return "case.exhausted" }

// WasLastWord tells the committee's last word on a case.
type WasLastWord struct {
	About
	Decision string `json:"decision"`
	Words    string `json:"words"`
}

// FactName is the fact's name.
func (WasLastWord) FactName() string { return "case.last-word" }
