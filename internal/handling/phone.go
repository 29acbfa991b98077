package handling

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/seal"
)

// OpenPhone opens the phone number of a unit's handler, kept sealed with an
// assignment; "" for none. Who may read it is for the caller to judge: the
// proposers, the unit itself, who dispatched the case, and the office.
func OpenPhone(l *app.Look, assignmentID, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	phone, err := app.Part[*seal.Keeper](l).Open(sealed, phonePlace(assignmentID))
	if err != nil {
		return "", fmt.Errorf("open the phone of assignment %s: %w", assignmentID, err)
	}
	return phone, nil
}
