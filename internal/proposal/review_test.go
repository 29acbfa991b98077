package proposal_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
	"tongxin/internal/proposal"
	"tongxin/internal/testkit"
)

// atFinal hands a proposal in and passes it up to the last level.
func atFinal(t testing.TB, w *testkit.World, who access.Actor) string {
	t.Helper()
	id := submitted(t, w, who).ID
	_, err := proposal.Review.Do(t.Context(), w.App, w.Office, proposal.ReviewIn{ID: id})
	must(t, err)
	return id
}

func filed(t testing.TB, w *testkit.World, who access.Actor) string {
	t.Helper()
	id := atFinal(t, w, who)
	_, err := proposal.File.Do(t.Context(), w.App, w.Chief, proposal.FileIn{ID: id})
	must(t, err)
	return id
}

// TestWhoReviewsWhat is the table of who may do what at which level.
func TestWhoReviewsWhat(t *testing.T) {
	t.Parallel()
	post := func(k access.PostKind) access.Actor {
		return access.Actor{CommitteeID: "c", PersonID: string(k), Post: access.Post{Kind: k, BodyID: "b"}}
	}
	at := func(level string) *proposal.Proposal {
		p := &proposal.Proposal{ID: "p", CommitteeID: "c", State: proposal.Submitted, Level: level, AuthorID: "member"}
		p.SubmittedAt.Time = testkit.Start
		return p
	}
	for _, x := range []struct {
		who   access.PostKind
		level string
		want  string // review and return, amend, file and the other ends
	}{
		{access.Reviewer, profile.Preliminary, "allow deny deny"}, {access.Reviewer, profile.First, "deny deny deny"}, {access.Reviewer, profile.Final, "deny deny deny"},
		{access.Office, profile.Preliminary, "deny allow deny"}, {access.Office, profile.First, "allow allow deny"}, {access.Office, profile.Second, "allow allow deny"},
		{access.Office, profile.Final, "deny allow deny"}, {access.Chief, profile.First, "deny allow allow"}, {access.Chief, profile.Final, "allow allow allow"},
		{access.Member, profile.Final, "deny deny deny"}, {access.Leader, profile.Final, "hide hide hide"}, {access.Handler, profile.First, "hide hide hide"},
		{access.Dispatcher, profile.First, "hide hide hide"}, {access.SystemAdmin, profile.First, "hide hide hide"}, {access.Auditor, profile.Final, "hide hide hide"},
	} {
		who, p := post(x.who), at(x.level)
		got := []string{proposal.Review.Judge(who, p).String(), proposal.Amend.Judge(who, p).String(), proposal.File.Judge(who, p).String()}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%s at %s: %v, want %s", x.who, x.level, got, x.want)
		}
		if a, b := proposal.Review.Judge(who, p), proposal.Return.Judge(who, p); a.String() != b.String() {
			t.Errorf("%s at %s may review: %s, return: %s", x.who, x.level, a, b)
		}
		for _, end := range []interface {
			Judge(access.Actor, any) access.Verdict
		}{proposal.Decline, proposal.Convert, proposal.TransferUp} {
			if v := end.Judge(who, p); v.String() != got[2] {
				t.Errorf("%s at %s: %s, filing says %s", x.who, x.level, v, got[2])
			}
		}
	}
}

// TestAnEndOnlyFromReview tries every act of review in every state.
func TestEveryActInEveryState(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		id := submitted(t, w, w.Members[0]).ID
		for _, s := range proposal.States() {
			if s == proposal.Submitted || s == proposal.Draft {
				continue
			}
			do(t, w, "UPDATE proposal SET state = ?, level = 'final' WHERE id = ?", string(s), id)
			for name, err := range tryAll(t, w, id) {
				if name == "correct" && s.IsFiled() {
					must(t, err)
					continue
				}
				if !fault.Is(err, fault.Closed) {
					t.Errorf("%s in %s: %v", name, s, err)
				}
			}
		}
	})
}

