package proposal_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
	"tongxin/internal/proposal"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

func TestWhatIsMissing(t *testing.T) {
	t.Parallel()
	three := func(r *profile.ProposalRules) { r.BodyMode = profile.ThreeParts }
	for _, c := range []struct {
		name   string
		rules  func(*profile.ProposalRules)
		change func(*proposal.Writing)
		want   []string // field key
	}{
		{"nothing", nil, func(*proposal.Writing) {}, nil},
		{"all", nil, func(w *proposal.Writing) { *w = proposal.Writing{} }, []string{"title title.required", "category category.required",
			"background body.required", "basis basis.required", "items items.few", "publish publish.required"}},
		{"title at the limit", nil, func(w *proposal.Writing) { w.Title = strings.Repeat("案", 50) }, nil},
		{"title over the limit", nil, func(w *proposal.Writing) { w.Title = strings.Repeat("案", 51) }, []string{"title title.long"}},
		{"category switched off", func(r *profile.ProposalRules) { r.Categories[3].Off = true }, func(*proposal.Writing) {}, []string{"category category.required"}},
		{"text at the least", nil, func(w *proposal.Writing) { w.Background = strings.Repeat("字", 100) }, nil},
		{"text too short", nil, func(w *proposal.Writing) { w.Background = strings.Repeat("字", 99) }, []string{"background body.short"}},
		{"text at the most", nil, func(w *proposal.Writing) { w.Background = strings.Repeat("字", 2000) }, nil},
		{"text too long", nil, func(w *proposal.Writing) { w.Background = strings.Repeat("字", 2001) }, []string{"background body.long"}},
		{"three parts, one written", three, func(*proposal.Writing) {}, []string{"analysis analysis.required", "measures measures.required"}},
		{"three parts", three, func(w *proposal.Writing) { w.Analysis, w.Measures = "分析", "建议" }, nil},
		{"no basis, not asked for", func(r *profile.ProposalRules) { r.BasisRequired = false }, func(w *proposal.Writing) { w.Basis = "" }, nil},
		{"no basis", nil, func(w *proposal.Writing) { w.Basis = "" }, []string{"basis basis.required"}},
		{"no suggestion", nil, func(w *proposal.Writing) { w.Items = nil }, []string{"items items.few"}},
		{"too many suggestions", nil, func(w *proposal.Writing) { w.Items = slices.Repeat([]string{"做"}, 13) }, []string{"items items.many"}},
		{"no consent, no reason", nil, func(w *proposal.Writing) { w.Publish = proposal.PublishRefused }, []string{"publish_reason publish_reason.required"}},
		{"no consent, with reason", nil, func(w *proposal.Writing) { w.Publish, w.PublishReason = proposal.PublishRefused, "涉及商户信息" }, nil},
	} {
		rules := profile.Defaults().Proposal
		if c.rules != nil {
			c.rules(&rules)
		}
		w := whole()
		c.change(&w)
		var got []string
		if err := w.Missing(&rules); err != nil {
			for _, f := range fault.From(err).All() {
				got = append(got, f.Field+" "+strings.TrimPrefix(f.Key, "proposal.field."))
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: missing %q, want %q", c.name, got, c.want)
		}
	}
}

func TestHandingIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		me := w.Members[0]
		d := draft(t, w, me)
		out, err := proposal.Submit.Do(t.Context(), w.App, me, proposal.SubmitIn{ID: d.ID, Version: 1})
		must(t, err)
		if out.Registration != 1 || out.Timing != "session" || out.Kind != proposal.Individual || out.Version != 2 {
			t.Errorf("receipt %+v", out)
		}
		row := text(t, w, "SELECT state || ' ' || level || ' ' || holder || ' ' || session_id FROM proposal WHERE id = ?", d.ID)
		if row != "submitted first proposal.holder.office "+w.Session {
			t.Errorf("the row says %q", row)
		}
		if got := column(t, w, "SELECT CAST(revision AS TEXT) || ' ' || kind FROM proposal_text WHERE proposal_id = ? ORDER BY revision", d.ID); !slices.Equal(got, []string{"1 submitted"}) {
			t.Errorf("texts %q", got)
		}
		var due calendar.Deadline
		must(t, json.Unmarshal([]byte(text(t, w, "SELECT due FROM proposal WHERE id = ?", d.ID)), &due))
		if due.On.String() != out.DueOn || len(due.Steps) == 0 || due.From.String() != "2026-01-12" {
			t.Errorf("deadline %+v, receipt %s", due, out.DueOn)
		}
		facts := column(t, w, "SELECT kind FROM fact WHERE object_id = ?", d.ID)
		if !slices.Equal(facts, []string{"proposal.submitted"}) {
			t.Errorf("facts %q", facts)
		}
		two := submitted(t, w, w.Members[1])
		if two.Registration != 2 {
			t.Errorf("the second registration is %d", two.Registration)
		}
		r, err := proposal.Receipt.Do(t.Context(), w.App, me, proposal.ReceiptIn{ID: d.ID})
		must(t, err)
		if r.Proposal.Registration != 1 || len(r.Due.Steps) == 0 {
			t.Errorf("receipt page %+v", r)
		}
		sums(t, w)
	})
}

