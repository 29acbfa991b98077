package appraisal_test

import (
	"testing"

	"tongxin/internal/app"
	"tongxin/internal/appraisal"
	"tongxin/internal/id"
)

// counting is a scheme that counts something without any bounds.
func counting(t testing.TB, measures ...string) appraisal.Terms {
	t.Helper()
	var terms appraisal.Terms
	for _, m := range measures {
		terms.Indicators = append(terms.Indicators, appraisal.Indicator{Code: m, Name: m, Group: "g", Measure: m, Of: appraisal.MeasureOf(m).Of[0], Floor: dec(t, "-1000"), Cap: dec(t, "1000"),
			Rule: appraisal.Rule{Kind: appraisal.Each, Each: dec(t, "1")}, Without: appraisal.WithoutZero})
	}
	return terms
}

// scheme writes a draft with these terms.
func (w *city) scheme(terms appraisal.Terms, until string) appraisal.SchemeOut {
	w.t.Helper()
	s := act(w, appraisal.DraftScheme, w.Office, appraisal.DraftIn{Year: 2026})
	for _, i := range terms.Indicators {
		s = act(w, appraisal.SetIndicator, w.Office, appraisal.IndicatorIn{ID: s.ID, Name: i.Name, Group: i.Group, Measure: i.Measure, Of: i.Of, Kind: i.Rule.Kind,
			Each: i.Rule.Each.String(), Cap: i.Cap.String(), Floor: i.Floor.String(), Without: i.Without})
	}
	return act(w, appraisal.ChangeScheme, w.Office, appraisal.ChangeIn{ID: s.ID, Title: "计数", From: "2026-01-01", To: "2026-12-31", Until: until})
}

