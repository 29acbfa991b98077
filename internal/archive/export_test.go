package archive

import (
	"bytes"
	"context"
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/blob"
	"tongxin/internal/seal"
)

// Bytes binds the file of a case and gives its bytes, without keeping anything.
func Bytes(ctx context.Context, a *app.App, who access.Actor, kind, id string) ([]byte, error) {
	p, err := prepare.Do(ctx, a, who, order{kind: kind, id: id, cause: First})
	if err != nil {
		return nil, err
	}
	b := &binder{d: p.folder.Dossier, process: p.process, words: p.words, rules: &p.rules.Archive, committee: p.committee, number: number{Fonds: "A001", Year: 2026, Retention: "y30", Running: 7}, edition: 1,
		cause: First, by: who.Name, at: p.now, scanner: blob.NoScanner}
	b.blobs, _ = app.PartOf[blob.Store](a)
	b.keys, _ = app.PartOf[*seal.Keeper](a)
	if err := b.bind(inspect(ctx)); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := pack(&out, b.parts, b.at.Time); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Counts tells how many records of each kind the papers of a case show.
func Counts(ctx context.Context, a *app.App, who access.Actor, kind, id string) (map[string]int, error) {
	p, err := prepare.Do(ctx, a, who, order{kind: kind, id: id, cause: First})
	if err != nil {
		return nil, err
	}
	n := map[string]int{}
	for _, x := range p.folder.Dossier.Papers {
		n[x.Code] += x.N
	}
	for _, x := range p.folder.Dossier.Expect {
		if x.Want != x.Have {
			return n, fmt.Errorf("%s: %d expected, %d there", x.Code, x.Want, x.Have)
		}
	}
	return n, nil
}

// MemberName is the name of an attachment within a file.
func MemberName(uploaded string) string { return memberName(1, 1, uploaded) }

// NumberOf writes an archive number.
func NumberOf(fonds string, year int64, retention string, running int64) string {
	return number{fonds, year, retention, running}.String()
}

// Safe reports whether a member of that name would be read.
func Safe(name string) bool { return safeName(name) }
