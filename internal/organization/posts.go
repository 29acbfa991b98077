package organization

import (
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/id"
	"tongxin/internal/identity"
	"tongxin/internal/store"
)

// PlacesOf lists the kinds of bodies in which a kind of post is held; nothing
// for posts that nobody is given.
func PlacesOf(kind access.PostKind) []BodyKind {
	switch kind {
	case access.Member, access.Leader, access.SystemAdmin, access.SecurityAdmin, access.Auditor:
		return []BodyKind{CommitteeBody}
	case access.Office, access.Chief, access.Reviewer:
		return []BodyKind{CommitteeBody, SpecialCommittee}
	case access.Convener:
		return []BodyKind{Party, PeoplesOrganization, SpecialCommittee, Sector, Group}
	case access.Dispatcher:
		return []BodyKind{SupervisionParty, SupervisionGovernment}
	case access.Handler, access.Signer:
		return []BodyKind{Unit}
	}
	return nil
}

// administrators exclude each other in one person (trust.md ACC-01).
func administrators() []access.PostKind {
	return []access.PostKind{access.SystemAdmin, access.SecurityAdmin, access.Auditor}
}

// GivePostIn gives a person a post in a body. ValidFrom "" is today; ValidTo is
// the last day, "" without an end.
type GivePostIn struct {
	PersonID  string `json:"person_id"`
	BodyID    string `json:"body_id"`
	Kind      string `json:"kind"`
	Title     string `json:"title"`
	ValidFrom string `json:"valid_from"`
	ValidTo   string `json:"valid_to"`
}

// personSubject is a person as the subject of set-up.
type personSubject struct {
	thing
	person identity.Person
}

func loadPerson(c *app.Call, personID string) (personSubject, error) {
	if err := c.Tx().Claim(c.Ctx(), "person", "id", personID); err != nil {
		return personSubject{}, fmt.Errorf("claim person %s: %w", personID, err)
	}
	p, err := identity.PersonOf(&c.Look, personID)
	return personSubject{thing{c.Who().CommitteeID, "person", personID}, p}, err
}

// GivePost gives somebody a post (任命).
var GivePost = app.Define("organization.give-post", func(c *app.Call, in GivePostIn) (personSubject, error) { return loadPerson(c, in.PersonID) },
	bySystemAdmin[personSubject], givePost)

func givePost(c *app.Call, s personSubject, in GivePostIn) (SetOut, error) {
	if s.person.LeftOn != "" {
		return SetOut{}, fault.New(fault.Closed, "organization.person.left")
	}
	var p fault.Problems
	in.Title = clean(in.Title)
	checkText(&p, "title", in.Title, false, 40)
	from, to := checkDate(&p, "valid_from", in.ValidFrom, false), checkDate(&p, "valid_to", in.ValidTo, false)
	if from.IsZero() {
		from = today(&c.Look)
	}
	p.Check(to.IsZero() || !to.Before(from), "valid_to", "organization.ends-before")
	places := PlacesOf(access.PostKind(in.Kind))
	p.Check(len(places) > 0, "kind", "organization.choose")
	if err := c.Tx().Claim(c.Ctx(), "body", "id", in.BodyID); err != nil { // who closes it counts the posts
		return SetOut{}, fmt.Errorf("claim body %s: %w", in.BodyID, err)
	}
	body, err := BodyOf(&c.Look, in.BodyID)
	switch {
	case err != nil || body.ValidTo != "":
		p.Add("body_id", "organization.choose")
	case len(places) > 0:
		p.Check(slices.Contains(places, body.Kind), "body_id", "organization.post.wrong-body", "body", body.Name)
	}
	if err := p.Err(); err != nil {
		return SetOut{}, err
	}
	if err := excluded(c, in, from, to); err != nil {
		return SetOut{}, err
	}
	postID, err := insertPost(c, in, from, to)
	c.Detail(map[string]string{"post": postID, "kind": in.Kind, "body": in.BodyID, "from": from.String(), "to": to.String()})
	return SetOut{postID}, err
}

// excluded refuses a second administrator's post and the same post twice. The
// indexes of the table say the same; this gives the sentence.
func excluded(c *app.Call, in GivePostIn, from, to calendar.Date) error {
	held, err := store.List(c.Ctx(), c.Tx(), func(r store.Row, p *PostRow) error {
		return r.Scan(&p.Kind, &p.BodyID, &p.ValidFrom, &p.ValidTo)
	}, "SELECT kind, body_id, valid_from, COALESCE(valid_to, '') FROM post WHERE person_id = ?", in.PersonID)
	if err != nil {
		return fmt.Errorf("read the posts of %s: %w", in.PersonID, err)
	}
	for _, h := range held {
		if h.ValidTo != "" && h.ValidTo < from.String() || !to.IsZero() && h.ValidFrom > to.String() {
			continue
		}
		if slices.Contains(administrators(), h.Kind) && slices.Contains(administrators(), access.PostKind(in.Kind)) {
			return fault.Field("kind", "organization.post.three-administrators")
		}
		if h.Kind == access.PostKind(in.Kind) && h.BodyID == in.BodyID {
			return fault.Field("kind", "organization.post.twice")
		}
	}
	return nil
}

