package app_test

import (
	"fmt"
	"sync"
	"testing"

	"tongxin/internal/app"
	"tongxin/internal/store"
	"tongxin/internal/testkit"
)

// BenchmarkAct is what the house adds to every act: savepoint, rule, audit
// entry, fact and the durable commit, alone and with 64 at once.
func BenchmarkAct(b *testing.B) {
	for _, n := range []int{1, 64} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := testkit.NewWorld(b, testkit.Open(b, store.SQLite, []app.Module{notes(nil)}, nil))
			b.ReportAllocs()
			b.ResetTimer()
			var wg sync.WaitGroup
			for i := range n {
				wg.Go(func() {
					for k := range b.N/n + 1 {
						if _, err := add.Do(b.Context(), w.App, w.Members[0], addIn{ID: fmt.Sprintf("%d-%d", i, k)}); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
		})
	}
}
