package archive

import (
	"encoding/json"
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/profile"
)

// Kept is the answer of every act that makes an edition.
type Kept struct {
	Kind          string `json:"kind"`
	ID            string `json:"id"`
	ArchiveNumber string `json:"archive_number"`
	Edition       int64  `json:"edition"`
	Severe        int    `json:"severe"`
	Warnings      int    `json:"warnings"`
	Version       int64  `json:"version"`
}

// WasArchived tells that an edition was made (archive.filed).
type WasArchived struct {
	CaseKind      string `json:"case_kind"`
	CaseID        string `json:"case_id"`
	Number        string `json:"number"`
	Title         string `json:"title"`
	ArchiveNumber string `json:"archive_number"`
	Edition       int64  `json:"edition"`
	Cause         string `json:"cause"`
}

// FactName is the fact's name.
func (WasArchived) FactName() string { return "archive.filed" }

// keep names a built edition in the database, when the case is still as it was
// when the edition was built.
func keep(c *app.Call, f *Folder, o order, b *built) (Kept, error) {
	last, err := f.last(&c.Look)
	if err != nil {
		return Kept{}, err
	}
	rules, _, err := profile.Current(&c.Look)
	if err != nil {
		return Kept{}, err
	}
	if _, err := o.allowed(f, last, rules); err != nil {
		return Kept{}, err
	}
	if b == nil { // it was not allowed when it should have been built, and is now
		return Kept{}, fault.New(fault.Stale, "fault.stale")
	}
	now, err := f.Dossier.digest()
	if err != nil {
		return Kept{}, err
	}
	if now != b.papers || b.edition != f.Edition+1 {
		return Kept{}, fault.New(fault.Stale, "fault.stale")
	}
	why := "superseded"
	if last != nil {
		why = "moved"
	}
	if err := f.save(c, b); err != nil {
		return Kept{}, err
	}
	if err := b.number.use(c, f.File, why); err != nil {
		return Kept{}, err
	}
	if err := f.edition(c, b); err != nil {
		return Kept{}, err
	}
	c.Detail(map[string]any{"number": b.number.String(), "edition": b.edition, "cause": b.cause, "sha256": b.ref.SHA256, "severe": f.Severe})
	fact := WasArchived{f.Kind, f.CaseID, f.Number, f.Title, f.ArchiveNumber, f.Edition, b.cause}
	return Kept{f.Kind, f.CaseID, f.ArchiveNumber, f.Edition, int(f.Severe), int(f.Warnings), f.Version}, c.Record(fact, "archive", f.CaseID)
}

// save writes the file's row.
func (f *Folder) save(c *app.Call, b *built) error {
	if b.cause != Reclassed || f.State == Archived { // another class does not bring what a reopened file waits for
		f.State, f.Why = Archived, b.reason
	}
	f.Later = f.Later && b.cause == Reclassed
	f.ArchiveNumber, f.Edition, f.ArchivedAt, f.Retention = b.number.String(), b.edition, b.at, b.retention
	f.Severe, f.Warnings = int64(b.found.count(Severe)), int64(b.found.count(Warning))
	if f.Version == 0 {
		return f.insert(c)
	}
	f.Version++
	n, err := c.Tx().Exec(c.Ctx(), `UPDATE archive_case SET session_id = ?, number = ?, title = ?, state = ?, later = ?, archive_number = ?, retention = ?, why = ?, edition = ?,
		severe = ?, warnings = ?, broken = ?, closed_at = ?, archived_at = ?, version = ? WHERE id = ? AND version = ?`, f.SessionID, f.Number, f.Title, string(f.State), f.Later,
		f.ArchiveNumber, f.Retention, f.Why, f.Edition, f.Severe, f.Warnings, f.Broken, f.ClosedAt, f.ArchivedAt, f.Version, f.ID, f.Version-1)
	if err != nil {
		return fmt.Errorf("save the file of %s: %w", f.CaseID, err)
	}
	if n != 1 {
		return fault.New(fault.Stale, "fault.stale")
	}
	return nil
}

// insert writes the row of a case that did not wait yet.
func (f *Folder) insert(c *app.Call) error {
	f.ID, f.Version = id.New(), 1
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO archive_case (id, committee_id, session_id, case_kind, case_id, number, title, state, later, archive_number, retention, why, edition,
		severe, warnings, broken, closed_at, archived_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, f.ID, f.committeeID, f.SessionID, f.Kind, f.CaseID, f.Number, f.Title,
		string(f.State), f.Later, f.ArchiveNumber, f.Retention, f.Why, f.Edition, f.Severe, f.Warnings, f.Broken, f.ClosedAt, f.ArchivedAt, f.Version)
	if err != nil {
		return fmt.Errorf("begin the file of %s: %w", f.CaseID, err)
	}
	return nil
}

// edition writes the row of the edition and takes its file off the pending ones.
func (f *Folder) edition(c *app.Call, b *built) error {
	members, err := json.Marshal(b.members)
	if err != nil {
		return fmt.Errorf("write the members of %s: %w", f.CaseID, err)
	}
	found, err := b.found.text()
	if err != nil {
		return err
	}
	_, err = c.Tx().Exec(c.Ctx(), `INSERT INTO archive_edition (id, committee_id, archive_id, edition, cause, reason, archive_number, retention, papers, members, findings, blob_id, size, sha256,
		signed_by, person_id, person_name, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id.New(), f.committeeID, f.ID, b.edition, b.cause, b.reason, f.ArchiveNumber, b.retention,
		b.papers, string(members), found, b.ref.ID, b.ref.Size, b.ref.SHA256, b.key, c.Who().PersonID, c.Who().Name, b.at)
	if err != nil {
		return fmt.Errorf("write edition %d of %s: %w", b.edition, f.CaseID, err)
	}
	if _, err := c.Tx().Exec(c.Ctx(), "DELETE FROM archive_pending WHERE blob_id = ?", b.ref.ID); err != nil {
		return fmt.Errorf("write edition %d of %s: %w", b.edition, f.CaseID, err)
	}
	return nil
}
