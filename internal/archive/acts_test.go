package archive_test

import (
	"strings"
	"sync"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/archive"
	"tongxin/internal/fault"
	"tongxin/internal/handling"
	"tongxin/internal/jobs"
	"tongxin/internal/proposal"
	"tongxin/internal/testkit"
)

func TestWhoMayArchiveAndRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		id := w.closed("关于加装电梯的提案")
		in := archive.CaseIn{Kind: "proposal", ID: id}
		for _, who := range []access.Actor{w.Members[0], w.HandlerA, w.GovDesk, w.SysAdmin, w.SecAdmin, w.Auditor, w.Reviewer, w.Convener, w.Stranger, {}} {
			if err := try(w, archive.Case, who, in); fault.From(err).Kind != fault.NotFound {
				t.Errorf("%s archives: %v", who.Post.Kind, err)
			}
			if _, err := archive.Show.Do(t.Context(), w.App, who, archive.ShowIn{Kind: "proposal", ID: id}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s sees the sheet: %v", who.Post.Kind, err)
			}
			if _, err := archive.List.Do(t.Context(), w.App, who, archive.ListIn{}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s sees the list: %v", who.Post.Kind, err)
			}
			if _, err := archive.Numbers.Do(t.Context(), w.App, who, struct{}{}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s sees the numbers: %v", who.Post.Kind, err)
			}
		}
		refused(t, try(w, archive.Case, w.Leader, in), fault.Forbidden, "archive.office-only")
		act(w, archive.Case, w.Chief, in)
		for _, who := range []access.Actor{w.Members[0], w.SysAdmin, w.Auditor, w.Stranger} {
			if _, err := archive.Download.Do(t.Context(), w.App, who, archive.FileIn{Kind: "proposal", ID: id}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s downloads: %v", who.Post.Kind, err)
			}
			if err := try(w, archive.Verify, who, archive.VerifyIn{Kind: "proposal", ID: id}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s verifies: %v", who.Post.Kind, err)
			}
		}
		refused(t, try(w, archive.Verify, w.Leader, archive.VerifyIn{Kind: "proposal", ID: id}), fault.Forbidden, "archive.office-only")
		if _, err := archive.Download.Do(t.Context(), w.App, w.Leader, archive.FileIn{Kind: "proposal", ID: id}); err != nil {
			t.Errorf("a leader does not read: %v", err)
		}
		refused(t, try(w, archive.Case, w.Office, archive.CaseIn{Kind: "nonsense", ID: id}), fault.NotFound, "fault.not-found")
		refused(t, try(w, archive.Case, w.Office, archive.CaseIn{Kind: "proposal", ID: "nothing"}), fault.NotFound, "fault.not-found")
	})
}

func TestWhatIsNotReadyIsNotArchived(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		id := w.filed("关于加装电梯的提案")
		in := archive.CaseIn{Kind: "proposal", ID: id}
		refused(t, try(w, archive.Case, w.Office, in), fault.Closed, "archive.open.stage")
		w.dispatch(id, handling.UnitRole{Unit: w.Bodies["unitA"], Role: handling.Sole})
		a := w.assignment(id, "unitA")
		act(w, handling.Sign, w.HandlerA, handling.SignIn{ID: a.ID, Handler: "石砚秋", Phone: "0000-1234567"})
		w.contact(w.HandlerA, a, 1)
		r := w.reply(w.HandlerA, w.SignerA, a)
		w.CaughtUp(t)
		refused(t, try(w, archive.Case, w.Office, in), fault.Closed, "archive.open.stage")
		if n := w.count("SELECT COUNT(*) FROM archive_case"); n != 0 {
			t.Errorf("%d files wait before anything is closed", n)
		}
		act(w, handling.Rate, w.Members[0], handling.RateIn{ID: r, Attitude: "satisfied", Result: "basically"})
		w.CaughtUp(t)
		if l, err := archive.List.Do(t.Context(), w.App, w.Leader, archive.ListIn{}); err != nil || len(l.Lines) != 1 || !l.Lines[0].Ready || l.May || l.Waiting != 1 {
			t.Errorf("the list: %+v %v", l, err)
		}
		for in, key := range map[archive.CaseIn]string{
			{Kind: "proposal", ID: id, Retention: "y99"}:                 "archive.retention-unknown",
			{Kind: "proposal", ID: id, Reason: strings.Repeat("长", 501)}: "archive.reason-long",
		} {
			refused(t, try(w, archive.Case, w.Office, in), fault.Invalid, key)
		}
		refused(t, try(w, archive.MakeSupplement, w.Office, archive.SupplementIn{Kind: "proposal", ID: id, Reason: "x"}), fault.Closed, "archive.not-yet")
		refused(t, try(w, archive.Reopen, w.Office, archive.ReopenIn{Kind: "proposal", ID: id, Reason: "x"}), fault.Closed, "archive.not-yet")
		refused(t, try(w, archive.Verify, w.Office, archive.VerifyIn{Kind: "proposal", ID: id}), fault.Closed, "archive.not-yet")
		w.archived(id)
	})
}

