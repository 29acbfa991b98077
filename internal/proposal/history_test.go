package proposal_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"tongxin/internal/access"
	"tongxin/internal/fault"
	"tongxin/internal/proposal"
	"tongxin/internal/testkit"
)

// The same few proposals, ten people who decide about them at the same time: whatever they
// are answered must be what they would have been answered one after another, in some order
// that keeps to the clock on the wall (trust.md F19).

const (
	contested = 3   // proposals of a history
	deciders  = 10  // people at once
	turns     = 3   // acts of each
	histories = 200 // per engine
)

// act is what somebody tries.
type act struct {
	name     string
	on       int   // which of the proposals
	version  int64 // that his form was shown; 0: no form
	revision int64 // that he answers
	mark     string
}

// verdict is what he is answered.
type verdict struct {
	refusal string // key of the sentence, "" when it was done
	state   proposal.State
	number  int64
	version int64
}

// one is a proposal in the model.
type one struct {
	state    proposal.State
	version  int64
	pending  int64
	revision int64 // the last one written
}

// desk is the whole state of the model: the proposals, and the last number given.
type desk struct {
	on   [contested]one
	last int64
}

// step is the sequential model: what an act is answered, and what is so afterwards.
func step(d desk, a act) (verdict, desk) {
	p := &d.on[a.on]
	if key := refusalOf(p, a); key != "" {
		return verdict{refusal: key}, d
	}
	p.version++
	var number int64
	switch a.name {
	case "amend":
		p.revision++
		p.pending = p.revision
	case "confirm":
		p.pending = 0
	case "file":
		d.last++
		number = d.last
		p.state = proposal.Filed
	default:
		p.state, p.pending = ends()[a.name], 0
	}
	if a.name == "confirm" || a.name == "withdraw" {
		return verdict{}, d // these tell nothing but that they are done
	}
	return verdict{state: p.state, number: number, version: p.version}, d
}

func ends() map[string]proposal.State {
	return map[string]proposal.State{"decline": proposal.NotFiled, "convert": proposal.ConvertedLetter, "return": proposal.Returned, "withdraw": proposal.Withdrawn}
}

// refusalOf is why an act is refused, in the order in which the reasons are looked at.
func refusalOf(p *one, a act) string {
	switch {
	case a.name == "withdraw":
		if p.state != proposal.Submitted && p.state != proposal.Returned {
			return "proposal.closed.withdrawn"
		}
		return ""
	case a.name == "confirm" && p.pending == 0:
		return "proposal.amendment.none"
	case a.name == "confirm" && a.revision != p.pending:
		return "fault.stale"
	case a.name == "confirm":
		return ""
	case p.state != proposal.Submitted:
		return "proposal.review.closed"
	case a.version != 0 && a.version != p.version:
		return "fault.stale"
	case a.name == "file" && p.pending > 0:
		return "proposal.file.pending"
	}
	return ""
}

func model(begin desk) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return begin },
		Step: func(state, input, output any) (bool, any) {
			want, then := step(state.(desk), input.(act))
			return want == output.(verdict), then
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %+v", input, output) },
	}
}

// tried performs an act and tells what came of it.
func tried(t *testing.T, w *testkit.World, ids []string, a act) verdict {
	t.Helper()
	m, err := perform(t, w, ids[a.on], a)
	if err == nil {
		return verdict{state: m.State, number: m.Number, version: m.Version}
	}
	f := fault.From(err)
	if f.Kind != fault.Closed && f.Kind != fault.Stale {
		t.Errorf("%+v: %v", a, err)
	}
	return verdict{refusal: f.Key}
}

func perform(t *testing.T, w *testkit.World, id string, a act) (proposal.Moved, error) {
	ctx, m, err := t.Context(), proposal.Moved{}, error(nil)
	switch a.name {
	case "file":
		return proposal.File.Do(ctx, w.App, w.Chief, proposal.FileIn{ID: id, Version: a.version})
	case "decline":
		return proposal.Decline.Do(ctx, w.App, w.Chief, proposal.DeclineIn{ID: id, Version: a.version, Reason: "empty"})
	case "convert":
		return proposal.Convert.Do(ctx, w.App, w.Chief, proposal.ConvertIn{ID: id, Version: a.version, To: proposal.ToLetter, Words: "转"})
	case "return":
		return proposal.Return.Do(ctx, w.App, w.Chief, proposal.ReturnIn{ID: id, Version: a.version, Reason: "unclear", Words: "请补充"})
	case "amend":
		return proposal.Amend.Do(ctx, w.App, w.Office, proposal.AmendIn{ID: id, Version: a.version, Reason: "通顺", Edited: edited(a.mark)})
	case "confirm":
		_, err = proposal.ConfirmAmendment.Do(ctx, w.App, w.Members[0], proposal.AmendmentIn{ID: id, Revision: a.revision})
	case "withdraw":
		_, err = proposal.Withdraw.Do(ctx, w.App, w.Members[0], proposal.WithdrawIn{ID: id, Reason: "另有考虑"})
	default:
		t.Errorf("nobody knows how to %s", a.name)
	}
	return m, err
}

