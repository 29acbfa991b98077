package proposal_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongxin/internal/proposal"
)

// sides puts both texts together again from their difference.
func sides(changes []proposal.Change) (before, after string) {
	for _, c := range changes {
		if c.How != proposal.New {
			before += c.Text
		}
		if c.How != proposal.Cut {
			after += c.Text
		}
	}
	return before, after
}

func TestADifferenceHoldsBothTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		letters := rapid.StringOf(rapid.SampledFrom([]rune("甲乙丙，\n。")))
		a, b := letters.Draw(r, "before"), letters.Draw(r, "after")
		changes := proposal.Difference(a, b)
		if before, after := sides(changes); before != a || after != b {
			t.Fatalf("%q and %q became %+v", a, b, changes)
		}
		for i, c := range changes {
			if c.Text == "" || i > 0 && c.How == changes[i-1].How {
				t.Fatalf("%q and %q: empty or twin runs in %+v", a, b, changes)
			}
		}
	})
}

func TestADifferenceReadsAsPeopleWouldMarkIt(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ before, after, want string }{
		{"加快推进电梯加装", "加快推进电梯加装", "加快推进电梯加装"},
		{"加快推进电梯加装", "稳妥推进电梯加装工作", "[-加快-][+稳妥+]推进电梯加装[+工作+]"},
		{"", "新", "[+新+]"}, {"旧", "", "[-旧-]"}, {"", "", ""},
		{"一区的路", "二区之路", "[-一区的-][+二区之+]路"}, // one equal letter between changes is no news
	} {
		var got strings.Builder
		for _, c := range proposal.Difference(x.before, x.after) {
			switch c.How {
			case proposal.Cut:
				got.WriteString("[-" + c.Text + "-]")
			case proposal.New:
				got.WriteString("[+" + c.Text + "+]")
			default:
				got.WriteString(c.Text)
			}
		}
		if got.String() != x.want {
			t.Errorf("%q → %q reads %q, want %q", x.before, x.after, got.String(), x.want)
		}
	}
}

// TestADifferenceOfLongTextsEnds: nobody waits for two texts without a common
// letter.
func TestADifferenceOfLongTextsEnds(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	a, b := strings.Repeat("甲", 30000), strings.Repeat("乙", 30000)
	if c := proposal.Difference(a, b); len(c) != 2 || time.Since(begin) > 5*time.Second {
		t.Errorf("%d runs in %v", len(c), time.Since(begin))
	}
}
