package proposal_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/fault"
	"tongxin/internal/proposal"
	"tongxin/internal/testkit"
)

// invited begins a draft of the first member and invites others.
func invited(t *testing.T, w *testkit.World, others ...access.Actor) proposal.DraftOut {
	t.Helper()
	d := draft(t, w, w.Members[0])
	in := proposal.InviteIn{ID: d.ID}
	for _, o := range others {
		in.Signers = append(in.Signers, o.PersonID)
	}
	_, err := proposal.Invite.Do(t.Context(), w.App, w.Members[0], in)
	must(t, err)
	return d
}

func sign(t *testing.T, w *testkit.World, who access.Actor, id string) error {
	t.Helper()
	_, err := proposal.Cosign.Do(t.Context(), w.App, who, proposal.CosignIn{ID: id, Version: version(t, w, id)})
	return err
}

// signers are the states of the co-signers in their order.
func signers(t *testing.T, w *testkit.World, id string) string {
	t.Helper()
	return strings.Join(column(t, w, "SELECT state FROM proposal_signer WHERE proposal_id = ? ORDER BY position", id), " ")
}

func kind(t *testing.T, w *testkit.World, id string) proposal.Kind {
	t.Helper()
	return proposal.Kind(text(t, w, "SELECT kind FROM proposal WHERE id = ?", id))
}

func TestInvitingAndSigning(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		d := invited(t, w, w.Members[1], w.Members[2])
		if kind(t, w, d.ID) != proposal.Joint {
			t.Error("with invited co-signers it is not joint")
		}
		list, err := proposal.Invitations.Do(t.Context(), w.App, w.Members[1], struct{}{})
		must(t, err)
		if len(list) != 1 || list[0].ID != d.ID || list[0].Answer != proposal.Invited {
			t.Errorf("the invited sees %+v", list)
		}
		page, err := proposal.Invitation.Do(t.Context(), w.App, w.Members[1], proposal.InvitationIn{ID: d.ID})
		must(t, err)
		if page.Text.Background != whole().Background {
			t.Error("the invited does not read the text")
		}
		must(t, sign(t, w, w.Members[1], d.ID))
		refused(t, sign(t, w, w.Members[1], d.ID), fault.Closed, "proposal.cosign.signed-already")
		_, err = proposal.RefuseCosign.Do(t.Context(), w.App, w.Members[2], proposal.RefuseIn{ID: d.ID})
		must(t, err)
		if got := signers(t, w, d.ID); got != "signed declined" {
			t.Errorf("signers: %s", got)
		}
		_, err = proposal.Invitation.Do(t.Context(), w.App, w.Members[2], proposal.InvitationIn{ID: d.ID})
		refused(t, err, fault.NotFound, "fault.not-found")
		refused(t, sign(t, w, w.Members[2], d.ID), fault.Closed, "proposal.cosign.declined-already")
		refused(t, sign(t, w, w.Members[3], d.ID), fault.NotFound, "fault.not-found")
		refused(t, sign(t, w, w.Members[0], d.ID), fault.Forbidden, "proposal.cosign.not-invited")
		refused(t, sign(t, w, w.Stranger, d.ID), fault.NotFound, "fault.not-found")
		_, err = proposal.Invite.Do(t.Context(), w.App, w.Members[0], proposal.InviteIn{ID: d.ID, Signers: []string{w.Members[1].PersonID, w.Members[2].PersonID}})
		must(t, err)
		if got := signers(t, w, d.ID); got != "signed invited" {
			t.Errorf("after asking again: %s", got)
		}
	})
}

func TestWhoMayBeInvited(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		d := draft(t, w, w.Members[0])
		many := make([]string, 61)
		for _, c := range []struct {
			name string
			who  access.Actor
			ids  []string
			kind fault.Kind
			key  string
		}{
			{"nobody", w.Members[0], nil, fault.Invalid, "proposal.cosign.nobody"},
			{"himself", w.Members[0], []string{w.Members[0].PersonID}, fault.Invalid, "proposal.cosign.self"},
			{"staff", w.Members[0], []string{w.Office.PersonID}, fault.Invalid, "proposal.cosign.unknown"},
			{"a member elsewhere", w.Members[0], []string{w.Stranger.PersonID}, fault.Invalid, "proposal.cosign.unknown"},
			{"a party", w.Members[0], []string{w.Bodies["party"]}, fault.Invalid, "proposal.cosign.unknown"},
			{"nonsense", w.Members[0], []string{"'; DROP TABLE proposal; --"}, fault.Invalid, "proposal.cosign.unknown"},
			{"half the city", w.Members[0], many, fault.Invalid, "proposal.cosign.many"},
			{"by another member", w.Members[1], []string{w.Members[2].PersonID}, fault.NotFound, "fault.not-found"},
			{"by the office", w.Office, []string{w.Members[2].PersonID}, fault.NotFound, "fault.not-found"},
		} {
			_, err := proposal.Invite.Do(t.Context(), w.App, c.who, proposal.InviteIn{ID: d.ID, Signers: c.ids})
			t.Run(c.name, func(t *testing.T) { refused(t, err, c.kind, c.key) })
		}
		s := submitted(t, w, w.Members[0])
		_, err := proposal.Invite.Do(t.Context(), w.App, w.Members[0], proposal.InviteIn{ID: s.ID, Signers: []string{w.Members[1].PersonID}})
		refused(t, err, fault.Closed, "proposal.cosign.submitted")
		if n := number(t, w, "SELECT COUNT(*) FROM proposal_signer"); n != 0 {
			t.Errorf("%d were invited after all", n)
		}
	})
}