// TestTwiceIsOnce: the same request again, and two at the same time.
func TestTwiceIsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		one, two := w.closed("关于加装电梯的提案"), w.closed("关于路灯的提案")
		who := testkit.Keyed(w.Office, "key-1")
		first := act(w, archive.Case, who, archive.CaseIn{Kind: "proposal", ID: one})
		if again := act(w, archive.Case, who, archive.CaseIn{Kind: "proposal", ID: one}); again != first {
			t.Errorf("the same request answered %+v, then %+v", first, again)
		}
		refused(t, try(w, archive.Case, who, archive.CaseIn{Kind: "proposal", ID: two}), fault.Conflict, "fault.key-reused")
		var wg sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = archive.Case.Do(t.Context(), w.App, w.Office, archive.CaseIn{Kind: "proposal", ID: two})
			})
		}
		wg.Wait()
		done := 0
		for _, err := range errs {
			switch {
			case err == nil:
				done++
			case !fault.Is(err, fault.Closed) && !fault.Is(err, fault.Stale):
				t.Errorf("one of four: %v", err)
			}
		}
		if done != 1 || w.count("SELECT COUNT(*) FROM archive_edition") != 2 || w.count("SELECT COUNT(*) FROM archive_number WHERE used_at IS NOT NULL") != 2 {
			t.Errorf("%d of four archived it", done)
		}
		if s := w.show(w.Office, one); s.ArchiveNumber != first.ArchiveNumber {
			t.Errorf("the number changed to %s", s.ArchiveNumber)
		}
		refused(t, try(w, archive.Case, w.Office, archive.CaseIn{Kind: "proposal", ID: one}), fault.Closed, "archive.done")
	})
}

// TestALaterPaperMakesANewEdition: the earlier one stays as it was.
func TestALaterPaperMakesANewEdition(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		id := w.closed("关于加装电梯的提案")
		kept := w.archived(id)
		before := string(w.bytes(id, 1))
		in := archive.SupplementIn{Kind: "proposal", ID: id, Reason: "更正了题目。"}
		refused(t, try(w, archive.MakeSupplement, w.Office, in), fault.Conflict, "archive.nothing-new")
		w.Clock.Advance(3600e9)
		p, err := proposal.Show.Do(t.Context(), w.App, w.Office, proposal.ShowIn{ID: id})
		must(t, err)
		text := p.Text
		act(w, proposal.Correct, w.Chief, proposal.CorrectIn{ID: id, Version: p.Version, Reason: "题目漏字。",
			Edited: proposal.Edited{Title: "关于在老旧小区加装电梯的提案", Background: text.Background, Basis: text.Basis, Items: text.Items}})
		w.CaughtUp(t)
		if s := w.show(w.Office, id); !s.New || !s.Later || s.State != archive.Archived {
			t.Errorf("nothing new: %+v", s.File)
		}
		refused(t, try(w, archive.MakeSupplement, w.Office, archive.SupplementIn{Kind: "proposal", ID: id}), fault.Invalid, "archive.reason-needed")
		again := act(w, archive.MakeSupplement, w.Office, in)
		if again.Edition != 2 || again.ArchiveNumber != kept.ArchiveNumber || string(w.bytes(id, 1)) != before {
			t.Errorf("supplemented as %+v", again)
		}
		m := unpack(t, w.bytes(id, 2))
		holds(t, m, "metadata.xml", "<题名>关于在老旧小区加装电梯的提案</题名>", "<版次>2</版次>", "更正了题目。")
		texts := 0
		for n := range m {
			if strings.HasSuffix(n, "-text.txt") {
				texts++
			}
		}
		if s := w.show(w.Office, id); texts != 2 || s.New || s.Later || len(s.Editions) != 2 || s.Editions[0].No != 2 {
			t.Errorf("%d texts, %+v", texts, s.File)
		}
		act(w, archive.Reopen, w.Office, archive.ReopenIn{Kind: "proposal", ID: id, Reason: "单位将补充后续答复。"})
		refused(t, try(w, archive.Reopen, w.Office, archive.ReopenIn{Kind: "proposal", ID: id, Reason: "x"}), fault.Closed, "archive.reopened-already")
		refused(t, try(w, archive.MakeSupplement, w.Office, archive.SupplementIn{Kind: "proposal", ID: id, Reason: "x", Version: 1}), fault.Stale, "fault.stale")
		if k := act(w, archive.MakeSupplement, w.Office, archive.SupplementIn{Kind: "proposal", ID: id, Reason: "核对无误。"}); k.Edition != 3 {
			t.Errorf("after reopening: %+v", k)
		}
		for no := range int64(3) {
			if v := act(w, archive.Verify, w.Office, archive.VerifyIn{Kind: "proposal", ID: id, Edition: no + 1}); !v.Sound {
				t.Errorf("edition %d: %+v", no+1, v.Findings)
			}
		}
	})
}

