package handling

import (
	"context"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// DispatchAllIn starts the dispatch of everything that waits.
type DispatchAllIn struct {
	Digest string   `json:"digest"`           // of the plan that was looked at
	Except []string `json:"except,omitempty"` // ids of cases that are left out

	plan Plan
}

// DispatchAll dispatches every case that waits and fits, as proposed (按建议全部
// 交办), as a job. fault.Stale when something else waits by now than was shown.
var DispatchAll = app.Define("assignment.dispatch-all", loadPile[DispatchAllIn], mayDispatchMany,
	func(c *app.Call, _ pile, in DispatchAllIn) (Started, error) {
		if in.Digest != in.plan.Digest {
			return Started{}, fault.New(fault.Stale, "handling.bulk.changed")
		}
		return begin(c, placeOf(c.Who()), in.plan.rows(in.Except))
	}).Ahead(func(ctx context.Context, a *app.App, who access.Actor, in DispatchAllIn) (DispatchAllIn, error) {
	var err error // the plan is made beside the writer, which nobody else waits for
	in.plan, err = DispatchPlan.Do(ctx, a, who, struct{}{})
	return in, err
})
