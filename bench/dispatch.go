package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tongxin/bench/load"
	"tongxin/bench/machine"
	"tongxin/bench/product"
	"tongxin/bench/report"
)

// What a supervision office dispatches after a session.
const (
	dispatchCases = 409
	pairs         = 77  // of them go to two units, the others to three: 1,150 assignments
	actAtMost     = 200 // cases of one act
)

// desk is a supervision office at which cases wait.
type desk struct {
	*running
	chief, self load.Head
	id          string
	units       []string
	made        int
}

// dispatches measures bulk dispatch: in acts of two hundred cases, and as a job.
func (b *bench) dispatches() (err error) {
	if !b.wants("dispatch") {
		return nil
	}
	const proposals = 2000
	b.tell("dispatch: product with %s proposals", report.Count(proposals))
	mine, err := b.startProduct("dispatch", product.Size{Proposals: proposals})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, mine.end()) }()
	d, err := b.deskOf(mine)
	if err != nil {
		return err
	}
	ways := []struct {
		name   string
		run    func([]row) (time.Duration, error)
		rounds []report.Round
	}{{name: "acts of 200", run: d.byActs}, {name: "a job", run: d.byJob}}
	for round := range b.options.rounds {
		for i := range ways {
			w := &ways[(round+i)%len(ways)]
			r, err := b.dispatchOnce(d, w.run)
			if err != nil {
				return fmt.Errorf("dispatch by %s: %w", w.name, err)
			}
			w.rounds = append(w.rounds, r)
			b.tell("  round %d  %-12s %s for all  CPU %.3f s/1,000, %.3f of it behind", round+1, w.name, report.Duration(r.P50), r.CPU, r.Behind)
		}
	}
	b.report.Measures = append(b.report.Measures, dispatchMeasure(ways[0].rounds, ways[1].rounds))
	return nil
}

// deskOf finds the people and units of a dispatch.
func (b *bench) deskOf(p *running) (*desk, error) {
	d := &desk{running: p}
	chief, err := p.Tokens(b.ctx, "chief", 1)
	if err != nil {
		return nil, err
	}
	token, id, err := p.Desk(b.ctx)
	if err != nil {
		return nil, err
	}
	d.chief, d.self, d.id = load.Head{Host: p.address, Token: chief[0]}, load.Head{Host: p.address, Token: token}, id
	var bodies []struct {
		ID string `json:"id"`
	}
	if err := ask(p.office, "GET", "/api/v1/bodies?kind=unit", nil, &bodies); err != nil {
		return nil, err
	}
	for _, x := range bodies {
		d.units = append(d.units, x.ID)
	}
	if len(d.units) < 3 {
		return nil, fmt.Errorf("the city has %d units, too few", len(d.units))
	}
	return d, nil
}

// dispatchOnce lets the cases of one round wait at the desk and dispatches them.
func (b *bench) dispatchOnce(d *desk, run func([]row) (time.Duration, error)) (report.Round, error) {
	rows, err := d.wait()
	if err != nil {
		return report.Round{}, err
	}
	before, err := machine.Settle(d.PID(), settling)
	if err != nil {
		return report.Round{}, err
	}
	took, err := run(rows)
	if err != nil {
		return report.Round{}, err
	}
	ended, err := machine.CPU(d.PID())
	if err != nil {
		return report.Round{}, err
	}
	after, err := machine.Settle(d.PID(), settling)
	const thousands = float64(dispatchCases) / 1000
	return report.Round{PerSecond: dispatchCases / took.Seconds(), P50: took, P99: took, CPU: (after - before).Seconds() / thousands, Behind: (after - ended).Seconds() / thousands}, err
}

type unitRole struct {
	Unit string `json:"unit"`
	Role string `json:"role"`
}

// row is a case with its units.
type row struct {
	Kind  string     `json:"kind"`
	ID    string     `json:"id"`
	Units []unitRole `json:"units"`
}

