package jobs

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/store"
)

// ListIn asks for a page of jobs.
type ListIn struct {
	After string `json:"after,omitempty"`
}

// Listed is a page of jobs, the latest first.
type Listed struct {
	Jobs  []Job  `json:"jobs"`
	Total int    `json:"total"`
	Next  string `json:"next,omitempty"`
}

const listSize = 30

// List lists the jobs that somebody may see.
var List = app.Ask("job.list", scope, func(l *app.Look, s access.Scope, in ListIn) (Listed, error) {
	var out Listed
	if err := l.Tx().Row(l.Ctx(), "SELECT COUNT(*) FROM job j WHERE "+s.SQL(), s.Args()...).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count jobs: %w", err)
	}
	where := store.F(s.SQL(), s.Args()...)
	if in.After != "" {
		where = store.And(where, store.F("j.id < ?", in.After))
	}
	q := store.Join(store.F("SELECT "+jobColumns+fromJob+"WHERE"), where, store.F("ORDER BY j.id DESC LIMIT ?", listSize+1))
	list, err := store.List(l.Ctx(), l.Tx(), scanJob, q.SQL, q.Args...)
	if err != nil {
		return out, fmt.Errorf("list jobs: %w", err)
	}
	if len(list) > listSize {
		list = list[:listSize]
		out.Next = list[listSize-1].ID
	}
	out.Jobs = list
	return out, nil
})
