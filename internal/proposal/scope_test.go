package proposal_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/clock"
	"tongxin/internal/handling"
	"tongxin/internal/proposal"
	"tongxin/internal/testkit"
)

// cases runs a test in a small committee that has handling's tables too.
func cases(t *testing.T, f func(t *testing.T, w *testkit.World)) {
	t.Helper()
	handled := handling.Module()
	testkit.EachDB(t, []app.Module{handled, proposal.Module()}, []any{handling.Kinds{"proposal": proposal.Cases{}}}, func(t *testing.T, h *testkit.House) { f(t, testkit.NewWorld(t, h)) })
}

type everything struct{}

// Object names nothing.
func (everything) Object() (string, string) { return "test", "" }

// do writes to the database of a test, past every action.
func do(t testing.TB, w *testkit.World, sql string, args ...any) {
	t.Helper()
	a := app.Define("test.write", func(*app.Call, everything) (everything, error) { return everything{}, nil }, access.Public[everything],
		func(c *app.Call, _ everything, _ everything) (everything, error) {
			_, err := c.Tx().Exec(c.Ctx(), sql, args...)
			return everything{}, err
		})
	_, err := a.Do(t.Context(), w.App, access.Actor{}, everything{})
	must(t, err)
}

// everybody is one actor of each post.
func everybody(w *testkit.World) []access.Actor {
	return []access.Actor{w.Members[0], w.Members[1], w.Convener, w.Office, w.Chief, w.Reviewer, w.PartyDesk, w.GovDesk, w.HandlerA, w.SignerA, w.HandlerB,
		w.HandlerC, w.Leader, w.SysAdmin, w.SecAdmin, w.Auditor, w.Stranger, access.Machine(w.CommitteeID, "test"), {}}
}

// TestRuleAndScopeAgree makes proposals of every kind and state, and asks rule
// and scope about each for everybody.
func TestRuleAndScopeAgree(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		people := everybody(w)
		rapid.Check(t, func(r *rapid.T) {
			id := fmt.Sprintf("p%d", number(t, w, "SELECT COUNT(*) FROM proposal"))
			p := randomProposal(t, r, w, id)
			for _, who := range people {
				got := inScope(t, w, who, p.ID)
				want := proposal.MaySee(who, p)
				if got != want {
					r.Fatalf("%s (%s) and %+v: scope says %v, rule says %v", who.Name, who.Post.Kind, p, got, want)
				}
			}
		})
	})
}

func randomProposal(t *testing.T, r *rapid.T, w *testkit.World, id string) *proposal.Proposal {
	t.Helper()
	p := &proposal.Proposal{ID: id, CommitteeID: w.CommitteeID, State: rapid.SampledFrom(proposal.States()).Draw(r, "state"), Kind: proposal.Individual,
		AuthorID: rapid.SampledFrom([]string{w.Members[0].PersonID, w.Convener.PersonID, w.Members[4].PersonID}).Draw(r, "author")}
	if p.State != proposal.Draft {
		p.SubmittedAt = clock.InstantOf(testkit.Start)
	}
	p.EnteredBy = rapid.SampledFrom([]string{"", w.Office.PersonID, w.Members[1].PersonID}).Draw(r, "entered")
	do(t, w, `INSERT INTO proposal (id, committee_id, session_id, state, title, kind, author_id, lead_name, entered_by, created_at, saved_at, submitted_at)
		VALUES (?, ?, ?, ?, 'x', ?, ?, 'x', ?, 0, 0, ?)`, p.ID, p.CommitteeID, w.Session, string(p.State), string(p.Kind), p.AuthorID, p.EnteredBy, p.SubmittedAt)
	signers := []proposal.Signer{{ID: w.Members[1].PersonID}, {ID: w.Convener.Post.BodyID, IsBody: true}, {ID: w.Convener.PersonID}}
	for i, s := range signers {
		if s.State = rapid.SampledFrom([]string{"", "invited", "signed", "declined", "removed", "lapsed"}).Draw(r, "signer"); s.State == "" {
			continue
		}
		do(t, w, `INSERT INTO proposal_signer (proposal_id, signer_id, committee_id, is_body, name, position, state, invited_at) VALUES (?, ?, ?, ?, 'x', ?, ?, 0)`,
			p.ID, s.ID, p.CommitteeID, s.IsBody, i, s.State)
		p.Signers = append(p.Signers, s)
	}
	for _, b := range []string{w.Bodies["deskG"], w.Bodies["unitA"]} {
		if rapid.Bool().Draw(r, "routed") {
			do(t, w, "INSERT INTO handling_involved (committee_id, case_kind, case_id, body_id) VALUES (?, 'proposal', ?, ?)", w.CommitteeID, p.ID, b)
			p.Involved = append(p.Involved, b)
		}
	}
	return p
}

func inScope(t *testing.T, w *testkit.World, who access.Actor, id string) bool {
	t.Helper()
	q := app.Ask("test.scope", proposal.ScopeOf, func(l *app.Look, s access.Scope, id string) (n int, err error) {
		return n, l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM proposal p WHERE p.id = ? AND ("+s.SQL()+")", append([]any{id}, s.Args()...)...).Scan(&n)
	})
	n, err := q.Do(t.Context(), w.App, who, id)
	must(t, err)
	return n == 1
}
