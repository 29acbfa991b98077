package demo

import (
	"sync/atomic"
	"time"

	"tongxin/internal/clock"
)

// Clock is set by hand while the city is made, and is the machine's clock from
// then on.
type Clock struct {
	hand *clock.Hand
	free atomic.Bool
}

// NewClock makes a clock that stands at t.
func NewClock(t time.Time) *Clock { return &Clock{hand: clock.At(t)} }

// Now implements clock.Clock.
func (c *Clock) Now() time.Time {
	if c.free.Load() {
		return time.Now()
	}
	return c.hand.Now()
}

// Release lets the machine's clock take over.
func (c *Clock) Release() { c.free.Store(true) }
