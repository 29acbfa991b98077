package commendation_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"tongxin/internal/commendation"
)

// sheet writes what became of a cut: p passed, t tied, r reserved, - dropped.
func sheet(list []commendation.Placed) map[string]string {
	m := map[string]string{}
	for _, x := range list {
		s := "-"
		if x.Passed {
			s = "p"
		}
		if x.Tied {
			s += "t"
		}
		if x.Reserved {
			s += "r"
		}
		m[x.ID] = fmt.Sprint(x.Place, s)
	}
	return m
}

func TestTheCut(t *testing.T) {
	t.Parallel()
	vote := commendation.Rules{Method: commendation.ByVote, Mark: 50}
	share := commendation.Rules{Method: commendation.ByVote, Mark: 50, CollectivePercent: 50}
	one := func(id string, points, votes int) commendation.Tally {
		return commendation.Tally{ID: id, Points: points, Votes: votes}
	}
	all := func(id string, points, votes int) commendation.Tally {
		return commendation.Tally{ID: id, Points: points, Votes: votes, Collective: true}
	}
	for _, x := range []struct {
		name string
		r    commendation.Rules
		most int
		in   []commendation.Tally
		want map[string]string
	}{
		{"nobody", vote, 3, nil, map[string]string{}},
		{"all fit", vote, 3, []commendation.Tally{one("a", 9, 9), one("b", 8, 9)}, map[string]string{"a": "1p", "b": "2p"}},
		{"below the mark", vote, 3, []commendation.Tally{one("a", 5, 10), one("b", 0, 0)}, map[string]string{"a": "1-", "b": "2-"}},
		{"beyond the cut", vote, 1, []commendation.Tally{one("a", 9, 9), one("b", 8, 9)}, map[string]string{"a": "1p", "b": "2-"}},
		{"level at the cut", vote, 2, []commendation.Tally{one("a", 9, 9), one("b", 8, 10), one("c", 4, 5), one("d", 6, 9)}, map[string]string{"a": "1p", "b": "2pt", "c": "2pt", "d": "4-"}},
		{"level but within", vote, 3, []commendation.Tally{one("a", 9, 9), one("b", 4, 5), one("c", 8, 10)}, map[string]string{"a": "1p", "b": "2p", "c": "2p"}},
		{"a third is no 0.333", vote, 1, []commendation.Tally{one("a", 666667, 1000000), one("b", 2, 3)}, map[string]string{"a": "1p", "b": "2-"}},
		{"collective by place", share, 2, []commendation.Tally{one("a", 9, 9), all("b", 8, 9), one("c", 7, 9)}, map[string]string{"a": "1p", "b": "2p", "c": "3-"}},
		{"collective by share", share, 2, []commendation.Tally{one("a", 9, 9), one("b", 8, 9), all("c", 7, 9)}, map[string]string{"a": "1p", "b": "2-", "c": "3pr"}},
		{"collective below the mark", share, 2, []commendation.Tally{one("a", 9, 9), one("b", 8, 9), all("c", 1, 9)}, map[string]string{"a": "1p", "b": "2p", "c": "3-"}},
		{"collective level for the share", share, 2, []commendation.Tally{one("a", 9, 9), one("b", 8, 9), all("c", 7, 9), all("d", 7, 9)}, map[string]string{"a": "1p", "b": "2-", "c": "3ptr", "d": "3ptr"}},
		{"collective within, level with others", share, 2, []commendation.Tally{one("a", 9, 9), all("b", 8, 9), all("c", 8, 9)}, map[string]string{"a": "1p", "b": "2pt", "c": "2pt"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			if got := sheet(commendation.Cut(x.r, x.most, x.in)); fmt.Sprint(got) != fmt.Sprint(x.want) {
				t.Errorf("got %v, want %v", got, x.want)
			}
		})
	}
}

// drawn is any review of any candidates.
func drawn(r *rapid.T) (rules commendation.Rules, most int, list []commendation.Tally) {
	rules = commendation.Rules{Method: rapid.SampledFrom([]string{commendation.ByVote, commendation.ByScore}).Draw(r, "method"),
		Mark: rapid.IntRange(0, 100).Draw(r, "mark"), CollectivePercent: rapid.SampledFrom([]int{0, 20, 50, 100}).Draw(r, "share")}
	most = rapid.IntRange(1, 8).Draw(r, "most")
	for i := range rapid.IntRange(0, 20).Draw(r, "n") {
		t := commendation.Tally{ID: fmt.Sprint(i), Collective: rapid.Bool().Draw(r, "collective"), Votes: rapid.IntRange(0, 5).Draw(r, "votes")}
		for range t.Votes {
			if rules.Method == commendation.ByVote {
				t.Points += rapid.IntRange(0, 1).Draw(r, "yes")
			} else {
				t.Points += rapid.SampledFrom([]int{0, 50, 60, 80, 100}).Draw(r, "score")
			}
		}
		list = append(list, t)
	}
	return rules, most, list
}

