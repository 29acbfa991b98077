package proposal_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/proposal"
	"tongxin/internal/testkit"
)

// keyArrows are written down a second time, so that a change of the table is seen.
var keyArrows = map[proposal.KeyState]string{
	"recommending": "shortlisting", "shortlisting": "consulting recommending", "consulting": "approving shortlisting", "approving": "decided consulting", "decided": "recommending",
	"recommended": "shortlisted passed_over", "shortlisted": "kept dropped passed_over", "passed_over": "shortlisted recommended", "kept": "approved not_approved dropped passed_over",
	"dropped": "kept recommended shortlisted passed_over", "approved": "", "not_approved": "recommended",
	"underway": "reported released", "reported": "released", "released": "",
	"plan_awaited": "plan_submitted", "plan_submitted": "plan_accepted plan_returned", "plan_returned": "plan_submitted", "plan_accepted": "",
	"open": "done ended", "done": "open", "ended": "open",
}

func TestEveryPairOfKeyStates(t *testing.T) {
	t.Parallel()
	if len(proposal.KeyNext()) != len(keyArrows) {
		t.Errorf("%d states, want %d", len(proposal.KeyNext()), len(keyArrows))
	}
	for from, to := range keyArrows {
		for other := range keyArrows {
			now, err := proposal.MoveKey(from, other)
			if slices.Contains(strings.Fields(to), string(other)) {
				if err != nil || now != other {
					t.Errorf("%s → %s: %s, %v", from, other, now, err)
				}
				continue
			}
			if !fault.Is(err, fault.Closed) || now != from || fault.From(err).Key != "proposal.key.closed."+string(from) {
				t.Errorf("%s → %s went: %s, %v", from, other, now, err)
			}
		}
	}
}

// ready puts a session with candidates that were kept before the Chair's
// Council, and some key proposals that were decided before.
func (w *city) ready(n, before int) (session string, candidates []string) {
	w.t.Helper()
	session = fmt.Sprintf("s%d", number(w.t, w.World, "SELECT COUNT(*) FROM term_session"))
	at := number(w.t, w.World, "SELECT COUNT(*) FROM proposal")
	do(w.t, w.World, `INSERT INTO term_session (id, committee_id, term_id, number, title, collect_from, opens_on, closes_on, cutoff_at)
		SELECT ?, committee_id, term_id, number + 1 + ?, title, collect_from, opens_on, closes_on, cutoff_at FROM term_session WHERE id = ?`, session, at, w.Session)
	do(w.t, w.World, "INSERT INTO key_selection (id, committee_id, session_id, year, state, since, opened_by, opened_at) VALUES (?, ?, ?, 2026, 'approving', 0, 'x', 0)", session, w.CommitteeID, session)
	do(w.t, w.World, "INSERT INTO key_decision (id, committee_id, selection_id, decided_on, reference, approved, in_all, most, person_id, at) VALUES (?, ?, ?, '2026-01-01', 'x', 0, 0, -1, 'x', 0)", "d"+session, w.CommitteeID, session)
	for i := range n + before {
		id := fmt.Sprintf("%s-%d", session, i)
		do(w.t, w.World, `INSERT INTO proposal (id, committee_id, session_id, state, title, kind, author_id, lead_name, created_at, saved_at, submitted_at, filed_at)
			VALUES (?, ?, ?, 'filed', 'x', 'individual', ?, 'x', 0, 0, 0, 0)`, id, w.CommitteeID, session, w.Members[0].PersonID)
		if i >= n {
			do(w.t, w.World, `INSERT INTO key_proposal (proposal_id, committee_id, session_id, year, decision_id, state, plan, approved_at) VALUES (?, ?, ?, 2026, ?, 'underway', 'plan_awaited', 0)`,
				id, w.CommitteeID, session, "d"+session)
			continue
		}
		do(w.t, w.World, "INSERT INTO key_candidate (id, committee_id, selection_id, proposal_id, state, at) VALUES (?, ?, ?, ?, 'kept', 0)", "c"+id, w.CommitteeID, session, id)
		candidates = append(candidates, id)
	}
	return session, candidates
}

