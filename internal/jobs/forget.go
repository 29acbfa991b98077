package jobs

import (
	"context"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// old are the jobs that are to be forgotten.
type old struct{}

// Object names them.
func (old) Object() (string, string) { return "jobs", "" }

// forgetAtOnce bounds how many jobs one commit removes.
const forgetAtOnce = 20

// forget removes jobs that ended long ago: their rows may hold personal data,
// and what they did stands in the audit record. It tells how many it removed.
var forget = app.Define("job.forget",
	func(*app.Call, struct{}) (old, error) { return old{}, nil },
	bySystem[old],
	func(c *app.Call, _ old, _ struct{}) (int, error) {
		list, err := store.List(c.Ctx(), c.Tx(), store.Column[string], "SELECT id FROM job WHERE ended_at < ? ORDER BY ended_at LIMIT ?",
			store.Time{Time: c.Now().Add(-kept)}, forgetAtOnce)
		if err != nil {
			return 0, fmt.Errorf("find old jobs: %w", err)
		}
		for _, id := range list {
			for _, q := range []string{"DELETE FROM job_row WHERE job_id = ?", "DELETE FROM job WHERE id = ?"} {
				if _, err := c.Tx().Exec(c.Ctx(), q, id); err != nil {
					return 0, fmt.Errorf("forget job %s: %w", id, err)
				}
			}
		}
		return len(list), nil
	}).Quietly()

// forgetAll is the clockwork of forget.
func forgetAll(ctx context.Context, a *app.App) error {
	for ctx.Err() == nil {
		if n, err := forget.Do(ctx, a, access.Machine("", machine), struct{}{}); err != nil || n < forgetAtOnce {
			return err
		}
	}
	return nil
}