func level(a, b commendation.Placed) bool { return a.Place == b.Place }

// TestNoCutBetweenEquals: whoever passes reached the mark; no more than most pass
// without being tied; nobody is cut who is level with somebody of his sort who
// passed; nobody passes over a better one but for the collective share; and the
// share is kept as far as there are collective ones.
func TestNoCutBetweenEquals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		rules, most, list := drawn(r)
		out := commendation.Cut(rules, most, list)
		if len(out) != len(list) {
			r.Fatalf("%d of %d", len(out), len(list))
		}
		firm, passed, collective, able := 0, 0, 0, 0
		for _, x := range out {
			if x.Passed && !x.Reached || !x.Passed && (x.Tied || x.Reserved) || x.Reserved && !x.Collective {
				r.Fatalf("%+v", x)
			}
			if x.Reached && x.Collective {
				able++
			}
			if !x.Passed {
				continue
			}
			passed++
			if !x.Tied {
				firm++
			}
			if x.Collective {
				collective++
			}
		}
		if firm > most {
			r.Fatalf("%d pass without a tie, at most %d", firm, most)
		}
		if need := min((rules.CollectivePercent*most+99)/100, able); collective < need {
			r.Fatalf("%d collective ones, %d needed", collective, need)
		}
		for _, a := range out {
			for _, b := range out {
				if !a.Passed || b.Passed || !b.Reached {
					continue
				}
				if level(a, b) && a.Collective == b.Collective || level(a, b) && !a.Reserved {
					r.Fatalf("%+v passed, %+v did not", a, b)
				}
				if b.Place < a.Place && !a.Reserved {
					r.Fatalf("%+v passed over %+v", a, b)
				}
			}
		}
		if passed > most {
			ties := 0
			for _, x := range out {
				if x.Tied {
					ties++
				}
			}
			if ties < 2 {
				r.Fatalf("%d pass, at most %d, with %d tied", passed, most, ties)
			}
		}
	})
}

// TestThePartition: at every stage entered = dropped + passed, and who passed one
// stage enters the next.
func TestThePartition(t *testing.T) {
	t.Parallel()
	stages := []commendation.Stage{"", commendation.Nominating, commendation.Reading, commendation.Reviewing, commendation.Approval, commendation.Noticed}
	rapid.Check(t, func(r *rapid.T) {
		dropped := rapid.SliceOfN(rapid.SampledFrom(stages), 0, 30).Draw(r, "dropped")
		list := commendation.Passages(rapid.SampledFrom(commendation.Stages()).Draw(r, "now"), dropped)
		left := len(dropped)
		for _, p := range list {
			if p.Entered != left || p.Entered != p.Dropped+p.Passed || p.Dropped < 0 || p.Passed < 0 {
				r.Fatalf("%+v", list)
			}
			left = p.Passed
		}
	})
}

func TestQuotas(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		q            commendation.Quota
		linked, want int
	}{
		{commendation.Quota{Number: 5}, 100, 5},
		{commendation.Quota{Number: 3, Percent: 20, Over: 20}, 20, 3},
		{commendation.Quota{Number: 3, Percent: 20, Over: 20}, 21, 4},
		{commendation.Quota{Number: 1, Percent: 20, Over: 5}, 6, 1},
		{commendation.Quota{Number: 1, Percent: 20, Over: 5}, 55, 11},
		{commendation.Quota{Number: 0, Percent: 20, Over: 5}, 55, 0},
		{commendation.Quota{}, 0, 0},
	} {
		if got := x.q.Allowed(x.linked); got != x.want {
			t.Errorf("%+v with %d linked allows %d, want %d", x.q, x.linked, got, x.want)
		}
	}
}

// TestOnesOwn walks the table of what somebody may do to what is his own.
func TestOnesOwn(t *testing.T) {
	t.Parallel()
	free := map[string]commendation.Grant{
		"nominate proposal himself": commendation.Counted, "nominate proposal colleague": commendation.Free, "nominate person colleague": commendation.Free,
	}
	for _, a := range []commendation.Act{commendation.ToNominate, commendation.ToRead, commendation.ToReview, commendation.ToRule} {
		for _, k := range commendation.Kinds() {
			for _, tie := range []commendation.Tie{commendation.Stranger, commendation.Colleague, commendation.Himself} {
				want := commendation.Never
				if g, ok := free[fmt.Sprint(a, " ", k, " ", tie)]; ok {
					want = g
				}
				if tie == commendation.Stranger {
					want = commendation.Free
				}
				if got := commendation.Granted(a, k, tie); got != want {
					t.Errorf("%s %s by %q: %d, want %d", a, k, tie, got, want)
				}
			}
		}
	}
}
