package profile_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
	"tongxin/internal/testkit"
)

// bounded is a number, the least and the most that it may be.
type bounded struct {
	section     profile.Section
	field       string
	set         func(*profile.ChangeIn, int)
	least, most int
}

func bounds() []bounded {
	return []bounded{
		{profile.Objection, "objection.workdays", func(c *profile.ChangeIn, n int) { c.Objection.Workdays = n }, 1, 60},
		{profile.Objection, "objection.ruling_workdays", func(c *profile.ChangeIn, n int) { c.Objection.RulingWorkdays = n }, 1, 60},
		{profile.Objection, "objection.unit_most", func(c *profile.ChangeIn, n int) { c.Objection.UnitMost = n }, 1, 9},
		{profile.Objection, "objection.case_most", func(c *profile.ChangeIn, n int) { c.Objection.CaseMost = n }, 1, 9},
		{profile.Extension, "extension.months", func(c *profile.ChangeIn, n int) { c.Extension.Months = n }, 1, 24},
		{profile.Extension, "extension.most", func(c *profile.ChangeIn, n int) { c.Extension.Most = n }, 0, 9},
		{profile.Together, "together.countersign_days", func(c *profile.ChangeIn, n int) { c.Together.CountersignDays = n }, 1, 60},
		{profile.Reading, "reading.workdays", func(c *profile.ChangeIn, n int) { c.Reading.Workdays = n }, 1, 60},
		{profile.Again, "again.rounds", func(c *profile.ChangeIn, n int) { c.Again.Rounds = n }, 2, 9},
		{profile.Again, "again.rounds", func(c *profile.ChangeIn, n int) { c.Again.On, c.Again.Rounds = profile.AgainNever, n }, 1, 9},
		{profile.Promise, "promise.months_max", func(c *profile.ChangeIn, n int) { c.Promise.MonthsMax = n }, 1, 120},
		{profile.Promise, "promise.near_days", func(c *profile.ChangeIn, n int) { c.Promise.NearDays = n }, 0, 250},
		{profile.Supervision, "supervision.near_workdays", func(c *profile.ChangeIn, n int) { c.Supervision.NearWorkdays = n }, 1, 60},
		{profile.Supervision, "supervision.quiet_workdays", func(c *profile.ChangeIn, n int) { c.Supervision.QuietWorkdays = n }, 0, 60},
		{profile.Supervision, "supervision.answer_days", func(c *profile.ChangeIn, n int) { c.Supervision.AnswerDays = n }, 1, 60},
		{profile.Supervision, "supervision.leader_after", func(c *profile.ChangeIn, n int) { c.Supervision.LeaderAfter = n }, 0, 250},
		{profile.Key, "key.number", func(c *profile.ChangeIn, n int) { c.Key.Number = n }, 0, 999},
		{profile.Key, "key.per_mille", func(c *profile.ChangeIn, n int) { c.Key.PerMille = n }, 1, 1000},
		{profile.Key, "key.per_mille", func(c *profile.ChangeIn, n int) { c.Key.Number, c.Key.PerMille = 5, n }, 0, 1000},
		{profile.Key, "key.plan_workdays", func(c *profile.ChangeIn, n int) { c.Key.PlanWorkdays = n }, 1, 250},
		{profile.Deadlines, "deadlines.reply_due.extra.0.at_least", func(c *profile.ChangeIn, n int) {
			c.Deadlines.ReplyDue.Extra = []calendar.Extra{{AtLeast: n, Days: 10}}
		}, 1, 9999},
		{profile.Deadlines, "deadlines.reply_due_intersession.extra.1.days", func(c *profile.ChangeIn, n int) {
			c.Deadlines.ReplyDueIntersess.Extra = []calendar.Extra{{}, {AtLeast: 20, Days: n}}
		}, 1, 366},
	}
}

