package jobs

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tongxin/internal/app"
	"tongxin/internal/clock"
	"tongxin/internal/fault"
)

// Fault is why a row failed, in words that each reader gets in his language.
type Fault struct {
	Key   string   `json:"key"`             // message key
	Args  []string `json:"args,omitempty"`  // pairs of placeholder and value; days as 2026-03-31
	Field string   `json:"field,omitempty"` // of the action's input
}

const (
	faultsAtMost = 10
	valueAtMost  = 100 // characters
)

// FaultsOf is what is wrong as it can be kept and shown later: keys and short
// values. An error that is no fault of a person is one sentence that says so.
func FaultsOf(err error) []Fault {
	if err == nil {
		return nil
	}
	var list []Fault
	for _, x := range fault.From(err).All() {
		if len(list) < faultsAtMost {
			list = append(list, Fault{x.Key, values(x.Args), x.Field})
		}
	}
	return list
}

// said is how a fault is kept.
func said(f *fault.Error) string {
	b, err := json.Marshal(FaultsOf(f))
	if err != nil { // texts alone are always JSON
		return ""
	}
	return string(b)
}

func values(args []any) []string {
	var list []string
	for _, a := range args {
		text := ""
		switch a := a.(type) {
		case time.Time:
			text = a.In(clock.Beijing).Format("2006-01-02 15:04")
		case clock.Instant:
			text = a.In(clock.Beijing).Format("2006-01-02 15:04")
		default:
			text = fmt.Sprint(a)
		}
		if utf8.RuneCountInString(text) > valueAtMost {
			text = string([]rune(text)[:valueAtMost-1]) + "…"
		}
		list = append(list, strings.ToValidUTF8(text, "\ufffd"))
	}
	return list
}

// outcome is what became of one claimed row.
type outcome struct {
	No     int64    `json:"no"`
	State  RowState `json:"state"` // done or failed; waiting when it was not run
	faults string
	lost   bool // waiting: the try counts
}

// settleIn are the outcomes of one claim.
type settleIn struct {
	Job      string    `json:"job"`
	Token    string    `json:"token"`
	Outcomes []outcome `json:"outcomes"`
}

// settle records what became of claimed rows. What another worker claimed in
// the meantime is left to it.
var settle = app.Define("job.settle",
	func(c *app.Call, in settleIn) (*Job, error) { return load(&c.Look, in.Job) },
	bySystem[*Job],
	func(c *app.Call, j *Job, in settleIn) (struct{}, error) {
		s := settling{c, j, in.Token}
		var failed, unrun int64
		for _, o := range in.Outcomes {
			var err error
			switch o.State {
			case RowFailed:
				err = s.exec(&failed, o.No, "state = 'failed', faults = ?, ended_at = ?", o.faults, c.Now())
			case RowWaiting:
				err = s.release(&unrun, o)
			}
			if err != nil {
				return struct{}{}, err
			}
		}
		// What is left of the claim is done. Its input is not needed any more.
		done, err := c.Tx().Exec(c.Ctx(), "UPDATE job_row SET state = 'done', input = '', ended_at = ? WHERE job_id = ? AND state = 'running' AND claim = ?", c.Now(), j.ID, in.Token)
		if err != nil {
			return struct{}{}, fmt.Errorf("settle rows of job %s: %w", j.ID, err)
		}
		return struct{}{}, j.add(c, done, failed, unrun)
	}).Quietly()

// settling is the recording of one claim.
type settling struct {
	c     *app.Call
	j     *Job
	token string
}

func (s settling) exec(n *int64, no int64, set string, args ...any) error {
	touched, err := s.c.Tx().Exec(s.c.Ctx(), "UPDATE job_row SET "+set+" WHERE job_id = ? AND no = ? AND state = 'running' AND claim = ?", append(args, s.j.ID, no, s.token)...)
	if err != nil {
		return fmt.Errorf("settle row %d of job %s: %w", no, s.j.ID, err)
	}
	*n += touched
	return nil
}

// release gives a row back that was not run; in a stopped job nobody wants it.
func (s settling) release(unrun *int64, o outcome) error {
	tries := "tries - 1"
	if o.lost {
		tries = "tries"
	}
	if s.j.State == Stopped {
		return s.exec(unrun, o.No, "state = 'unrun', claim = ''")
	}
	var waits int64
	return s.exec(&waits, o.No, "state = 'waiting', claim = '', tries = "+tries)
}
