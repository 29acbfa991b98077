package organization

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

const (
	maxBodyName  = 60
	maxShortName = 20
	bodiesAtOnce = 1000
)

// Channels lists the channels in the order of the form.
func Channels() []string { return []string{ByGovernment, ByParty, Direct} }

// BodyIn describes a body; Channel is of units only.
type BodyIn struct {
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	ShortName string `json:"short_name"`
	Channel   string `json:"channel"`
	Sort      int64  `json:"sort"`
}

func (in *BodyIn) check(p *fault.Problems) {
	in.Name, in.ShortName = clean(in.Name), clean(in.ShortName)
	p.Check(slices.Contains(BodyKinds(), BodyKind(in.Kind)), "kind", "organization.choose")
	checkText(p, "name", in.Name, true, maxBodyName)
	checkText(p, "short_name", in.ShortName, false, maxShortName)
	p.Check(in.Sort >= 0 && in.Sort <= 9999, "sort", "organization.sort")
	if BodyKind(in.Kind) != Unit {
		in.Channel = ""
		return
	}
	p.Check(slices.Contains(Channels(), in.Channel), "channel", "organization.choose")
}

// AddBody adds a sector, party, special committee, group, unit or supervision
// office (新增机构).
var AddBody = app.Define("organization.add-body", anew[BodyIn]("body"), bySystemAdmin[thing], func(c *app.Call, _ thing, in BodyIn) (SetOut, error) {
	var p fault.Problems
	if in.check(&p); p.Err() != nil {
		return SetOut{}, p.Err()
	}
	bodyID, err := insertBody(c, in)
	c.Made(bodyID)
	c.Detail(in)
	return SetOut{bodyID}, err
})

func insertBody(c *app.Call, in BodyIn) (string, error) {
	bodyID := id.New()
	_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO body (id, committee_id, kind, name, short_name, channel, sort, valid_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		bodyID, c.Who().CommitteeID, in.Kind, in.Name, in.ShortName, in.Channel, in.Sort, today(&c.Look).String())
	return bodyID, nameTaken(err)
}

func nameTaken(err error) error {
	if errors.Is(err, store.ErrUnique) {
		return fault.Field("name", "organization.body.exists").Because(err)
	}
	if err != nil {
		return fmt.Errorf("write a body: %w", err)
	}
	return nil
}

// AddBodiesIn is a pasted list: one body per line, its short name after a tab
// or comma.
type AddBodiesIn struct {
	Kind    string `json:"kind"`
	Channel string `json:"channel"`
	Lines   string `json:"lines"`
}

// AddBodiesOut tells how many were added.
type AddBodiesOut struct {
	Added int `json:"added"`
}

// AddBodies adds many bodies of one kind, all or none (批量新增机构).
var AddBodies = app.Define("organization.add-bodies", anew[AddBodiesIn]("body"), bySystemAdmin[thing], addBodies)

func addBodies(c *app.Call, _ thing, in AddBodiesIn) (AddBodiesOut, error) {
	var p fault.Problems
	list := in.bodies(&p)
	if err := p.Err(); err != nil {
		return AddBodiesOut{}, err
	}
	have, err := Bodies(&c.Look, BodyKind(in.Kind))
	if err != nil {
		return AddBodiesOut{}, err
	}
	line := map[string]int{}
	for _, b := range have {
		line[b.Name] = -1
	}
	for i, b := range list {
		switch before := line[b.Name]; {
		case before < 0:
			p.Add("lines", "organization.line.exists", "line", i+1, "name", b.Name)
		case before > 0:
			p.Add("lines", "organization.line.twice", "line", i+1, "other", before, "name", b.Name)
		}
		line[b.Name] = i + 1
	}
	if err := p.Err(); err != nil {
		return AddBodiesOut{}, err
	}
	for i, b := range list {
		b.Sort = int64(len(have) + i + 1)
		if _, err := insertBody(c, b); err != nil {
			return AddBodiesOut{}, err
		}
	}
	c.Detail(map[string]any{"kind": in.Kind, "added": len(list)})
	return AddBodiesOut{len(list)}, nil
}