func TestNobodySignsWordsHeHasNotSeen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		d := invited(t, w, w.Members[1], w.Members[2])
		must(t, sign(t, w, w.Members[1], d.ID))
		same, err := save(t, w, w.Members[0], proposal.DraftIn{ID: d.ID, Version: d.Version, Writing: whole()})
		must(t, err)
		if got := signers(t, w, d.ID); got != "signed invited" {
			t.Errorf("saving the same text: %s", got)
		}
		stale := version(t, w, d.ID)
		other := whole()
		other.Items = append(other.Items, "第三条")
		_, err = save(t, w, w.Members[0], proposal.DraftIn{ID: d.ID, Version: same.Version, Writing: other})
		must(t, err)
		if got := signers(t, w, d.ID); got != "invited invited" {
			t.Errorf("after the text changed: %s", got)
		}
		if n := number(t, w, "SELECT COUNT(*) FROM fact WHERE kind = 'proposal.signatures-reset'"); n != 1 {
			t.Errorf("%d facts tell of it", n)
		}
		_, err = proposal.Cosign.Do(t.Context(), w.App, w.Members[2], proposal.CosignIn{ID: d.ID, Version: stale})
		refused(t, err, fault.Stale, "proposal.cosign.changed")
	})
}

func TestTheCutOffEndsCosigning(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		hand := func(d proposal.DraftOut) {
			t.Helper()
			_, err := proposal.Submit.Do(t.Context(), w.App, w.Members[0], proposal.SubmitIn{ID: d.ID, Version: d.Version})
			must(t, err)
		}
		alone, joint, open := invited(t, w, w.Members[1]), invited(t, w, w.Members[1], w.Members[2]), invited(t, w, w.Members[3])
		hand(alone)
		hand(joint)
		must(t, sign(t, w, w.Members[2], joint.ID)) // after handing in, before the cut-off
		_, err := proposal.Lapse.Do(t.Context(), w.App, access.Machine(w.CommitteeID, "test"), proposal.LapseIn{ID: alone.ID})
		refused(t, err, fault.Closed, "proposal.cosign.open")
		w.At(t, "2026-01-29T18:30")
		must(t, w.App.RunTasks(t.Context()))
		if signers(t, w, alone.ID) != "invited" {
			t.Error("the cut-off instant itself is already too late")
		}
		w.At(t, "2026-01-29T18:31")
		refused(t, sign(t, w, w.Members[1], alone.ID), fault.Closed, "proposal.cosign.after-cutoff")
		must(t, w.App.RunTasks(t.Context()))
		must(t, w.App.RunTasks(t.Context())) // a second run finds nothing
		for id, want := range map[string]string{alone.ID: "individual: lapsed", joint.ID: "joint: lapsed signed", open.ID: "joint: invited"} {
			if got := string(kind(t, w, id)) + ": " + signers(t, w, id); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		refused(t, sign(t, w, w.Members[1], alone.ID), fault.Closed, "proposal.cosign.after-cutoff")
		hand(open) // now between sessions: whoever is asked may still sign until it is filed
		must(t, w.App.RunTasks(t.Context()))
		must(t, sign(t, w, w.Members[3], open.ID))
		if n := number(t, w, "SELECT COUNT(*) FROM fact WHERE kind = 'proposal.invitations-lapsed'"); n != 2 {
			t.Errorf("%d facts tell of lapsed invitations", n)
		}
		sums(t, w)
	})
}

