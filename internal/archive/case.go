package archive

import (
	"context"

	"tongxin/internal/access"
	"tongxin/internal/app"
)

// CaseIn archives a closed case.
type CaseIn struct {
	Kind      string `json:"kind"`
	ID        string `json:"id"`
	Retention string `json:"retention,omitempty"` // class; "" for the usual one
	Force     bool   `json:"force,omitempty"`     // although promises are still tracked
	Reason    string `json:"reason,omitempty"`    // needed with Force, and when the self-check found something severe

	built *built
}

func (in CaseIn) order() order {
	return order{kind: in.Kind, id: in.ID, cause: First, retention: in.Retention, reason: in.Reason, force: in.Force}
}

// Case archives a closed case: the first edition of its file (归档).
var Case = app.Define("archive.case", func(c *app.Call, in CaseIn) (*Folder, error) { return folderOf(&c.Look, in.Kind, in.ID) }, mayKeep,
	func(c *app.Call, f *Folder, in CaseIn) (Kept, error) { return keep(c, f, in.order(), in.built) }).
	Ahead(func(ctx context.Context, a *app.App, who access.Actor, in CaseIn) (CaseIn, error) {
		var err error
		in.built, err = ahead(ctx, a, who, in.order())
		return in, err
	})
