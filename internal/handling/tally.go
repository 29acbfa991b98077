package handling

import (
	"cmp"
	"fmt"
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
)

// tallied names one total of table assignment_tally.
type tallied struct {
	year  int
	desk  string
	unit  string
	main  bool
	state State
	mark  string // the due date of open ones; on or late of answered ones
}

// tally counts assignments by what the overview of all units shows.
type tally map[tallied]int

// Marks of answered assignments in table assignment_tally.
const (
	InTime  = "on"
	TooLate = "late"
)

// tallyOf counts what open and answered assignments add to the totals.
func tallyOf(list []Assignment) tally {
	t := tally{}
	for i := range list {
		a := &list[i]
		x := tallied{calendar.DateOf(a.DispatchedAt.Time, calendar.Beijing).Year(), a.DeskID, a.UnitID, a.Role.Main(), a.State, dated(a.DueOn)}
		switch {
		case a.State == Answered && a.AnsweredLate:
			x.mark = TooLate
		case a.State == Answered:
			x.mark = InTime
		case !a.Owes():
			continue
		}
		t[x]++
	}
	return t
}

// retally keeps the totals of the overview by what an act changed. The rows are
// touched in one order, so that two acts never wait for each other in a circle.
func (m *Matter) retally(c *app.Call, now tally) error {
	change := tally{}
	for x, n := range now {
		change[x] += n
	}
	for x, n := range m.tallied {
		change[x] -= n
	}
	m.tallied = now
	var moved []tallied
	for x, n := range change {
		if n != 0 {
			moved = append(moved, x)
		}
	}
	slices.SortFunc(moved, func(a, b tallied) int {
		return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.desk, b.desk), cmp.Compare(a.year, b.year), cmp.Compare(a.state, b.state), cmp.Compare(a.mark, b.mark))
	})
	for _, x := range moved {
		_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO assignment_tally (committee_id, year, desk_id, unit_id, main, state, mark, n) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (committee_id, year, desk_id, unit_id, main, state, mark) DO UPDATE SET n = assignment_tally.n + excluded.n`,
			m.CommitteeID, x.year, x.desk, x.unit, x.main, string(x.state), x.mark, change[x])
		if err != nil {
			return fmt.Errorf("count the assignments of %s: %w", x.unit, err)
		}
	}
	return nil
}
