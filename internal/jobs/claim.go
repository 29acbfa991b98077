package jobs

import (
	"fmt"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

const (
	lease       = 30 * time.Second // how long a claim holds
	claimAtOnce = 64               // rows
	triesAtMost = 5                // claims of one row; a row that ends its node each time must not do so for ever
)

// claimIn names the job of which rows are wanted.
type claimIn struct {
	Job string `json:"job"`
}

// batch are claimed rows of one job, to be run as somebody.
type batch struct {
	Job   string       `json:"job"`
	Kind  string       `json:"kind"`
	Token string       `json:"token"` // of the claim
	Who   access.Actor `json:"-"`
	Rows  []claimed    `json:"rows"`
	until time.Time    // no row begins later: the claim might run out while it runs
}

// claimed is one row to run.
type claimed struct {
	No    int64 `json:"no"`
	input string
	state RowState
	tries int64
}

// bySystem is the rule of what only the clockwork does.
func bySystem[S any](who access.Actor, _ S) access.Verdict {
	return access.When(who.Is(access.System), "access.denied")
}

// claim takes some rows of a job: from its commit on no other worker takes them
// until the claim runs out. It looks up who asked, and refuses what is left when
// he may not act any more.
var claim = app.Define("job.claim",
	func(c *app.Call, in claimIn) (*Job, error) { return load(&c.Look, in.Job) },
	bySystem[*Job],
	func(c *app.Call, j *Job, _ claimIn) (batch, error) {
		if j.Over() {
			return batch{}, nil
		}
		if c.Now().Sub(j.AskedAt.Time) > staleAfter {
			return batch{}, j.giveUp(c)
		}
		who, gone, err := asker(&c.Look, j)
		if err != nil {
			return batch{}, err
		}
		if gone != "" {
			return batch{}, j.refuse(c, gone)
		}
		return j.take(c, who)
	}).Quietly()

// asker is who asked for the job as he stands now; gone is the message key of
// the reason why he may not act any more.
func asker(l *app.Look, j *Job) (who access.Actor, gone string, err error) {
	who, err = organization.ActorOf(l, j.committeeID, j.personID, j.postID)
	switch {
	case err != nil:
		return who, "", fmt.Errorf("find who asked for job %s: %w", j.ID, err)
	case !who.SignedIn():
		return who, "jobs.gone.account", nil
	case who.Post.ID == "":
		return who, "jobs.gone.post", nil
	}
	return who, "", nil
}

// abandoned is the condition of rows whose worker went away.
const abandoned = "job_id = ? AND state = 'running' AND claimed_until <= ?"

// take claims the next rows: those that wait, and those whose worker went away.
func (j *Job) take(c *app.Call, who access.Actor) (batch, error) {
	failed, err := c.Tx().Exec(c.Ctx(), "UPDATE job_row SET state = 'failed', faults = ?, ended_at = ? WHERE "+abandoned+" AND tries >= ?",
		said(fault.New(fault.Internal, "jobs.row.gave-up")), c.Now(), j.ID, c.Now(), triesAtMost)
	if err != nil {
		return batch{}, fmt.Errorf("give up rows of job %s: %w", j.ID, err)
	}
	b := batch{Job: j.ID, Kind: j.Kind, Token: id.New(), Who: who}
	b.Rows, err = store.List(c.Ctx(), c.Tx(), func(r store.Row, x *claimed) error { return r.Scan(&x.No, &x.input, &x.state, &x.tries) },
		`SELECT no, input, state, tries FROM job_row WHERE job_id = ? AND (state = 'waiting' OR state = 'running' AND claimed_until <= ?)
		ORDER BY state, no LIMIT ?`, j.ID, c.Now(), claimAtOnce)
	if err != nil {
		return batch{}, fmt.Errorf("find rows of job %s: %w", j.ID, err)
	}
	if err := b.mark(c); err != nil {
		return batch{}, err
	}
	if j.State == Waiting && len(b.Rows) > 0 {
		j.State, j.StartedAt = Running, c.Now()
	} else if failed == 0 {
		return b, nil
	}
	return b, j.add(c, 0, failed, 0)
}

// mark writes the claim: of each state the rows up to the last one found.
func (b *batch) mark(c *app.Call) error {
	last := map[RowState]int64{}
	for _, r := range b.Rows {
		last[r.state] = max(last[r.state], r.No)
	}
	b.until = c.Now().Add(lease / 2)
	until := store.Time{Time: c.Now().Add(lease)}
	const set = "UPDATE job_row SET state = 'running', claim = ?, claimed_until = ?, tries = tries + 1 WHERE "
	if last[RowRunning] > 0 { // first, so that what waits is not taken for abandoned
		if _, err := c.Tx().Exec(c.Ctx(), set+abandoned+" AND no <= ?", b.Token, until, b.Job, c.Now(), last[RowRunning]); err != nil {
			return fmt.Errorf("claim rows of job %s: %w", b.Job, err)
		}
	}
	if last[RowWaiting] > 0 {
		if _, err := c.Tx().Exec(c.Ctx(), set+"job_id = ? AND state = 'waiting' AND no <= ?", b.Token, until, b.Job, last[RowWaiting]); err != nil {
			return fmt.Errorf("claim rows of job %s: %w", b.Job, err)
		}
	}
	return nil
}

// refuse gives every row that waits its reason. Of rows whose worker went away
// nobody can say any more whether they were done.
func (j *Job) refuse(c *app.Call, gone string) error {
	refused, err := c.Tx().Exec(c.Ctx(), "UPDATE job_row SET state = 'failed', faults = ?, ended_at = ? WHERE job_id = ? AND state = 'waiting'",
		said(fault.New(fault.Forbidden, gone)), c.Now(), j.ID)
	if err != nil {
		return fmt.Errorf("refuse rows of job %s: %w", j.ID, err)
	}
	unknown, err := j.unknown(c)
	if err != nil || refused+unknown == 0 {
		return err
	}
	return j.add(c, 0, refused+unknown, 0)
}

// giveUp stops a job that nobody ran for days: the answers to its keys may be
// forgotten, so that running a row again could do it twice.
func (j *Job) giveUp(c *app.Call) error {
	unknown, err := j.unknown(c)
	if err != nil {
		return err
	}
	unrun, err := j.leave(c)
	if err != nil {
		return err
	}
	if j.State != Stopped {
		j.State, j.StoppedAt = Stopped, c.Now()
	}
	return j.add(c, 0, unknown, unrun)
}

// unknownRow tells of a row of which nobody can say whether it was done.
const unknownRow = "jobs.row.unknown"

// unknown ends rows whose worker went away and that cannot be run again.
func (j *Job) unknown(c *app.Call) (int64, error) {
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE job_row SET state = 'failed', faults = ?, ended_at = ? WHERE "+abandoned,
		said(fault.New(fault.Internal, unknownRow)), c.Now(), j.ID, c.Now())
	if err != nil {
		return 0, fmt.Errorf("end rows of job %s: %w", j.ID, err)
	}
	return n, nil
}

