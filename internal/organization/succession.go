package organization

import (
	"fmt"
	"slices"
	"strconv"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/store"
)

// ToNobody ends a post or membership instead of moving it.
const ToNobody = "end"

// Move says where somebody goes when his body ends. ID is his post or
// membership. To is the id of an heir, for a split also the place of a new
// part ("0", "1", …), ToNobody, or "" for the default heir.
type Move struct {
	ID string `json:"id"`
	To string `json:"to"`
}

// mergedAtMost bounds one merger.
const mergedAtMost = 20

// succession are bodies that end or give away, and who comes after them.
type succession struct {
	c         *app.Call
	on        calendar.Date // from when on
	reference string
	how       string
	heirs     []Body
	main      *Body          // takes what nobody decided about; nil without an heir
	moves     map[string]int // place of the move in the input, by id of post or membership
	in        []Move
}

// succeed begins a succession to some heirs; the first is the main one.
func succeed(c *app.Call, how, reference string, on calendar.Date, moves []Move, heirs ...Body) *succession {
	s := &succession{c: c, on: on, how: how, reference: reference, heirs: heirs, moves: map[string]int{}, in: moves}
	for i, m := range moves {
		s.moves[m.ID] = i
	}
	if len(heirs) > 0 {
		s.main = &s.heirs[0]
	}
	return s
}

// ends carries the change out: the bodies that do not go on end on the day
// before, the new ones begin, people move, and the record says who came after
// whom. Names are free for the new ones because the old ones end first.
func (s *succession) ends(olds []Body) error {
	steps, err := s.plan(olds)
	if err != nil {
		return err
	}
	for _, old := range olds {
		if s.goesOn(old) {
			if _, err := s.c.Tx().Exec(s.c.Ctx(), "UPDATE body SET version = version + 1 WHERE id = ?", old.ID); err != nil {
				return fmt.Errorf("change body %s: %w", old.ID, err)
			}
			continue
		}
		last := max(s.on.Add(-1).String(), old.ValidFrom)
		if _, err := s.c.Tx().Exec(s.c.Ctx(), "UPDATE body SET valid_to = ?, version = version + 1 WHERE id = ?", last, old.ID); err != nil {
			return fmt.Errorf("end body %s: %w", old.ID, err)
		}
	}
	for _, h := range s.heirs {
		if h.Version == 0 { // new
			if err := s.found(h); err != nil {
				return err
			}
		}
	}
	for _, x := range steps {
		move := s.post
		if x.Membership {
			move = s.membership
		}
		if err := move(x.Serving, x.to); err != nil {
			return err
		}
	}
	for _, old := range olds {
		if err := s.inherit(old); err != nil {
			return err
		}
	}
	return nil
}

