package organization

import (
	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// EndBodyIn ends a body. Heir takes over its open work and, unless People says
// otherwise, its people; it may be left out when nothing is open. On is the
// first day without the body, "" today.
type EndBodyIn struct {
	ID        string `json:"id"`
	Heir      string `json:"heir"`
	On        string `json:"on"`
	Reference string `json:"reference"`
	People    []Move `json:"people"`
	Version   int64  `json:"version"`
}

// EndBody ends a body and hands what it held to another (撤销并移交). A body
// with open work does not end without an heir.
var EndBody = app.Define("body.end", func(c *app.Call, in EndBodyIn) (bodySubject, error) {
	if err := claimBodies(c, in.ID, in.Heir); err != nil {
		return bodySubject{}, err
	}
	return loadBody(c, in.ID)
}, bySystemAdmin[bodySubject], endBody)

func endBody(c *app.Call, b bodySubject, in EndBodyIn) (SetOut, error) {
	if err := changeable(b.Body); err != nil {
		return SetOut{}, err
	}
	if b.Version != in.Version {
		return SetOut{}, stale()
	}
	var p fault.Problems
	in.Reference = clean(in.Reference)
	checkText(&p, "reference", in.Reference, true, maxReference)
	on := whenever(c, &p, in.On, b.ValidFrom)
	way := succeed(c, HowEnded, in.Reference, on, in.People)
	if in.Heir != "" {
		heir := newcomer{id: in.Heir, idField: "heir"}.take(c, &p, b.Body, on, nil)
		p.Check(heir.ID != b.Body.ID, "heir", "organization.end.itself")
		way = succeed(c, HowEnded, in.Reference, on, in.People, heir)
	}
	if err := p.Err(); err != nil {
		return SetOut{}, err
	}
	if in.Heir == "" {
		if err := unburdened(&c.Look, b.Body.ID, "heir"); err != nil {
			return SetOut{}, err
		}
	}
	if err := way.ends([]Body{b.Body}); err != nil {
		return SetOut{}, err
	}
	fact := WasEnded{ID: b.Body.ID, Heir: in.Heir, Kind: b.Kind, On: on.String(), Reference: in.Reference}
	c.Detail(fact)
	return SetOut{b.Body.ID}, c.Record(fact, "body", b.Body.ID)
}

// unburdened refuses to end a body with open work, beside a field.
func unburdened(l *app.Look, bodyID, field string) error {
	loads, err := LoadsOf(l, bodyID)
	if err != nil {
		return err
	}
	var p fault.Problems
	for _, x := range loads {
		p.Add(field, "organization.end.burdened", "n", x.N)
	}
	return p.Err()
}