func tryAll(t *testing.T, w *testkit.World, id string) map[string]error {
	t.Helper()
	ctx, tried := t.Context(), map[string]error{}
	_, tried["review"] = proposal.Review.Do(ctx, w.App, w.Chief, proposal.ReviewIn{ID: id})
	_, tried["return"] = proposal.Return.Do(ctx, w.App, w.Chief, proposal.ReturnIn{ID: id, Reason: "unclear", Words: "请补充"})
	_, tried["amend"] = proposal.Amend.Do(ctx, w.App, w.Office, proposal.AmendIn{ID: id, Reason: "通顺", Edited: edited("x")})
	_, tried["file"] = proposal.File.Do(ctx, w.App, w.Chief, proposal.FileIn{ID: id})
	_, tried["decline"] = proposal.Decline.Do(ctx, w.App, w.Chief, proposal.DeclineIn{ID: id, Reason: "empty"})
	_, tried["convert"] = proposal.Convert.Do(ctx, w.App, w.Chief, proposal.ConvertIn{ID: id, To: "letter", Words: "转"})
	_, tried["transfer"] = proposal.TransferUp.Do(ctx, w.App, w.Chief, proposal.TransferUpIn{ID: id, Words: "转"})
	_, tried["correct"] = proposal.Correct.Do(ctx, w.App, w.Office, proposal.CorrectIn{ID: id, Reason: "错字", Edited: edited(fmt.Sprint(number(t, w, "SELECT version FROM proposal WHERE id = ?", id)))})
	return tried
}

// edited is the complete text with another title.
func edited(more string) proposal.Edited {
	x := whole()
	return proposal.Edited{Title: x.Title + more, Background: x.Background, Basis: x.Basis, Items: x.Items}
}

func TestAReturnedProposalComesBack(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		ctx := t.Context()
		id := submitted(t, w, w.Members[0]).ID
		_, err := proposal.Return.Do(ctx, w.App, w.Office, proposal.ReturnIn{ID: id, Reason: "nonsense", Words: ""})
		if f := fault.From(err); len(f.All()) != 2 {
			t.Fatalf("a wrong code and no words: %v", err)
		}
		m, err := proposal.Return.Do(ctx, w.App, w.Office, proposal.ReturnIn{ID: id, Reason: "unclear", Words: "请写明建议"})
		must(t, err)
		if m.State != proposal.Returned || m.Level != "" {
			t.Fatalf("returned: %+v", m)
		}
		s, err := proposal.Show.Do(ctx, w.App, w.Members[0], proposal.ShowIn{ID: id})
		must(t, err)
		if s.Returned == nil || s.Returned.Opinion != "请写明建议" || s.Returned.By != "" || s.Returned.Reason != "情况或建议不够清楚" || s.Reviews != nil {
			t.Errorf("the proposer reads %+v, reviews %v", s.Returned, s.Reviews)
		}
		if s.Holder != proposal.HeldByProposer || s.DueOn != proposal.Never {
			t.Errorf("held by %s until %s", s.Holder, s.DueOn)
		}
		_, err = proposal.Submit.Do(ctx, w.App, w.Members[0], proposal.SubmitIn{ID: id, Version: m.Version, Writing: whole()})
		must(t, err)
		sums(t, w)
	})
}

