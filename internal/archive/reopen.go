package archive

import (
	"fmt"
	"unicode/utf8"

	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// ReopenIn says why a file is not the last word.
type ReopenIn struct {
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	Version int64  `json:"version,omitempty"`
	Reason  string `json:"reason"`
}

// Reopen notes that the newest edition of a file is not the last word, for a
// reason (重新打开): a supplement is awaited. The editions stay.
var Reopen = app.Define("archive.reopen", func(c *app.Call, in ReopenIn) (*Folder, error) { return folderOf(&c.Look, in.Kind, in.ID) }, mayKeep,
	func(c *app.Call, f *Folder, in ReopenIn) (Kept, error) {
		switch {
		case f.State == Waiting:
			return Kept{}, fault.New(fault.Closed, "archive.not-yet")
		case f.State == Reopened:
			return Kept{}, fault.New(fault.Closed, "archive.reopened-already")
		case in.Version != 0 && in.Version != f.Version:
			return Kept{}, fault.New(fault.Stale, "fault.stale")
		}
		in.Reason = cleaned(in.Reason)
		var p fault.Problems
		p.Check(in.Reason != "", "reason", "archive.reason-needed")
		p.Check(utf8.RuneCountInString(in.Reason) <= reasonAtMost, "reason", "archive.reason-long", "max", reasonAtMost)
		if err := p.Err(); err != nil {
			return Kept{}, err
		}
		f.State, f.Why = Reopened, in.Reason
		c.Detail(map[string]any{"edition": f.Edition})
		return Kept{Kind: f.Kind, ID: f.CaseID, ArchiveNumber: f.ArchiveNumber, Edition: f.Edition, Version: f.Version + 1}, f.note(c)
	})

// note writes state, class and reason of a file, without an edition.
func (f *Folder) note(c *app.Call) error {
	if f.Version == 0 {
		return f.insert(c)
	}
	f.Version++
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE archive_case SET state = ?, retention = ?, why = ?, later = ?, version = ? WHERE id = ? AND version = ?",
		string(f.State), f.Retention, f.Why, f.Later, f.Version, f.ID, f.Version-1)
	if err != nil {
		return fmt.Errorf("note the file of %s: %w", f.CaseID, err)
	}
	if n != 1 {
		return fault.New(fault.Stale, "fault.stale")
	}
	return nil
}
