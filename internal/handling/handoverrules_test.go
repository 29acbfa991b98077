package handling

import (
	"slices"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
)

// TestWhatBecomesOfTwoAssignments is the rule of meetings, row by row.
func TestWhatBecomesOfTwoAssignments(t *testing.T) {
	t.Parallel()
	mains := []Role{Lead, Separate, Sole}
	type side struct {
		roles []Role
		state []State
	}
	assist, main := []Role{Assist}, mains
	open, answered := []State{Sent, SignedFor}, []State{Answered}
	for _, x := range []struct {
		comes, own side
		want       Meeting
	}{
		{side{assist, open}, side{main, open}, IntoOwn},
		{side{assist, open}, side{main, answered}, IntoOwn},
		{side{main, open}, side{assist, open}, TakesOwn},
		{side{main, open}, side{assist, []State{Answered, Waived}}, TakesOwn},
		{side{assist, open}, side{assist, open}, OneOfBoth},
		{side{assist, open}, side{assist, []State{Answered, Waived}}, TakesOwn},
		{side{main, open}, side{main, open}, OneOfBoth},
		{side{main, open}, side{main, answered}, SideBySide},
	} {
		for _, r1 := range x.comes.roles {
			for _, s1 := range x.comes.state {
				if got := meet(&Assignment{Role: r1, State: s1}, nil); got != NoMeeting {
					t.Errorf("%s meets nobody: %s", r1, got)
				}
				for _, r2 := range x.own.roles {
					for _, s2 := range x.own.state {
						if got := meet(&Assignment{Role: r1, State: s1}, &Assignment{Role: r2, State: s2}); got != x.want {
							t.Errorf("%s %s meets %s %s: %s, want %s", r1, s1, r2, s2, got, x.want)
						}
					}
				}
			}
		}
	}
	again := &Assignment{Role: Separate, State: SignedFor, Round: 2}
	first := &Assignment{Role: Separate, State: SignedFor, Round: 1}
	if meet(again, first) != SideBySide || meet(first, again) != SideBySide || meet(&Assignment{Role: Assist, State: Sent, Round: 1}, again) != IntoOwn {
		t.Error("what was answered once is merged when it is handled again")
	}
	for _, m := range []Meeting{NoMeeting, IntoOwn, TakesOwn, OneOfBoth, SideBySide, StaysAnswered} {
		if !says(t, "handling.hand-over.will."+string(m)) {
			t.Errorf("%s has no sentence", m)
		}
	}
	for _, o := range []string{WentOver, WentInto, StaysNoted, NothingLeft, NotPossible, "waits"} {
		if !says(t, "handling.hand-over.outcome."+o) {
			t.Errorf("outcome %s has no word", o)
		}
	}
	for _, c := range []string{CauseOrdered, CauseMerged, CauseSplit, CauseEnded, CauseReopened, CauseRenamed} {
		if !says(t, "handling.cause."+c) {
			t.Errorf("cause %s has no word", c)
		}
	}
}

// TestTheFurtherOneGoesOn: of two of one sort the one goes on of which most is done.
func TestTheFurtherOneGoesOn(t *testing.T) {
	t.Parallel()
	a := func(id string, s State) Assignment { return Assignment{ID: id, State: s, Round: 1} }
	m := &Matter{Assignments: []Assignment{a("sent", Sent), a("signed", SignedFor), a("contacted", SignedFor), a("drafted", SignedFor), a("signing", SignedFor), a("reading", SignedFor)},
		Contacts: []Contact{{AssignmentID: "contacted"}, {AssignmentID: "drafted"}, {AssignmentID: "signing"}, {AssignmentID: "reading"}},
		Replies:  []Reply{{ID: "1", AssignmentID: "drafted", State: Drafted, Round: 1}, {ID: "2", AssignmentID: "signing", State: Signing, Round: 1}, {ID: "3", AssignmentID: "reading", State: Reading, Round: 1}}}
	e := &Errand{m, &m.Assignments[0]}
	for i := 1; i < len(m.Assignments); i++ {
		if e.further(&m.Assignments[i]) <= e.further(&m.Assignments[i-1]) {
			t.Errorf("%s is not further than %s", m.Assignments[i].ID, m.Assignments[i-1].ID)
		}
	}
}