// TestNoSelectionApprovesAboveTheLimitWithoutReason whatever was approved
// before and however often a row is sent.
func TestNoSelectionApprovesAboveTheLimitWithoutReason(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		const most = 3
		w.rules(`{"number":3}`)
		rapid.Check(w.t, func(r *rapid.T) {
			before := rapid.IntRange(0, most).Draw(r, "before")
			session, ids := w.ready(rapid.IntRange(1, 5).Draw(r, "kept"), before)
			in := proposal.KeyApproveIn{Session: session, DecidedOn: "2026-02-01", Reference: "主席会议", Reason: rapid.SampledFrom([]string{"", " ", "重点工作多"}).Draw(r, "reason")}
			chosen := map[string]bool{}
			for _, id := range rapid.SliceOf(rapid.SampledFrom(ids)).Draw(r, "rows") {
				in.Rows = append(in.Rows, proposal.KeyApproveRow{Candidate: id, Approved: rapid.Bool().Draw(r, "approved")})
				chosen[id] = chosen[id] || in.Rows[len(in.Rows)-1].Approved
			}
			n := 0
			for _, yes := range chosen {
				if yes {
					n++
				}
			}
			_, err := proposal.KeyApprove.Do(w.t.Context(), w.App, w.Chief, in)
			allowed := n > 0 && (before+n <= most || in.Reason == "重点工作多")
			if (err == nil) != allowed {
				r.Fatalf("%d before, %d now, reason %q: %v", before, n, in.Reason, err)
			}
			want := before
			if allowed {
				want += n
			}
			if got := number(w.t, w.World, "SELECT COUNT(*) FROM key_proposal WHERE session_id = ?", session); int(got) != want {
				r.Fatalf("%d key proposals, want %d", got, want)
			}
			if got := number(w.t, w.World, "SELECT COUNT(*) FROM proposal WHERE session_id = ? AND key_year > 0", session); allowed && int(got) != n {
				r.Fatalf("%d proposals are marked, want %d", got, n)
			}
			if got := number(w.t, w.World, "SELECT COUNT(*) FROM key_decision WHERE most >= 0 AND in_all > most AND reason = ''"); got != 0 {
				r.Fatalf("%d decisions above the limit have no reason", got)
			}
		})
	})
}

// TestNoRequirementWithoutBodyAndDay: a supervision is kept with each of its
// requirements whole, or not at all.
func TestNoRequirementWithoutBodyAndDay(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		id := w.filed(1)[0]
		w.made(id)
		rapid.Check(w.t, func(r *rapid.T) {
			in := supervision(id, "", "")
			in.HeldOn, in.Requirements = "2026-02-02", nil
			want, wrong := 0, false
			for range rapid.IntRange(0, 4).Draw(r, "rows") {
				x := proposal.KeyRequirement{Text: rapid.SampledFrom([]string{"加快审批", "加快审批", "加快审批", "", "  "}).Draw(r, "text"),
					Body:  rapid.SampledFrom([]string{"市财政局", w.Bodies["deskG"], "市财政局", w.Bodies["deskG"], "", "无此单位", w.Bodies["special"], w.Bodies["elsewhere"]}).Draw(r, "body"),
					DueOn: rapid.SampledFrom([]string{"2026-05-01", "2026-05-01", "2026-05-01", "2026-05-01", "", "2026-01-01", "2026-02-30", "soon"}).Draw(r, "due")}
				in.Requirements = append(in.Requirements, x)
				text, body := x.Text == "加快审批", x.Body == "市财政局" || x.Body == w.Bodies["deskG"]
				switch {
				case !text && x.Body == "" && x.DueOn == "":
				case text && body && x.DueOn == "2026-05-01":
					want++
				default:
					wrong = true
				}
			}
			before := number(w.t, w.World, "SELECT COUNT(*) FROM key_task WHERE kind = 'requirement'")
			_, err := proposal.KeySupervise.Do(w.t.Context(), w.App, w.Office, in)
			if (err != nil) != wrong {
				r.Fatalf("%+v: %v", in.Requirements, err)
			}
			if wrong {
				want = 0
			}
			if got := number(w.t, w.World, "SELECT COUNT(*) FROM key_task WHERE kind = 'requirement'"); int(got-before) != want {
				r.Fatalf("%d requirements were kept, want %d", got-before, want)
			}
			if got := number(w.t, w.World, "SELECT COUNT(*) FROM key_task WHERE kind = 'requirement' AND (body_id = '' OR body_name = '' OR due_on = '' OR body = '')"); got != 0 {
				r.Fatalf("%d requirements lack a part", got)
			}
		})
	})
}

