package archive

import (
	"encoding/json"
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/blob"
	"tongxin/internal/store"
)

// State is how far the file of a case has come.
type State string

// The states. waiting → archived ⇄ reopened.
const (
	Waiting  State = "waiting"  // the case is closed and not archived
	Archived State = "archived" // there is an edition
	Reopened State = "reopened" // its newest edition is not the last word, for a reason
)

// File is the file of a case.
type File struct {
	ID            string     `json:"id"`
	Kind          string     `json:"kind"`
	CaseID        string     `json:"case_id"`
	SessionID     string     `json:"session_id"`
	Number        string     `json:"number"` // of the case
	Title         string     `json:"title"`
	State         State      `json:"state"`
	Later         bool       `json:"later,omitempty"` // something happened after the newest edition
	ArchiveNumber string     `json:"archive_number,omitempty"`
	Retention     string     `json:"retention,omitempty"`
	Why           string     `json:"why,omitempty"`
	Edition       int64      `json:"edition"`
	Severe        int64      `json:"severe"`
	Warnings      int64      `json:"warnings"`
	Broken        bool       `json:"broken,omitempty"`
	ClosedAt      store.Time `json:"closed_at"`
	ArchivedAt    store.Time `json:"archived_at"`
	Version       int64      `json:"version"`

	committeeID string
}

const fileColumns = `f.id, f.committee_id, f.case_kind, f.case_id, f.session_id, f.number, f.title, f.state, f.later, f.archive_number, f.retention, f.why,
	f.edition, f.severe, f.warnings, f.broken, f.closed_at, f.archived_at, f.version`

func scanFile(r store.Row, f *File) error {
	return r.Scan(&f.ID, &f.committeeID, &f.Kind, &f.CaseID, &f.SessionID, &f.Number, &f.Title, &f.State, &f.Later, &f.ArchiveNumber, &f.Retention, &f.Why,
		&f.Edition, &f.Severe, &f.Warnings, &f.Broken, &f.ClosedAt, &f.ArchivedAt, &f.Version)
}

// fileOf finds the file of a case, nil without one.
func fileOf(l *app.Look, kind, id string) (*File, error) {
	f := &File{}
	err := scanFile(l.Tx().Row(l.Ctx(), "SELECT "+fileColumns+" FROM archive_case f WHERE f.case_kind = ? AND f.case_id = ? AND f.committee_id = ?",
		kind, id, l.Who().CommitteeID), f)
	if errors.Is(err, store.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the file of %s %s: %w", kind, id, err)
	}
	return f, nil
}

// Folder is a file with what its case says now: what rules look at.
type Folder struct {
	*File
	Dossier *Dossier // nil where only the stored file matters
}

// Object names the file in the audit record, by its case, so that its own acts
// belong to the process of the case.
func (f *Folder) Object() (kind, id string) { return "archive", f.CaseID }

// folderOf reads a case and its file; a case that never waited gets a file that
// is not written yet (Version 0).
func folderOf(l *app.Look, kind, id string) (*Folder, error) {
	d, err := papersOf(l, kind, id)
	if err != nil {
		return nil, err
	}
	f, err := fileOf(l, kind, id)
	if err != nil {
		return nil, err
	}
	if f == nil {
		f = &File{Kind: kind, CaseID: id, State: Waiting, committeeID: d.CommitteeID}
	}
	f.SessionID, f.Number, f.Title, f.ClosedAt = d.SessionID, d.Number, d.Title, d.ClosedAt
	return &Folder{f, d}, nil
}

// mayKeep is the rule of those who archive: the committee's proposal office and
// its chief. Leaders look on; administrators never see what a case says.
func mayKeep(who access.Actor, f *Folder) access.Verdict {
	switch {
	case who.CommitteeID == "" || who.CommitteeID != f.committeeID:
		return access.Hide()
	case who.Is(access.Office, access.Chief):
		return access.Allow()
	case who.Is(access.Leader):
		return access.Deny("archive.office-only")
	}
	return access.Hide()
}

