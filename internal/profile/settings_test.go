package profile_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
	"tongxin/internal/testkit"
)

// turn is a setting as it is changed in its form, and how it reads afterwards.
type turn struct {
	key  string
	with func(*profile.ChangeIn)
	is   string // text of the setting; "" for a list
}

func days(base calendar.Base, n int) calendar.Rule { return calendar.Rule{Base: base, Days: n} }

// turns has every setting once.
func turns() []turn {
	return slices.Concat(writingTurns(), handlingTurns(), yearTurns(), keyTurns())
}

func writingTurns() []turn {
	return []turn{
		{"proposal.body_mode", func(c *profile.ChangeIn) { c.Texts.BodyMode = profile.ThreeParts }, "three_part"},
		{"proposal.title_max", func(c *profile.ChangeIn) { c.Texts.TitleMax = 40 }, "40"},
		{"proposal.body_min", func(c *profile.ChangeIn) { c.Texts.BodyMin = 0 }, "0"},
		{"proposal.body_max", func(c *profile.ChangeIn) { c.Texts.BodyMax = 1500 }, "1500"},
		{"proposal.basis_required", func(c *profile.ChangeIn) { c.Texts.BasisRequired = false }, "false"},
		{"proposal.items_min", func(c *profile.ChangeIn) { c.Texts.ItemsMin = 0 }, "0"},
		{"proposal.items_max", func(c *profile.ChangeIn) { c.Texts.ItemsMax = 5 }, "5"},
		{"proposal.attachments_max", func(c *profile.ChangeIn) { c.Texts.AttachmentsMax = 0 }, "0"},
		{"proposal.attachment_bytes", func(c *profile.ChangeIn) { c.Texts.AttachmentMegabytes = 8 }, "8"},
		{"proposal.number_width", func(c *profile.ChangeIn) { c.Filing.NumberWidth = 4 }, "4"},
		{"proposal.sector_anytime", func(c *profile.ChangeIn) { c.Filing.SectorAnytime = true }, "true"},
		{"session.collect_months", func(c *profile.ChangeIn) { c.Filing.CollectMonths = 2 }, "2"},
		{"proposal.categories", func(c *profile.ChangeIn) { c.Categories[0].Name = "经济" }, ""},
		{"proposal.levels", func(c *profile.ChangeIn) { c.Review.Levels = []string{"final", "preliminary"} }, "preliminary,final"},
		{"proposal.confirm_amended", func(c *profile.ChangeIn) { c.Review.ConfirmAmended = false }, "false"},
		{"proposal.not_filed_reasons", func(c *profile.ChangeIn) { c.Reasons.NotFiled[1].Off = true }, ""},
		{"proposal.return_reasons", func(c *profile.ChangeIn) { c.Reasons.Return[1].Name = "一件数事" }, ""},
	}
}

func handlingTurns() []turn {
	return []turn{
		{"proposal.review_due", func(c *profile.ChangeIn) { c.Deadlines.ReviewDue = days("submit", 20) }, `{"base":"submit","days":20}`},
		{"handling.sign_workdays", func(c *profile.ChangeIn) { c.Deadlines.SignWorkdays = 3 }, "3"},
		{"handling.contact_workdays", func(c *profile.ChangeIn) { c.Deadlines.ContactWorkdays = 20 }, "20"},
		{"handling.assist_due", func(c *profile.ChangeIn) { c.Deadlines.AssistDue = calendar.Rule{Base: "sign", Fixed: "05-31"} }, `{"base":"sign","fixed":"05-31"}`},
		{"handling.reply_due", func(c *profile.ChangeIn) {
			c.Deadlines.ReplyDue.Extra = []calendar.Extra{{AtLeast: 50, Days: 15}, {}, {AtLeast: 20, Days: 10}}
		}, `{"base":"dispatch","months":3,"roll":"forward","extra":[{"at_least":20,"days":10},{"at_least":50,"days":15}]}`},
		{"handling.reply_due_intersession", func(c *profile.ChangeIn) {
			c.Deadlines.ReplyDueIntersess.Extra = []calendar.Extra{{}, {AtLeast: 20, Days: 10}}
		}, `{"base":"dispatch","months":3,"roll":"forward","extra":[{"at_least":20,"days":10}]}`},
		{"handling.reply_due_collective", func(c *profile.ChangeIn) {
			c.Deadlines.CollectiveDiffers = true
			c.Deadlines.ReplyDueCollective = calendar.Rule{Base: "dispatch", Fixed: "05-10", Extra: []calendar.Extra{{AtLeast: 1, Days: 366}}}
		}, `{"base":"dispatch","fixed":"05-10","extra":[{"at_least":1,"days":366}]}`},
		{"handling.rate_workdays", func(c *profile.ChangeIn) { c.Deadlines.RateWorkdays = 20 }, "20"},
		{"handling.contact_forms", func(c *profile.ChangeIn) {
			c.Contact.Forms = append(c.Contact.Forms, profile.EntryIn{Name: "调研"})
		}, ""},
		{"handling.face_to_face", func(c *profile.ChangeIn) { c.Contact.FaceToFace = []string{"visit", "meeting"} }, "meeting,visit"},
		{"handling.contact_required", func(c *profile.ChangeIn) { c.Contact.Required = false }, "false"},
		{"handling.classes", func(c *profile.ChangeIn) { c.Classes.Classes[3].Off = true }, ""},
		{"handling.item_outcomes", func(c *profile.ChangeIn) { c.Classes.ItemOutcomes[0].Name = "采纳" }, ""},
		{"handling.publicity", func(c *profile.ChangeIn) { c.Classes.Publicity[0].Place = 9 }, ""},
		{"handling.raters", func(c *profile.ChangeIn) { c.Rating.Raters = "lead" }, "lead"},
		{"handling.grades", func(c *profile.ChangeIn) { c.Rating.Grades[1].Name = "较满意" }, ""},
		{"handling.closing", func(c *profile.ChangeIn) { c.Rating.Closing = "confirmed" }, "confirmed"},
		{"handling.questions", func(c *profile.ChangeIn) { c.Rating.Questions[0].Off = false }, ""},
		{"handling.blind", func(c *profile.ChangeIn) { c.Rating.Blind = true }, "true"},
		{"handling.remind_at", func(c *profile.ChangeIn) { c.Reminders.Days = []int{-1, 5, 5} }, "5,-1"},
	}
}

