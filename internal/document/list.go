package document

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// ListIn names the thing.
type ListIn struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// List are the attachments of a thing and what may be done with them.
type List struct {
	Kind      string `json:"kind"`
	ID        string `json:"id"`
	Files     []File `json:"files"`
	MayAttach bool   `json:"may_attach"`
	MaxFiles  int    `json:"max_files,omitempty"`
	MaxBytes  int64  `json:"max_bytes,omitempty"` // of one file
}

// Left is how many files may still be added.
func (l List) Left() int { return max(l.MaxFiles-len(l.Files), 0) }

// Listing lists the attachments of a thing the actor may read.
var Listing = app.Ask("document.list", scope, list)

// FileIn names one attachment.
type FileIn struct {
	ID string `json:"id"`
}

// Show describes one attachment the actor may read; its content is fetched
// by its Ref outside the transaction.
var Show = app.Ask("document.show", scope, show)

// scope is the actor's committee; the owner of each kind narrows it.
func scope(who access.Actor) access.Scope { return access.Committee("committee_id", who.CommitteeID) }

func list(l *app.Look, _ access.Scope, in ListIn) (List, error) {
	o, err := ownerOf(l, in.Kind)
	if err != nil {
		return List{}, err
	}
	if err := o.MayRead(l, in.ID); err != nil {
		return List{}, err
	}
	out := List{Kind: in.Kind, ID: in.ID}
	if out.Files, err = filesOf(l, in.Kind, in.ID); err != nil {
		return List{}, err
	}
	if out.Files == nil {
		out.Files = []File{}
	}
	p, err := placeOf(l, in.Kind, in.ID)
	if err != nil {
		if fault.Is(err, fault.Internal) {
			return List{}, err
		}
		return out, nil // closed: the files are read only
	}
	if out.MayAttach = p.verdict.Allowed(); out.MayAttach {
		out.MaxFiles, out.MaxBytes = p.files, p.bytes
	}
	return out, nil
}

func show(l *app.Look, _ access.Scope, in FileIn) (File, error) {
	f, err := fileByID(l, in.ID)
	if err != nil {
		return File{}, err
	}
	o, err := ownerOf(l, f.Kind)
	if err != nil {
		return File{}, err
	}
	return f, o.MayRead(l, f.Object)
}