func TestTheOfficesEditsWaitForTheProposer(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		ctx := t.Context()
		id := atFinal(t, w, w.Members[0])
		m, err := proposal.Amend.Do(ctx, w.App, w.Office, proposal.AmendIn{ID: id, Reason: "案由更明确", Edited: edited("（修改）")})
		must(t, err)
		_, err = proposal.File.Do(ctx, w.App, w.Chief, proposal.FileIn{ID: id})
		refused(t, err, fault.Closed, "proposal.file.pending")
		s, err := proposal.Show.Do(ctx, w.App, w.Members[0], proposal.ShowIn{ID: id})
		must(t, err)
		if s.Amended == nil || s.Title != whole().Title || s.Amended.Title != whole().Title+"（修改）" {
			t.Fatalf("amended %+v, title %s", s.Amended, s.Title)
		}
		if c := s.Amended.Changes; len(c) < 2 || c[1].How != proposal.New || c[1].Text != "（修改）" {
			t.Errorf("the difference is %+v", c)
		}
		_, err = proposal.ConfirmAmendment.Do(ctx, w.App, w.Members[0], proposal.AmendmentIn{ID: id, Revision: s.Pending})
		must(t, err)
		_, err = proposal.File.Do(ctx, w.App, w.Chief, proposal.FileIn{ID: id, Version: m.Version})
		refused(t, err, fault.Stale, "fault.stale")
		_, err = proposal.File.Do(ctx, w.App, w.Chief, proposal.FileIn{ID: id})
		must(t, err)
		if got := text(t, w, "SELECT title FROM proposal WHERE id = ?", id); got != whole().Title+"（修改）" {
			t.Errorf("filed as %s", got)
		}
		sums(t, w)
	})
}

func TestHostileEditsAreToldApart(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		ctx := t.Context()
		id := atFinal(t, w, w.Members[0])
		for _, x := range []struct {
			name, field string
			in          proposal.AmendIn
		}{
			{"nothing", "title", proposal.AmendIn{}},
			{"the same", "background", proposal.AmendIn{Reason: "x", Edited: edited("")}},
			{"no reason", "reason", proposal.AmendIn{Edited: edited("y")}},
			{"a long title", "title", proposal.AmendIn{Reason: "x", Edited: edited(strings.Repeat("长", 60))}},
			{"control characters only", "title", proposal.AmendIn{Reason: "x", Edited: proposal.Edited{Title: "\x00\x01", Background: "a", Items: []string{"b"}}}},
			{"no suggestion", "items", proposal.AmendIn{Reason: "x", Edited: proposal.Edited{Title: "a", Background: "b", Items: []string{" ", ""}}}},
		} {
			x.in.ID = id
			_, err := proposal.Amend.Do(ctx, w.App, w.Office, x.in)
			f := fault.From(err)
			if !fault.Is(err, fault.Invalid) || !slices.ContainsFunc(f.All(), func(e *fault.Error) bool { return e.Field == x.field }) {
				t.Errorf("%s: %v, want a sentence at %s", x.name, err, x.field)
			}
		}
	})
}

func TestNumbersRunAndAreNeverUsedAgain(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		ctx := t.Context()
		var ids []string
		for range 4 {
			ids = append(ids, atFinal(t, w, w.Members[0]))
		}
		give := func(i int, n int64) (int64, error) {
			m, err := proposal.File.Do(ctx, w.App, w.Chief, proposal.FileIn{ID: ids[i], Number: n})
			return m.Number, err
		}
		for i, x := range []struct{ ask, want int64 }{{0, 1}, {5, 5}, {0, 6}} {
			if got, err := give(i, x.ask); err != nil || got != x.want {
				t.Fatalf("number %d: %d %v", x.want, got, err)
			}
		}
		for _, n := range []int64{3, 6, -1, 1 << 40} {
			if _, err := give(3, n); !fault.Is(err, fault.Invalid) {
				t.Errorf("number %d: %v", n, err)
			}
		}
		out, err := proposal.Numbers.Do(ctx, w.App, w.Office, proposal.SessionIn{})
		must(t, err)
		if out.Last != 6 || out.Given != 3 || !slices.Equal(out.Gaps, []proposal.Gap{{From: 2, To: 4}}) {
			t.Errorf("numbers: %+v", out)
		}
		_, err = proposal.Numbers.Do(ctx, w.App, w.Members[0], proposal.SessionIn{})
		refused(t, err, fault.NotFound, "fault.not-found")
	})
}

