package proposal

import (
	"errors"
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/document"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// KeyFiles tells document who may add to and read the files of a supervision,
// by the id of its record: the written report, for instance.
type KeyFiles struct{ Attachments }

var (
	_ document.Owner   = KeyFiles{}
	_ document.Claimer = KeyFiles{}
)

// KeyFilesKind is the word for supervisions in the addresses of files.
const KeyFilesKind = "keyrecord"

// recordPlace tells to which proposal a supervision belongs.
func recordPlace(l *app.Look, record string) (string, error) {
	var proposal string
	err := l.Tx().Row(l.Ctx(), "SELECT proposal_id FROM key_record WHERE id = ? AND committee_id = ?", record, l.Who().CommitteeID).Scan(&proposal)
	if errors.Is(err, store.ErrNone) {
		return "", fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return "", fmt.Errorf("find supervision %s: %w", record, err)
	}
	return proposal, nil
}

func keyCaseOfRecord(l *app.Look, record string) (*KeyCase, error) {
	proposal, err := recordPlace(l, record)
	if err != nil {
		return nil, err
	}
	return keyCase(l, proposal)
}

// MayAttach lets staff add files to a supervision and take them from it, as
// long as the proposal is a key proposal.
func (KeyFiles) MayAttach(l *app.Look, record string) error {
	k, err := keyCaseOfRecord(l, record)
	if err != nil {
		return err
	}
	v := staffOnly(l.Who(), k)
	switch {
	case v.Hidden() || !v.Allowed() && !k.meets(l.Who()):
		return fault.New(fault.NotFound, "fault.not-found")
	case !v.Allowed():
		return fault.New(fault.Forbidden, v.Key())
	}
	return k.fresh(0)
}

// MayRead lets those open the files who read who took part: a report names them.
func (KeyFiles) MayRead(l *app.Look, record string) error {
	k, err := keyCaseOfRecord(l, record)
	if err == nil && !k.meets(l.Who()) {
		return fault.New(fault.NotFound, "fault.not-found")
	}
	return err
}

// Claim makes other acts on the proposal wait.
func (KeyFiles) Claim(c *app.Call, record string) error {
	proposal, err := recordPlace(&c.Look, record)
	if err != nil {
		return err
	}
	return Attachments{}.Claim(c, proposal)
}
