package profile_test

import (
	"slices"
	"strings"
	"testing"

	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
	"tongxin/internal/testkit"
)

func TestWhatIsWrongIsToldBesideItsField(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		s := rules(t, w, w.Chief)
		form := profile.FormOf(&s.Rules)
		form.Reason = "x"
		with := func(change func(*profile.DeadlinesIn)) profile.ChangeIn {
			in := form
			in.Section = profile.Deadlines
			change(&in.Deadlines)
			return in
		}
		list := func(section profile.Section, e ...profile.EntryIn) profile.ChangeIn {
			in := form
			in.Section = section
			in.Categories = slices.Concat(in.Categories, e)
			in.Rating.Grades = slices.Concat(in.Rating.Grades, e)
			in.Classes.Classes = slices.Concat(in.Classes.Classes, e)
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
			"who rates":          {profile.ChangeIn{Section: profile.Rating, Reason: "x", Rating: profile.RatingIn{Raters: "nobody", Closing: "rated", Grades: form.Rating.Grades}}, "rating.raters", "profile.choose"},
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
