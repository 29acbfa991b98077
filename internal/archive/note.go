package archive

import (
	"context"
	"fmt"
	"time"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/blob"
	"tongxin/internal/clock"
	"tongxin/internal/fault"
	"tongxin/internal/store"
)

// noteIn is something that happened to a case.
type noteIn struct {
	Kind string     `json:"kind"`
	ID   string     `json:"id"`
	Fact string     `json:"fact"`
	At   store.Time `json:"at"`
}

// closing is the fact by which a case begins to wait for its file.
const closing = "case.closed"

// later are the facts that make a supplement due when a file is there already.
func later() []string {
	return []string{closing, "case.reopened", "case.last-word", "reply.issued", "reply.rated", "contact.recorded", "assignment.opined", "assignment.dispatched", "proposal.corrected",
		"promise.kept", "promise.cancelled", "promise.confirmed", "key.supervised", "key.instructed", "key.answered", "key.reported"}
}

// note keeps the list of files in step with the cases: a closed case waits, and
// what happens after an edition was made is noted. Hearing twice changes nothing.
var note = app.Define("archive.note", func(c *app.Call, in noteIn) (*Folder, error) {
	f, err := fileOf(&c.Look, in.Kind, in.ID)
	if err != nil {
		return nil, err
	}
	if f != nil || in.Fact != closing {
		if f == nil {
			f = &File{Kind: in.Kind, CaseID: in.ID, committeeID: c.Who().CommitteeID}
		}
		return &Folder{File: f}, nil
	}
	return folderOf(&c.Look, in.Kind, in.ID)
}, byMachine[*Folder], func(c *app.Call, f *Folder, in noteIn) (struct{}, error) {
	switch {
	case f.Version == 0 && f.Dossier != nil && f.Dossier.Closed:
		return struct{}{}, f.insert(c)
	case f.Version > 0 && f.State != Waiting && !f.Later && in.At.After(f.ArchivedAt.Time):
		f.Later = true
		return struct{}{}, f.note(c)
	}
	return struct{}{}, nil
}).Quietly()

// hear notes facts about cases whose kind is archived.
func hear(ctx context.Context, a *app.App, f app.Heard) error {
	kinds, ok := app.PartOf[Kinds](a)
	if !ok || kinds[f.ObjectKind] == nil {
		return nil
	}
	_, err := note.Do(ctx, a, access.Machine(f.CommitteeID, machineName), noteIn{f.ObjectKind, f.ObjectID, f.Kind, f.At})
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// pendIn names a stored file that no edition names yet.
type pendIn struct {
	Blob string `json:"blob"`
}

// pile are the files that no edition names yet.
type pile struct{}

// Object names nothing in particular.
func (pile) Object() (kind, id string) { return "archive-pending", "" }

// pend notes a stored file before the act that names it.
var pend = app.Define("archive.pend", func(*app.Call, pendIn) (pile, error) { return pile{}, nil }, byMachine[pile], func(c *app.Call, _ pile, in pendIn) (struct{}, error) {
	_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO archive_pending (blob_id, at) VALUES (?, ?)", in.Blob, c.Now())
	if err != nil {
		return struct{}{}, fmt.Errorf("note a stored file: %w", err)
	}
	return struct{}{}, nil
}).Quietly()

// forget takes a removed file off the list.
var forget = app.Define("archive.forget", func(*app.Call, pendIn) (pile, error) { return pile{}, nil }, byMachine[pile], func(c *app.Call, _ pile, in pendIn) (struct{}, error) {
	_, err := c.Tx().Exec(c.Ctx(), "DELETE FROM archive_pending WHERE blob_id = ?", in.Blob)
	if err != nil {
		return struct{}{}, fmt.Errorf("forget a stored file: %w", err)
	}
	return struct{}{}, nil
}).Quietly()

// patience is how long a stored file may wait for its edition.
const patience = time.Hour

// left are the files that no edition named in time. Only the clockwork asks.
var left = app.Ask("archive.left", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) ([]string, error) {
	return store.List(l.Ctx(), l.Tx(), store.Column[string], "SELECT blob_id FROM archive_pending WHERE at < ? ORDER BY at LIMIT 100", clock.InstantOf(l.Now().Add(-patience)))
})

// sweep removes files that no edition names: their act was refused, or was a
// repetition.
func sweep(ctx context.Context, a *app.App) error {
	blobs, ok := app.PartOf[blob.Store](a)
	if !ok {
		return nil
	}
	ids, err := left.Do(ctx, a, access.Machine("", machineName), struct{}{})
	if err != nil {
		return err
	}
	for _, x := range ids {
		if err := blobs.Remove(ctx, blob.Ref{ID: x}); err != nil {
			return fmt.Errorf("remove an archive file that nothing names: %w", err)
		}
		if _, err := forget.Do(ctx, a, access.Machine("", machineName), pendIn{x}); err != nil {
			return err
		}
	}
	return nil
}

// recheckAfter is how long an edition may lie without being checked.
const recheckAfter = 180 * 24 * time.Hour

type old struct {
	committee, kind, id string
	edition             int64
}

// unchecked are editions that nobody checked for long, of all committees, the
// oldest first. Only the clockwork asks.
var unchecked = app.Ask("archive.unchecked", func(access.Actor) access.Scope { return access.Nothing() }, func(l *app.Look, _ access.Scope, _ struct{}) ([]old, error) {
	before := clock.InstantOf(l.Now().Add(-recheckAfter))
	return store.List(l.Ctx(), l.Tx(), func(r store.Row, x *old) error { return r.Scan(&x.committee, &x.kind, &x.id, &x.edition) },
		`SELECT f.committee_id, f.case_kind, f.case_id, e.edition FROM archive_edition e JOIN archive_case f ON f.id = e.archive_id
		WHERE e.at < ? AND NOT EXISTS (SELECT 1 FROM archive_check k WHERE k.edition_id = e.id AND k.at >= ?) ORDER BY e.id LIMIT 20`, before, before)
})

// recheck checks stored files again from time to time, a few at a time.
func recheck(ctx context.Context, a *app.App) error {
	list, err := unchecked.Do(ctx, a, access.Machine("", machineName), struct{}{})
	if err != nil {
		return err
	}
	for _, x := range list {
		if _, err := Verify.Do(ctx, a, access.Machine(x.committee, machineName), VerifyIn{Kind: x.kind, ID: x.id, Edition: x.edition}); err != nil {
			return fmt.Errorf("check the stored file of %s again: %w", x.id, err)
		}
	}
	return nil
}
