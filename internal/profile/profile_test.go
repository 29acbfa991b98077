package profile_test

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"tongxin/internal/access"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
	"tongxin/internal/testkit"
)

func each(t *testing.T, f func(t *testing.T, w *testkit.World)) {
	t.Helper()
	testkit.EachDB(t, nil, nil, func(t *testing.T, h *testkit.House) { f(t, testkit.NewWorld(t, h)) })
}

func rules(t *testing.T, w *testkit.World, who access.Actor) profile.Shown {
	t.Helper()
	s, err := profile.Show.Do(t.Context(), w.App, who, profile.ShowIn{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// texts is the section of texts as it stands, with another longest title.
func texts(s profile.Shown, titleMax int) profile.ChangeIn {
	p := s.Rules.Proposal
	return profile.ChangeIn{Section: profile.Texts, Version: s.Version, Reason: "主席会议决定", Texts: profile.TextsIn{
		BodyMode: p.BodyMode, TitleMax: titleMax, BodyMin: p.BodyMin, BodyMax: p.BodyMax, BasisRequired: p.BasisRequired,
		ItemsMin: p.ItemsMin, ItemsMax: p.ItemsMax, AttachmentsMax: p.AttachmentsMax, AttachmentMegabytes: int(p.AttachmentBytes >> 20)}}
}

func TestAChangeMakesANewVersionWithItsHistory(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		before := rules(t, w, w.Members[0])
		if before.Version != 0 || len(before.Changed) != 0 {
			t.Fatalf("a new committee begins with %+v", before.Changed)
		}
		out, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, texts(before, 60))
		if err != nil {
			t.Fatal(err)
		}
		want := []profile.Change{{Key: "proposal.title_max", Was: "50", Is: "60"}}
		if out.Version != 1 || !slices.Equal(out.Changes, want) {
			t.Errorf("answered %+v", out)
		}
		after := rules(t, w, w.Members[0])
		if after.Version != 1 || after.Rules.Proposal.TitleMax != 60 || !after.Differs("proposal.title_max") {
			t.Errorf("now in force: %d, %+v", after.Version, after.Changed)
		}
		old, err := profile.Show.Do(t.Context(), w.App, w.Office, profile.ShowIn{Version: 99})
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("a version that never was: %+v, %v", old.Version, err)
		}
		h, err := profile.History.Do(t.Context(), w.App, w.Auditor, profile.HistoryIn{})
		if err != nil || h.Total != 1 || len(h.Items) != 1 || h.Items[0].ByName != w.Chief.Name || h.Items[0].Reason != "主席会议决定" || !slices.Equal(h.Items[0].Changes, want) {
			t.Errorf("history %+v, %v", h, err)
		}
		if other := rules(t, w, w.Stranger); other.Version != 0 {
			t.Error("another committee follows our rules")
		}
		for _, who := range []access.Actor{w.Members[0], w.HandlerA, w.Stranger, {}} {
			if _, err := profile.History.Do(t.Context(), w.App, who, profile.HistoryIn{}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s reads the history: %v", who.Name, err)
			}
		}
	})
}

func TestWhoMayChangeTheRules(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		for _, who := range []access.Actor{w.Members[0], w.Office, w.Reviewer, w.Leader, w.HandlerA, w.SignerA, w.GovDesk, w.SecAdmin, w.Auditor} {
			if _, err := profile.ChangeRules.Do(t.Context(), w.App, who, texts(rules(t, w, w.Chief), 70)); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s %s: %v", who.Post.Kind, who.Name, err)
			}
		}
		if _, err := profile.ChangeRules.Do(t.Context(), w.App, access.Actor{}, texts(profile.Shown{}, 70)); !fault.Is(err, fault.NotFound) {
			t.Errorf("nobody: %v", err)
		}
		if _, err := profile.ChangeRules.Do(t.Context(), w.App, w.SysAdmin, texts(rules(t, w, w.SysAdmin), 70)); err != nil {
			t.Errorf("the administrator at set-up: %v", err)
		}
	})
}

func TestStaleTwiceAndWithoutEffect(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		s := rules(t, w, w.Chief)
		if _, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, texts(s, s.Rules.Proposal.TitleMax)); fault.From(err).Key != "profile.nothing-changed" {
			t.Errorf("no difference: %v", err)
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		done, stale := 0, 0
		for i := range 8 {
			wg.Go(func() {
				_, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, texts(s, 51+i))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					done++
				case fault.Is(err, fault.Stale):
					stale++
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if done != 1 || stale != 7 {
			t.Errorf("%d succeeded, %d were stale", done, stale)
		}
		keyed := testkit.Keyed(w.Chief, "k")
		in := texts(rules(t, w, w.Chief), 99)
		first, err := profile.ChangeRules.Do(t.Context(), w.App, keyed, in)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := profile.ChangeRules.Do(t.Context(), w.App, keyed, in); err != nil || again.Version != first.Version {
			t.Errorf("repeated: %+v, %v", again, err)
		}
	})
}

