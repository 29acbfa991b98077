package proposal_test

import (
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/proposal"
	"tongxin/internal/testkit"
)

// TestAChangedCalendarMovesOpenReviews and no others, once, on the record.
func TestAChangedCalendarMovesOpenReviews(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		ctx := t.Context()
		open := submitted(t, w, w.Members[0])
		done := filed(t, w, w.Members[1])
		before := text(t, w, "SELECT due_on FROM proposal WHERE id = ?", open.ID)
		if before != open.DueOn || before == proposal.Never {
			t.Fatalf("due on %s, told %s", before, open.DueOn)
		}
		_, err := calendar.Change.Do(ctx, w.App, w.Office, calendar.ChangeIn{Year: 2026,
			Holidays: []calendar.HolidayIn{{Name: "市庆", From: "2026-01-19", To: "2026-01-21"}, {Name: "春节", From: "2026-02-15", To: "2026-02-23"}}})
		must(t, err)
		w.CaughtUp(t)
		after := text(t, w, "SELECT due_on FROM proposal WHERE id = ?", open.ID)
		if after <= before {
			t.Errorf("due on %s, it was %s", after, before)
		}
		s, err := proposal.Show.Do(ctx, w.App, w.Office, proposal.ShowIn{ID: open.ID})
		must(t, err)
		if s.Due.On.String() != after || s.DueOn != after {
			t.Errorf("explained as %s, kept as %s", s.Due.On, s.DueOn)
		}
		if got := text(t, w, "SELECT due_on FROM proposal WHERE id = ?", done); got != proposal.Never {
			t.Errorf("a filed proposal's review is due on %s", got)
		}
		detail := text(t, w, "SELECT CAST(detail AS TEXT) FROM audit_entry WHERE action = 'proposal.recompute-due'")
		if !strings.Contains(detail, open.ID) || !strings.Contains(detail, before) || !strings.Contains(detail, after) {
			t.Errorf("the audit record says %s", detail)
		}
		out, err := proposal.RecomputeDue.Do(ctx, w.App, access.Machine(w.CommitteeID, "deadlines"), proposal.RecomputeDueIn{})
		must(t, err)
		if out.Changed != 0 {
			t.Errorf("heard twice: %d moved", out.Changed)
		}
		_, err = proposal.RecomputeDue.Do(ctx, w.App, w.Chief, proposal.RecomputeDueIn{})
		refused(t, err, fault.Forbidden, "access.denied")
		sums(t, w)
	})
}
