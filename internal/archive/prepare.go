package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/blob"
	"tongxin/internal/clock"
	"tongxin/internal/fault"
	"tongxin/internal/i18n"
	"tongxin/internal/organization"
	"tongxin/internal/profile"
	"tongxin/internal/seal"
)

// order is what is asked for: an edition of the file of one case.
type order struct {
	kind, id  string
	cause     string
	retention string // "" for the class that was chosen, or the usual one
	reason    string
	force     bool // although something is still tracked
	version   int64
}

// built is an edition that lies in the file store and that no row names yet.
type built struct {
	order
	number  number
	edition int64
	papers  string // digest
	at      clock.Instant
	ref     blob.Ref
	members []Member
	found   findings
	key     string
}

// prepared is what building needs to know from the database.
type prepared struct {
	folder    *Folder
	process   *Process
	rules     *profile.Rules
	committee string
	words     i18n.Words
	last      *Edition
	now       clock.Instant
}

// prepare reads a case for building, as the one who archives.
var prepare = app.Ask("archive.prepare", scopeOf, func(l *app.Look, _ access.Scope, o order) (*prepared, error) {
	p := &prepared{words: chinese(l.App()), now: l.Now()}
	var err error
	if p.folder, err = folderOf(l, o.kind, o.id); err != nil {
		return nil, err
	}
	if !mayKeep(l.Who(), p.folder).Allowed() {
		return p, nil // the act itself says no, and records it
	}
	if p.process, err = processOf(l, p.folder.Dossier, p.words); err != nil {
		return nil, err
	}
	if p.rules, _, err = profile.Current(l); err != nil {
		return nil, err
	}
	c, err := organization.TheCommittee.In(l, struct{}{})
	if err != nil {
		return nil, err
	}
	p.committee = c.Name
	p.last, err = p.folder.last(l)
	return p, err
})

