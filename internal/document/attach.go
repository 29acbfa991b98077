package document

import (
	"errors"
	"fmt"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// AttachIn names the thing and brings what Receive judged. A form or a JSON
// body cannot fill Files; only Receive makes them.
type AttachIn struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	// Sums are the digests of the files, so that a repetition with the same
	// idempotency key but another file is noticed. Receivers fill it.
	Sums  []string   `json:"sums,omitempty"`
	Files []Received `json:"-"`
}

// AttachOut is what was added.
type AttachOut struct {
	Files []File `json:"files"`
}

// Attached tells that files were added (document.attached).
type Attached struct {
	Files int `json:"files"`
}

// FactName is the fact's name.
func (Attached) FactName() string { return "document.attached" }

// Attach adds files to a thing (上传附件): all of them or none.
var Attach = app.Define("document.attach", loadPlace, mayChange, attach)

func loadPlace(c *app.Call, in AttachIn) (*place, error) { return claimPlace(c, in.Kind, in.ID) }

func attach(c *app.Call, p *place, in AttachIn) (AttachOut, error) {
	if len(in.Files) == 0 {
		return AttachOut{}, fault.Field("files", "document.none")
	}
	last, err := checkRoom(&c.Look, p, in.Files)
	if err != nil {
		return AttachOut{}, err
	}
	out := AttachOut{Files: make([]File, 0, len(in.Files))}
	digests := make([]string, 0, len(in.Files))
	for i, r := range in.Files {
		f := File{ID: id.New(), Kind: p.kind, Object: p.id, Name: r.Name, Type: r.Type, Size: r.ref.Size, SHA256: r.ref.SHA256,
			Scan: r.Scan, ByName: c.Who().Name, At: c.Now(), blob: r.ref.ID}
		_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO attachment (id, committee_id, object_kind, object_id, position, name, media_type, size, sha256, blob_id, scan, scan_engine, person_id, person_name, at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, f.ID, c.Who().CommitteeID, f.Kind, f.Object, last+int64(i)+1, f.Name, f.Type, f.Size, f.SHA256, f.blob, f.Scan, r.engine, c.Who().PersonID, f.ByName, f.At)
		if errors.Is(err, store.ErrUnique) { // somebody added a file at the same moment
			return AttachOut{}, fault.New(fault.Unavailable, "fault.unavailable").Because(err)
		}
		if err != nil {
			return AttachOut{}, fmt.Errorf("add attachment: %w", err)
		}
		out.Files = append(out.Files, f)
		digests = append(digests, f.ID+" "+f.SHA256)
	}
	c.Detail(map[string]any{"files": digests})
	return out, c.Record(Attached{len(out.Files)}, p.kind, p.id)
}

// checkRoom refuses what is one file too many, too large, there already, or
// over the day's share, and gives the last position taken.
func checkRoom(l *app.Look, p *place, files []Received) (last int64, err error) {
	// The place is read before the files are counted: whoever adds one in between
	// takes the place, and the unique index refuses this act. Removed files keep
	// theirs, so that a number is never used twice.
	err = l.Tx().Row(l.Ctx(), "SELECT COALESCE(MAX(position), 0) FROM attachment WHERE committee_id = ? AND object_kind = ? AND object_id = ?",
		l.Who().CommitteeID, p.kind, p.id).Scan(&last)
	if err != nil {
		return 0, fmt.Errorf("find the last attachment of %s %s: %w", p.kind, p.id, err)
	}
	there, err := filesOf(l, p.kind, p.id)
	if err != nil {
		return 0, err
	}
	var problems fault.Problems
	problems.Check(len(there)+len(files) <= p.files, "files", "document.too-many", "most", p.files, "there", len(there))
	known := map[string]bool{}
	for _, f := range there {
		known[f.SHA256] = true
	}
	var total int64
	for _, r := range files {
		problems.Check(r.ref.Size <= p.bytes, "files", "document.too-large", "name", r.Name, "max", p.bytes>>20)
		problems.Check(!known[r.ref.SHA256], "files", "document.twice", "name", r.Name)
		known[r.ref.SHA256] = true
		total += r.ref.Size
	}
	var today int64
	since := store.Time{Time: l.Now().Add(-24 * time.Hour)}
	if err := l.Tx().Row(l.Ctx(), "SELECT COALESCE(SUM(size), 0) FROM attachment WHERE committee_id = ? AND person_id = ? AND at > ?",
		l.Who().CommitteeID, l.Who().PersonID, since).Scan(&today); err != nil {
		return 0, fmt.Errorf("sum the uploads of a day: %w", err)
	}
	problems.Check(today+total <= dailyBytes, "files", "document.day-full", "max", dailyBytes>>20)
	if err := problems.Err(); err != nil {
		return 0, err
	}
	return last, nil
}