// found writes a new body.
func (s *succession) found(b Body) error {
	_, err := s.c.Tx().Exec(s.c.Ctx(), "INSERT INTO body (id, committee_id, kind, name, short_name, channel, sort, valid_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		b.ID, s.c.Who().CommitteeID, string(b.Kind), b.Name, b.ShortName, b.Channel, b.Sort, b.ValidFrom)
	return nameTaken(err)
}

// step is somebody who moves; to is nil when what he holds ends.
type step struct {
	Serving
	to *Body
}

// plan finds where everybody goes. Accounts stay as they are.
func (s *succession) plan(olds []Body) ([]step, error) {
	ids := make([]string, len(olds))
	for i, b := range olds {
		ids[i] = b.ID
	}
	list, err := serving(&s.c.Look, ids)
	if err != nil {
		return nil, err
	}
	var p fault.Problems
	var steps []step
	for _, x := range list {
		old := olds[slices.Index(ids, x.BodyID)]
		to, stays := s.goal(&p, old, x)
		if stays {
			continue
		}
		p.Check(to != nil || !x.Membership || old.Kind != Sector, s.field(x.ID), "organization.change.sector-needed", "name", x.Name)
		steps = append(steps, step{x, to})
	}
	return steps, p.Err()
}

// goal is where somebody goes: where the form says, else to the main heir, or
// nowhere while his body goes on.
func (s *succession) goal(p *fault.Problems, old Body, x Serving) (to *Body, stays bool) {
	said := ""
	i, known := s.moves[x.ID]
	if known {
		said = s.in[i].To
	}
	switch {
	case said == "" && s.goesOn(old):
		return nil, true
	case said == "":
		return s.main, false
	case said == ToNobody:
		return nil, false
	}
	at := slices.IndexFunc(s.heirs, func(b Body) bool { return b.ID == said })
	if n, err := strconv.Atoi(said); at < 0 && err == nil && n >= 0 && n < len(s.heirs) {
		at = n
	}
	if at < 0 {
		p.Add(s.field(x.ID), "organization.choose")
		return nil, true
	}
	return &s.heirs[at], s.heirs[at].ID == old.ID
}

// goesOn reports whether a body is one of its own heirs.
func (s *succession) goesOn(old Body) bool {
	return slices.ContainsFunc(s.heirs, func(b Body) bool { return b.ID == old.ID })
}

// inherit says who came after a body.
func (s *succession) inherit(old Body) error {
	for _, h := range s.heirs {
		if h.ID == old.ID {
			continue
		}
		_, err := s.c.Tx().Exec(s.c.Ctx(), "INSERT INTO body_heir (id, committee_id, body_id, heir_id, is_default, how, on_date, reference, person_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			id.New(), s.c.Who().CommitteeID, old.ID, h.ID, s.main != nil && s.main.ID == h.ID && !s.goesOn(old), s.how, s.on.String(), s.reference, s.c.Who().PersonID, s.c.Now())
		if err != nil {
			return fmt.Errorf("name the heir of body %s: %w", old.ID, err)
		}
	}
	return nil
}

// field is where a sentence about somebody stands.
func (s *succession) field(held string) string {
	if i, ok := s.moves[held]; ok {
		return fmt.Sprintf("people.%d.to", i)
	}
	return "people"
}

// post ends a post and gives the same in the heir, unless it is held there.
func (s *succession) post(x Serving, to *Body) error {
	if err := stopPost(s.c, x.ID, s.on.Add(-1)); err != nil || to == nil {
		return err
	}
	var n int
	err := s.c.Tx().Row(s.c.Ctx(), "SELECT COUNT(*) FROM post WHERE person_id = ? AND body_id = ? AND kind = ? AND (valid_to IS NULL OR valid_to >= ?)", x.PersonID, to.ID, string(x.Kind), s.on.String()).Scan(&n)
	if err != nil {
		return fmt.Errorf("look for the post of %s in body %s: %w", x.PersonID, to.ID, err)
	}
	if n > 0 {
		return nil
	}
	until, _ := calendar.ParseDate(x.ValidTo)
	from := s.on
	if later, err := calendar.ParseDate(x.ValidFrom); err == nil && later.After(from) {
		from = later
	}
	_, err = insertPost(s.c, GivePostIn{PersonID: x.PersonID, BodyID: to.ID, Kind: string(x.Kind), Title: x.Title}, from, until)
	return err
}

// membership keeps what was until the day before, so that figures of an
// earlier day stay what they were.
func (s *succession) membership(x Serving, to *Body) error {
	m, err := membershipOf(&s.c.Look, x.ID)
	if err != nil {
		return err
	}
	heir := ""
	if to != nil {
		heir = to.ID
	}
	for _, place := range []*string{&m.SectorID, &m.PartyID, &m.SpecialCommitteeID, &m.GroupID} {
		if *place == x.BodyID {
			*place = heir
		}
	}
	if m.ValidFrom >= s.on.String() {
		_, err := s.c.Tx().Exec(s.c.Ctx(), "UPDATE membership SET sector_id = ?, party_id = ?, special_committee_id = ?, group_id = ?, version = version + 1 WHERE id = ?",
			m.SectorID, m.PartyID, m.SpecialCommitteeID, m.GroupID, m.ID)
		if err != nil {
			return fmt.Errorf("move membership %s: %w", m.ID, err)
		}
		return nil
	}
	if err := stopMembership(s.c, m.ID, s.on.Add(-1)); err != nil {
		return err
	}
	_, err = insertMembership(s.c, m.EnrollIn, s.on)
	return err
}

// Serving is somebody who serves in a body: by a post, or as a member enrolled there.
type Serving struct {
	ID         string          `json:"id"` // of the post or membership
	Membership bool            `json:"membership,omitempty"`
	PersonID   string          `json:"person_id"`
	Name       string          `json:"name"`
	Kind       access.PostKind `json:"kind,omitempty"` // of the post
	Title      string          `json:"title,omitempty"`
	BodyID     string          `json:"body_id"`
	BodyName   string          `json:"body_name"`
	ValidFrom  string          `json:"valid_from"`
	ValidTo    string          `json:"valid_to,omitempty"`
}

// serving lists who serves in some bodies today or later, by body and name.
func serving(l *app.Look, ids []string) ([]Serving, error) {
	q := store.Join(store.F(`SELECT t.id, t.person_id, p.name, t.kind, t.title, b.id, b.name, t.valid_from, COALESCE(t.valid_to, '')
		FROM post t JOIN person p ON p.id = t.person_id JOIN body b ON b.id = t.body_id WHERE`),
		store.And(store.F("t.committee_id = ?", l.Who().CommitteeID), store.In("t.body_id", ids...), store.F("t.valid_to IS NULL OR t.valid_to >= ?", today(l).String())),
		store.F("ORDER BY b.id, p.pinyin, p.id, t.id"))
	posts, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *Serving) error {
		return r.Scan(&x.ID, &x.PersonID, &x.Name, &x.Kind, &x.Title, &x.BodyID, &x.BodyName, &x.ValidFrom, &x.ValidTo)
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list posts of bodies: %w", err)
	}
	q = store.Join(store.F(`SELECT m.id, m.person_id, p.name, b.id, b.name, m.valid_from FROM membership m JOIN person p ON p.id = m.person_id
		JOIN body b ON b.id IN (m.sector_id, m.party_id, m.special_committee_id, m.group_id) WHERE`),
		store.And(store.F("m.committee_id = ?", l.Who().CommitteeID), store.In("b.id", ids...), store.F("m.valid_to IS NULL")), store.F("ORDER BY b.id, p.pinyin, p.id, m.id"))
	members, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, x *Serving) error {
		x.Membership = true
		return r.Scan(&x.ID, &x.PersonID, &x.Name, &x.BodyID, &x.BodyName, &x.ValidFrom)
	}, q.SQL, q.Args...)
	if err != nil {
		return nil, fmt.Errorf("list memberships of bodies: %w", err)
	}
	return append(posts, members...), nil
}

