package supervision

import (
	"fmt"
	"strings"

	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// ReportIn is the report back on an instruction.
type ReportIn struct {
	ID    string `json:"id"`
	Words string `json:"words"`
}

// ReportOut tells how it stands.
type ReportOut struct {
	ID   string `json:"id"`
	Late bool   `json:"late"`
}

// Report tells a leader what was done about his instruction (反馈).
var Report = app.Define("instruction.report",
	func(c *app.Call, in ReportIn) (*Instruction, error) { return instructionOf(&c.Look, in.ID) }, mayReport,
	func(c *app.Call, x *Instruction, in ReportIn) (ReportOut, error) {
		if !x.ReportedAt.IsZero() {
			return ReportOut{}, fault.New(fault.Closed, "supervision.report.done")
		}
		in.Words = strings.TrimSpace(in.Words)
		var p fault.Problems
		text(&p, "words", in.Words, answerMax)
		if err := p.Err(); err != nil {
			return ReportOut{}, err
		}
		_, err := c.Tx().Exec(c.Ctx(), "UPDATE late_instruction SET reported_at = ?, reported_by = ?, reported_name = ?, report = ?, late = ? WHERE id = ?",
			c.Now(), c.Who().PersonID, c.Who().Name, in.Words, x.Overdue, x.ID)
		if err != nil {
			return ReportOut{}, fmt.Errorf("report on instruction %s: %w", x.ID, err)
		}
		c.Detail(map[string]any{"late": x.Overdue})
		return ReportOut{x.ID, x.Overdue}, c.Record(WasReported{WasInstructed{ID: x.ID, AssignmentID: x.AssignmentID, CaseKind: x.CaseKind, CaseID: x.CaseID, Number: x.Number,
			Title: x.Title, UnitID: x.UnitID, UnitName: x.UnitName, DeskID: x.DeskID, To: x.To, LeaderID: x.leaderID, LeaderName: x.LeaderName, DueOn: x.DueOn}, x.Overdue}, "instruction", x.ID)
	})
