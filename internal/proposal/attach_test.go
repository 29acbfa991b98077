package proposal_test

import (
	"strings"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/document"
	"tongxin/internal/fault"
	"tongxin/internal/proposal"
	"tongxin/internal/testkit"
)

func TestWhoMayTouchTheFiles(t *testing.T) {
	t.Parallel()
	parts := []any{document.Owners{"proposal": proposal.Attachments{}}}
	testkit.EachDB(t, []app.Module{document.Module(), proposal.Module()}, parts, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		d := invited(t, w, w.Members[1])
		attach := func(who access.Actor) error {
			t.Helper()
			got, err := document.Receive(t.Context(), w.App, "调研数据.txt", strings.NewReader("走访三个小区 "+who.Name), 1<<20)
			must(t, err)
			_, err = document.Attach.Do(t.Context(), w.App, who, document.AttachIn{Kind: "proposal", ID: d.ID, Files: []document.Received{got}})
			return err
		}
		reads := func(who access.Actor) error {
			_, err := document.Listing.Do(t.Context(), w.App, who, document.ListIn{Kind: "proposal", ID: d.ID})
			return err
		}
		must(t, attach(w.Members[0]))
		refused(t, attach(w.Members[1]), fault.Forbidden, "proposal.author-only")
		refused(t, attach(w.Office), fault.NotFound, "fault.not-found")
		must(t, reads(w.Members[1]))
		refused(t, reads(w.Members[2]), fault.NotFound, "fault.not-found")
		refused(t, reads(w.SysAdmin), fault.NotFound, "fault.not-found")
		_, err := proposal.Submit.Do(t.Context(), w.App, w.Members[0], proposal.SubmitIn{ID: d.ID, Version: d.Version})
		must(t, err)
		refused(t, attach(w.Members[0]), fault.Closed, "proposal.closed.edit")
		must(t, reads(w.Office))
	})
}

func TestADiscardedDraftTakesItsFilesAlong(t *testing.T) {
	t.Parallel()
	parts := []any{document.Owners{"proposal": proposal.Attachments{}}}
	testkit.EachDB(t, []app.Module{document.Module(), proposal.Module()}, parts, func(t *testing.T, h *testkit.House) {
		w := testkit.NewWorld(t, h)
		d := draft(t, w, w.Members[0])
		got, err := document.Receive(t.Context(), w.App, "草稿.txt", strings.NewReader("草稿"), 1<<20)
		must(t, err)
		_, err = document.Attach.Do(t.Context(), w.App, w.Members[0], document.AttachIn{Kind: "proposal", ID: d.ID, Files: []document.Received{got}})
		must(t, err)
		_, err = proposal.Discard.Do(t.Context(), w.App, w.Members[0], proposal.DiscardIn{ID: d.ID})
		must(t, err)
		if n := number(t, w, "SELECT COUNT(*) FROM attachment WHERE removed_at IS NULL"); n != 0 {
			t.Errorf("%d files are left", n)
		}
	})
}

func TestMarksOfStateSecretsAreNotHandedIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		for field, change := range map[string]func(*proposal.Writing){
			"background": func(x *proposal.Writing) { x.Background += "\n机密★5年" },
			"items":      func(x *proposal.Writing) { x.Items = append(x.Items, "绝密★长期") },
		} {
			in := proposal.SubmitIn{Writing: whole()}
			change(&in.Writing)
			_, err := proposal.Submit.Do(t.Context(), w.App, w.Members[0], in)
			if f := fault.From(err); f == nil || f.Kind != fault.Invalid || f.Field != field {
				t.Errorf("%s: %v", field, err)
			}
			d, err := save(t, w, w.Members[0], proposal.DraftIn{Writing: in.Writing})
			must(t, err)
			out, err := proposal.DraftOf.Do(t.Context(), w.App, w.Members[0], proposal.DraftOfIn{ID: d.ID})
			must(t, err)
			if len(out.Secrets) != 1 || out.Secrets[0] != field {
				t.Errorf("the page warns of %q", out.Secrets)
			}
		}
	})
}