// TestOneOfAHundredFiles: 100 people file the same proposal at once.
func TestOneOfAHundredFiles(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		id := atFinal(t, w, w.Members[0])
		var wg sync.WaitGroup
		results := make([]error, 100)
		for i := range results {
			wg.Go(func() { _, results[i] = proposal.File.Do(t.Context(), w.App, w.Chief, proposal.FileIn{ID: id}) })
		}
		wg.Wait()
		done := 0
		for _, err := range results {
			if err == nil {
				done++
			} else if !fault.Is(err, fault.Closed) {
				t.Errorf("refused with %v", err)
			}
		}
		if n := number(t, w, "SELECT COUNT(*) FROM fact WHERE kind = 'proposal.filed'"); done != 1 || n != 1 {
			t.Errorf("%d filed, %d facts", done, n)
		}
		sums(t, w)
	})
}

// TestFilingManyIsAllOrNothing in the chosen order.
func TestFilingManyIsAllOrNothing(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		ctx := t.Context()
		a, b, c := atFinal(t, w, w.Members[0]), atFinal(t, w, w.Members[1]), submitted(t, w, w.Members[2]).ID
		_, err := proposal.FileMany.Do(ctx, w.App, w.Chief, proposal.FileManyIn{IDs: []string{b, c, a}})
		f := fault.From(err)
		if !fault.Is(err, fault.Invalid) || f.Field != "row-"+c || f.Key != "proposal.file.not-last-level.of" {
			t.Fatalf("one cannot be filed: %v", err)
		}
		if n := number(t, w, "SELECT COUNT(*) FROM proposal WHERE number IS NOT NULL"); n != 0 {
			t.Fatalf("%d were filed nevertheless", n)
		}
		for name, x := range map[string]struct {
			who  access.Actor
			ids  []string
			kind fault.Kind
		}{
			"nothing": {w.Chief, nil, fault.Invalid}, "twice": {w.Chief, []string{a, a}, fault.Invalid}, "unknown": {w.Chief, []string{a, "x"}, fault.NotFound},
			"the office": {w.Office, []string{a}, fault.Forbidden}, "a stranger": {w.Stranger, []string{a}, fault.NotFound},
			"too many": {w.Chief, make([]string, 501), fault.Invalid},
		} {
			if _, err := proposal.FileMany.Do(ctx, w.App, x.who, proposal.FileManyIn{IDs: x.ids}); !fault.Is(err, x.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		keyed := testkit.Keyed(w.Chief, "bulk")
		out, err := proposal.FileMany.Do(ctx, w.App, keyed, proposal.FileManyIn{IDs: []string{b, a}})
		must(t, err)
		again, err := proposal.FileMany.Do(ctx, w.App, keyed, proposal.FileManyIn{IDs: []string{b, a}})
		must(t, err)
		if len(out.Filed) != 2 || out.Filed[0].ID != b || out.Filed[0].Number != 1 || out.Filed[1].Number != 2 || again.Filed[0] != out.Filed[0] {
			t.Errorf("filed %+v, again %+v", out, again)
		}
		sums(t, w)
	})
}

// TestACorrectionKeepsNumberAndSuggestions.
func TestACorrectionKeepsNumberAndSuggestions(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		ctx := t.Context()
		id := filed(t, w, w.Members[0])
		fewer := edited("")
		fewer.Items = fewer.Items[:1]
		_, err := proposal.Correct.Do(ctx, w.App, w.Office, proposal.CorrectIn{ID: id, Reason: "错字", Edited: fewer})
		refused(t, err, fault.Invalid, "proposal.correct.items")
		_, err = proposal.Correct.Do(ctx, w.App, w.Office, proposal.CorrectIn{ID: id, Reason: "错字", Edited: edited("")})
		refused(t, err, fault.Invalid, "proposal.amend.same")
		m, err := proposal.Correct.Do(ctx, w.App, w.Office, proposal.CorrectIn{ID: id, Reason: "类别有误", Category: "ecology", Edited: edited("")})
		must(t, err)
		m2, err := proposal.Correct.Do(ctx, w.App, w.Office, proposal.CorrectIn{ID: id, Version: m.Version, Reason: "错字", Edited: edited("。")})
		must(t, err)
		if m2.Number != 1 || m2.State != proposal.Filed {
			t.Errorf("corrected: %+v", m2)
		}
		s, err := proposal.Show.Do(ctx, w.App, w.Leader, proposal.ShowIn{ID: id})
		must(t, err)
		if s.Title != whole().Title+"。" || s.Category != "ecology" || s.Text.Kind != proposal.CorrectionText || s.Submitted == nil {
			t.Errorf("shown: %s %s %s", s.Title, s.Category, s.Text.Kind)
		}
		sums(t, w)
	})
}

