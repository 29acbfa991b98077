package archive

import (
	"context"
	"errors"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/audit"
	"tongxin/internal/blob"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/seal"
)

// VerifyIn names a stored edition; 0 is the newest.
type VerifyIn struct {
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	Edition int64  `json:"edition,omitempty"`

	found *findings
	of    string // id of the edition that was read
}

// Verified is what a check of a stored edition found.
type Verified struct {
	Kind     string    `json:"kind"`
	ID       string    `json:"id"`
	Edition  int64     `json:"edition"`
	Sound    bool      `json:"sound"`
	Findings []Finding `json:"findings"`
}

// stored is a stored edition and its file.
type stored struct {
	Folder
	e Edition
}

// Verify checks a stored edition again: its bytes, its members and signature,
// and that the record of acts in it is still the record of the house (复检).
var Verify = app.Define("archive.verify", func(c *app.Call, in VerifyIn) (*stored, error) { return storedOf(&c.Look, in) },
	func(who access.Actor, s *stored) access.Verdict { return mayCheck(who, &s.Folder) }, keepCheck).
	Ahead(func(ctx context.Context, a *app.App, who access.Actor, in VerifyIn) (VerifyIn, error) {
		s, err := checked.Do(ctx, a, who, in)
		if err != nil || !mayCheck(who, &s.Folder).Allowed() {
			return in, err // the act itself refuses
		}
		found, err := s.examine(ctx, a, who)
		in.found, in.of = &found, s.e.ID
		return in, err
	})

// checked reads a stored edition outside the act.
var checked = app.Ask("archive.stored", scopeOf, func(l *app.Look, _ access.Scope, in VerifyIn) (*stored, error) { return storedOf(l, in) })

// storedOf finds an edition of a file.
func storedOf(l *app.Look, in VerifyIn) (*stored, error) {
	f, err := fileOf(l, in.Kind, in.ID)
	if err != nil {
		return nil, err
	}
	if f == nil {
		return nil, missing()
	}
	s := &stored{Folder: Folder{File: f}}
	list, err := editionsOf(l, f.ID)
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		if in.Edition == 0 || e.No == in.Edition {
			s.e = e
			return s, nil
		}
	}
	if in.Edition == 0 && mayCheck(l.Who(), &s.Folder).Allowed() {
		return nil, fault.New(fault.Closed, "archive.not-yet")
	}
	return nil, missing()
}

// examine reads the stored file and compares it with what was written down.
func (s *stored) examine(ctx context.Context, a *app.App, who access.Actor) (findings, error) {
	blobs, ok := app.PartOf[blob.Store](a)
	keys, ok2 := app.PartOf[*seal.Keeper](a)
	if !ok || !ok2 {
		return nil, errors.New("verify an edition: no file store or no keys")
	}
	var found findings
	switch err := blob.Verify(ctx, blobs, s.e.Ref()); {
	case errors.Is(err, blob.ErrNotFound):
		found.add(Integrity, Severe, "archive.verify.lost")
		return found, nil
	case errors.Is(err, blob.ErrDamaged):
		found.add(Authenticity, Severe, "archive.verify.digest")
	case err != nil:
		return nil, err
	default:
		found.add(Authenticity, Passed, "archive.verify.as-stored")
	}
	x, err := examineStored(ctx, blobs, s.e.Ref(), keys.PublicKeys())
	if err != nil {
		return nil, err
	}
	found = append(found, x.Findings...)
	if x.Process == nil {
		return found, nil
	}
	n, lost, err := s.compare(ctx, a, who, x.Process)
	if err != nil {
		return nil, err
	}
	found.check(lost == 0, Authenticity, Severe, "archive.verify.process", "archive.verify.process.wrong", "n", n, "wrong", lost)
	return found, nil
}

// recorded asks for the record of things of the committee.
var recorded = app.Ask("archive.recorded", scopeOf, func(l *app.Look, _ access.Scope, objects []string) ([]audit.Proof, error) {
	return audit.Segment(l.Ctx(), l.Tx(), l.Who().CommitteeID, objects...)
})

// compare looks every act of the file up in the audit record. It tells how many
// there are, and how many are not there as the file says.
func (s *stored) compare(ctx context.Context, a *app.App, who access.Actor, p *Process) (n, wrong int, err error) {
	seen := map[string]bool{}
	var objects []string
	for _, x := range p.Acts {
		if !seen[x.ObjectID] {
			seen[x.ObjectID] = true
			objects = append(objects, x.ObjectID)
		}
	}
	proofs, err := recorded.Do(ctx, a, who, objects)
	if err != nil {
		return 0, 0, err
	}
	now := map[string]audit.Proof{}
	for _, x := range proofs {
		now[x.ID] = x
	}
	for _, x := range p.Acts {
		y, ok := now[x.ID]
		sealed := x.Seq == 0 || y.Seq == x.Seq && y.ChainHash == x.ChainHash
		if !ok || y.ContentHash != x.ContentHash || !sealed || y.Wrong == "changed" || y.Wrong == "moved" {
			wrong++
		}
	}
	return len(p.Acts), wrong, nil
}

// keepCheck writes down what was found.
func keepCheck(c *app.Call, s *stored, in VerifyIn) (Verified, error) {
	if in.found == nil || in.of != s.e.ID {
		return Verified{}, fault.New(fault.Stale, "fault.stale")
	}
	out := Verified{s.Kind, s.CaseID, s.e.No, in.found.count(Severe) == 0, *in.found}
	text, err := in.found.text()
	if err != nil {
		return out, err
	}
	_, err = c.Tx().Exec(c.Ctx(), "INSERT INTO archive_check (id, committee_id, edition_id, sound, findings, person_id, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		id.New(), s.committeeID, s.e.ID, out.Sound, text, c.Who().PersonID, c.Now())
	if err != nil {
		return out, fmt.Errorf("keep the check of edition %s: %w", s.e.ID, err)
	}
	_, err = c.Tx().Exec(c.Ctx(), `UPDATE archive_case SET broken = EXISTS (SELECT 1 FROM archive_edition e WHERE e.archive_id = ?
		AND COALESCE((SELECT k.sound FROM archive_check k WHERE k.edition_id = e.id ORDER BY k.id DESC LIMIT 1), TRUE) = FALSE) WHERE id = ?`, s.File.ID, s.File.ID)
	if err != nil {
		return out, fmt.Errorf("note the check of %s: %w", s.CaseID, err)
	}
	c.Detail(map[string]any{"edition": out.Edition, "sound": out.Sound})
	return out, nil
}
