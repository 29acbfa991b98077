package proposal_test

import (
	"testing"

	"tongxin/internal/fault"
	"tongxin/internal/proposal"
	"tongxin/internal/testkit"
)

// TestHandingInOtherWordsAsksTheSignersAgain: the text on the screen may be
// another than the one that was saved and signed.
func TestHandingInOtherWordsAsksTheSignersAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		for _, c := range []struct {
			name string
			more []string
			want string
		}{{"the same words", nil, "signed invited"}, {"other words", []string{"第三条"}, "invited invited"}} {
			d := invited(t, w, w.Members[1], w.Members[2])
			must(t, sign(t, w, w.Members[1], d.ID))
			in := whole()
			in.Items = append(in.Items, c.more...)
			_, err := proposal.Submit.Do(t.Context(), w.App, w.Members[0], proposal.SubmitIn{ID: d.ID, Version: version(t, w, d.ID), Writing: in})
			must(t, err)
			if got := signers(t, w, d.ID); got != c.want {
				t.Errorf("handing in %s: %s, want %s", c.name, got, c.want)
			}
		}
		sums(t, w)
	})
}

// TestNothingIsEnteredOverAnother: staff enters what is new, and never in the
// place of what a member wrote, even while it is back with him.
func TestNothingIsEnteredOverAnother(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		s := submitted(t, w, w.Members[0])
		sendBack(t, w, s.ID)
		other := whole()
		other.Title = "关于另一件事的提案"
		_, err := proposal.Enter.Do(t.Context(), w.App, w.Office, proposal.EnterIn{ID: s.ID, For: w.Members[1].PersonID, OnPaper: true, Writing: other})
		refused(t, err, fault.Closed, "proposal.closed.submitted")
		if got := text(t, w, "SELECT lead_name || ' ' || title || ' ' || state FROM proposal WHERE id = ?", s.ID); got != w.Members[0].Name+" "+whole().Title+" returned" {
			t.Errorf("what the member wrote became %q", got)
		}
		many := proposal.EnterIn{For: w.Members[0].PersonID, OnPaper: true, Writing: whole()}
		for range 70_000 {
			many.Signers = append(many.Signers, w.Members[1].PersonID)
		}
		_, err = proposal.Enter.Do(t.Context(), w.App, w.Office, many)
		refused(t, err, fault.Invalid, "proposal.cosign.many")
	})
}

// TestWhyTheOfficeEditedStaysInside: reasons of the desk are for the desk and
// the proposers (trust.md ACC-05), also when the edited text is the one in force.
func TestWhyTheOfficeEditedStaysInside(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		id := atFinal(t, w, w.Members[0])
		x := whole()
		_, err := proposal.Amend.Do(t.Context(), w.App, w.Office, proposal.AmendIn{ID: id, Reason: "内部意见", Edited: proposal.Edited{Title: "关于加装电梯的提案", Background: x.Background, Basis: x.Basis, Items: x.Items}})
		must(t, err)
		_, err = proposal.ConfirmAmendment.Do(t.Context(), w.App, w.Members[0], proposal.AmendmentIn{ID: id, Revision: 2})
		must(t, err)
		_, err = proposal.File.Do(t.Context(), w.App, w.Chief, proposal.FileIn{ID: id, Opinion: "终审意见"})
		must(t, err)
		for name, c := range map[string]struct {
			reads bool
			see   func() (*proposal.Shown, error)
		}{
			"leader": {false, func() (*proposal.Shown, error) {
				return proposal.Show.Do(t.Context(), w.App, w.Leader, proposal.ShowIn{ID: id})
			}},
			"office": {true, func() (*proposal.Shown, error) {
				return proposal.Show.Do(t.Context(), w.App, w.Office, proposal.ShowIn{ID: id})
			}},
			"author": {true, func() (*proposal.Shown, error) {
				return proposal.Show.Do(t.Context(), w.App, w.Members[0], proposal.ShowIn{ID: id})
			}},
		} {
			s, err := c.see()
			must(t, err)
			if got := s.Text.Reason != ""; got != c.reads {
				t.Errorf("%s reads why: %t, want %t", name, got, c.reads)
			}
		}
	})
}