// wait hands in, reviews and files new proposals and sends them to the desk, each with the
// units that are proposed.
func (d *desk) wait() ([]row, error) {
	rows := make([]row, dispatchCases)
	texts := newLetters(`{"title":"TITLE","category":` + strconv.Quote(d.shape.Categories[0]) + `,"background":"BODY",` +
		`"basis":"走访社区十二个","items":["设立综合服务窗口，一家牵头","公开办理期限和结果"],"publish":"agreed"}`)
	for i := range rows {
		d.made++
		var made struct {
			ID string `json:"id"`
		}
		member := load.Head{Host: d.address, Token: d.members[i%len(d.members)]}
		if err := ask(member, "POST", "/api/v1/proposals/submit", raw(texts.write(uint64(d.made), nil)), &made); err != nil {
			return nil, err
		}
		for _, step := range []struct {
			head load.Head
			path string
		}{{d.office, "/review"}, {d.chief, "/file"}} {
			var moved struct{}
			if err := ask(step.head, "POST", "/api/v1/proposals/"+made.ID+step.path, struct{}{}, &moved); err != nil {
				return nil, err
			}
		}
		rows[i] = row{Kind: "proposal", ID: made.ID, Units: d.share(i)}
	}
	for part := range slices.Chunk(rows, actAtMost) {
		var out struct{}
		if err := ask(d.office, "POST", "/api/v1/cases/route", map[string]any{"desk": d.id, "rows": part}, &out); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// share gives a case to two or three units.
func (d *desk) share(i int) []unitRole {
	roles := []string{"lead", "assist", "assist"}
	if i < pairs {
		roles = roles[:2]
	}
	var list []unitRole
	for k, role := range roles {
		list = append(list, unitRole{d.units[(i*3+k)%len(d.units)], role})
	}
	return list
}

// byActs dispatches in acts of two hundred cases, all or none, one after another.
func (d *desk) byActs(rows []row) (time.Duration, error) {
	start := time.Now()
	for part := range slices.Chunk(rows, actAtMost) {
		var out struct{}
		if err := ask(d.self, "POST", "/api/v1/cases/dispatch", map[string]any{"rows": part}, &out); err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}

// byJob dispatches all that waits as proposed, and looks until the job has ended.
func (d *desk) byJob(rows []row) (time.Duration, error) {
	var plan struct {
		Digest  string `json:"digest"`
		Fitting int    `json:"fitting"`
	}
	if err := ask(d.self, "GET", "/api/v1/dispatch/plan", nil, &plan); err != nil {
		return 0, err
	}
	start := time.Now()
	var begun struct {
		Job   string `json:"job"`
		Cases int    `json:"cases"`
	}
	if err := ask(d.self, "POST", "/api/v1/dispatch/all", map[string]any{"digest": plan.Digest}, &begun); err != nil {
		return 0, err
	}
	for time.Since(start) < time.Minute {
		var job struct {
			Done    int     `json:"done"`
			EndedAt *string `json:"ended_at"`
		}
		if err := ask(d.self, "GET", "/api/v1/jobs/"+begun.Job, nil, &job); err != nil {
			return 0, err
		}
		if job.EndedAt == nil {
			time.Sleep(look)
			continue
		}
		if job.Done != begun.Cases || begun.Cases < len(rows) {
			return 0, fmt.Errorf("the job dispatched %d of %d cases, %d waited", job.Done, begun.Cases, len(rows))
		}
		return time.Since(start), nil
	}
	return 0, errors.New("the job did not end within a minute")
}

// look is the time between two looks at a job.
const look = 20 * time.Millisecond

func dispatchMeasure(acts, job []report.Round) report.Measure {
	rows := []report.Row{report.Summary("a job, a case at a time", job, nil), report.Summary("acts of 200 cases, all or none", acts, nil)}
	return report.Measure{
		Title: fmt.Sprintf("Bulk dispatch of %d cases to 1,150 assignments", dispatchCases),
		Text: []string{"A supervision office dispatches what waits at it as proposed: `POST /api/v1/dispatch/all` until the job has ended, looked at every 20 ms. " +
			"Each case is its own act, with partial results and progress meanwhile. Beside it the same as acts of at most 200 cases, one after another, in which one case that cannot be dispatched holds up all: `POST /api/v1/cases/dispatch`.",
			"An answer is a case here; p50 and p99 are the time for all of them."},
		Rows:    rows,
		Targets: []report.Target{report.AtMost("dispatch.job", "bulk dispatch of 409 cases to 1,150 assignments", rows[0].P50.Seconds(), 3, " s")},
	}
}