func insertPost(c *app.Call, in GivePostIn, from, to calendar.Date) (string, error) {
	postID := id.New()
	_, err := c.Tx().Exec(c.Ctx(), "INSERT INTO post (id, committee_id, person_id, body_id, kind, title, valid_from, valid_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		postID, c.Who().CommitteeID, in.PersonID, in.BodyID, in.Kind, in.Title, from.String(), null(to))
	if errors.Is(err, store.ErrUnique) {
		key := "organization.post.twice"
		if slices.Contains(administrators(), access.PostKind(in.Kind)) {
			key = "organization.post.three-administrators"
		}
		return "", fault.Field("kind", key).Because(err)
	}
	if err != nil {
		return "", fmt.Errorf("give %s a post: %w", in.PersonID, err)
	}
	return postID, nil
}

// postSubject is a post as the subject of its end.
type postSubject struct {
	thing
	kind     access.PostKind
	from, to string
	personID string
}

// EndPostIn ends a post; ValidTo is its last day, "" ends it at once.
type EndPostIn struct {
	ID      string `json:"id"`
	ValidTo string `json:"valid_to"`
}

// EndPost ends a post (免职). At once means from the next request on.
var EndPost = app.Define("organization.end-post", func(c *app.Call, in EndPostIn) (postSubject, error) {
	s := postSubject{thing: thing{c.Who().CommitteeID, "post", in.ID}}
	err := c.Tx().Row(c.Ctx(), "SELECT kind, valid_from, COALESCE(valid_to, ''), person_id FROM post WHERE id = ? AND committee_id = ?", in.ID, c.Who().CommitteeID).
		Scan(&s.kind, &s.from, &s.to, &s.personID)
	if errors.Is(err, store.ErrNone) {
		return s, notFound()
	}
	return s, err
}, bySystemAdmin[postSubject], endPost)

func endPost(c *app.Call, s postSubject, in EndPostIn) (SetOut, error) {
	now := today(&c.Look)
	if s.to != "" && s.to < now.String() {
		return SetOut{}, fault.New(fault.Closed, "organization.post.ended")
	}
	last := now.Add(-1)
	if in.ValidTo != "" {
		var p fault.Problems
		last = checkDate(&p, "valid_to", in.ValidTo, true)
		p.Check(in.ValidTo >= s.from, "valid_to", "organization.ends-before")
		// Longer than it was given is an appointment, with what that excludes.
		p.Check(s.to == "" || in.ValidTo <= s.to, "valid_to", "organization.post.no-longer", "to", s.to)
		if err := p.Err(); err != nil {
			return SetOut{}, err
		}
	}
	if s.kind == access.SystemAdmin {
		if err := anotherSystemAdmin(c, in.ID, last); err != nil {
			return SetOut{}, err
		}
	}
	c.Detail(map[string]string{"kind": string(s.kind), "person": s.personID, "last": last.String()})
	return SetOut{in.ID}, stopPost(c, in.ID, last)
}

func stopPost(c *app.Call, postID string, last calendar.Date) error {
	_, err := c.Tx().Exec(c.Ctx(), "UPDATE post SET valid_to = ?, version = version + 1 WHERE id = ?", last.String(), postID)
	if err != nil {
		return fmt.Errorf("end post %s: %w", postID, err)
	}
	return nil
}

// anotherSystemAdmin refuses to end the last system administrator's post: the
// committee could not be looked after any more.
func anotherSystemAdmin(c *app.Call, postID string, last calendar.Date) error {
	if err := claimCommittee(c); err != nil {
		return err
	}
	after := last.Add(1)
	if now := today(&c.Look); after.Before(now) {
		after = now
	}
	var n int
	err := c.Tx().Row(c.Ctx(), `SELECT COUNT(*) FROM post p JOIN account a ON a.person_id = p.person_id
		WHERE p.committee_id = ? AND p.kind = ? AND p.id <> ? AND p.valid_from <= ? AND p.valid_to IS NULL AND a.state = 'active' AND a.password <> ''`,
		c.Who().CommitteeID, string(access.SystemAdmin), postID, after.String()).Scan(&n)
	if err != nil {
		return fmt.Errorf("look for another system administrator: %w", err)
	}
	if n == 0 {
		return fault.New(fault.Closed, "organization.post.last-administrator")
	}
	return nil
}

// PostRow is a post with its time.
type PostRow struct {
	access.Post
	ValidFrom string `json:"valid_from"`
	ValidTo   string `json:"valid_to"`
	Current   bool   `json:"current"` // held today
	Over      bool   `json:"over"`    // ended before today
}

func postRows(l *app.Look, personID string) ([]PostRow, error) {
	now := today(l).String()
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, p *PostRow) error {
		if err := r.Scan(&p.ID, &p.Kind, &p.BodyID, &p.BodyKind, &p.BodyName, &p.Title, &p.ValidFrom, &p.ValidTo); err != nil {
			return err
		}
		p.Over = p.ValidTo != "" && p.ValidTo < now
		p.Current = !p.Over && p.ValidFrom <= now
		return nil
	}, `SELECT p.id, p.kind, p.body_id, b.kind, CASE WHEN b.short_name <> '' THEN b.short_name ELSE b.name END, p.title, p.valid_from, COALESCE(p.valid_to, '')
		FROM post p JOIN body b ON b.id = p.body_id WHERE p.person_id = ? AND p.committee_id = ?
		ORDER BY COALESCE(p.valid_to, '9999'), p.valid_from DESC, p.id`, personID, l.Who().CommitteeID)
	if err != nil {
		return nil, fmt.Errorf("read the posts of %s: %w", personID, err)
	}
	slices.SortStableFunc(list, func(a, b PostRow) int {
		switch {
		case a.Over == b.Over:
			return 0
		case a.Over:
			return 1
		}
		return -1
	})
	return list, nil
}
