package organization

import (
	"fmt"
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// PartIn is one of the bodies that another becomes: an existing one by ID, or
// a new one. The ID of the body itself lets it go on.
type PartIn struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	ShortName string `json:"short_name"`
	Channel   string `json:"channel"` // of a new unit; "" that of the old one
}

// SplitBodyIn makes several bodies of one. Default is the place of the part,
// from 0, that takes over what nobody decides about.
type SplitBodyIn struct {
	ID        string   `json:"id"`
	Parts     []PartIn `json:"parts"`
	Default   int64    `json:"default"`
	On        string   `json:"on"`
	Reference string   `json:"reference"`
	People    []Move   `json:"people"`
	Version   int64    `json:"version"`
}

// SplitOut names the parts, in their order.
type SplitOut struct {
	ID    string   `json:"id"`
	Parts []string `json:"parts"`
}

// partsAtMost bounds one split.
const partsAtMost = 10

// SplitBody makes several bodies of one (拆分、分立). Open work goes to the
// default part; who dispatched it may give single cases to another.
var SplitBody = app.Define("body.split", func(c *app.Call, in SplitBodyIn) (bodySubject, error) {
	ids := []string{in.ID}
	for _, x := range in.Parts {
		ids = append(ids, x.ID)
	}
	if err := claimBodies(c, ids...); err != nil {
		return bodySubject{}, err
	}
	return loadBody(c, in.ID)
}, bySystemAdmin[bodySubject], splitBody)

func splitBody(c *app.Call, b bodySubject, in SplitBodyIn) (SplitOut, error) {
	if err := changeable(b.Body); err != nil {
		return SplitOut{}, err
	}
	if b.Version != in.Version {
		return SplitOut{}, stale()
	}
	var p fault.Problems
	in.Reference = clean(in.Reference)
	checkText(&p, "reference", in.Reference, true, maxReference)
	on := whenever(c, &p, in.On, b.ValidFrom)
	given := in.given()
	p.Check(len(given) <= partsAtMost, "parts", "organization.split.many", "max", partsAtMost)
	p.Check(len(given) >= 2, "parts", "organization.split.few")
	p.Check(slices.Contains(given, int(in.Default)), "default", "organization.split.default")
	if err := p.Err(); err != nil {
		return SplitOut{}, err
	}
	var parts []Body
	for _, i := range given {
		x, field := in.Parts[i], fmt.Sprintf("parts.%d.", i)
		part := newcomer{x.ID, x.Name, x.ShortName, x.Channel, field, field + "id"}.take(c, &p, b.Body, on, in.ending(b.Body))
		p.Check(!slices.ContainsFunc(parts, func(y Body) bool { return y.ID == part.ID || y.Name == part.Name }), field+"name", "organization.split.twice")
		parts = append(parts, part)
	}
	if err := p.Err(); err != nil {
		return SplitOut{}, err
	}
	main := parts[slices.Index(given, int(in.Default))]
	way := succeed(c, HowSplit, in.Reference, on, in.placed(given), parts...)
	way.main = &main
	if err := way.ends([]Body{b.Body}); err != nil {
		return SplitOut{}, err
	}
	fact := WasSplit{ID: b.Body.ID, Default: main.ID, Kind: b.Kind, On: on.String(), Reference: in.Reference}
	for _, x := range parts {
		fact.Parts = append(fact.Parts, x.ID)
	}
	c.Detail(fact)
	return SplitOut{b.Body.ID, fact.Parts}, c.Record(fact, "body", b.Body.ID)
}

// given are the places of the parts that were filled in; an empty row of the
// form does not count.
func (in SplitBodyIn) given() []int {
	var list []int
	for i, x := range in.Parts {
		if x.ID != "" || clean(x.Name) != "" {
			list = append(list, i)
		}
	}
	return list
}

// ending are the bodies whose names are free: the old one, unless it goes on.
func (in SplitBodyIn) ending(old Body) []Body {
	if slices.ContainsFunc(in.Parts, func(x PartIn) bool { return x.ID == old.ID }) {
		return nil
	}
	return []Body{old}
}

// placed turns places in the form into places among the parts that count.
func (in SplitBodyIn) placed(given []int) []Move {
	list := slices.Clone(in.People)
	for i, m := range list {
		for at, place := range given {
			if m.To == fmt.Sprint(place) {
				list[i].To = fmt.Sprint(at)
				break
			}
		}
	}
	return list
}
