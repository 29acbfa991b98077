package handling

import (
	"tongxin/internal/store"
)

// Deeds tells which of the rarer records a case has. It is kept with the case,
// so that a plain one is read without looking for them.
type Deeds int64

// The rarer records.
const (
	HadObjection Deeds = 1 << iota
	HadExtension
	HadCountersign
	HadReading
	HadRehandling
	HadLastWord
	HadPromise
)

// Has reports whether a case has such records.
func (d Deeds) Has(x Deeds) bool { return d&x != 0 }

// Objection is a unit's wish to give a case back (退办), and its ruling.
type Objection struct {
	ID            string     `json:"id"`
	AssignmentID  string     `json:"assignment_id"`
	UnitID        string     `json:"unit_id"`
	UnitName      string     `json:"unit_name"`
	DeskID        string     `json:"desk_id,omitempty"`
	Reason        string     `json:"reason"`
	ProposedUnit  string     `json:"proposed_unit"`
	ProposedName  string     `json:"proposed_name"`
	FiledAt       store.Time `json:"filed_at"`
	ConsentedName string     `json:"consented_name,omitempty"` // the leader of the unit
	ConsentedAt   store.Time `json:"consented_at"`
	RuleBy        string     `json:"rule_by,omitempty"`
	Ruling        string     `json:"ruling,omitempty"` // "" while it waits
	RuledName     string     `json:"ruled_name,omitempty"`
	RuledAt       store.Time `json:"ruled_at"`
	Words         string     `json:"words,omitempty"`
	ToUnit        string     `json:"to_unit,omitempty"`
	ToName        string     `json:"to_name,omitempty"`

	ruleDue string
}

// What became of an objection.
const (
	Accepted  = "accepted"  // another unit gets the case, or an assisting unit is let go
	Rejected  = "rejected"  // it stays where it is
	Withdrawn = "withdrawn" // by the unit itself
)

// Open reports whether the objection waits for consent or ruling.
func (o *Objection) Open() bool { return o.Ruling == "" }

// Extension is a unit's wish for more time (延期), and what was decided.
type Extension struct {
	ID           string     `json:"id"`
	AssignmentID string     `json:"assignment_id"`
	UnitID       string     `json:"unit_id"`
	UnitName     string     `json:"unit_name"`
	Approver     string     `json:"approver"` // dispatcher, office, both
	Round        int64      `json:"round"`
	Was          string     `json:"was"`
	Until        string     `json:"until"`
	Reason       string     `json:"reason"`
	AskedName    string     `json:"asked_name"`
	AskedAt      store.Time `json:"asked_at"`
	EndorsedName string     `json:"endorsed_name,omitempty"`
	EndorsedAt   store.Time `json:"endorsed_at"`
	Decision     string     `json:"decision,omitempty"` // "" or endorsed while it waits
	DecidedName  string     `json:"decided_name,omitempty"`
	DecidedAt    store.Time `json:"decided_at"`
	GrantedUntil string     `json:"granted_until,omitempty"`
	Words        string     `json:"words,omitempty"`
}

// What became of a wish for more time.
const (
	Endorsed = "endorsed" // the first of two agreed
	Granted  = "granted"
	Refused  = "refused"
	Void     = "void" // the answer came first, or the draft changed
)

// Open reports whether it waits for a decision.
func (x *Extension) Open() bool { return x.Decision == "" || x.Decision == Endorsed }

// Countersign is what one assisting unit says to a draft (会签).
type Countersign struct {
	ID           string     `json:"id"`
	ReplyID      string     `json:"reply_id"`
	AssignmentID string     `json:"assignment_id"`
	UnitID       string     `json:"unit_id"`
	UnitName     string     `json:"unit_name"`
	AskedAt      store.Time `json:"asked_at"`
	DueOn        string     `json:"due_on"`
	Answer       string     `json:"answer,omitempty"` // "" while awaited
	Words        string     `json:"words,omitempty"`
	PersonName   string     `json:"person_name,omitempty"`
	At           store.Time `json:"at"`
	Decision     string     `json:"decision,omitempty"` // of a disagreement
	DecidedName  string     `json:"decided_name,omitempty"`
	DecidedWords string     `json:"decided_words,omitempty"`
	DecidedAt    store.Time `json:"decided_at"`
}

// Answers of an assisting unit to a draft, and what was decided of a
// disagreement.
const (
	Agreed    = "agreed"
	Disagreed = "disagreed"
	Overruled = "overruled" // disagreed, and the decision was that the draft stands

	Stands = "stands" // the draft goes on as it is
	Revise = "revise" // the lead changes it
)

// ReadingOf is one reading of a reply before it went out (预审).
type ReadingOf struct {
	ID         string     `json:"id"`
	ReplyID    string     `json:"reply_id"`
	Result     string     `json:"result"` // passed, returned
	Words      string     `json:"words,omitempty"`
	ClassWas   string     `json:"class_was,omitempty"`
	ClassIs    string     `json:"class_is,omitempty"`
	ReaderName string     `json:"reader_name"`
	At         store.Time `json:"at"`
}

// Results of a reading.
const (
	Passed   = "passed"
	SentBack = "returned"
)

// Rehandling is the beginning of a second handling.
type Rehandling struct {
	AssignmentID string     `json:"assignment_id"`
	UnitName     string     `json:"unit_name"`
	Round        int64      `json:"round"`
	Because      string     `json:"because"` // rating, ruling
	ReplyID      string     `json:"reply_id"`
	DueOn        string     `json:"due_on"`
	At           store.Time `json:"at"`
}

// Why a second handling began.
const (
	ByRating = "rating"
	ByRuling = "ruling"
)

