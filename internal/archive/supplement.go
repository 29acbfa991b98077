package archive

import (
	"context"

	"tongxin/internal/access"
	"tongxin/internal/app"
)

// SupplementIn makes a new edition of a file.
type SupplementIn struct {
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	Version int64  `json:"version,omitempty"`
	Force   bool   `json:"force,omitempty"`
	Reason  string `json:"reason"` // what came later

	built *built
}

func (in SupplementIn) order() order {
	return order{kind: in.Kind, id: in.ID, cause: Supplement, reason: in.Reason, force: in.Force, version: in.Version}
}

// MakeSupplement makes a new edition because something came later, such as a
// reply to follow-up (补充归档). The earlier editions stay.
var MakeSupplement = app.Define("archive.supplement", func(c *app.Call, in SupplementIn) (*Folder, error) { return folderOf(&c.Look, in.Kind, in.ID) }, mayKeep,
	func(c *app.Call, f *Folder, in SupplementIn) (Kept, error) { return keep(c, f, in.order(), in.built) }).
	Ahead(func(ctx context.Context, a *app.App, who access.Actor, in SupplementIn) (SupplementIn, error) {
		var err error
		in.built, err = ahead(ctx, a, who, in.order())
		return in, err
	})
