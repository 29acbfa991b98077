package proposal

import (
	"encoding/json"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// ReceiptIn names a proposal that was handed in.
type ReceiptIn struct {
	ID string `json:"id"`
}

// ReceiptOut is what the proposer is told after handing in.
type ReceiptOut struct {
	Proposal *Proposal         `json:"proposal"`
	Due      calendar.Deadline `json:"due" doc:"Until when it is reviewed, and how that was computed"`
	Signers  []Signer          `json:"signers"`
	SignBy   store.Time        `json:"sign_by" doc:"Until when co-signers may still confirm"`
}

// Receipt tells the proposer what became of handing in: number, who holds it
// now, and until when, with every step of the computing.
var Receipt = app.Ask("proposal.receipt", scopeOf, func(l *app.Look, scope access.Scope, in ReceiptIn) (ReceiptOut, error) {
	p, err := writable(l, scope, in.ID)
	if err != nil {
		return ReceiptOut{}, err
	}
	if p.SubmittedAt.IsZero() {
		return ReceiptOut{}, fault.New(fault.NotFound, "fault.not-found")
	}
	out := ReceiptOut{Proposal: p, Signers: cosigners(p)}
	if out.Due, err = reviewDeadline(l, p.ID); err != nil {
		return out, err
	}
	out.SignBy, err = signUntil(l, p)
	return out, err
})

// reviewDeadline is the deadline of the review as it was computed; its On is
// zero before handing in.
func reviewDeadline(l *app.Look, id string) (calendar.Deadline, error) {
	var d calendar.Deadline
	var kept string
	if err := l.Tx().Row(l.Ctx(), "SELECT due FROM proposal WHERE id = ?", id).Scan(&kept); err != nil {
		return d, fmt.Errorf("read the deadline of proposal %s: %w", id, err)
	}
	if kept == "" {
		return d, nil
	}
	if err := json.Unmarshal([]byte(kept), &d); err != nil {
		return d, fmt.Errorf("read the deadline of proposal %s: %w", id, err)
	}
	return d, nil
}
