package jobs

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// JobIn names a job.
type JobIn struct {
	ID string `json:"id"`
}

// JobOut names the job to look at.
type JobOut struct {
	ID string `json:"id"`
}

// Stop stops a job (停止): rows under way are finished, the others stay not run.
// fault.Closed when it ended before.
var Stop = app.Define("job.stop",
	func(c *app.Call, in JobIn) (*Job, error) { return load(&c.Look, in.ID) },
	maySteer,
	func(c *app.Call, j *Job, _ JobIn) (JobOut, error) {
		if j.Over() || j.State == Stopped {
			return JobOut{}, fault.New(fault.Closed, "jobs.stop.over")
		}
		unrun, err := j.leave(c)
		if err != nil {
			return JobOut{}, err
		}
		j.State, j.StoppedAt, j.stoppedBy = Stopped, c.Now(), c.Who().PersonID
		c.Detail(map[string]any{"kind": j.Kind, "done": j.Done, "failed": j.Failed, "unrun": unrun})
		return JobOut{j.ID}, j.add(c, 0, 0, unrun)
	})

// maySteer: who may see a job may stop it, or have its rows run again as his own
// job.
func maySteer(who access.Actor, j *Job) access.Verdict {
	if j.sees(who) {
		return access.Allow()
	}
	return access.Hide()
}