func yearTurns() []turn {
	return []turn{
		{"handling.objection.workdays", func(c *profile.ChangeIn) { c.Objection.Workdays = 3 }, "3"},
		{"handling.objection.ruling_workdays", func(c *profile.ChangeIn) { c.Objection.RulingWorkdays = 7 }, "7"},
		{"handling.objection.silence", func(c *profile.ChangeIn) { c.Objection.Silence = false }, "false"},
		{"handling.objection.unit_most", func(c *profile.ChangeIn) { c.Objection.UnitMost = 2 }, "2"},
		{"handling.objection.case_most", func(c *profile.ChangeIn) { c.Objection.CaseMost = 1 }, "1"},
		{"handling.extension.approver", func(c *profile.ChangeIn) { c.Extension.Approver = profile.ByBoth }, "both"},
		{"handling.extension.months", func(c *profile.ChangeIn) { c.Extension.Months = 6 }, "6"},
		{"handling.extension.most", func(c *profile.ChangeIn) { c.Extension.Most = 0 }, "0"},
		{"handling.together.required", func(c *profile.ChangeIn) { c.Together.Required = false }, "false"},
		{"handling.together.countersign", func(c *profile.ChangeIn) { c.Together.Countersign = true }, "true"},
		{"handling.together.countersign_days", func(c *profile.ChangeIn) { c.Together.CountersignDays = 3 }, "3"},
		{"handling.reading.on", func(c *profile.ChangeIn) { c.Reading.On = true }, "true"},
		{"handling.reading.workdays", func(c *profile.ChangeIn) { c.Reading.Workdays = 10 }, "10"},
		{"handling.again.on", func(c *profile.ChangeIn) { c.Again.On = profile.AgainNever }, "never"},
		{"handling.again.due", func(c *profile.ChangeIn) { c.Again.Due = days("rating", 20) }, `{"base":"rating","days":20}`},
		{"handling.again.rounds", func(c *profile.ChangeIn) { c.Again.Rounds = 3 }, "3"},
		{"handling.again.ruling", func(c *profile.ChangeIn) { c.Again.Ruling = false }, "false"},
		{"handling.promise.outcomes", func(c *profile.ChangeIn) { c.Promise.Outcomes = []string{"planned", "partly", "planned"} }, "partly,planned"},
		{"handling.promise.classes", func(c *profile.ChangeIn) { c.Promise.Classes = nil }, ""},
		{"handling.promise.months_max", func(c *profile.ChangeIn) { c.Promise.MonthsMax = 24 }, "24"},
		{"handling.promise.near_days", func(c *profile.ChangeIn) { c.Promise.NearDays = 0 }, "0"},
		{"handling.promise.confirm", func(c *profile.ChangeIn) { c.Promise.Confirm = false }, "false"},
		{"handling.supervision.near_workdays", func(c *profile.ChangeIn) { c.Supervision.NearWorkdays = 10 }, "10"},
		{"handling.supervision.quiet_workdays", func(c *profile.ChangeIn) { c.Supervision.QuietWorkdays = 0 }, "0"},
		{"handling.supervision.answer_days", func(c *profile.ChangeIn) { c.Supervision.AnswerDays = 3 }, "3"},
		{"handling.supervision.leader_after", func(c *profile.ChangeIn) { c.Supervision.LeaderAfter = 0 }, "0"},
	}
}