// chosen is a random act; amending and confirming come more often, so that proposals live
// long enough to be fought over.
func chosen(r *rand.Rand, mark string) act {
	names := []string{"file", "file", "decline", "convert", "return", "withdraw", "amend", "amend", "amend", "confirm", "confirm", "confirm"}
	a := act{name: names[r.IntN(len(names))], on: r.IntN(contested), mark: mark, revision: 2 + r.Int64N(2)}
	if r.IntN(4) == 0 {
		a.version = 2 + r.Int64N(4)
	}
	return a
}

// TestHistoriesAreLinearizable on both engines.
func TestHistoriesAreLinearizable(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		done := map[string]int{}
		for seed := range uint64(histories) {
			begin, ids := fresh(t, w)
			ops := history(t, w, ids, seed)
			result, info := porcupine.CheckOperationsVerbose(model(begin), ops, 20*time.Second)
			if result != porcupine.Ok {
				t.Fatalf("history %d is %s:\n%s", seed, result, written(ops, info))
			}
			for _, o := range ops {
				if o.Output.(verdict).refusal == "" {
					done[o.Input.(act).name]++
				} else {
					done[o.Output.(verdict).refusal]++
				}
			}
		}
		for _, name := range []string{"file", "decline", "convert", "return", "withdraw", "amend", "confirm", "proposal.review.closed", "fault.stale", "proposal.file.pending", "proposal.amendment.none"} {
			if done[name] < histories/20 {
				t.Errorf("the histories hardly ever came to %s: %d times", name, done[name])
			}
		}
		sums(t, w)
	})
}

// fresh hands in the proposals of a history and tells how they stand.
func fresh(t *testing.T, w *testkit.World) (desk, []string) {
	t.Helper()
	d, ids := desk{}, make([]string, contested)
	for i := range ids {
		ids[i] = atFinal(t, w, w.Members[0])
		d.on[i] = one{state: proposal.Submitted, version: 2, revision: 1}
	}
	n, err := proposal.Numbers.Do(t.Context(), w.App, w.Office, proposal.SessionIn{})
	must(t, err)
	d.last = n.Last
	return d, ids
}

// history lets everybody act at once and writes down what they were told, and when.
func history(t *testing.T, w *testkit.World, ids []string, seed uint64) []porcupine.Operation {
	t.Helper()
	var wg sync.WaitGroup
	begin, ready := time.Now(), make(chan struct{})
	ops := make([]porcupine.Operation, deciders*turns)
	for who := range deciders {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(who)))
			<-ready
			for turn := range turns {
				a := chosen(r, fmt.Sprintf("%d-%d", who, turn))
				called := time.Since(begin)
				out := tried(t, w, ids, a)
				ops[who*turns+turn] = porcupine.Operation{ClientId: who, Input: a, Call: int64(called), Output: out, Return: int64(time.Since(begin))}
			}
		})
	}
	close(ready)
	wg.Wait()
	return ops
}

// written is a history for reading.
func written(ops []porcupine.Operation, info porcupine.LinearizationInfo) string {
	var b strings.Builder
	for _, o := range ops {
		fmt.Fprintf(&b, "%8d to %8d  %d: %+v → %+v\n", o.Call/1000, o.Return/1000, o.ClientId, o.Input, o.Output)
	}
	fmt.Fprintf(&b, "the longest orders found: %v", info.PartialLinearizations())
	return b.String()
}

