package organization

import (
	"slices"

	"tongxin/internal/app"
	"tongxin/internal/fault"
)

// MergeBodiesIn makes one body of several. Into is an existing one, which may
// be among IDs and then goes on; without it Name and ShortName are of a new one.
type MergeBodiesIn struct {
	IDs       []string `json:"ids"`
	Into      string   `json:"into"`
	Name      string   `json:"name"`
	ShortName string   `json:"short_name"`
	Channel   string   `json:"channel"` // of a new unit; "" that of the first
	On        string   `json:"on"`      // first day of the merger, "" today
	Reference string   `json:"reference"`
	People    []Move   `json:"people"`
}

// MergedOut names the body that goes on.
type MergedOut struct {
	ID    string `json:"id"`
	Moved int    `json:"moved"` // bodies that ended
}

// bodiesSubject are several bodies of one committee.
type bodiesSubject struct {
	thing
	list []Body
}

// MergeBodies makes one body of several of one kind (合并). Open work and
// people go to it; the others end and stay in what happened before.
var MergeBodies = app.Define("body.merge", func(c *app.Call, in MergeBodiesIn) (bodiesSubject, error) {
	s := bodiesSubject{thing: thing{c.Who().CommitteeID, "body", in.Into}}
	if len(in.IDs) > mergedAtMost {
		return s, fault.Field("ids", "organization.merge.many", "max", mergedAtMost)
	}
	if err := claimBodies(c, append(slices.Clone(in.IDs), in.Into)...); err != nil {
		return s, err
	}
	for _, x := range in.IDs {
		b, err := BodyOf(&c.Look, x)
		if err != nil {
			return s, err
		}
		if b.ID != in.Into && !slices.ContainsFunc(s.list, func(y Body) bool { return y.ID == b.ID }) {
			s.list = append(s.list, b)
		}
	}
	return s, nil
}, bySystemAdmin[bodiesSubject], mergeBodies)

func mergeBodies(c *app.Call, s bodiesSubject, in MergeBodiesIn) (MergedOut, error) {
	var p fault.Problems
	in.Reference = clean(in.Reference)
	checkText(&p, "reference", in.Reference, true, maxReference)
	p.Check(len(s.list) > 1 || in.Into != "" && len(s.list) == 1, "ids", "organization.merge.few")
	if len(s.list) == 0 {
		return MergedOut{}, p.Err()
	}
	since := ""
	for _, b := range s.list {
		if err := changeable(b); err != nil {
			return MergedOut{}, err
		}
		p.Check(b.Kind == s.list[0].Kind, "ids", "organization.merge.kinds")
		since = max(since, b.ValidFrom)
	}
	on := whenever(c, &p, in.On, since)
	into := newcomer{in.Into, in.Name, in.ShortName, in.Channel, "", "into"}.take(c, &p, s.list[0], on, s.list)
	p.Check(into.Kind != CommitteeBody, "into", "organization.choose")
	if err := p.Err(); err != nil {
		return MergedOut{}, err
	}
	way := succeed(c, HowMerged, in.Reference, on, in.People, into)
	if err := way.ends(s.list); err != nil {
		return MergedOut{}, err
	}
	fact := WasMerged{Into: into.ID, Kind: into.Kind, On: on.String(), Reference: in.Reference}
	for _, b := range s.list {
		fact.From = append(fact.From, b.ID)
	}
	c.Made(into.ID)
	c.Detail(fact)
	return MergedOut{into.ID, len(s.list)}, c.Record(fact, "body", into.ID)
}
