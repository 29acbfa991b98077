package notify

import (
	"context"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
)

// CountOut is how many messages wait to be read.
type CountOut struct {
	Unread int `json:"unread"`
}

// Count tells how many messages wait to be read.
var Count = app.Ask("notify.unread", own, func(l *app.Look, s access.Scope, _ struct{}) (CountOut, error) {
	n, err := unread(l, s)
	return CountOut{n}, err
})

// Unread is the number beside the inbox on every page.
func Unread(ctx context.Context, a *app.App, who access.Actor) (int, error) {
	out, err := Count.Do(ctx, a, who, struct{}{})
	return out.Unread, err
}

// unread counts by the partial index of unread messages.
func unread(l *app.Look, s access.Scope) (int, error) {
	var n int
	err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM message m WHERE "+s.SQL()+" AND m.read_at IS NULL", s.Args()...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count unread messages: %w", err)
	}
	return n, nil
}