// TestTheYearsOtherRecords: objections, pre-reading, second handlings and
// promises, as of the day until which results count.
func TestTheYearsOtherRecords(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *city) {
		measures := []string{"objections", "objections-rejected", "replies-returned", "second-handlings", "promises-late", "class-a", "replies-late", "cases", "dissatisfied", "chases"}
		list := w.did("unitA", work{main: 4, classA: 4, late: 1})
		exec := func(q string, args ...any) {
			t.Helper()
			w.inside(w.Office, func(c *app.Call) error {
				_, err := c.Tx().Exec(c.Ctx(), q, args...)
				return err
			})
		}
		object := func(n int, ruling, day string) {
			exec(`INSERT INTO objection (id, committee_id, case_kind, case_id, assignment_id, unit_id, unit_name, reason, proposed_unit, proposed_name, filed_by, filed_at, ruling)
				VALUES (?, ?, 'proposal', ?, ?, ?, '', '', '', '', '', ?, ?)`, id.New(), w.CommitteeID, "case-"+list[n].ID, list[n].ID, w.Bodies["unitA"], on(day), ruling)
		}
		object(0, "accepted", "2026-03-04")
		exec("UPDATE assignment SET state = 'changed', valid_to = ? WHERE id = ?", on("2026-03-06"), list[0].ID) // another unit has it now
		object(1, "rejected", "2026-03-05")
		object(2, "withdrawn", "2026-03-05")
		object(3, "rejected", "2026-12-01") // after the last day
		reply := func(n int) (r string) {
			w.inside(w.Office, func(c *app.Call) error {
				return c.Tx().Row(c.Ctx(), "SELECT id FROM reply WHERE assignment_id = ? AND round = 1", list[n].ID).Scan(&r)
			})
			return r
		}
		read := func(n int, result, day string) {
			exec(`INSERT INTO reply_reading (id, committee_id, case_kind, case_id, reply_id, result, words, class_was, class_is, reader_id, reader_name, at) VALUES (?, ?, 'proposal', '', ?, ?, '', '', '', '', '', ?)`,
				id.New(), w.CommitteeID, reply(n), result, on(day))
		}
		read(1, "returned", "2026-05-01")
		read(1, "returned", "2026-05-02")
		read(1, "passed", "2026-05-03")
		read(2, "returned", "2026-11-20")
		exec("INSERT INTO rehandling (id, committee_id, case_kind, case_id, assignment_id, unit_id, unit_name, round, because, reply_id, due_on, at) VALUES (?, ?, 'proposal', '', ?, '', '', 2, 'rating', '', '', ?)",
			id.New(), w.CommitteeID, list[1].ID, on("2026-06-10"))
		for day, form := range map[string]string{"2026-04-01": "letter", "2026-04-20": "letter", "2026-05-01": "note", "2026-11-20": "letter"} {
			chase := id.New()
			exec(`INSERT INTO chase (id, committee_id, desk_id, from_desk, from_name, unit_id, unit_name, form, year, no, n, requirement, signed_by, signed_name, sent_at, answer_by, answer_due)
				VALUES (?, ?, '', '', '', ?, '', ?, 2026, ?, 1, '', '', '', ?, '', '')`, chase, w.CommitteeID, w.Bodies["unitA"], form, len(day)*100+int(day[6]-'0')*10+int(day[8]-'0'), on(day))
			exec("INSERT INTO chase_item (chase_id, assignment_id, committee_id, case_kind, case_id, number, title, what, due_on, days_left, settled_at) VALUES (?, ?, ?, 'proposal', '', '', '', 'reply', '', 0, ?)",
				chase, list[1].ID, w.CommitteeID, on(day))
		}
		// The second reply is of another class; a follow-up to a kept promise changes nothing.
		for round, x := range map[int]struct{ purpose, class string }{2: {"again", "B"}, 3: {"followup", "A"}} {
			exec(`INSERT INTO reply (id, committee_id, case_kind, case_id, assignment_id, unit_id, unit_name, round, state, number, class, publicity, drafted_by, saved_at, issued_at, purpose)
				VALUES (?, ?, 'proposal', '', ?, ?, '', ?, 'issued', ?, ?, 'full', 'x', ?, ?, ?)`, id.New(), w.CommitteeID, list[1].ID, w.Bodies["unitA"], round, id.New(), x.class, on("2026-07-01"), on("2026-07-01"), x.purpose)
		}
		for _, p := range []struct{ state, due, kept, ended string }{
			{"kept", "2026-09-30", "2026-09-20", "2026-09-20"}, {"kept", "2026-09-30", "2026-10-20", "2026-10-20"}, {"open", "2026-10-31", "", ""}, {"open", "2026-12-31", "", ""},
			{"cancelled", "2026-08-31", "", "2026-08-01"}, {"kept", "2026-10-31", "2026-11-20", "2026-11-20"}} {
			exec(`INSERT INTO promise (id, committee_id, case_kind, case_id, reply_id, assignment_id, unit_id, unit_name, no, body, owner, due_on, made_at, state, kept_on, ended_at) VALUES (?, ?, 'proposal', '', ?, ?, '', '', 0, '', '', ?, ?, ?, ?, ?)`,
				id.New(), w.CommitteeID, reply(2), list[2].ID, p.due, on("2026-05-20"), p.state, p.kept, ended(p.ended))
		}
		s := w.scheme(counting(t, append(measures, "promises-kept")...), "2026-11-10")
		act(w, appraisal.Simulate, w.Office, appraisal.NameIn{ID: s.ID})
		x := ask(w, appraisal.ShowSheet, w.Office, appraisal.SheetAsk{ID: s.ID, Unit: w.Bodies["unitA"]})
		want := map[string][2]int64{"objections": {2, 4}, "objections-rejected": {1, 4}, "replies-returned": {2, 3}, "second-handlings": {1, 3}, "promises-late": {3, 3},
			"class-a": {2, 3}, "replies-late": {0, 3}, "cases": {3, 3}, "dissatisfied": {0, 3}, "promises-kept": {1, 4}, "chases": {2, 3}}
		for k, i := range x.Terms.Indicators {
			l := x.Sheet.Lines[k]
			if got := [2]int64{l.N, l.D}; got != want[i.Measure] {
				t.Errorf("%s: %v, want %v", i.Measure, got, want[i.Measure])
			}
		}
		if x.Sheet.Main != 3 {
			t.Errorf("%d cases, one went to another unit", x.Sheet.Main)
		}
		// The case that went away is still behind the count.
		if c := ask(w, appraisal.Cases, w.Office, appraisal.SheetAsk{ID: s.ID, Unit: w.Bodies["unitA"], Code: x.Terms.Indicators[0].Code}); len(c.Cases) != 2 {
			t.Errorf("behind the objections: %+v", c.Cases)
		}
	})
}

func ended(day string) any {
	if day == "" {
		return nil
	}
	return on(day)
}
