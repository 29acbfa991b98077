package proposal

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/store"
)

// Waiting is a proposal at the last level of review.
type Waiting struct {
	ID           string     `json:"id"`
	Registration int64      `json:"registration"`
	Title        string     `json:"title"`
	LeadName     string     `json:"lead_name"`
	Category     string     `json:"category"`
	Timing       string     `json:"timing"`
	SubmittedAt  store.Time `json:"submitted_at"`
	DueOn        string     `json:"due_on"`
	Why          string     `json:"why,omitempty"` // message key of what stands in the way of filing
}

// FilingOut is what may be filed together in a session.
type FilingOut struct {
	Session    organization.Session   `json:"session"`
	Next       int64                  `json:"next"` // the next number
	Waiting    []Waiting              `json:"waiting"`
	Sessions   []organization.Session `json:"-"`
	Categories []profile.Coded        `json:"-"`
	Width      int                    `json:"-"`
}

// Filing lists what has reached the last level of review in a session, in the
// order of registration, for filing in bulk.
var Filing = app.Ask("proposal.filing", filingScope, func(l *app.Look, scope access.Scope, in SessionIn) (FilingOut, error) {
	out := FilingOut{Waiting: []Waiting{}}
	var err error
	if out.Session, out.Sessions, err = sessionOf(l, scope, in.Session); err != nil {
		return out, err
	}
	rules, _, err := profile.Current(l)
	if err != nil {
		return out, err
	}
	out.Categories, out.Width = rules.Proposal.Categories, rules.Proposal.NumberWidth
	if out.Next, err = lastNumber(l, out.Session.ID); err != nil {
		return out, err
	}
	out.Next++
	cells, err := cellsOf(l, out.Session.ID)
	if err != nil {
		return out, err
	}
	f := &finder{cells: cells}
	w := store.And(append(f.named([]State{Submitted}), store.F(scope.SQL(), scope.Args()...), store.F("p.session_id = ?", out.Session.ID))...)
	list, err := store.List(l.Ctx(), l.Tx(), scanWaiting(&rules.Proposal), `SELECT p.id, COALESCE(p.registration, 0), p.title, p.lead_name, p.category, p.timing, p.submitted_at, p.due_on, p.level, p.pending
		FROM proposal p WHERE `+w.SQL+` ORDER BY COALESCE(p.registration, 0), p.id`, w.Args...)
	if err != nil {
		return out, fmt.Errorf("list what waits for filing: %w", err)
	}
	for _, x := range list {
		if x.Why != "proposal.file.not-last-level" && len(out.Waiting) < mostAtOnce {
			out.Waiting = append(out.Waiting, x)
		}
	}
	return out, nil
})

// filingScope: the office prepares the order, the director files.
func filingScope(who access.Actor) access.Scope {
	if !who.Is(access.Office, access.Chief) {
		return access.Nothing()
	}
	return scopeOf(who)
}

func scanWaiting(rules *profile.ProposalRules) func(store.Row, *Waiting) error {
	return func(r store.Row, x *Waiting) error {
		p := &Proposal{State: Submitted}
		if err := r.Scan(&x.ID, &x.Registration, &x.Title, &x.LeadName, &x.Category, &x.Timing, &x.SubmittedAt, &x.DueOn, &p.Level, &p.Pending); err != nil {
			return err
		}
		p.Category = x.Category
		x.Why = obstacle(p, rules)
		return nil
	}
}
