package profile_test

import (
	"encoding/json"
	"slices"
	"strings"
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

func typed(list []profile.Coded) []profile.EntryIn {
	in := make([]profile.EntryIn, len(list))
	for i, c := range list {
		in[i] = profile.EntryIn{Code: c.Code, Name: c.Name, Off: c.Off, Place: i + 1}
	}
	return in
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

func TestWhatIsWrongIsToldBesideItsField(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		s := rules(t, w, w.Chief)
		h := s.Rules.Handling
		good := profile.DeadlinesOf(&s.Rules)
		with := func(change func(*profile.DeadlinesIn)) profile.ChangeIn {
			d := good
			change(&d)
			return profile.ChangeIn{Section: profile.Deadlines, Reason: "x", Deadlines: d}
		}
		list := func(section profile.Section, e ...profile.EntryIn) profile.ChangeIn {
			in := profile.ChangeIn{Section: section, Reason: "x"}
			switch section {
			case profile.Categories:
				in.Categories = append(typed(s.Rules.Proposal.Categories), e...)
			case profile.Rating:
				in.Rating = profile.RatingIn{Raters: h.Raters, Closing: h.Closing, Grades: append(typed(h.Grades), e...)}
			case profile.Classes:
				in.Classes = profile.ClassesIn{Classes: append(typed(h.Classes), e...), ItemOutcomes: typed(h.ItemOutcomes), Publicity: typed(h.Publicity)}
			}
			return in
		}
		cases := map[string]struct {
			in         profile.ChangeIn
			field, key string
		}{
			"no reason":          {func() profile.ChangeIn { in := texts(s, 60); in.Reason = " "; return in }(), "reason", "profile.reason.missing"},
			"a novel as reason":  {func() profile.ChangeIn { in := texts(s, 60); in.Reason = strings.Repeat("长", 201); return in }(), "reason", "profile.reason.long"},
			"no title":           {texts(s, 0), "texts.title_max", "profile.range"},
			"absurd title":       {texts(s, 1<<40), "texts.title_max", "profile.range"},
			"all empty":          {profile.ChangeIn{Section: profile.Texts, Reason: "x"}, "texts.body_mode", "profile.choose"},
			"no level":           {profile.ChangeIn{Section: profile.Review, Reason: "x"}, "review.levels", "profile.levels.final"},
			"not final":          {profile.ChangeIn{Section: profile.Review, Reason: "x", Review: profile.ReviewIn{Levels: []string{"first"}}}, "review.levels", "profile.levels.final"},
			"a made-up level":    {profile.ChangeIn{Section: profile.Review, Reason: "x", Review: profile.ReviewIn{Levels: []string{"final", "<b>"}}}, "review.levels", "profile.choose"},
			"list emptied":       {profile.ChangeIn{Section: profile.Categories, Reason: "x"}, "categories", "profile.entry.none"},
			"code twice":         {list(profile.Categories, profile.EntryIn{Code: "economy", Name: "又一"}), "categories.5.code", "profile.entry.code-twice"},
			"strange code":       {list(profile.Categories, profile.EntryIn{Code: "A-1 '", Name: "又一"}), "categories.5.code", "profile.entry.code"},
			"no words":           {list(profile.Categories, profile.EntryIn{Code: "new"}), "categories.5.name", "profile.entry.name"},
			"words twice":        {list(profile.Categories, profile.EntryIn{Name: "经济建设"}), "categories.5.name", "profile.entry.name-twice"},
			"class of two":       {list(profile.Classes, profile.EntryIn{Code: "EE", Name: "又一"}), "classes.classes.4.code", "profile.entry.code"},
			"a new grade":        {list(profile.Rating, profile.EntryIn{Name: "很满意"}), "rating.grades.3.name", "profile.entry.closed"},
			"who rates":          {profile.ChangeIn{Section: profile.Rating, Reason: "x", Rating: profile.RatingIn{Raters: "nobody", Closing: "rated", Grades: typed(h.Grades)}}, "rating.raters", "profile.choose"},
			"no deadline":        {with(func(d *profile.DeadlinesIn) { d.ReplyDue = calendar.Rule{Base: calendar.FromDispatch} }), "deadlines.reply_due.days", "calendar.rule.empty"},
			"both":               {with(func(d *profile.DeadlinesIn) { d.ReplyDue.Fixed = "06-30" }), "deadlines.reply_due.fixed", "calendar.rule.both"},
			"wrong base":         {with(func(d *profile.DeadlinesIn) { d.AssistDue.Base = calendar.FromRating }), "deadlines.assist_due.base", "profile.base"},
			"nonsense base":      {with(func(d *profile.DeadlinesIn) { d.ReviewDue.Base = "x" }), "deadlines.review_due.base", "profile.base"},
			"negative":           {with(func(d *profile.DeadlinesIn) { d.SignWorkdays = -1 }), "deadlines.sign_workdays", "profile.range"},
			"reminder in a year": {profile.ChangeIn{Section: profile.Reminders, Reason: "x", Reminders: profile.RemindersIn{Days: []int{400}}}, "reminders.days", "profile.remind.range"},
		}
		for name, c := range cases {
			_, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, c.in)
			var found bool
			for _, f := range fault.From(err).All() {
				found = found || f.Field == c.field && f.Key == c.key
			}
			if err == nil || !found {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, section := range []profile.Section{"", "nothing", "../etc"} {
			if _, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, profile.ChangeIn{Section: section, Reason: "x"}); !fault.Is(err, fault.NotFound) {
				t.Errorf("section %q: %v", section, err)
			}
		}
		if rules(t, w, w.Chief).Version != 0 {
			t.Error("something was written")
		}
	})
}

