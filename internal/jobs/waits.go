package jobs

import (
	"fmt"
	"strconv"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// remembered is how long an ended job with failed rows stays on the workbench
// of who asked for it, unless they were run again.
const remembered = 7 * 24 * time.Hour

// waits is what the workbench shows of somebody's own jobs: those under way, and
// those whose failed rows nobody saw to.
func waits() []app.Waits {
	return []app.Waits{{Name: "jobs.waits", For: []access.PostKind{access.Office, access.Chief, access.Dispatcher}, All: "/jobs", Follows: true, Find: ownJobs}}
}

func ownJobs(l *app.Look, limit int) ([]app.Waiting, int, error) {
	from := store.F(` FROM job j WHERE j.committee_id = ? AND j.person_id = ? AND (j.ended_at IS NULL OR j.ended_at > ? AND j.failed > 0
		AND NOT EXISTS (SELECT 1 FROM job o WHERE o.again_of = j.id AND o.again_what = 'failed'))`,
		l.Who().CommitteeID, l.Who().PersonID, store.Time{Time: l.Now().Add(-remembered)})
	var total int
	if err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*)"+from.SQL, from.Args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count own jobs: %w", err)
	}
	if total == 0 {
		return nil, 0, nil
	}
	q := store.Join(store.F("SELECT j.id, j.title, j.total, j.done, j.failed, j.unrun, j.asked_at, j.ended_at"), from, store.F("ORDER BY j.id DESC LIMIT ?", limit))
	list, err := store.List(l.Ctx(), l.Tx(), scanWait, q.SQL, q.Args...)
	if err != nil {
		return nil, 0, fmt.Errorf("list own jobs: %w", err)
	}
	return list, total, nil
}

func scanWait(r store.Row, w *app.Waiting) error {
	var j Job
	if err := r.Scan(&j.ID, &j.Title, &j.Total, &j.Done, &j.Failed, &j.Unrun, &j.AskedAt, &j.EndedAt); err != nil {
		return err
	}
	n := func(n int64) string { return strconv.FormatInt(n, 10) }
	*w = app.Waiting{Key: "jobs.wait.running", Args: []string{"done", n(j.Total - j.Left()), "total", n(j.Total), "failed", n(j.Failed)},
		Title: j.Title, Link: PathOf(j.ID), Since: j.AskedAt, State: "jobs.state.running", Tone: "info"}
	if j.Over() {
		w.Key, w.State, w.Tone = "jobs.wait.failed", "jobs.state.done", "bad"
	}
	return nil
}
