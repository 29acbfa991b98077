package site

import (
	"context"
	"fmt"

	"tongxin/internal/handling"
)

// checkOrphans looks for open work that nobody does. A unit without an account
// is no fault, the office enters for it; a unit that ended is one.
func (s *Site) checkOrphans(ctx context.Context) Check {
	lost, err := handling.CountOrphans(ctx, s.App)
	if err != nil {
		return Check{"open work", false, err.Error()}
	}
	note := fmt.Sprintf("%d assignments of units without an account, entered by the office", lost.Unmanned)
	if lost.Ended > 0 {
		note = fmt.Sprintf("%d assignments of units that ended: hand them over at /dispatch/hand-over?orphans=1; %s", lost.Ended, note)
	}
	return Check{"open work", lost.Ended == 0, note}
}
