package handling

import (
	"slices"

	"tongxin/internal/calendar"
	"tongxin/internal/store"
)

// Matter is a case with everything that handling keeps of it.
type Matter struct {
	Case
	Row          Row
	Routes       []Route      // oldest first
	Assignments  []Assignment // by position, those of changed units too
	Contacts     []Contact
	Opinions     []Opinion
	Replies      []Reply
	Objections   []Objection
	Extensions   []Extension
	Countersigns []Countersign
	Readings     []ReadingOf
	Rehandlings  []Rehandling
	LastWords    []LastWord
	Promises     []Promise

	tallied tally // of the assignments as they were read
}

// Object names the case in the audit record.
func (m *Matter) Object() (string, string) { return m.Kind, m.ID }

// Row is what handling keeps of a case itself.
type Row struct {
	Known    bool // Open has been called
	Stage    Stage
	Closing  string // the rule under which it was dispatched, "" before
	OpenedAt store.Time
	ClosedAt store.Time
	Outcome  string
	Deeds    Deeds
}

// Route is a case sent to a supervision office.
type Route struct {
	ID       string     `json:"id"`
	DeskID   string     `json:"desk_id"`
	DeskName string     `json:"desk_name"`
	Channel  string     `json:"channel"`
	Units    []UnitRole `json:"units,omitempty"` // proposed by the office
	Note     string     `json:"note,omitempty"`
	At       store.Time `json:"at"`
	DoneAt   store.Time `json:"done_at"`
}

// UnitRole is a unit with its role. In input a unit is an id or an exact name.
type UnitRole struct {
	Unit string `json:"unit"`
	Role Role   `json:"role"`
	Name string `json:"name,omitempty"` // in answers
}

// Assignment is what one unit has to do in a case.
type Assignment struct {
	ID           string            `json:"id"`
	CaseKind     string            `json:"case_kind"`
	CaseID       string            `json:"case_id"`
	UnitID       string            `json:"unit_id"`
	UnitName     string            `json:"unit_name"`
	Role         Role              `json:"role"`
	Position     int64             `json:"position"`
	Channel      string            `json:"channel"`
	DeskID       string            `json:"desk_id,omitempty"`
	DeskName     string            `json:"desk_name,omitempty"`
	DispatchedAt store.Time        `json:"dispatched_at"`
	State        State             `json:"state"`
	SignBy       string            `json:"sign_by"`
	SignDue      calendar.Deadline `json:"sign_due"`
	SignedAt     store.Time        `json:"signed_at"`
	ContactBy    string            `json:"contact_by,omitempty"` // of units that answer
	ContactDue   calendar.Deadline `json:"contact_due"`
	DueOn        string            `json:"due_on,omitempty"` // of the reply or opinion, "" while it cannot be computed
	Due          calendar.Deadline `json:"due"`
	Leader       string            `json:"leader,omitempty"`
	Section      string            `json:"section,omitempty"`
	Handler      string            `json:"handler,omitempty"`
	Phone        string            `json:"phone,omitempty"` // only for proposers, the unit itself, its desk and the office
	AnsweredAt   store.Time        `json:"answered_at"`
	AnsweredLate bool              `json:"answered_late,omitempty"`
	Round        int64             `json:"round"`               // of handling, the first is 1
	ObjectBy     string            `json:"object_by,omitempty"` // until when the unit may object
	ObjectDue    calendar.Deadline `json:"object_due"`
	Objected     bool              `json:"objected,omitempty"` // an objection waits
	BoundAt      store.Time        `json:"bound_at"`           // the window passed in silence
	WaivedAt     store.Time        `json:"waived_at"`
	WaivedName   string            `json:"waived_name,omitempty"` // who waived the opinion
	WaiveReason  string            `json:"waive_reason,omitempty"`
	Note         string            `json:"note,omitempty"`
	ValidTo      store.Time        `json:"valid_to"`
	Version      int64             `json:"version"`

	// Who takes over what comes after the answer, see handover.go.
	SuccessorID   string `json:"successor_id,omitempty"`
	SuccessorName string `json:"successor_name,omitempty"`

	committeeID string
	calendar    int64
	phone       string // sealed
	unmanned    bool   // nobody of the unit has an account; loaded for staff only
}

// Live reports whether the unit still has to do with the case.
func (a *Assignment) Live() bool { return a.State != Changed }

// Owes reports whether the unit still has to answer.
func (a *Assignment) Owes() bool { return a.State == Sent || a.State == SignedFor }