// leave ends the rows that wait as not run.
func (j *Job) leave(c *app.Call) (int64, error) {
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE job_row SET state = 'unrun' WHERE job_id = ? AND state = 'waiting'", j.ID)
	if err != nil {
		return 0, fmt.Errorf("leave rows of job %s: %w", j.ID, err)
	}
	return n, nil
}

// add brings the job's counters up to what was just written to its rows, in the
// same commit, and ends the job when every row has its outcome.
func (j *Job) add(c *app.Call, done, failed, unrun int64) error {
	j.Done, j.Failed, j.Unrun = j.Done+done, j.Failed+failed, j.Unrun+unrun
	ended := j.Left() == 0 && !j.Over()
	if ended {
		j.EndedAt = c.Now()
		if j.State != Stopped {
			j.State = Done
		}
	}
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE job SET state = ?, done = ?, failed = ?, unrun = ?, started_at = ?, stopped_at = ?, stopped_by = ?, ended_at = ? WHERE id = ?",
		string(j.State), j.Done, j.Failed, j.Unrun, j.StartedAt, j.StoppedAt, j.stoppedBy, j.EndedAt, j.ID)
	if err != nil {
		return fmt.Errorf("keep how far job %s is: %w", j.ID, err)
	}
	if !ended {
		return nil
	}
	c.InCommittee(j.committeeID)
	return c.Record(WasDone{Kind: j.Kind, Title: j.Title, State: j.State, Total: j.Total, Done: j.Done, Failed: j.Failed, Unrun: j.Unrun,
		PersonID: j.personID, StoppedBy: j.stoppedBy}, "job", j.ID)
}
