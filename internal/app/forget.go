package app

import (
	"context"
	"fmt"
	"time"

	"tongxin/internal/access"
)

// repetitionsKept is how long the first answer to an idempotency key is kept:
// longer than any phone is offline and tries again.
const repetitionsKept = 7 * 24 * time.Hour

// repetitions are the answers that are kept.
type repetitions struct{}

// Object names them.
func (repetitions) Object() (string, string) { return "repetitions", "" }

// forget removes the answers that nobody will ask for again.
var forget = Define("repetition.forget",
	func(*Call, repetitions) (repetitions, error) { return repetitions{}, nil },
	func(who access.Actor, _ repetitions) access.Verdict {
		return access.When(who.Is(access.System), "access.denied")
	},
	func(c *Call, _ repetitions, _ repetitions) (struct{}, error) {
		_, err := c.tx.Exec(c.ctx, "DELETE FROM idempotency WHERE at < ?", c.now.Add(-repetitionsKept).UnixMilli())
		if err != nil {
			return struct{}{}, fmt.Errorf("forget old repetitions: %w", err)
		}
		return struct{}{}, nil
	}).Quietly()

// forgetting is the clockwork of forget.
func forgetting() Task {
	return Task{Name: "forget repetitions", Every: time.Hour, Run: func(ctx context.Context, a *App) error {
		_, err := forget.Do(ctx, a, access.Machine("", "forget-repetitions"), repetitions{})
		return err
	}}
}
