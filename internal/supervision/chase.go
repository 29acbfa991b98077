package supervision

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/handling"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// Forms of a chase.
const (
	Note   = "note"   // by hand: words, without a number
	Letter = "letter" // 催办单: numbered, on paper too
)

// How a chase was answered.
const (
	ByWords = "words" // the unit wrote an answer
	ByReply = "reply" // everything came that was awaited, or was not awaited any more
)

// Chase is one chase of one unit.
type Chase struct {
	ID           string            `json:"id"`
	DeskID       string            `json:"desk_id,omitempty"`   // whose assignments they are, "" for the committee's office
	FromDesk     string            `json:"from_desk,omitempty"` // who sent it, "" for the committee's office
	FromName     string            `json:"from_name"`
	UnitID       string            `json:"unit_id"`
	UnitName     string            `json:"unit_name"`
	Form         string            `json:"form"`
	Year         int               `json:"year,omitempty"` // of a letter's number, as is No
	No           int               `json:"no,omitempty"`
	N            int               `json:"n"` // assignments
	Requirement  string            `json:"requirement"`
	AgainReason  string            `json:"again_reason,omitempty"`
	SignedName   string            `json:"signed_name"`
	SentAt       store.Time        `json:"sent_at"`
	AnswerBy     string            `json:"answer_by"`
	AnswerDue    calendar.Deadline `json:"answer_due"`
	ReceivedAt   store.Time        `json:"received_at"`
	ReceivedName string            `json:"received_name,omitempty"`
	AnsweredAt   store.Time        `json:"answered_at"`
	AnsweredName string            `json:"answered_name,omitempty"`
	How          string            `json:"how,omitempty"`
	Answer       string            `json:"answer,omitempty"`
	AnsweredLate bool              `json:"answered_late,omitempty"`
	Overdue      bool              `json:"overdue,omitempty"` // no answer, and its day is over
	Left         int               `json:"left"`              // working days until AnswerBy

	committeeID string
	signedBy    string
	overdueAt   store.Time
	heir        string // the unit that stands for it today
	keeper      string // the supervision office that stands for DeskID today
	unmanned    bool   // nobody of that unit has an account; loaded for staff only
}

// Object names the chase in the audit record.
func (x *Chase) Object() (string, string) { return "chase", x.ID }

// ChaseItem is an assignment in a chase, as it stood and as it stands.
type ChaseItem struct {
	AssignmentID string         `json:"assignment_id"`
	CaseKind     string         `json:"case_kind"`
	CaseID       string         `json:"case_id"`
	Number       string         `json:"number"`
	Title        string         `json:"title"`
	What         string         `json:"what"` // sign, reply, opinion
	DueOn        string         `json:"due_on,omitempty"`
	Left         int            `json:"left"` // working days when it was chased
	State        handling.State `json:"state"`
	SettledAt    store.Time     `json:"settled_at"`
}

// ofUnit reports whether somebody works in the unit that was chased, or in the
// one that stands for it today.
func (x *Chase) ofUnit(who access.Actor) bool {
	return unitPost(who) && who.CommitteeID == x.committeeID && (who.In(x.UnitID) || who.In(x.heir))
}

// keeps reports whether somebody stands for who sent it, or whose assignments
// they are.
func (x *Chase) keeps(who access.Actor) bool {
	return who.CommitteeID == x.committeeID && (office(who) || who.Is(access.Dispatcher) && (who.In(x.DeskID) || who.In(x.keeper)))
}

func (x *Chase) sees(who access.Actor) bool {
	return who.CommitteeID != "" && (x.ofUnit(who) || x.keeps(who) || who.CommitteeID == x.committeeID && who.Is(access.Leader))
}

// byUnit is the rule of what the unit does: its own people, and staff for a
// unit in which nobody has an account.
func byUnit(who access.Actor, x *Chase) access.Verdict {
	switch {
	case x.ofUnit(who), x.keeps(who) && x.unmanned:
		return access.Allow()
	case x.keeps(who):
		return access.Deny("supervision.unit-has-account")
	case x.sees(who):
		return access.Deny("supervision.unit-only")
	default:
		return access.Hide()
	}
}

const chaseColumns = `x.id, x.committee_id, x.desk_id, x.from_desk, x.from_name, x.unit_id, x.unit_name, x.form, x.year, x.no, x.n, x.requirement, x.again_reason,
	x.signed_by, x.signed_name, x.sent_at, x.answer_by, x.answer_due, x.received_at, x.received_name, x.answered_at, x.answered_name, x.how, x.answer, x.late, x.overdue_at`

func (k *clockOf) scanChase(r store.Row, x *Chase) error {
	var due string
	if err := r.Scan(&x.ID, &x.committeeID, &x.DeskID, &x.FromDesk, &x.FromName, &x.UnitID, &x.UnitName, &x.Form, &x.Year, &x.No, &x.N, &x.Requirement, &x.AgainReason,
		&x.signedBy, &x.SignedName, &x.SentAt, &x.AnswerBy, &due, &x.ReceivedAt, &x.ReceivedName, &x.AnsweredAt, &x.AnsweredName, &x.How, &x.Answer, &x.AnsweredLate, &x.overdueAt); err != nil {
		return err
	}
	x.heir = x.UnitID
	var late bool
	x.Left, late = k.left(x.AnswerBy)
	x.Overdue = late && x.AnsweredAt.IsZero()
	if err := json.Unmarshal([]byte(due), &x.AnswerDue); err != nil {
		return fmt.Errorf("read a deadline: %w", err)
	}
	return nil
}

