package proposal

import (
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// cell is one exact total of a session: category × state.
type cell struct {
	category string
	state    State
	n        int64
}

// cellsOf reads the totals of a session that are not empty.
func cellsOf(l *app.Look, session string) ([]cell, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, c *cell) error { return r.Scan(&c.category, &c.state, &c.n) },
		`SELECT category, state, SUM(n) FROM proposal_tally WHERE committee_id = ? AND session_id = ? GROUP BY category, state HAVING SUM(n) > 0`,
		l.Who().CommitteeID, session)
	if err != nil {
		return nil, fmt.Errorf("read the totals of session %s: %w", session, err)
	}
	return list, nil
}

// wholeOf are the states in which somebody sees every proposal of the
// committee; nil for those who see some proposals only. What nobody handed in
// is in no whole.
func wholeOf(who access.Actor) []State {
	switch {
	case who.Is(access.Office, access.Chief, access.Reviewer):
		return States()[1:]
	case who.Is(access.Leader):
		return filedStates()
	default:
		return nil
	}
}

func filedStates() []State { return []State{Filed, Dispatched, Underway, Replied, Closed} }

// openStates are filed and not yet closed.
func openStates() []State { return filedStates()[:4] }

// Groups of states that the list's filter offers beside single states.
const (
	AllFiled = "all_filed" // 立案
	Open     = "open"      // filed and not yet closed: 办理中
)

// statesOf are the states of a filter; none for a word that is no filter.
func statesOf(filter string) []State {
	switch {
	case filter == AllFiled:
		return filedStates()
	case filter == Open:
		return openStates()
	case slices.Contains(States(), State(filter)):
		return []State{State(filter)}
	default:
		return nil
	}
}

// sum adds the cells of some states; of a category when one is given.
func sum(cells []cell, category string, states []State) int {
	n := int64(0)
	for _, c := range matching(cells, category, states) {
		n += c.n
	}
	return int(n)
}

func matching(cells []cell, category string, states []State) []cell {
	var list []cell
	for _, c := range cells {
		if (category == "" || c.category == category) && slices.Contains(states, c.state) {
			list = append(list, c)
		}
	}
	return list
}

// lateIn counts the proposals of a session that are overdue: a sum over days.
func lateIn(l *app.Look, session, today string) (int, error) {
	var n int
	err := l.Tx().Row(l.Ctx(), "SELECT COALESCE(SUM(n), 0) FROM proposal_due_tally WHERE committee_id = ? AND session_id = ? AND due_on < ?",
		l.Who().CommitteeID, session, today).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count what is late in %s: %w", session, err)
	}
	return n, nil
}
