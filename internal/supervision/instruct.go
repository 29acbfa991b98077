package supervision

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/id"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// Whom an instruction is for.
const (
	ForUnit = "unit" // the unit that is late
	ForDesk = "desk" // who dispatched the case
)

const instructionMax = 500

// InstructIn is an instruction of a leader.
type InstructIn struct {
	ID    string `json:"id"` // assignment
	To    string `json:"to"` // unit or desk
	Words string `json:"words"`
	DueOn string `json:"due_on"` // of the report back
}

// InstructOut names the instruction.
type InstructOut struct {
	ID string `json:"id"`
}

// Instruct writes a leader's instruction on an assignment that is late (批示).
var Instruct = app.Define("instruction.give",
	func(c *app.Call, in InstructIn) (*Item, error) { return itemOf(&c.Look, in.ID) },
	func(who access.Actor, x *Item) access.Verdict {
		if !x.sees(who) {
			return access.Hide()
		}
		return access.When(who.Is(access.Leader), "supervision.leader-only")
	}, instruct)

// itemOf loads one assignment of the actor's committee.
func itemOf(l *app.Look, id string) (*Item, error) {
	k, err := clockNow(l)
	if err != nil {
		return nil, err
	}
	list, err := reader{l, k}.list(store.F("a.id = ? AND a.committee_id = ?", id, l.Who().CommitteeID), store.Fragment{})
	if err != nil {
		return nil, fmt.Errorf("load assignment %s: %w", id, err)
	}
	if len(list) == 0 || list[0].State == handling.Changed {
		return nil, missing()
	}
	return &list[0], nil
}

func instruct(c *app.Call, x *Item, in InstructIn) (InstructOut, error) {
	if !x.MayInstruct {
		return InstructOut{}, fault.New(fault.Closed, "supervision.instruct.not-late")
	}
	in.Words = strings.TrimSpace(in.Words)
	var p fault.Problems
	p.Check(slices.Contains([]string{ForUnit, ForDesk}, in.To), "to", "supervision.choose")
	text(&p, "words", in.Words, instructionMax)
	on, err := calendar.ParseDate(in.DueOn)
	today := dayOf(c.Now())
	p.Check(err == nil && on.After(today) && !on.After(today.AddMonths(12)), "due_on", "supervision.instruct.day")
	if err := p.Err(); err != nil {
		return InstructOut{}, err
	}
	who, made := c.Who(), id.New()
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO late_instruction (id, committee_id, assignment_id, case_kind, case_id, number, title, unit_id, unit_name, desk_id, desk_name,
		to_whom, words, leader_id, leader_name, given_at, due_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		made, who.CommitteeID, x.ID, x.CaseKind, x.CaseID, x.Number, x.Title, x.UnitID, x.UnitName, x.DeskID, x.DeskName, in.To, in.Words, who.PersonID, who.Name, c.Now(), on.String())
	if err != nil {
		return InstructOut{}, fmt.Errorf("write an instruction on %s: %w", x.ID, err)
	}
	c.Made(made)
	c.Detail(map[string]any{"assignment": x.ID, "to": in.To, "due_on": on.String()})
	return InstructOut{made}, c.Record(WasInstructed{ID: made, AssignmentID: x.ID, CaseKind: x.CaseKind, CaseID: x.CaseID, Number: x.Number, Title: x.Title,
		UnitID: x.UnitID, UnitName: x.UnitName, DeskID: x.DeskID, To: in.To, LeaderID: who.PersonID, LeaderName: who.Name, DueOn: on.String()}, "instruction", made)
}

// Instruction is a leader's instruction on an assignment that was late.
type Instruction struct {
	ID           string     `json:"id"`
	AssignmentID string     `json:"assignment_id"`
	CaseKind     string     `json:"case_kind"`
	CaseID       string     `json:"case_id"`
	Number       string     `json:"number"`
	Title        string     `json:"title"`
	UnitID       string     `json:"unit_id"`
	UnitName     string     `json:"unit_name"`
	DeskID       string     `json:"desk_id,omitempty"`
	DeskName     string     `json:"desk_name,omitempty"`
	To           string     `json:"to"` // unit or desk
	Words        string     `json:"words"`
	LeaderName   string     `json:"leader_name"`
	GivenAt      store.Time `json:"given_at"`
	DueOn        string     `json:"due_on"`
	ReportedAt   store.Time `json:"reported_at"`
	ReportedName string     `json:"reported_name,omitempty"`
	Report       string     `json:"report,omitempty"`
	ReportedLate bool       `json:"reported_late,omitempty"`
	Overdue      bool       `json:"overdue,omitempty"`
	Left         int        `json:"left"` // working days until DueOn
	MayReport    bool       `json:"may_report,omitempty"`

	committeeID string
	leaderID    string
	heir        string // the unit that stands for it today
	keeper      string // the supervision office that stands for DeskID today
	unmanned    bool
}