func TestHandingInWhatIsNotComplete(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		me := w.Members[0]
		d, err := save(t, w, me, proposal.DraftIn{Writing: proposal.Writing{Title: "只有案由"}})
		must(t, err)
		_, err = proposal.Submit.Do(t.Context(), w.App, me, proposal.SubmitIn{ID: d.ID, Version: 1})
		if f := fault.From(err); f == nil || f.Kind != fault.Invalid || len(f.All()) != 5 {
			t.Errorf("refused with %v", err)
		}
		_, err = proposal.Submit.Do(t.Context(), w.App, me, proposal.SubmitIn{ID: d.ID, Version: 1, Whole: true})
		if f := fault.From(err); f == nil || len(f.All()) != 6 {
			t.Errorf("an emptied page was refused with %v", err)
		}
		if n := number(t, w, "SELECT COUNT(*) FROM proposal_disposition"); n != 0 {
			t.Error("a refused submission left a disposition")
		}
		sums(t, w)
	})
}

func TestAHundredIdenticalSubmissionsGiveOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		me := w.Members[0]
		d := draft(t, w, me)
		results := make(chan error, 100)
		var wg sync.WaitGroup
		for i := range 100 {
			who := me
			if i%2 == 0 {
				who = testkit.Keyed(me, fmt.Sprintf("try-%d", i))
			}
			wg.Go(func() {
				_, err := proposal.Submit.Do(t.Context(), w.App, who, proposal.SubmitIn{ID: d.ID, Version: 1, Writing: whole()})
				results <- err
			})
		}
		wg.Wait()
		close(results)
		won := 0
		for err := range results {
			if err == nil {
				won++
			} else {
				refused(t, err, fault.Closed, "proposal.closed.submitted")
			}
		}
		if won != 1 {
			t.Errorf("%d submissions won", won)
		}
		if n := number(t, w, "SELECT last FROM proposal_counter WHERE series = 'registration'"); n != 1 {
			t.Errorf("%d registrations were taken", n)
		}
		sums(t, w)
	})
}

func TestARepeatedSubmissionGetsTheFirstAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		me := testkit.Keyed(w.Members[0], "double click")
		in := proposal.SubmitIn{Writing: whole()}
		a, err := proposal.Submit.Do(t.Context(), w.App, me, in)
		must(t, err)
		b, err := proposal.Submit.Do(t.Context(), w.App, me, in)
		must(t, err)
		if a != b || number(t, w, "SELECT COUNT(*) FROM proposal") != 1 {
			t.Errorf("first %+v, then %+v", a, b)
		}
		in.Title = "另一件"
		_, err = proposal.Submit.Do(t.Context(), w.App, me, in)
		refused(t, err, fault.Conflict, "fault.key-reused")
	})
}

func TestTheCutOffDecidesTheTiming(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		for _, c := range []struct{ at, want string }{
			{"2026-01-29T18:30", "session"}, {"2026-01-29T18:31", "intersession"}, {"2026-06-01T09:00", "intersession"},
		} {
			w.At(t, c.at)
			if out := submitted(t, w, w.Members[0]); out.Timing != c.want {
				t.Errorf("at %s it is of %s", c.at, out.Timing)
			}
		}
		w.At(t, "2020-01-01T09:00") // before the committee was set up
		_, err := proposal.Submit.Do(t.Context(), w.App, w.Members[0], proposal.SubmitIn{Writing: whole()})
		refused(t, err, fault.Closed, "proposal.submit.no-session")
		sums(t, w)
	})
}

