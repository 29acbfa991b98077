package proposal_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tongxin/internal/access"
	"tongxin/internal/fault"
	"tongxin/internal/proposal"
	"tongxin/internal/testkit"
)

// TestTheListSaysWhatTheTableSays draws filters and sorts, walks every page and
// compares with the rows themselves.
func TestTheListSaysWhatTheTableSays(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		fill(t, w, 130)
		people := []access.Actor{w.Office, w.Reviewer, w.Leader, w.Members[0], w.Members[1], w.Convener, w.HandlerA, w.Stranger}
		rapid.Check(t, func(r *rapid.T) {
			who := rapid.SampledFrom(people).Draw(r, "who")
			in := proposal.ListIn{
				Category: rapid.SampledFrom([]string{"", "economy", "society", "nothing"}).Draw(r, "category"),
				State:    rapid.SampledFrom([]string{"", "", "submitted", "filed", "closed", "draft", "withdrawn", proposal.AllFiled, proposal.Open}).Draw(r, "state"),
				Kind:     rapid.SampledFrom([]string{"", "", "individual", "party"}).Draw(r, "kind"),
				Timing:   rapid.SampledFrom([]string{"", "", "session"}).Draw(r, "timing"),
				Q:        rapid.SampledFrom([]string{"", "", "", "电梯7", "第 3 号", "%", "_", "'"}).Draw(r, "q"),
				Late:     rapid.IntRange(0, 3).Draw(r, "late") == 0,
				Mine:     rapid.IntRange(0, 4).Draw(r, "mine") == 0,
				Sort:     rapid.SampledFrom([]string{"", proposal.Newest, proposal.ByNumber, proposal.ByDue}).Draw(r, "sort"),
			}
			compare(t, r, w, who, in)
		})
	})
}

func compare(t *testing.T, r *rapid.T, w *testkit.World, who access.Actor, in proposal.ListIn) {
	t.Helper()
	var got []string
	var lines []proposal.Line
	total := 0
	for page := in; ; {
		out, err := proposal.List.Do(t.Context(), w.App, who, page)
		must(t, err)
		for _, x := range out.Lines {
			got = append(got, x.ID)
		}
		lines, total = append(lines, out.Lines...), out.Total
		if out.Next == "" {
			break
		}
		page.After = out.Next
	}
	want := expected(t, w, who, in)
	slices.Sort(want)
	sorted := slices.Sorted(slices.Values(got))
	if !slices.Equal(sorted, want) || total != len(want) {
		r.Fatalf("%s asks %+v: %d lines, total %d, want %d", who.Post.Kind, in, len(got), total, len(want))
	}
	if !slices.IsSortedFunc(lines, func(a, b proposal.Line) int { return before(in.Sort, a, b) }) {
		r.Fatalf("%s asks %+v: not in order", who.Post.Kind, in)
	}
}

func before(sort string, a, b proposal.Line) int {
	newest := strings.Compare(b.ID, a.ID)
	due := func(x proposal.Line) string {
		if x.DueOn == "" {
			return proposal.Never
		}
		return x.DueOn
	}
	switch {
	case sort == proposal.ByDue:
		if c := strings.Compare(due(a), due(b)); c != 0 {
			return c
		}
		return -newest
	case sort == proposal.ByNumber && (a.Number > 0) != (b.Number > 0):
		if a.Number > 0 {
			return -1
		}
		return 1
	case sort == proposal.ByNumber && a.Number > 0:
		return int(a.Number - b.Number)
	default:
		return newest
	}
}

// expected reads all rows and filters them in Go.
func expected(t *testing.T, w *testkit.World, who access.Actor, in proposal.ListIn) []string {
	t.Helper()
	steers := who.Is(access.Office, access.Reviewer, access.Leader)
	var want []string
	for _, id := range column(t, w, "SELECT id FROM proposal") {
		get := func(name string) string {
			return text(t, w, "SELECT CAST(COALESCE("+name+", '') AS TEXT) FROM proposal WHERE id = ?", id)
		}
		state := proposal.State(get("state"))
		draft := number(t, w, "SELECT COUNT(*) FROM proposal WHERE id = ? AND submitted_at IS NULL", id) == 1
		ok := inScope(t, w, who, id)
		ok = ok && (in.Category == "" || get("category") == in.Category) && (in.Kind == "" || get("kind") == in.Kind) && (in.Timing == "" || get("timing") == in.Timing)
		switch in.State {
		case "":
			ok = ok && (!steers || in.Mine || !draft)
		case proposal.AllFiled:
			ok = ok && state.IsFiled()
		case proposal.Open:
			ok = ok && state.IsFiled() && state != proposal.Closed
		default:
			ok = ok && string(state) == in.State && (!steers || in.Mine || in.State == "draft" || !draft)
		}
		ok = ok && (!in.Late || get("due_on") < w.Clock.Now().Format("2006-01-02"))
		ok = ok && (!in.Mine || get("author_id") == who.PersonID || get("entered_by") == who.PersonID)
		switch in.Q {
		case "":
		case "第 3 号":
			ok = ok && (number(t, w, "SELECT COALESCE(number, 0) FROM proposal WHERE id = ?", id) == 3 || strings.Contains(get("title"), in.Q))
		default:
			ok = ok && strings.Contains(get("title"), in.Q)
		}
		if ok {
			want = append(want, id)
		}
	}
	return want
}

