package clock

import (
	"sync"
	"time"
)

// Clock tells the present instant.
type Clock interface {
	// Now is the present instant, never earlier than a previous answer of a
	// well-kept machine; callers must not rely on that for order.
	Now() time.Time
}

// System is the clock of the machine.
func System() Clock { return system{} }

type system struct{}

func (system) Now() time.Time { return time.Now() }

// Hand is a clock that stands still until somebody moves it.
// It is safe for concurrent use.
type Hand struct {
	mu  sync.Mutex
	now time.Time
}

// At returns a hand-set clock that stands at t.
func At(t time.Time) *Hand { return &Hand{now: t} }

// Now is the instant the clock was last set to.
func (h *Hand) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// Set moves the clock to t, forwards or backwards.
func (h *Hand) Set(t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = t
}

// Advance moves the clock by d and returns the new instant.
func (h *Hand) Advance(d time.Duration) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
	return h.now
}
