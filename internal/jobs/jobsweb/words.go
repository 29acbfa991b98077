package jobsweb

import (
	"strconv"

	"tongxin/internal/jobs"
	"tongxin/internal/web"
)

// nameOf is a job as people call it: 批量交办：市政府督查室.
func nameOf(v web.View, j jobs.Job) string {
	if j.Title == "" {
		return v.T(j.Kind)
	}
	return v.T("jobs.named", "kind", v.T(j.Kind), "title", j.Title)
}

// counts is what became of the rows, in one line.
func counts(v web.View, j jobs.Job) string {
	key := "jobs.counts"
	if j.Unrun > 0 {
		key = "jobs.counts.unrun"
	}
	return v.T(key, numbers(j)...)
}

func numbers(j jobs.Job) []any {
	return []any{"total", j.Total, "done", j.Done, "failed", j.Failed, "unrun", j.Unrun}
}

func stateTone(j jobs.Job) string {
	switch {
	case !j.Over():
		return "info"
	case j.Failed > 0:
		return "bad"
	case j.State == jobs.Stopped:
		return "warn"
	default:
		return "ok"
	}
}

func rowTone(s jobs.RowState) string {
	switch s {
	case jobs.RowDone:
		return "ok"
	case jobs.RowFailed:
		return "bad"
	case jobs.RowRunning:
		return "info"
	case jobs.RowUnrun:
		return "warn"
	default:
		return "mute"
	}
}

// settled counts the rows that have their outcome.
func settled(j jobs.Job) int64 { return j.Total - j.Left() }

func percent(j jobs.Job) string { return itoa(settled(j) * 100 / max(j.Total, 1)) }

// overWord is what is read out when the job ends while somebody looks.
func overWord(v web.View, j jobs.Job) string {
	if j.State == jobs.Stopped {
		return v.T("jobs.over.stopped", numbers(j)...)
	}
	return v.T("jobs.over", numbers(j)...)
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// filter is one choice of rows with its number.
type filter struct {
	state jobs.RowState
	key   string
	n     int64
	late  bool
}

func filters(j jobs.Job) []filter {
	list := []filter{{"", "jobs.results.all", j.Total, false}, {jobs.RowFailed, "jobs.row.failed", j.Failed, j.Failed > 0}, {jobs.RowDone, "jobs.row.done", j.Done, false}}
	if j.Unrun > 0 {
		list = append(list, filter{jobs.RowUnrun, "jobs.row.unrun", j.Unrun, false})
	}
	return list
}

func filterPath(j jobs.Job, f filter) string {
	if f.state == "" {
		return jobs.PathOf(j.ID)
	}
	return jobs.PathOf(j.ID) + "?state=" + string(f.state)
}
