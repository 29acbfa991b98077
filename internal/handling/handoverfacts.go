package handling

import (
	"fmt"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/notify"
)

// WasHanded tells that work went from one unit to another; About names the
// unit that has it now.
type WasHanded struct {
	About
	AssignmentID string `json:"assignment_id"` // that goes on
	FromUnit     string `json:"from_unit"`
	FromName     string `json:"from_name"`
	Outcome      string `json:"outcome"`
	Cause        string `json:"cause"`
	Main         bool   `json:"main"` // of a unit that answers the proposers
}

// FactName is the fact's name.
func (WasHanded) FactName() string { return "assignment.handed" }

// WasAppointed tells that a unit named another officer for a case. People and
// Bodies are the proposers, where they reach somebody else now.
type WasAppointed struct {
	About
	AssignmentID string `json:"assignment_id"`
}

// FactName is the fact's name.
func (WasAppointed) FactName() string { return "assignment.appointed" }

// HandOverWasAsked tells that an order waits to be carried out.
type HandOverWasAsked struct {
	Order string `json:"order"`
}

// FactName is the fact's name.
func (HandOverWasAsked) FactName() string { return "hand-over.asked" }

// HandOverWasDone tells that an order is carried out.
type HandOverWasDone struct {
	Order    string `json:"order"`
	FromName string `json:"from_name"`
	ToUnit   string `json:"to_unit"`
	Moved    int    `json:"moved"` // cases that the unit has now
}

// FactName is the fact's name.
func (HandOverWasDone) FactName() string { return "hand-over.done" }

// handOverNotices: the unit is told once per order, the proposers of each case
// whose unit or officer changed.
func handOverNotices() []notify.Rule {
	return []notify.Rule{
		on("assignment.handed", func(n *news, f WasHanded) error {
			if !f.Main {
				return nil
			}
			n.with("from", f.FromName)
			return n.proposers("handling.notice.handed")
		}),
		on("assignment.appointed", func(n *news, f WasAppointed) error {
			if len(f.People)+len(f.Bodies) == 0 {
				return nil
			}
			return n.people(f.About, "handling.notice.appointed")
		}),
		{Fact: "hand-over.done", Notices: func(l *app.Look, h app.Heard) ([]notify.Notice, error) {
			f, err := notify.Body[HandOverWasDone](h)
			if err != nil || f.Moved == 0 {
				return nil, err
			}
			to, err := notify.Holders(l, f.ToUnit, access.Handler, access.Signer)
			if err != nil {
				return nil, fmt.Errorf("find who takes over order %s: %w", f.Order, err)
			}
			return []notify.Notice{{To: to, Key: "handling.notice.took-over", Args: []string{"from", f.FromName, "n", strconv.Itoa(f.Moved)}, Link: "/assignments"}}, nil
		}},
	}
}
