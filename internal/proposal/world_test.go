package proposal_test

import (
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/proposal"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// each runs a test in a fresh small committee on both engines.
func each(t *testing.T, f func(t *testing.T, w *testkit.World)) {
	t.Helper()
	testkit.EachDB(t, []app.Module{proposal.Module()}, nil, func(t *testing.T, h *testkit.House) { f(t, testkit.NewWorld(t, h)) })
}

// look reads the database of a test as nobody in particular.
func look[T any](t testing.TB, w *testkit.World, f func(l *app.Look) (T, error)) T {
	t.Helper()
	q := app.Ask("test.look", func(access.Actor) access.Scope { return access.Nothing() },
		func(l *app.Look, _ access.Scope, _ struct{}) (T, error) { return f(l) })
	out, err := q.Do(t.Context(), w.App, w.Office, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// number reads one figure.
func number(t testing.TB, w *testkit.World, sql string, args ...any) int64 {
	t.Helper()
	return look(t, w, func(l *app.Look) (n int64, err error) {
		return n, l.Tx().Row(l.Ctx(), sql, args...).Scan(&n)
	})
}

// text reads one text.
func text(t testing.TB, w *testkit.World, sql string, args ...any) string {
	t.Helper()
	return look(t, w, func(l *app.Look) (s string, err error) {
		return s, l.Tx().Row(l.Ctx(), sql, args...).Scan(&s)
	})
}

// column reads one column.
func column(t testing.TB, w *testkit.World, sql string, args ...any) []string {
	t.Helper()
	return look(t, w, func(l *app.Look) ([]string, error) {
		return store.List(l.Ctx(), l.Tx(), store.Column[string], sql, args...)
	})
}

// whole is a complete writing under the default rules.
func whole() proposal.Writing {
	return proposal.Writing{Title: "关于在老旧小区加装电梯的提案", Category: "society", Background: strings.Repeat("老旧小区上下楼难。", 20),
		Basis: "走访三个小区，访谈四十二户。", Items: []string{"简化审批手续", "设立专项补助"}, Publish: proposal.PublishAgreed}
}

// draft saves a complete draft.
func draft(t testing.TB, w *testkit.World, who access.Actor) proposal.DraftOut {
	t.Helper()
	out, err := proposal.SaveDraft.Do(t.Context(), w.App, who, proposal.DraftIn{Writing: whole()})
	must(t, err)
	return out
}

// submitted hands a complete proposal in.
func submitted(t testing.TB, w *testkit.World, who access.Actor) proposal.SubmitOut {
	t.Helper()
	out, err := proposal.Submit.Do(t.Context(), w.App, who, proposal.SubmitIn{Writing: whole()})
	must(t, err)
	return out
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused checks kind and sentence of a refusal.
func refused(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	f := fault.From(err)
	if f == nil {
		t.Fatalf("nothing was refused, want %s", key)
	}
	if f.Kind != kind || f.Key != key {
		t.Fatalf("refused with kind %d and %q, want %d and %q: %v", f.Kind, f.Key, kind, key, err)
	}
}

// sums checks that the totals, the rows and the dispositions say the same.
func sums(t testing.TB, w *testkit.World) {
	t.Helper()
	rows := number(t, w, "SELECT COUNT(*) FROM proposal")
	if n := number(t, w, "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM proposal_tally"); n != rows {
		t.Errorf("the totals add up to %d, there are %d rows", n, rows)
	}
	if n := number(t, w, `SELECT COUNT(*) FROM (SELECT session_id, category, state, SUM(n) AS n FROM proposal_tally GROUP BY session_id, category, state) a
		WHERE a.n <> (SELECT COUNT(*) FROM proposal p WHERE p.session_id = a.session_id AND p.category = a.category AND p.state = a.state)`); n != 0 {
		t.Errorf("%d totals differ from their rows", n)
	}
	due := number(t, w, "SELECT COUNT(*) FROM proposal WHERE due_on <> ?", proposal.Never)
	if n := number(t, w, "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM proposal_due_tally"); n != due {
		t.Errorf("the totals by due date add up to %d, %d are due", n, due)
	}
	if n := number(t, w, `SELECT COUNT(*) FROM proposal p WHERE
		(SELECT COUNT(*) FROM proposal_disposition d WHERE d.proposal_id = p.id AND d.valid_to IS NULL) <> CASE WHEN p.submitted_at IS NULL THEN 0 ELSE 1 END`); n != 0 {
		t.Errorf("%d proposals have not exactly one open disposition", n)
	}
	if n := number(t, w, `SELECT COUNT(*) FROM proposal p JOIN proposal_disposition d ON d.proposal_id = p.id AND d.valid_to IS NULL
		WHERE d.disposition <> CASE WHEN p.state IN ('submitted', 'returned') THEN 'pending' WHEN p.state IN ('dispatched', 'handling', 'replied', 'closed') THEN 'filed' ELSE p.state END`); n != 0 {
		t.Errorf("%d dispositions say something else than the state", n)
	}
}
