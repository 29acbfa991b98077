package handling

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// DispatchListIn is a list of cases with their units. A dry run tells what would
// happen and starts nothing.
type DispatchListIn struct {
	Content string `json:"content"` // the list as text: commas or tabs between columns
	Name    string `json:"name,omitempty"`
	DryRun  bool   `json:"dry_run,omitempty"`
	Digest  string `json:"digest,omitempty"` // of the plan that was looked at; needed when some rows do not fit

	plan Plan
	err  error
}

// ListOut is the plan after a dry run, else the job that carries it out.
type ListOut struct {
	DryRun bool `json:"dry_run"`
	Plan
	Started
}

// DispatchList dispatches the cases of a list that fit (按清单交办), as a job.
// fault.Stale when they are not those that were looked at.
var DispatchList = app.Define("assignment.dispatch-list", loadPile[DispatchListIn], mayDispatchMany,
	func(c *app.Call, _ pile, in DispatchListIn) (ListOut, error) {
		if in.err != nil {
			return ListOut{}, in.err
		}
		if in.DryRun {
			c.Detail(map[string]any{"dry_run": true, "fitting": in.plan.Fitting, "against": in.plan.Against})
			return ListOut{DryRun: true, Plan: in.plan}, nil
		}
		if in.Digest != in.plan.Digest && (in.Digest != "" || in.plan.Against > 0) {
			return ListOut{}, fault.New(fault.Stale, "handling.bulk.list-changed")
		}
		title := strings.TrimSpace(in.Name)
		if title == "" {
			title = placeOf(c.Who())
		}
		s, err := begin(c, title, in.plan.rows(nil))
		return ListOut{Started: s}, err
	}).Ahead(func(ctx context.Context, a *app.App, who access.Actor, in DispatchListIn) (DispatchListIn, error) {
	// What is wrong is told by run: who may not dispatch learns nothing, and a
	// repetition gets the first answer whatever waits by then.
	if mayDispatchMany(who, pile{}).Allowed() {
		in.plan, in.err = listPlan.Do(ctx, a, who, in.Content)
	}
	return in, nil
})

// listPlan tells what dispatching a list would do.
var listPlan = app.Ask("assignment.list-plan", queueScope, func(l *app.Look, s access.Scope, content string) (Plan, error) {
	lines, err := readList(content)
	if err != nil {
		return Plan{}, err
	}
	units, err := unitsOf(l)
	if err != nil {
		return Plan{}, err
	}
	list, err := waiting(l, s)
	if err != nil {
		return Plan{}, err
	}
	k := &lookup{here: map[string][]Waits{}, seen: map[string]int{}}
	for _, w := range list.Waits {
		n := plainNumber(w.Number)
		k.here[n] = append(k.here[n], w)
	}
	if err := k.elsewhere(l, lines); err != nil {
		return Plan{}, err
	}
	var plan Plan
	for _, line := range lines {
		plan.Rows = append(plan.Rows, k.plan(line, units))
	}
	return plan, plan.sum()
})

// lookup finds the cases of a list.
type lookup struct {
	here  map[string][]Waits // by plain number: what may be dispatched
	there map[string]other   // what may not, as far as he may know of it
	seen  map[string]int     // row in which a number stood already
}

// other is a case that does not wait here.
type other struct {
	number, title string
	stage         Stage
}

// plan plans one line of a list.
func (k *lookup) plan(line listLine, units directory) Planned {
	p := Planned{Row: line.row, Number: line.number, Units: line.units, Note: line.note}
	n := plainNumber(line.number)
	found := k.here[n]
	switch {
	case n == "":
		p.wrong(colNumber, "handling.bulk.number-missing")
	case k.seen[n] > 0:
		p.wrong(colNumber, "handling.bulk.number-twice", "row", k.seen[n])
	case len(found) > 1:
		p.wrong(colNumber, "handling.bulk.number-several", "number", line.number)
	case len(found) == 1:
		p.Kind, p.ID, p.Number, p.Title = found[0].Kind, found[0].ID, found[0].Number, found[0].Title
	default:
		k.absent(&p, n)
	}
	if k.seen[n] == 0 {
		k.seen[n] = line.row
	}
	for _, w := range line.wrong {
		p.wrong(w.column, w.key, w.args...)
	}
	units.fitted(&p)
	return p
}

// fitted tells of the units even when the number is wrong, so that a person
// mends everything at once.
func (d directory) fitted(p *Planned) {
	before := p.Problems
	p.Problems = nil
	if len(p.Units) > 0 || len(before) == 0 {
		p.fit(d)
	}
	p.Problems = append(before, p.Problems...)
}

// absent tells why a number is not among what waits.
func (k *lookup) absent(p *Planned, n string) {
	o, ok := k.there[n]
	if !ok {
		p.wrong(colNumber, "handling.bulk.number-unknown", "number", p.Number)
		return
	}
	p.Number, p.Title = o.number, o.title
	if o.stage == Filed {
		p.wrong(colNumber, "handling.dispatch.at-desk", "number", o.number)
		return
	}
	p.wrong(colNumber, "handling.dispatch.done", "number", o.number)
}

const (
	numbersAtOnce = 100
	numbersAtMost = 500 // numbers of which we look for the reason
)

// elsewhere reads what is known of the numbers that do not wait here: for the
// office every case, for a desk those that passed over it.
func (k *lookup) elsewhere(l *app.Look, lines []listLine) error {
	k.there = map[string]other{}
	var written []string
	for _, line := range lines {
		n := plainNumber(line.number)
		if n == "" || k.here[n] != nil || len(written) >= numbersAtMost*len(widths()) {
			continue
		}
		written = append(written, waysToWrite(n)...)
	}
	for len(written) > 0 {
		n := min(len(written), numbersAtOnce*len(widths()))
		if err := k.readElsewhere(l, written[:n]); err != nil {
			return err
		}
		written = written[n:]
	}
	return nil
}

func (k *lookup) readElsewhere(l *app.Look, numbers []string) error {
	where := []store.Fragment{store.F("h.committee_id = ?", l.Who().CommitteeID), store.In("h.number", numbers...)}
	if !office(l.Who()) {
		where = append(where, store.F("EXISTS (SELECT 1 FROM handling_involved i WHERE i.body_id = ? AND i.case_kind = h.case_kind AND i.case_id = h.case_id)", l.Who().Post.BodyID))
	}
	q := store.Join(store.F("SELECT h.number, h.title, h.stage FROM handling_case h WHERE"), store.And(where...), store.F("ORDER BY h.opened_at"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, o *other) error { return r.Scan(&o.number, &o.title, &o.stage) }, q.SQL, q.Args...)
	if err != nil {
		return fmt.Errorf("look for the cases of a list: %w", err)
	}
	for _, o := range list {
		k.there[plainNumber(o.number)] = o
	}
	return nil
}

// widths are how many digits a written number may have at least.
func widths() []int { return []int{1, 2, 3, 4, 5} }

// waysToWrite are the numbers as cases may bear them: 第 14 号, 第 014 号 …
func waysToWrite(plain string) []string {
	n, err := strconv.ParseInt(plain, 10, 64)
	if err != nil {
		return []string{plain}
	}
	var list []string
	for _, w := range widths() {
		list = append(list, fmt.Sprintf("第 %0*d 号", w, n))
	}
	return list
}
