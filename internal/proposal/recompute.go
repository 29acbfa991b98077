package proposal

import (
	"context"
	"encoding/json"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/store"
)

// RecomputeDueIn goes through the open reviews of the committee after an id.
type RecomputeDueIn struct {
	After string `json:"after,omitempty"`
}

// RecomputeDueOut tells how many deadlines moved, and where to go on; "" at
// the end.
type RecomputeDueOut struct {
	Changed int    `json:"changed"`
	Next    string `json:"next,omitempty"`
}

// recomputed is one deadline before and after, for the audit record.
type recomputed struct {
	ID   string `json:"id"`
	From string `json:"from"`
	To   string `json:"to"`
}

// Reviews are the open reviews of a committee that are gone through at once.
type Reviews struct {
	committee string
	open      []openReview
}

type openReview struct{ id, due string }

// Object names the committee in the audit record.
func (r Reviews) Object() (string, string) { return "committee", r.committee }

// reviewsAtOnce bounds one act of the recomputing.
const reviewsAtOnce = 200

// RecomputeDue computes the deadlines of open reviews again over the
// committee's calendar as it is now. Only the clockwork does it; what moved is
// in the audit record.
var RecomputeDue = app.Define("proposal.recompute-due", openReviews,
	func(who access.Actor, _ Reviews) access.Verdict {
		return access.When(who.Is(access.System), "access.denied")
	}, recomputeDue)

func openReviews(c *app.Call, in RecomputeDueIn) (Reviews, error) {
	r := Reviews{committee: c.Who().CommitteeID}
	if !c.Who().Is(access.System) {
		return r, nil
	}
	var err error
	r.open, err = store.List(c.Ctx(), c.Tx(), func(row store.Row, o *openReview) error { return row.Scan(&o.id, &o.due) },
		"SELECT id, due FROM proposal WHERE committee_id = ? AND state = ? AND due <> '' AND id > ? ORDER BY id LIMIT ?",
		r.committee, string(Submitted), in.After, reviewsAtOnce)
	if err != nil {
		return r, fmt.Errorf("list open reviews: %w", err)
	}
	return r, nil
}

// DueChanged is the fact that a changed calendar moved a review's deadline.
type DueChanged struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// FactName implements app.Fact.
func (DueChanged) FactName() string { return "proposal.due-changed" }

func recomputeDue(c *app.Call, r Reviews, _ RecomputeDueIn) (RecomputeDueOut, error) {
	var out RecomputeDueOut
	days, err := calendar.Current(&c.Look)
	if err != nil {
		return out, err
	}
	var list []recomputed
	for _, o := range r.open {
		x, err := again(c, o.id, days)
		if err != nil {
			return out, err
		}
		if x != nil {
			list = append(list, *x)
		}
	}
	out.Changed = len(list)
	if len(r.open) == reviewsAtOnce {
		out.Next = r.open[len(r.open)-1].id
	}
	c.Detail(list)
	return out, nil
}

// again computes one deadline again; nil when it stays or its review ended
// meanwhile.
func again(c *app.Call, id string, days *calendar.Workdays) (*recomputed, error) {
	p, err := claim(c, id)
	if err != nil || p.State != Submitted {
		return nil, err
	}
	was, err := dueOf(&c.Look, id)
	if err != nil || was == nil {
		return nil, err
	}
	now, err := calendar.Recompute(*was, days)
	if err != nil {
		return nil, fmt.Errorf("recompute the deadline of %s: %w", id, err)
	}
	if calendar.Same(*was, now) {
		return nil, nil
	}
	text, err := json.Marshal(now)
	if err != nil {
		return nil, fmt.Errorf("keep the deadline of %s: %w", id, err)
	}
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE proposal SET due = ? WHERE id = ?", string(text), id); err != nil {
		return nil, fmt.Errorf("keep the deadline of %s: %w", id, err)
	}
	before := *p
	p.DueOn = now.On.String()
	if err := save(c, &before, p); err != nil {
		return nil, err
	}
	x := recomputed{id, was.On.String(), now.On.String()}
	return &x, c.Record(DueChanged{x.From, x.To}, caseKind, id)
}

// dueOf reads the deadline of a proposal's review, nil when it has none.
func dueOf(l *app.Look, id string) (*calendar.Deadline, error) {
	var text string
	if err := l.Tx().Row(l.Ctx(), "SELECT due FROM proposal WHERE id = ?", id).Scan(&text); err != nil {
		return nil, fmt.Errorf("read the deadline of %s: %w", id, err)
	}
	if text == "" {
		return nil, nil
	}
	var d calendar.Deadline
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return nil, fmt.Errorf("read the deadline of %s: %w", id, err)
	}
	return &d, nil
}

// recomputing hears of a changed calendar. To hear it twice changes nothing,
// as the deadlines are then the same.
func recomputing() app.Listener {
	return app.Listener{Name: "proposal.recompute-due", Kinds: []string{"calendar.changed"}, Hear: func(ctx context.Context, a *app.App, f app.Heard) error {
		who := access.Machine(f.CommitteeID, "deadlines")
		for in := (RecomputeDueIn{}); ; {
			out, err := RecomputeDue.Do(ctx, a, who, in)
			if err != nil {
				return fmt.Errorf("recompute the reviews' deadlines: %w", err)
			}
			if out.Next == "" {
				return nil
			}
			in.After = out.Next
		}
	}}
}
