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

// Many is where Unread stops counting: every page pays for it.
const Many = 100

// Unread is the number beside the inbox on every page, Many at most.
func Unread(ctx context.Context, a *app.App, who access.Actor) (int, error) {
	return badge.Do(ctx, a, who, struct{}{})
}

var badge = app.Ask("notify.badge", own, func(l *app.Look, s access.Scope, _ struct{}) (int, error) {
	var n int
	err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM (SELECT 1 FROM message m WHERE "+s.SQL()+" AND m.read_at IS NULL LIMIT ?) AS x", append(s.Args(), Many)...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count unread messages: %w", err)
	}
	return n, nil
})

// unread counts by the partial index of unread messages.
func unread(l *app.Look, s access.Scope) (int, error) {
	var n int
	err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM message m WHERE "+s.SQL()+" AND m.read_at IS NULL", s.Args()...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count unread messages: %w", err)
	}
	return n, nil
}
