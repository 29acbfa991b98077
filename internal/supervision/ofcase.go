package supervision

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/store"
)

// ChasesOf lists the chases that concern a case of the actor's committee, oldest
// first. Like handling.MatterOf it asks no rule: for other domains' own queries,
// which have scopes of their own.
func ChasesOf(l *app.Look, kind, id string) ([]Chase, error) {
	k, err := clockNow(l)
	if err != nil {
		return nil, err
	}
	list, err := store.List(l.Ctx(), l.Tx(), k.scanChase, "SELECT "+chaseColumns+` FROM chase x WHERE x.committee_id = ?
		AND x.id IN (SELECT i.chase_id FROM chase_item i JOIN assignment a ON a.id = i.assignment_id WHERE a.case_kind = ? AND a.case_id = ?) ORDER BY x.sent_at, x.id`, l.Who().CommitteeID, kind, id)
	if err != nil {
		return nil, fmt.Errorf("list the chases of %s %s: %w", kind, id, err)
	}
	return list, nil
}

// InstructionsOf lists what leaders wrote on late work of a case, oldest first.
// Like ChasesOf it asks no rule.
func InstructionsOf(l *app.Look, kind, id string) ([]Instruction, error) {
	k, err := clockNow(l)
	if err != nil {
		return nil, err
	}
	list, err := store.List(l.Ctx(), l.Tx(), k.scanInstruction, "SELECT "+instructionColumns+` FROM late_instruction x
		JOIN assignment a ON a.id = x.assignment_id WHERE x.committee_id = ? AND a.case_kind = ? AND a.case_id = ? ORDER BY x.given_at, x.id`, l.Who().CommitteeID, kind, id)
	if err != nil {
		return nil, fmt.Errorf("list the instructions on %s %s: %w", kind, id, err)
	}
	return list, nil
}
