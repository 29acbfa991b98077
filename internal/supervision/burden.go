package supervision

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/organization"
)

// Burden is what bodies owe to chases and instructions (organization.Burden): a
// body that owes an answer does not end without an heir.
type Burden struct{}

var _ organization.Burden = Burden{}

// Open counts chases of a unit without an answer, and instructions to a unit or
// supervision office without a report.
func (Burden) Open(l *app.Look, bodyID string) (n int, key, link string, err error) {
	who := l.Who().CommitteeID
	err = l.Tx().Row(l.Ctx(), `SELECT (SELECT COUNT(*) FROM chase WHERE committee_id = ? AND unit_id = ? AND answered_at IS NULL)
		+ (SELECT COUNT(*) FROM late_instruction WHERE committee_id = ? AND reported_at IS NULL AND (to_whom = 'unit' AND unit_id = ? OR to_whom = 'desk' AND desk_id = ?))`,
		who, bodyID, who, bodyID, bodyID).Scan(&n)
	if err != nil {
		return 0, "", "", fmt.Errorf("count what %s owes to supervision: %w", bodyID, err)
	}
	return n, "supervision.burden", "/supervision/chases", nil
}