// TestTheModelTellsGoodFromBad: the checker would notice.
func TestTheModelTellsGoodFromBad(t *testing.T) {
	t.Parallel()
	begin := desk{last: 7}
	for i := range begin.on {
		begin.on[i] = one{state: proposal.Submitted, version: 2, revision: 1}
	}
	file := func(on int, call, end, number int64) porcupine.Operation {
		return porcupine.Operation{ClientId: on, Input: act{name: "file", on: on}, Call: call, Return: end, Output: verdict{state: proposal.Filed, number: number, version: 3}}
	}
	again := file(0, 2, 9, 9)
	again.ClientId = 5
	pending := porcupine.Operation{ClientId: 6, Input: act{name: "amend"}, Call: 1, Return: 2, Output: verdict{state: proposal.Submitted, version: 3}}
	closed := porcupine.Operation{ClientId: 7, Input: act{name: "decline"}, Call: 1, Return: 2, Output: verdict{refusal: "proposal.review.closed"}}
	for name, x := range map[string]struct {
		ops  []porcupine.Operation
		good bool
	}{
		"two at once in either order":      {[]porcupine.Operation{file(0, 1, 9, 9), file(1, 2, 8, 8)}, true},
		"numbers against the clock":        {[]porcupine.Operation{file(0, 1, 2, 9), file(1, 3, 4, 8)}, false},
		"one number twice":                 {[]porcupine.Operation{file(0, 1, 9, 8), file(1, 2, 8, 8)}, false},
		"one proposal twice":               {[]porcupine.Operation{file(0, 1, 9, 8), again}, false},
		"filed while an edit waits":        {[]porcupine.Operation{pending, file(0, 3, 4, 8)}, false},
		"closed before anybody decided it": {[]porcupine.Operation{closed, file(0, 3, 4, 8)}, false},
	} {
		if got := porcupine.CheckOperations(model(begin), x.ops); got != x.good {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestAHundredRequestsOneFiling: with keys of their own one request files and the others
// are told that it is over; with one key, a double click, all get the one answer.
func TestAHundredRequestsOneFiling(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		for _, x := range []struct {
			name string
			key  func(i int) string
			good int
		}{
			{"keys of their own", func(i int) string { return fmt.Sprintf("file-%d", i) }, 1},
			{"one key", func(int) string { return "double click" }, 100},
		} {
			id := atFinal(t, w, w.Members[0])
			answers, refusals := parallel(100, func(i int) (proposal.Moved, error) {
				return proposal.File.Do(t.Context(), w.App, testkit.Keyed(w.Chief, x.key(i)), proposal.FileIn{ID: id})
			})
			if len(answers) != x.good || len(answers)+len(refusals) != 100 {
				t.Errorf("%s: %d were told that it is filed, want %d", x.name, len(answers), x.good)
			}
			for _, m := range answers {
				if m != answers[0] {
					t.Errorf("%s: told %+v and %+v", x.name, answers[0], m)
				}
			}
			for _, err := range refusals {
				if !fault.Is(err, fault.Closed) {
					t.Errorf("%s: refused with %v", x.name, err)
				}
			}
			if n := number(t, w, "SELECT COUNT(*) FROM fact WHERE kind = 'proposal.filed' AND object_id = ?", id); n != 1 {
				t.Errorf("%s: filed %d times", x.name, n)
			}
		}
		sums(t, w)
	})
}

// parallel calls f n times at once and sorts the answers from the refusals.
func parallel[T any](n int, f func(i int) (T, error)) (answers []T, refusals []error) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	ready := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-ready
			out, err := f(i)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				refusals = append(refusals, err)
				return
			}
			answers = append(answers, out)
		})
	}
	close(ready)
	wg.Wait()
	return answers, refusals
}

// TestOneSubmissionSentTwiceAtOnce: the same new proposal under one key becomes one, and
// everybody who sent it gets the one receipt.
func TestOneSubmissionSentTwiceAtOnce(t *testing.T) {
	t.Parallel()
	cases(t, func(t *testing.T, w *testkit.World) {
		who := func(key string) access.Actor { return testkit.Keyed(w.Members[1], key) }
		answers, refusals := parallel(20, func(int) (proposal.SubmitOut, error) {
			return proposal.Submit.Do(t.Context(), w.App, who("sent twice"), proposal.SubmitIn{Writing: whole()})
		})
		if len(refusals) > 0 {
			t.Errorf("%d were refused, the first with: %v", len(refusals), refusals[0])
		}
		for _, out := range answers {
			if out != answers[0] {
				t.Errorf("told %+v and %+v", answers[0], out)
			}
		}
		if n := number(t, w, "SELECT COUNT(*) FROM proposal"); n != 1 {
			t.Errorf("%d proposals", n)
		}
		sums(t, w)
	})
}
