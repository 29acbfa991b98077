package commendation_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tongxin/internal/access"
	"tongxin/internal/commendation"
	"tongxin/internal/fault"
	"tongxin/internal/proposal"
)

// everybody is one of each post.
func (w *city) everybody() []access.Actor {
	return []access.Actor{w.Members[0], w.Members[1], w.Members[2], w.Convener, w.Office, w.Chief, w.Reviewer, w.GovDesk, w.HandlerA, w.SignerB,
		w.Leader, w.SysAdmin, w.SecAdmin, w.Auditor, w.Stranger, access.Nobody(access.Via{})}
}

// TestScopeAndRuleAgree: at every stage and for everybody, the list shows a
// candidate exactly when the rule of objecting does not hide it.
func TestScopeAndRuleAgree(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		id := w.inApproval(t)
		w.exec("UPDATE commendation_campaign SET review_body = ?, rules = REPLACE(rules, '\"review_body\":\"\"', '\"review_body\":\"'||CAST(? AS TEXT)||'\"') WHERE id = ?", w.Bodies["special"], w.Bodies["special"], id)
		w.exec("UPDATE membership SET special_committee_id = ? WHERE person_id = ?", w.Bodies["special"], w.Members[2].PersonID)
		ids := w.texts("SELECT id FROM commendation_candidate WHERE campaign_id = ?", id)
		seen := map[bool]int{}
		for _, stage := range commendation.Stages() {
			for _, dropped := range []string{"", "nominating", "reading", "review", "approval", "notice"} {
				w.exec("UPDATE commendation_campaign SET stage = ? WHERE id = ?", string(stage), id)
				w.exec("UPDATE commendation_candidate SET dropped_at = ? WHERE id = ?", dropped, ids[0])
				for _, who := range w.everybody() {
					out, err := commendation.Show.Do(w.t.Context(), w.App, who, commendation.ID{ID: id})
					listed := err == nil && slices.ContainsFunc(out.Candidates, func(d commendation.Candidate) bool { return d.ID == ids[0] })
					known := !fault.Is(try(w, commendation.Object, who, commendation.ObjectIn{ID: ids[0]}), fault.NotFound)
					_, err = commendation.ShowCandidate.Do(w.t.Context(), w.App, who, commendation.ID{ID: ids[0]})
					if listed != known || known != (err == nil) {
						w.t.Errorf("%s at %s, dropped at %q: listed %v, known %v, shown %v", who.Post.Kind, stage, dropped, listed, known, err)
					}
					seen[listed]++
				}
			}
		}
		if seen[true] == 0 || seen[false] == 0 {
			w.t.Errorf("%v", seen)
		}
	})
}

// TestWhoSeesProposalsIsTheProposalsOwnRule: whose titles are not withheld is what
// package proposal lists.
func TestWhoSeesProposalsIsTheProposalsOwnRule(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		n := 0
		for _, state := range []string{"filed", "closed"} {
			for _, who := range []access.Actor{w.Members[0], w.Members[1], w.Convener} {
				for _, unit := range []string{"", "unitA", "unitB"} {
					body := ""
					if who.Is(access.Convener) {
						body = "party"
					}
					n++
					w.petition(n, petition{author: who, state: state, unit: unit, body: body, refused: true})
				}
			}
		}
		id := w.opened(commendation.OfProposals, func(in *commendation.CreateIn) {
			in.Reach = commendation.ReachFiled
			in.Quotas = nil
			for _, by := range commendation.Bys() {
				in.Quotas = append(in.Quotas, commendation.Quota{By: by, Number: 1})
			}
		})
		for _, who := range []access.Actor{w.Members[0], w.Members[1], w.Members[2], w.Convener, w.Office, w.Chief, w.HandlerA, w.SignerB, w.GovDesk} {
			var here, there []string
			for _, x := range ask(w, commendation.Eligible, who, commendation.EligibleIn{ID: id}).Lines {
				here = append(here, x.ID)
			}
			for _, x := range ask(w, proposal.List, who, proposal.ListIn{Session: w.Session, Sort: proposal.ByNumber}).Lines {
				there = append(there, x.ID)
			}
			slices.Sort(here)
			slices.Sort(there)
			if !slices.Equal(here, there) {
				w.t.Errorf("%s: %d may be nominated, %d are seen", who.Post.Kind, len(here), len(there))
			}
		}
	})
}