func keyTurns() []turn {
	return []turn{
		{"key.criteria", func(c *profile.ChangeIn) {
			c.Key.Criteria = append(c.Key.Criteria, profile.EntryIn{Name: "办成可见实效"})
		}, ""},
		{"key.number", func(c *profile.ChangeIn) { c.Key.Number = 12 }, "12"},
		{"key.per_mille", func(c *profile.ChangeIn) { c.Key.PerMille = 80 }, "80"},
		{"key.reply_due", func(c *profile.ChangeIn) { c.Key.DueDiffers = false }, ""},
		{"key.plan_workdays", func(c *profile.ChangeIn) { c.Key.PlanWorkdays = 20 }, "20"},
		{"key.forms", func(c *profile.ChangeIn) { c.Key.Forms[0].Off = true }, ""},
		{"notices.quiet_from", func(c *profile.ChangeIn) { c.Notices.QuietFrom = " 22：00" }, "22:00"},
		{"notices.quiet_to", func(c *profile.ChangeIn) { c.Notices.QuietTo = "6:00" }, "06:00"},
		{"notices.digest_at", func(c *profile.ChangeIn) { c.Notices.DigestAt = "17:30" }, "17:30"},
		{"archive.retention", func(c *profile.ChangeIn) { c.Archive.Retention[2].Off = true }, ""},
		{"archive.usual", func(c *profile.ChangeIn) { c.Archive.Usual = "y10" }, "y10"},
		{"archive.key_usual", func(c *profile.ChangeIn) { c.Archive.KeyUsual = "y30" }, "y30"},
		{"archive.fonds", func(c *profile.ChangeIn) { c.Archive.Fonds = " J045 " }, "J045"},
	}
}

// Every setting can be changed alone, is read as it was written, tells so in
// its difference, and goes back to what the product came with.
func TestEverySettingGoesThereAndBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		for _, x := range turns() {
			setting, ok := profile.SettingOf(x.key)
			if !ok {
				t.Fatalf("%s is no setting", x.key)
			}
			before := rules(t, w, w.Chief)
			in := profile.FormOf(&before.Rules)
			in.Section, in.Version, in.Reason = setting.Section, before.Version, "主席会议决定"
			if _, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, in); fault.From(err).Key != "profile.nothing-changed" {
				t.Errorf("%s, untouched: %v", x.key, err)
			}
			x.with(&in)
			out, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, in)
			if err != nil || len(out.Changes) == 0 {
				t.Fatalf("%s: %+v, %v", x.key, out.Changes, err)
			}
			after := rules(t, w, w.Chief)
			if setting.Shape != profile.List && setting.Text(&after.Rules) != x.is {
				t.Errorf("%s reads %s", x.key, setting.Text(&after.Rules))
			}
			for _, c := range out.Changes {
				if c.Key != x.key || !after.Differs(x.key) {
					t.Errorf("%s changed %s", x.key, c.Key)
				}
			}
			back := profile.ChangeIn{Section: setting.Section, Version: after.Version, Reason: "x", Default: true}
			if _, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, back); err != nil {
				t.Fatalf("%s, back: %v", x.key, err)
			}
			// What was added stays, switched off; all else is as it was.
			now := rules(t, w, w.Chief)
			if setting.Text(&now.Rules) != setting.Text(&before.Rules) && len(setting.Entries(&now.Rules)) != len(setting.Entries(&before.Rules))+1 {
				t.Errorf("%s: after going back it is %s", x.key, setting.Text(&now.Rules))
			}
		}
	})
}

func TestEverySettingIsTried(t *testing.T) {
	t.Parallel()
	var tried []string
	for _, x := range turns() {
		tried = append(tried, x.key)
	}
	for _, s := range profile.Settings() {
		if !slices.Contains(tried, s.Key) {
			t.Errorf("no test changes %s", s.Key)
		}
		if !slices.Contains(profile.Sections(), s.Section) {
			t.Errorf("%s stands in no section", s.Key)
		}
	}
}

// Every field of the rules is a setting: a rule that no page shows could not
// be changed.
func TestEveryRuleIsASetting(t *testing.T) {
	t.Parallel()
	for _, key := range fields(reflect.TypeFor[profile.Rules](), "") {
		if _, ok := profile.SettingOf(key); !ok {
			t.Errorf("%s is no setting", key)
		}
	}
}

// fields are the names of what a type of rules holds, down to the single rule.
func fields(of reflect.Type, prefix string) []string {
	var keys []string
	for i := range of.NumField() {
		f := of.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[calendar.Rule]() {
			keys = append(keys, fields(f.Type, prefix+name+".")...)
			continue
		}
		keys = append(keys, prefix+name)
	}
	return keys
}