// chaseOf loads a chase of the actor's committee, for acts and pages. Inside an
// act other acts on it wait.
func chaseOf(l *app.Look, id string) (*Chase, error) {
	if err := l.Tx().Claim(l.Ctx(), "chase", "id", id); err != nil {
		return nil, fmt.Errorf("claim chase %s: %w", id, err)
	}
	k, err := clockNow(l)
	if err != nil {
		return nil, err
	}
	var x Chase
	err = k.scanChase(l.Tx().Row(l.Ctx(), "SELECT "+chaseColumns+" FROM chase x WHERE x.id = ? AND x.committee_id = ?", id, l.Who().CommitteeID), &x)
	if errors.Is(err, store.ErrNone) {
		return nil, missing()
	}
	if err != nil {
		return nil, fmt.Errorf("load chase %s: %w", id, err)
	}
	return &x, x.find(l)
}

func loadChase(c *app.Call, id string) (*Chase, error) { return chaseOf(&c.Look, id) }

// find finds who stands for the unit today, and whether anybody there can act.
func (x *Chase) find(l *app.Look) error {
	b, err := organization.HeirOf(l, x.UnitID)
	if err != nil {
		return err
	}
	x.heir = b.ID
	if x.keeper, err = deskToday(l, x.DeskID); err != nil {
		return err
	}
	if !x.keeps(l.Who()) {
		return nil
	}
	x.unmanned, err = unmanned(l, x.heir)
	return err
}

// deskToday is the supervision office that stands for one today, "" for the
// committee's office.
func deskToday(l *app.Look, deskID string) (string, error) {
	if deskID == "" {
		return "", nil
	}
	b, err := organization.HeirOf(l, deskID)
	return b.ID, err
}

// unmanned reports whether nobody of a unit has an account today.
func unmanned(l *app.Look, unitID string) (bool, error) {
	today := dayOf(l.Now()).String()
	var n int
	err := l.Tx().Row(l.Ctx(), `SELECT COUNT(*) FROM post p JOIN account a ON a.person_id = p.person_id WHERE p.committee_id = ? AND p.body_id = ?
		AND p.kind IN ('handler', 'signer') AND a.state = 'active' AND p.valid_from <= ? AND (p.valid_to IS NULL OR p.valid_to >= ?)`,
		l.Who().CommitteeID, unitID, today, today).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("find who works in unit %s: %w", unitID, err)
	}
	return n == 0, nil
}

// itemsOf are the assignments of a chase, the most urgent first.
func itemsOf(l *app.Look, id string) ([]ChaseItem, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *ChaseItem) error {
		return r.Scan(&x.AssignmentID, &x.CaseKind, &x.CaseID, &x.Number, &x.Title, &x.What, &x.DueOn, &x.Left, &x.SettledAt, &x.State)
	}, `SELECT i.assignment_id, i.case_kind, i.case_id, i.number, i.title, i.what, i.due_on, i.days_left, i.settled_at, a.state
		FROM chase_item i JOIN assignment a ON a.id = i.assignment_id WHERE i.chase_id = ? ORDER BY i.due_on, i.assignment_id`, id)
	if err != nil {
		return nil, fmt.Errorf("read the assignments of chase %s: %w", id, err)
	}
	return list, nil
}

// myBodies are the ids under which one's unit or office was known: its own, and
// those for which it stands today.
func myBodies(l *app.Look) ([]string, error) {
	ids, err := organization.Forebears(l, l.Who().Post.BodyID)
	if err != nil {
		return nil, err
	}
	return slices.Concat([]string{l.Who().Post.BodyID}, ids), nil
}

// mine is the condition on a table x with committee_id, desk_id and unit_id for
// what somebody sees of chases and instructions: a unit or a supervision office
// its own, and those of the bodies for which it stands.
func mine(l *app.Look) (store.Fragment, error) {
	who := l.Who()
	all := store.F("x.committee_id = ?", who.CommitteeID)
	switch {
	case who.CommitteeID == "":
		return store.F("1 = 0"), nil
	case office(who), who.Is(access.Leader):
		return all, nil
	case who.Is(access.Dispatcher):
		ids, err := myBodies(l)
		return store.And(all, store.In("x.desk_id", ids...)), err
	case unitPost(who):
		ids, err := myBodies(l)
		return store.And(all, store.In("x.unit_id", ids...)), err
	default:
		return store.F("1 = 0"), nil
	}
}

// answerDue is until when a chase that is sent now is to be answered. The paper
// names the day, so a calendar that changes later does not move it.
func (k *clockOf) answerDue() (calendar.Deadline, error) {
	return calendar.Compute(k.today, calendar.Rule{Base: calendar.FromNotice, Workdays: max(k.rules.AnswerDays, 1), Version: k.version}, k.days)
}

// Chased tells handling when an assignment was chased last (handling.Chases):
// its reminders then stay silent for a while.
type Chased struct{}

// LastChase is the zero time for an assignment that nobody chased.
func (Chased) LastChase(l *app.Look, assignmentID string) (store.Time, error) {
	var at store.Time
	err := l.Tx().Row(l.Ctx(), "SELECT at FROM chase_last WHERE assignment_id = ?", assignmentID).Scan(&at)
	if errors.Is(err, store.ErrNone) {
		return store.Time{}, nil
	}
	if err != nil {
		return at, fmt.Errorf("find the last chase of %s: %w", assignmentID, err)
	}
	return at, nil
}
