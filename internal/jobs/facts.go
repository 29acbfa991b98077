package jobs

import (
	"strconv"

	"tongxin/internal/app"
	"tongxin/internal/notify"
)

// WasAsked tells that a job waits for its workers.
type WasAsked struct {
	Kind  string `json:"kind"`
	Total int    `json:"total"`
}

// FactName is the fact's name.
func (WasAsked) FactName() string { return "job.asked" }

// WasDone tells that every row of a job has its outcome, or was left after a
// stop.
type WasDone struct {
	Kind      string `json:"kind"`
	Title     string `json:"title,omitempty"`
	State     State  `json:"state"`
	Total     int64  `json:"total"`
	Done      int64  `json:"done"`
	Failed    int64  `json:"failed"`
	Unrun     int64  `json:"unrun"`
	PersonID  string `json:"person_id"`            // who asked
	StoppedBy string `json:"stopped_by,omitempty"` // "" for the product itself
}

// FactName is the fact's name.
func (WasDone) FactName() string { return "job.done" }

// Notices tells who asked for a job that it ended; not who stopped it himself.
func Notices() []notify.Rule {
	return []notify.Rule{{Fact: WasDone{}.FactName(), Notices: func(_ *app.Look, h app.Heard) ([]notify.Notice, error) {
		f, err := notify.Body[WasDone](h)
		if err != nil || f.State == Stopped && f.StoppedBy == f.PersonID {
			return nil, err
		}
		key := "jobs.notice.done"
		switch {
		case f.State == Stopped:
			key = "jobs.notice.stopped"
		case f.Failed > 0:
			key = "jobs.notice.failed"
		}
		n := func(n int64) string { return strconv.FormatInt(n, 10) }
		return []notify.Notice{{To: []string{f.PersonID}, Key: key, Link: PathOf(h.ObjectID),
			Args: []string{"title", f.Title, "total", n(f.Total), "done", n(f.Done), "failed", n(f.Failed), "unrun", n(f.Unrun)}}}, nil
	}}}
}
