package organization

import (
	"fmt"

	"tongxin/internal/access"
	"tongxin/internal/app"
	"tongxin/internal/calendar"
	"tongxin/internal/fault"
	"tongxin/internal/identity"
	"tongxin/internal/seal"
	"tongxin/internal/store"
)

const pageOfPeople = 50

// PeopleIn filters the list of people: by name, by the kind of a post held
// today, by body (post or membership), and those who left.
type PeopleIn struct {
	Q      string `json:"q"`
	Kind   string `json:"kind"`
	BodyID string `json:"body_id"`
	Left   bool   `json:"left"`
	After  string `json:"after"`
}

// PersonRow is one person of the list; the phone is masked.
type PersonRow struct {
	ID     string        `json:"id"`
	Name   string        `json:"name"`
	Phone  string        `json:"phone"`
	LeftOn string        `json:"left_on"`
	Posts  []access.Post `json:"posts"`
	Sector string        `json:"sector"`

	pinyin, sealed string
}

// PersonList is one page of people; Next is the cursor of the next.
type PersonList struct {
	Rows  []PersonRow `json:"rows"`
	Total int         `json:"total"`
	Next  string      `json:"next"`
}

// People is the query of people by pinyin.
var People = app.Ask("organization.people", readers("p.committee_id"), func(l *app.Look, s access.Scope, in PeopleIn) (PersonList, error) {
	var out PersonList
	if !mayRead(l.Who()) {
		return out, notFound()
	}
	on := calendar.DateOf(l.Now().Time, calendar.Beijing).String()
	where := store.And(store.F(s.SQL(), s.Args()...), identity.Matching(in.Q), peopleOf(in, on))
	q := store.Join(store.F("SELECT COUNT(*) FROM person p WHERE"), where)
	if err := l.Tx().Row(l.Ctx(), q.SQL, q.Args...).Scan(&out.Total); err != nil {
		return out, fmt.Errorf("count people: %w", err)
	}
	q = store.Join(store.F(`SELECT p.id, p.name, p.pinyin, p.phone_sealed, p.left_on, COALESCE((SELECT b.name FROM membership m JOIN body b ON b.id = m.sector_id
		WHERE m.person_id = p.id AND m.valid_to IS NULL ORDER BY m.valid_from DESC, m.id DESC LIMIT 1), '') FROM person p WHERE`),
		store.And(where, identity.After(in.After)), store.F("ORDER BY p.pinyin, p.id LIMIT ?", pageOfPeople+1))
	list, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, p *PersonRow) error {
		return r.Scan(&p.ID, &p.Name, &p.pinyin, &p.sealed, &p.LeftOn, &p.Sector)
	}, q.SQL, q.Args...)
	if err != nil {
		return out, fmt.Errorf("list people: %w", err)
	}
	if len(list) > pageOfPeople {
		list = list[:pageOfPeople]
		out.Next = identity.Cursor(list[pageOfPeople-1].pinyin, list[pageOfPeople-1].ID)
	}
	out.Rows = list
	return out, complete(l, out.Rows, on)
})

func peopleOf(in PeopleIn, on string) store.Fragment {
	left := store.F("p.left_on = ''")
	if in.Left {
		left = store.F("p.left_on <> ''")
	}
	held := store.F("t.valid_from <= ? AND (t.valid_to IS NULL OR t.valid_to >= ?)", on, on)
	kind, body := store.Fragment{}, store.Fragment{}
	if in.Kind != "" {
		kind = store.Join(store.F("EXISTS (SELECT 1 FROM post t WHERE t.person_id = p.id AND t.kind = ? AND", in.Kind), held, store.F(")"))
	}
	if in.BodyID != "" {
		body = store.Join(store.F("EXISTS (SELECT 1 FROM post t WHERE t.person_id = p.id AND t.body_id = ? AND", in.BodyID), held,
			store.F(`) OR EXISTS (SELECT 1 FROM membership m WHERE m.person_id = p.id AND m.valid_to IS NULL
				AND ? IN (m.sector_id, m.party_id, m.special_committee_id, m.group_id))`, in.BodyID))
	}
	return store.And(left, kind, body)
}