// Contact is a contact of a unit with the proposers.
type Contact struct {
	ID           string     `json:"id"`
	AssignmentID string     `json:"assignment_id"`
	UnitName     string     `json:"unit_name"`
	Form         string     `json:"form"`
	FormName     string     `json:"form_name"`
	HeldOn       string     `json:"held_on"`
	Proposers    []string   `json:"proposers"` // person and body ids
	Names        []string   `json:"names"`     // theirs
	People       string     `json:"people,omitempty"`
	Notes        string     `json:"notes,omitempty"`
	Consent      bool       `json:"consent"`
	At           store.Time `json:"at"`
}

// Opinion is an assisting opinion (会办意见).
type Opinion struct {
	ID           string     `json:"id"`
	AssignmentID string     `json:"assignment_id"`
	UnitName     string     `json:"unit_name"`
	Number       string     `json:"number"`
	Text         string     `json:"text"`
	At           store.Time `json:"at"`
}

// Reply is a reply letter (答复).
type Reply struct {
	ID           string     `json:"id"`
	CaseKind     string     `json:"case_kind"`
	CaseID       string     `json:"case_id"`
	AssignmentID string     `json:"assignment_id"`
	UnitID       string     `json:"unit_id"`
	UnitName     string     `json:"unit_name"`
	Round        int64      `json:"round"`
	Purpose      string     `json:"purpose"`
	State        ReplyState `json:"state"`
	ReplyText
	SavedAt      store.Time `json:"saved_at"`
	SubmittedAt  store.Time `json:"submitted_at"`
	ReturnedNote string     `json:"returned_note,omitempty"`
	SignerName   string     `json:"signer_name,omitempty"`
	DueOn        string     `json:"due_on,omitempty"` // the deadline under which it was signed off
	Late         bool       `json:"late,omitempty"`
	SignedOffAt  store.Time `json:"signed_off_at"`
	ReadByOn     string     `json:"read_by_on,omitempty"` // until when who dispatched it reads it
	ReaderName   string     `json:"reader_name,omitempty"`
	PassedAt     store.Time `json:"passed_at"`
	UnitClass    string     `json:"unit_class,omitempty"` // the unit's choice where the reader changed the class
	ClassReason  string     `json:"class_reason,omitempty"`
	Returns      int64      `json:"returns,omitempty"` // by pre-reading
	Entered      bool       `json:"entered,omitempty"` // by staff, from paper
	EnteredBy    string     `json:"entered_by,omitempty"`
	IssuedAt     store.Time `json:"issued_at"`
	RateBy       string     `json:"rate_by,omitempty"`
	RatingOpen   bool       `json:"rating_open"`
	Version      int64      `json:"version"`

	Deliveries []Delivery `json:"deliveries,omitempty"`
	Ratings    []Rating   `json:"ratings,omitempty"`
}

// ReplyText is what a unit writes of a reply.
type ReplyText struct {
	Number          string        `json:"number,omitempty"` // of the unit's own series
	Class           string        `json:"class,omitempty"`
	Body            string        `json:"body,omitempty"`
	Items           []ItemAnswer  `json:"items,omitempty"`
	Publicity       string        `json:"publicity,omitempty"`
	PublicityReason string        `json:"publicity_reason,omitempty"`
	Promises        []PromiseText `json:"promises,omitempty"`
}

// ItemAnswer is the answer to one numbered suggestion.
type ItemAnswer struct {
	No      int    `json:"no"`
	Outcome string `json:"outcome,omitempty"`
	Answer  string `json:"answer,omitempty"`
}

// Delivery is the receipt of one proposer.
type Delivery struct {
	ReplyID     string     `json:"reply_id"`
	ProposerID  string     `json:"proposer_id"`
	IsBody      bool       `json:"is_body,omitempty"`
	Name        string     `json:"name"`
	Lead        bool       `json:"lead,omitempty"`
	Rates       bool       `json:"rates"` // a rating is asked of him
	Rated       bool       `json:"rated"`
	DeliveredAt store.Time `json:"delivered_at"`
	ReadAt      store.Time `json:"read_at"`
}

// Rating is what one proposer thinks of a reply (征询意见).
type Rating struct {
	ID        string     `json:"id"`
	ReplyID   string     `json:"reply_id"`
	RaterID   string     `json:"rater_id"`
	IsBody    bool       `json:"is_body,omitempty"`
	RaterName string     `json:"rater_name"`
	Attitude  string     `json:"attitude"`
	Result    string     `json:"result"`
	Contacted string     `json:"contacted,omitempty"` // yes, no
	Reason    string     `json:"reason,omitempty"`
	Answers   Answers    `json:"answers,omitempty"` // to the committee's further questions
	Channel   string     `json:"channel"`
	EnteredBy string     `json:"entered_by,omitempty"` // name of the staff, for a paper form
	At        store.Time `json:"at"`

	personID string
}