// TestASelectionNeverLosesItsWay takes random steps, and looks whether what
// stands there makes sense.
func TestASelectionNeverLosesItsWay(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		w.rules(`{"number":2}`)
		ids := w.filed(4)
		acts(w, proposal.KeyOpen, w.Office, proposal.KeyOpenIn{Session: w.Session})
		rapid.Check(w.t, func(r *rapid.T) {
			for range rapid.IntRange(1, 12).Draw(r, "steps") {
				w.anyStep(r, ids)
				w.sound(r)
			}
		})
	})
}

// anyStep does something to the selection, allowed or not.
func (w *city) anyStep(r *rapid.T, ids []string) {
	s := w.selection().Selection
	id := rapid.SampledFrom(ids).Draw(r, "id")
	var err error
	switch rapid.IntRange(0, 5).Draw(r, "act") {
	case 0:
		_, err = proposal.KeyRecommend.Do(w.t.Context(), w.App, w.Office, proposal.KeyRecommendIn{ID: id, Criteria: []string{"people"}, Reason: "x"})
	case 1:
		_, err = proposal.KeyShortlist.Do(w.t.Context(), w.App, w.Office, proposal.KeyShortlistIn{Session: w.Session,
			Rows: []proposal.KeyShortlistRow{{Candidate: id, Chosen: rapid.Bool().Draw(r, "chosen"), Words: "x"}}})
	case 2:
		_, err = proposal.KeyConsult.Do(w.t.Context(), w.App, w.Office, proposal.KeyConsultIn{Session: w.Session, HeldOn: "2026-02-01", People: "x",
			Rows: []proposal.KeyVerdict{{Candidate: id, Verdict: rapid.SampledFrom([]string{"kept", "dropped"}).Draw(r, "verdict"), Reason: "x"}}})
	case 3:
		in := w.approving(id)
		in.DecidedOn = "2026-02-01"
		_, err = proposal.KeyApprove.Do(w.t.Context(), w.App, w.Chief, in)
	default:
		to := rapid.SampledFrom([]string{"recommending", "shortlisting", "consulting", "approving", "decided", "nowhere"}).Draw(r, "to")
		_, err = proposal.KeyMove.Do(w.t.Context(), w.App, w.Office, proposal.KeyMoveIn{Session: w.Session, To: to, Reason: "x", Version: s.Version})
	}
	if err != nil && !fault.Is(err, fault.Closed) && !fault.Is(err, fault.Invalid) {
		r.Fatalf("at %s: %v", s.State, err)
	}
}

// sound looks at the whole of a selection.
func (w *city) sound(r *rapid.T) {
	x := w.selection()
	s := x.Selection
	over := slices.ContainsFunc(s.Decisions, func(d proposal.KeyDecision) bool { return d.InAll > x.Most && d.Reason == "" })
	if over || x.InAll > x.Most {
		r.Fatalf("%d key proposals, the limit is %d: %+v", x.InAll, x.Most, s.Decisions)
	}
	for _, c := range s.Candidates {
		key, err := proposal.KeyShow.Do(w.t.Context(), w.App, w.Office, proposal.ShowIn{ID: c.ProposalID})
		if (c.State == proposal.KeyApproved) != (err == nil && key.Key.InForce()) {
			r.Fatalf("candidate %s is %s, its page says %v", c.ID, c.State, err)
		}
		left := c.State == proposal.KeyRecommended || c.State == proposal.KeyShortlisted || c.State == proposal.KeyKept
		if left && (s.State == proposal.KeyDecided || s.State == proposal.KeyApproving && c.State != proposal.KeyKept) {
			r.Fatalf("a selection at %s has a candidate that is %s", s.State, c.State)
		}
	}
	last := proposal.KeyRecommending
	for _, step := range s.Steps {
		if step.From != last {
			r.Fatalf("steps do not join: %+v", s.Steps)
		}
		last = step.To
	}
	if last != s.State {
		r.Fatalf("the steps end at %s, the selection stands at %s", last, s.State)
	}
}