func TestAnEntryIsSwitchedOffButNeverTakenAway(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		s := rules(t, w, w.Chief)
		in := profile.FormOf(&s.Rules)
		in.Section, in.Reason = profile.Categories, "x"
		in.Categories = append(in.Categories, profile.EntryIn{Name: " 民生   实事 ", Place: 1})
		in.Categories[1].Off = true
		if _, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, in); err != nil {
			t.Fatal(err)
		}
		s = rules(t, w, w.Chief)
		if got := s.Rules.Proposal.Categories[1]; got.Name != "民生 实事" || got.Code != "added_a" || profile.Offered(s.Rules.Proposal.Categories, "politics") {
			t.Errorf("kept %+v", s.Rules.Proposal.Categories)
		}
		less := profile.ChangeIn{Section: profile.Categories, Version: 1, Reason: "x", Categories: profile.FormOf(&s.Rules).Categories[2:]}
		if _, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, less); fault.From(err).Key != "profile.entry.kept" {
			t.Errorf("taken away: %v", err)
		}
		if _, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, profile.ChangeIn{Section: profile.Categories, Version: 1, Reason: "x", Default: true}); err != nil {
			t.Fatal(err)
		}
		list := rules(t, w, w.Chief).Rules.Proposal.Categories
		if !profile.Offered(list, "politics") || profile.Offered(list, "added_a") || profile.NameOf(list, "added_a") != "民生 实事" {
			t.Errorf("after going back: %+v", list)
		}
	})
}

func TestADeadlineIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		s := rules(t, w, w.Chief)
		d := profile.DeadlinesOf(&s.Rules)
		d.ReplyDue = calendar.Rule{Base: calendar.FromSessionClose, Workdays: 60, Load: 9, Version: 9}
		d.CollectiveDiffers, d.ReplyDueCollective = true, calendar.Rule{Base: calendar.FromDispatch, Fixed: "05-10"}
		if _, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, profile.ChangeIn{Section: profile.Deadlines, Reason: "x", Deadlines: d}); err != nil {
			t.Fatal(err)
		}
		h := rules(t, w, w.Chief).Rules.Handling
		// The default has months and a roll, which must not shine through.
		if got := h.ReplyDue; got.Base != calendar.FromSessionClose || got.Workdays != 60 || got.Months != 0 || got.Roll != "" || got.Load != 0 || got.Version != 0 {
			t.Errorf("read as %+v", got)
		}
		if h.ReplyDueCollective == nil || h.ReplyDueCollective.Fixed != "05-10" {
			t.Errorf("collective %+v", h.ReplyDueCollective)
		}
		p, err := profile.Preview.Do(t.Context(), w.App, w.Chief, profile.PreviewIn{Deadlines: d, From: "2026-01-12"})
		if err != nil {
			t.Fatal(err)
		}
		ends := map[string]string{}
		for _, e := range p.Items {
			ends[e.Key] = e.On
		}
		if ends["handling.reply_due_collective"] != "2026-05-10" || ends["handling.sign_workdays"] != "2026-01-21" {
			t.Errorf("tried out: %v", ends)
		}
		if _, err := profile.Preview.Do(t.Context(), w.App, w.Chief, profile.PreviewIn{From: "soon"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("no date: %v", err)
		}
	})
}

func TestADifferenceIsFoundWhereverItIs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		was, is := profile.Defaults(), profile.Defaults()
		is.Proposal.TitleMax = rapid.IntRange(10, 200).Draw(t, "title")
		is.Handling.RemindAt = rapid.SliceOfN(rapid.IntRange(-9, 9), 0, 4).Draw(t, "days")
		i := rapid.IntRange(0, 4).Draw(t, "category")
		is.Proposal.Categories[i].Off = rapid.Bool().Draw(t, "off")
		a, err := json.Marshal(was)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(is)
		if err != nil {
			t.Fatal(err)
		}
		if same := len(profile.Diff(&was, &is)) == 0; same != (string(a) == string(b)) {
			t.Errorf("same %v, but %s and %s", same, a, b)
		}
	})
}