func TestAnEntryIsSwitchedOffButNeverTakenAway(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		s := rules(t, w, w.Chief)
		in := profile.ChangeIn{Section: profile.Categories, Reason: "x", Categories: append(typed(s.Rules.Proposal.Categories), profile.EntryIn{Name: " 民生   实事 ", Place: 1})}
		in.Categories[1].Off = true
		if _, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, in); err != nil {
			t.Fatal(err)
		}
		s = rules(t, w, w.Chief)
		if got := s.Rules.Proposal.Categories[1]; got.Name != "民生 实事" || got.Code != "added_a" || profile.Offered(s.Rules.Proposal.Categories, "politics") {
			t.Errorf("kept %+v", s.Rules.Proposal.Categories)
		}
		less := profile.ChangeIn{Section: profile.Categories, Version: 1, Reason: "x", Categories: typed(s.Rules.Proposal.Categories[2:])}
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

// Whatever section is put back, the rules are the defaults again and every
// difference has a setting that names it.
func TestBackToDefaultIsTheDefault(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		s := rules(t, w, w.Chief)
		all := []profile.ChangeIn{
			texts(s, 60),
			{Section: profile.Filing, Filing: profile.FilingIn{NumberWidth: 4, SectorAnytime: true, CollectMonths: 2}},
			{Section: profile.Review, Review: profile.ReviewIn{Levels: []string{profile.Final, profile.Preliminary}}},
			{Section: profile.Reminders, Reminders: profile.RemindersIn{Days: []int{-1, 5, 5}}},
			{Section: profile.Contact, Contact: profile.ContactIn{Forms: typed(s.Rules.Handling.ContactForms), FaceToFace: []string{"visit"}}},
			{Section: profile.Rating, Rating: profile.RatingIn{Raters: "lead", Closing: "replied", Grades: typed(s.Rules.Handling.Grades)}},
		}
		version := int64(0)
		for _, in := range all {
			for _, back := range []bool{false, true} {
				in.Version, in.Reason, in.Default = version, "x", back
				out, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, in)
				if err != nil || len(out.Changes) == 0 {
					t.Fatalf("%s, back %v: %v", in.Section, back, err)
				}
				for _, c := range out.Changes {
					if x, ok := profile.SettingOf(c.Key); !ok || x.Section != in.Section {
						t.Errorf("%s changed %s", in.Section, c.Key)
					}
				}
				version = out.Version
			}
			if got := rules(t, w, w.Chief); len(got.Changed) != 0 {
				t.Errorf("%s: still different: %v", in.Section, got.Changed)
			}
		}
	})
}

// Every field of the rules is a setting: a rule that no page shows could not
// be changed.
func TestEveryRuleIsASetting(t *testing.T) {
	t.Parallel()
	d := profile.Defaults()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var parts map[string]map[string]json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		t.Fatal(err)
	}
	for part, fields := range parts {
		for name := range fields {
			if _, ok := profile.SettingOf(part + "." + name); !ok {
				t.Errorf("%s.%s is no setting", part, name)
			}
		}
	}
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
