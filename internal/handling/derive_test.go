package handling

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongxin/internal/store"
)

// says reports whether a key has a text.
func says(t testing.TB, key string) bool {
	t.Helper()
	raw, err := fs.ReadFile(messages, "messages/zh-CN.json")
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]string
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m[key] != ""
}

// TestTheStandingFollowsTheRecords does acts in any order that the arrows
// allow: the stage never goes back, an open case always has a holder with a
// sentence and a date since when, and deriving again gives the same.
func TestTheStandingFollowsTheRecords(t *testing.T) {
	t.Parallel()
	stages := []Stage{Filed, Dispatched, Underway, Replied, Closed}
	rapid.Check(t, func(r *rapid.T) {
		w := &storyteller{r: r, rec: Records{OpenedAt: at(0), Closing: rapid.SampledFrom([]string{CloseReplied, CloseRated, CloseConfirmed}).Draw(r, "closing")}}
		last := 0
		for i := range rapid.IntRange(1, 40).Draw(r, "acts") {
			w.now = i + 1
			w.act()
			s := Derive(w.rec)
			if again := Derive(w.rec); again != s {
				r.Fatalf("deriving again gives another standing: %+v %+v", s, again)
			}
			rank := slices.Index(stages, s.Stage)
			if rank < last {
				r.Fatalf("from %s back to %s", stages[last], s.Stage)
			}
			last = rank
			if s.Stage == Closed {
				if s.Holder != "" {
					r.Fatalf("a closed case is held: %+v", s)
				}
				continue
			}
			if s.Holder == "" || s.HolderSince.IsZero() || !slices.Contains(Holders(), s.Holder) || s.HolderSince.After(at(w.now).Time) {
				r.Fatalf("an open case without holder: %+v", s)
			}
			if (s.Stage == Filed) != (len(w.live()) == 0) || s.Stage != Filed && s.LeadUnit == "" {
				r.Fatalf("%s with %d assignments, lead %q", s.Stage, len(w.live()), s.LeadUnit)
			}
		}
	})
}

func at(n int) store.Time {
	return store.Time{Time: time.Date(2026, 3, 2, 9, n, 0, 0, time.UTC)}
}

// storyteller does acts on records as the actions would.
type storyteller struct {
	r   *rapid.T
	rec Records
	now int
}

func (w *storyteller) live() []*Assignment {
	return (&Matter{Assignments: w.rec.Assignments}).live()
}

func (w *storyteller) act() {
	m := &Matter{Assignments: w.rec.Assignments, Replies: w.rec.Replies}
	switch live := w.live(); {
	case !w.rec.ClosedAt.IsZero():
	case len(live) == 0 && rapid.Bool().Draw(w.r, "route"):
		for i := range w.rec.Routes {
			w.rec.Routes[i].DoneAt = at(w.now)
		}
		w.rec.Routes = append(w.rec.Routes, Route{DeskID: "desk", DeskName: "督查室", At: at(w.now)})
	case len(live) == 0:
		w.dispatch()
	case m.answered():
		w.rate()
	default:
		w.work(m, live[rapid.IntRange(0, len(live)-1).Draw(w.r, "which")])
	}
}

func (w *storyteller) dispatch() {
	for i := range w.rec.Routes {
		w.rec.Routes[i].DoneAt = at(w.now)
	}
	roles := rapid.SampledFrom([][]Role{{Sole}, {Lead}, {Lead, Assist}, {Lead, Assist, Assist}, {Separate, Separate}, {Separate, Separate, Assist}}).Draw(w.r, "roles")
	for i, role := range roles {
		w.rec.Assignments = append(w.rec.Assignments, w.assignment(i, role))
	}
}

func (w *storyteller) assignment(i int, role Role) Assignment {
	id := fmt.Sprintf("a%d-%d", i, w.now)
	return Assignment{ID: id, UnitID: "unit-" + id, UnitName: "单位" + id, Role: role, State: Sent, DispatchedAt: at(w.now), SignBy: "2026-03-11",
		DueOn: rapid.SampledFrom([]string{"", "2026-04-01", "2026-06-02"}).Draw(w.r, "due")}
}

func (w *storyteller) work(m *Matter, a *Assignment) {
	a = m.assignment(a.ID)
	r := m.replyOf(a.ID)
	switch {
	case a.State == Sent && rapid.IntRange(0, 4).Draw(w.r, "change") == 0:
		a.State = Changed
		w.rec.Assignments = append(w.rec.Assignments, w.assignment(9, a.Role))
	case a.State == Sent:
		a.State, a.SignedAt = SignedFor, at(w.now)
	case a.State == Answered:
	case a.Role == Assist:
		a.State = Answered
	case r == nil:
		w.rec.Replies = append(w.rec.Replies, Reply{ID: "r" + a.ID, AssignmentID: a.ID, State: Drafted, Round: 1})
	case r.State == Drafted:
		r.State, r.SubmittedAt = Signing, at(w.now)
	case rapid.IntRange(0, 3).Draw(w.r, "return") == 0:
		r.State = Drafted
	default:
		r.State, r.Class, r.IssuedAt, r.RateBy, r.RatingOpen = Issued, "A", at(w.now), "2026-07-01", true
		r.Deliveries = []Delivery{{ProposerID: "1", Name: "甲", Rates: true}, {ProposerID: "2", Name: "乙", Rates: rapid.Bool().Draw(w.r, "rates")}}
		a.State = Answered
	}
	w.close()
}

// rate rates the next one, or lets the time pass.
func (w *storyteller) rate() {
	for i := range w.rec.Replies {
		r := &w.rec.Replies[i]
		for j := range r.Deliveries {
			if d := &r.Deliveries[j]; d.Rates && !d.Rated {
				d.Rated = true
				if len(r.awaited()) == 0 {
					r.RatingOpen = false
				}
				w.close()
				return
			}
		}
	}
	if w.rec.Closing == CloseConfirmed {
		w.rec.ClosedAt = at(w.now)
	}
}

func (w *storyteller) close() {
	m := &Matter{Assignments: w.rec.Assignments, Replies: w.rec.Replies, Row: Row{Closing: w.rec.Closing}}
	if m.closes() {
		w.rec.ClosedAt = at(w.now)
	}
}