// A number is taken from its least to its most; one beyond is told beside its
// field, and nothing else is.
func TestNumbersHaveBounds(t *testing.T) {
	t.Parallel()
	d := profile.Defaults()
	for _, b := range bounds() {
		for _, n := range []int{b.least, b.most, b.least - 1, b.most + 1, -1 << 40, 1 << 40} {
			in := profile.FormOf(&d)
			in.Section = b.section
			b.set(&in, n)
			err := in.Check(&d)
			if n >= b.least && n <= b.most {
				if err != nil {
					t.Errorf("%s %d: %v", b.field, n, err)
				}
				continue
			}
			if err == nil {
				t.Errorf("%s %d was taken", b.field, n)
				continue
			}
			for _, f := range fault.From(err).All() {
				if f.Field != b.field {
					t.Errorf("%s %d is told at %s: %s", b.field, n, f.Field, f.Key)
				}
			}
		}
	}
}

// refusals are what no range says.
func refusals() map[string]struct {
	section    profile.Section
	with       func(*profile.ChangeIn)
	field, key string
} {
	type refusal = struct {
		section    profile.Section
		with       func(*profile.ChangeIn)
		field, key string
	}
	loads := func(list ...calendar.Extra) func(*profile.ChangeIn) {
		return func(c *profile.ChangeIn) { c.Deadlines.ReplyDue.Extra = list }
	}
	return map[string]refusal{
		"nobody grants":           {profile.Extension, func(c *profile.ChangeIn) { c.Extension.Approver = "the unit" }, "extension.approver", "profile.choose"},
		"again, nonsense":         {profile.Again, func(c *profile.ChangeIn) { c.Again.On = "" }, "again.on", "profile.choose"},
		"again from dispatch":     {profile.Again, func(c *profile.ChangeIn) { c.Again.Due.Base = "dispatch" }, "again.due.base", "profile.base"},
		"again without a time":    {profile.Again, func(c *profile.ChangeIn) { c.Again.Due = calendar.Rule{Base: "rating"} }, "again.due.days", "calendar.rule.empty"},
		"again by load":           {profile.Again, func(c *profile.ChangeIn) { c.Again.Due.Extra = []calendar.Extra{{AtLeast: 20, Days: 5}} }, "again.due.extra", "profile.extra.not-here"},
		"one round":               {profile.Again, func(c *profile.ChangeIn) { c.Again.Rounds = 1 }, "again.rounds", "profile.rounds.one"},
		"a made-up outcome":       {profile.Promise, func(c *profile.ChangeIn) { c.Promise.Outcomes = []string{"planned", "<b>"} }, "promise.outcomes", "profile.choose"},
		"a class of nobody's":     {profile.Promise, func(c *profile.ChangeIn) { c.Promise.Classes = []string{"Z"} }, "promise.classes", "profile.choose"},
		"no key proposal at all":  {profile.Key, func(c *profile.ChangeIn) { c.Key.PerMille = 0 }, "key.per_mille", "profile.key.how-many"},
		"no criteria":             {profile.Key, func(c *profile.ChangeIn) { c.Key.Criteria = nil }, "key.criteria", "profile.entry.none"},
		"a form taken away":       {profile.Key, func(c *profile.ChangeIn) { c.Key.Forms = c.Key.Forms[1:] }, "key.forms", "profile.entry.kept"},
		"key due from rating":     {profile.Key, func(c *profile.ChangeIn) { c.Key.ReplyDue.Base = "rating" }, "key.reply_due.base", "profile.base"},
		"key due by load":         {profile.Key, func(c *profile.ChangeIn) { c.Key.ReplyDue.Extra = []calendar.Extra{{AtLeast: 2, Days: 5}} }, "key.reply_due.extra", "profile.extra.not-here"},
		"no time":                 {profile.Notices, func(c *profile.ChangeIn) { c.Notices.QuietFrom = "" }, "notices.quiet_from", "profile.time"},
		"24 o'clock":              {profile.Notices, func(c *profile.ChangeIn) { c.Notices.QuietTo = "24:00" }, "notices.quiet_to", "profile.time"},
		"seconds":                 {profile.Notices, func(c *profile.ChangeIn) { c.Notices.DigestAt = "08:00:00" }, "notices.digest_at", "profile.time"},
		"words for a time":        {profile.Notices, func(c *profile.ChangeIn) { c.Notices.DigestAt = "早上八点" }, "notices.digest_at", "profile.time"},
		"digest in quiet hours":   {profile.Notices, func(c *profile.ChangeIn) { c.Notices.DigestAt = "23:00" }, "notices.digest_at", "profile.notices.digest-quiet"},
		"kept for ever and a day": {profile.Archive, func(c *profile.ChangeIn) { c.Archive.Usual = "ever" }, "archive.usual", "profile.choose"},
		"usual is switched off":   {profile.Archive, func(c *profile.ChangeIn) { c.Archive.Retention[1].Off = true }, "archive.usual", "profile.choose"},
		"key one is switched off": {profile.Archive, func(c *profile.ChangeIn) { c.Archive.Retention[0].Off = true }, "archive.key_usual", "profile.choose"},
		"a retention of ours": {profile.Archive, func(c *profile.ChangeIn) {
			c.Archive.Retention = append(c.Archive.Retention, profile.EntryIn{Name: "60 年"})
		}, "archive.retention.3.name", "profile.entry.closed"},
		"a long fonds":       {profile.Archive, func(c *profile.ChangeIn) { c.Archive.Fonds = strings.Repeat("全", 21) }, "archive.fonds", "profile.archive.fonds"},
		"a fonds of lines":   {profile.Archive, func(c *profile.ChangeIn) { c.Archive.Fonds = "J0\n45" }, "archive.fonds", "profile.archive.fonds"},
		"a hidden character": {profile.Archive, func(c *profile.ChangeIn) { c.Archive.Fonds = "J0\u202e45" }, "archive.fonds", "profile.archive.fonds"},
		"questions left out": {profile.Rating, func(c *profile.ChangeIn) { c.Rating.Questions = nil }, "rating.questions", "profile.entry.kept"},
		"eleven questions": {profile.Rating, func(c *profile.ChangeIn) {
			for i := range 11 {
				c.Rating.Questions = append(c.Rating.Questions, profile.EntryIn{Name: strings.Repeat("问", i+1)})
			}
		}, "rating.questions", "profile.questions.many"},
		"four steps":         {profile.Deadlines, loads(calendar.Extra{AtLeast: 1, Days: 1}, calendar.Extra{AtLeast: 2, Days: 2}, calendar.Extra{AtLeast: 3, Days: 3}, calendar.Extra{AtLeast: 4, Days: 4}), "deadlines.reply_due.extra", "profile.extra.many"},
		"a step twice":       {profile.Deadlines, loads(calendar.Extra{AtLeast: 20, Days: 10}, calendar.Extra{AtLeast: 20, Days: 10}), "deadlines.reply_due.extra", "profile.extra.twice"},
		"more give less":     {profile.Deadlines, loads(calendar.Extra{AtLeast: 50, Days: 5}, calendar.Extra{AtLeast: 20, Days: 10}), "deadlines.reply_due.extra", "profile.extra.fewer"},
		"half a step":        {profile.Deadlines, loads(calendar.Extra{AtLeast: 20}), "deadlines.reply_due.extra.0.days", "profile.range"},
		"the review by load": {profile.Deadlines, func(c *profile.ChangeIn) { c.Deadlines.ReviewDue.Extra = []calendar.Extra{{Days: 1}} }, "deadlines.review_due.extra", "profile.extra.not-here"},
	}
}

func TestWhatTheYearRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range refusals() {
		d := profile.Defaults()
		in := profile.FormOf(&d)
		in.Section = c.section
		c.with(&in)
		err := in.Check(&d)
		if err == nil || !slices.ContainsFunc(fault.From(err).All(), func(f *fault.Error) bool { return f.Field == c.field && f.Key == c.key }) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to, at string
		quiet        bool
	}{
		{"21:00", "07:30", "20:59", false}, {"21:00", "07:30", "21:00", true}, {"21:00", "07:30", "00:00", true}, {"21:00", "07:30", "07:29", true}, {"21:00", "07:30", "07:30", false},
		{"12:00", "14:00", "13:00", true}, {"12:00", "14:00", "14:00", false}, {"12:00", "14:00", "00:00", false},
		{"08:00", "08:00", "08:00", false}, {"08:00", "08:00", "20:00", false},
	} {
		if got := (profile.NoticeRules{QuietFrom: c.from, QuietTo: c.to}).Quiet(c.at); got != c.quiet {
			t.Errorf("%s–%s at %s: %v", c.from, c.to, c.at, got)
		}
	}
	for from, ok := range map[string]bool{"08:00": true, "00:00": false} {
		d := profile.Defaults()
		in := profile.FormOf(&d)
		in.Section, in.Notices.QuietFrom, in.Notices.QuietTo, in.Notices.DigestAt = profile.Notices, from, "08:00", "07:00"
		if err := in.Check(&d); (err == nil) != ok {
			t.Errorf("quiet from %s to 08:00, digest at 07:00: %v", from, err)
		}
	}
}