// live lists the assignments that units hold.
func (m *Matter) live() []*Assignment {
	var list []*Assignment
	for i := range m.Assignments {
		if m.Assignments[i].Live() {
			list = append(list, &m.Assignments[i])
		}
	}
	return list
}

// assignment finds one by id.
func (m *Matter) assignment(id string) *Assignment {
	i := slices.IndexFunc(m.Assignments, func(a Assignment) bool { return a.ID == id })
	if i < 0 {
		return nil
	}
	return &m.Assignments[i]
}

// assignmentOf finds the one that a unit holds.
func (m *Matter) assignmentOf(unitID string) *Assignment {
	i := slices.IndexFunc(m.Assignments, func(a Assignment) bool { return a.Live() && a.UnitID == unitID })
	if i < 0 {
		return nil
	}
	return &m.Assignments[i]
}

// openRoute is the supervision office that has not dispatched yet.
func (m *Matter) openRoute() *Route {
	i := slices.IndexFunc(m.Routes, func(r Route) bool { return r.DoneAt.IsZero() })
	if i < 0 {
		return nil
	}
	return &m.Routes[i]
}

// replyOf is the newest reply of an assignment by which its work is measured:
// the one that is being written, else the one issued last. Follow-ups do not count.
func (m *Matter) replyOf(assignmentID string) *Reply {
	return m.newest(assignmentID, func(r *Reply) bool { return r.Purpose != FollowUp })
}

// workOn is the reply of an assignment that is not issued yet, nil without one.
func (m *Matter) workOn(assignmentID string) *Reply {
	return m.newest(assignmentID, func(r *Reply) bool { return r.State != Issued })
}

// issuedOf is the reply of an assignment that was issued last, follow-ups too.
func (m *Matter) issuedOf(assignmentID string) *Reply {
	return m.newest(assignmentID, func(r *Reply) bool { return r.State == Issued })
}

func (m *Matter) newest(assignmentID string, which func(*Reply) bool) *Reply {
	var newest *Reply
	for i := range m.Replies {
		r := &m.Replies[i]
		if r.AssignmentID == assignmentID && which(r) && (newest == nil || r.Round > newest.Round) {
			newest = r
		}
	}
	return newest
}

// lastRound is the highest round of the replies of an assignment.
func (m *Matter) lastRound(assignmentID string) int64 {
	r := m.newest(assignmentID, func(*Reply) bool { return true })
	if r == nil {
		return 0
	}
	return r.Round
}

func (m *Matter) reply(id string) *Reply {
	i := slices.IndexFunc(m.Replies, func(r Reply) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return &m.Replies[i]
}

// contactsOf counts the contacts of a unit in the present round of its work.
func (m *Matter) contactsOf(a *Assignment) int {
	n, from := 0, m.roundBegan(a)
	for _, c := range m.Contacts {
		if c.AssignmentID == a.ID && (a.Round == 1 || !c.At.Before(from.Time)) {
			n++
		}
	}
	return n
}

// owed are the assisting units whose opinion is not there.
func (m *Matter) owed() []string {
	var names []string
	for _, a := range m.live() {
		if a.Role == Assist && a.Owes() {
			names = append(names, a.UnitName)
		}
	}
	return names
}

// delivery finds the receipt of a proposer.
func (r *Reply) delivery(proposerID string) *Delivery {
	i := slices.IndexFunc(r.Deliveries, func(d Delivery) bool { return d.ProposerID == proposerID })
	if i < 0 || proposerID == "" {
		return nil
	}
	return &r.Deliveries[i]
}

// awaited are those whose rating is asked and has not come.
func (r *Reply) awaited() []Delivery {
	if !r.RatingOpen {
		return nil
	}
	var list []Delivery
	for _, d := range r.Deliveries {
		if d.Rates && !d.Rated {
			list = append(list, d)
		}
	}
	return list
}

// Key is the id under which a proposer is delivered to and rates.
func (p Proposer) Key() string {
	if p.BodyID != "" {
		return p.BodyID
	}
	return p.PersonID
}

// Errand is one assignment within its case: what most rules look at.
type Errand struct {
	*Matter
	A *Assignment
}

// Object names the assignment in the audit record.
func (e *Errand) Object() (string, string) { return "assignment", e.A.ID }

// Letter is one reply within its case.
type Letter struct {
	*Matter
	A *Assignment
	R *Reply
}

// Object names the reply in the audit record.
func (l *Letter) Object() (string, string) { return "reply", l.R.ID }