func TestWhoProposes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		for _, c := range []struct {
			body          string
			kind          proposal.Kind
			anytime       bool
			inS, afterOff bool
		}{
			{"party", proposal.OfParty, false, true, true}, {"women", proposal.OfOrganization, false, true, true}, {"special", proposal.OfCommittee, false, true, true},
			{"sector1", proposal.OfSector, false, true, false}, {"group", proposal.OfGroup, false, true, false},
		} {
			who := testkit.Acting(w.Also(t, w.Members[4], access.Convener, c.body, "召集人"), access.Convener)
			for at, ok := range map[string]bool{"2026-01-20T09:00": c.inS, "2026-03-01T09:00": c.afterOff} {
				w.At(t, at)
				out, err := proposal.Submit.Do(t.Context(), w.App, who, proposal.SubmitIn{Writing: whole()})
				switch {
				case ok && (err != nil || out.Kind != c.kind):
					t.Errorf("%s at %s: %+v, %v", c.body, at, out, err)
				case !ok:
					refused(t, err, fault.Closed, "proposal.submit.sector-in-session")
				}
			}
			if got := text(t, w, "SELECT lead_name FROM proposal WHERE kind = ? ORDER BY id LIMIT 1", string(c.kind)); got != who.Post.BodyName {
				t.Errorf("%s is led by %q", c.body, got)
			}
		}
		unit := testkit.Acting(w.Also(t, w.Members[3], access.Convener, "unitA", "联络员"), access.Convener)
		_, err := proposal.Submit.Do(t.Context(), w.App, unit, proposal.SubmitIn{Writing: whole()})
		refused(t, err, fault.Forbidden, "proposal.members-only")
		sums(t, w)
	})
}

func TestASuccessorSpeaksForTheOrganisation(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		d := draft(t, w, w.Convener)
		next := testkit.Acting(w.Also(t, w.Members[1], access.Convener, "party", "秘书长"), access.Convener)
		_, err := proposal.Submit.Do(t.Context(), w.App, next, proposal.SubmitIn{ID: d.ID, Version: 1})
		must(t, err)
		other := testkit.Acting(w.Also(t, w.Members[2], access.Convener, "women", "秘书"), access.Convener)
		_, err = proposal.Withdraw.Do(t.Context(), w.App, other, proposal.WithdrawIn{ID: d.ID, Reason: "与我无关"})
		refused(t, err, fault.NotFound, "fault.not-found")
	})
}

func TestReturnedAndHandedInAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		me := w.Members[0]
		s := submitted(t, w, me)
		sendBack(t, w, s.ID)
		out, err := proposal.DraftOf.Do(t.Context(), w.App, me, proposal.DraftOfIn{ID: s.ID})
		must(t, err)
		if out.State != proposal.Returned || out.Writing.Title != whole().Title || out.Returned != "请补充数据" {
			t.Errorf("the returned text reads %+v", out)
		}
		better := whole()
		better.Background += "补充数据。"
		d, err := save(t, w, me, proposal.DraftIn{ID: s.ID, Version: out.Version, Writing: better})
		must(t, err)
		w.At(t, "2026-02-10T09:00") // after the cut-off: it stays of the session
		again, err := proposal.Submit.Do(t.Context(), w.App, me, proposal.SubmitIn{ID: s.ID, Version: d.Version})
		must(t, err)
		if again.Registration != s.Registration || again.Timing != "session" {
			t.Errorf("the second receipt %+v, first %+v", again, s)
		}
		got := column(t, w, "SELECT CAST(revision AS TEXT) || ' ' || kind FROM proposal_text WHERE proposal_id = ? ORDER BY revision", s.ID)
		if !slices.Equal(got, []string{"1 submitted", "2 submitted"}) {
			t.Errorf("texts %q", got)
		}
		sums(t, w)
	})
}

// sendBack returns a submitted proposal as the office does.
func sendBack(t *testing.T, w *testkit.World, id string) {
	t.Helper()
	_, err := proposal.Return.Do(t.Context(), w.App, w.Office, proposal.ReturnIn{ID: id, Version: version(t, w, id), Reason: "unclear", Words: "请补充数据"})
	must(t, err)
}

func version(t testing.TB, w *testkit.World, id string) int64 {
	t.Helper()
	return number(t, w, "SELECT version FROM proposal WHERE id = ?", id)
}