// Object names the instruction in the audit record.
func (x *Instruction) Object() (string, string) { return "instruction", x.ID }

func (x *Instruction) ofUnit(who access.Actor) bool {
	return unitPost(who) && who.CommitteeID == x.committeeID && (who.In(x.UnitID) || who.In(x.heir))
}

// ofDesk reports whether somebody stands for who dispatched the case.
func (x *Instruction) ofDesk(who access.Actor) bool {
	if who.CommitteeID != x.committeeID {
		return false
	}
	if x.DeskID == "" {
		return office(who)
	}
	return who.Is(access.Dispatcher) && (who.In(x.DeskID) || who.In(x.keeper))
}

func (x *Instruction) sees(who access.Actor) bool {
	return who.CommitteeID != "" && who.CommitteeID == x.committeeID && (x.ofUnit(who) || x.ofDesk(who) || office(who) || who.Is(access.Leader))
}

// mayReport: for whom the instruction is; and who dispatched the case for a
// unit in which nobody has an account.
func mayReport(who access.Actor, x *Instruction) access.Verdict {
	switch {
	case x.To == ForDesk && x.ofDesk(who), x.To == ForUnit && x.ofUnit(who), x.To == ForUnit && x.ofDesk(who) && x.unmanned:
		return access.Allow()
	case x.sees(who):
		return access.Deny("supervision.report.addressee-only")
	default:
		return access.Hide()
	}
}

// instructionColumns are those of table late_instruction x.
const instructionColumns = `x.id, x.committee_id, x.assignment_id, x.case_kind, x.case_id, x.number, x.title, x.unit_id, x.unit_name, x.desk_id, x.desk_name, x.to_whom, x.words,
	x.leader_id, x.leader_name, x.given_at, x.due_on, x.reported_at, x.reported_name, x.report, x.late`

func (k *clockOf) scanInstruction(r store.Row, x *Instruction) error {
	if err := r.Scan(&x.ID, &x.committeeID, &x.AssignmentID, &x.CaseKind, &x.CaseID, &x.Number, &x.Title, &x.UnitID, &x.UnitName, &x.DeskID, &x.DeskName, &x.To, &x.Words,
		&x.leaderID, &x.LeaderName, &x.GivenAt, &x.DueOn, &x.ReportedAt, &x.ReportedName, &x.Report, &x.ReportedLate); err != nil {
		return err
	}
	x.heir = x.UnitID
	var late bool
	x.Left, late = k.left(x.DueOn)
	x.Overdue = late && x.ReportedAt.IsZero()
	return nil
}

// instructionOf loads an instruction of the actor's committee.
func instructionOf(l *app.Look, id string) (*Instruction, error) {
	if err := l.Tx().Claim(l.Ctx(), "late_instruction", "id", id); err != nil {
		return nil, fmt.Errorf("claim instruction %s: %w", id, err)
	}
	k, err := clockNow(l)
	if err != nil {
		return nil, err
	}
	var x Instruction
	err = k.scanInstruction(l.Tx().Row(l.Ctx(), "SELECT "+instructionColumns+" FROM late_instruction x WHERE x.id = ? AND x.committee_id = ?", id, l.Who().CommitteeID), &x)
	if errors.Is(err, store.ErrNone) {
		return nil, missing()
	}
	if err != nil {
		return nil, fmt.Errorf("load instruction %s: %w", id, err)
	}
	b, err := organization.HeirOf(l, x.UnitID)
	if err != nil {
		return nil, err
	}
	x.heir = b.ID
	if x.keeper, err = deskToday(l, x.DeskID); err != nil {
		return nil, err
	}
	if x.ofDesk(l.Who()) {
		x.unmanned, err = unmanned(l, x.heir)
	}
	x.MayReport = err == nil && x.ReportedAt.IsZero() && mayReport(l.Who(), &x).Allowed()
	return &x, err
}

// ShowInstruction is one instruction.
var ShowInstruction = app.Ask("supervision.instruction", committeeScope, func(l *app.Look, _ access.Scope, in ReceiveIn) (*Instruction, error) {
	x, err := instructionOf(l, in.ID)
	if err != nil {
		return nil, err
	}
	if !x.sees(l.Who()) {
		return nil, missing()
	}
	return x, nil
})

// committeeScope is the committee of the one who asks; what he sees of one
// thing is judged by itself.
func committeeScope(who access.Actor) access.Scope {
	return access.Committee("committee_id", who.CommitteeID)
}