// complete masks phones and adds the posts of a page.
func complete(l *app.Look, rows []PersonRow, on string) error {
	k := app.Part[*seal.Keeper](l)
	at := map[string]int{}
	ids := make([]string, len(rows))
	for i := range rows {
		phone, err := k.Open(rows[i].sealed, "person.phone/"+rows[i].ID)
		if err != nil {
			return fmt.Errorf("open the phone of %s: %w", rows[i].ID, err)
		}
		rows[i].Phone = seal.MaskPhone(phone)
		at[rows[i].ID], ids[i] = i, rows[i].ID
	}
	type held struct {
		personID string
		access.Post
	}
	q := store.Join(store.F(`SELECT t.person_id, t.id, t.kind, t.body_id, b.kind, CASE WHEN b.short_name <> '' THEN b.short_name ELSE b.name END, t.title
		FROM post t JOIN body b ON b.id = t.body_id WHERE`), store.And(store.In("t.person_id", ids...),
		store.F("t.valid_from <= ? AND (t.valid_to IS NULL OR t.valid_to >= ?)", on, on)), store.F("ORDER BY t.valid_from, t.id"))
	posts, err := store.List(l.Ctx(), l.Tx(), func(r store.Row, h *held) error {
		return r.Scan(&h.personID, &h.ID, &h.Kind, &h.BodyID, &h.BodyKind, &h.BodyName, &h.Title)
	}, q.SQL, q.Args...)
	if err != nil {
		return fmt.Errorf("list the posts of people: %w", err)
	}
	for _, p := range posts {
		rows[at[p.personID]].Posts = append(rows[at[p.personID]].Posts, p.Post)
	}
	return nil
}

// PersonID names a person.
type PersonID struct {
	PersonID string `json:"person_id"`
}

// PersonPage is everything set-up knows about a person; what reaches him is
// masked.
type PersonPage struct {
	ID          string          `json:"id"`
	Name        string          `json:"name"`
	Phone       string          `json:"phone"`
	Mail        string          `json:"mail"`
	Address     string          `json:"address"`
	LeftOn      string          `json:"left_on"`
	Version     int64           `json:"version"`
	Posts       []PostRow       `json:"posts"`
	Memberships []MembershipRow `json:"memberships"`
}

// ThePerson is the query of one person.
var ThePerson = app.Ask("organization.person", readers("committee_id"), func(l *app.Look, _ access.Scope, in PersonID) (PersonPage, error) {
	if !mayRead(l.Who()) {
		return PersonPage{}, notFound()
	}
	p, err := identity.PersonOf(l, in.PersonID)
	if err != nil {
		return PersonPage{}, err
	}
	out := PersonPage{ID: p.ID, Name: p.Name, Phone: seal.MaskPhone(p.Phone), Mail: seal.MaskText(p.Mail), Address: seal.MaskText(p.Address),
		LeftOn: p.LeftOn, Version: p.Version}
	if out.Posts, err = postRows(l, p.ID); err != nil {
		return out, err
	}
	out.Memberships, err = membershipRows(l, p.ID)
	return out, err
})

// AddPersonIn is a new person.
type AddPersonIn struct {
	Name    string `json:"name"`
	Phone   string `json:"phone"`
	Mail    string `json:"mail"`
	Address string `json:"address"`
}

// AddPerson adds a person without posts (新增人员).
var AddPerson = app.Define("organization.add-person", anew[AddPersonIn]("person"), bySystemAdmin[thing],
	func(c *app.Call, _ thing, in AddPersonIn) (SetOut, error) {
		x := identity.Person{CommitteeID: c.Who().CommitteeID, Name: in.Name, Phone: in.Phone, Mail: in.Mail, Address: in.Address}
		var p fault.Problems
		identity.CheckPerson(&p, x)
		if err := p.Err(); err != nil {
			return SetOut{}, err
		}
		x, err := identity.Add(c, x)
		c.Made(x.ID)
		return SetOut{x.ID}, err
	})

