package archive

import (
	"context"
	"fmt"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// ManyIn archives several cases, each by an act of its own.
type ManyIn struct {
	Session string   `json:"session,omitempty"`
	Cases   []string `json:"cases,omitempty"` // kind/id; none of them: every case that waits in the session

	results *ManyOut
}

// ManyOut tells what became of each.
type ManyOut struct {
	Done []Kept `json:"done"`
	Left []Left `json:"left"`
}

// Left is a case that was not archived, and why.
type Left struct {
	Kind   string   `json:"kind"`
	ID     string   `json:"id"`
	Number string   `json:"number"`
	Title  string   `json:"title"`
	Key    string   `json:"key"`
	Args   []string `json:"args,omitempty"`
}

// Pairs are the arguments of the sentence.
func (l Left) Pairs() []any { return pairs(l.Args) }

// casesAtMost bounds one act on many; a session with more is done in parts.
const casesAtMost = 200

// shelf is the committee's archive as an act on several cases sees it.
type shelf struct{ committee string }

// Object names the archive in the audit record.
func (s shelf) Object() (kind, id string) { return "archive", s.committee }

func mayKeepMany(who access.Actor, s shelf) access.Verdict {
	return mayKeep(who, &Folder{File: &File{committeeID: s.committee}})
}

// Many archives the closed cases of a session that are ready. Each is an act of
// its own with its own audit row; one that cannot be archived does not stop the
// others (批量归档).
var Many = app.Define("archive.many", func(c *app.Call, _ ManyIn) (shelf, error) { return shelf{c.Who().CommitteeID}, nil }, mayKeepMany,
	func(c *app.Call, _ shelf, in ManyIn) (ManyOut, error) {
		if in.results == nil {
			return ManyOut{}, fault.New(fault.Stale, "fault.stale")
		}
		c.Detail(map[string]int{"done": len(in.results.Done), "left": len(in.results.Left)})
		return *in.results, nil
	}).
	Ahead(func(ctx context.Context, a *app.App, who access.Actor, in ManyIn) (ManyIn, error) {
		if !mayKeepMany(who, shelf{who.CommitteeID}).Allowed() {
			return in, nil
		}
		list, err := waiting.Do(ctx, a, who, in)
		if err != nil {
			return in, err
		}
		who.Via.Key = ""
		in.results = &ManyOut{Done: []Kept{}, Left: []Left{}}
		for _, f := range list {
			if err := ctx.Err(); err != nil {
				return in, err
			}
			in.results.one(ctx, a, who, f)
		}
		return in, nil
	})

// one archives one case and notes what became of it.
func (m *ManyOut) one(ctx context.Context, a *app.App, who access.Actor, f File) {
	out, err := Case.Do(ctx, a, who, CaseIn{Kind: f.Kind, ID: f.CaseID})
	if err == nil {
		m.Done = append(m.Done, out)
		return
	}
	x := fault.From(err)
	if x.Kind == fault.Internal {
		a.Log().Error("a case could not be archived", "case", f.CaseID, "error", err)
	}
	left := Left{Kind: f.Kind, ID: f.CaseID, Number: f.Number, Title: f.Title, Key: x.Key}
	for _, y := range x.Args {
		left.Args = append(left.Args, fmt.Sprint(y))
	}
	m.Left = append(m.Left, left)
}

// waiting are the cases that an act on many is about.
var waiting = app.Ask("archive.waiting", scopeOf, func(l *app.Look, s access.Scope, in ManyIn) ([]File, error) {
	where := []store.Fragment{store.F(s.SQL(), s.Args()...)}
	if len(in.Cases) > 0 {
		if len(in.Cases) > casesAtMost {
			return nil, fault.Field("cases", "archive.many.too-many", "max", casesAtMost)
		}
		ids := make([]string, len(in.Cases))
		for i, x := range in.Cases {
			_, ids[i], _ = strings.Cut(x, "/")
		}
		where = append(where, store.In("f.case_id", ids...))
	} else {
		where = append(where, store.F("f.session_id = ? AND f.state = 'waiting'", in.Session))
	}
	q := store.Join(store.F("SELECT "+fileColumns+" FROM archive_case f WHERE"), store.And(where...), store.F("ORDER BY f.id LIMIT ?", casesAtMost))
	list, err := store.List(l.Ctx(), l.Tx(), scanFile, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list the cases to archive: %w", err)
	}
	if len(list) == 0 {
		return nil, fault.Field("cases", "archive.many.none")
	}
	return list, nil
})
