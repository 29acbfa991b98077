package archive

import (
	"context"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/profile"
)

// RetentionIn sets the class of a file.
type RetentionIn struct {
	Kind      string `json:"kind"`
	ID        string `json:"id"`
	Version   int64  `json:"version,omitempty"`
	Retention string `json:"retention"`
	Reason    string `json:"reason"`

	built *built
}

func (in RetentionIn) order() order {
	return order{kind: in.Kind, id: in.ID, cause: Reclassed, retention: in.Retention, reason: in.Reason, force: true, version: in.Version}
}

// SetRetention sets how long a file is kept (调整保管期限). The class is part of
// the archive number: a file that is archived gets a new number and a new
// edition, and the old number stays unused, as a gap that is explained.
var SetRetention = app.Define("archive.set-retention", func(c *app.Call, in RetentionIn) (*Folder, error) { return folderOf(&c.Look, in.Kind, in.ID) }, mayKeep,
	func(c *app.Call, f *Folder, in RetentionIn) (Kept, error) {
		if f.State != Waiting {
			return keep(c, f, in.order(), in.built)
		}
		return choose(c, f, in)
	}).
	Ahead(func(ctx context.Context, a *app.App, who access.Actor, in RetentionIn) (RetentionIn, error) {
		p, err := prepare.Do(ctx, a, who, order{kind: in.Kind, id: in.ID})
		if err != nil || p.process == nil || p.folder.State == Waiting {
			return in, err
		}
		in.built, err = ahead(ctx, a, who, in.order())
		return in, err
	})

// choose notes the class of a case that is not archived yet.
func choose(c *app.Call, f *Folder, in RetentionIn) (Kept, error) {
	if in.Version != 0 && in.Version != f.Version {
		return Kept{}, fault.New(fault.Stale, "fault.stale")
	}
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return Kept{}, err
	}
	in.Reason = cleaned(in.Reason)
	var p fault.Problems
	p.Check(profile.Offered(rules.Archive.Retention, in.Retention), "retention", "archive.retention-unknown")
	p.Check(in.Retention == "" || in.Retention != usual(f, &rules.Archive), "retention", "archive.retention-same")
	p.Check(in.Reason != "", "reason", "archive.reason-needed")
	p.Check(utf8.RuneCountInString(in.Reason) <= reasonAtMost, "reason", "archive.reason-long", "max", reasonAtMost)
	if err := p.Err(); err != nil {
		return Kept{}, err
	}
	c.Detail(map[string]string{"was": f.Retention, "becomes": in.Retention})
	f.Retention, f.Why = in.Retention, in.Reason
	return Kept{Kind: f.Kind, ID: f.CaseID, Version: f.Version + 1}, f.note(c)
}
