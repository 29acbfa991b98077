package commendation

import (
	"cmp"
	"slices"
)

// Tally is what the review said of a candidate.
type Tally struct {
	ID         string
	Collective bool
	Votes      int // votes or scores given
	Points     int // yes votes, or the sum of scores
}

// compare orders by the share of yes or the average score, the best first;
// exactly, so that no rounding makes or breaks a tie.
func (t Tally) compare(o Tally) int {
	if t.Votes == 0 || o.Votes == 0 {
		return cmp.Compare(min(o.Votes, 1), min(t.Votes, 1))
	}
	return cmp.Compare(o.Points*t.Votes, t.Points*o.Votes)
}

// reaches reports whether a tally reaches the mark: more than so many per cent
// yes, or an average of so many points.
func (t Tally) reaches(r Rules) bool {
	switch {
	case t.Votes == 0:
		return false
	case r.Method == ByVote:
		return t.Points*100 > r.Mark*t.Votes
	default:
		return t.Points >= r.Mark*t.Votes
	}
}

// Say is the average score with two decimals.
func (t Tally) Say() string {
	if t.Votes == 0 {
		return ""
	}
	return SayHundredths(int64((t.Points*200 + t.Votes) / (2 * t.Votes)))
}

// Placed is a tally with its place and what became of it.
type Placed struct {
	Tally
	Place    int  // those who are level share it
	Reached  bool // the mark
	Passed   bool
	Tied     bool // level at a cut with one who would be beyond it
	Reserved bool // passed by the share of collective proposals, not by its place
}

// Share of collective proposals among so many winners, rounded up.
func collectiveOf(percent, winners int) int { return (percent*winners + 99) / 100 }

// Cut places the tallies and tells who passes: the best that reach the mark, at
// most so many; where they hold fewer collective ones than their share, the last
// seats go to the best collective ones behind them, as far as there are any.
// Those level with the last one in pass too, all marked as tied: a cut never
// falls between equals.
func Cut(r Rules, most int, list []Tally) []Placed {
	out := make([]Placed, len(list))
	collective := 0
	for i, t := range list {
		out[i] = Placed{Tally: t, Reached: t.reaches(r)}
		if out[i].Reached && t.Collective {
			collective++
		}
	}
	slices.SortStableFunc(out, func(a, b Placed) int { return cmp.Or(a.compare(b.Tally), cmp.Compare(a.ID, b.ID)) })
	for i := range out {
		out[i].Place = i + 1
		if i > 0 && out[i].compare(out[i-1].Tally) == 0 {
			out[i].Place = out[i-1].Place
		}
	}
	need := min(collectiveOf(r.CollectivePercent, most), collective)
	for seats := 0; ; seats++ { // kept for the share
		for i := range out {
			out[i].Passed, out[i].Tied = false, false
		}
		if lacking := need - pass(out, most-seats, false); lacking <= seats {
			pass(out, lacking, true)
			return out
		}
	}
}

// pass lets the best n pass, with everybody level with the last of them; when
// that is more than n, those who are level are tied. By the share only collective
// ones pass, in reserved seats. It tells how many collective ones have passed by
// now.
func pass(list []Placed, n int, share bool) (collective int) {
	taken, place := 0, 0
	for i := range list {
		x := &list[i]
		if x.Reached && !x.Passed && (x.Collective || !share) && (taken < n || taken > 0 && x.Place == place) {
			x.Passed, x.Reserved, place = true, share, x.Place
			if taken++; taken > n {
				tie(list[:i+1], place, share)
			}
		}
		if x.Passed && x.Collective {
			collective++
		}
	}
	return collective
}

// tie marks those at a place who passed in the same way.
func tie(list []Placed, place int, share bool) {
	for i := range list {
		if x := &list[i]; x.Passed && x.Place == place && x.Reserved == share {
			x.Tied = true
		}
	}
}