// TestTheWorkReport: of 43 submissions 40 are filed, and the partition says so.
func TestTheWorkReport(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		ctx := t.Context()
		var ids []string
		for i := range 43 {
			ids = append(ids, atFinal(t, w, w.Members[i%5]))
		}
		_, err := proposal.Decline.Do(ctx, w.App, w.Chief, proposal.DeclineIn{ID: ids[0], Reason: "private"})
		must(t, err)
		_, err = proposal.Convert.Do(ctx, w.App, w.Chief, proposal.ConvertIn{ID: ids[1], To: proposal.ToOpinion, Words: "更适合作为社情民意"})
		must(t, err)
		before := w.Clock.Now()
		w.At(t, "2026-02-10T09:00")
		_, err = proposal.TransferUp.Do(ctx, w.App, w.Chief, proposal.TransferUpIn{ID: ids[2], Words: "属省级事权"})
		must(t, err)
		_, err = proposal.FileMany.Do(ctx, w.App, w.Chief, proposal.FileManyIn{IDs: ids[3:]})
		must(t, err)
		p, err := proposal.Partition.Do(ctx, w.App, w.Leader, proposal.PartitionIn{})
		must(t, err)
		if p.Submitted != 43 || p.Filed != 40 || p.NotFiled != 1 || p.ConvertedOpinion != 1 || p.TransferredUp != 1 || p.Pending != 0 {
			t.Errorf("partition %+v", p)
		}
		in := proposal.PartitionIn{}
		in.AsOf.Time = before
		was, err := proposal.Partition.Do(ctx, w.App, w.Leader, in)
		must(t, err)
		if was.Submitted != 43 || was.Filed != 0 || was.Pending != 41 || was.NotFiled != 1 {
			t.Errorf("as of %s: %+v", before, was)
		}
		sums(t, w)
	})
}

// TestReviewersWordsStayInside (ACC-05).
func TestReviewersWordsStayInside(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		ctx := t.Context()
		id := submitted(t, w, w.Members[0]).ID
		_, err := proposal.Review.Do(ctx, w.App, w.Office, proposal.ReviewIn{ID: id, Opinion: "内部意见一"})
		must(t, err)
		_, err = proposal.File.Do(ctx, w.App, w.Chief, proposal.FileIn{ID: id, Opinion: "内部意见二"})
		must(t, err)
		do(t, w, "INSERT INTO handling_involved (committee_id, case_kind, case_id, body_id) VALUES (?, 'proposal', ?, ?)", w.CommitteeID, id, w.Bodies["unitA"])
		for _, x := range []struct {
			who  access.Actor
			sees bool
		}{{w.Office, true}, {w.Chief, true}, {w.Reviewer, true}, {w.Members[0], false}, {w.Leader, false}, {w.HandlerA, false}} {
			s, err := proposal.Show.Do(ctx, w.App, x.who, proposal.ShowIn{ID: id})
			must(t, err)
			all := fmt.Sprintf("%+v", *s)
			if got := strings.Contains(all, "内部意见"); got != x.sees {
				t.Errorf("%s sees the reviewers' words: %v", x.who.Post.Kind, got)
			}
		}
		for _, who := range []access.Actor{w.Members[1], w.HandlerB, w.SysAdmin, w.Auditor, w.Stranger} {
			_, err := proposal.Show.Do(ctx, w.App, who, proposal.ShowIn{ID: id})
			refused(t, err, fault.NotFound, "fault.not-found")
		}
	})
}
