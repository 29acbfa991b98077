package jobs

import (
	"errors"
	"fmt"
	"strings"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// AgainIn names a job and which of its rows are wanted once more.
type AgainIn struct {
	ID   string   `json:"id"`
	What RowState `json:"what,omitempty"` // failed, the default, or unrun
}

// Again runs the failed rows of an ended job once more, or those that a stop
// left, as a new job of who asks now. fault.Closed while the job runs, when there
// are no such rows, and when it was asked before.
var Again = app.Define("job.again",
	func(c *app.Call, in AgainIn) (*Job, error) { return load(&c.Look, in.ID) },
	maySteer,
	func(c *app.Call, j *Job, in AgainIn) (JobOut, error) {
		if in.What == "" {
			in.What = RowFailed
		}
		n := map[RowState]int64{RowFailed: j.Failed, RowUnrun: j.Unrun}
		switch _, known := n[in.What]; {
		case !known:
			return JobOut{}, fault.Field("what", "jobs.again.what")
		case !j.Over():
			return JobOut{}, fault.New(fault.Closed, "jobs.again.running")
		case n[in.What] == 0:
			return JobOut{}, fault.New(fault.Closed, "jobs.again.none")
		case c.Who().Post.ID == "":
			return JobOut{}, fault.New(fault.Forbidden, "jobs.again.no-post")
		}
		rows, err := j.rowsAgain(c, in.What)
		if err != nil {
			return JobOut{}, err
		}
		made, err := start(c, job{j.Kind, strings.TrimSpace(j.Title), j.ID, string(in.What)}, rows)
		if errors.Is(err, store.ErrUnique) {
			return JobOut{}, fault.New(fault.Closed, "jobs.again.done")
		}
		c.Detail(map[string]any{"of": j.ID, "what": in.What, "rows": len(rows)})
		c.Made(made)
		return JobOut{made}, err
	})

// rowsAgain are the rows of a state that may be run once more. What may have
// been done already is not run again: somebody must look.
func (j *Job) rowsAgain(c *app.Call, what RowState) ([]written, error) {
	type kept struct {
		written
		faults string
	}
	list, err := store.List(c.Ctx(), c.Tx(), func(r store.Row, k *kept) error { return r.Scan(&k.label, &k.link, &k.input, &k.faults) },
		"SELECT label, link, input, faults FROM job_row WHERE job_id = ? AND state = ? ORDER BY no", j.ID, string(what))
	if err != nil {
		return nil, fmt.Errorf("read rows of job %s: %w", j.ID, err)
	}
	var rows []written
	for _, k := range list {
		if k.faults != said(fault.New(fault.Internal, unknownRow)) {
			rows = append(rows, k.written)
		}
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.Closed, "jobs.again.none")
	}
	return rows, nil
}