// TestClassesAndNumbers: a class is part of the number; gaps are listed.
func TestClassesAndNumbers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		one, two := w.closed("关于加装电梯的提案"), w.closed("关于路灯的提案")
		set := archive.RetentionIn{Kind: "proposal", ID: one, Retention: "permanent", Reason: "全市首例。"}
		refused(t, try(w, archive.SetRetention, w.Office, archive.RetentionIn{Kind: "proposal", ID: one, Retention: "y30", Reason: "x"}), fault.Invalid, "archive.retention-same")
		refused(t, try(w, archive.SetRetention, w.Office, archive.RetentionIn{Kind: "proposal", ID: one, Retention: "y10"}), fault.Invalid, "archive.reason-needed")
		refused(t, try(w, archive.SetRetention, w.Office, archive.RetentionIn{Kind: "proposal", ID: one, Retention: "never", Reason: "x"}), fault.Invalid, "archive.retention-unknown")
		refused(t, try(w, archive.SetRetention, w.Leader, set), fault.Forbidden, "archive.office-only")
		act(w, archive.SetRetention, w.Office, set)
		if k := w.archived(one); k.ArchiveNumber != "WS·2026·Y-0001" {
			t.Errorf("archived as %s", k.ArchiveNumber)
		}
		if k := w.archived(two); k.ArchiveNumber != "WS·2026·D30-0001" {
			t.Errorf("archived as %s", k.ArchiveNumber)
		}
		k := act(w, archive.SetRetention, w.Chief, archive.RetentionIn{Kind: "proposal", ID: one, Retention: "y30", Reason: "重新鉴定。"})
		if k.ArchiveNumber != "WS·2026·D30-0002" || k.Edition != 2 {
			t.Errorf("moved to %+v", k)
		}
		list, err := archive.Numbers.Do(t.Context(), w.App, w.Leader, struct{}{})
		must(t, err)
		gaps := map[string]string{}
		for _, s := range list {
			for _, g := range s.Gaps {
				gaps[g.Number] = g.Why
			}
		}
		if len(gaps) != 1 || gaps["WS·2026·Y-0001"] != "moved" {
			t.Errorf("gaps: %v", gaps)
		}
		holds(t, unpack(t, w.bytes(one, 2)), "metadata.xml", "WS·2026·D30-0002", "30 年", "重新鉴定。")
	})
}

// TestManyAreArchivedOneByOne: what is not ready stays, with the reason.
func TestManyAreArchivedOneByOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		refused(t, try(w, archive.Many, w.Office, archive.ManyIn{Session: w.Session}), fault.Invalid, "archive.many.none")
		var ids []string
		for _, title := range []string{"关于加装电梯的提案", "关于路灯的提案", "关于停车的提案"} {
			ids = append(ids, w.closed(title))
		}
		w.inside("UPDATE reply SET rating_open = TRUE WHERE case_id = ?", ids[1])
		refused(t, try(w, archive.Many, w.Leader, archive.ManyIn{Session: w.Session}), fault.Forbidden, "archive.office-only")
		refused(t, try(w, archive.Many, w.SysAdmin, archive.ManyIn{Session: w.Session}), fault.NotFound, "fault.not-found")
		refused(t, try(w, archive.Many, w.Stranger, archive.ManyIn{Session: w.Session}), fault.NotFound, "fault.not-found")
		out := act(w, archive.Many, w.Office, archive.ManyIn{Session: w.Session})
		must(t, jobs.Work(t.Context(), w.App))
		l, err := archive.List.Do(t.Context(), w.App, w.Office, archive.ListIn{Session: w.Session, State: "archived"})
		must(t, err)
		if out.N != 3 || l.Archived != 2 || l.Waiting != 1 || len(l.Lines) != 2 {
			t.Errorf("%+v, archived %d, waiting %d", out, l.Archived, l.Waiting)
		}
		l, err = archive.List.Do(t.Context(), w.App, w.Office, archive.ListIn{Session: w.Session})
		must(t, err)
		if len(l.Lines) != 1 || l.Lines[0].Ready || l.Lines[0].Open[0].Key != "archive.open.rating" {
			t.Errorf("what is left: %+v", l.Lines)
		}
	})
}
