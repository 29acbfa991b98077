package proposal_test

import (
	"strings"
	"sync"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/proposal"
	"tongxin/internal/testkit"
)

func save(t *testing.T, w *testkit.World, who access.Actor, in proposal.DraftIn) (proposal.DraftOut, error) {
	t.Helper()
	return proposal.SaveDraft.Do(t.Context(), w.App, who, in)
}

func TestADraftIsBegunSavedAndReadOnAnotherDevice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		me := w.Members[0]
		one, err := save(t, w, me, proposal.DraftIn{Writing: proposal.Writing{Title: "  关于 养老\r\n服务 "}})
		must(t, err)
		if one.Version != 1 || one.SavedAt.IsZero() {
			t.Errorf("saved as %+v", one)
		}
		out, err := proposal.DraftOf.Do(t.Context(), w.App, me, proposal.DraftOfIn{ID: one.ID})
		must(t, err)
		if out.Writing.Title != "关于 养老 服务" || out.Version != 1 || out.State != proposal.Draft {
			t.Errorf("read back %+v", out)
		}
		two, err := save(t, w, me, proposal.DraftIn{ID: one.ID, Version: 1, Writing: whole()})
		must(t, err)
		if two.Version != 2 {
			t.Errorf("version %d after the second saving", two.Version)
		}
		sums(t, w)
	})
}

func TestAStaleDraftIsNeverWrittenOver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		me := w.Members[0]
		d := draft(t, w, me)
		phone := whole()
		phone.Title = "手机上写的"
		_, err := save(t, w, me, proposal.DraftIn{ID: d.ID, Version: 1, Writing: phone})
		must(t, err)
		desk := whole()
		desk.Title = "电脑上写的"
		_, err = save(t, w, me, proposal.DraftIn{ID: d.ID, Version: 1, Writing: desk})
		refused(t, err, fault.Stale, "fault.stale")
		_, err = proposal.Submit.Do(t.Context(), w.App, me, proposal.SubmitIn{ID: d.ID, Version: 1, Writing: desk})
		refused(t, err, fault.Stale, "fault.stale")
		if got := text(t, w, "SELECT title FROM proposal_text WHERE proposal_id = ?", d.ID); got != "手机上写的" {
			t.Errorf("the text is %q", got)
		}
	})
}

func TestOneNewPageMakesOneDraftHoweverOftenItIsSaved(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		me, fresh := w.Members[0], id.New()
		in := proposal.DraftIn{ID: fresh, Writing: whole()}
		keyed := testkit.Keyed(me, "autosave-1")
		a, err := save(t, w, keyed, in)
		must(t, err)
		b, err := save(t, w, keyed, in)
		must(t, err)
		if a != b || a.ID != fresh {
			t.Errorf("the repetition answers %+v, first %+v", b, a)
		}
		_, err = save(t, w, me, in) // another key: the page does not know that it was saved
		refused(t, err, fault.Stale, "fault.stale")
		var wg sync.WaitGroup
		again := proposal.DraftIn{ID: id.New(), Writing: whole()}
		done := make(chan error, 20)
		for range 20 {
			wg.Go(func() { _, err := save(t, w, me, again); done <- err })
		}
		wg.Wait()
		close(done)
		won := 0
		for err := range done {
			if err == nil {
				won++
			} else if !fault.Is(err, fault.Stale) {
				t.Errorf("a repetition was refused with %v", err)
			}
		}
		if n := number(t, w, "SELECT COUNT(*) FROM proposal"); won != 1 || n != 2 {
			t.Errorf("%d of 20 savings won, %d drafts", won, n)
		}
		sums(t, w)
	})
}

