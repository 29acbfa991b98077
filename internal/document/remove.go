package document

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// RemoveIn names the attachment.
type RemoveIn struct {
	ID string `json:"id"`
}

// RemoveOut names the thing it was taken from.
type RemoveOut struct {
	Kind string `json:"kind"`
	ID   string `json:"object_id"`
}

// Removed tells that an attachment was taken away (document.removed).
type Removed struct {
	AttachmentID string `json:"attachment_id"`
}

// FactName is the fact's name.
func (Removed) FactName() string { return "document.removed" }

// attached is an attachment and the thing it belongs to.
type attached struct {
	place
	file File
}

// Remove takes an attachment away (移除附件).
var Remove = app.Define("document.remove", loadForRemove, mayRemove, remove)

func mayRemove(who access.Actor, a *attached) access.Verdict { return mayChange(who, &a.place) }

func loadForRemove(c *app.Call, in RemoveIn) (*attached, error) {
	f, err := fileByID(&c.Look, in.ID)
	if err != nil {
		return nil, err
	}
	p, err := claimPlace(c, f.Kind, f.Object)
	if err != nil {
		return nil, err
	}
	return &attached{place: *p, file: f}, nil
}

func remove(c *app.Call, a *attached, _ RemoveIn) (RemoveOut, error) {
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE attachment SET removed_at = ?, removed_by = ? WHERE id = ? AND removed_at IS NULL", c.Now(), c.Who().PersonID, a.file.ID)
	if err != nil {
		return RemoveOut{}, fmt.Errorf("remove attachment %s: %w", a.file.ID, err)
	}
	if n == 0 { // another act was faster
		return RemoveOut{}, fault.New(fault.NotFound, "fault.not-found")
	}
	c.Detail(map[string]any{"attachment": a.file.ID, "sha256": a.file.SHA256})
	return RemoveOut{Kind: a.kind, ID: a.id}, c.Record(Removed{a.file.ID}, a.kind, a.id)
}
