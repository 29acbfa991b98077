package handling_test

import (
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/handling"
	"tongxin/internal/testkit"
)

// TestWhatIsToBeGivenBackIsNotAskedFor: while an objection waits the unit is
// asked for its leader's consent and for nothing else, and who dispatched the
// case for the ruling.
func TestWhatIsToBeGivenBackIsNotAskedFor(t *testing.T) {
	t.Parallel()
	waitingWorld(t, func(t *testing.T, w *testkit.World) {
		say := func(step string, who access.Actor, want string) {
			t.Helper()
			if got, _ := queues(t, w, who); got != want {
				t.Errorf("%s: the queues of %s are %q, want %q", step, who.Name, got, want)
			}
		}
		row := []handling.CaseRow{{Kind: "sample", ID: "case-1"}}
		perform(t, w, handling.RouteCases, w.Office, handling.RouteIn{Desk: w.Bodies["deskG"], Rows: row})
		row[0].Units = []handling.UnitRole{{Unit: w.Bodies["unitA"], Role: handling.Sole}}
		perform(t, w, handling.Dispatch, w.GovDesk, handling.DispatchIn{Rows: row})
		for _, signed := range []bool{false, true} {
			if signed {
				perform(t, w, handling.WithdrawObjection, w.HandlerA, handling.ErrandIn{ID: errand(t, w, "unitA")})
				perform(t, w, handling.Sign, w.HandlerA, handling.SignIn{ID: errand(t, w, "unitA"), Handler: "石砚秋", Phone: "010-00000000"})
				say("signed", w.HandlerA, "reply 1")
			}
			perform(t, w, handling.Object, w.HandlerA, handling.ObjectIn{ID: errand(t, w, "unitA"), Reason: "职能已经划转", Unit: w.Bodies["unitB"]})
			say("objected", w.HandlerA, "")
			say("objected", w.SignerA, "consent 1"+map[bool]string{true: ", underway 1"}[signed])
		}
		perform(t, w, handling.Consent, w.SignerA, handling.ErrandIn{ID: errand(t, w, "unitA")})
		say("consented", w.SignerA, "underway 1")
		say("consented", w.GovDesk, "rule 1")
	})
}