func TestWithdrawing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		me := w.Members[0]
		s := submitted(t, w, me)
		d := draft(t, w, me)
		for _, c := range []struct {
			name string
			who  access.Actor
			in   proposal.WithdrawIn
			kind fault.Kind
			key  string
		}{
			{"no reason", me, proposal.WithdrawIn{ID: s.ID, Reason: " "}, fault.Invalid, "proposal.reason.required"},
			{"a novel as reason", me, proposal.WithdrawIn{ID: s.ID, Reason: strings.Repeat("因", 501)}, fault.Invalid, "proposal.field.cap"},
			{"a draft", me, proposal.WithdrawIn{ID: d.ID, Reason: "不提了"}, fault.Closed, "proposal.withdraw.draft"},
			{"another member", w.Members[1], proposal.WithdrawIn{ID: s.ID, Reason: "不提了"}, fault.NotFound, "fault.not-found"},
			{"the office", w.Office, proposal.WithdrawIn{ID: s.ID, Reason: "不提了"}, fault.Forbidden, "proposal.author-only"},
			{"nothing there", me, proposal.WithdrawIn{ID: "x", Reason: "不提了"}, fault.NotFound, "fault.not-found"},
		} {
			_, err := proposal.Withdraw.Do(t.Context(), w.App, c.who, c.in)
			t.Run(c.name, func(t *testing.T) { refused(t, err, c.kind, c.key) })
		}
		_, err := proposal.Withdraw.Do(t.Context(), w.App, me, proposal.WithdrawIn{ID: s.ID, Reason: "情况有变"})
		must(t, err)
		_, err = proposal.Withdraw.Do(t.Context(), w.App, me, proposal.WithdrawIn{ID: s.ID, Reason: "情况有变"})
		refused(t, err, fault.Closed, "proposal.closed.withdrawn")
		if got := text(t, w, "SELECT disposition || ' ' || note FROM proposal_disposition WHERE proposal_id = ? AND valid_to IS NULL", s.ID); got != "withdrawn 情况有变" {
			t.Errorf("disposition %q", got)
		}
		sums(t, w)
	})
}

func TestEnteringForAMember(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		in := proposal.EnterIn{For: w.Members[0].PersonID, OnPaper: true, Signers: []string{w.Members[1].PersonID}, Writing: whole()}
		for name, who := range map[string]access.Actor{"member": w.Members[2], "chief": w.Chief, "unit": w.HandlerA, "administrator": w.SysAdmin} {
			_, err := proposal.Enter.Do(t.Context(), w.App, who, in)
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s enters: %v", name, err)
			}
		}
		out, err := proposal.Enter.Do(t.Context(), w.App, w.Office, in)
		must(t, err)
		if out.Kind != proposal.Joint || out.Registration != 1 {
			t.Errorf("receipt %+v", out)
		}
		row := text(t, w, "SELECT author_id || ' ' || entered_by FROM proposal WHERE id = ?", out.ID)
		if row != w.Members[0].PersonID+" "+w.Office.PersonID {
			t.Errorf("both names: %q", row)
		}
		if got := text(t, w, "SELECT on_behalf_of FROM audit_entry WHERE action = 'proposal.enter' AND result = 'done'"); got != w.Members[0].PersonID {
			t.Errorf("the audit record names %q", got)
		}
		if got := text(t, w, "SELECT state FROM proposal_signer WHERE proposal_id = ?", out.ID); got != proposal.Signed {
			t.Errorf("who signed on paper is %s", got)
		}
		facts := column(t, w, "SELECT kind FROM fact WHERE object_id = ? ORDER BY kind", out.ID)
		if !slices.Equal(facts, []string{"proposal.entered", "proposal.submitted"}) {
			t.Errorf("facts %q", facts)
		}
		for _, c := range []struct {
			name   string
			change func(*proposal.EnterIn)
			field  string
		}{
			{"nobody", func(in *proposal.EnterIn) { in.For = "" }, "for"},
			{"somebody who is no member", func(in *proposal.EnterIn) { in.For = w.HandlerA.PersonID }, "for"},
			{"a unit", func(in *proposal.EnterIn) { in.For = w.Bodies["unitA"] }, "for"},
			{"a member elsewhere", func(in *proposal.EnterIn) { in.For = w.Stranger.PersonID }, "for"},
			{"co-signer is the author", func(in *proposal.EnterIn) { in.Signers = []string{in.For} }, "signers"},
			{"co-signer is no member", func(in *proposal.EnterIn) { in.Signers = []string{w.Office.PersonID} }, "signers"},
			{"members beside an organisation", func(in *proposal.EnterIn) { in.For = w.Bodies["party"] }, "signers"},
		} {
			bad := in
			c.change(&bad)
			_, err := proposal.Enter.Do(t.Context(), w.App, w.Office, bad)
			if f := fault.From(err); f == nil || f.Kind != fault.Invalid || f.Field != c.field {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		forParty := proposal.EnterIn{For: w.Bodies["party"], OnPaper: true, Writing: whole()}
		party, err := proposal.Enter.Do(t.Context(), w.App, w.Office, forParty)
		must(t, err)
		_, err = proposal.Withdraw.Do(t.Context(), w.App, w.Convener, proposal.WithdrawIn{ID: party.ID, Reason: "由我会另行提出"})
		must(t, err)
		_, err = proposal.Withdraw.Do(t.Context(), w.App, w.Members[0], proposal.WithdrawIn{ID: out.ID, Reason: "不是我的意思"})
		must(t, err)
		sums(t, w)
	})
}