// mayCheck is mayKeep, and the clockwork that checks stored files.
func mayCheck(who access.Actor, f *Folder) access.Verdict {
	if who.Is(access.System) && who.CommitteeID == f.committeeID && f.committeeID != "" {
		return access.Allow()
	}
	return mayKeep(who, f)
}

// byMachine is the rule of what only the clockwork does.
func byMachine[S any](who access.Actor, _ S) access.Verdict {
	if who.Is(access.System) {
		return access.Allow()
	}
	return access.Hide()
}

// scopeOf is the part of archive_case (alias f) that somebody may see.
func scopeOf(who access.Actor) access.Scope {
	if !who.Is(access.Office, access.Chief, access.Leader, access.System) {
		return access.Nothing()
	}
	return access.Committee("f.committee_id", who.CommitteeID)
}

// Member is one member of a stored file.
type Member struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Code   string `json:"code"` // of the paper it belongs to, "" for what belongs to the file itself
	Media  string `json:"media"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Causes of an edition.
const (
	First       = "first"
	Supplement  = "supplement"
	Reclassed   = "retention"
	machineName = "archive"
)

// Edition is one edition of a file.
type Edition struct {
	ID            string     `json:"id"`
	No            int64      `json:"edition"`
	Cause         string     `json:"cause"`
	Reason        string     `json:"reason,omitempty"`
	ArchiveNumber string     `json:"archive_number"`
	Retention     string     `json:"retention"`
	Members       []Member   `json:"members"`
	Findings      []Finding  `json:"findings"`
	Size          int64      `json:"size"`
	SHA256        string     `json:"sha256"`
	SignedBy      string     `json:"signed_by"`
	ByName        string     `json:"by_name"`
	At            store.Time `json:"at"`
	Check         *Check     `json:"check,omitempty"` // the newest later check

	papers, blob string
}

// Check is a later check of a stored edition.
type Check struct {
	Sound    bool       `json:"sound"`
	Findings []Finding  `json:"findings"`
	At       store.Time `json:"at"`
}

// Ref names the stored file.
func (e *Edition) Ref() blob.Ref { return blob.Ref{ID: e.blob, Size: e.Size, SHA256: e.SHA256} }

// editionsOf lists the editions of a file, newest first, each with its newest check.
func editionsOf(l *app.Look, fileID string) ([]Edition, error) {
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, e *Edition) error {
		var members, found string
		if err := r.Scan(&e.ID, &e.No, &e.Cause, &e.Reason, &e.ArchiveNumber, &e.Retention, &e.papers, &members, &found, &e.blob, &e.Size, &e.SHA256, &e.SignedBy, &e.ByName, &e.At); err != nil {
			return err
		}
		return errors.Join(json.Unmarshal([]byte(members), &e.Members), json.Unmarshal([]byte(found), &e.Findings))
	}, `SELECT id, edition, cause, reason, archive_number, retention, papers, members, findings, blob_id, size, sha256, signed_by, person_name, at
		FROM archive_edition WHERE archive_id = ? AND committee_id = ? ORDER BY edition DESC`, fileID, l.Who().CommitteeID)
	if err != nil {
		return nil, fmt.Errorf("read the editions of %s: %w", fileID, err)
	}
	for i := range list {
		if list[i].Check, err = checkOf(l, list[i].ID); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func checkOf(l *app.Look, editionID string) (*Check, error) {
	k := &Check{}
	var found string
	err := l.Tx().Row(l.Ctx(), "SELECT sound, findings, at FROM archive_check WHERE edition_id = ? ORDER BY id DESC LIMIT 1", editionID).Scan(&k.Sound, &found, &k.At)
	if errors.Is(err, store.ErrNone) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(found), &k.Findings)
	}
	if err != nil {
		return nil, fmt.Errorf("read the check of edition %s: %w", editionID, err)
	}
	return k, nil
}
