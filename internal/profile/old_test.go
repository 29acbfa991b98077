package profile_test

import (
	"encoding/json"
	"slices"
	"testing"

	"tongxin/internal/clock"
	"tongxin/internal/profile"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// keep stores a version as some release wrote it.
func keep(t *testing.T, w *testkit.World, version int, rules string) {
	t.Helper()
	db, err := store.Open(t.Context(), w.Address, store.Options{Readers: 1, Pool: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	err = db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), "INSERT INTO profile_version (committee_id, version, at, person_id, person_name, reason, rules) VALUES (?, ?, ?, ?, ?, ?, ?)",
			w.Chief.CommitteeID, version, clock.InstantOf(w.Clock.Now()), w.Chief.PersonID, w.Chief.Name, "主席会议决定", rules)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The rules as the release before the handling year kept them.
const before = `{
 "proposal": {"title_max": 40, "categories": [{"code": "economy", "name": "经济", "off": true}, {"code": "society", "name": "社会"}],
  "review_due": {"base": "submit", "days": 20}},
 "handling": {"sign_workdays": 3, "reply_due": {"base": "sign", "days": 60}, "classes": [{"code": "A", "name": "A 类"}, {"code": "B", "name": "B 类"}]},
 "session": {"collect_months": 2}}`

func TestVersionsOfBeforeReadAsDefaults(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		keep(t, w, 1, before)
		s := rules(t, w, w.Chief)
		want := []string{"proposal.title_max", "session.collect_months", "proposal.categories", "proposal.review_due", "handling.sign_workdays", "handling.reply_due", "handling.classes"}
		if !slices.Equal(s.Changed, want) {
			t.Errorf("differs in %v", s.Changed)
		}
		if h := s.Rules.Handling; h.ReplyDue.Months != 0 || h.ReplyDue.Roll != "" || h.Again.Due.Days != 30 {
			t.Errorf("deadlines %+v", h)
		}
		if list := s.Rules.Proposal.Categories; len(list) != 2 || list[0].Code != "economy" || !list[0].Off || list[1].Off {
			t.Errorf("categories %+v", list)
		}
		// One section changes; what was never stored is stored as its default.
		in := profile.FormOf(&s.Rules)
		in.Section, in.Version, in.Reason = profile.Extension, 1, "x"
		in.Extension.Months = 6
		out, err := profile.ChangeRules.Do(t.Context(), w.App, w.Chief, in)
		if err != nil || !slices.Equal(out.Changes, []profile.Change{{Key: "handling.extension.months", Was: "3", Is: "6"}}) {
			t.Errorf("changed %+v, %v", out, err)
		}
		h, err := profile.History.Do(t.Context(), w.App, w.Auditor, profile.HistoryIn{})
		if err != nil || len(h.Items) != 2 || h.Items[0].Version != 2 || len(h.Items[0].Changes) != 1 {
			t.Errorf("history %+v, %v", h, err)
		}
		old, err := profile.Show.Do(t.Context(), w.App, w.Chief, profile.ShowIn{Version: 1})
		if err != nil || old.Rules.Handling.Extension.Months != 3 || old.Rules.Proposal.TitleMax != 40 {
			t.Errorf("the version before: %+v, %v", old.Rules.Handling.Extension, err)
		}
	})
}

// A part that is there with some of its fields keeps the defaults of the others.
func TestPartsOfPartsKeepTheirDefaults(t *testing.T) {
	t.Parallel()
	d := profile.Defaults()
	cases := map[string]struct {
		text string
		want func(*profile.Rules)
	}{
		"nothing at all": {`{}`, func(*profile.Rules) {}},
		"part of handling": {`{"handling": {"sign_workdays": 3, "objection": {"workdays": 5}, "again": {"rounds": 3}}}`, func(r *profile.Rules) {
			r.Handling.SignWorkdays, r.Handling.Objection.Workdays, r.Handling.Again.Rounds = 3, 5, 3
		}},
		"a deadline is read whole": {`{"handling": {"again": {"due": {"base": "rating", "workdays": 20}}}}`, func(r *profile.Rules) {
			r.Handling.Again.Due.Days, r.Handling.Again.Due.Workdays, r.Handling.Again.Due.Roll = 0, 20, ""
		}},
		"questions that are asked": {`{"handling": {"questions": [{"code": "practical", "name": "是否可行"}]}}`, func(r *profile.Rules) {
			r.Handling.Questions = []profile.Coded{{Code: "practical", Name: "是否可行"}}
		}},
		"key ones due as usual": {`{"key": {"number": 12}}`, func(r *profile.Rules) { r.Key.Number, r.Key.ReplyDue = 12, nil }},
		"no promise asked for":  {`{"handling": {"promise": {"outcomes": [], "classes": []}}}`, func(r *profile.Rules) { r.Handling.Promise.Outcomes, r.Handling.Promise.Classes = nil, nil }},
		"quiet hours of theirs": {`{"notices": {"quiet_from": "22:00"}}`, func(r *profile.Rules) { r.Notices.QuietFrom = "22:00" }},
	}
	each(t, func(t *testing.T, w *testkit.World) {
		version := 0
		for name, c := range cases {
			if !json.Valid([]byte(c.text)) {
				t.Fatalf("%s: no JSON", name)
			}
			version++
			keep(t, w, version, c.text)
			want := d
			c.want(&want)
			got := rules(t, w, w.Chief)
			if got.Version != int64(version) {
				t.Fatalf("%s: version %d", name, got.Version)
			}
			if list := profile.Diff(&want, &got.Rules); len(list) != 0 {
				t.Errorf("%s: differs in %+v", name, list)
			}
		}
	})
}