func TestAnsweringTheOfficesEdits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *testkit.World) {
		me := w.Members[0]
		s := submitted(t, w, me)
		edit := func(title string) int64 {
			t.Helper()
			x := whole()
			_, err := proposal.Amend.Do(t.Context(), w.App, w.Office, proposal.AmendIn{ID: s.ID, Version: version(t, w, s.ID), Reason: "规范案由",
				Edited: proposal.Edited{Title: title, Background: x.Background, Basis: x.Basis, Items: x.Items}})
			must(t, err)
			return number(t, w, "SELECT pending FROM proposal WHERE id = ?", s.ID)
		}
		_, err := proposal.ConfirmAmendment.Do(t.Context(), w.App, me, proposal.AmendmentIn{ID: s.ID, Revision: 2})
		refused(t, err, fault.Closed, "proposal.amendment.none")
		n := edit("关于加装电梯的提案")
		_, err = proposal.ConfirmAmendment.Do(t.Context(), w.App, w.Members[1], proposal.AmendmentIn{ID: s.ID, Revision: n})
		refused(t, err, fault.NotFound, "fault.not-found")
		_, err = proposal.ConfirmAmendment.Do(t.Context(), w.App, w.Office, proposal.AmendmentIn{ID: s.ID, Revision: n})
		refused(t, err, fault.Forbidden, "proposal.author-only")
		_, err = proposal.RefuseAmendment.Do(t.Context(), w.App, me, proposal.AmendmentIn{ID: s.ID, Revision: n})
		refused(t, err, fault.Invalid, "proposal.reason.required")
		_, err = proposal.RefuseAmendment.Do(t.Context(), w.App, me, proposal.AmendmentIn{ID: s.ID, Revision: n, Reason: "改变了原意"})
		must(t, err)
		if got := text(t, w, "SELECT title FROM proposal WHERE id = ?", s.ID); got != whole().Title {
			t.Errorf("after refusing the title is %q", got)
		}
		m := edit("关于推进既有住宅加装电梯的提案")
		_, err = proposal.ConfirmAmendment.Do(t.Context(), w.App, me, proposal.AmendmentIn{ID: s.ID, Revision: n})
		refused(t, err, fault.Stale, "fault.stale")
		a, err := proposal.PendingAmendment.Do(t.Context(), w.App, me, proposal.AmendmentsIn{ID: s.ID})
		must(t, err)
		if a.Now.Revision != 1 || a.Proposed.Revision != m {
			t.Errorf("the page shows %d beside %d", a.Now.Revision, a.Proposed.Revision)
		}
		_, err = proposal.ConfirmAmendment.Do(t.Context(), w.App, me, proposal.AmendmentIn{ID: s.ID, Revision: m})
		must(t, err)
		if got := text(t, w, "SELECT title || ' ' || holder FROM proposal WHERE id = ?", s.ID); got != "关于推进既有住宅加装电梯的提案 proposal.holder.office" {
			t.Errorf("after confirming: %q", got)
		}
		sums(t, w)
	})
}

// BenchmarkSubmit hands in new proposals of 800 characters, one after another,
// on SQLite with synchronous=FULL.
func BenchmarkSubmit(b *testing.B) {
	h := testkit.Open(b, store.SQLite, []app.Module{proposal.Module()}, nil)
	w := testkit.NewWorld(b, h)
	in := proposal.SubmitIn{Writing: whole()}
	in.Background = strings.Repeat("提案正文一共八百个字左右", 67)
	b.ResetTimer()
	for i := range b.N {
		who := testkit.Keyed(w.Members[0], fmt.Sprintf("bench-%d", i))
		if _, err := proposal.Submit.Do(b.Context(), w.App, who, in); err != nil {
			b.Fatal(err)
		}
	}
}