// ChangingIn names the bodies of a change.
type ChangingIn struct {
	IDs []string `json:"ids"`
}

// Changing is what one has to know before bodies are merged, split or ended.
type Changing struct {
	Bodies []Body    `json:"bodies"`
	People []Serving `json:"people"`
	Loads  []Load    `json:"loads"` // open work
}

// BodiesChanging is the query of who serves in bodies and what waits with
// them, for those who look after the committee's make-up.
var BodiesChanging = app.Ask("organization.changing", readers("committee_id"), func(l *app.Look, _ access.Scope, in ChangingIn) (Changing, error) {
	var out Changing
	if !mayRead(l.Who()) {
		return out, notFound()
	}
	if len(in.IDs) > mergedAtMost {
		return out, fault.Field("ids", "organization.merge.many", "max", mergedAtMost)
	}
	for _, x := range in.IDs {
		b, err := BodyOf(l, x)
		if err != nil {
			return out, err
		}
		out.Bodies = append(out.Bodies, b)
		loads, err := LoadsOf(l, x)
		if err != nil {
			return out, err
		}
		for _, load := range loads {
			i := slices.IndexFunc(out.Loads, func(y Load) bool { return y.Key == load.Key })
			if i < 0 {
				out.Loads = append(out.Loads, load)
				continue
			}
			out.Loads[i].N += load.N
		}
	}
	var err error
	out.People, err = serving(l, in.IDs)
	return out, err
})

// newcomer is an heir as the form names it: an existing body, or a new one.
type newcomer struct {
	id, name, short, channel string
	field                    string // prefix of the fields of a new one
	idField                  string // field of the choice of an existing one
}

// take finds the existing body, or draws the new one up; found writes it.
func (n newcomer) take(c *app.Call, p *fault.Problems, like Body, on calendar.Date, ending []Body) Body {
	if n.id != "" {
		b, err := BodyOf(&c.Look, n.id)
		p.Check(err == nil && b.ValidTo == "" && b.Kind == like.Kind, n.idField, "organization.choose")
		return b
	}
	in := BodyIn{Kind: string(like.Kind), Name: n.name, ShortName: n.short, Channel: n.channel, Sort: like.Sort}
	if in.Channel == "" {
		in.Channel = like.Channel
	}
	var wrong fault.Problems
	in.check(&wrong)
	if err := wrong.Err(); err != nil {
		for _, f := range fault.From(err).All() {
			p.Add(n.field+f.Field, f.Key, f.Args...)
		}
		return Body{}
	}
	have, err := Bodies(&c.Look, like.Kind)
	same := slices.IndexFunc(have, func(b Body) bool { return b.Name == in.Name })
	free := same < 0 || slices.ContainsFunc(ending, func(b Body) bool { return b.ID == have[same].ID })
	p.Check(err == nil && free, n.field+"name", "organization.body.exists")
	return Body{ID: id.New(), Kind: like.Kind, Name: in.Name, ShortName: in.ShortName, Channel: in.Channel, Sort: in.Sort, ValidFrom: on.String()}
}

// claimBodies claims bodies in one order, so that two changes never wait for
// each other in a circle.
func claimBodies(c *app.Call, ids ...string) error {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	for _, x := range slices.Compact(ids) {
		if x == "" {
			continue
		}
		if err := c.Tx().Claim(c.Ctx(), "body", "id", x); err != nil {
			return fmt.Errorf("claim body %s: %w", x, err)
		}
	}
	return nil
}

// changeable tells why a body can no longer be changed, or never ends.
func changeable(b Body) error {
	switch {
	case b.ValidTo != "":
		return fault.New(fault.Closed, "organization.body.closed")
	case b.Kind == CommitteeBody:
		return fault.New(fault.Closed, "organization.change.committee")
	}
	return nil
}