// ChangePersonIn changes a person. An empty phone, mail or address stays as it
// is, because it is shown masked; Clear names those to be removed.
type ChangePersonIn struct {
	PersonID string   `json:"person_id"`
	Name     string   `json:"name"`
	Phone    string   `json:"phone"`
	Mail     string   `json:"mail"`
	Address  string   `json:"address"`
	Clear    []string `json:"clear"`
	Version  int64    `json:"version"`
}

// ChangePerson changes name and contact data of somebody (修改人员).
var ChangePerson = app.Define("organization.change-person", func(c *app.Call, in ChangePersonIn) (personSubject, error) { return loadPerson(c, in.PersonID) },
	bySystemAdmin[personSubject], func(c *app.Call, s personSubject, in ChangePersonIn) (SetOut, error) {
		x := s.person
		if x.Version != in.Version {
			return SetOut{}, stale()
		}
		x.Name = in.Name
		for _, f := range []struct {
			name  string
			typed string
			kept  *string
		}{{"phone", in.Phone, &x.Phone}, {"mail", in.Mail, &x.Mail}, {"address", in.Address, &x.Address}} {
			if f.typed != "" {
				*f.kept = f.typed
			}
			for _, clear := range in.Clear {
				if clear == f.name {
					*f.kept = ""
				}
			}
		}
		var p fault.Problems
		identity.CheckPerson(&p, x)
		if err := p.Err(); err != nil {
			return SetOut{}, err
		}
		c.Detail(map[string]bool{"name": s.person.Name != x.Name, "phone": s.person.Phone != x.Phone, "mail": s.person.Mail != x.Mail, "address": s.person.Address != x.Address})
		return SetOut{x.ID}, identity.Change(c, x)
	})

// ClosePerson ends everything a person holds, at once, with his account
// (人员离任): for those who died, retired or moved away.
var ClosePerson = app.Define("organization.close-person", func(c *app.Call, in PersonID) (personSubject, error) { return loadPerson(c, in.PersonID) },
	bySystemAdmin[personSubject], closePerson)

func closePerson(c *app.Call, s personSubject, in PersonID) (SetOut, error) {
	if s.person.LeftOn != "" {
		return SetOut{}, fault.New(fault.Closed, "organization.person.left")
	}
	last := today(&c.Look).Add(-1)
	rows, err := postRows(&c.Look, in.PersonID)
	if err != nil {
		return SetOut{}, err
	}
	for _, p := range rows {
		if p.Over {
			continue
		}
		if p.Kind == access.SystemAdmin {
			if err := anotherSystemAdmin(c, p.ID, last); err != nil {
				return SetOut{}, err
			}
		}
		if err := stopPost(c, p.ID, last); err != nil {
			return SetOut{}, err
		}
	}
	if _, err := c.Tx().Exec(c.Ctx(), "UPDATE membership SET valid_to = ?, version = version + 1 WHERE person_id = ? AND committee_id = ? AND valid_to IS NULL",
		last.String(), in.PersonID, c.Who().CommitteeID); err != nil {
		return SetOut{}, fmt.Errorf("end the memberships of %s: %w", in.PersonID, err)
	}
	return SetOut{in.PersonID}, identity.Leave(c, in.PersonID, today(&c.Look).String())
}

// ReturnPerson brings back somebody who left; posts are given anew (人员恢复).
var ReturnPerson = app.Define("organization.return-person", func(c *app.Call, in PersonID) (personSubject, error) { return loadPerson(c, in.PersonID) },
	bySystemAdmin[personSubject], func(c *app.Call, s personSubject, in PersonID) (SetOut, error) {
		if s.person.LeftOn == "" {
			return SetOut{}, fault.New(fault.Closed, "organization.person.here")
		}
		return SetOut{in.PersonID}, identity.Leave(c, in.PersonID, "")
	})