func TestADraftTakesAnythingWithinReason(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		me := w.Members[0]
		for _, c := range []struct {
			name   string
			change func(*proposal.Writing)
			field  string
			key    string
		}{
			{"nothing at all", func(x *proposal.Writing) { *x = proposal.Writing{} }, "", ""},
			{"control characters", func(x *proposal.Writing) { x.Background = "一\x00二\x07\xff三" }, "", ""},
			{"markup stays text", func(x *proposal.Writing) { x.Title = "<script>alert(1)</script>" }, "", ""},
			{"emoji and rare characters", func(x *proposal.Writing) { x.Background = "𠮷野家😀" }, "", ""},
			{"title beyond all limits", func(x *proposal.Writing) { x.Title = strings.Repeat("长", 201) }, "title", "proposal.field.cap"},
			{"longest text", func(x *proposal.Writing) { x.Background = strings.Repeat("长", 20000) }, "", ""},
			{"text beyond all limits", func(x *proposal.Writing) { x.Background = strings.Repeat("长", 20001) }, "background", "proposal.field.cap"},
			{"too many suggestions", func(x *proposal.Writing) { x.Items = strings.Split(strings.Repeat("做,", 51), ",") }, "items", "proposal.field.items.cap"},
			{"empty suggestions vanish", func(x *proposal.Writing) { x.Items = []string{"", " ", "做"} }, "", ""},
			{"category nobody knows", func(x *proposal.Writing) { x.Category = "weather" }, "category", "proposal.field.category.unknown"},
			{"unit that does not exist", func(x *proposal.Writing) { x.Units = []string{"nowhere"} }, "units", "proposal.field.units.unknown"},
			{"unit that is a sector", func(x *proposal.Writing) { x.Units = []string{w.Bodies["sector1"]} }, "units", "proposal.field.units.unknown"},
			{"two units, one twice", func(x *proposal.Writing) {
				x.Units = []string{w.Bodies["unitA"], w.Bodies["unitB"], w.Bodies["unitA"]}
			}, "", ""},
			{"strange consent", func(x *proposal.Writing) { x.Publish = "maybe" }, "publish", "proposal.field.publish.required"},
		} {
			in := proposal.DraftIn{Writing: whole()}
			c.change(&in.Writing)
			_, err := save(t, w, me, in)
			switch f := fault.From(err); {
			case c.key == "" && err != nil:
				t.Errorf("%s: %v", c.name, err)
			case c.key != "" && (f == nil || f.Kind != fault.Invalid || f.Key != c.key || f.Field != c.field):
				t.Errorf("%s: refused with %v", c.name, err)
			}
		}
		sums(t, w)
	})
}

func TestADraftExistsForItsAuthorOnly(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		d := draft(t, w, w.Members[0])
		for name, who := range map[string]access.Actor{"another member": w.Members[1], "office": w.Office, "chief": w.Chief, "administrator": w.SysAdmin,
			"auditor": w.Auditor, "other committee": w.Stranger, "convener": w.Convener} {
			_, err := save(t, w, who, proposal.DraftIn{ID: d.ID, Version: 1, Writing: whole()})
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s saves: %v", name, err)
			}
			_, err = proposal.DraftOf.Do(t.Context(), w.App, who, proposal.DraftOfIn{ID: d.ID})
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s reads: %v", name, err)
			}
			_, err = proposal.Discard.Do(t.Context(), w.App, who, proposal.DiscardIn{ID: d.ID})
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s discards: %v", name, err)
			}
		}
		for name, who := range map[string]access.Actor{"office": w.Office, "handler": w.HandlerA, "administrator": w.SysAdmin} {
			_, err := save(t, w, who, proposal.DraftIn{Writing: whole()})
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s begins a draft: %v", name, err)
			}
		}
		_, err := save(t, w, access.Actor{}, proposal.DraftIn{Writing: whole()})
		if err == nil {
			t.Error("nobody began a draft")
		}
	})
}

func TestHatsAreNotMixed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		both := w.Also(t, w.Members[0], access.Leader, "committee", "副主席")
		d := draft(t, w, both)
		_, err := save(t, w, testkit.Acting(both, access.Leader), proposal.DraftIn{ID: d.ID, Version: 1, Writing: whole()})
		refused(t, err, fault.Forbidden, "proposal.other-post")
	})
}

func TestADiscardedDraftIsGone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		me := w.Members[0]
		in := proposal.DraftIn{Writing: whole()}
		in.Units = []string{w.Bodies["unitA"]}
		d, err := save(t, w, me, in)
		must(t, err)
		_, err = proposal.Invite.Do(t.Context(), w.App, me, proposal.InviteIn{ID: d.ID, Signers: []string{w.Members[1].PersonID}})
		must(t, err)
		_, err = proposal.Discard.Do(t.Context(), w.App, me, proposal.DiscardIn{ID: d.ID})
		must(t, err)
		for _, table := range []string{"proposal", "proposal_text", "proposal_signer", "proposal_unit"} {
			if n := number(t, w, "SELECT COUNT(*) FROM "+table); n != 0 {
				t.Errorf("%d rows are left in %s", n, table)
			}
		}
		for _, body := range column(t, w, "SELECT body FROM fact") {
			if strings.Contains(body, "电梯") {
				t.Errorf("a fact still tells of it: %s", body)
			}
		}
		_, err = proposal.Discard.Do(t.Context(), w.App, me, proposal.DiscardIn{ID: d.ID})
		refused(t, err, fault.NotFound, "fault.not-found")
		s := submitted(t, w, me)
		_, err = proposal.Discard.Do(t.Context(), w.App, me, proposal.DiscardIn{ID: s.ID})
		refused(t, err, fault.Closed, "proposal.discard.submitted")
		sums(t, w)
	})
}
