package organization

import (
	"fmt"

	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// RenameBodyIn gives a body another name. On is the first day of it, "" today.
type RenameBodyIn struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	ShortName string `json:"short_name"`
	On        string `json:"on"`
	Reference string `json:"reference"` // 文号 of the document
	Version   int64  `json:"version"`
}

// RenameBody gives a body another name from a day on (更名). It stays the same
// body: people, work and figures go on; what was signed keeps the old name.
var RenameBody = app.Define("body.rename", func(c *app.Call, in RenameBodyIn) (bodySubject, error) { return loadBody(c, in.ID) },
	bySystemAdmin[bodySubject], renameBody)

const maxReference = 80

func renameBody(c *app.Call, b bodySubject, in RenameBodyIn) (SetOut, error) {
	if b.ValidTo != "" {
		return SetOut{}, fault.New(fault.Closed, "organization.body.closed")
	}
	if b.Version != in.Version {
		return SetOut{}, stale()
	}
	former, err := FormerNames(&c.Look, b.Body.ID)
	if err != nil {
		return SetOut{}, err
	}
	var p fault.Problems
	in.Name, in.ShortName, in.Reference = clean(in.Name), clean(in.ShortName), clean(in.Reference)
	checkText(&p, "name", in.Name, true, maxBodyName)
	checkText(&p, "short_name", in.ShortName, false, maxShortName)
	checkText(&p, "reference", in.Reference, true, maxReference)
	p.Check(in.Name != b.Name, "name", "organization.rename.same")
	since := min(nameSince(b.Body, former), today(&c.Look).String())
	on := whenever(c, &p, in.On, since)
	if err := p.Err(); err != nil {
		return SetOut{}, err
	}
	if err := keepName(c, b.Body, since, on, in); err != nil {
		return SetOut{}, err
	}
	n, err := c.Tx().Exec(c.Ctx(), "UPDATE body SET name = ?, short_name = ?, version = version + 1 WHERE id = ? AND version = ?", in.Name, in.ShortName, b.Body.ID, in.Version)
	if err := nameTaken(err); err != nil {
		return SetOut{}, err
	}
	if n == 0 {
		return SetOut{}, stale()
	}
	c.Detail(map[string]string{"was": b.Name, "name": in.Name, "on": on.String(), "reference": in.Reference})
	return SetOut{b.Body.ID}, c.Record(WasRenamed{ID: b.Body.ID, Kind: b.Kind, Was: b.Name, Name: in.Name, On: on.String(), Reference: in.Reference}, "body", b.Body.ID)
}

// nameSince is the first day of a body's present name.
func nameSince(b Body, former []FormerName) string {
	if len(former) == 0 {
		return b.ValidFrom
	}
	d, err := calendar.ParseDate(former[0].To)
	if err != nil {
		return b.ValidFrom
	}
	return d.Add(1).String()
}

// whenever reads the day from which a change counts: today without one, no
// later than today and not before a day that must be past.
func whenever(c *app.Call, p *fault.Problems, text, after string) calendar.Date {
	now := today(&c.Look)
	if text == "" {
		return now
	}
	on := checkDate(p, "on", text, true)
	p.Check(on.IsZero() || !on.After(now) && on.String() >= after, "on", "organization.change.when", "from", after)
	return on
}

// keepName keeps the name that a body had until the day before. A name that
// held for no day at all is kept for its first day, so that who looks for it
// finds the body.
func keepName(c *app.Call, b Body, since string, on calendar.Date, in RenameBodyIn) error {
	last := max(on.Add(-1).String(), since)
	_, err := c.Tx().Exec(c.Ctx(), `INSERT INTO body_named (id, committee_id, body_id, name, short_name, valid_from, valid_to, becomes, reference, person_id, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id.New(), c.Who().CommitteeID, b.ID, b.Name, b.ShortName, since, last, in.Name, in.Reference, c.Who().PersonID, c.Now())
	if err != nil {
		return fmt.Errorf("keep the name of body %s: %w", b.ID, err)
	}
	return nil
}

// formerly is the condition that a body (alias b) once had a name like that.
func formerly(like string) store.Fragment {
	return store.F(`EXISTS (SELECT 1 FROM body_named f WHERE f.committee_id = b.committee_id AND f.body_id = b.id AND (f.name LIKE ? ESCAPE '\' OR f.short_name LIKE ? ESCAPE '\'))`, like, like)
}
