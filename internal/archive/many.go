package archive

import (
	"fmt"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/jobs"
	"tongxin/internal/organization"
	"tongxin/internal/store"
)

// BulkCase archives many cases, each by an act of its own with its own audit
// row; one that cannot be archived does not stop the others.
var BulkCase = jobs.Of(Case, "archive.many.bulk")

// Bulk are the bulk acts of this package, for site to register.
func Bulk() []jobs.Kind { return []jobs.Kind{BulkCase} }

// ManyIn archives several cases.
type ManyIn struct {
	Session string   `json:"session,omitempty"`
	Cases   []string `json:"cases,omitempty"` // kind/id; none of them: every case that waits in the session
}

// ManyOut tells which job does it.
type ManyOut struct {
	Job string `json:"job"`
	N   int    `json:"n"` // cases
}

// shelf is the committee's archive as an act on several cases sees it.
type shelf struct{ committee string }

// Object names the archive in the audit record.
func (s shelf) Object() (kind, id string) { return "archive", s.committee }

func mayKeepMany(who access.Actor, s shelf) access.Verdict {
	return mayKeep(who, &Folder{File: &File{committeeID: s.committee}})
}

// Many archives the closed cases of a session, as a job (批量归档). What is not
// ready stays, and the job's page says why.
var Many = app.Define("archive.many", func(c *app.Call, _ ManyIn) (shelf, error) { return shelf{c.Who().CommitteeID}, nil }, mayKeepMany,
	func(c *app.Call, s shelf, in ManyIn) (ManyOut, error) {
		list, err := waiting(c, s, in)
		if err != nil {
			return ManyOut{}, err
		}
		o := jobs.Order[CaseIn]{}
		for _, f := range list {
			o.Rows = append(o.Rows, jobs.Row[CaseIn]{Label: f.Number + " " + f.Title, Link: "/archive/" + f.Kind + "/" + f.CaseID, In: CaseIn{Kind: f.Kind, ID: f.CaseID}})
		}
		if o.Title, err = sessionTitle(c, in.Session); err != nil {
			return ManyOut{}, err
		}
		out := ManyOut{N: len(list)}
		c.Detail(map[string]any{"n": out.N, "session": in.Session})
		out.Job, err = BulkCase.Start(c, o)
		return out, err
	})

// sessionTitle is how people call a session, "" for none.
func sessionTitle(c *app.Call, id string) (string, error) {
	list, err := organization.Sessions(&c.Look)
	for _, s := range list {
		if s.ID == id {
			return s.Title, err
		}
	}
	return "", err
}

// waiting are the cases that an act on many is about.
func waiting(c *app.Call, s shelf, in ManyIn) ([]File, error) {
	where := []store.Fragment{store.F("f.committee_id = ? AND f.state = 'waiting'", s.committee)}
	if len(in.Cases) > 0 {
		ids := make([]string, len(in.Cases))
		for i, x := range in.Cases {
			_, ids[i], _ = strings.Cut(x, "/")
		}
		where = append(where, store.In("f.case_id", ids...))
	} else {
		where = append(where, store.F("f.session_id = ?", in.Session))
	}
	q := store.Join(store.F("SELECT "+fileColumns+" FROM archive_case f WHERE"), store.And(where...), store.F("ORDER BY f.id"))
	list, err := store.List(c.Ctx(), c.Tx(), scanFile, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list the cases to archive: %w", err)
	}
	if len(list) == 0 {
		return nil, fault.Field("cases", "archive.many.none")
	}
	return list, nil
}
