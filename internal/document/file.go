package document

import (
	"errors"
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/blob"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// File is one attachment as pages and the API show it.
type File struct {
	ID     string     `json:"id"`
	Kind   string     `json:"kind"` // of the thing it belongs to
	Object string     `json:"object_id"`
	Name   string     `json:"name"`
	Type   string     `json:"type"` // media type
	Size   int64      `json:"size"` // bytes
	SHA256 string     `json:"sha256"`
	Scan   string     `json:"scan"` // clean, not-scanned
	ByName string     `json:"by_name"`
	At     store.Time `json:"at"`

	blob string
}

// Ref names the file in the file store.
func (f File) Ref() blob.Ref { return blob.Ref{ID: f.blob, Size: f.Size, SHA256: f.SHA256} }

const fileColumns = "id, object_kind, object_id, name, media_type, size, sha256, scan, person_name, at, blob_id"

func scanFile(r store.Row, f *File) error {
	return r.Scan(&f.ID, &f.Kind, &f.Object, &f.Name, &f.Type, &f.Size, &f.SHA256, &f.Scan, &f.ByName, &f.At, &f.blob)
}

// filesOf lists what a thing of the actor's committee has, in order.
func filesOf(l *app.Look, kind, id string) ([]File, error) {
	files, err := store.List(l.Ctx(), l.Tx(), scanFile, "SELECT "+fileColumns+` FROM attachment
		WHERE committee_id = ? AND object_kind = ? AND object_id = ? AND removed_at IS NULL ORDER BY position, id`, l.Who().CommitteeID, kind, id)
	if err != nil {
		return nil, fmt.Errorf("list the attachments of %s %s: %w", kind, id, err)
	}
	return files, nil
}

// fileByID finds one attachment of the actor's committee that was not removed.
func fileByID(l *app.Look, id string) (File, error) {
	var f File
	err := scanFile(l.Tx().Row(l.Ctx(), "SELECT "+fileColumns+" FROM attachment WHERE id = ? AND committee_id = ? AND removed_at IS NULL", id, l.Who().CommitteeID), &f)
	if errors.Is(err, store.ErrNone) {
		return f, fault.New(fault.NotFound, "fault.not-found")
	}
	if err != nil {
		return f, fmt.Errorf("load attachment %s: %w", id, err)
	}
	return f, nil
}