func TestTakingACosignerOff(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		d := invited(t, w, w.Members[1])
		must(t, sign(t, w, w.Members[1], d.ID))
		remove := func(who access.Actor, signer string) error {
			_, err := proposal.RemoveSigner.Do(t.Context(), w.App, who, proposal.RemoveSignerIn{ID: d.ID, Signer: signer})
			return err
		}
		refused(t, remove(w.Members[1], w.Members[1].PersonID), fault.Forbidden, "proposal.author-only")
		refused(t, remove(w.Members[0], w.Members[4].PersonID), fault.Invalid, "proposal.cosign.unknown")
		must(t, remove(w.Members[0], w.Members[1].PersonID))
		if kind(t, w, d.ID) != proposal.Individual {
			t.Error("without co-signers it is still joint")
		}
		refused(t, sign(t, w, w.Members[1], d.ID), fault.NotFound, "fault.not-found")
	})
}

func TestSeveralOrganisations(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		d := draft(t, w, w.Convener)
		women := testkit.Acting(w.Also(t, w.Members[1], access.Convener, "women", "副主席"), access.Convener)
		ask := func(id string) error {
			_, err := proposal.Invite.Do(t.Context(), w.App, w.Convener, proposal.InviteIn{ID: d.ID, Signers: []string{id}})
			return err
		}
		refused(t, ask(w.Bodies["party"]), fault.Invalid, "proposal.cosign.self")
		refused(t, ask(w.Bodies["unitA"]), fault.Invalid, "proposal.cosign.unknown")
		refused(t, ask(w.Members[0].PersonID), fault.Invalid, "proposal.cosign.unknown")
		must(t, ask(w.Bodies["women"]))
		asMember := testkit.Acting(women, access.Member)
		refused(t, sign(t, w, asMember, d.ID), fault.NotFound, "fault.not-found")
		list, err := proposal.Invitations.Do(t.Context(), w.App, women, struct{}{})
		must(t, err)
		if len(list) != 1 {
			t.Errorf("the invited organisation sees %+v", list)
		}
		list, err = proposal.Invitations.Do(t.Context(), w.App, w.Convener, struct{}{})
		must(t, err)
		if len(list) != 0 {
			t.Errorf("the proposing organisation is asked to sign %+v", list)
		}
		must(t, sign(t, w, women, d.ID))
		_, err = proposal.Submit.Do(t.Context(), w.App, w.Convener, proposal.SubmitIn{ID: d.ID, Version: d.Version})
		must(t, err)
		if got := signers(t, w, d.ID); got != "signed signed" || kind(t, w, d.ID) != proposal.OfParty {
			t.Errorf("signers %s of a %s proposal", got, kind(t, w, d.ID))
		}
	})
}

func TestLookingForCosigners(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		d := invited(t, w, w.Members[1])
		for q, want := range map[string][]string{"沈": {"沈一鸣"}, "ouyang": {"欧阳清"}, "周": nil, "林": nil, "叶": nil, "%": nil, "": nil, "苏合": {"苏合"}} {
			out, err := proposal.Candidates.Do(t.Context(), w.App, w.Members[0], proposal.CandidatesIn{ID: d.ID, Q: q})
			must(t, err)
			var got []string
			for _, x := range out.Found {
				got = append(got, x.Name)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q finds %q, want %q", q, got, want)
			}
		}
		_, err := proposal.Candidates.Do(t.Context(), w.App, w.Members[1], proposal.CandidatesIn{ID: d.ID, Q: "沈"})
		refused(t, err, fault.Forbidden, "proposal.author-only")
		_, err = proposal.Candidates.Do(t.Context(), w.App, w.Members[2], proposal.CandidatesIn{Q: "沈"})
		refused(t, err, fault.Forbidden, "proposal.enter.office-only")
		out, err := proposal.Candidates.Do(t.Context(), w.App, w.Office, proposal.CandidatesIn{Q: "民建"})
		must(t, err)
		if len(out.Found) != 1 {
			t.Errorf("the office finds %+v", out.Found)
		}
	})
}

func TestManySignAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		d := invited(t, w, w.Members[1], w.Members[2], w.Members[3], w.Members[4])
		v := version(t, w, d.ID)
		var wg sync.WaitGroup
		results := make(chan error, 40)
		for i := range 40 {
			wg.Go(func() {
				_, err := proposal.Cosign.Do(t.Context(), w.App, w.Members[1+i%4], proposal.CosignIn{ID: d.ID, Version: v})
				results <- err
			})
		}
		wg.Wait()
		close(results)
		won := 0
		for err := range results {
			if err == nil {
				won++
			} else {
				refused(t, err, fault.Closed, "proposal.cosign.signed-already")
			}
		}
		if won != 4 || signers(t, w, d.ID) != "signed signed signed signed" {
			t.Errorf("%d signatures, %s", won, signers(t, w, d.ID))
		}
	})
}
