package document

import (
	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// Owner is what a domain lends for one kind of thing that has attachments. Its
// methods run inside the act or query, in its transaction.
type Owner interface {
	// MayAttach is nil when the actor may add to and take from the files of the
	// thing now. It answers fault.NotFound when he may not even see it,
	// fault.Forbidden when he may see it only, fault.Closed when it is too late.
	// It reads only; see Claimer.
	MayAttach(l *app.Look, id string) error
	// MayRead is nil when the actor may open the files, else fault.NotFound.
	MayRead(l *app.Look, id string) error
	// Limits are how many files the thing may have and how large one may be, in
	// bytes; 0 means the limit of the installation.
	Limits(l *app.Look) (files int, bytes int64, err error)
}

// Claimer is an Owner that makes others who act on the thing wait until the
// files are added or taken: it claims the row of the thing, as its own acts do.
type Claimer interface {
	Claim(c *app.Call, id string) error
}

// Owners are the kinds of things that have attachments, by the word used in
// addresses: "proposal", "reply", "contact", "rating". Package site hands
// them over as a part.
type Owners map[string]Owner

const (
	// MostBytes is the largest upload of the installation.
	MostBytes = 40 << 20
	// mostFiles bounds the files of one thing when its owner names no limit.
	mostFiles = 20
	// dailyBytes is how much one person may upload within a day, so that one
	// account cannot fill the disk (trust.md WEB-05).
	dailyBytes = 1 << 30
)

// ownerOf finds the owner of a kind; an unknown kind does not exist.
func ownerOf(l *app.Look, kind string) (Owner, error) {
	o := app.Part[Owners](l)[kind]
	if o == nil {
		return nil, fault.New(fault.NotFound, "fault.not-found")
	}
	return o, nil
}

// place is the thing that files are added to or taken from, with what its
// owner answered.
type place struct {
	kind, id string
	verdict  access.Verdict
	files    int   // at most
	bytes    int64 // of one file at most
}

// Object names the thing in the audit record.
func (p *place) Object() (kind, id string) { return p.kind, p.id }

// placeOf asks the owner. What is neither hidden nor forbidden but closed is
// an error of its own.
func placeOf(l *app.Look, kind, id string) (*place, error) {
	o, err := ownerOf(l, kind)
	if err != nil {
		return nil, err
	}
	p := &place{kind: kind, id: id}
	if p.verdict, err = verdictOf(o.MayAttach(l, id)); err != nil || !p.verdict.Allowed() {
		return p, err
	}
	p.files, p.bytes, err = o.Limits(l)
	if p.files <= 0 {
		p.files = mostFiles
	}
	if p.bytes <= 0 || p.bytes > MostBytes {
		p.bytes = MostBytes
	}
	return p, err
}

// claimPlace is placeOf inside an act.
func claimPlace(c *app.Call, kind, id string) (*place, error) {
	if o, ok := app.Part[Owners](&c.Look)[kind].(Claimer); ok {
		if err := o.Claim(c, id); err != nil {
			return nil, err
		}
	}
	return placeOf(&c.Look, kind, id)
}

func verdictOf(err error) (access.Verdict, error) {
	switch f := fault.From(err); {
	case err == nil:
		return access.Allow(), nil
	case f.Kind == fault.NotFound:
		return access.Hide(), nil
	case f.Kind == fault.Forbidden:
		return access.Deny(f.Key), nil
	default:
		return access.Verdict{}, err
	}
}

// mayChange repeats what the owner of the thing answered.
func mayChange(who access.Actor, p *place) access.Verdict {
	if !who.SignedIn() {
		return access.Hide()
	}
	return p.verdict
}