// TestTheConditionSaysWhatTheReasonsSay: what the list offers is exactly what has
// no reason against it, whatever the rules.
func TestTheConditionSaysWhatTheReasonsSay(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		grades := [][]string{nil, {"satisfied"}, {"satisfied", "basically"}, {"dissatisfied"}, {"no_response"}, {"satisfied", "no_response"}, {"no_response", "dissatisfied", "satisfied"}}
		n := 0
		for _, state := range []string{"filed", "dispatched", "handling", "replied", "closed", "not_filed", "withdrawn"} {
			for _, g := range grades {
				n++
				w.petition(n, petition{author: w.Members[0], state: state, unit: "unitA", ratings: g})
			}
		}
		// A second round: who was not satisfied is, and who says nothing more still is not.
		for _, g := range []string{"satisfied", "no_response"} {
			n++
			key := w.petition(n, petition{author: w.Members[0], unit: "unitA", ratings: []string{"dissatisfied"}})
			a := w.texts("SELECT id FROM assignment WHERE case_id = ?", key)[0]
			w.exec(`INSERT INTO reply (id, committee_id, case_kind, case_id, assignment_id, unit_id, unit_name, round, state, number, year, drafted_by, saved_at)
				VALUES (?, ?, 'proposal', ?, ?, ?, 'u', 2, 'issued', ?, 2026, 'x', 1)`, "second"+g, w.CommitteeID, key, a, w.Bodies["unitA"], "second"+g)
			w.rate(key, "second"+g, "rater0", g)
		}
		id := w.opened(commendation.OfProposals)
		walk := func(in commendation.EligibleIn) (list []commendation.EligibleLine) {
			for in.ID = id; ; {
				out := ask(w, commendation.Eligible, w.Office, in)
				list = append(list, out.Lines...)
				if in.After = out.Next; out.Next == "" {
					return list
				}
			}
		}
		rapid.Check(w.t.(*testing.T), func(r *rapid.T) {
			reach := rapid.SampledFrom([]string{commendation.ReachFiled, commendation.ReachReplied, commendation.ReachClosed}).Draw(r, "reach")
			rating := rapid.SampledFrom([]string{commendation.AnyRating, commendation.NotDissatisfied, commendation.AllSatisfied}).Draw(r, "rating")
			rules := w.texts("SELECT rules FROM commendation_campaign WHERE id = ?", id)[0]
			w.exec("UPDATE commendation_campaign SET rules = ? WHERE id = ?", with(rules, reach, rating), id)
			var offered, clean []string
			for _, x := range walk(commendation.EligibleIn{}) {
				offered = append(offered, x.ID)
			}
			for _, x := range walk(commendation.EligibleIn{All: true}) {
				if len(x.Against) == 0 {
					clean = append(clean, x.ID)
				}
			}
			if !slices.Equal(offered, clean) {
				r.Fatalf("%s and %s: %d offered, %d without a reason against", reach, rating, len(offered), len(clean))
			}
		})
		offered := 0
		w.exec("UPDATE commendation_campaign SET rules = ? WHERE id = ?", with(w.texts("SELECT rules FROM commendation_campaign WHERE id = ?", id)[0], commendation.ReachClosed, commendation.AllSatisfied), id)
		for _, x := range walk(commendation.EligibleIn{}) {
			if x.ID == w.proposals[n-1] {
				offered++
			}
			if x.ID == w.proposals[n] {
				w.t.Error("who was dissatisfied and then silent is taken for satisfied")
			}
		}
		if offered != 1 {
			w.t.Error("who was satisfied in the second round is not")
		}
	})
}

// TestRefusedPublication: the title of what must not be published is withheld in
// the notice and the final list from those who do not see the proposal.
func TestRefusedPublication(t *testing.T) {
	t.Parallel()
	each(t, func(w *city) {
		w.petition(1, petition{author: w.Members[1], refused: true, unit: "unitA"})
		w.petition(2, petition{author: w.Members[2]})
		id := w.opened(commendation.OfProposals, func(in *commendation.CreateIn) { in.Number, in.CollectivePercent = 2, 0 })
		w.nominate(w.Members[1], id, w.proposals[1])
		w.nominate(w.Members[0], id, w.proposals[2])
		w.closed(id)
		w.readAll(id)
		for _, d := range w.shown(id).Candidates {
			act(w, commendation.Review, w.Reviewer, commendation.Judgement{ID: d.ID, Vote: "yes"})
		}
		act(w, commendation.CloseReview, w.Chief, commendation.CloseReviewIn{ID: id, Reason: "主任回避"})
		act(w, commendation.Approve, w.Chief, w.approve(id))
		act(w, commendation.Publish, w.Office, commendation.StageIn{ID: id})
		for _, x := range []struct {
			who      access.Actor
			withheld bool
		}{{w.Members[0], true}, {w.Members[1], false}, {w.Convener, true}, {w.HandlerA, false}, {w.HandlerB, true}, {w.GovDesk, true}, {w.Leader, false}, {w.Office, false}, {w.Reviewer, false}} {
			got := ask(w, commendation.Winners, x.who, commendation.ID{ID: id}).Winners
			if len(got) != 2 || got[0].Withheld != x.withheld || (got[0].Name == "") != x.withheld || (got[0].SubjectID == "") != x.withheld || got[1].Withheld {
				w.t.Errorf("%s is shown %+v", x.who.Name, got)
			}
		}
		for _, who := range []access.Actor{w.Stranger, w.SysAdmin, w.Auditor} {
			_, err := commendation.Winners.Do(w.t.Context(), w.App, who, commendation.ID{ID: id})
			refused(w.t, err, fault.NotFound, "fault.not-found")
			if n := len(ask(w, commendation.List, who, commendation.ListIn{}).Campaigns); n != 0 {
				w.t.Errorf("%s sees %d campaigns", who.Name, n)
			}
			if n := len(ask(w, commendation.Marks, who, commendation.MarksIn{Kind: "proposal", IDs: []string{w.proposals[1]}}).Marks); n != 0 {
				w.t.Errorf("%s sees marks", who.Name)
			}
		}
	})
}