// last is the newest edition, nil before the first.
func (f *Folder) last(l *app.Look) (*Edition, error) {
	if f.File.ID == "" {
		return nil, nil
	}
	list, err := editionsOf(l, f.File.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// ahead builds the edition before the transaction of the act opens: reading
// attachments and writing the file take long. Without the right to it nothing is
// built, and the act itself refuses.
func ahead(ctx context.Context, a *app.App, who access.Actor, o order) (*built, error) {
	p, err := prepare.Do(ctx, a, who, o)
	if err != nil || p.process == nil {
		return nil, err
	}
	if o, err = o.allowed(p.folder, p.last, p.rules); err != nil {
		return nil, nil //nolint:nilerr // the act says it again, unless it is a repetition that has its answer
	}
	n, err := p.numbered(ctx, a, who, o)
	if err != nil {
		return nil, err
	}
	return p.build(ctx, a, who, o, n)
}

// numbered is the number under which the edition stands: that of the file, or a
// new one when it has none or changes its class.
func (p *prepared) numbered(ctx context.Context, a *app.App, who access.Actor, o order) (number, error) {
	in := reserveIn{o.kind, o.id, p.rules.Archive.Fonds, int64(p.folder.Dossier.ClosedAt.Year()), o.retention}
	if p.last != nil && p.last.Retention == o.retention {
		held, err := heldNumber.Do(ctx, a, who, *p.folder.File)
		if err != nil {
			return held, err
		}
		in.Fonds, in.Year = held.Fonds, held.Year
	}
	return reserve.Do(ctx, a, access.Machine(who.CommitteeID, machineName), in)
}

// heldNumber is the number under which a file stands.
var heldNumber = app.Ask("archive.held-number", scopeOf, func(l *app.Look, _ access.Scope, f File) (n number, err error) {
	err = l.Tx().Row(l.Ctx(), `SELECT fonds, year, retention, running FROM archive_number WHERE committee_id = ? AND case_kind = ? AND case_id = ?
		AND used_at IS NOT NULL AND ended_at IS NULL`, l.Who().CommitteeID, f.Kind, f.CaseID).Scan(&n.Fonds, &n.Year, &n.Retention, &n.Running)
	if err != nil {
		return n, fmt.Errorf("read the archive number of %s: %w", f.CaseID, err)
	}
	return n, nil
})

// reasonAtMost is the longest reason, in characters.
const reasonAtMost = 500

// allowed says whether the edition may be made now, and completes the order:
// is the step open, is nothing unfinished, is the input right.
func (o order) allowed(f *Folder, last *Edition, rules *profile.Rules) (order, error) {
	if err := o.step(f, last); err != nil {
		return o, err
	}
	var p fault.Problems
	o.reason = cleaned(o.reason)
	p.Check(utf8.RuneCountInString(o.reason) <= reasonAtMost, "reason", "archive.reason-long", "max", reasonAtMost)
	p.Check(o.cause == First || o.reason != "", "reason", "archive.reason-needed")
	chosen := o.retention
	if o.retention == "" {
		o.retention = usual(f, &rules.Archive)
	}
	p.Check(chosen == "" || profile.Offered(rules.Archive.Retention, chosen), "retention", "archive.retention-unknown")
	p.Check(o.cause != Reclassed || chosen != "" && last != nil && chosen != last.Retention, "retention", "archive.retention-same")
	o.tracked(f, &p)
	return o, errors.Join(p.Err(), o.fresh(f, last))
}

// fresh: a supplement without anything new is refused, unless the file was
// opened again for it.
func (o order) fresh(f *Folder, last *Edition) error {
	if o.cause != Supplement || f.State != Archived {
		return nil
	}
	now, err := f.Dossier.digest()
	if err == nil && now == last.papers {
		err = fault.New(fault.Conflict, "archive.nothing-new")
	}
	return err
}

// step says whether this kind of edition is open.
func (o order) step(f *Folder, last *Edition) error {
	switch {
	case o.cause == First && f.State != Waiting:
		return fault.New(fault.Closed, "archive.done")
	case o.cause != First && (f.State == Waiting || last == nil):
		return fault.New(fault.Closed, "archive.not-yet")
	case o.version != 0 && o.version != f.Version:
		return fault.New(fault.Stale, "fault.stale")
	}
	for _, x := range f.Dossier.Open {
		if !x.Tracking {
			return fault.New(fault.Closed, x.Key, x.Pairs()...)
		}
	}
	return nil
}

// tracked: what is only tracked may stay open, but somebody must say why the
// file does not wait for it.
func (o order) tracked(f *Folder, p *fault.Problems) {
	for _, x := range f.Dossier.Open {
		if x.Tracking && (!o.force || o.reason == "") {
			p.Add("force", x.Key, x.Pairs()...)
			p.Check(o.reason != "", "reason", "archive.force-needs-reason")
			return
		}
	}
}

// usual is the class of a case when nobody chose another now.
func usual(f *Folder, r *profile.ArchiveRules) string {
	switch {
	case f.Retention != "":
		return f.Retention
	case f.Dossier.Key && r.KeyUsual != "":
		return r.KeyUsual
	case r.Usual == "" && len(r.Retention) > 0:
		return r.Retention[0].Code
	}
	return r.Usual
}

// cleaned puts a reason in order.
func cleaned(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\r\n", "\n"))
	return strings.TrimSpace(text)
}

// build makes the file, stores it, and reads it back as a stranger would.
func (p *prepared) build(ctx context.Context, a *app.App, who access.Actor, o order, n number) (*built, error) {
	papers, err := p.folder.Dossier.digest()
	if err != nil {
		return nil, err
	}
	b := &binder{d: p.folder.Dossier, process: p.process, words: p.words, rules: &p.rules.Archive, committee: p.committee, number: n, edition: p.folder.Edition + 1,
		cause: o.cause, reason: o.reason, by: who.Name, at: p.now, scanner: blob.NoScanner}
	var ok1, ok2 bool
	b.blobs, ok1 = app.PartOf[blob.Store](a)
	b.keys, ok2 = app.PartOf[*seal.Keeper](a)
	if !ok1 || !ok2 {
		return nil, errors.New("archive: no file store or no keys")
	}
	if s, ok := app.PartOf[blob.Scanner](a); ok {
		b.scanner = s
	}
	if err := b.bind(inspect(ctx)); err != nil {
		return nil, fmt.Errorf("bind the file of %s: %w", o.id, err)
	}
	if err := b.excused(); err != nil {
		return nil, err
	}
	out := &built{order: o, number: n, edition: b.edition, papers: papers, at: b.at, members: b.members, found: b.found, key: b.keys.PublicKey().KeyID}
	out.ref, err = b.store(ctx, a, who)
	return out, err
}

// excused: a file with a severe finding needs a written reason. Every such
// finding is told.
func (b *binder) excused() error {
	if b.reason != "" || b.found.count(Severe) == 0 {
		return nil
	}
	var p fault.Problems
	p.Add("reason", "archive.severe-needs-reason", "n", b.found.count(Severe))
	for _, f := range b.found {
		if f.Severity == Severe {
			p.Add("", f.Key, f.Pairs()...)
		}
	}
	return p.Err()
}

// store writes the package, notes that nothing names it yet, and examines what
// was written.
func (b *binder) store(ctx context.Context, a *app.App, who access.Actor) (blob.Ref, error) {
	r, w := io.Pipe()
	go func() { _ = w.CloseWithError(pack(w, b.parts, b.at.Time)) }()
	ref, err := b.blobs.Put(ctx, r, mostBytes)
	_ = r.Close() // lets the packing end when Put gave up first
	if err != nil {
		return ref, fmt.Errorf("store the file of %s: %w", b.d.ID, err)
	}
	if _, err := pend.Do(ctx, a, access.Machine(who.CommitteeID, machineName), pendIn{ref.ID}); err != nil {
		return ref, errors.Join(err, b.blobs.Remove(ctx, ref))
	}
	x, err := examineStored(ctx, b.blobs, ref, b.keys.PublicKeys())
	if err != nil {
		return ref, err
	}
	if i := slices.IndexFunc(x.Findings, func(f Finding) bool { return f.Severity == Severe }); i >= 0 {
		return ref, fmt.Errorf("the stored file of %s does not hold: %s %v", b.d.ID, x.Findings[i].Key, x.Findings[i].Args)
	}
	return ref, nil
}

// examineStored examines a file of the store.
func examineStored(ctx context.Context, blobs blob.Store, ref blob.Ref, keys []seal.PublicKey) (x *Examined, err error) {
	in, err := blobs.Get(ctx, ref)
	if err != nil {
		return nil, fmt.Errorf("open the stored file: %w", err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	size, err := in.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, fmt.Errorf("measure the stored file: %w", err)
	}
	at, ok := in.(io.ReaderAt)
	if !ok {
		at = seeker{in}
	}
	return Examine(at, size, keys), nil
}