// TestTwoDraftsBecomeOne keeps every word of both.
func TestTwoDraftsBecomeOne(t *testing.T) {
	t.Parallel()
	ours := ReplyText{Body: "甲", Items: []ItemAnswer{{No: 1, Outcome: "adopted", Answer: "一"}, {No: 2}}, Promises: []PromiseText{{No: 1, Text: "p"}}}
	theirs := ReplyText{Body: "乙", Items: []ItemAnswer{{No: 1, Outcome: "planned", Answer: "二"}, {No: 2, Outcome: "planned", Answer: "三"}, {No: 3, Answer: "四"}},
		Promises: []PromiseText{{No: 1, Text: "p"}, {No: 2, Text: "q"}}}
	got := joinTexts(ours, theirs, "市某局")
	if got.Body != "甲\n\n（以下为市某局原拟稿）\n乙" || len(got.Items) != 3 || got.Items[0].Outcome != "adopted" || got.Items[0].Answer != "一\n\n（以下为市某局原拟稿）\n二" ||
		got.Items[1] != (ItemAnswer{2, "planned", "三"}) || len(got.Promises) != 2 {
		t.Errorf("joined: %+v", got)
	}
	if same := joinTexts(ours, ReplyText{Body: "甲"}, "x"); same.Body != "甲" {
		t.Errorf("the same text twice: %s", same.Body)
	}
	if empty := joinTexts(ReplyText{}, theirs, "x"); empty.Body != "乙" {
		t.Errorf("below nothing: %s", empty.Body)
	}
}

// TestWhoMayHandOver is the rule table of the hand-over.
func TestWhoMayHandOver(t *testing.T) {
	t.Parallel()
	office := []access.PostKind{access.Office, access.Chief}
	look := []access.PostKind{access.Reviewer, access.Leader}
	unit := []access.PostKind{access.Handler, access.Signer}
	rows := []struct {
		action   app.Definition
		relation string
		allow    []access.PostKind
		deny     []access.PostKind
	}{
		{HandOver, "dispatched-by-own-desk", append([]access.PostKind{access.Dispatcher}, office...), look},
		{HandOver, "stranger", office, look},
		{HandOver, "own-unit", office, append(unit, look...)},
		{HandOver, "other-committee", nil, nil},
		{Appoint, "own-unit", unit, append(office, look...)},
		{Appoint, "dispatched-by-own-desk", nil, append([]access.PostKind{access.Dispatcher, access.Office, access.Chief}, look...)},
		{Appoint, "unit-without-account", append([]access.PostKind{access.Dispatcher}, office...), look},
		{Appoint, "stranger", nil, append(office, look...)},
		{Appoint, "other-committee", nil, nil},
		{beginOrder, "anybody", []access.PostKind{access.System}, nil},
		{followOrder, "anybody", []access.PostKind{access.System}, nil},
		{finishOrder, "anybody", []access.PostKind{access.System}, nil},
		{renameUnit, "anybody", []access.PostKind{access.System}, nil},
		{moveDesk, "anybody", []access.PostKind{access.System}, nil},
	}
	all := handOverRelations()
	for _, row := range rows {
		i := slices.IndexFunc(all, func(r app.Relation) bool { return r.Action == row.action.Name() && r.Name == row.relation })
		if i < 0 {
			t.Fatalf("%s has no relation %s", row.action.Name(), row.relation)
		}
		for _, k := range access.PostKinds() {
			who, want := actorAs(k), "hide"
			switch {
			case slices.Contains(row.allow, k):
				want = "allow"
			case slices.Contains(row.deny, k):
				want = "deny"
			}
			if got := row.action.Judge(who, all[i].Subject(who)).String(); got != want {
				t.Errorf("%s as %s by %s: %s, want %s", row.action.Name(), row.relation, k, got, want)
			}
		}
		nobody := access.Nobody(access.Via{})
		if !row.action.Judge(nobody, all[i].Subject(nobody)).Hidden() {
			t.Errorf("%s as %s lets a visitor in", row.action.Name(), row.relation)
		}
	}
	if len(rows) != len(all) {
		t.Errorf("%d rows for %d relations", len(rows), len(all))
	}
}