// fill writes many proposals of all kinds with their totals.
func fill(t *testing.T, w *testkit.World, n int) {
	t.Helper()
	states := proposal.States()
	authors := []string{w.Members[0].PersonID, w.Members[1].PersonID, w.Convener.PersonID}
	for i := range n {
		p := &proposal.Proposal{ID: w.CommitteeID + string(rune('a'+i/26)) + string(rune('a'+i%26)), CommitteeID: w.CommitteeID, SessionID: w.Session, State: states[i%len(states)],
			Category: []string{"economy", "society", "ecology"}[i%3], Kind: []proposal.Kind{proposal.Individual, proposal.OfParty}[i%2], Timing: []string{"session", "intersession"}[i/3%2],
			AuthorID: authors[i%3], Title: "关于加装电梯" + itoa(i) + "的提案", DueOn: []string{proposal.Never, "2025-12-30", "2026-01-11", "2026-01-12", "2026-05-01"}[i/2%5]}
		if i%17 == 0 {
			p.EnteredBy = w.Office.PersonID
		}
		if p.State != proposal.Draft {
			p.SubmittedAt.Time = testkit.Start
		}
		if p.State.IsFiled() {
			p.Number = int64(i + 1)
		}
		if p.State != proposal.Submitted && (!p.State.IsFiled() || p.State == proposal.Closed) {
			p.DueOn = proposal.Never // only what is open is due
		}
		proposal.Put(t, w.App, p)
		if i%4 == 0 && p.State.IsFiled() {
			do(t, w, "INSERT INTO handling_involved (committee_id, case_kind, case_id, body_id) VALUES (?, 'proposal', ?, ?)", w.CommitteeID, p.ID, w.Bodies["unitA"])
		}
	}
}

func itoa(n int) string {
	return string(rune('0'+n/100)) + string(rune('0'+n/10%10)) + string(rune('0'+n%10))
}

// TestTheFiguresAboveTheList for one who sees all and one who sees some.
func TestTheFiguresAboveTheList(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		fill(t, w, 130)
		today := w.Clock.Now().Format("2006-01-02")
		for _, who := range []access.Actor{w.Office, w.Chief, w.Reviewer, w.Leader, w.Members[0], w.Convener, w.HandlerA, w.SysAdmin} {
			out, err := proposal.List.Do(t.Context(), w.App, who, proposal.ListIn{})
			must(t, err)
			var want proposal.Figures
			for _, id := range column(t, w, "SELECT id FROM proposal WHERE submitted_at IS NOT NULL") {
				if !inScope(t, w, who, id) {
					continue
				}
				state := proposal.State(text(t, w, "SELECT state FROM proposal WHERE id = ?", id))
				want.Submitted++
				if state.IsFiled() {
					want.Filed++
				}
				if state.IsFiled() && state != proposal.Closed {
					want.Open++
				}
				if state == proposal.Closed {
					want.Closed++
				}
				if text(t, w, "SELECT due_on FROM proposal WHERE id = ?", id) < today {
					want.Late++
				}
			}
			if out.Figures != want {
				t.Errorf("%s: %+v, want %+v", who.Post.Kind, out.Figures, want)
			}
		}
	})
}

func TestHostileFilters(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		fill(t, w, 40)
		for name, x := range map[string]struct {
			in   proposal.ListIn
			kind fault.Kind
		}{
			"a state of ours":   {proposal.ListIn{State: "secret"}, fault.Invalid},
			"another sort":      {proposal.ListIn{Sort: "p.id; --"}, fault.Invalid},
			"a cursor of air":   {proposal.ListIn{After: "eyJ"}, fault.Invalid},
			"a long cursor":     {proposal.ListIn{After: strings.Repeat("A", 5000)}, fault.Invalid},
			"a long question":   {proposal.ListIn{Q: strings.Repeat("长", 51)}, fault.Invalid},
			"another's session": {proposal.ListIn{Session: "01"}, fault.NotFound},
		} {
			if _, err := proposal.List.Do(t.Context(), w.App, w.Office, x.in); !fault.Is(err, x.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		out, err := proposal.List.Do(t.Context(), w.App, w.Office, proposal.ListIn{Sort: proposal.ByDue})
		must(t, err)
		if _, err := proposal.List.Do(t.Context(), w.App, w.Office, proposal.ListIn{Sort: proposal.Newest, After: out.Next}); !fault.Is(err, fault.Invalid) {
			t.Errorf("the cursor of another sort: %v", err)
		}
	})
}
