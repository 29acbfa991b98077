package handling_test

import (
	"fmt"
	"maps"

	"tongxin/internal/app"
	"tongxin/internal/store"
)

// tallied wants the kept totals of the overview to be what a count gives.
func (w *city) tallied() {
	w.t.Helper()
	count := func(q string) map[string]int {
		list := map[string]int{}
		w.inside(w.Chief, func(c *app.Call) error {
			_, err := store.List(c.Ctx(), c.Tx(), func(r store.Row, _ *struct{}) error {
				var unit, state, mark string
				var main bool
				var n int
				err := r.Scan(&unit, &main, &state, &mark, &n)
				if n != 0 {
					list[fmt.Sprintf("%s %v %s %s", unit, main, state, mark)] = n
				}
				return err
			}, q)
			return err
		})
		return list
	}
	kept := count("SELECT unit_id, main, state, mark, SUM(n) FROM assignment_tally GROUP BY unit_id, main, state, mark")
	real := count(`SELECT unit_id, role <> 'assist', state, CASE WHEN state <> 'answered' THEN due_on WHEN late THEN 'late' ELSE 'on' END, COUNT(*)
		FROM assignment WHERE state IN ('dispatched', 'signed', 'answered') GROUP BY 1, 2, 3, 4`)
	if !maps.Equal(kept, real) {
		w.t.Errorf("kept totals %v, counted %v", kept, real)
	}
}