// LastWord is the committee's ruling where the rounds are used up and a
// proposer is still not satisfied.
type LastWord struct {
	ID           string     `json:"id"`
	AssignmentID string     `json:"assignment_id"`
	UnitName     string     `json:"unit_name"`
	Round        int64      `json:"round"`
	AskedAt      store.Time `json:"asked_at"`
	Decision     string     `json:"decision,omitempty"` // "" while awaited
	Words        string     `json:"words,omitempty"`
	RuledName    string     `json:"ruled_name,omitempty"`
	RuledAt      store.Time `json:"ruled_at"`
}

// What the last word may be.
const (
	LastClose = "close" // the case ends as it stands
	LastAgain = "again" // one more handling
)

// Answers are the grades given to the committee's further questions, by code.
type Answers map[string]string

// PromiseText is a promise in the draft of a reply.
type PromiseText struct {
	No    int    `json:"no"` // of the suggestion, 0: of the whole
	Text  string `json:"text,omitempty"`
	Owner string `json:"owner,omitempty"`
	DueOn string `json:"due_on,omitempty"`
	// Renews is the id of an earlier promise of the unit that is made anew, ""
	// for a new one; Was is its date, in answers.
	Renews string `json:"renews,omitempty"`
	Was    string `json:"was,omitempty"`
}

// empty reports whether nothing was written on a line of the form.
func (p PromiseText) empty() bool { return p.Text == "" && p.Owner == "" && p.DueOn == "" }

// Promise is what a unit promised in an issued reply (承诺).
type Promise struct {
	ID            string     `json:"id"`
	CaseKind      string     `json:"case_kind"`
	CaseID        string     `json:"case_id"`
	ReplyID       string     `json:"reply_id"`
	AssignmentID  string     `json:"assignment_id"`
	UnitID        string     `json:"unit_id"`
	UnitName      string     `json:"unit_name"`
	DeskID        string     `json:"desk_id,omitempty"`
	No            int        `json:"no"` // of the suggestion, 0: of the whole
	Text          string     `json:"text"`
	Owner         string     `json:"owner"`
	DueOn         string     `json:"due_on"`
	MadeAt        store.Time `json:"made_at"`
	State         string     `json:"state"`
	KeptOn        string     `json:"kept_on,omitempty"`
	Evidence      string     `json:"evidence,omitempty"`
	Reason        string     `json:"reason,omitempty"` // of a cancelling
	EndedName     string     `json:"ended_name,omitempty"`
	EndedAt       store.Time `json:"ended_at"`
	ConfirmAsked  bool       `json:"confirm_asked,omitempty"`
	Confirmed     string     `json:"confirmed,omitempty"` // yes, no
	ConfirmWords  string     `json:"confirm_words,omitempty"`
	ConfirmedName string     `json:"confirmed_name,omitempty"`
	ConfirmedAt   store.Time `json:"confirmed_at"`
	Version       int64      `json:"version"`

	// A promise that renews an earlier one counts by what was promised first.
	Renews      string     `json:"renews,omitempty"`
	FirstDueOn  string     `json:"first_due_on"`
	FirstMadeAt store.Time `json:"first_made_at"`
	// The unit's wish to be released, while it waits; not for proposers.
	CancelAskedAt   store.Time `json:"cancel_asked_at"`
	CancelAskedName string     `json:"cancel_asked_name,omitempty"`
	CancelReason    string     `json:"cancel_reason,omitempty"`

	Left int         `json:"left"` // working days until the date, negative when late
	Late bool        `json:"late,omitempty"`
	Near bool        `json:"near,omitempty"` // by the profile
	May  *MayPromise `json:"may,omitempty"`  // of the one who asks, where one case is shown

	endedBy, confirmedBy string
}

// States of a promise; one that is open after its date is late.
const (
	PromiseOpen      = "open"
	PromiseKept      = "kept"
	PromiseCancelled = "cancelled"
	PromiseReplaced  = "replaced" // a later reply answered the suggestion anew
)

// objection is the one of an assignment that waits, nil without one.
func (m *Matter) objection(assignmentID string) *Objection {
	for i := range m.Objections {
		if o := &m.Objections[i]; o.AssignmentID == assignmentID && o.Open() {
			return o
		}
	}
	return nil
}

// extension is the wish of an assignment that waits, nil without one.
func (m *Matter) extension(assignmentID string) *Extension {
	for i := range m.Extensions {
		if x := &m.Extensions[i]; x.AssignmentID == assignmentID && x.Open() {
			return x
		}
	}
	return nil
}

// countersigns are what is asked of assisting units about a draft as it stands.
func (m *Matter) countersigns(replyID string) []*Countersign {
	var list []*Countersign
	for i := range m.Countersigns {
		if x := &m.Countersigns[i]; x.ReplyID == replyID && x.Answer != Void {
			list = append(list, x)
		}
	}
	return list
}

// disputed reports whether every assisting unit answered and one disagreed.
func (m *Matter) disputed(replyID string) bool {
	some := false
	for _, x := range m.countersigns(replyID) {
		if x.Answer == "" {
			return false
		}
		some = some || x.Answer == Disagreed
	}
	return some
}

// lastWordAwaited reports whether the committee owes a last word.
func (m *Matter) lastWordAwaited() *LastWord {
	for i := range m.LastWords {
		if m.LastWords[i].Decision == "" {
			return &m.LastWords[i]
		}
	}
	return nil
}

// roundBegan is when the present round of an assignment began.
func (m *Matter) roundBegan(a *Assignment) store.Time {
	for _, x := range m.Rehandlings {
		if x.AssignmentID == a.ID && x.Round == a.Round {
			return x.At
		}
	}
	return a.DispatchedAt
}
