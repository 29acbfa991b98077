package testkit

import (
	"testing"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// behind counts the facts that a listener has not passed yet.
var behind = app.Ask("test.behind", func(access.Actor) access.Scope { return access.Nothing() },
	func(l *app.Look, _ access.Scope, listener string) (int, error) {
		var n int
		err := l.Tx().Row(l.Ctx(), `SELECT COUNT(*) FROM fact f WHERE NOT EXISTS
			(SELECT 1 FROM fact_cursor c WHERE c.listener = ? AND (c.position, c.fact_id) >= (f.position, f.id))`, listener).Scan(&n)
		return n, err
	})

// CaughtUp lets every listener hear every fact, and fails when one cannot. On
// PostgreSQL a fact is heard once no older transaction runs on the server, and
// tests share a server: so it asks again until the others are done.
func (h *House) CaughtUp(t testing.TB) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); ; <-tick.C {
		must(t, h.App.CatchUp(t.Context()))
		left := 0
		for _, m := range h.App.Modules() {
			for _, l := range m.Listeners {
				n, err := behind.Do(t.Context(), h.App, access.Actor{}, l.Name)
				must(t, err)
				left += n
			}
		}
		if left == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d facts are not heard", left)
		}
	}
}

// Engines are the engines on which EachDB runs, for tests that need parts of
// their own per world.
func Engines() []store.Engine { return []store.Engine{store.SQLite, store.Postgres} }
