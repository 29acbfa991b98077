package jobs

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// ShowIn names a job and which of its rows are wanted.
type ShowIn struct {
	ID    string   `json:"id"`
	State RowState `json:"state,omitempty"` // "" for all, what failed first
	After string   `json:"after,omitempty"`
}

// Result is what became of one row.
type Result struct {
	No      int64      `json:"no"`
	Label   string     `json:"label"`
	Link    string     `json:"link,omitempty"`
	State   RowState   `json:"state"`
	Faults  []Fault    `json:"faults,omitempty"`
	EndedAt store.Time `json:"ended_at"`

	rank int64
}

// Shown is a job with a page of its rows.
type Shown struct {
	Job
	Rows  []Result `json:"rows"`
	Shown int64    `json:"shown"` // how many rows the filter finds
	Next  string   `json:"next,omitempty"`
	// Repeated are the jobs that run rows of this one once more, by which of them.
	Repeated map[RowState]string `json:"repeated,omitempty"`
}

const rowsPerPage = 50

// ranked sorts rows by how much they want to be looked at.
const ranked = "CASE r.state WHEN 'failed' THEN 0 WHEN 'unrun' THEN 1 WHEN 'running' THEN 2 WHEN 'waiting' THEN 3 ELSE 4 END"

// RowStates lists the states of rows in the order in which they are shown.
func RowStates() []RowState {
	return []RowState{RowFailed, RowUnrun, RowRunning, RowWaiting, RowDone}
}

// Show shows a job and what became of its rows, those that failed first.
var Show = app.Ask("job.show", scope, func(l *app.Look, s access.Scope, in ShowIn) (Shown, error) {
	var out Shown
	err := scanJob(l.Tx().Row(l.Ctx(), "SELECT "+jobColumns+fromJob+"WHERE j.id = ? AND ("+s.SQL()+")", append([]any{in.ID}, s.Args()...)...), &out.Job)
	if errors.Is(err, store.ErrNone) {
		return out, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return out, fmt.Errorf("show job %s: %w", in.ID, err)
	}
	if in.State != "" && !slices.Contains(RowStates(), in.State) {
		return out, fault.Field("state", "jobs.show.state")
	}
	if err := out.readRows(l, in); err != nil {
		return out, err
	}
	return out, out.readRepeated(l)
})

func (s *Shown) readRows(l *app.Look, in ShowIn) error {
	where := store.F("r.job_id = ?", s.ID)
	if in.State != "" {
		where = store.And(where, store.F("r.state = ?", string(in.State)))
	}
	q := store.Join(store.F("SELECT COUNT(*) FROM job_row r WHERE"), where)
	if err := l.Tx().Row(l.Ctx(), q.SQL, q.Args...).Scan(&s.Shown); err != nil {
		return fmt.Errorf("count rows of job %s: %w", s.ID, err)
	}
	if in.After != "" {
		a, b, _ := strings.Cut(in.After, "-")
		rank, err1 := strconv.ParseInt(a, 10, 64)
		no, err2 := strconv.ParseInt(b, 10, 64)
		if err1 != nil || err2 != nil {
			return fault.Field("after", "jobs.show.after")
		}
		where = store.And(where, store.F("("+ranked+", r.no) > (?, ?)", rank, no))
	}
	q = store.Join(store.F("SELECT "+ranked+", r.no, r.label, r.link, r.state, r.faults, r.ended_at FROM job_row r WHERE"), where,
		store.F("ORDER BY 1, 2 LIMIT ?", rowsPerPage+1))
	list, err := store.List(l.Ctx(), l.Tx(), scanResult, q.SQL, q.Args...)
	if err != nil {
		return fmt.Errorf("list rows of job %s: %w", s.ID, err)
	}
	if len(list) > rowsPerPage {
		list = list[:rowsPerPage]
		last := list[rowsPerPage-1]
		s.Next = strconv.FormatInt(last.rank, 10) + "-" + strconv.FormatInt(last.No, 10)
	}
	s.Rows = list
	return nil
}

func scanResult(r store.Row, x *Result) error {
	var faults string
	if err := r.Scan(&x.rank, &x.No, &x.Label, &x.Link, &x.State, &faults, &x.EndedAt); err != nil || faults == "" {
		return err
	}
	if err := json.Unmarshal([]byte(faults), &x.Faults); err != nil {
		return fmt.Errorf("read why row %d failed: %w", x.No, err)
	}
	return nil
}

func (s *Shown) readRepeated(l *app.Look) error {
	type once struct {
		what RowState
		id   string
	}
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, o *once) error { return r.Scan(&o.what, &o.id) },
		"SELECT again_what, id FROM job WHERE again_of = ?", s.ID)
	if err != nil {
		return fmt.Errorf("look for repetitions of job %s: %w", s.ID, err)
	}
	s.Repeated = map[RowState]string{}
	for _, o := range list {
		s.Repeated[o.what] = o.id
	}
	return nil
}