func (in AddBodiesIn) bodies(p *fault.Problems) []BodyIn {
	var list []BodyIn
	n := 0
	for l := range strings.Lines(in.Lines) {
		if clean(l) == "" {
			continue
		}
		n++
		name, short := l, ""
		if i := strings.IndexAny(l, "\t,，"); i >= 0 {
			name, short = l[:i], strings.TrimLeft(l[i:], "\t,， ")
		}
		b := BodyIn{Kind: in.Kind, Name: name, ShortName: short, Channel: in.Channel}
		var wrong fault.Problems
		if b.check(&wrong); wrong.Err() != nil {
			f := fault.From(wrong.Err())
			if f.Field == "kind" || f.Field == "channel" {
				p.Add(f.Field, f.Key, f.Args...)
				return nil
			}
			p.Add("lines", "organization.line.wrong", "line", n, "max", maxBodyName, "short", maxShortName)
		}
		list = append(list, b)
	}
	p.Check(n > 0, "lines", "organization.needed")
	p.Check(n <= bodiesAtOnce, "lines", "organization.line.many", "max", bodiesAtOnce)
	return list
}

// bodySubject is a body and the committee it belongs to.
type bodySubject struct {
	thing
	Body
}

// Object names the body.
func (b bodySubject) Object() (string, string) { return "body", b.Body.ID }

func loadBody(c *app.Call, bodyID string) (bodySubject, error) {
	if err := c.Tx().Claim(c.Ctx(), "body", "id", bodyID); err != nil {
		return bodySubject{}, fmt.Errorf("claim body %s: %w", bodyID, err)
	}
	b, err := BodyOf(&c.Look, bodyID)
	return bodySubject{thing{c.Who().CommitteeID, "body", bodyID}, b}, err
}

// ChangeBodyIn is a body with what is new about it; its kind stays.
type ChangeBodyIn struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	ShortName string `json:"short_name"`
	Channel   string `json:"channel"`
	Sort      int64  `json:"sort"`
	Version   int64  `json:"version"`
}

// ChangeBody changes a body's channel or order, or corrects its name (修改机构).
// Another name from a day on is body.rename.
var ChangeBody = app.Define("organization.change-body", func(c *app.Call, in ChangeBodyIn) (bodySubject, error) { return loadBody(c, in.ID) },
	bySystemAdmin[bodySubject], func(c *app.Call, b bodySubject, in ChangeBodyIn) (SetOut, error) {
		if b.ValidTo != "" {
			return SetOut{}, fault.New(fault.Closed, "organization.body.closed")
		}
		new := BodyIn{Kind: string(b.Kind), Name: in.Name, ShortName: in.ShortName, Channel: in.Channel, Sort: in.Sort}
		if b.Version != in.Version {
			return SetOut{}, stale()
		}
		var p fault.Problems
		if new.check(&p); p.Err() != nil {
			return SetOut{}, p.Err()
		}
		n, err := c.Tx().Exec(c.Ctx(), "UPDATE body SET name = ?, short_name = ?, channel = ?, sort = ?, version = version + 1 WHERE id = ? AND version = ?",
			new.Name, new.ShortName, new.Channel, new.Sort, in.ID, in.Version)
		if err == nil && n == 0 {
			err = stale()
		}
		c.Detail(new)
		if err != nil || new.Name == b.Name {
			return SetOut{in.ID}, nameTaken(err)
		}
		return SetOut{in.ID}, c.Record(WasRenamed{ID: in.ID, Kind: b.Kind, Was: b.Name, Name: new.Name, On: today(&c.Look).String(), Corrected: true}, "body", in.ID)
	})

// CloseBodyIn closes a body; On is its last day, "" today.
type CloseBodyIn struct {
	ID      string `json:"id"`
	On      string `json:"on"`
	Version int64  `json:"version"`
}

// CloseBody ends a body in which nobody holds a post or membership any more
// and that has no open work (撤销机构). It stays in what happened before. With
// people or work see EndBody.
var CloseBody = app.Define("organization.close-body", func(c *app.Call, in CloseBodyIn) (bodySubject, error) { return loadBody(c, in.ID) },
	bySystemAdmin[bodySubject], closeBody)

