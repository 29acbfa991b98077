package handling

import "tongxin/internal/app"

// About tells which case a fact is about, for those who are told.
type About struct {
	CaseKind string   `json:"case_kind"`
	CaseID   string   `json:"case_id"`
	Number   string   `json:"number"`
	Title    string   `json:"title"`
	UnitID   string   `json:"unit_id,omitempty"`
	UnitName string   `json:"unit_name,omitempty"`
	DeskID   string   `json:"desk_id,omitempty"`
	People   []string `json:"people,omitempty"` // persons concerned
	Bodies   []string `json:"bodies,omitempty"` // organisations whose conveners are concerned
}

// about is what every fact of a case says.
func (m *Matter) about() About {
	return About{CaseKind: m.Kind, CaseID: m.ID, Number: m.Number, Title: m.Title}
}

// ofUnit adds the unit that answers for an assignment now, and who dispatched it.
func (b About) ofUnit(a *Assignment) About {
	b.UnitID, b.UnitName, b.DeskID = a.keeper(), a.keeperName(), a.DeskID
	return b
}

// forProposers adds everybody who proposes.
func (b About) forProposers(list []Proposer) About {
	for _, p := range list {
		if p.BodyID != "" {
			b.Bodies = append(b.Bodies, p.BodyID)
		} else {
			b.People = append(b.People, p.PersonID)
		}
	}
	return b
}

// WasRouted tells that the office sent a case to a supervision office.
type WasRouted struct{ About }

// FactName is the fact's name.
func (WasRouted) FactName() string { return "assignment.routed" }

// WasDispatched tells that a unit was given a case.
type WasDispatched struct {
	About
	AssignmentID string `json:"assignment_id"`
	Role         Role   `json:"role"`
	SignBy       string `json:"sign_by"`
	DueOn        string `json:"due_on"`
}

// FactName is the fact's name.
func (WasDispatched) FactName() string { return "assignment.dispatched" }

// WasChanged tells that another unit took an assignment over; About names the old one.
type WasChanged struct {
	About
	To string `json:"to"` // unit
}

// FactName is the fact's name.
func (WasChanged) FactName() string { return "assignment.changed" }

// WasSigned tells that a unit signed for a case.
type WasSigned struct {
	About
	AssignmentID string `json:"assignment_id"`
}

// FactName is the fact's name.
func (WasSigned) FactName() string { return "assignment.signed" }

// WasContacted tells that a unit recorded a contact with proposers.
type WasContacted struct {
	About
	Form string `json:"form"`
	On   string `json:"on"`
}

// FactName is the fact's name.
func (WasContacted) FactName() string { return "contact.recorded" }

// WasOpined tells that an assisting unit gave its opinion. Lead is the unit that waits.
type WasOpined struct {
	About
	Leads []string `json:"leads"`
}

// FactName is the fact's name.
func (WasOpined) FactName() string { return "assignment.opined" }

// WasSubmitted tells that a reply waits for the signing leader.
type WasSubmitted struct {
	About
	ReplyID string `json:"reply_id"`
}

// FactName is the fact's name.
func (WasSubmitted) FactName() string { return "reply.submitted" }

// WasReturned tells that the signing leader gave a reply back.
type WasReturned struct {
	About
	ReplyID string `json:"reply_id"`
}

// FactName is the fact's name.
func (WasReturned) FactName() string { return "reply.returned" }

// WasIssued tells that a reply went to every proposer.
type WasIssued struct {
	About
	ReplyID string `json:"reply_id"`
	Class   string `json:"class"`
	RateBy  string `json:"rate_by"` // "" when no rating is asked
	Purpose string `json:"purpose"`
}

// FactName is the fact's name.
func (WasIssued) FactName() string { return "reply.issued" }

// WasRated tells that a proposer rated a reply. People is the rater.
type WasRated struct {
	About
	ReplyID  string `json:"reply_id"`
	Attitude string `json:"attitude"`
	Result   string `json:"result"`
	Channel  string `json:"channel"`
	Hidden   bool   `json:"hidden,omitempty"` // from the unit, until everybody has rated
}

// FactName is the fact's name.
func (WasRated) FactName() string { return "reply.rated" }

// WasClosed tells that a case is closed.
type WasClosed struct {
	About
	Rule    string `json:"rule"`
	Outcome string `json:"outcome"` // the worst result among the ratings
}

// FactName is the fact's name.
func (WasClosed) FactName() string { return "case.closed" }

// WasReminded tells that somebody was reminded of what is due. What is sign, reply,
// opinion or rating; Left counts working days, negative when late.
type WasReminded struct {
	About
	What  string `json:"what"`
	DueOn string `json:"due_on"`
	Step  int    `json:"step"`
	Left  int    `json:"left"`
	Up    bool   `json:"up,omitempty"` // so late that leaders are told
}

// FactName is the fact's name.
func (WasReminded) FactName() string { return "assignment.reminded" }

// record writes a fact of the case.
func (m *Matter) record(c *app.Call, f app.Fact) error { return c.Record(f, m.Kind, m.ID) }
