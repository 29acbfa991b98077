package demo

import (
	"container/heap"
	"fmt"
	"time"

	"tongxin/internal/calendar"
)

// event is something that somebody does at an instant.
type event struct {
	at time.Time
	no int // keeps events of one instant in order
	do func() error
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at.Before(e[j].at) || e[i].at.Equal(e[j].at) && e[i].no < e[j].no
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }

// Push implements heap.Interface.
func (e *events) Push(x any) { *e = append(*e, x.(event)) }

// Pop implements heap.Interface.
func (e *events) Pop() any {
	old := *e
	x := old[len(old)-1]
	*e = old[:len(old)-1]
	return x
}

// teller keeps what is still to happen; the clock only moves forward.
type teller struct {
	*builder
	coming events
	n      int
	ready  []*paper // reviewed, filed together after the session
	papers map[string]*paper

	urged   int      // rounds of chases
	reports int      // results of key proposals that were told
	waits   []*paper // with a supervision office, for dispatch together
}

// at plans something; what would happen after today stays undone, which is how
// cases come to stand in every state.
func (t *teller) at(when time.Time, do func() error) {
	if when.Before(t.clock.hand.Now()) {
		when = t.clock.hand.Now().Add(time.Minute)
	}
	if when.After(t.o.Today) {
		return
	}
	t.n++
	heap.Push(&t.coming, event{when, t.n, do})
}

// after plans something some days later, in office hours.
func (t *teller) after(days int, do func() error) {
	now := t.clock.hand.Now().In(calendar.Beijing)
	d := now.AddDate(0, 0, days)
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		d = d.AddDate(0, 0, 1)
	}
	t.at(time.Date(d.Year(), d.Month(), d.Day(), 8+t.dice.IntN(10), t.dice.IntN(60), t.dice.IntN(60), 0, calendar.Beijing), do)
}

// between is a random number of days.
func (t *teller) between(least, most int) int { return least + t.dice.IntN(most-least+1) }

// chance is true in so many of a hundred cases.
func (t *teller) chance(percent int) bool { return t.dice.IntN(100) < percent }

// tell lets everything happen from the founding to today.
func (b *builder) tell() error {
	t := &teller{builder: b, papers: map[string]*paper{}}
	t.plan()
	for i := range t.sessions {
		s := &t.sessions[i]
		t.at(s.filing, func() error { return t.fileSession(s) })
	}
	t.at(t.sessions[len(t.sessions)-1].handing, t.strict)
	t.chasing()
	t.together()
	t.changes()
	t.afterwards()
	next := t.clock.hand.Now()
	for t.coming.Len() > 0 {
		e, _ := heap.Pop(&t.coming).(event)
		for !e.at.Before(next) { // the clockwork runs, and listeners hear, every fortnight
			t.clock.hand.Set(next)
			if err := t.night(); err != nil {
				return err
			}
			next = next.AddDate(0, 0, 14)
		}
		t.clock.hand.Set(e.at)
		if err := e.do(); err != nil {
			return fmt.Errorf("%s: %w", e.at.Format(time.DateTime), err)
		}
	}
	t.clock.hand.Set(t.o.Today.Add(-time.Hour))
	return t.night()
}

// night is what the server does by itself.
func (t *teller) night() error {
	if err := t.app.RunTasks(t.ctx); err != nil {
		return err
	}
	return t.app.CatchUp(t.ctx)
}