func closeBody(c *app.Call, b bodySubject, in CloseBodyIn) (SetOut, error) {
	if b.ValidTo != "" {
		return SetOut{}, fault.New(fault.Closed, "organization.body.closed")
	}
	if b.Version != in.Version {
		return SetOut{}, stale()
	}
	on := today(&c.Look)
	if in.On != "" {
		var p fault.Problems
		on = checkDate(&p, "on", in.On, true)
		p.Check(!on.After(today(&c.Look)) && in.On >= b.ValidFrom, "on", "organization.body.close-when")
		if err := p.Err(); err != nil {
			return SetOut{}, err
		}
	}
	var n int
	err := c.Tx().Row(c.Ctx(), `SELECT (SELECT COUNT(*) FROM post WHERE body_id = ? AND (valid_to IS NULL OR valid_to > ?))
		+ (SELECT COUNT(*) FROM membership WHERE committee_id = ? AND valid_to IS NULL AND ? IN (sector_id, party_id, special_committee_id, group_id))`,
		in.ID, on.String(), c.Who().CommitteeID, in.ID).Scan(&n)
	if err != nil {
		return SetOut{}, fmt.Errorf("look for people in body %s: %w", in.ID, err)
	}
	if n > 0 {
		return SetOut{}, fault.New(fault.Closed, "organization.body.in-use", "n", n)
	}
	if b.Kind == CommitteeBody {
		if err := lastOfKind(c, b.Body); err != nil {
			return SetOut{}, err
		}
	}
	if err := unburdened(&c.Look, in.ID, "on"); err != nil {
		return SetOut{}, err
	}
	if _, err = c.Tx().Exec(c.Ctx(), "UPDATE body SET valid_to = ?, version = version + 1 WHERE id = ?", on.String(), in.ID); err != nil {
		return SetOut{}, fmt.Errorf("close body %s: %w", in.ID, err)
	}
	c.Detail(map[string]string{"on": on.String()})
	return SetOut{in.ID}, c.Record(WasEnded{ID: in.ID, Kind: b.Kind, On: on.Add(1).String()}, "body", in.ID)
}

func lastOfKind(c *app.Call, b Body) error {
	if err := claimCommittee(c); err != nil {
		return err
	}
	list, err := Bodies(&c.Look, b.Kind)
	if err == nil && len(list) < 2 {
		err = fault.New(fault.Closed, "organization.body.last")
	}
	return err
}

// BodiesIn filters the list of bodies.
type BodiesIn struct {
	Kind   string `json:"kind"`
	Q      string `json:"q"`
	Closed bool   `json:"closed"` // closed ones too
}

// BodyRow is a body and how many people hold posts or memberships there.
type BodyRow struct {
	Body
	People int `json:"people"`
}

// BodyList is the query of bodies of a kind ("" of every kind).
var BodyList = app.Ask("organization.bodies", everybody("b.committee_id"), func(l *app.Look, s access.Scope, in BodiesIn) ([]BodyRow, error) {
	where := []store.Fragment{store.F(s.SQL(), s.Args()...)}
	if in.Kind != "" {
		where = append(where, store.F("b.kind = ?", in.Kind))
	}
	if !in.Closed {
		where = append(where, store.F("b.valid_to IS NULL"))
	}
	if q := clean(in.Q); q != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(q) + "%"
		where = append(where, store.Join(store.F(`b.name LIKE ? ESCAPE '\' OR b.short_name LIKE ? ESCAPE '\' OR`, like, like), formerly(like)))
	}
	on := calendar.DateOf(l.Now().Time, calendar.Beijing).String()
	q := store.Join(store.F(`SELECT b.id, b.kind, b.name, b.short_name, b.channel, b.sort, b.valid_from, COALESCE(b.valid_to, ''), b.version,
		(SELECT COUNT(*) FROM (SELECT p.person_id FROM post p WHERE p.body_id = b.id AND (p.valid_to IS NULL OR p.valid_to >= ?)
			UNION SELECT m.person_id FROM membership m WHERE m.committee_id = b.committee_id AND m.valid_to IS NULL
			AND b.id IN (m.sector_id, m.party_id, m.special_committee_id, m.group_id)) AS x) FROM body b WHERE`, on),
		store.And(where...), store.F("ORDER BY b.kind, b.valid_to IS NOT NULL, b.sort, b.id"))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, b *BodyRow) error {
		return r.Scan(&b.ID, &b.Kind, &b.Name, &b.ShortName, &b.Channel, &b.Sort, &b.ValidFrom, &b.ValidTo, &b.Version, &b.People)
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list bodies: %w", err)
	}
	return list, nil
})

// BodyID names a body.
type BodyID struct {
	ID string `json:"id"`
}

// TheBody is the query of one body.
var TheBody = app.Ask("organization.body", everybody("committee_id"), func(l *app.Look, _ access.Scope, in BodyID) (Body, error) { return BodyOf(l, in.ID) })