// TestWhoSeesAKeyProposal: rule and scope say the same of everybody, whatever
// he owes and whoever assists; what somebody may not see does not exist for
// him, on the page and in the list.
func TestWhoSeesAKeyProposal(t *testing.T) {
	t.Parallel()
	keys(t, func(t *testing.T, w *city) {
		special := w.Also(w.t, w.Members[4], access.Convener, "special", "主任")
		people := append(everybody(w.World), testkit.Acting(special, access.Convener))
		rapid.Check(w.t, func(r *rapid.T) {
			id := w.anyKey(r)
			for _, who := range people {
				sees := look(w.t, w.World, func(l *app.Look) (bool, error) { return proposal.KeySees(l, id, who) })
				if got := inKeyScope(w, who, id); got != sees {
					r.Fatalf("%s (%s): scope says %v, rule says %v", who.Name, who.Post.Kind, got, sees)
				}
				_, err := proposal.KeyShow.Do(w.t.Context(), w.App, who, proposal.ShowIn{ID: id})
				if sees != (err == nil) || err != nil && !fault.Is(err, fault.NotFound) {
					r.Fatalf("%s (%s) may see it: %v, the page says %v", who.Name, who.Post.Kind, sees, err)
				}
				_, err = proposal.KeyAnswer.Do(w.t.Context(), w.App, who, proposal.KeyAnswerIn{ID: "t" + id})
				if !sees && !fault.Is(err, fault.NotFound) {
					r.Fatalf("%s (%s) may not see it and hears %v", who.Name, who.Post.Kind, err)
				}
			}
		})
		for _, who := range []access.Actor{w.Stranger, w.SysAdmin, w.SecAdmin, w.Auditor, w.Members[3], {}} {
			if x := w.list(who); len(x.Mine)+len(x.Others)+len(x.Years) != 0 {
				w.t.Errorf("%s (%s) lists %+v", who.Name, who.Post.Kind, x)
			}
		}
	})
}

// anyKey writes a key proposal of the first member, with what is drawn around it.
func (w *city) anyKey(r *rapid.T) string {
	_, ids := w.ready(1, 0)
	id := ids[0]
	assist := rapid.SampledFrom([]string{"", w.Bodies["special"], w.Bodies["party"]}).Draw(r, "assist")
	state := rapid.SampledFrom([]string{"underway", "reported", "released"}).Draw(r, "state")
	do(w.t, w.World, `INSERT INTO key_proposal (proposal_id, committee_id, session_id, year, decision_id, state, assist_id, plan, approved_at)
		SELECT id, committee_id, session_id, 2026, 'd' || session_id, ?, ?, 'plan_awaited', 0 FROM proposal WHERE id = ?`, state, assist, id)
	for i, b := range []string{"unitA", "unitB", "deskG", "deskP"} {
		if rapid.Bool().Draw(r, "routed") {
			do(w.t, w.World, "INSERT INTO handling_involved (committee_id, case_kind, case_id, body_id) VALUES (?, 'proposal', ?, ?)", w.CommitteeID, id, w.Bodies[b])
		}
		if task := rapid.SampledFrom([]string{"", "open", "done", "ended"}).Draw(r, "task"); task != "" {
			do(w.t, w.World, `INSERT INTO key_task (id, committee_id, proposal_id, kind, body_id, body_name, due_on, state, at) VALUES (?, ?, ?, 'requirement', ?, 'x', '2026-05-01', ?, 0)`,
				fmt.Sprintf("t%s%d", id, i), w.CommitteeID, id, w.Bodies[b], task)
		}
	}
	do(w.t, w.World, `INSERT INTO key_task (id, committee_id, proposal_id, kind, due_on, state, at) VALUES (?, ?, ?, 'supervision', '2026-05-01', 'open', 0)`, "t"+id, w.CommitteeID, id)
	return id
}

func inKeyScope(w *city, who access.Actor, id string) bool {
	w.t.Helper()
	q := app.Ask("test.key-scope", proposal.KeyScope, func(l *app.Look, s access.Scope, id string) (n int, err error) {
		return n, l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM proposal p WHERE p.id = ? AND ("+s.SQL()+")", append([]any{id}, s.Args()...)...).Scan(&n)
	})
	n, err := q.Do(w.t.Context(), w.App, who, id)
	must(w.t, err)
	return n == 1
}