// Classes a committee added can need a promise too.
func TestAPromiseFollowsTheCommitteesOwnClasses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		s := rules(t, w, w.Chief)
		in := profile.FormOf(&s.Rules)
		in.Section, in.Reason = profile.Classes, "x"
		in.Classes.Classes = append(in.Classes.Classes, profile.EntryIn{Name: "E 类：分步解决"})
		if _, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, in); err != nil {
			t.Fatal(err)
		}
		promise := profile.ChangeIn{Section: profile.Promise, Version: 1, Reason: "x", Promise: s.Rules.Handling.Promise}
		promise.Promise.Classes = []string{"E", "B"}
		if _, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, promise); err != nil {
			t.Fatal(err)
		}
		got := rules(t, w, w.Chief)
		if !slices.Equal(got.Rules.Handling.Promise.Classes, []string{"B", "E"}) {
			t.Errorf("kept %v", got.Rules.Handling.Promise.Classes)
		}
		// The classes go back; E stays in the list, switched off, so the promise still names a class.
		back := profile.ChangeIn{Section: profile.Classes, Version: 2, Reason: "x", Default: true}
		if _, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, back); err != nil {
			t.Fatal(err)
		}
		got = rules(t, w, w.Chief)
		if err := func() error {
			in := profile.FormOf(&got.Rules)
			in.Section = profile.Promise
			return in.Check(&got.Rules)
		}(); err != nil {
			t.Errorf("the promise's own form is refused: %v", err)
		}
	})
}

func TestTheYearIsTriedOut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		s := rules(t, w, w.Members[0])
		form := profile.FormOf(&s.Rules)
		form.Deadlines.ReplyDue = calendar.Rule{Base: "dispatch", Days: 10, Extra: []calendar.Extra{{AtLeast: 20, Days: 5}, {}}, Load: 99}
		want := map[profile.Section]map[string]string{
			// 2026-01-12 is a Monday.
			profile.Objection: {"handling.objection.workdays 0": "2026-01-21", "handling.objection.ruling_workdays 0": "2026-01-19"},
			profile.Together:  {"handling.together.countersign_days 0": "2026-01-19"},
			profile.Reading:   {"handling.reading.workdays 0": "2026-01-19"},
			profile.Again:     {"handling.again.due 0": "2026-02-11"},
			profile.Promise:   {"handling.promise.months_max 0": "2029-01-12"},
			profile.Key:       {"key.plan_workdays 0": "2026-02-02", "key.reply_due 0": "2026-03-12"},
			profile.Deadlines: {"handling.reply_due 0": "2026-01-22", "handling.reply_due 20": "2026-01-27"},
			profile.Archive:   {},
		}
		for section, ends := range want {
			form.Section = section
			in := form.Preview()
			in.From = "2026-01-12"
			p, err := profile.Preview.Do(t.Context(), w.App, w.Members[0], in)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, e := range p.Items {
				got[e.Key+" "+strconv.Itoa(e.Load)] = e.On
				if e.On != "" && len(e.Steps) == 0 {
					t.Errorf("%s: %s explains nothing", section, e.Key)
				}
			}
			for key, on := range ends {
				if got[key] != on {
					t.Errorf("%s: %s ends on %q, want %s", section, key, got[key], on)
				}
			}
			if section == profile.Archive && len(got) != 0 {
				t.Errorf("the archive has deadlines: %v", got)
			}
		}
		if _, err := profile.Preview.Do(t.Context(), w.App, w.Members[0], profile.PreviewIn{Section: "nothing"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a section that is none: %v", err)
		}
		// A section that is not filled in yet gives no day, and no harm.
		p, err := profile.Preview.Do(t.Context(), w.App, w.Members[0], profile.PreviewIn{Section: profile.Objection})
		if err != nil || len(p.Items) != 2 || p.Items[0].On != "" {
			t.Errorf("empty: %+v, %v", p, err)
		}
	})
}
